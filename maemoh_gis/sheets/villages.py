"""The village sheet: by subdistrict and village, as far as anything is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.messages import Text, both, same
from maemoh_gis.core.units import number
from maemoh_gis.pages.report_content import (
    Block,
    Column,
    Facts,
    Heading,
    Paragraph,
    Section,
    Table,
    table_of,
)
from maemoh_gis.pages.wording import is_missing
from maemoh_gis.presentation.run_files import (
    NOT_KNOWN,
    RunFiles,
    column,
    figure,
    land,
    of_row,
    rows_of,
    trust,
)
from maemoh_gis.sheets.maps import sites_of

if TYPE_CHECKING:
    import geopandas as gpd


POPULATION, MOVING, SETTLEMENTS = "subdistrict_population", "resettlement_villages", "settlements"


def village_sheet(run: RunFiles) -> Sequence[Section]:
    """
    Write a sheet for every subdistrict whose people were counted.

    Every moo of the subdistrict has a row, also those of which nothing is known. Empty where the
    catalog has no table of people by subdistrict.
    """
    known = list(_villages(run))
    touched = {row["code"]: row for row in run.table("exposure_by_subdistrict.csv")}
    sections: list[Section] = []
    for row in run.layer_table(POPULATION):
        here = [village for village in known if village["subdistrict_name_th"] == row["name_th"]]
        title = both("report.subdistrict", name=of_row(row, "name"))
        blocks: list[Block] = [
            Facts(_facts(row, touched.get(row["code"], {}))),
            Heading(both("report.villages")),
            Paragraph(both("report.villages_note"), "quiet"),
            _table(run, here, int(row["villages"] or 0)),
        ]
        sections.append(Section(f"tambon-{row['code']}", title, blocks, own_page=bool(sections)))
    return sections


def _facts(row: Mapping[str, str], touched: Mapping[str, str]) -> list[tuple[Text, Text]]:
    people = both("report.people_of_year", people=figure(row["population"]), year=row["year_be"])
    return [
        (both("report.column.population"), people),
        (both("report.column.villages"), figure(row["villages"])),
        (both("report.column.confidence"), trust(row["confidence"])),
        (both("report.column.site_land"), land(touched.get("land_rai"))),
        (both("report.column.farm"), land(touched.get("farm_rai"))),
    ]


def _table(run: RunFiles, here: Sequence[Mapping[str, Any]], villages: int) -> Table:
    by_moo = {int(village["moo"]): village for village in here}
    columns: list[Column[Mapping[str, Any]]] = [
        column("moo", lambda village: same(str(village["moo"]))),
        column("village", _name),
        column("moved", _moved),
        *(_nearest_column(use, definition["title"]) for use, definition in run.uses.items()),
        column("confidence", lambda village: trust(village.get("confidence"))),
    ]
    numbers = range(1, max([villages, *by_moo]) + 1)
    return table_of(columns, [by_moo.get(moo, {"moo": moo}) for moo in numbers])


def _name(village: Mapping[str, Any]) -> Text:
    name = of_row(village, "name")
    return name if any(name.values()) else NOT_KNOWN


def _nearest_column(use: str, title: Text) -> Column[Mapping[str, Any]]:
    heading = both("report.column.nearest_site", use=title)
    return Column(heading, lambda village: village.get("nearest", {}).get(use, NOT_KNOWN))


def _moved(village: Mapping[str, Any]) -> Text:
    """Say whether the village stands under the resettlement decision and has moved."""
    if village.get("moved") is None:
        return NOT_KNOWN
    return both("report.moved" if village["moved"] == "true" else "report.not_moved")


def _villages(run: RunFiles) -> Iterator[dict[str, Any]]:
    """Put what is known of each village together, from both layers that name villages."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    places = _settlements(run)
    for village in [*rows_of(places), *run.layer_table(MOVING)]:
        if is_missing(village["moo"]) or village["moo"] == "":
            continue
        key = (str(village["subdistrict_name_th"]), int(float(village["moo"])))
        told = {k: v for k, v in village.items() if not is_missing(v) and v != ""}
        found[key] = {**found.get(key, {}), **told, "moo": key[1]}
    for key, nearest in _nearest(run, places).items():
        if key in found:
            found[key]["nearest"] = nearest
    yield from found.values()


def _settlements(run: RunFiles) -> gpd.GeoDataFrame | None:
    if SETTLEMENTS not in run.catalog.layers:
        return None
    return run.layers.features(SETTLEMENTS, run.grid.crs)


def _nearest(
    run: RunFiles, places: gpd.GeoDataFrame | None
) -> dict[tuple[str, int], dict[str, Text]]:
    """Measure how far the nearest site of each use is from every village of known position."""
    if places is None:
        return {}
    sites = {use: sites_of(run, use).to_crs(run.grid.crs) for use in run.uses}
    found = {}
    for village, point in zip(rows_of(places), places.geometry, strict=True):
        if is_missing(village["moo"]):
            continue
        found[str(village["subdistrict_name_th"]), int(village["moo"])] = {
            use: same(number(float(of.distance(point).min()) / 1000, 1))
            for use, of in sites.items()
            if len(of)
        }
    return found
