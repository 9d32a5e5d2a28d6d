"""
Ranking a short list of sites against one another: TOPSIS, PROMETHEE II and VIKOR.

These methods measure each site by the others, so leaving one out can change the order of the rest.
They are a second opinion on a short list and are never used on cells; the score of a site stands on
its own.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd

from maemoh_gis._types import BoolArray, FloatArray
from maemoh_gis.errors import Fault, FormatError, RunError
from maemoh_gis.formats import nearest
from maemoh_gis.suitability.weights import weights_from_points

MOST_SITES = 200
"""As many sites as a scenario may ask for; beyond that it is no short list."""


def topsis(
    sites: pd.DataFrame, weights: Mapping[str, float], falling: Collection[str] = ()
) -> pd.DataFrame:
    """
    Rank sites by closeness to the best and distance from the worst of the list (TOPSIS).

    Parameters
    ----------
    sites : DataFrame
        One row a site, with a column of numbers for each criterion.
    weights : mapping of str to float
        Weight of each criterion, on any scale.
    falling : collection of str
        Criteria of which less is better; none where columns are scores.

    Returns
    -------
    DataFrame
        Index of `sites`; `closeness` from 0 to 1 and `rank`, sites that tie sharing the better
        rank. Both are missing for a site with a criterion not scored, which is not compared.

    Raises
    ------
    FormatError
        If a criterion has no column, a weight is below 0 or they sum to nothing, or there are
        fewer than two complete sites or more than 200 sites.

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


def promethee(
    sites: pd.DataFrame,
    weights: Mapping[str, float],
    falling: Collection[str] = (),
    *,
    indifference: float = 0.0,
    preference: float = 0.0,
) -> pd.DataFrame:
    """
    Rank sites by how far each is preferred to the others, less the reverse (PROMETHEE II).

    Parameters
    ----------
    sites : DataFrame
        One row a site, with a column of numbers for each criterion.
    weights : mapping of str to float
        Weight of each criterion, on any scale.
    falling : collection of str
        Criteria of which less is better.
    indifference : float
        Differences up to this, in the unit of the columns, do not count.
    preference : float
        Differences from this on count fully, with a straight line between; equal to
        `indifference`, any greater difference counts fully.

    Returns
    -------
    DataFrame
        Index of `sites`; `leaving`, `entering` and `net` flow and `rank`, missing for a site with
        a criterion not scored.

    Raises
    ------
    FormatError
        As `topsis`, or if the thresholds are below 0 or the wrong way round.

    References
    ----------
    Brans and Vincke 1985, Management Science 31(6), 647-656; usual and linear preference.
    """
    if not 0 <= indifference <= preference:
        found, expected = f"{indifference:g}, {preference:g}", "0 ≤ indifference ≤ preference"
        raise FormatError(Fault("wrong_value", key="preference", found=found, expected=expected))
    values, shares, complete = _checked(sites, weights, falling)
    preferred = np.zeros((len(values), len(values)))
    for column, share in zip(values.T, shares, strict=True):
        ahead = column[:, np.newaxis] - column
        if preference > indifference:
            preferred += share * np.clip(
                (ahead - indifference) / (preference - indifference), 0.0, 1.0
            )
        else:
            preferred += share * (ahead > indifference)
    others = len(values) - 1
    leaving, entering = preferred.sum(axis=1) / others, preferred.sum(axis=0) / others
    flows = {"leaving": leaving, "entering": entering, "net": leaving - entering}
    return _table(sites, complete, flows, best_first="net")


def vikor(
    sites: pd.DataFrame,
    weights: Mapping[str, float],
    falling: Collection[str] = (),
    *,
    majority: float = 0.5,
) -> pd.DataFrame:
    """
    Rank sites by a compromise between the majority of criteria and the worst one (VIKOR).

    Parameters
    ----------
    sites : DataFrame
        One row a site, with a column of numbers for each criterion.
    weights : mapping of str to float
        Weight of each criterion, on any scale.
    falling : collection of str
        Criteria of which less is better.
    majority : float
        From 0 (the worst criterion decides) to 1 (the sum over all decides).

    Returns
    -------
    DataFrame
        Index of `sites`; `compromise` (0 is best), `rank`, and `in_compromise_set`, which is True
        for every site that is too close to the first to tell apart; missing for a site with a
        criterion not scored.

    Raises
    ------
    FormatError
        As `topsis`, or if `majority` is not between 0 and 1.
    RunError
        If scikit-criteria, an optional package, is not installed.

    References
    ----------
    Opricovic and Tzeng 2004, European Journal of Operational Research 156, 445-455, as computed by
    scikit-criteria.
    """
    if not 0 <= majority <= 1:
        found = f"{majority:g}"
        raise FormatError(Fault("wrong_value", key="majority", found=found, expected="0–1"))
    values, shares, complete = _checked(sites, weights, falling)
    told_apart = np.ptp(values, axis=0) > 0
    if not told_apart.any() or not shares[told_apart].any():
        regret = np.zeros(len(values))
        in_set = np.ones(len(values), dtype=bool)
    else:
        # scikit-criteria divides by the range of each criterion, so one that is the same at every
        # site is left to us; it moves nothing.
        result = _vikor_of(values[:, told_apart], shares[told_apart], majority)
        regret = np.asarray(result.q_k, dtype=np.float64)
        in_set = np.isin(np.arange(len(values)), result.compromise_set)
    table = _table(sites, complete, {"compromise": -regret}, best_first="compromise")
    table["compromise"] = table["compromise"].abs()
    table["in_compromise_set"] = pd.array([pd.NA] * len(sites), dtype="boolean")
    table.loc[complete, "in_compromise_set"] = in_set
    return table


def _vikor_of(values: FloatArray, shares: FloatArray, majority: float) -> Any:
    try:
        from skcriteria import mkdm
        from skcriteria.agg.vikor import VIKOR
    except ImportError as error:
        needs, extra = "scikit-criteria", "maemoh-gis[mcda]"
        raise RunError(Fault("extra_missing", key="VIKOR", found=needs, expected=extra)) from error
    matrix = mkdm(values, [1] * values.shape[1], weights=shares)
    with warnings.catch_warnings():
        # It warns where all sites have the same sum or the same worst part, and leaves that out of
        # the compromise, which is right.
        warnings.simplefilter("ignore")
        return VIKOR(v=majority, use_compromise_set=False).evaluate(matrix).e_


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
