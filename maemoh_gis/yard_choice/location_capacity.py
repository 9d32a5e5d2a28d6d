"""A choice of places of limited capacity by exchange: a solution where HiGHS finds none in time."""

from __future__ import annotations

import time

import numpy as np

from maemoh_gis.core.compiled import kernel
from maemoh_gis.core.types import FloatArray, IntArray

# An exchange must save this share of the whole; less is rounding.
_LEAST_SAVING = 1e-10


def search_within_capacities(
    serving: FloatArray, loads: FloatArray, capacities: FloatArray, first: IntArray, until: float
) -> tuple[IntArray, IntArray] | None:
    """
    Exchange places of limited capacity while that saves cost; demands are filled in greedily.

    Parameters
    ----------
    serving : float array (candidates, demands)
        Serving costs, NaN where a place cannot serve a demand.
    loads, capacities : float array (demands,) and (candidates,)
        What each demand asks for and each place can give.
    first : int array (places,)
        A choice to start from; the other start is the places of most capacity.
    until : float
        When to stop, on the clock of `time.perf_counter`.

    Returns
    -------
    chosen : int array (places,)
        Rows of the chosen places.
    served_by : int array (demands,)
        Row of the place that serves each demand.
        None if no choice that serves everybody was found; that proves nothing.
    """
    penalty = 1.0 + 2.0 * float(np.nanmax(serving, axis=0).sum())
    filled = np.ascontiguousarray(np.where(np.isnan(serving), penalty, serving))
    heavy_first = np.argsort(-loads, kind="stable")
    largest = np.argsort(-capacities, kind="stable")[: len(first)]
    best, least = np.asarray(first, dtype=np.int64), np.inf
    for start in (best, largest):
        chosen = start.copy()
        total = _fill(filled, loads, capacities, chosen, heavy_first, penalty)[0]
        k = in_vain = 0
        while in_vain < len(filled) and time.perf_counter() <= until:
            in_vain += 1
            if k not in chosen:
                better, its_total = _try_place(
                    filled, loads, capacities, chosen, heavy_first, penalty, k
                )
                if its_total < total * (1.0 - _LEAST_SAVING):
                    chosen, total, in_vain = better, its_total, 0
            k = (k + 1) % len(filled)
        if total < least:
            best, least = chosen, total
    if least >= penalty:
        return None
    served_by = _fill(filled, loads, capacities, best, heavy_first, penalty)[1]
    return np.sort(best), served_by


@kernel()
def _try_place(
    serving: FloatArray, loads: FloatArray, capacities: FloatArray, chosen: IntArray,
    order: IntArray, penalty: float, place: int,
) -> tuple[IntArray, float]:  # fmt: skip
    """Put a place on each seat in turn; give the best choice and its cost."""
    best, least = chosen.copy(), np.inf
    for s in range(chosen.size):
        other = chosen.copy()
        other[s] = place
        total = _fill(serving, loads, capacities, other, order, penalty)[0]
        if total < least:
            best, least = other, total
    return best, least


@kernel()
def _fill(
    serving: FloatArray, loads: FloatArray, capacities: FloatArray, chosen: IntArray,
    order: IntArray, penalty: float,
) -> tuple[float, IntArray]:  # fmt: skip
    """Give each demand the nearest chosen place with room, heavy ones first; then move some."""
    room = capacities[chosen].copy()
    seat = np.full(loads.size, -1, dtype=np.int64)
    total = 0.0
    for again in range(2):
        for j in order:
            cost = penalty
            if seat[j] >= 0:
                cost = serving[chosen[seat[j]], j]
            before, old = cost, seat[j]
            for s in range(chosen.size):
                if loads[j] <= room[s] and serving[chosen[s], j] < cost:
                    cost, seat[j] = serving[chosen[s], j], s
            if seat[j] != old:
                room[seat[j]] -= loads[j]
                if old >= 0:
                    room[old] += loads[j]
            total += cost if again == 0 else cost - before
    served_by = np.full(loads.size, -1, dtype=np.int64)
    for j in range(loads.size):
        if seat[j] >= 0:
            served_by[j] = chosen[seat[j]]
    return total, served_by
