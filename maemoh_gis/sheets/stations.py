"""A page for every station: a small map, why a yard fits there or not, how it could be joined."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.core.messages import LANGUAGES, Text, both
from maemoh_gis.near_misses.outputs import PLACES, STATIONS
from maemoh_gis.near_misses.report import same_station, station_blocks, station_facts
from maemoh_gis.pages.content import LayerPart, Style
from maemoh_gis.pages.report_content import (
    Block,
    Column,
    Facts,
    Heading,
    Map,
    Paragraph,
    Section,
    table_of,
)
from maemoh_gis.pages.report_map import draw_map
from maemoh_gis.pages.still_picture import SITE_STYLE
from maemoh_gis.pages.wording import Wording
from maemoh_gis.presentation.run_files import NOT_KNOWN, RunFiles, column, of_row
from maemoh_gis.sheets.maps import site_ground

if TYPE_CHECKING:
    import geopandas as gpd

Row = Mapping[str, str]
FACETS = ("where", "crosses", "land", "passes", "slope")
"""What is told of a way, by the stems of its columns."""
LINKS = "links.csv"
"""Ways to a place, where they were looked for."""
_WAYS = (
    Style("#1d1d1d", width_px=2.5, dash="7 3"),
    Style("#a05a00", width_px=2.5, dash="7 3"),
    Style("#5b2a9d", width_px=2.0, dash="2 3"),
)
"""How ways are drawn, in the order of the scenario."""


def station_sheets(run: RunFiles) -> Sequence[Section]:
    """Write a page for every station, those the map opens on first; empty without any."""
    sections: list[Section] = []
    several = len({row["use"] for row in run.table(STATIONS)}) > 1
    for number, station in enumerate(run.table(STATIONS), start=1):
        # The list of stations at the head of the page is read first: it says what was found.
        verdict = both(f"near_miss.short.{station['verdict']}")
        title = both("near_miss.page", station=of_row(station, "station"), verdict=verdict)
        if several:
            use = run.uses[station["use"]]["title"]
            title = {x: f"{title[x]} ({use[x]})" for x in LANGUAGES}
        blocks: list[Block] = list(_page(run, station, f"station-{number}"))
        sections.append(Section(f"station-{number}", title, blocks, own_page=bool(sections)))
    return sections


def _page(run: RunFiles, station: Row, id: str) -> Iterator[Block]:
    yield Paragraph(of_row(station, "verdict"), "lead")
    yield from _map(run, station, id)
    yield Facts(station_facts(run, station))
    yield from _links(run, station)
    yield from station_blocks(run, station)


def _map(run: RunFiles, station: Row, id: str) -> Iterator[Block]:
    """Draw the place among line, loops, roads and villages, with the ways to it."""
    places = run.features(PLACES, f"stations_{station['use']}")
    if places is None:
        return
    place = places[places["station_en"] == station["station_en"]]
    if place.empty:
        return
    parts = [*_ways(run, station), _part(place, SITE_STYLE)]
    told = "ways" if len(parts) > 1 else "place"
    caption = both(f"near_miss.map.{told}", station=of_row(station, "station"))
    ground = site_ground(run, id, place, parts)
    yield Map(draw_map(ground, Wording.of_package(), alt=caption), caption, small=True)


def _ways(run: RunFiles, station: Row) -> Iterator[LayerPart]:
    lines = run.lines.get(LINKS)
    if lines is None:
        return
    own = lines[(lines["place"] == "station") & (lines["use"] == station["use"])]
    own = own[own["station_en"] == station["station_en"]]
    order = list(dict.fromkeys(lines["way"]))
    for way, style in zip(order, _WAYS, strict=False):
        yield _part(own[own["way"] == way], style)


def _part(frame: gpd.GeoDataFrame, style: Style) -> LayerPart:
    shapes = np.asarray(frame.to_crs("EPSG:4326").geometry.array, dtype=object)
    return LayerPart(style, None, 0, 0, shown=True, shapes=shapes, rows=[])


def _facet_of(row: Row) -> Callable[[str], Text]:
    """Tell one thing of a way; where there is none, what bars it stands first."""

    def write(facet: str) -> Text:
        if row["outcome"] == "no_route":
            return of_row(row, "words") if facet == FACETS[0] else NOT_KNOWN
        told = of_row(row, facet)
        return told if all(told.values()) else NOT_KNOWN

    return write


def _links(run: RunFiles, station: Row) -> Iterator[Block]:
    """Tell how rails, a road and power could reach the place; how to find out where not."""
    yield Heading(both("near_miss.heading.links"))
    if LINKS not in run.more:
        yield Paragraph(both("near_miss.no_links"), "quiet")
        return
    rows = [row for row in run.table(LINKS) if row["place"] == "station"]
    own = [row for row in rows if same_station(row, station)]
    columns: list[Column[str]] = [column("link_what", lambda facet: both(f"links.facet.{facet}"))]
    columns += [Column(of_row(row, "way"), _facet_of(row), "wide") for row in own]
    yield table_of(columns, FACETS)
    cell = f"{run.record['grid']['cell_m']:g}"
    yield Paragraph(both("near_miss.links_assumed", cell=cell), "quiet")
