"""
Share cells among classes so that every class gets exactly its number of cells.

Each cell may go to any class and has a score for each. Among all ways of handing out the cells that
meet every class's number, the one with the largest sum of scores is found. This is the
transportation problem: its dual gives every class one price, and each cell goes to the class whose
score plus price is largest. Prices are raised and lowered until nearly every number is met; the few
cells that remain are moved along cheapest chains of classes, which keeps the sum the largest
possible.

References
----------
F. L. Hitchcock, "The distribution of a product from several sources to numerous localities",
J. Math. Phys. 20 (1941): the problem. R. K. Ahuja, T. L. Magnanti, J. B. Orlin, *Network Flows*
(1993), ch. 9: successive shortest paths. F. Aurenhammer, F. Hoffmann, B. Aronov, "Minkowski-type
theorems and least-squares clustering", Algorithmica 20 (1998): prices that make each share the size
that is asked.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from maemoh_gis.core.types import BoolArray, FloatArray, IntArray

# Sweeps end when this many cells or fewer are misplaced: chains then cost less than another sweep.
_FEW_CELLS = 48
_MOST_SWEEPS = 200


def assign(scores: FloatArray, quotas: IntArray) -> IntArray:
    """
    Give every cell one class so that each class gets exactly its quota and the scores sum highest.

    Parameters
    ----------
    scores : float array (classes, cells)
        How well each cell suits each class; larger is better, any scale, all finite.
    quotas : int array (classes,), cells
        How many cells each class must get; they sum to the number of cells.

    Returns
    -------
    owner : int array (cells,)
        Index of the class of each cell. It does not depend on the order of the classes unless two
        ways of handing out the cells have exactly the same sum.

    Raises
    ------
    ValueError
        If a quota is negative, the quotas do not sum to the number of cells, or a score is not
        finite.

    Examples
    --------
    Both cells suit class 0 best, but the second has less to lose:

    >>> assign(np.array([[5.0, 3.0], [1.0, 2.0]]), np.array([1, 1]))
    array([0, 1])
    """
    wanted = np.asarray(quotas, dtype=np.int64)
    if wanted.min(initial=0) < 0 or wanted.sum() != scores.shape[1]:
        raise ValueError(f"quotas {wanted.tolist()} do not share out {scores.shape[1]} cells")
    if not np.isfinite(scores).all():
        raise ValueError("a score is not finite")
    # A class that wants nothing would have a price of minus infinity, so it stays out.
    active = np.flatnonzero(wanted > 0)
    if active.size == 0:
        return np.zeros(0, dtype=np.int64)
    values = np.ascontiguousarray(scores[active], dtype=np.float64)
    prices = _clearing_prices(values, wanted[active])
    owner = np.argmax(values + prices[:, None], axis=0)
    return active[_move_the_last(values, owner, wanted[active])]


def _clearing_prices(scores: FloatArray, quotas: IntArray) -> FloatArray:
    """Find prices (classes,) under which nearly every class wins as many cells as its quota."""
    classes = scores.shape[0]
    prices = np.zeros(classes)
    if classes == 1:
        return prices
    offers = scores.copy()
    for _ in range(_MOST_SWEEPS):
        for one in range(classes):
            best_other = np.delete(offers, one, axis=0).max(axis=0)
            prices[one] = _price_for(best_other - scores[one], int(quotas[one]))
            offers[one] = scores[one] + prices[one]
        won = np.bincount(np.argmax(offers, axis=0), minlength=classes)
        if np.abs(won - quotas).sum() <= 2 * _FEW_CELLS:
            break
    return prices


def _price_for(margin: FloatArray, quota: int) -> float:
    """Find the price at which exactly `quota` cells prefer the class, halfway between two cells."""
    if quota >= margin.size:
        return float(margin.max()) + 1.0
    near = np.partition(margin, [quota - 1, quota])
    return float((near[quota - 1] + near[quota]) / 2)


def _move_the_last(scores: FloatArray, owner: IntArray, quotas: IntArray) -> IntArray:
    """
    Move cells along cheapest chains of classes until every quota is met.

    `owner` must be the best sharing for the numbers it has, which prices guarantee; then each chain
    keeps it the best for its new numbers, and no cycle of moves is a gain.
    """
    owner = owner.copy()
    classes = scores.shape[0]
    won = np.bincount(owner, minlength=classes)
    cost = np.full((classes, classes), np.inf)
    cell = np.zeros((classes, classes), dtype=np.int64)
    stale = set(range(classes))
    while (won != quotas).any():
        for one in sorted(stale):
            cost[one], cell[one] = _cheapest_moves(scores, owner, one)
        chain = _cheapest_chain(cost, won > quotas, won < quotas)
        # Look the cells up before any moves: each belongs to another class of the chain.
        moves = [(cell[a, b], b) for a, b in pairwise(chain)]
        for index, new in moves:
            owner[index] = new
        won[chain[0]] -= 1
        won[chain[-1]] += 1
        stale = set(chain)
    return owner


def _cheapest_moves(scores: FloatArray, owner: IntArray, one: int) -> tuple[FloatArray, IntArray]:
    """Find, for each class, which cell of class `one` loses least by going there, and the loss."""
    mine = np.flatnonzero(owner == one)
    if mine.size == 0:
        nothing = np.zeros(scores.shape[0], dtype=np.int64)
        return np.full(scores.shape[0], np.inf), nothing
    loss = scores[one, mine] - scores[:, mine]
    least = np.argmin(loss, axis=1)
    return loss[np.arange(scores.shape[0]), least], mine[least]


def _cheapest_chain(cost: FloatArray, too_many: BoolArray, too_few: BoolArray) -> list[int]:
    """Find the cheapest chain of classes from one with too many cells to one with too few."""
    # Bellman-Ford: a move may be a gain, so costs can be negative.
    reached = np.where(too_many, 0.0, np.inf)
    before = np.full(reached.size, -1)
    for _ in range(reached.size):
        through = reached[:, None] + cost
        np.fill_diagonal(through, np.inf)
        source = np.argmin(through, axis=0)
        total = through[source, np.arange(reached.size)]
        # Rounding must not make a cycle look like a gain.
        better = total < reached - 1e-12
        if not better.any():
            break
        reached = np.where(better, total, reached)
        before = np.where(better, source, before)
    last = int(np.argmin(np.where(too_few, reached, np.inf)))
    chain = [last]
    while before[chain[0]] >= 0:
        chain.insert(0, int(before[chain[0]]))
    return chain
