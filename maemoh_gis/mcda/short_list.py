"""
Ranking a short list of sites against one another: TOPSIS.

It measures each site by the others, so leaving one out can change the order of the rest. It is a
second opinion on a short list and is never used on cells; the score of a site stands on
its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from maemoh_gis.core.errors import FormatError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.types import BoolArray, FloatArray
from maemoh_gis.documents.schema import nearest
from maemoh_gis.mcda.weights import weights_from_points

MOST_SITES = 200
"""As many sites as a scenario may ask for; beyond that it is no short list."""


def topsis(
    sites: pd.DataFrame, weights: Mapping[str, float], falling: Collection[str] = ()
) -> pd.DataFrame:
    """
    Rank sites by closeness to the best and distance from the worst of the list (TOPSIS).

    Returns
    -------
    DataFrame
        Index of `sites`; `closeness` from 0 to 1 and `rank`, sites that tie sharing the better
        rank. Both are missing for a site with a criterion not scored, which is not compared.

    References
    ----------
    Hwang and Yoon 1981, Multiple Attribute Decision Making, Springer; vector normalisation.
    """
    values, shares, complete = _checked(sites, weights, falling)
    lengths = np.sqrt((values**2).sum(axis=0))
    scaled = values / np.where(lengths > 0, lengths, 1.0) * shares
    # Falling criteria carry a minus sign already, so the greatest is always the best.
    to_best = np.sqrt(((scaled - scaled.max(axis=0)) ** 2).sum(axis=1))
    to_worst = np.sqrt(((scaled - scaled.min(axis=0)) ** 2).sum(axis=1))
    both = to_best + to_worst
    # Where all sites are alike, each is as near to the best as to the worst.
    closeness = np.where(both > 0, to_worst / np.where(both > 0, both, 1.0), 0.5)
    return _table(sites, complete, {"closeness": closeness}, best_first="closeness")


def _checked(
    sites: pd.DataFrame, weights: Mapping[str, float], falling: Collection[str]
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Give values (more is better) of complete sites, shares of weights, and which those are."""
    columns = [str(column) for column in sites.columns]
    faults = [
        Fault(
            "unknown_column",
            key=name,
            found=name,
            expected=nearest(name, columns) or ", ".join(columns),
        )
        for name in weights
        if name not in columns
    ]
    faults += [
        Fault(
            "unknown_criterion",
            key=name,
            found=name,
            expected=nearest(name, weights) or ", ".join(weights),
        )
        for name in falling
        if name not in weights
    ]
    if len(sites) > MOST_SITES:
        faults.append(Fault("short_list_too_long", found=str(len(sites)), expected=str(MOST_SITES)))
    if faults:
        raise FormatError(faults)
    shares = weights_from_points(weights)
    values = sites[list(weights)].to_numpy(dtype=np.float64, na_value=np.nan)
    complete = np.isfinite(values).all(axis=1)
    if complete.sum() < 2:
        raise FormatError(Fault("too_few_places", found=str(int(complete.sum())), expected="2"))
    signs = np.array([-1.0 if name in falling else 1.0 for name in weights])
    return values[complete] * signs, np.array(list(shares.values())), complete


def _table(
    sites: pd.DataFrame, complete: BoolArray, columns: Mapping[str, FloatArray], best_first: str
) -> pd.DataFrame:
    """Put results beside their sites and rank them, sites that tie sharing the better rank."""
    table = pd.DataFrame(np.nan, index=sites.index, columns=list(columns))
    for name, values in columns.items():
        table.loc[complete, name] = values
    # Rounded, so that a tie is not decided by the last bit.
    rank = table[best_first].round(12).rank(ascending=False, method="min")
    table["rank"] = rank.astype("Int64")
    return table
