"""The stages that look for a rail yard beside the line, on the land a use may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np

from maemoh_gis.engine.results import STUDY
from maemoh_gis.engine.stages import Stage, StageContext
from maemoh_gis.layers.entries import CompleteWithin
from maemoh_gis.layers.table_schemas import HEIGHTS
from maemoh_gis.suitability.limits import State
from maemoh_gis.yards.bed import Bed
from maemoh_gis.yards.fit import (
    YardSearch,
    YardSurroundings,
    find_yards,
    joined_line,
    judged_places,
)
from maemoh_gis.yards.land_under import YardLand
from maemoh_gis.yards.track_grade import LineHeights, heights_along
from maemoh_gis.yards.tracks import stations_inside, tracks_at_stations

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    import shapely

    from maemoh_gis.core.grid import Grid
    from maemoh_gis.core.types import FloatArray
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.layers.load import Layers
    from maemoh_gis.scenario.settings.yard import OwnBed, Yard
    from maemoh_gis.suitability.measure_stages import Inputs
    from maemoh_gis.yards.verdicts import Verdicts


@dataclass(frozen=True)
class Standing:
    """Where a yard may stand and nothing is unknown, and where that cannot be said."""

    usable: np.ndarray
    """Packed bits of (rows, cols)."""
    unknown: np.ndarray
    """Packed bits of (rows, cols)."""
    shape: tuple[int, int]


def yard_stages(use: str, yard: Yard, catalog: Catalog, *, conditional: bool) -> list[Stage]:
    """Look for yards on the land that passes the limits of a use."""
    states = [State.ALLOWED, State.CONDITIONAL] if conditional else [State.ALLOWED]

    def stand(context: StageContext, inputs: Inputs) -> Standing:
        state = np.asarray(inputs[f"state:{use}"].state)
        takes = np.isin(state, states)
        scored = ~np.isnan(np.asarray(inputs[f"score:{use}"].value))
        unknown = (state == State.UNKNOWN) | (takes & ~scored)
        return Standing(np.packbits(takes & scored), np.packbits(unknown), context.grid.shape)

    def try_places(context: StageContext, inputs: Inputs) -> Verdicts:
        usable, unknown = unpacked(inputs[f"yard_land:{use}"])
        nothing = np.zeros(usable.shape, dtype=np.float32)
        line, around = beside_line(context, yard)
        land = YardLand(context.grid, usable, nothing, unknown=unknown)
        return judged_places(line, land, yard.needs(), **around)

    def find(context: StageContext, inputs: Inputs) -> YardSearch:
        state, score = inputs[f"state:{use}"].state, inputs[f"score:{use}"]
        usable, unknown = unpacked(inputs[f"yard_land:{use}"])
        permit = np.asarray(state) == State.CONDITIONAL
        land = YardLand(
            context.grid, usable, np.asarray(score.value), permit, unknown, np.asarray(score.high)
        )
        line, around = beside_line(context, yard)
        return find_yards(line, land, yard.needs(), verdicts=inputs[f"yard_tests:{use}"], **around)

    params: dict[str, Any] = {"yard": yard.decides}
    layers = layers_of(yard, catalog)
    cells = (f"score:{use}", f"state:{use}")
    return [
        Stage(f"yard_land:{use}", stand, "global", cells, params={"conditional": conditional}),
        Stage(f"yard_tests:{use}", try_places, "global", (f"yard_land:{use}",),
              layers=layers, params=params, by_content=True),
        Stage(f"yards:{use}", find, "global", (*cells, f"yard_land:{use}", f"yard_tests:{use}"),
              layers=layers, params=params, whole=True),
        *_tracks_stages(use, yard, catalog),
    ]  # fmt: skip


def _tracks_stages(use: str, yard: Yard, catalog: Catalog) -> Iterator[Stage]:
    """Tell the tracks at the stations, apart from the search, of which they decide nothing."""
    stations, tracks = yard.stations, yard.tracks
    if stations is None or tracks is None or not catalog.has(tracks):
        return

    def tell(context: StageContext, inputs: Inputs) -> pd.DataFrame:
        layers, grid = context.layers, context.grid
        line = joined_line(layers.shapes(yard.railway, grid.crs))
        points = layers.features(stations, grid.crs)
        inside = stations_inside(points, np.asarray(inputs[STUDY]), grid)
        recorded = layers.features(tracks, grid.crs)
        return tracks_at_stations(line, points, recorded, yard.sidings_m[0], inside)

    params: dict[str, Any] = {"siding_m": yard.sidings_m[0]}
    read = (yard.railway, stations, tracks)
    id = tracks_stage_of(use)
    yield Stage(id, tell, "global", (STUDY,), layers=read, params=params, whole=True)


def tracks_stage_of(use: str) -> str:
    """Name the stage that tells the tracks at stations."""
    return f"yard_tracks:{use}"


def layers_of(yard: Yard, catalog: Catalog) -> tuple[str, ...]:
    """List the layers a search reads, also the one in whose polygons no road is missing."""
    within = catalog[yard.roads].complete_within if yard.roads else None
    where = (within.layer,) if isinstance(within, CompleteWithin) else ()
    return tuple(dict.fromkeys([*yard.layers(), *where]))


def unpacked(standing: Standing) -> tuple[np.ndarray, np.ndarray]:
    """Give which land a yard may stand on and of which nobody can say, bool (rows, cols)."""
    rows, cols = standing.shape
    usable, unknown = (
        np.unpackbits(bits, count=rows * cols).reshape(rows, cols).astype(bool)
        for bits in (standing.usable, standing.unknown)
    )
    return usable, unknown


def beside_line(context: StageContext, yard: Yard) -> tuple[shapely.LineString, dict[str, Any]]:
    """Give the railway of a yard in metres, and what `find_yards` wants to know about it."""
    line = joined_line(context.layers.shapes(yard.railway, context.grid.crs))
    return line, {"heights": _heights(context, yard, line), "around": _surroundings(context, yard)}


def _heights(context: StageContext, yard: Yard, line: shapely.LineString) -> LineHeights | None:
    """Read the heights along the line from their table."""
    if yard.heights is None:
        return None
    rows = context.layers.table(yard.heights, HEIGHTS)
    lon, lat, height = (
        np.array([row[name] for row in rows]) for name in ("lon", "lat", "height_m")
    )
    points = gpd.GeoSeries.from_xy(lon, lat, crs="EPSG:4326").to_crs(context.grid.crs)
    return heights_along(
        line, points.x.to_numpy(), points.y.to_numpy(), height, error_m=yard.heights_error_m
    )


def _surroundings(context: StageContext, yard: Yard) -> YardSurroundings:
    layers, crs = context.layers, context.grid.crs
    roads = layers.features(yard.roads, crs) if yard.roads else None
    return YardSurroundings(
        roads=roads,
        roads_complete=layers.complete_within(yard.roads, crs) if yard.roads else None,
        stations=layers.features(yard.stations, crs) if yard.stations else None,
        line_accuracy_m=yard.line_accuracy_m,
        bed=None if yard.deciding_bed is None else bed_of(layers, yard.deciding_bed),
    )


def bed_of(layers: Layers, bed: OwnBed) -> Bed:
    """Give how a yard may stand on its own bed, and what tells the ground beneath."""

    def ground(grid: Grid) -> tuple[FloatArray, FloatArray]:
        member = layers.members(bed.heights, grid)
        read_from = layers.catalog.read_from(bed.heights)
        errors = [layers.catalog[id].accuracy.get("rmse_m", np.nan) for id in read_from]
        error = np.array([*errors, np.nan])[member]
        return layers.numbers(bed.heights, grid), error

    return Bed(ground, bed.most_permille, bed.most_earth_m, bed.surveyed_within_m)
