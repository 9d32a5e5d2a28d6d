"""
The best set of several yards where each can handle only so much.

The road and the rival railheads have room for everything. A flow goes whole by one way, so a yard
may turn away a flow larger than the room it has left although part of it would fit. Where the
cheapest ways of a set fit, nothing is left to decide; where they do not, HiGHS says which flows
the yards of that set take. Sets are tried from the one that may cost least, first as if there were
room for all, then as if flows could be shared out, until no other can cost less; of sets that are
worth the same the first stands, as in `sets`.
"""

from __future__ import annotations

import heapq
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.solver_notes import notes_beside_answers
from maemoh_gis.core.types import FloatArray, IntArray
from maemoh_gis.yard_choice.sets import SAME, Status, counted_flows, sets_of, weighted_costs

ROAD = -1
"""Who serves a flow that goes by road or over a rival."""
# Greatest coefficient of the objective: HiGHS has absolute tolerances, costs may have any unit.
_GREATEST = 1e4
NOBODY: IntArray = np.zeros(0, dtype=np.int64)


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
    """What no set within the capacities can pass; NaN where nothing is proven."""
    status: Status
    """`optimal` only where proven; `infeasible` where freight without road or rival cannot fit;
    `stopped` where time ran out before all was tried."""
    thb_saved: float
    """Against none of the places, THB a year; NaN without a solution."""
    turned_away_teu: float
    """TEU a year that would be cheaper through a yard of the set but find no room there."""
    missing_teu: float
    """TEU a year without road or rival that no so many yards have room for, at the least."""

    @property
    def gap(self) -> float:
        """Give the distance to the bound as a share of the objective; NaN without both."""
        if self.objective == self.bound:
            return 0.0
        return abs(self.objective - self.bound) / abs(self.objective)


def sets_within_room(
    keys: Sequence[str],
    by_place: FloatArray,
    otherwise: FloatArray,
    teu: FloatArray,
    capacity_teu: FloatArray,
    numbers: Sequence[int],
    *,
    time_limit_s: float = 600.0,
) -> list[RoomSet]:
    """
    Find the best places for one yard, for two, and so on, none taking more than it can.

    Parameters
    ----------
    keys : sequence of str
        As `sets.yard_sets` takes them, like the next three and `numbers`.
    by_place : float array (places, flows)
        As there.
    otherwise : float array (flows,)
        As there.
    teu : float array (flows,)
        As there.
    capacity_teu : float array (places,)
        Loaded TEU a year that each place can take, 0 or more.
    numbers : sequence of int
        As there.
    time_limit_s : float
        Seconds for each number; generous, so that a slow machine finds the same as a fast one.
    """
    room = np.asarray(capacity_teu, dtype=np.float64)
    if room.shape != (len(keys),) or not (room >= 0).all() or np.isinf(room).any():
        wrong = int((~(room >= 0) | np.isinf(room)).sum())
        raise RunError(Fault("amounts_not_amounts", key="capacity", found=str(wrong)))
    counted = counted_flows(by_place, otherwise, teu)
    if not counted.any() or not keys:
        return []
    freight = _Freight(by_place[:, counted], otherwise[counted], teu[counted], room)
    return [
        _best_of(freight, keys, number, time.perf_counter() + time_limit_s)
        for number in numbers
        if number <= len(keys)
    ]


@dataclass(frozen=True)
class _Freight:
    """The flows that count, what they cost and what the places can take."""

    through: FloatArray
    """THB per TEU, (places, flows); NaN where there is no way."""
    now: FloatArray
    """THB per TEU by road or over a rival, (flows,); NaN where there is no way."""
    loads: FloatArray
    """TEU a year, (flows,)."""
    room: FloatArray
    """TEU a year, (places,)."""

    def held(self, served_by: IntArray, place: int) -> float:
        """Sum what a place takes."""
        return float(self.loads[served_by == place].sum())

    def taken(self, served_by: IntArray) -> FloatArray:
        """Give what each flow costs, THB per TEU."""
        every = np.vstack([self.through, self.now])  # the road stands last: at ROAD
        return np.asarray(every[served_by, np.arange(len(served_by))])

    def cost_of(self, served_by: IntArray) -> float:
        """Sum what all flows cost, THB a year."""
        return float((self.loads * self.taken(served_by)).sum())

    def cheapest(self, places: IntArray) -> IntArray | None:
        """Send each flow the cheapest way; None where the places have no room for that."""
        every = np.nan_to_num(np.vstack([self.now, self.through[places]]), nan=np.inf)
        served_by = np.array([ROAD, *places])[np.argmin(every, axis=0)]
        fits = all(self.held(served_by, place) <= self.room[place] for place in places)
        return served_by if fits else None


@dataclass(frozen=True)
class _Filled:
    """What HiGHS says of one set."""

    served_by: IntArray | None
    """Who serves each flow, (flows,); None without a solution."""
    least_thb: float
    """The set costs no less a year; infinite where it cannot serve everybody."""
    proven: bool


def _best_of(freight: _Freight, keys: Sequence[str], number: int, until: float) -> RoomSet:
    sets = sets_of(len(keys), number)
    least = weighted_costs(freight.through, freight.now, freight.loads, sets)
    waiting = [(float(thb), row, False) for row, thb in enumerate(least)]
    heapq.heapify(waiting)
    best, served_by, cost, bound, proven = -1, NOBODY, math.inf, math.inf, True
    while waiting and proven:
        bound, row, shared = heapq.heappop(waiting)
        if bound > cost * (1 + SAME) or math.isinf(bound):
            break
        if row > best >= 0 and bound >= cost * (1 - SAME):
            continue
        found = freight.cheapest(sets[row])
        if found is None and not shared:
            relaxed = _filled(freight, sets[row], until, whole=False)
            heapq.heappush(waiting, (max(bound, relaxed.least_thb), row, True))
            continue
        if found is None:
            filled = _filled(freight, sets[row], until, whole=True)
            found, proven = filled.served_by, filled.proven
        thb = math.inf if found is None else freight.cost_of(found)
        if found is not None and thb <= cost * (1 + (SAME if row < best else -SAME)):
            best, served_by, cost = row, found, thb
    chosen = sets[best] if best >= 0 else NOBODY
    return _told(freight, keys, number, chosen, served_by, cost if proven else min(bound, cost))


def _told(
    freight: _Freight,
    keys: Sequence[str],
    number: int,
    chosen: IntArray,
    served_by: IntArray,
    bound: float,
) -> RoomSet:
    """Measure a set; a bound below its cost says that it was not proven the best."""
    captive = float(freight.loads[np.isnan(freight.now)].sum())
    missing = max(0.0, captive - float(np.sort(freight.room)[::-1][:number].sum()))
    if not len(chosen):
        found: Status = "infeasible" if math.isinf(bound) else "stopped"
        known = math.nan if math.isinf(bound) else bound
        return RoomSet(number, (), (), (), math.nan, known, found, math.nan, 0.0, missing)
    cost = freight.cost_of(served_by)
    cheaper = (freight.through[chosen] < freight.now).any(axis=0)
    return RoomSet(
        yards=number,
        chosen=tuple(keys[k] for k in chosen),
        handled_teu=tuple(freight.held(served_by, k) for k in chosen),
        capacity_teu=tuple(float(freight.room[k]) for k in chosen),
        objective=cost,
        bound=bound,
        status="stopped" if bound < cost else "optimal",
        thb_saved=float(np.nansum(freight.loads * (freight.now - freight.taken(served_by)))),
        turned_away_teu=float(freight.loads[cheaper & (served_by == ROAD)].sum()),
        missing_teu=missing,
    )


def _filled(freight: _Freight, places: IntArray, until: float, *, whole: bool) -> _Filled:
    """Fill yards of limited room at the least cost, with whole flows or with shares of them."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    now = np.nan_to_num(freight.now, nan=np.inf)
    costs = np.nan_to_num(freight.through[places], nan=np.inf)
    who, whom = np.nonzero(costs < now)
    pairs, captive, loads = len(who), np.isinf(now), freight.loads
    # Loads and room in shares of the greatest load: HiGHS has absolute tolerances.
    values = np.r_[np.ones(pairs), loads[whom] / loads.max()]
    where = (np.r_[whom, len(now) + who], np.tile(np.arange(pairs), 2))
    matrix = coo_array((values, where), shape=(len(now) + len(places), pairs)).tocsr()
    low = np.r_[captive, np.full(len(places), -np.inf)]
    high = np.r_[np.ones(len(now)), freight.room[places] / loads.max()]
    # A flow without road is served whatever that costs; another saves what the road costs more.
    road = np.where(captive, 0.0, now)
    worth = loads[whom] * (costs[who, whom] - road[whom])
    unit = float(np.abs(worth).max()) / _GREATEST or 1.0
    with notes_beside_answers():
        answer = milp(
            worth / unit,
            integrality=np.full(pairs, int(whole)),
            bounds=Bounds(0.0, 1.0),
            constraints=LinearConstraint(matrix, low, high),
            options={"mip_rel_gap": 0.0, "time_limit": max(until - time.perf_counter(), 0.01)},
        )
    # Shares are bounded, so "infeasible or unbounded" can only be infeasible.
    proven = answer.status in {0, 2} or "infeasible" in answer.message.lower()
    if answer.x is None:
        return _Filled(None, math.inf if proven else -math.inf, proven)
    served_by = np.full(len(now), ROAD)
    served_by[whom[answer.x > 0.5]] = places[who[answer.x > 0.5]]
    thb = float((loads * road).sum()) + float(answer.fun) * unit
    return _Filled(served_by, thb if proven else -math.inf, proven)
