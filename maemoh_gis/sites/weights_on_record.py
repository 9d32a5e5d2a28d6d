"""What stands behind the weights of a run, and what the sites themselves would say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.core.errors import FormatError
from maemoh_gis.mcda.ahp import judgement_to_revisit, priorities
from maemoh_gis.mcda.group_ahp import combine_respondents
from maemoh_gis.mcda.information_weights import critic_weights, entropy_weights
from maemoh_gis.mcda.short_list import topsis

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.core.types import FloatArray
    from maemoh_gis.mcda.judgements import Judgements
    from maemoh_gis.scenario.settings.weights import Weights


def weights_on_record(weights: Weights, sites: gpd.GeoDataFrame) -> dict[str, Any]:
    """Describe the weights of one use."""
    report: dict[str, Any] = {"way": weights.way, "weights": _rounded(weights.resolved())}
    given = weights.judgements()
    if given:
        report["consistency"] = {name: _consistency(judged) for name, judged in given.items()}
    if len(given) > 1:
        report["disagreement"] = _disagreement(given)
    report["information"] = _information(profiles_of(sites, weights.criteria))
    return report


def profiles_of(sites: gpd.GeoDataFrame, criteria: list[str]) -> dict[str, FloatArray]:
    """Give the mean scores of the sites by criterion, for criteria that score every site."""
    found = {}
    for id in criteria:
        column = f"{id}_mean"
        values = sites[column].to_numpy(dtype=float) if column in sites else np.empty(0)
        if values.size and not np.isnan(values).any():
            found[id] = values
    return found


def closeness(sites: gpd.GeoDataFrame, weights: Mapping[str, float]) -> FloatArray:
    """
    Compare the sites with one another by TOPSIS on the criteria that score them all.

    Returns
    -------
    float array (sites,)
        Closeness to the best of this list, 0 to 1; NaN where there is nothing to compare.
    """
    import pandas as pd

    profiles = profiles_of(sites, list(weights))
    shared = {id: weights[id] for id in profiles}
    if len(sites) < 2 or sum(shared.values()) <= 0:
        return np.full(len(sites), np.nan)
    found = topsis(pd.DataFrame(profiles), shared)
    return np.round(found["closeness"].to_numpy(dtype=float), 4)


def _consistency(judged: Judgements) -> dict[str, Any]:
    found = priorities(judged)
    repair = None if found.consistent else judgement_to_revisit(judged)
    return {
        "ratio": round(found.consistency_ratio, 4),
        "revisit": None
        if repair is None
        else {
            "first": repair.first,
            "second": repair.second,
            "judgement": repair.judgement,
            "value": repair.value,
            "ratio": round(repair.ratio, 4),
        },
    }


def _disagreement(given: Mapping[str, Judgements]) -> dict[str, Any]:
    group = combine_respondents(given)
    dispute = group.dispute
    return {
        "concordance": None if group.concordance is None else round(group.concordance, 4),
        "of_judgements": _rounded(group.of_judgements.weights),
        "of_weights": _rounded(group.of_weights),
        "spread": {
            id: {"lowest": round(s.lowest, 4), "highest": round(s.highest, 4)}
            for id, s in group.spread.items()
        },
        "most_disputed": None if dispute is None else [dispute.first, dispute.second],
    }


def _information(profiles: Mapping[str, FloatArray]) -> dict[str, Any]:
    report: dict[str, Any] = {}
    for name, method in (("entropy", entropy_weights), ("critic", critic_weights)):
        try:
            report[name] = _rounded(method(profiles).weights)
        except FormatError:
            # Too few sites, or nothing that tells them apart: there is no information.
            report[name] = None
    return report


def _rounded(weights: Mapping[str, float]) -> dict[str, float]:
    return {id: round(weight, 6) for id, weight in weights.items()}
