"""
A programme over the years as a mixed-integer programme, solved by HiGHS.

Whole numbers: whether a parcel becomes estate, and in which year which yard begins. The rest is
land laid out and land occupied, by parcel and year. Among programmes of equal worth the one of
parcels named first and earliest is taken, so that what nothing asks to move stays.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault

if TYPE_CHECKING:
    from scipy.optimize import LinearConstraint, OptimizeResult

_SECONDS = 20.0
"""After which the best found so far is taken, with its gap."""
_SLACK = 1e-7
_SEEN_RAI = 1e-3


@dataclass(frozen=True)
class Lot:
    """A parcel that may be taken, as the solver needs it."""

    key: str
    rai: float
    from_year: int


@dataclass(frozen=True)
class Terms:
    """What a programme must keep to."""

    years: range
    budget: float
    """A year, million THB."""
    estate_cost: float
    """Works a rai, million THB."""
    yard_cost: float
    """Works of a yard, million THB."""
    works_years: int
    sold: float
    """Share of estate land that tenants can occupy."""
    pace: float
    """Rai tenants take up a year, over all parcels."""
    first_tenants: int
    """First year with tenants."""
    per_rai: float
    """What an occupied rai is worth in a year, in the unit of the objective."""
    discount: float
    least_rai: float
    """Least land of an estate once it is begun."""
    yard_first: bool = True


@dataclass(frozen=True)
class Programme:
    """A programme that was found."""

    estate: Mapping[str, Mapping[int, float]]
    """Rai laid out, by parcel and year; parcels that are taken only."""
    occupied: Mapping[int, float]
    """Rai occupied by year, over all parcels."""
    yard: tuple[str, int] | None
    """Parcel of the yard and the year its works begin."""
    spent: Mapping[int, float]
    """Million THB by year."""
    value: float
    """In the unit of the objective, discounted."""
    bound: float
    """No programme under these terms is worth more."""

    @property
    def gap(self) -> float:
        """Give how far the bound lies above, as a share of it."""
        return 0.0 if self.bound <= 0 else max(0.0, 1.0 - self.value / self.bound)


@dataclass
class _Model:
    """Numbers of variables, and the rows of constraints."""

    estates: Sequence[Lot]
    yards: Sequence[Lot]
    terms: Terms
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    @property
    def span(self) -> int:
        return len(self.terms.years)

    @property
    def count(self) -> int:
        return len(self.estates) * (1 + 2 * self.span) + len(self.yards) * self.span

    def taken(self, i: int) -> int:
        """Find whether a parcel becomes estate."""
        return i

    def begun(self, j: int, t: int) -> int:
        """Find whether a yard begins in a year."""
        return len(self.estates) + j * self.span + t

    def laid(self, i: int, t: int) -> int:
        """Find the rai laid out in a year."""
        return len(self.estates) + len(self.yards) * self.span + i * self.span + t

    def occupied(self, i: int, t: int) -> int:
        """Find the rai occupied in a year."""
        return self.laid(len(self.estates), 0) + i * self.span + t

    @property
    def whole(self) -> int:
        """Count the variables that are whole numbers, which come first."""
        return self.laid(0, 0)

    def at_most(self, row: dict[int, float], most: float) -> None:
        self.rows.append((row, -math.inf, most))

    def constraints(self) -> LinearConstraint:
        from scipy.optimize import LinearConstraint
        from scipy.sparse import coo_array

        at = [(r, c, v) for r, (row, _, _) in enumerate(self.rows) for c, v in row.items()]
        rows, cols, values = (np.array(part) for part in zip(*at, strict=True))
        matrix = coo_array((values, (rows, cols)), shape=(len(self.rows), self.count))
        return LinearConstraint(
            matrix.tocsr(), [r[1] for r in self.rows], [r[2] for r in self.rows]
        )


def solve(
    estates: Sequence[Lot],
    yards: Sequence[Lot],
    conflicts: Sequence[tuple[str, str]],
    terms: Terms,
) -> Programme:
    """Find a programme; `conflicts` are parcels that cannot both be taken."""
    if not estates:
        return Programme({}, {}, None, {}, 0.0, 0.0)
    model = _Model(estates, yards, terms)
    _land(model)
    _yards(model)
    _money(model)
    _tenants(model)
    for pair in conflicts:
        model.at_most(dict.fromkeys(_takes(model, pair), 1.0), 1.0)
    worth = _worth(model)
    first = _run(model, -worth)
    if first.x is None:
        raise RunError(Fault("no_programme", found=str(first.message)))
    value = -float(first.fun)
    model.rows.append((_sparse(worth), value - _SLACK * max(1.0, value), math.inf))
    # Where time was up the second may find none: then the first stands.
    found = _run(model, _order(model))
    x = first.x if found.x is None else found.x
    return _told(model, np.asarray(x), float(worth @ x), -float(first.mip_dual_bound))


def _sparse(row: np.ndarray) -> dict[int, float]:
    return {int(k): float(row[k]) for k in np.flatnonzero(row)}


def _land(model: _Model) -> None:
    """Lay out land where a parcel is taken, and never less than the least."""
    for i, lot in enumerate(model.estates):
        row = {model.laid(i, t): 1.0 for t in range(model.span)}
        model.at_most(row | {model.taken(i): -lot.rai}, 0.0)
        least = {k: -v for k, v in row.items()}
        model.at_most(least | {model.taken(i): min(model.terms.least_rai, lot.rai)}, 0.0)


def _yards(model: _Model) -> None:
    """Begin one yard at most, and no estate before it where that is asked."""
    span = range(model.span)
    every = {model.begun(j, t): 1.0 for j in range(len(model.yards)) for t in span}
    if every:
        model.at_most(every, 1.0)
    if not model.terms.yard_first:
        return
    for i, lot in enumerate(model.estates):
        for t in span:
            row = {model.laid(i, s): 1.0 for s in range(t + 1)}
            yards = range(len(model.yards))
            row |= {model.begun(j, s): -lot.rai for j in yards for s in range(t + 1)}
            model.at_most(row, 0.0)


def _money(model: _Model) -> None:
    terms = model.terms
    part = terms.yard_cost / terms.works_years
    for t in range(model.span):
        row = {model.laid(i, t): terms.estate_cost for i in range(len(model.estates))}
        since = range(max(0, t - terms.works_years + 1), t + 1)
        row |= {model.begun(j, s): part for j in range(len(model.yards)) for s in since}
        model.at_most(row, terms.budget)


def _tenants(model: _Model) -> None:
    """Let tenants come at their pace, to land laid out the year before, and stay."""
    terms, parcels = model.terms, range(len(model.estates))
    for t in range(model.span):
        new = {model.occupied(i, t): 1.0 for i in parcels}
        if t:
            new |= {model.occupied(i, t - 1): -1.0 for i in parcels}
        model.at_most(new, terms.pace)
        for i in parcels:
            row = {model.occupied(i, t): 1.0}
            model.at_most(row | {model.laid(i, s): -terms.sold for s in range(t)}, 0.0)
            if t:
                model.at_most({model.occupied(i, t - 1): 1.0, model.occupied(i, t): -1.0}, 0.0)


def _takes(model: _Model, pair: tuple[str, str]) -> Iterator[int]:
    """List the whole numbers that say a parcel of a pair is taken."""
    for key in pair:
        yield from (model.taken(i) for i, lot in enumerate(model.estates) if lot.key == key)
        for j, lot in enumerate(model.yards):
            if lot.key == key:
                yield from (model.begun(j, t) for t in range(model.span))


def _worth(model: _Model) -> np.ndarray:
    worth = np.zeros(model.count)
    for t in range(model.span):
        each = model.terms.per_rai / (1.0 + model.terms.discount) ** t
        for i in range(len(model.estates)):
            worth[model.occupied(i, t)] = each
    return worth


def _order(model: _Model) -> np.ndarray:
    """Weigh programmes of equal worth: few parcels, those named first, early."""
    order = np.zeros(model.count)
    for i, lot in enumerate(model.estates):
        order[model.taken(i)] = 10.0 + i
        for t in range(model.span):
            order[model.laid(i, t)] = (1.0 + t / model.span) / lot.rai
    for j in range(len(model.yards)):
        for t in range(model.span):
            order[model.begun(j, t)] = 10.0 + j + t / model.span
    return order


def _bounds(model: _Model) -> tuple[np.ndarray, np.ndarray]:
    """Close what no paper opens yet: land before its year, yards before theirs."""
    least, most = np.zeros(model.count), np.ones(model.count)
    years = model.terms.years
    for i, lot in enumerate(model.estates):
        for t, year in enumerate(years):
            most[model.laid(i, t)] = lot.rai if year >= lot.from_year else 0.0
            most[model.occupied(i, t)] = lot.rai if year >= model.terms.first_tenants else 0.0
    for j, lot in enumerate(model.yards):
        for t, year in enumerate(years):
            most[model.begun(j, t)] = float(year >= lot.from_year)
    return least, most


def _run(model: _Model, goal: np.ndarray) -> OptimizeResult:
    """Find the least of a goal; where none was found in time `x` is None."""
    from scipy.optimize import Bounds, milp

    whole = (np.arange(model.count) < model.whole).astype(int)
    return milp(
        goal,
        constraints=model.constraints(),
        integrality=whole,
        bounds=Bounds(*_bounds(model)),
        options={"time_limit": _SECONDS, "mip_rel_gap": 1e-6},
    )


def _told(model: _Model, x: np.ndarray, value: float, bound: float) -> Programme:
    terms, span = model.terms, range(model.span)
    estate = {
        lot.key: {
            terms.years[t]: float(x[model.laid(i, t)])
            for t in span
            if x[model.laid(i, t)] > _SEEN_RAI
        }
        for i, lot in enumerate(model.estates)
    }
    yard = next(
        (
            (lot.key, terms.years[t])
            for j, lot in enumerate(model.yards)
            for t in span
            if x[model.begun(j, t)] > 0.5
        ),
        None,
    )
    occupied = {
        terms.years[t]: float(sum(x[model.occupied(i, t)] for i in range(len(model.estates))))
        for t in span
    }
    spent = {year: _spent(estate, yard, terms, year) for year in terms.years}
    return Programme(
        {key: laid for key, laid in estate.items() if laid},
        occupied,
        yard,
        spent,
        value,
        max(value, bound),
    )


def _spent(
    estate: Mapping[str, Mapping[int, float]],
    yard: tuple[str, int] | None,
    terms: Terms,
    year: int,
) -> float:
    """Add up what a year costs."""
    works = yard is not None and yard[1] <= year < yard[1] + terms.works_years
    land = math.fsum(laid.get(year, 0.0) for laid in estate.values())
    return land * terms.estate_cost + (terms.yard_cost / terms.works_years if works else 0.0)
