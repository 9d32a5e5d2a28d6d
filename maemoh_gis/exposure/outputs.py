"""What sites touch, beside them: tables, columns of sites, the record, lines of the map page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.messages import LANGUAGES, both, text
from maemoh_gis.exposure.exposure import SUBDISTRICT_COLUMNS, ExposureFound, exposure_of
from maemoh_gis.files import write_csv
from maemoh_gis.pages.content import Column
from maemoh_gis.sites.result import described_by, sites_by_use

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.engine.results import Results
    from maemoh_gis.exposure.exposure import ExposureFound
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
    note = {"kind": "note", **{f"note_{x}": words for x, words in _note(asked).items()}}
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
        "note": _note(asked),
        "first_of_each_use": _plain(found.whole) if found.whole else None,
        "subdistricts": [
            _plain(dict(zip(SUBDISTRICT_COLUMNS, row, strict=True))) for row in found.by_subdistrict
        ],
    }


def popup_lines(sites: gpd.GeoDataFrame, asked: Exposure | None) -> Sequence[Column]:
    """Choose what a site tells of its neighbourhood when it is clicked."""
    if asked is None or "farm_rai" not in sites:
        return ()
    radius = min(asked.radii_m, key=lambda metres: abs(metres - _POPUP_RADIUS_M))
    km, uncounted = f"{radius / 1000:g}", f"uncounted_land_{radius:g}_m"
    return (
        Column(f"people_{radius:g}_m_modelled", both("exposure.popup.people", km=km), "number"),
        Column(uncounted, both("exposure.popup.uncounted", km=km), "number", decimals=2),
        Column("farm_rai", both("exposure.popup.farm"), "area_rai"),
    )


def _note(asked: Exposure) -> dict[str, str]:
    needed = {x: {"titles": asked.titles[x], "schools": asked.schools[x]} for x in LANGUAGES}
    return {x: text("exposure.note", x, **needed[x]) for x in LANGUAGES}


def _plain(row: Mapping[str, object]) -> dict[str, object]:
    return {name: _known(value) for name, value in row.items()}


def _known(value: object) -> object:
    return None if value == "" else value
