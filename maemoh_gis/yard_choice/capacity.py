"""
The best set of several yards where each can handle only so much.

The road and the rival railheads have room for everything. A flow goes whole by one way, so a yard
may turn away a flow larger than the room it has left although part of it would fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.types import BoolArray, FloatArray
from maemoh_gis.yard_choice.location import capacitated_p_median
from maemoh_gis.yard_choice.location_result import Placement, Status


@dataclass(frozen=True)
class RoomSet:
    """The best places for some number of yards of limited capacity."""

    yards: int
    chosen: tuple[str, ...]
    """Keys of the places; empty without a solution."""
    handled_teu: tuple[float, ...]
    """Loaded TEU a year that each of them takes."""
    capacity_teu: tuple[float, ...]
    """Loaded TEU a year that each of them can take."""
    objective: float
    """Cost of all freight with the set, THB a year; NaN without a solution."""
    bound: float
    """What no set within the capacities can pass."""
    gap: float
    """Distance to the bound as a share; NaN where nothing is proven."""
    status: Status
    """`optimal` only where proven; `infeasible` where freight without road or rival cannot fit."""
    thb_saved: float
    """Against none of the places, THB a year; NaN without a solution."""
    turned_away_teu: float
    """TEU a year that would be cheaper through a yard of the set but find no room there."""
    missing_teu: float
    """TEU a year without road or rival that no so many yards have room for, at the least."""


def sets_within_room(
    keys: Sequence[str],
    by_place: FloatArray,
    otherwise: FloatArray,
    teu: FloatArray,
    capacity_teu: FloatArray,
    numbers: Sequence[int],
    *,
    seed: int = 0,
    time_limit_s: float = 600.0,
) -> list[RoomSet]:
    """
    Find the best places for one yard, for two, and so on, none taking more than it can.

    Parameters
    ----------
    keys : sequence of str
        The places.
    by_place : float array (places, flows)
        Cost of each flow through each place, THB per TEU; NaN where there is no way.
    otherwise : float array (flows,)
        Cost of each flow without any of the places, by road or a rival; NaN where there is no way.
    teu : float array (flows,)
        TEU a year; NaN is unknown and left out.
    capacity_teu : float array (places,)
        Loaded TEU a year that each place can take, 0 or more.
    numbers : sequence of int
        Numbers of yards; those above the number of places are left out.
    seed : int
        Seed of the search.
    time_limit_s : float
        Seconds for each set.
    """
    room = np.asarray(capacity_teu, dtype=np.float64)
    if room.shape != (len(keys),) or not (room >= 0).all() or np.isinf(room).any():
        wrong = int((~(room >= 0) | np.isinf(room)).sum())
        raise RunError(Fault("amounts_not_amounts", key="capacity", found=str(wrong)))
    reached = ~(np.isnan(by_place).all(axis=0) & np.isnan(otherwise))
    counted: BoolArray = np.asarray(reached & (np.nan_to_num(teu) > 0))
    if not counted.any() or not keys:
        return []
    loads, now, through = teu[counted], otherwise[counted], by_place[:, counted]
    # The road is a place of its own, with room for everything. One TEU that only it can serve, at
    # no cost, keeps it among the chosen.
    cost = np.full((len(keys) + 1, len(loads) + 1), np.nan)
    cost[:-1, :-1], cost[-1, :-1], cost[-1, -1] = through, now, 0.0
    weights = np.append(loads, 1.0)
    capacities = np.append(room, weights.sum())
    captive = float(loads[np.isnan(now)].sum())
    largest = np.sort(room)[::-1]
    found = []
    for number in [n for n in numbers if n <= len(keys)]:
        placed = capacitated_p_median(
            cost, weights, capacities, number + 1, seed=seed, time_limit_s=time_limit_s
        )
        missing = max(0.0, captive - float(largest[:number].sum()))
        found.append(_set_of(keys, number, placed, through, now, loads, room, missing))
    return found


def _set_of(
    keys: Sequence[str],
    number: int,
    placed: Placement,
    through: FloatArray,
    now: FloatArray,
    loads: FloatArray,
    room: FloatArray,
    missing: float,
) -> RoomSet:
    places = [int(k) for k in placed.chosen if k < len(keys)]
    if not len(placed.chosen):
        return RoomSet(number, (), (), (), np.nan, placed.bound, np.nan, placed.status, np.nan,
                       0.0, missing)  # fmt: skip
    served_by = placed.assignment[:-1]
    handled = [float(loads[served_by == k].sum()) for k in places]
    saved = float(np.nansum(loads * (now - placed.cost[:-1])))
    cheaper = (through[places] < now).any(axis=0)
    turned_away = float(loads[cheaper & (served_by == len(keys))].sum())
    return RoomSet(
        number, tuple(keys[k] for k in places), tuple(handled),
        tuple(float(room[k]) for k in places), placed.objective, placed.bound, placed.gap,
        placed.status, saved, turned_away, missing,
    )  # fmt: skip
