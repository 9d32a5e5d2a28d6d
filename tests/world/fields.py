"""
The fields of the synthetic world, cell by cell from the place of the cell alone.

Noise is a hash of whole numbers, so a cell has the same value whatever window it is computed in.
"""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis.core.compiled import kernel
from maemoh_gis.core.types import FloatArray, IntArray
from tests.world import plan as layout

if TYPE_CHECKING:
    from maemoh_gis.core.grid import Grid

WATER, PADDY, FIELD_CROPS, BUILT_UP, FOREST, OTHER = 1, 4, 5, 9, 10, 11
"""Classes of land, numbered as in the bundled land use layer."""

_TABLE_STEP_M = 5.0
_CORRIDOR_M = 1200.0
_STREAM_HALF_WIDTH_M = 20.0
_VILLAGE_RADIUS_M = 250.0
_TILT = 0.10
_INSIDE_BEND_M = 250.0
_TOO_SHORT_M, _TOO_NARROW_M, _SET_BACK_M = 700.0, 150.0, 160.0
_BEST_QUALITY = 0.98
_LEAST_MARGIN_M, _MARGIN_CELLS = 60.0, 1.5


@dataclass(frozen=True)
class Recipe:
    """A plan as plain arrays, for the compiled loops."""

    seed: int
    table: FloatArray
    """Row 0: y of the line, row 1: height of the line, every 5 m eastward of `table_x0`."""
    table_x0: float
    pads: FloatArray
    """Open land beside straights (n, 9): middle x, y, heading x, y, side, half length, near, far,
    quality."""
    tilts: FloatArray
    """Sloping ground (n, 5): middle x, y, heading x, y, side."""
    bend: FloatArray
    """Open land outside the bend: centre x, y, inner and outer radius, half angle, quality."""
    best: FloatArray
    """Best site: centre x, y, direction x, y, half length, half width."""
    streams: FloatArray
    """Segments (n, 4): x0, y0, x1, y1."""
    villages: FloatArray
    """Points (n, 2)."""


def recipe(
    plan: layout.Plan, seed: int, cell_m: float, streams: np.ndarray, villages: FloatArray
) -> Recipe:
    """
    Write a plan as arrays.

    Parameters
    ----------
    plan : Plan
        The layout.
    seed : int
        Seed of the noise.
    cell_m : float
        Cell it will be seen on: open land is drawn wider than the yard by a margin that keeps the
        yard whole on such cells.
    streams : object array of LineString (n,)
        Streams of two vertices each.
    villages : float array (n, 2)
        Points, metres.

    Returns
    -------
    Recipe
        Ready for `elevation_of` and `cover_of`.
    """
    margin = max(_LEAST_MARGIN_M, _MARGIN_CELLS * cell_m)
    xy = shapely.get_coordinates(plan.line)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    x = np.arange(xy[0, 0], xy[-1, 0] + _TABLE_STEP_M, _TABLE_STEP_M)
    height = np.interp(np.interp(x, xy[:, 0], along), plan.chainage_m, plan.height_m)
    on_straights = [p for p in plan.plants if p.kind != "on_a_curve"]
    far = layout.OFFSET_M + layout.YARD_WIDTH_M + layout.EXPANSION_M + margin
    cx, cy, radius, half_angle = plan.bend
    quality = next(p.quality for p in plan.plants if p.kind == "on_a_curve")
    site = plan.best_site.centroid
    turn = math.radians(layout.BEST_DIRECTION_DEG)
    return Recipe(
        seed=seed,
        table=np.stack([np.interp(x, xy[:, 0], xy[:, 1]), height]),
        table_x0=float(x[0]),
        pads=np.array([_pad(p, margin) for p in on_straights]),
        tilts=np.array([_pad(p, margin)[:5] for p in on_straights if p.kind == "sloped"]),
        # Open far to the inside too, so that nothing but the curve keeps a yard away.
        bend=np.array([cx, cy, radius - _INSIDE_BEND_M, radius + far, half_angle, quality]),
        best=np.array([
            site.x, site.y, math.cos(turn), math.sin(turn),
            layout.BEST_LENGTH_M / 2, layout.BEST_WIDTH_M / 2,
        ]),
        streams=shapely.get_coordinates(streams).reshape(-1, 4),
        villages=np.asarray(villages, dtype=np.float64),
    )  # fmt: skip


def elevation_of(made: Recipe, grid: Grid) -> FloatArray:
    """
    Give the height of the ground.

    Parameters
    ----------
    made : Recipe
        The world.
    grid : Grid
        Where.

    Returns
    -------
    elevation : float64 array (rows, cols), m
        At cell centres.
    """
    result = np.empty(grid.shape)
    x, y = grid.x, grid.y

    def rows(a: int, b: int) -> None:
        _elevation(result[a:b], x, y[a:b], made.seed, made.table, made.table_x0, made.tilts,
                   made.best)  # fmt: skip

    _in_strips(rows, grid.rows)
    return result


def cover_of(made: Recipe, grid: Grid) -> tuple[IntArray, FloatArray]:
    """
    Give the class of the land and how good it is.

    Parameters
    ----------
    made : Recipe
        The world.
    grid : Grid
        Where.

    Returns
    -------
    land_class : uint8 array (rows, cols)
        One of the classes of this module. A stream is seen however wide the cells are.
    quality : float32 array (rows, cols)
        0 to 1; at most 0.6 where nothing is planted.
    """
    land_class = np.empty(grid.shape, dtype=np.uint8)
    quality = np.empty(grid.shape, dtype=np.float32)
    x, y = grid.x, grid.y
    # Three quarters of a cell is more than half its diagonal: no cell of the stream slips through.
    stream = max(_STREAM_HALF_WIDTH_M, 0.75 * grid.cell_m)

    def rows(a: int, b: int) -> None:
        _cover(land_class[a:b], quality[a:b], x, y[a:b], made.seed, made.table, made.table_x0,
               made.pads, made.bend, made.best, made.streams, made.villages,
               stream)  # fmt: skip

    _in_strips(rows, grid.rows)
    return land_class, quality


def slope_of(elevation: FloatArray, cell_m: float) -> FloatArray:
    """
    Give the slope of inner cells by central differences.

    Parameters
    ----------
    elevation : float array (rows + 2, cols + 2), m
        Heights with one more cell on every side.
    cell_m : float
        Side of a cell.

    Returns
    -------
    slope : float32 array (rows, cols), percent
        Rise over run.
    """
    east = elevation[1:-1, 2:] - elevation[1:-1, :-2]
    north = elevation[:-2, 1:-1] - elevation[2:, 1:-1]
    np.hypot(east, north, out=east)
    return np.asarray((east * (100.0 / (2.0 * cell_m))).astype(np.float32))


def _pad(plant: layout.Plant, margin: float) -> list[float]:
    """Draw the open land of a plant: wide enough for its yard, or what its kind lacks."""
    half, near = layout.YARD_LENGTH_M / 2 + margin, -margin
    yard = layout.OFFSET_M + layout.YARD_WIDTH_M
    far = yard + margin + (layout.EXPANSION_M if plant.expansion_free else 0.0)
    if plant.kind == "too_short":
        half = _TOO_SHORT_M / 2
    elif plant.kind == "too_narrow":
        far = _TOO_NARROW_M
    elif plant.kind == "set_back":
        near = _SET_BACK_M
        far += _SET_BACK_M
    side = 1.0 if plant.side == "left" else -1.0
    along = (math.cos(plant.heading), math.sin(plant.heading))
    return [*plant.middle, *along, side, half, near, far, plant.quality]


def _in_strips(work: object, rows: int) -> None:
    assert callable(work)
    workers = min(os.cpu_count() or 1, 8)
    edges = np.linspace(0, rows, workers + 1).astype(int).tolist()
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, edges[:-1], edges[1:]))


@kernel()
def _lattice(seed: int, i: int, j: int) -> float:
    """Hash a lattice point to -1..1 (splitmix64)."""
    z = np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15)
    z ^= np.uint64(i + 0x40000000) * np.uint64(0xBF58476D1CE4E5B9)
    z ^= np.uint64(j + 0x40000000) * np.uint64(0x94D049BB133111EB)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return float(z >> np.uint64(11)) / 4503599627370496.0 - 1.0


@kernel()
def _noise(seed: int, x: float, y: float, wavelength: float) -> float:
    """Blend the hashes of the four lattice points around a place, smooth in slope, -1..1."""
    px, py = x / wavelength, y / wavelength
    i, j = int(math.floor(px)), int(math.floor(py))  # noqa: RUF046 - a float in compiled code
    fx, fy = px - i, py - j
    wx = fx * fx * fx * (fx * (fx * 6.0 - 15.0) + 10.0)
    wy = fy * fy * fy * (fy * (fy * 6.0 - 15.0) + 10.0)
    south = _lattice(seed, i, j) * (1.0 - wx) + _lattice(seed, i + 1, j) * wx
    north = _lattice(seed, i, j + 1) * (1.0 - wx) + _lattice(seed, i + 1, j + 1) * wx
    return float(south * (1.0 - wy) + north * wy)


@kernel()
def _rise(value: float, start: float, end: float) -> float:
    """Rise smoothly from 0 at `start` to 1 at `end`."""
    t = min(max((value - start) / (end - start), 0.0), 1.0)
    return t * t * (3.0 - 2.0 * t)


@kernel()
def _read(table: FloatArray, row: int, x0: float, x: float) -> float:
    """Read a table of 5 m steps, straight between them, constant beyond its ends."""
    at = min(max((x - x0) / _TABLE_STEP_M, 0.0), table.shape[1] - 1.0)
    k = min(int(at), table.shape[1] - 2)
    return float(table[row, k] + (at - k) * (table[row, k + 1] - table[row, k]))


@kernel()
def _turned(x: float, y: float, frame: FloatArray) -> tuple[float, float]:
    """Give distance along and to the left of a frame: x, y, direction x, y."""
    dx, dy = x - frame[0], y - frame[1]
    return dx * frame[2] + dy * frame[3], dy * frame[2] - dx * frame[3]


@kernel()
def _elevation(
    out: FloatArray,
    xs: FloatArray,
    ys: FloatArray,
    seed: int,
    table: FloatArray,
    x0: float,
    tilts: FloatArray,
    best: FloatArray,
) -> None:
    """Ground at the height of the line beside it, hills farther out, flat on the best site."""
    for r in range(out.shape[0]):
        y = ys[r]
        for c in range(out.shape[1]):
            x = xs[c]
            away = abs(y - _read(table, 0, x0, x))
            ground = _read(table, 1, x0, x) + 0.25 * _noise(seed, x, y, 300.0)
            u, v = _turned(x, y, best)
            outside = math.hypot(max(abs(u) - best[4], 0.0), max(abs(v) - best[5], 0.0))
            hills = _rise(away, 1000.0, 3500.0) * _rise(outside, 30.0, 500.0)
            if hills > 0.0:
                ground += hills * (
                    90.0 * (1.0 + _noise(seed + 1, x, y, 3000.0))
                    + 35.0 * _noise(seed + 2, x, y, 1200.0)
                    + 10.0 * _noise(seed + 3, x, y, 500.0)
                )
            for k in range(tilts.shape[0]):
                u, v = _turned(x, y, tilts[k])
                v *= tilts[k, 4]
                if v > 0.0:
                    up = _TILT * min(v, 460.0) * (1.0 - _rise(v, 460.0, 1200.0))
                    ground += up * (1.0 - _rise(abs(u), 660.0, 1120.0))
            out[r, c] = ground


@kernel()
def _settled_or_wet(
    kind: int, x: float, y: float, villages: FloatArray, streams: FloatArray, stream: float
) -> int:
    """Lay villages over the land, and streams over both."""
    for k in range(villages.shape[0]):
        if math.hypot(x - villages[k, 0], y - villages[k, 1]) <= _VILLAGE_RADIUS_M:
            kind = BUILT_UP
    for k in range(streams.shape[0]):
        ax, ay = streams[k, 0], streams[k, 1]
        dx, dy = streams[k, 2] - ax, streams[k, 3] - ay
        t = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)
        t = min(max(t, 0.0), 1.0)
        if math.hypot(x - ax - t * dx, y - ay - t * dy) <= stream:
            kind = WATER
    return kind


@kernel()
def _cover(
    land_class: IntArray,
    quality: FloatArray,
    xs: FloatArray,
    ys: FloatArray,
    seed: int,
    table: FloatArray,
    x0: float,
    pads: FloatArray,
    bend: FloatArray,
    best: FloatArray,
    streams: FloatArray,
    villages: FloatArray,
    stream: float,
) -> None:
    """Forest along the line but for the planted open land; farms and woods farther out."""
    for r in range(land_class.shape[0]):
        y = ys[r]
        for c in range(land_class.shape[1]):
            x = xs[c]
            away = abs(y - _read(table, 0, x0, x))
            good = 0.15 + 0.225 * (1.0 + _noise(seed + 4, x, y, 1500.0))
            kind = FOREST
            if away > _CORRIDOR_M:
                wooded = _noise(seed + 5, x, y, 1800.0)
                kind = FIELD_CROPS if wooded < 0.2 else FOREST
                kind = PADDY if wooded < -0.5 else kind
            u, v = _turned(x, y, best)
            if abs(u) <= best[4] and abs(v) <= best[5]:
                kind, good = OTHER, _BEST_QUALITY
            if away <= _CORRIDOR_M:
                for k in range(pads.shape[0]):
                    u, v = _turned(x, y, pads[k])
                    v *= pads[k, 4]
                    if abs(u) <= pads[k, 5] and pads[k, 6] <= v <= pads[k, 7]:
                        # Best in the middle, so that the planted yard is the best of its place.
                        kind, good = OTHER, pads[k, 8] - 0.08 * (u / pads[k, 5]) ** 2
                dx, dy = x - bend[0], y - bend[1]
                near = bend[2] <= math.hypot(dx, dy) <= bend[3]
                if near and dy > 0.0 and abs(math.atan2(dx, dy)) <= bend[4]:
                    kind, good = OTHER, bend[5]
            land_class[r, c] = _settled_or_wet(kind, x, y, villages, streams, stream)
            quality[r, c] = good
