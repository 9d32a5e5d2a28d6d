"""What is recorded of the tracks at the stations of a line, on tracks drawn by hand."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, Point

from maemoh_gis.core.grid import Grid
from maemoh_gis.runs.project import Project, prepare
from maemoh_gis.runs.stage_table import stage_table
from maemoh_gis.scenario.checks.check import faults_of
from maemoh_gis.yards.tracks import (
    COLUMNS,
    shortfall_m,
    sides_of,
    stations_inside,
    tracks_at_stations,
    with_tracks,
)
from tests.paths import FROZEN_LAYERS, FROZEN_SCENARIOS

USE = "container_yard"
# The line runs east, so left is north; posts rise eastward. It is drawn 20 m off the real track.
LINE = LineString([(0, 20), (10_000, 20)])


def track(kind, station, first, last, y=0.0, length=None):
    shape = LineString([(first, y), (last, y)])
    length = abs(last - first) if length is None else length
    return {"kind": kind, "station_en": station, "length_m": length, "geometry": shape}


def told(*tracks, siding_m=500.0, inside=(True, False), line=LINE):
    names = {"name_th": ["ก", "ข"], "name_en": ["West", "East"]}
    stations = gpd.GeoDataFrame(names, geometry=[Point(2000, 3), Point(8000, 3)])
    recorded = gpd.GeoDataFrame(list(tracks))
    found = tracks_at_stations(line, stations, recorded, siding_m, np.array(inside))
    return found.set_index("station_en")


# Drawn from east to west: the way a track is drawn decides nothing.
MAIN = track("main", None, 10_000, 0)


def test_a_loop_on_the_left_and_a_siding_on_the_right():
    found = told(
        MAIN,
        track("loop", "West", 1800, 2100, 5),
        track("loop", "West", 2100, 2220, 5),
        track("siding", "West", 1900, 2000, -5),
        track("loop", "East", 7700, 8300, -5),
    )
    west, east = found.loc["West"], found.loc["East"]
    assert list(west[["loop_pieces", "loop_longest_m", "loop_total_m"]]) == [2, 300, 420]
    assert list(west[["siding_pieces", "siding_longest_m", "siding_total_m"]]) == [1, 100, 100]
    assert (west["loop_side"], west["siding_side"], east["loop_side"]) == ("left", "right", "right")
    assert (west["loop_short_of_siding_m"], east["loop_short_of_siding_m"]) == (200, 0)
    assert list(found["in_study_area"]) == [True, False]
    # Nothing recorded is not that nothing is there.
    nothing = [name for name in COLUMNS if name.startswith(("yard_", "spur_"))]
    assert found[nothing].isna().all(axis=None)
    assert east[["siding_pieces", "siding_side"]].isna().all()


def test_sides_turn_with_the_line_and_both_are_told():
    yard = (track("yard", "West", 1800, 2100, y) for y in (-9, 9))
    tracks = (MAIN, track("loop", "West", 1800, 2100, 5), *yard)
    back = told(*tracks, line=LINE.reverse(), inside=(False, True))
    assert list(back.index) == ["East", "West"]
    assert list(back["in_study_area"]) == [True, False]
    assert back.loc["West", "loop_side"] == "right"
    assert told(*tracks).loc["West", "loop_side"] == "left"
    assert back.loc["West", "yard_side"] == "both"


def test_no_side_at_the_main_track_far_from_it_or_beyond_the_line():
    beyond = track("main", None, 10_000, 11_000)
    pieces = [(500, 600, 1), (500, 600, 200), (10_400, 10_600, 5), (500, 600, 149)]
    shapes = np.array([track("loop", "", *one)["geometry"] for one in pieces])
    main = np.array([MAIN["geometry"], beyond["geometry"]])
    assert list(sides_of(shapes, main, LINE)) == ["", "", "", "left"]
    assert list(sides_of(shapes, main[:0], LINE)) == [""] * 4


def test_a_length_nobody_recorded_makes_longest_total_and_shortfall_unknown():
    unmeasured = track("loop", "West", 1800, 2100, 5, np.nan)
    west = told(MAIN, unmeasured, track("loop", "West", 2100, 2220, 5)).loc["West"]
    assert west["loop_pieces"] == 2
    assert west[["loop_longest_m", "loop_total_m", "loop_short_of_siding_m"]].isna().all()


@pytest.mark.parametrize(("longest", "short"), [(352.0, 148.0), (500.0, 0.0), (690.0, 0.0)])
def test_a_loop_falls_short_of_the_siding_or_does_not(longest, short):
    assert shortfall_m(longest, 500.0) == short


def test_stations_stand_in_cells_of_the_study_area_or_off_the_grid():
    grid = Grid.covering((0, 0, 300, 200), crs="EPSG:32647", cell_m=100)
    study = np.array([[True, False, False], [False, False, True]])
    points = [Point(50, 150), Point(250, 50), Point(250, 150), Point(-1, 150), Point(50, 201)]
    stations = gpd.GeoDataFrame(geometry=points)
    assert list(stations_inside(stations, study, grid)) == [True, True, False, False, False]


def test_columns_are_there_and_empty_where_no_layer_tells_of_tracks():
    stations = pd.DataFrame({"station_en": ["West", "East"]})
    found = with_tracks(stations, None)
    assert list(found) == ["station_en", *COLUMNS]
    assert found[list(COLUMNS)].isna().all(axis=None)


def asking(tracks):
    """A scenario that asks for tracks, on layers among which no tracks are."""
    resolved, catalog = prepare(Project(FROZEN_LAYERS, FROZEN_SCENARIOS), "baseline")
    use = resolved.scenario.uses[USE]
    yard = use.yard.model_copy(update={"tracks": tracks})
    uses = {**resolved.scenario.uses, USE: use.model_copy(update={"yard": yard})}
    scenario = resolved.scenario.model_copy(update={"uses": uses})
    written = resolved.written.model_copy(update={"uses": uses})
    resolved = replace(resolved, scenario=scenario, written=written)
    blocking = [fault.code for fault in faults_of(resolved, catalog) if fault.blocks]
    return blocking, {stage.id: stage for stage in stage_table(scenario, catalog)}


def test_a_catalog_without_tracks_still_runs_and_tracks_decide_no_search():
    faults, stages = asking("rail_lines")
    assert faults == []
    assert f"yard_tracks:{USE}" not in stages
    _, unasked = asking(None)
    assert stages[f"yards:{USE}"].params == unasked[f"yards:{USE}"].params


def test_a_layer_that_is_there_must_be_one_of_tracks():
    faults, _ = asking("stations")
    assert "wrong_layer_kind" in faults
    assert "unknown_column" in faults
