"""
A synthetic Mae Moh: a small world whose answers are known, for tests.

Terrain, railway, roads, land and scores come from a seed. A best site is planted away from the
line; beside it are planted yards that fit, and places that look better and must not: sloped,
crossed by a road, cut by a stream, on a curve, on too steep a line, too short, too narrow, set
back. Nothing in it is real, and everything that leaves it says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from maemoh_gis.core.grid import Grid
from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
from tests.world import fields
from tests.world.plan import CENTRE_XY, CRS, Plan, Plant, plan

if TYPE_CHECKING:
    import geopandas as gpd

TITLE = {"th": "แม่เมาะจำลอง (ข้อมูลสังเคราะห์)", "en": "Synthetic Mae Moh"}
"""Name of the world; what is written of it also says that it is synthetic."""
DEFAULT_EXTENT_M = (28_800.0, 14_400.0)
"""East-west and north-south extent that holds everything planted."""
COARSEST_CELL_M = 80.0
"""Coarser cells cannot tell the planted yards from what is around them."""
STEEPEST_PERCENT = 5.0
"""Steeper land is not usable in this world."""

WEIGHTS: Mapping[str, float] = {"quality": 0.6, "flatness": 0.2, "land_class": 0.2}
"""Weights of the criteria in `World.score`."""
CLASS_SCORES: Mapping[int, float] = {
    fields.OTHER: 1.0,
    fields.FIELD_CROPS: 0.8,
    fields.PADDY: 0.3,
    fields.FOREST: 0.1,
}
"""Score of each class; classes left out score 0."""
OPEN_CLASSES = (fields.OTHER, fields.FIELD_CROPS, fields.PADDY)
"""Classes a yard or a site may stand on."""
FLATNESS_POINTS = ((1.0, 1.0), (5.0, 0.0))
"""Slope in percent and score."""

_VILLAGES, _CLEAR_M = 5, 1500.0
_STATION_NAMES = (("หนึ่ง", "One"), ("สอง", "Two"), ("สาม", "Three"), ("สี่", "Four"))


@dataclass(frozen=True)
class World:
    """A synthetic world seen through one window. Shapes are in `grid.crs`."""

    seed: int
    grid: Grid
    plan: Plan
    elevation: FloatArray
    """Float32 (rows, cols), metres."""
    slope: FloatArray
    """Float32 (rows, cols), percent."""
    land_class: IntArray
    """Uint8 (rows, cols); numbered as in the bundled land use layer."""
    criteria: Mapping[str, FloatArray]
    """Scores 0 to 1 by criterion, float32 (rows, cols)."""
    score: FloatArray
    """Their weighted mean, float32 (rows, cols)."""
    roads: gpd.GeoDataFrame
    """Roads with `class`."""
    roads_complete: shapely.Polygon
    """Where no road is missing; the last yard that fits lies outside."""
    stations: gpd.GeoDataFrame
    settlements: gpd.GeoDataFrame
    streams: gpd.GeoDataFrame
    synthetic: bool = True
    """Always True."""

    @property
    def usable(self) -> BoolArray:
        """Open land that is not too steep, bool (rows, cols)."""
        return np.isin(self.land_class, OPEN_CLASSES) & (self.slope <= STEEPEST_PERCENT)

    @property
    def railway(self) -> shapely.LineString:
        """The railway."""
        return self.plan.line

    @property
    def best_site(self) -> shapely.Polygon:
        """The planted best site."""
        return self.plan.best_site

    @property
    def fits(self) -> tuple[Plant, ...]:
        """Planted yards that fit, by chainage."""
        return tuple(p for p in self.plan.plants if p.fits)

    @property
    def non_fits(self) -> tuple[Plant, ...]:
        """Planted places where none fits, by chainage."""
        return tuple(p for p in self.plan.plants if not p.fits)


def world(
    seed: int = 2569,
    cell_m: float = 20.0,
    *,
    extent_m: tuple[float, float] = DEFAULT_EXTENT_M,
    window: Grid | None = None,
) -> World:
    """
    Make a synthetic world.

    Parameters
    ----------
    seed : int
        Decides the terrain, and what is planted where.
    cell_m : float
        Side of a cell in metres, at most 80. The plan is the same at every cell size.
    extent_m : tuple of float
        East-west and north-south extent around the middle; 28,800 x 14,400 holds everything
        planted.
    window : Grid, optional
        Any other window, instead of cell and extent. A cell has the same values in every window.

    Returns
    -------
    World
        The same, to the bit, for the same arguments.

    Raises
    ------
    ValueError
        If the cells are too coarse or the window has another CRS.
    """
    grid = window or _grid_around(cell_m, extent_m)
    if grid.cell_m > COARSEST_CELL_M or grid.crs != CRS:
        raise ValueError(f"{grid.crs} {grid.cell_m:g} m, not {CRS}, {COARSEST_CELL_M:g} m")
    laid = plan(seed)
    rng = np.random.default_rng([seed, 1])
    villages = _village_points(laid, rng)
    streams = _streams(laid)
    made = fields.recipe(laid, seed, grid.cell_m, streams, villages)
    wider = fields.elevation_of(made, grid.padded(grid.cell_m))
    slope = fields.slope_of(wider, grid.cell_m)
    land_class, quality = fields.cover_of(made, grid)
    criteria = _criteria(slope, land_class, quality)
    roads, complete = _roads(laid)
    return World(
        seed=seed,
        grid=grid,
        plan=laid,
        elevation=wider[1:-1, 1:-1].astype(np.float32),
        slope=slope,
        land_class=land_class,
        criteria=criteria,
        score=_weighted(criteria),
        roads=roads,
        roads_complete=complete,
        stations=_stations(laid),
        settlements=_frame(
            {
                "name_th": [f"หมู่บ้านจำลอง {k}" for k in range(1, _VILLAGES + 1)],
                "name_en": [f"Synthetic village {k}" for k in range(1, _VILLAGES + 1)],
            },
            np.asarray(shapely.points(villages), dtype=object),
        ),
        streams=_frame(
            {
                "name_th": ["ห้วยจำลอง"] * len(streams),
                "name_en": ["Synthetic stream"] * len(streams),
            },
            streams,
        ),
    )


def planted(made: World) -> gpd.GeoDataFrame:
    """
    List what is planted in a world, with the truth about each.

    Parameters
    ----------
    made : World
        The world.

    Returns
    -------
    geopandas.GeoDataFrame
        The best site first, then the places beside the line by chainage: `kind`, `fits` (missing
        for the best site), why in Thai and English, `side`, `chainage_km`.
    """
    plants = made.plan.plants
    best = {"th": "พื้นที่ที่ดีที่สุด", "en": "the best site"}
    return _frame(
        {
            "kind": ["best_site", *(p.kind for p in plants)],
            "fits": [None, *(p.fits for p in plants)],
            "why_th": [best["th"], *(p.why["th"] for p in plants)],
            "why_en": [best["en"], *(p.why["en"] for p in plants)],
            "side": [None, *(p.side for p in plants)],
            "chainage_km": [None, *(round(p.chainage_m / 1000.0, 3) for p in plants)],
        },
        np.array([made.best_site, *(p.polygon for p in plants)], dtype=object),
    )


def _grid_around(cell_m: float, extent_m: tuple[float, float]) -> Grid:
    (x, y), (wide, high) = CENTRE_XY, extent_m
    bounds = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
    return Grid.covering(bounds, crs=CRS, cell_m=cell_m)


def _criteria(
    slope: FloatArray, land_class: IntArray, quality: FloatArray
) -> dict[str, FloatArray]:
    percent, scores = np.array(FLATNESS_POINTS).T
    by_class = np.zeros(256, dtype=np.float32)
    for code, score in CLASS_SCORES.items():
        by_class[code] = score
    return {
        "quality": quality,
        "flatness": np.interp(slope, percent, scores).astype(np.float32),
        "land_class": by_class[land_class],
    }


def _weighted(criteria: Mapping[str, FloatArray]) -> FloatArray:
    total = np.zeros(criteria["quality"].shape, dtype=np.float32)
    for name, weight in WEIGHTS.items():
        total += np.float32(weight) * criteria[name]
    return np.asarray(total.clip(0.0, 1.0))


def _village_points(laid: Plan, rng: np.random.Generator) -> FloatArray:
    """Place villages away from the line and the best site, none in a planted place."""
    (x, y), (wide, high) = CENTRE_XY, DEFAULT_EXTENT_M
    taken = shapely.union_all([laid.line, laid.best_site])
    points: list[tuple[float, float]] = []
    while len(points) < _VILLAGES:
        at = (x + float(rng.uniform(-0.4, 0.4)) * wide, y + float(rng.uniform(-0.4, 0.4)) * high)
        if shapely.distance(taken, shapely.Point(at)) > _CLEAR_M:
            points.append(at)
    return np.round(np.array(points), 1)


def _streams(laid: Plan) -> np.ndarray:
    cut = [p for p in laid.plants if p.kind == "cut_by_stream"]
    return np.array([_across(p, 2000.0) for p in cut], dtype=object)


def _across(plant: Plant, reach_m: float) -> shapely.LineString:
    """Draw a line straight across the railway at a plant."""
    (x, y), h = plant.middle, plant.heading
    dx, dy = -np.sin(h) * reach_m, np.cos(h) * reach_m
    return shapely.LineString([(x - dx, y - dy), (x + dx, y + dy)])


def _roads(laid: Plan) -> tuple[gpd.GeoDataFrame, shapely.Polygon]:
    """Draw a trunk road along the valley and lesser ones across the line, and say where no road
    is missing.
    """
    (x, y), (wide, high) = CENTRE_XY, DEFAULT_EXTENT_M
    west, south, east, north = x - wide / 2, y - high / 2, x + wide / 2, y + high / 2
    trunk = shapely.LineString([(west, y + 1900.0), (east, y + 1900.0)])
    crossing = [_across(p, 2000.0) for p in laid.plants if p.kind == "crossed_by_road"]
    joints = [
        shapely.LineString([(jx, jy - 1200.0), (jx, y + 1900.0)]) for jx, jy in laid.joints[::3]
    ]
    kinds = ["primary", *["secondary"] * len(crossing), *["tertiary"] * len(joints)]
    frame = _frame(
        {
            "class": kinds,
            "name_th": [f"ถนนจำลอง {k}" for k in range(1, len(kinds) + 1)],
            "name_en": [f"Synthetic road {k}" for k in range(1, len(kinds) + 1)],
        },
        np.array([trunk, *crossing, *joints], dtype=object),
    )
    last = max((p for p in laid.plants if p.fits), key=lambda p: p.chainage_m)
    return frame, shapely.box(west, south, last.middle[0] - 700.0, north)


def _stations(laid: Plan) -> gpd.GeoDataFrame:
    places = np.linspace(0.0, laid.line.length, len(_STATION_NAMES))
    return _frame(
        {
            "name_th": [f"สถานีจำลองที่{th}" for th, _ in _STATION_NAMES],
            "name_en": [f"Synthetic station {en}" for _, en in _STATION_NAMES],
        },
        shapely.line_interpolate_point(laid.line, places),
    )


def _frame(columns: Mapping[str, Any], shapes: np.ndarray) -> gpd.GeoDataFrame:
    """Make features that say of themselves that they are synthetic."""
    import geopandas as gpd

    labelled = {**columns, "synthetic": np.ones(len(shapes), dtype=bool)}
    frame = gpd.GeoDataFrame(labelled, geometry=shapes, crs=CRS)
    frame.attrs = {"synthetic": True, "title": dict(TITLE)}
    return frame
