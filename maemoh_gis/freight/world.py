"""
What freight there is and where it may go: demand, gateways, railheads and the ways between them.

Plain tables, each checked against the others before anything is computed. A number that nobody
knows is NaN and counted; it is never taken for zero without saying so.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Literal, cast, get_args

import numpy as np

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.freight.boxes import BOXES
from maemoh_gis.freight.tariffs import LEVELS, Case, Level
from maemoh_gis.freight.trains import Track

if TYPE_CHECKING:
    from maemoh_gis.core.types import BoolArray

Direction = Literal["out", "in"]
"""From the origin to the gateway, or from the gateway."""
GatewayRole = Literal["port", "depot", "border"]
_DIRECTIONS = get_args(Direction)
# Sums of shares written with two decimals.
_SHARE_SLACK = 1e-6

BORDER_RAILHEADS = frozenset({"junction", "new_line_station"})
"""Roles of the railheads where freight from the border joins: none of them lies at Mae Mo."""


@dataclass(frozen=True)
class Spread:
    """A number with its range; NaN is unknown."""

    low: float
    central: float
    high: float

    def at(self, level: Level) -> float:
        """Give the low, central or high value."""
        return float(getattr(self, level))


@dataclass(frozen=True)
class Demand:
    """Loaded boxes of one commodity and class at one place."""

    origin: str
    commodity: str
    box: str
    """Class of box, one of `BOXES`."""
    direction: Direction
    teu: Spread
    """TEU a year; NaN where nobody knows."""
    confidence: str


@dataclass(frozen=True)
class Flow:
    """The part of a demand that goes to one gateway."""

    demand: Demand
    gateway: str
    share: float
    """Of the demand."""

    def teu(self, level: Level) -> float:
        """Give TEU a year; NaN where unknown."""
        return self.demand.teu.at(level) * self.share


@dataclass(frozen=True)
class Gateway:
    """A place where freight leaves or enters the region."""

    key: str
    role: GatewayRole
    rail_opens_be: int | None = None
    """First year with trains; None is long since."""


@dataclass(frozen=True)
class Railhead:
    """A place where boxes change between road and rail."""

    key: str
    role: str
    """What it is; border freight joins at junctions and stations of the new line only."""
    opens_be: int | None = None
    """First year it works; None is long since."""
    south_per_mille: float = math.nan
    """Steepest grade against a train to the southern gateways; NaN is unknown."""
    north_per_mille: float = math.nan
    """Steepest grade against a train coming from there."""
    other_teu: float = 0.0
    """TEU a year of other freight in its trains; what is not declared is not counted."""
    confidence: str = "ASSUMPTION"


@dataclass(frozen=True)
class World:
    """Everything freight moves between."""

    flows: tuple[Flow, ...]
    gateways: tuple[Gateway, ...]
    railheads: tuple[Railhead, ...]
    road_km: Mapping[tuple[str, str], Spread]
    """By origin and gateway; absent or NaN where no road leads."""
    drayage_km: Mapping[tuple[str, str], float]
    """By road, by origin and railhead; absent or NaN where no road leads."""
    rail_km: Mapping[tuple[str, str], Spread]
    """By railhead and gateway; absent where no train goes."""
    tracks: Mapping[tuple[str, str], Track]
    """Single and double track, by railhead and gateway, as far as declared."""

    def with_railheads(self, railheads: Sequence[Railhead]) -> World:
        """Give the same world with other railheads."""
        other = replace(self, railheads=tuple(railheads))
        # Neither rests on the railheads, and yards are tried by the hundred.
        vars(other).update(faults=self.faults, rows=self.rows)
        return other

    @cached_property
    def faults(self) -> list[Fault]:
        """What names something that is not there; see `world_faults`."""
        return world_faults(self)

    @cached_property
    def rows(self) -> Mapping[tuple[str, Direction], BoolArray]:
        """Which flows go to or come from each gateway, bool (flows,)."""
        to = {one.key: [flow.gateway == one.key for flow in self.flows] for one in self.gateways}
        goes = {way: [flow.demand.direction == way for flow in self.flows] for way in _DIRECTIONS}
        return {(key, way): np.logical_and(to[key], goes[way]) for key in to for way in _DIRECTIONS}


def level_of(case: Case, side: Literal["road", "rail"]) -> Level:
    """Choose which value of a distance goes with a case of prices."""
    if case in LEVELS:
        return case
    return "low" if case.removeprefix("favours_") == side else "high"


def read_demand(
    rows: Iterable[Mapping[str, str]], origins: Collection[str], *, file: str | None = None
) -> list[Demand]:
    """
    Check a table of demand of known places; `file` is how faults name it.

    Three empty numbers are a demand that is known to be there but not how much.
    """
    faults: list[Fault] = []
    found: list[Demand] = []
    for line, row in enumerate(rows, start=2):
        key = f"{row.get('origin')} {row.get('commodity')}"
        wrong = [replace(f, file=file, line=line, key=key) for f in _faults_of(row, origins)]
        faults += wrong
        if not wrong:
            direction = cast("Direction", row["direction"])
            found.append(
                Demand(row["origin"], row["commodity"], row["box_class"], direction,
                       Spread(*_teu(row)), row["confidence"])
            )  # fmt: skip
    if faults:
        raise LayerError(faults)
    return found


def split(demands: Iterable[Demand], shares: Mapping[str, float]) -> tuple[Flow, ...]:
    """Send each demand to the gateways by their shares."""
    if any(share < 0 for share in shares.values()) or (
        abs(sum(shares.values()) - 1.0) > _SHARE_SLACK
    ):
        written = ", ".join(f"{key} {share:g}" for key, share in shares.items())
        raise LayerError(Fault("gateway_shares", found=written))
    return tuple(
        Flow(demand, gateway, share)
        for demand in demands
        for gateway, share in shares.items()
        if share > 0
    )


def world_faults(world: World) -> list[Fault]:
    """Find what in a world names something that is not there."""
    gateways = [gateway.key for gateway in world.gateways]
    faults = [
        _unknown("freight_unknown_gateway", name, gateways)
        for name in dict.fromkeys(flow.gateway for flow in world.flows)
        if name not in gateways
    ]
    lengths = [
        *((way, spread.at(level)) for ways in (world.road_km, world.rail_km)
          for way, spread in ways.items() for level in LEVELS),
        *world.drayage_km.items(),
    ]  # fmt: skip
    negative = dict.fromkeys((way, km) for way, km in lengths if km < 0)
    return faults + [
        Fault("freight_distance", key=" – ".join(way), found=f"{km:g}") for way, km in negative
    ]


def _faults_of(row: Mapping[str, str], origins: Collection[str]) -> Iterator[Fault]:
    for code, column, known in (
        ("freight_unknown_place", "origin", origins),
        ("freight_unknown_class", "box_class", BOXES),
        ("freight_unknown_direction", "direction", _DIRECTIONS),
    ):
        name = str(row.get(column))
        if name not in known:
            yield _unknown(code, name, known)
    try:
        numbers = _teu(row)
    except ValueError:
        written = " / ".join(str(row.get(f"teu_{level}") or "–") for level in LEVELS)
        yield Fault("freight_teu", found=written)
        return
    if any(n < 0 or math.isinf(n) for n in numbers) or numbers != sorted(numbers):
        yield Fault("freight_teu", found=" / ".join(f"{n:g}" for n in numbers))


def _teu(row: Mapping[str, str]) -> list[float]:
    """Read three numbers, or three unknowns; raise ValueError for a mixture."""
    written = [str(row.get(f"teu_{level}") or "").strip() for level in LEVELS]
    return [float(n) for n in written] if any(written) else [math.nan] * 3


def _unknown(code: str, name: str, known: Iterable[str]) -> Fault:
    names = list(known)
    near = get_close_matches(name, names, n=3, cutoff=0.5) or names
    return Fault(code, key=name, found=name, expected=", ".join(near) or "–")
