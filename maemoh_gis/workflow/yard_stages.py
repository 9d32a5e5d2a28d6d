"""The stage that looks for a rail yard beside the line, on the land a use may take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np

from maemoh_gis.files import read_csv
from maemoh_gis.suitability.limits import State
from maemoh_gis.suitability.track_grade import LineHeights, heights_along
from maemoh_gis.suitability.yard_beneath import YardLand
from maemoh_gis.suitability.yard_fit import YardSearch, YardSurroundings, find_yards, joined_line
from maemoh_gis.workflow.stages import Bench, Stage

if TYPE_CHECKING:
    import shapely

    from maemoh_gis.scenarios.yard_model import Yard
    from maemoh_gis.workflow.measure_stages import Inputs


def yard_stage(use: str, yard: Yard, *, conditional: bool) -> Stage:
    """
    Look for yards on the land that passes the limits of a use.

    Parameters
    ----------
    use : str
        Id of the use.
    yard : Yard
        What must fit.
    conditional : bool
        Whether land that needs a permit may be taken.

    Returns
    -------
    Stage
        Gives a `YardSearch`.
    """
    states = [State.ALLOWED, State.CONDITIONAL] if conditional else [State.ALLOWED]

    def run(bench: Bench, inputs: Inputs) -> YardSearch:
        state = np.asarray(inputs[f"state:{use}"].state)
        score = np.asarray(inputs[f"score:{use}"].value)
        line = joined_line(bench.layers.shapes(yard.railway, bench.grid.crs))
        land = YardLand(bench.grid, np.isin(state, states), score, state == State.CONDITIONAL)
        return find_yards(
            line,
            land,
            yard.needs(),
            heights=_heights(bench, yard, line),
            around=_surroundings(bench, yard),
        )

    params: dict[str, Any] = {
        "yard": yard.model_dump(exclude={"basis"}),
        "conditional": conditional,
    }
    return Stage(f"yards:{use}", run, "global", (f"score:{use}", f"state:{use}"),
                 layers=yard.layers(), params=params)  # fmt: skip


def _heights(bench: Bench, yard: Yard, line: shapely.LineString) -> LineHeights | None:
    """Read the heights along the line from their table."""
    if yard.heights is None:
        return None
    bench.layers.checksum(yard.heights)
    rows = read_csv(bench.layers.catalog.path_of(yard.heights))
    lon, lat, height = (
        np.array([float(row[name]) for row in rows]) for name in ("lon", "lat", "height_m")
    )
    points = gpd.GeoSeries.from_xy(lon, lat, crs="EPSG:4326").to_crs(bench.grid.crs)
    return heights_along(
        line, points.x.to_numpy(), points.y.to_numpy(), height, error_m=yard.heights_error_m
    )


def _surroundings(bench: Bench, yard: Yard) -> YardSurroundings:
    layers, crs = bench.layers, bench.grid.crs
    roads = layers.features(yard.roads, crs) if yard.roads else None
    return YardSurroundings(
        roads=roads,
        roads_complete=layers.complete_within(yard.roads, crs) if yard.roads else None,
        stations=layers.features(yard.stations, crs) if yard.stations else None,
        line_accuracy_m=yard.line_accuracy_m,
    )
