"""
Several respondents: their common weights, and how far they disagree.

The common weights come in two ways, because they answer two questions. The geometric mean of the
judgements is for a group that acts as one; the mean of the weights is for several parties that keep
their own views. Disagreement is shown beside both: a mean can hide two opposite camps.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from maemoh_gis.core.errors import FormatError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.types import FloatArray
from maemoh_gis.mcda.ahp import Priorities, priorities
from maemoh_gis.mcda.judgements import Judgements
from maemoh_gis.mcda.weights import weights_from_points


@dataclass(frozen=True)
class Spread:
    """How far respondents differ on the weight of one criterion."""

    mean: float
    """Plain mean of the weights."""
    lowest: float
    """Least weight anyone gives it."""
    highest: float
    """Greatest weight anyone gives it."""
    variation: float
    """Standard deviation (of a sample) as a share of the mean; 0 for one respondent."""


@dataclass(frozen=True)
class Dispute:
    """The comparison on which respondents are furthest apart."""

    first: str
    """Criterion of the row."""
    second: str
    """Criterion it is compared with."""
    lowest: float
    """Least judgement of first against second."""
    lowest_by: str
    """Who gave it."""
    highest: float
    """Greatest judgement of first against second."""
    highest_by: str
    """Who gave it."""


@dataclass(frozen=True)
class Group:
    """What several respondents say together and apart."""

    of_judgements: Priorities
    """From the geometric mean of the judgements, with its consistency."""
    of_weights: dict[str, float]
    """Arithmetic mean of the respondents' weights."""
    of_weights_geometric: dict[str, float]
    """Geometric mean of the respondents' weights, brought back to a sum of one."""
    respondents: dict[str, Priorities]
    """Weights and consistency of each respondent."""
    spread: dict[str, Spread]
    """Disagreement by criterion."""
    concordance: float | None
    """Kendall's W of the orders of importance: 1 if all agree, 0 if there is no common order.
    None with one respondent, or if nobody prefers any criterion."""
    dispute: Dispute | None
    """Where they are furthest apart; None if all say the same."""


def combine_respondents(
    respondents: Mapping[str, Judgements], say: Mapping[str, float] | None = None
) -> Group:
    """
    Combine the judgements of several respondents.

    References
    ----------
    Geometric mean of judgements: Aczél and Saaty 1983, Journal of Mathematical Psychology 27,
    93-102. Judgements or weights: Forman and Peniwati 1998, European Journal of Operational
    Research 108, 165-169. Concordance with ties: Kendall and Gibbons 1990, Rank Correlation
    Methods, chapter 6.
    """
    shares = _checked_say(respondents, say)
    criteria = next(iter(respondents.values())).criteria
    ordered = {name: given.in_order(criteria) for name, given in respondents.items()}
    single = {name: priorities(given) for name, given in ordered.items()}
    table = np.array([[p.weights[criterion] for criterion in criteria] for p in single.values()])
    matrices = np.stack([given.matrix for given in ordered.values()])
    mean = sum(share * column for share, column in zip(shares, table, strict=True))
    geometric = _geometric_mean(table, shares)
    return Group(
        priorities(Judgements(criteria, _geometric_mean(matrices, shares))),
        _by_name(criteria, np.asarray(mean)),
        _by_name(criteria, geometric / math.fsum(geometric)),
        single,
        {criterion: _spread(table[:, k]) for k, criterion in enumerate(criteria)},
        concordance(table),
        _dispute(ordered),
    )


def concordance(table: FloatArray) -> float | None:
    """
    Measure how far several orders agree: Kendall's W, with ties.

    Parameters
    ----------
    table : float array (respondents, criteria)
        Any numbers that order the criteria.

    Returns
    -------
    float or None
        From 0 to 1; None if there are fewer than two respondents or two criteria, or everyone ties
        everything.

    References
    ----------
    Kendall and Gibbons 1990, Rank Correlation Methods, chapter 6.

    Examples
    --------
    >>> concordance(np.array([[3, 2, 1], [3, 2, 1], [2, 3, 1]]))
    0.7777777777777778
    """
    # Takes longer to load than a scenario to read, and few scenarios come here.
    from scipy.stats import rankdata

    judges, count = table.shape
    if judges < 2 or count < 2:
        return None
    # Weights equal by reason may differ in the last bits.
    ranks = rankdata(np.round(table, 9), axis=1)
    totals = ranks.sum(axis=0)
    deviation = math.fsum((totals - totals.mean()) ** 2)
    ties = sum(int(t**3 - t) for row in ranks for t in np.unique(row, return_counts=True)[1])
    greatest = judges**2 * (count**3 - count) - judges * ties
    return None if greatest == 0 else 12 * deviation / greatest


def _checked_say(
    respondents: Mapping[str, Judgements], say: Mapping[str, float] | None
) -> list[float]:
    """Give each respondent's share, once all of them compare the same criteria."""
    if not respondents:
        raise FormatError(Fault("no_respondents"))
    expected = next(iter(respondents.values())).criteria
    faults = [
        Fault(
            "respondents_differ",
            key=name,
            found=", ".join(given.criteria),
            expected=", ".join(expected),
        )
        for name, given in respondents.items()
        if set(given.criteria) != set(expected)
    ]
    if say is None:
        say = dict.fromkeys(respondents, 1.0)
    elif say.keys() != respondents.keys():
        faults += [
            Fault("unknown_respondent", key=name, found=name, expected=", ".join(respondents))
            for name in say
            if name not in respondents
        ]
        faults += [
            Fault("respondent_without_say", key=name, found=name)
            for name in respondents
            if name not in say
        ]
    if faults:
        raise FormatError(faults)
    shares = weights_from_points(say)
    return [shares[name] for name in respondents]


def _geometric_mean(arrays: FloatArray, shares: list[float]) -> FloatArray:
    """Give the weighted geometric mean over the first axis, summed in order."""
    logarithm = np.zeros(arrays.shape[1:])
    for share, array in zip(shares, arrays, strict=True):
        logarithm += share * np.log(array)
    return np.asarray(np.exp(logarithm))


def _by_name(criteria: tuple[str, ...], values: FloatArray) -> dict[str, float]:
    return dict(zip(criteria, map(float, values), strict=True))


def _spread(weights: FloatArray) -> Spread:
    mean = float(weights.mean())
    deviation = float(weights.std(ddof=1)) if len(weights) > 1 else 0.0
    return Spread(mean, float(weights.min()), float(weights.max()), deviation / mean)


def _dispute(respondents: Mapping[str, Judgements]) -> Dispute | None:
    names = list(respondents)
    first = next(iter(respondents.values()))
    furthest, widest = None, 1 + 1e-9
    for i, j in combinations(range(len(first.criteria)), 2):
        said = [float(given.matrix[i, j]) for given in respondents.values()]
        low, high = min(said), max(said)
        if high / low > widest * (1 + 1e-12):
            widest = high / low
            furthest = Dispute(
                first.criteria[i],
                first.criteria[j],
                low,
                names[said.index(low)],
                high,
                names[said.index(high)],
            )
    return furthest
