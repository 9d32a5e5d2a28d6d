"""
How far it is: long distances by rail and road from the few that are published.

A railway has kilometre posts, so the distance of one station to a gateway gives that of every other
one on the line. A road leaves the mapped region at a few exits; beyond an exit the published
distance from a known place is what remains after the way to that exit.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.types import FloatArray
from maemoh_gis.freight.tariffs import LEVELS
from maemoh_gis.freight.trains import Track
from maemoh_gis.freight.world import Spread


@dataclass(frozen=True)
class Linehaul:
    """A published or stated distance between two places."""

    start: str
    end: str
    mode: str
    km: Spread
    opens_be: int | None
    confidence: str


@dataclass(frozen=True)
class OnLine:
    """Where a railhead stands on the railway."""

    place: str
    """Its name in the table of distances; may be absent there."""
    km_post: float
    """Post at which it, or the junction of its branch, stands, km."""
    branch_km: float = 0.0
    """From that junction along a branch, km."""

    @property
    def southward_km(self) -> float:
        """Km that count toward the south."""
        return self.km_post + self.branch_km


@dataclass(frozen=True)
class Stretch:
    """A part of the line whose tracks are declared."""

    from_km_post: float
    to_km_post: float
    double: bool


def read_linehaul(rows: Iterable[Mapping[str, str]], *, file: str | None = None) -> list[Linehaul]:
    """Check a table of long distances; `file` is how faults name it."""
    faults: list[Fault] = []
    found: list[Linehaul] = []
    for line, row in enumerate(rows, start=2):
        written = [str(row.get(f"km_{level}") or row["km_central"]).strip() for level in LEVELS]
        try:
            km = [float(n) for n in written]
        except ValueError:
            km = [math.nan]
        if not all(0 <= n < math.inf for n in km) or km != sorted(km):
            key = f"{row['from_place']} – {row['to_place']}"
            faults.append(Fault("freight_distance", file, line, key, found=" / ".join(written)))
            continue
        year = int(row["open_year_be"]) if row.get("open_year_be") else None
        found.append(
            Linehaul(row["from_place"], row["to_place"], row["mode"], Spread(*km), year,
                     row["confidence"])
        )  # fmt: skip
    if faults:
        raise LayerError(faults)
    return found


def between(
    table: Sequence[Linehaul], start: str, end: str, mode: str, year_be: int
) -> Spread | None:
    """
    Find the distance between two places in a year.

    The shorter of two routes by its central value; None where the table has none.
    """
    open_ways = [
        one.km
        for one in table
        if one.mode == mode
        and {one.start, one.end} == {start, end}
        and (one.opens_be is None or one.opens_be <= year_be)
    ]
    return min(open_ways, key=lambda km: km.central, default=None)


def rail_distance(
    railhead: OnLine,
    gateway: str,
    table: Sequence[Linehaul],
    known: Iterable[OnLine],
    year_be: int,
    *,
    joins_km_post: float = 0.0,
) -> Spread | None:
    """
    Give how far a railhead is from a gateway by rail.

    From the table where it stands there; else that of the nearest known place, longer or shorter by
    their posts. None where no place on the line is known.

    Examples
    --------
    >>> table = [Linehaul("B", "port", "rail", Spread(700, 739, 750), None, "M")]
    >>> rail_distance(OnLine("A", 614.8), "port", table, [OnLine("B", 609.1)], 2569).central
    744.7
    """
    own = between(table, railhead.place, gateway, "rail", year_be)
    if own is not None:
        return own
    here = railhead.branch_km + abs(railhead.km_post - joins_km_post)
    for other in sorted(known, key=lambda one: abs(one.southward_km - railhead.southward_km)):
        its = between(table, other.place, gateway, "rail", year_be)
        if its is not None and other.branch_km == 0.0:
            more = here - abs(other.km_post - joins_km_post)
            return Spread(*(round(max(0.0, its.at(level) + more), 3) for level in LEVELS))
    return None


def road_beyond(
    to_exits_km: FloatArray, anchor_to_exits_km: FloatArray, anchor_km: Spread
) -> list[Spread]:
    """
    Give how far places are from a far one by road, over the nearest way out of the region.

    `to_exits_km` (places, exits) is by road, NaN where there is no way; `anchor_to_exits_km` the
    same from the place whose distance `anchor_km` is known, which is taken to hold over every exit.
    NaN where no exit can be reached.
    """
    found = []
    for row in to_exits_km:
        km = [row + np.maximum(0.0, anchor_km.at(level) - anchor_to_exits_km) for level in LEVELS]
        found.append(
            Spread(*(float(np.nanmin(k)) if not np.isnan(k).all() else math.nan for k in km))
        )
    return found


def tracks_between(railhead: OnLine, stretches: Iterable[Stretch], *, to_km_post: float) -> Track:
    """Measure single and double track on the way of a train, as far as it is declared."""
    low, high = sorted((railhead.km_post, to_km_post))
    km = {False: 0.0, True: railhead.branch_km}
    for stretch in stretches:
        start, end = sorted((stretch.from_km_post, stretch.to_km_post))
        km[stretch.double] += max(0.0, min(high, end) - max(low, start))
    return Track(round(km[False], 3), round(km[True], 3))
