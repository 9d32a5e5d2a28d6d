"""What sites touch, beside them: tables, columns of sites, the record, lines of the map page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.messages import LANGUAGES, Text, both, text
from maemoh_gis.exposure.exposure import SUBDISTRICT_COLUMNS, ExposureFound, exposure_of
from maemoh_gis.exposure.homes import absent
from maemoh_gis.exposure.population import people_in
from maemoh_gis.exposure.words import LEAST_TOLD, people_near
from maemoh_gis.files import write_csv
from maemoh_gis.pages.content import Column
from maemoh_gis.presentation.run_files import rows_of
from maemoh_gis.sites.result import described_by, sites_by_use

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.engine.results import Results
    from maemoh_gis.exposure.exposure import ExposureFound
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.scenario.settings.exposure import Exposure

EXPOSURE = "exposure"
# What a place is, not what it touches.
_OF_THE_PLACE = frozenset({"kind", "use", "number", "area_rai"})
_POPUP_RADIUS_M = 2000.0


def with_exposure(results: Results) -> Results:
    """Put what sites touch beside them."""
    found = exposure_of(results)
    if found is None:
        return results
    sites = {use: _with_columns(table, use, found) for use, table in sites_by_use(results).items()}
    return described_by(results, sites).describing({EXPOSURE: found})


def exposure_told(results: Results) -> ExposureFound | None:
    """Give what sites touch; None without exposure, or before `with_exposure`."""
    return results.described_as(EXPOSURE, ExposureFound)


def _with_columns(sites: gpd.GeoDataFrame, use: str, found: ExposureFound) -> gpd.GeoDataFrame:
    mine = [row for row in found.rows if (row["kind"], row["use"]) == ("site", use)]
    assert [row["number"] for row in mine] == list(sites["number"] if len(sites) else [])
    with_place = sites.copy()
    for name in dict.fromkeys(name for row in mine for name in row):
        values: list[Any] = [_known(row[name]) for row in mine]
        if name not in _OF_THE_PLACE and any(value is not None for value in values):
            with_place[name] = values
    return with_place


def write_exposure(results: Results, folder: Path) -> dict[str, str]:
    """Write what sites and yards touch, and the same by subdistrict."""
    found, asked = exposure_told(results), results.resolved.scenario.exposure
    if found is None or asked is None:
        return {}
    rows = [*found.rows, *([found.whole] if found.whole else [])]
    columns = list(dict.fromkeys(["kind", "note_th", "note_en", *(k for row in rows for k in row)]))
    said = _note(asked, results.catalog)
    note = {"kind": "note", **{f"note_{x}": said[x] for x in LANGUAGES}}
    table = [[row.get(column, "") for column in columns] for row in (note, *rows)]
    by_subdistrict = folder / "exposure_by_subdistrict.csv"
    return {
        "exposure.csv": write_csv(folder / "exposure.csv", columns, table, for_excel=True),
        by_subdistrict.name: write_csv(
            by_subdistrict, SUBDISTRICT_COLUMNS, found.by_subdistrict, for_excel=True
        ),
    }


def exposure_on_record(results: Results) -> dict[str, Any] | None:
    """
    Say for `run.json` what the sites that head the lists of all uses touch together.

    The note that belongs to every number, the columns of the last row of `exposure.csv`, null where
    nothing is known, and subdistricts with their columns; None without exposure.
    """
    found, asked = exposure_told(results), results.resolved.scenario.exposure
    if found is None or asked is None:
        return None
    return {
        "note": _note(asked, results.catalog),
        "people": _people_on_record(asked, results),
        "first_of_each_use": _plain(found.whole) if found.whole else None,
        "subdistricts": [
            _plain(dict(zip(SUBDISTRICT_COLUMNS, row, strict=True))) for row in found.by_subdistrict
        ],
    }


def with_popup_lines(
    places: gpd.GeoDataFrame, asked: Exposure | None
) -> tuple[gpd.GeoDataFrame, Sequence[Column]]:
    """Put what sites or yards tell of their neighbourhood when clicked beside them, as words."""
    if asked is None or "farm_rai" not in places:
        return places, ()
    radius = min(asked.radii_m, key=lambda metres: abs(metres - _POPUP_RADIUS_M))
    said = [people_near(row, f"{radius:g}") for row in rows_of(places)]
    words = {f"people_near_{x}": [one[x] for one in said] for x in LANGUAGES}
    return places.assign(**words), (
        Column("people_near", both("exposure.popup.people", km=f"{radius / 1000:g}")),
        Column("farm_rai", both("exposure.popup.farm"), "area_rai"),
    )


def _note(asked: Exposure, catalog: Catalog) -> Text:
    needed = {
        x: {"titles": asked.titles[x], "schools": asked.schools[x], "least": LEAST_TOLD}
        for x in LANGUAGES
    }
    note = {x: text("exposure.note", x, **needed[x]) for x in LANGUAGES}
    if not (lacking := absent(asked, catalog)):
        return note
    lacks = both("exposure.absent", layers=", ".join(lacking))
    return {x: f"{lacks[x]} {note[x]}" for x in LANGUAGES}


def _people_on_record(asked: Exposure, results: Results) -> dict[str, Any]:
    """Say by which estimates people were placed, and in how many subdistricts each knows homes."""
    people = people_in(results)
    layers = {name: one.layer for name, one in asked.homes.items()}
    known = [] if people is None else [int(one.sure.sum()) for one in people.placed]
    return {
        "estimates": {
            name: {
                "layer": layers.get(name),
                "central": one.central,
                "most": one.most,
                "subdistricts": subdistricts,
            }
            for (name, one), subdistricts in zip(asked.estimates().items(), known, strict=True)
        },
        "absent": absent(asked, results.catalog),
        "least_told": LEAST_TOLD,
    }


def _plain(row: Mapping[str, object]) -> dict[str, object]:
    return {name: _known(value) for name, value in row.items()}


def _known(value: object) -> object:
    return None if value == "" else value
