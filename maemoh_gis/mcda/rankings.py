"""
Rankings held against each other, on plain arrays: ranks, Kendall's tau, minimax regret.

A payoff is what an option brings in a run. Payoffs can be compared across runs only where all runs
weigh alike, so callers give the runs of one viewpoint at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from maemoh_gis.core.types import FloatArray, IntArray

PAYOFF_DECIMALS = 6
"""Scores are float32: means that differ by less are the same mean summed in another order."""


@dataclass(frozen=True)
class Tau:
    """Agreement of two rankings."""

    tau: float
    """Kendall's tau-b, 1 same order to -1 opposite order; NaN where it is not defined."""
    pieces: int
    """Pieces of land with a known payoff in both runs."""


@dataclass(frozen=True)
class Regret:
    """What each option gives up against the best known option of each run."""

    regret: FloatArray
    """float array (options, runs), NaN where the payoff is unknown."""
    greatest: FloatArray
    """Greatest regret of each option over the runs, float array (options,); NaN where any payoff of
    the option is unknown."""
    least: float
    """Least of the greatest regrets; NaN where no option is known in all runs."""
    chosen: tuple[int, ...]
    """Options with that regret, all of them where several tie."""


def ranks(payoffs: FloatArray) -> IntArray:
    """
    Rank options by payoff, the best first.

    Parameters
    ----------
    payoffs : float array (options,)
        NaN unknown.

    Returns
    -------
    rank : int64 array (options,)
        From 1; equal payoffs share the better rank; 0 where the payoff is unknown.
    """
    from scipy.stats import rankdata

    known = ~np.isnan(payoffs)
    rank = np.zeros(payoffs.shape, dtype=np.int64)
    rank[known] = rankdata(-payoffs[known], method="min")
    return rank


def kendall_tau(first: FloatArray, second: FloatArray) -> Tau:
    """
    Compare two rankings of the same pieces of land.

    Parameters
    ----------
    first, second : float array (pieces,)
        Payoffs in either run, NaN unknown.

    Returns
    -------
    Tau
        Over the pieces known in both. Tau is NaN with fewer than two pieces, and where one run
        gives all of them the same payoff. There is no test of significance: the pieces are not a
        sample.

    References
    ----------
    Kendall 1945, The treatment of ties in ranking problems, Biometrika 33, 239-251;
    `scipy.stats.kendalltau`, variant b.
    """
    from scipy.stats import kendalltau

    known = ~(np.isnan(first) | np.isnan(second))
    one, other = first[known], second[known]
    if one.size < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return Tau(float("nan"), int(one.size))
    return Tau(round(float(kendalltau(one, other, variant="b").statistic), 12), int(one.size))


def minimax_regret(payoffs: FloatArray) -> Regret:
    """
    Choose the option whose greatest regret over the runs is least.

    Parameters
    ----------
    payoffs : float array (options, runs)
        Payoff of each option in each run, NaN unknown.

    References
    ----------
    Savage 1951, The theory of statistical decision, Journal of the American Statistical Association
    46, 55-67.
    """
    known = ~np.isnan(payoffs)
    best = np.where(known, payoffs, -np.inf).max(axis=0, initial=-np.inf)
    regret = np.where(known, best - payoffs, np.nan).round(PAYOFF_DECIMALS)
    greatest = regret.max(axis=1) if regret.size else np.full(len(payoffs), np.nan)
    if not len(greatest) or np.isnan(greatest).all():
        return Regret(regret, greatest, float("nan"), ())
    least = float(np.nanmin(greatest))
    return Regret(regret, greatest, least, tuple(np.flatnonzero(greatest == least).tolist()))
