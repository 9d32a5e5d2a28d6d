"""
The roads of OpenStreetMap as one noded network, generalised.

All roads of Mae Mo and 5 km around it, main roads beyond the province; in the rest of the province
lesser roads go where another one lies beside them, for every village lane would be ten megabytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Geod

from maemoh_gis import files
from pack.generalise import generalised, offset_measures, offsets_m
from pack.known_points import province_outline
from pack.lines import as_line
from pack.loose_ends import Gap, gaps, joined_gaps, pieces_m
from pack.noding import (
    STEPS_PER_DEGREE,
    Way,
    by_node,
    crossing_pairs,
    cut_at_nodes,
    lengths_m,
    lines_in_metres,
    merged,
    noded,
    on_grid,
    without_doubles,
)
from pack.observed import LEVELS, mae_mo_and_around, names_of, text_of
from pack.road_thinning import thinned

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.core.types import BoolArray

SPEED_KPH = {
    "trunk": 80,
    "primary": 70,
    "secondary": 60,
    "tertiary": 50,
    "minor": 30,
    "service": 20,
}
"""
Average speed of a truck by class: an assumption of this project, as of the older road layer; minor
roads are slower than there, because here they are village streets.
"""

RAMP_KPH = 40
"""The same on slip roads: an assumption."""

BESIDE_M = 150.0
"""Outside Mae Mo a minor road may go where a kept road lies this near to every place on it."""

TOLERANCE_M = {"mae_mo": 4.0, "province": 12.0, "beyond": 20.0}
"""How far a line may leave its source."""

_NOT_TOLD = re.compile(r"\?|xx")


@dataclass(frozen=True)
class RoadFacts:
    """What is told of a road."""

    road_class: str
    ref: str | None = None
    name_th: str | None = None
    name_en: str | None = None
    oneway: bool = False
    ramp: bool = False
    level: int = 0

    @property
    def directed(self) -> bool:
        """Whether it may be driven one way only."""
        return self.oneway


RoadWay = Way[RoadFacts]


@dataclass(frozen=True)
class Network:
    """The drawn roads and what was done to them."""

    ways: list[RoadWay]
    closed: list[Gap]
    """Loose ends that were led to another road."""
    left: int
    """Loose ends within reach of another road that were left as they are."""
    crossings: int
    """Crossings on one level that had no common point."""


def build(sources: Path, out: Path) -> dict[str, dict[str, float | int]]:
    """
    Write the observed roads.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.
    out : Path
        The layers folder.

    Returns
    -------
    dict
        Measured accuracy by layer id, then by measure.
    """
    read = read_roads(sources)
    mae_mo = mae_mo_and_around(sources)
    network = draw_roads(read, mae_mo, province_outline(sources))
    files.write_geojson(out / "road_lines.geojson", table_of(network.ways), sparse=True)
    return {"road_lines": {**measure_network(network), **measure_drawing(network, read, mae_mo)}}


def read_roads(sources: Path) -> list[RoadWay]:
    """
    Read the three files of roads; tracks, paths and roads under construction are left out.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.

    Returns
    -------
    list of Way
        The highest class first, so that of two lines on each other the higher one stays.
    """
    folder = sources / "reference" / "observed"
    frames = [
        files.read_vector(folder / "osm2021_roads_main.geojson"),
        files.read_vector(folder / "osm2021_roads_local_maemo_5km.geojson"),
        files.read_vector(folder / "osm2021_roads_minor_rest_of_lampang.geojson").assign(
            **{"class": "minor"}
        ),
    ]
    ways = [
        Way(on_grid(as_line(row["geometry"])), _facts(row))
        for frame in frames
        for row in frame.to_dict("records")
        if row["class"] in SPEED_KPH
    ]
    rank = list(SPEED_KPH)
    return sorted(
        (way for way in ways if len(way.points) > 1),
        key=lambda way: (rank.index(way.facts.road_class), way.points),
    )


def draw_roads(read: Sequence[RoadWay], mae_mo: BaseGeometry, province: BaseGeometry) -> Network:
    """
    Join, thin and generalise the roads.

    Parameters
    ----------
    read : sequence of Way
        Roads as read.
    mae_mo : shapely.Polygon
        Where every road stays, EPSG:32647.
    province : shapely.Polygon
        Where lesser roads are known at all, EPSG:32647.

    Returns
    -------
    Network
        Edges that meet only at their ends, but for bridges and tunnels.
    """
    cut = without_doubles(cut_at_nodes(read))
    found = gaps(cut)
    led, closed = joined_gaps(cut, found)
    pieces, crossings = noded(led)
    whole = merged(pieces)
    minor = np.array([way.facts.road_class in {"minor", "service"} for way in whole])
    kept = merged(thinned(whole, minor & ~_touching(whole, mae_mo), BESIDE_M))
    tolerance = np.select(
        [_touching(kept, mae_mo), _touching(kept, province)],
        [TOLERANCE_M["mae_mo"], TOLERANCE_M["province"]],
        TOLERANCE_M["beyond"],
    )
    drawn = sorted(generalised(kept, tolerance), key=_place)
    return Network(drawn, closed, len(found) - len(closed), crossings)


def table_of(ways: Sequence[RoadWay]) -> gpd.GeoDataFrame:
    """
    Make the table of edges.

    Parameters
    ----------
    ways : sequence of Way
        The drawn roads.

    Returns
    -------
    geopandas.GeoDataFrame
        One row an edge, EPSG:4326; what does not hold is None, as most roads have no name and are
        open both ways.
    """
    geod = Geod(ellps="WGS84")
    shapes = [shapely.LineString(np.array(way.points) / STEPS_PER_DEGREE) for way in ways]
    rows = [
        _row(way.facts, geod.geometry_length(shape))
        for way, shape in zip(ways, shapes, strict=True)
    ]
    return gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326")


def measure_network(network: Network) -> dict[str, float | int]:
    """Count edges, pieces and joins."""
    pieces = pieces_m(network.ways)
    return {
        "edges": len(network.ways),
        "nodes": len(by_node(network.ways)),
        "components": len(pieces),
        "largest_component_percent": round(100 * float(pieces[0] / pieces.sum()), 2),
        "ends_joined": len(network.closed),
        "longest_join_m": round(max((gap.metres for gap in network.closed), default=0.0), 1),
        "ends_left_within_25_m_of_a_road": network.left,
        "crossings_given_a_node": network.crossings,
        "crossings_without_node": len(crossing_pairs(network.ways)),
    }


def measure_drawing(
    network: Network, read: Sequence[RoadWay], mae_mo: BaseGeometry
) -> dict[str, float | int]:
    """
    Measure how far the drawing lies from its source and what of it was left out.

    Parameters
    ----------
    network : Network
        The drawn roads.
    read : sequence of Way
        Roads as read.
    mae_mo : shapely.Polygon
        Mae Mo and 5 km around it, EPSG:32647.

    Returns
    -------
    dict
        Offsets of the drawing from the source, of Mae Mo also the other way round; how far places
        on roads of the source are from a drawn one; kilometres by class and their share of the
        source.
    """
    drawn, source = lines_in_metres(network.ways), lines_in_metres(read)
    missed = offsets_m(source, drawn)
    missed_here = offsets_m(source, drawn, mae_mo)
    return {
        **offset_measures(offsets_m(drawn, source)),
        **offset_measures(offsets_m(drawn, source, mae_mo), "mae_mo_"),
        "mae_mo_source_offset_max_m": round(float(missed_here.max()), 1),
        "source_offset_p95_m": round(float(np.percentile(missed, 95)), 1),
        "source_offset_max_m": round(float(missed.max()), 1),
        **_kilometres(network.ways, read),
    }


def _kilometres(drawn: Sequence[RoadWay], read: Sequence[RoadWay]) -> dict[str, float | int]:
    now, before = _km_by_class(drawn), _km_by_class(read)
    return {f"{name}_km": round(now[name]) for name in SPEED_KPH} | {
        f"{name}_of_source_percent": round(100 * now[name] / before[name], 1) for name in SPEED_KPH
    }


def _km_by_class(ways: Sequence[RoadWay]) -> dict[str, float]:
    total = dict.fromkeys(SPEED_KPH, 0.0)
    for way, metres in zip(ways, lengths_m(ways).tolist(), strict=True):
        total[way.facts.road_class] += metres / 1000
    return total


def _touching(ways: Sequence[RoadWay], area: BaseGeometry) -> BoolArray:
    shapely.prepare(area)
    return np.asarray(shapely.intersects(lines_in_metres(ways), area))


def _place(way: RoadWay) -> tuple[int, tuple[tuple[int, int], ...]]:
    return list(SPEED_KPH).index(way.facts.road_class), way.points


def _facts(row: Mapping[Hashable, object]) -> RoadFacts:
    name_th, name_en = names_of(row)
    return RoadFacts(
        road_class=str(row["class"]),
        ref=text_of(row, "ref"),
        name_th=name_th,
        name_en=name_en,
        oneway=row.get("oneway") == 1,
        ramp=row.get("ramp") == 1,
        level=LEVELS.get(text_of(row, "brunnel"), 0),
    )


def known_number(ref: str | None) -> str | None:
    """Give a route number, of several those that are known whole; sources write ? or x for a digit
    or letter that nobody has told them.
    """
    parts = [one.strip() for one in (ref or "").split(";")]
    return "; ".join(one for one in parts if one and not _NOT_TOLD.search(one)) or None


def _row(facts: RoadFacts, metres: float) -> dict[str, object]:
    return {
        "class": facts.road_class,
        "ref": known_number(facts.ref),
        "name_th": facts.name_th,
        "name_en": facts.name_en,
        "oneway": "yes" if facts.oneway else None,
        "ramp": "yes" if facts.ramp else None,
        "bridge": "yes" if facts.level > 0 else None,
        "tunnel": "yes" if facts.level < 0 else None,
        "speed_kph": RAMP_KPH if facts.ramp else SPEED_KPH[facts.road_class],
        "length_m": max(1, round(metres)),
    }
