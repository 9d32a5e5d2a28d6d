"""Winners and losers: what every district and subdistrict gains and gives, run by run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from maemoh_gis.comparison.land_use import ALL_USES
from maemoh_gis.comparison.zones import People, Zone
from maemoh_gis.core import units

if TYPE_CHECKING:
    from maemoh_gis.comparison.model import Comparison

Row = tuple[Any, ...]

_AREAS = ("open", "good", "site", "farm_taken", "use_not_known")
_CHANGES = ("good_change", "site_change", "farm_taken_change")
ZONE_COLUMNS = (
    "level", "code", "name_th", "name_en", "use", "run",
    *(f"{name}_{unit}" for name in (*_AREAS, *_CHANGES) for unit in ("rai", "ha")),
    "good_land", "farm_land", "people", "people_year_be", "people_confidence",
)  # fmt: skip


def zone_rows(found: Comparison) -> Iterator[Row]:
    """
    List what each zone holds in each run, and how that differs from the first run.

    Yields
    ------
    tuple
        One row a zone, use and run, after `ZONE_COLUMNS`. The rows of `all` uses count a cell that
        two uses propose once, and have no open or good land. `good_land` says gains, loses or same;
        `farm_land` says loses where more of it is taken, spared where less; both are empty for the
        first run that holds the use, and where it is not known. People are those counted in the
        whole zone, not those affected.
    """
    for level, zones in found.zones.zones.items():
        for place, zone in enumerate(zones):
            for use in (*found.uses, ALL_USES):
                yield from _rows_of(found, level, place, zone, use)


def _rows_of(found: Comparison, level: str, place: int, zone: Zone, use: str) -> Iterator[Row]:
    first: list[float | None] | None = None
    people = found.zones.people.get(zone.code, People(None))
    runs = found.uses[use].land.runs if use in found.uses else range(len(found.runs))
    for number in runs:
        held = _cells(found, level, place, use, number)
        compared = [held[1], held[2], held[3]]
        change = [None, None, None] if first is None else list(map(_minus, compared, first))
        first = compared if first is None else first
        yield (
            level, zone.code, zone.name["th"], zone.name["en"], use, found.runs[number].label,
            *_in_units([*held, *change], found.grid.cell_area_m2),
            _word(change[0], "gains", "loses"), _word(change[2], "loses", "spared"),
            people.count, people.year_be, people.confidence,
        )  # fmt: skip


def _cells(found: Comparison, level: str, place: int, use: str, number: int) -> list[float | None]:
    """Give open, good, site, farm and unknown land of a zone in cells; None where not known."""
    taking = found.takings[number][use][level][place + 1]
    # Farm land is known only where the land below every site is.
    farm = None if taking.unknown else taking.farm
    if use == ALL_USES:
        return [None, None, taking.site, farm, taking.unknown]
    land = found.uses[use].land.zone_areas[number][level][place]
    return [land.open, land.good, taking.site, farm, taking.unknown]


def _minus(after: float | None, before: float | None) -> float | None:
    return None if after is None or before is None else after - before


def _in_units(cells: list[float | None], cell_m2: float) -> list[float | None]:
    return [
        None if count is None else round(convert(count * cell_m2), 2)
        for count in cells
        for convert in (units.rai_from_m2, units.ha_from_m2)
    ]


def _word(change: float | None, more: str, less: str) -> str:
    if change is None:
        return ""
    return "same" if change == 0 else more if change > 0 else less
