"""
The tracks of the Northern Line as OpenStreetMap has them: main track, loops, sidings, yards, spurs.

Side tracks are told apart by how they join: one that leads back to the line is a passing loop, one
that ends is a siding, whatever the source calls both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import networkx as nx
import numpy as np
import shapely
from pyproj import Geod

from maemoh_gis import files
from pack.generalise import generalised, offset_measures, offsets_m
from pack.lines import as_line
from pack.loose_ends import Gap, gaps, joined_gaps, pieces_m
from pack.noding import (
    STEPS_PER_DEGREE,
    Point,
    Way,
    crossing_pairs,
    cut_at_nodes,
    lengths_m,
    lines_in_metres,
    merged,
    noded,
    on_grid,
)
from pack.observed import LEVELS, names_of, text_of
from pack.traces import METRES

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence
    from pathlib import Path

KINDS = ("main", "loop", "siding", "yard", "spur")

TOLERANCE_M = 1.0
"""Tracks beside each other are 4 m apart: no more may be lost."""

SWITCH_M = 3.0
"""
A track that ends this near to another joins it by a switch: in the source most such ends lie 0 to
1.5 m beside the other track, and the next ones farther off than a track is wide.
"""

NEAR_STATION_M = 1500.0
"""A track whose middle lies this near to a station belongs to it."""

GAUGE_MM = 1000


@dataclass(frozen=True)
class TrackFacts:
    """What is told of a track."""

    kind: str
    name_th: str | None = None
    name_en: str | None = None
    level: int = 0

    @property
    def directed(self) -> bool:
        """Trains run both ways."""
        return False


Track = Way[TrackFacts]


def build(sources: Path, out: Path) -> dict[str, dict[str, float | int]]:
    """
    Write the observed tracks.

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
    read = read_tracks(sources)
    drawn, closed = draw_tracks(read)
    stations = read_stations(sources)
    files.write_geojson(out / "rail_lines.geojson", table_of(drawn, stations), sparse=True)
    joins = {"switches_joined": len(closed), "components": len(pieces_m(drawn))}
    return {"rail_lines": {**measure_tracks(drawn, read, stations), **joins}}


def read_tracks(sources: Path) -> list[Track]:
    """Read the tracks; turntables are left out."""
    path = sources / "reference" / "observed" / "osm2021_rail.geojson"
    rows = files.read_vector(path).to_dict("records")
    ways = [
        Way(on_grid(as_line(row["geometry"])), _facts(row))
        for row in rows
        if row["class"] == "rail"
    ]
    return sorted(ways, key=_place)


def read_stations(sources: Path) -> gpd.GeoDataFrame:
    """Read the stations with their names, EPSG:32647."""
    rows = files.read_csv(sources / "facts" / "stations.csv")
    lon, lat = [float(row["lon"]) for row in rows], [float(row["lat"]) for row in rows]
    names = {key: [row[key] for row in rows] for key in ("name_th", "name_en")}
    points = gpd.points_from_xy(lon, lat)
    return gpd.GeoDataFrame(names, geometry=points, crs="EPSG:4326").to_crs(METRES)


def draw_tracks(read: Sequence[Track]) -> tuple[list[Track], list[Gap]]:
    """Node and generalise the tracks and tell loops from sidings; also give the switches closed."""
    cut = cut_at_nodes(read)
    led, closed = joined_gaps(cut, [gap for gap in gaps(cut) if gap.metres <= SWITCH_M])
    pieces, _ = noded(led)
    named = merged(with_loops(merged(pieces)))
    return sorted(generalised(named, np.full(len(named), TOLERANCE_M)), key=_place), closed


def with_loops(ways: Sequence[Track]) -> list[Track]:
    """Call a siding a loop where one can run through it and come back without turning round."""
    graph: nx.Graph[int | Point] = nx.Graph()
    for index, way in enumerate(ways):
        # A node in the middle keeps two tracks between the same switches apart.
        graph.add_edges_from((end, index) for end in way.ends)
    # The chains of a graph are all its edges but those without which it falls apart.
    chains = nx.chain_decomposition(graph)
    round_about = {node for chain in chains for edge in chain for node in edge}
    return [
        replace(way, facts=replace(way.facts, kind="loop"))
        if way.facts.kind == "siding" and index in round_about
        else way
        for index, way in enumerate(ways)
    ]


def table_of(ways: Sequence[Track], stations: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Make the table of tracks.

    Parameters
    ----------
    ways : sequence of Way
        The drawn tracks.
    stations : geopandas.GeoDataFrame
        Points in EPSG:32647.

    Returns
    -------
    geopandas.GeoDataFrame
        One row a track from switch to switch, EPSG:4326.
    """
    geod = Geod(ellps="WGS84")
    shapes = [shapely.LineString(np.array(way.points) / STEPS_PER_DEGREE) for way in ways]
    belongs = _stations_of(ways, stations)
    rows = [
        _row(way.facts, geod.geometry_length(shape), station)
        for way, shape, station in zip(ways, shapes, belongs, strict=True)
    ]
    return gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326")


def measure_tracks(
    drawn: Sequence[Track], read: Sequence[Track], stations: gpd.GeoDataFrame
) -> dict[str, float | int]:
    """
    Measure offsets from the source, lengths by kind, and how far stations stand from a track.

    Parameters
    ----------
    drawn, read : sequence of Way
        Tracks as drawn and as read.
    stations : geopandas.GeoDataFrame
        Points in EPSG:32647.

    Returns
    -------
    dict
        Metres and kilometres; stations outside the drawn box are not counted.
    """
    lines = lines_in_metres(drawn)
    away = stations.distance(shapely.union_all(lines)).to_numpy()
    inside = away < NEAR_STATION_M
    metres = lengths_m(drawn)
    kinds = np.array([way.facts.kind for way in drawn])
    return {
        "tracks": len(drawn),
        **offset_measures(offsets_m(lines, lines_in_metres(read))),
        "source_offset_max_m": offset_measures(offsets_m(lines_in_metres(read), lines))[
            "offset_max_m"
        ],
        **{f"{kind}_km": round(float(metres[kinds == kind].sum()) / 1000, 2) for kind in KINDS},
        "of_source_percent": round(100 * float(metres.sum() / lengths_m(read).sum()), 2),
        "crossings_without_node": len(crossing_pairs(drawn)),
        "stations": int(inside.sum()),
        "stations_beyond_1500_m": int((~inside).sum()),
        "station_offset_median_m": round(float(np.median(away[inside])), 1),
        "station_offset_max_m": round(float(away[inside].max()), 1),
    }


def _stations_of(
    ways: Sequence[Track], stations: gpd.GeoDataFrame
) -> list[tuple[str | None, str | None]]:
    """Find the Thai and English name of the station each track belongs to."""
    middles = shapely.line_interpolate_point(lines_in_metres(ways), 0.5, normalized=True)
    names = list(zip(stations["name_th"], stations["name_en"], strict=True))
    found: list[tuple[str | None, str | None]] = []
    for middle in middles:
        away = stations.distance(middle).to_numpy()
        nearest = int(away.argmin())
        found.append(names[nearest] if away[nearest] <= NEAR_STATION_M else (None, None))
    return found


def _facts(row: Mapping[Hashable, object]) -> TrackFacts:
    name_th, name_en = names_of(row)
    kind = text_of(row, "service") or "main"
    return TrackFacts(kind, name_th, name_en, LEVELS.get(text_of(row, "brunnel"), 0))


def _place(way: Track) -> tuple[int, tuple[tuple[int, int], ...]]:
    return KINDS.index(way.facts.kind), way.points


def _row(
    facts: TrackFacts, metres: float, station: tuple[str | None, str | None]
) -> dict[str, object]:
    return {
        "kind": facts.kind,
        "name_th": facts.name_th,
        "name_en": facts.name_en,
        "station_th": station[0],
        "station_en": station[1],
        "gauge_mm": GAUGE_MM,
        "tracks": 1,
        "bridge": "yes" if facts.level > 0 else None,
        "tunnel": "yes" if facts.level < 0 else None,
        "length_m": max(1, round(metres)),
    }
