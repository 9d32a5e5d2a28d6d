"""Checks of lines that carry traffic: pieces, loose ends, crossings without a node, stations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis.core.crs import transformer_between
from maemoh_gis.core.faults import Fault
from maemoh_gis.layers.audit.subject import METRES, Subject, name_of, place_of
from maemoh_gis.layers.lines import LineReader, rail_faults, road_faults

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.core.types import IntArray

SAME_NODE_M = 1.0
"""Ends nearer than this are one node; coordinates are written to about 1 m."""
LOOSE_END_M = 50.0
"""An end this near to another road, and not on it, was meant to meet it."""
OFF_LINE_M = 100.0
"""Stations stand at most about 30 m from the drawn line."""
_RAIL_COLUMNS = frozenset({"gauge_mm", "tracks"})
_ROAD_COLUMNS = frozenset({"oneway", "from_node", "to_node", "speed_kph"})
_SEEN_BY_SHAPE = frozenset({"line_without_course", "line_of_other_kind"})
"""What the checks of shapes tell of every layer."""


def reading_faults(subject: Subject, frame: gpd.GeoDataFrame) -> Iterator[Fault]:
    """Look for what the columns of roads or rails say that a network could not read."""
    if subject.layer.kind != "lines":
        return
    read = rail_faults if set(frame.columns) & _RAIL_COLUMNS else road_faults
    if read is road_faults and not set(frame.columns) & _ROAD_COLUMNS:
        return
    for fault in read(frame, METRES):
        if fault.code not in _SEEN_BY_SHAPE:
            below = ("columns", fault.key) if fault.key else ()
            yield subject.fault(
                fault.code, *below, found=fault.found, expected=fault.expected, values=fault.values
            )


def line_faults(subject: Subject, frame: gpd.GeoDataFrame) -> Iterator[Fault]:
    """Check that the sections of a railway whose `status` is operating make one line."""
    lines = frame[frame["status"] == "operating"] if "status" in frame else frame
    shapes = _metres(lines)
    pieces = _pieces(shapes)
    if not len(pieces) or pieces.max() == 0:
        return
    rest = shapely.union_all(shapes[pieces == 0])
    apart = shapely.union_all(shapes[pieces == 1])
    gap = shapely.shortest_line(apart, rest)
    yield subject.fault(
        "line_in_pieces",
        values={
            "n": int(pieces.max()) + 1,
            "metres": f"{gap.length:,.0f}",
            "place": _place(shapely.get_coordinates(gap)[0]),
        },
    )


def network_faults(subject: Subject, frame: gpd.GeoDataFrame) -> Iterator[Fault]:
    """Check that roads, edges from node to node, can be travelled from end to end."""
    shapes = _metres(frame)
    pieces = _pieces(shapes)
    apart = pieces > 0
    if apart.any():
        stray = shapes[apart]
        yield from subject.of_features(
            "network_in_pieces",
            apart,
            severity="warns",
            values={
                "pieces": int(pieces.max()) + 1,
                "km": f"{shapely.length(stray).sum() / 1000:,.1f}",
                "place": _place(shapely.get_coordinates(stray[0])[0]),
            },
        )
    yield from _crossings(subject, frame)
    yield from _loose_ends(subject, shapes)


def _crossings(subject: Subject, frame: gpd.GeoDataFrame) -> Iterator[Fault]:
    # In the CRS of the file, where shared nodes have equal coordinates.
    shapes = np.asarray(frame.geometry.array, dtype=object)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = one < other
    one, other = one[pairs], other[pairs]
    # Interiors that meet give "0", "1" or "2" in the first place of DE-9IM; an interior that meets
    # an end gives it in the second or fourth.
    relation = [str(code) for code in shapely.relate(shapes[one], shapes[other])]
    bad = np.array([code[0] + code[1] + code[3] != "FFF" for code in relation], dtype=bool)
    if bad.any():
        first = int(np.flatnonzero(bad)[0])
        common = shapely.intersection(shapes[one[first]], shapes[other[first]])
        ends = shapely.multipoints(_ends(shapes[[one[first]]])[0])
        inner = max(shapely.get_parts(common), key=lambda part: part.distance(ends))
        yield subject.fault(
            "crossing_without_node",
            severity="warns",
            values={
                "n": int(bad.sum()),
                "one": int(one[first]) + 1,
                "other": int(other[first]) + 1,
                "place": _lonlat(frame, shapely.get_coordinates(inner)[0]),
            },
        )


def _loose_ends(subject: Subject, shapes: np.ndarray) -> Iterator[Fault]:
    ends = _ends(shapes).reshape(-1, 2)
    nodes = _nodes(ends)
    loose = np.bincount(nodes)[nodes] == 1
    points = np.asarray(shapely.points(ends), dtype=object)
    tree = shapely.STRtree(shapes)
    at, edge = tree.query(points[loose], predicate="dwithin", distance=LOOSE_END_M)
    own = np.flatnonzero(loose)[at]
    near = (edge != own // 2) & (shapely.distance(points[own], shapes[edge]) > SAME_NODE_M)
    missed = np.unique(own[near])
    if missed.size:
        bad = np.zeros(len(shapes), dtype=bool)
        bad[missed // 2] = True
        yield from subject.of_features(
            "road_end_loose",
            bad,
            severity="warns",
            values={"metres": f"{LOOSE_END_M:g}", "place": _place(ends[missed[0]])},
        )


def station_faults(
    subject: Subject, stations: gpd.GeoDataFrame, railway: gpd.GeoDataFrame
) -> Iterator[Fault]:
    """Check that stations stand on the line, but for those that `on_line` says belong to others."""
    line = shapely.union_all(_metres(railway))
    away = shapely.distance(_metres(stations), line)
    on_line = np.ones(len(stations), dtype=bool)
    if "on_line" in stations:
        told = LineReader(stations)
        on_line = told.truths("on_line")
        for fault in told.faults:
            yield subject.fault(fault.code, "columns", "on_line", found=fault.found,
                                expected=fault.expected, values=fault.values)  # fmt: skip
    for at in np.flatnonzero(on_line & (away > OFF_LINE_M)):
        yield subject.fault(
            "station_off_line",
            values={
                "name": name_of(stations.iloc[at].to_dict(), int(at) + 1),
                "metres": f"{away[at]:,.0f}",
                "limit": f"{OFF_LINE_M:g}",
            },
        )


def _metres(frame: gpd.GeoDataFrame) -> np.ndarray:
    return np.asarray(frame.to_crs(METRES).geometry.array, dtype=object)


def _ends(shapes: np.ndarray) -> np.ndarray:
    """Give the two ends of each line, (n, 2, 2); of several parts, those of the first and last."""
    ends = [shapely.get_coordinates(shape)[[0, -1]] for shape in shapes]
    return np.array(ends, dtype=float).reshape(-1, 2, 2)


def _nodes(ends: np.ndarray) -> IntArray:
    """Find the nodes, by number, that ends (n, 2) in metres belong to."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    pairs = cKDTree(ends).query_pairs(SAME_NODE_M, output_type="ndarray")
    graph = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(ends),) * 2)
    return np.asarray(connected_components(graph, directed=False)[1])


def _pieces(shapes: np.ndarray) -> IntArray:
    """Find the connected pieces, by number, that lines belong to; the longest piece is 0."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    if not len(shapes):
        return np.zeros(0, dtype=int)
    nodes = _nodes(_ends(shapes).reshape(-1, 2)).reshape(-1, 2)
    graph = coo_matrix(
        (np.ones(len(nodes)), (nodes[:, 0], nodes[:, 1])), shape=(nodes.max() + 1,) * 2
    )
    piece = connected_components(graph, directed=False)[1][nodes[:, 0]]
    length = np.bincount(piece, weights=shapely.length(shapes))
    rank = np.empty(len(length), dtype=int)
    rank[np.argsort(-length, kind="stable")] = np.arange(len(length))
    return np.asarray(rank[piece])


def _place(xy: np.ndarray) -> str:

    to_lonlat = transformer_between(METRES, "EPSG:4326")
    return place_of(*to_lonlat.transform(float(xy[0]), float(xy[1])))


def _lonlat(frame: gpd.GeoDataFrame, xy: np.ndarray) -> str:

    to_lonlat = transformer_between(frame.crs, "EPSG:4326")
    return place_of(*to_lonlat.transform(float(xy[0]), float(xy[1])))
