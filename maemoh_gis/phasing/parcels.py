"""Parcels of a run that a programme may take: its sites and the land of its register."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from maemoh_gis.core import units
from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import Text, both
from maemoh_gis.files import read_vector, sha256_of
from maemoh_gis.layers.load import Layers
from maemoh_gis.phase_out.register import land_of_zone
from maemoh_gis.scenario.after_use import rule_for, rules_of
from maemoh_gis.scenario.in_year import years_of

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.runs.finished import Run
    from maemoh_gis.scenario.settings.programme import Programme

Reason = Literal["papers", "land_right", "too_small", "not_drawn"]
"""Why a parcel is in no programme: papers wanting; nobody says that its land may be used; less land
than the use needs; no outline."""
_SAME = 0.5
"""Share of the joint land from which sites of two runs are one parcel. ASSUMPTION."""
_TOUCHING_M2 = 100.0
"""Land in common below this is a shared edge of cells drawn by rounding."""
_SITES = "sites.gpkg"


@dataclass(frozen=True)
class Parcel:
    """A piece of land for a use."""

    key: str
    """The same in every world for the same land and use."""
    use: str
    title: Text
    rai: float | None
    """None where no outline is known."""
    from_year: int | None
    """First year in which its papers are there; None where no year is known."""
    why_not: Reason | None
    shape: BaseGeometry | None


def parcels_of(run: Run, sites_from: int | None) -> list[Parcel]:
    """List the parcels of a run for the two uses of its programme; zones first."""
    asked = run.scenario.programme
    assert asked is not None
    uses = (asked.estate_use, asked.yard_use)
    return [*_zones(run, asked, uses), *_sites(run, uses, sites_from)]


def _zones(run: Run, asked: Programme, uses: Sequence[str]) -> Iterator[Parcel]:
    """Give the land of the register, each zone for each use that is offered there."""
    scenario, layers = run.scenario, Layers(run.catalog)
    rules = rules_of(scenario, run.catalog)
    for id, zone in scenario.zones.items():
        shape = land_of_zone(zone, scenario.grid.crs, layers)
        rai = None if shape is None else units.rai_from_m2(float(shape.area))
        for use in uses:
            if rule_for(zone, use, rules) is None or use not in scenario.uses:
                continue
            year = years_of(zone, use, scenario, rules).opened
            title = both("phasing.zone", zone=zone.title.both(), use=_use_title(run, use))
            why = _why_not(rai, year, _least(run, asked, use), "papers")
            yield Parcel(f"{use}:{id}", use, title, rai, year, why, shape)


def _least(run: Run, asked: Programme, use: str) -> float:
    """Give the least land of a use; a yard is laid out on no more than its own."""
    least = run.scenario.uses[use].land.least_rai
    return min(least, asked.yard_rai) if use == asked.yard_use else least


def _why_not(
    rai: float | None, year: int | None, least_rai: float, unknown: Reason
) -> Reason | None:
    if rai is None:
        return "not_drawn"
    if rai < least_rai:
        return "too_small"
    return unknown if year is None else None


def _sites(run: Run, uses: Sequence[str], sites_from: int | None) -> Iterator[Parcel]:
    for use in uses:
        right = run.scenario.gates[use].gates["land_right"] if use in run.scenario.gates else None
        year = None if right is None else right.earliest
        if right is not None and right.state == "met":
            year = run.scenario.year
        year = sites_from if year is None else year
        for row in _rows(run, f"sites_{use}"):
            place = {"th": row["place_th"] or "", "en": row["place_en"] or ""}
            title = both("phasing.site", use=_use_title(run, use), n=row["number"], place=place)
            rai = units.rai_from_m2(float(row["geometry"].area))
            why: Reason | None = None if year is not None else "land_right"
            yield Parcel(str(row["id"]), use, title, rai, year, why, row["geometry"])


def _rows(run: Run, layer: str) -> list[dict[Any, Any]]:
    """Read the sites of a use as the run wrote them; each use of a run has a layer."""
    path, written = run.folder / _SITES, run.record["outputs"].get(_SITES)
    if written is None or sha256_of(path) != written:
        raise RunError(Fault("output_changed", str(path)))
    return list(read_vector(path, layer).to_dict("records"))


def _use_title(run: Run, use: str) -> Text:
    return run.scenario.uses[use].title.both()


def named_alike(worlds: Sequence[Sequence[Parcel]]) -> list[list[Parcel]]:
    """Give one key to sites of several runs that lie on the same land for the same use."""
    known: list[Parcel] = []
    found = []
    for world in worlds:
        mine = []
        for one in world:
            same = next((other for other in known if _same(other, one)), None)
            if same is None:
                named = replace(one, key=_free_key(one, known))
                known.append(named)
            else:
                named = replace(one, key=same.key, title=same.title)
            mine.append(named)
        found.append(mine)
    return found


def _free_key(parcel: Parcel, known: Sequence[Parcel]) -> str:
    taken = {one.key for one in known}
    key, number = parcel.key, 2
    while key in taken:
        key, number = f"{parcel.key}.{number}", number + 1
    return key


def _same(one: Parcel, other: Parcel) -> bool:
    if one.use != other.use or one.shape is None or other.shape is None:
        return one.key == other.key
    if not one.shape.intersects(other.shape):
        return False
    common = one.shape.intersection(other.shape).area
    return bool(common / (one.shape.area + other.shape.area - common) >= _SAME)


def conflicts_of(parcels: Sequence[Parcel]) -> list[tuple[str, str]]:
    """List the pairs that have land in common."""
    drawn = [(one.key, one.shape) for one in parcels if one.shape is not None]
    return [
        (a, b)
        for place, (a, mine) in enumerate(drawn)
        for b, other in drawn[place + 1 :]
        if mine.intersects(other) and mine.intersection(other).area > _TOUCHING_M2
    ]
