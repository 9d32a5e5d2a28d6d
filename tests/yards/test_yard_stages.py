"""What can be told of yards beside the line through Lampang, on layers that do not change."""

import numpy as np
import pytest
import shapely

from maemoh_gis.engine.stages import StageContext, execute, upstream_of
from maemoh_gis.engine.study import study_grid
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.project import Project, prepare
from maemoh_gis.runs.stage_table import stage_table
from maemoh_gis.yards.fit import find_yards, judged_places
from maemoh_gis.yards.land_under import YardLand
from maemoh_gis.yards.stages import beside_line
from maemoh_gis.yards.track_grade import grade_over
from tests.paths import FROZEN_LAYERS, FROZEN_SCENARIOS

USE = "container_yard"


@pytest.fixture(scope="module")
def lampang():
    """The line, the land of the container yard at 100 m, what the yard needs, what is around."""
    resolved, catalog = prepare(Project(FROZEN_LAYERS, FROZEN_SCENARIOS), "baseline")
    scenario, layers = resolved.scenario, Layers(catalog)
    context = StageContext(scenario, layers, study_grid(scenario, layers))
    cells = (f"state:{USE}", f"score:{USE}")
    found = execute(
        upstream_of(stage_table(scenario, catalog), cells), context, keep=cells.__contains__
    )
    yard = scenario.uses[USE].yard
    line, around = beside_line(context, yard)
    state = np.asarray(found[cells[0]].state)
    score = np.asarray(found[cells[1]].value)
    land = YardLand(context.grid, np.isin(state, (1, 2)) & ~np.isnan(score), score, state == 2)
    return line, land, yard.needs(), around


@pytest.fixture(scope="module")
def search(lampang):
    line, land, needs, around = lampang
    return find_yards(line, land, needs, **around)


def test_no_place_that_is_else_good_is_certainly_too_steep(lampang):
    line, land, needs, around = lampang
    # An independent search, with the line straight over the whole yard of 1,000 m, found 4,671
    # places that pass all but the grade; 737 read within 2.5 per mille over 500 m, 3,924 beyond.
    whole = needs.__class__(**{**vars(needs), "sidings_m": (1000.0,)})
    found = judged_places(line, land, whole, **around)
    good = ~np.any([found.has(found.beyond, t) for t in ("straight", "land", "one_side", "roads")],
                   axis=0)  # fmt: skip
    middles = np.arange(np.ceil(500 / 10), np.floor((line.length - 500) / 10) + 1) * 10
    grades = grade_over(around["heights"], np.repeat(middles, 2), 500.0, 2.5)
    reading = grades.permille[good & ~np.isnan(grades.permille)]
    assert len(reading) == pytest.approx(4671, rel=0.01)
    assert (reading <= 2.5).sum() == pytest.approx(737, rel=0.01)
    assert (reading > 2.5).sum() == pytest.approx(3924, rel=0.01)
    assert grades.error_permille == pytest.approx(2 * np.sqrt(2) * 3.0 / 0.5)
    assert (reading - grades.error_permille <= 2.5).all()


def test_nothing_along_the_line_is_proven_and_what_is_open_adds_up(search):
    assert search.holds == 0
    assert search.stretches["places"].sum() == search.untold > 4671
    assert search.stations["places"].sum() == search.places
    assert search.stations["cannot_be_told"].sum() == search.untold
    assert search.stations["stretches"].sum() == len(search.stretches)
    grade = next(row for row in search.tests if row.test == "grade")
    assert grade.untold == search.untold
    assert set(search.fits["outcome"]) == {"cannot_be_told"}


def test_at_mae_mo_station_it_cannot_be_told_whether_a_yard_fits(search):
    # By the written rule, straight over the siding of 500 m: kilometre 73.83 to 73.86, left side,
    # stray 1.2 to 4.1 m, grade 2.0 to 2.2 per mille, mean score 0.51.
    left = search.stretches[search.stretches["side"] == "left"]
    ((_, here),) = left[(left["from_km"] <= 73.84) & (left["to_km"] >= 73.84)].iterrows()
    assert here["station_en"] == here["at_station_en"] == "Mae Mo"
    assert here["not_told"].split(";") == ["straight", "grade", "one_side", "roads"]
    fit = search.fits[search.fits["station_en"] == "Mae Mo"].iloc[0]
    assert 73.83 <= fit["chainage_km"] <= 73.86
    assert 1.2 <= fit["straight_stray_m"] <= 4.1
    assert 2.0 <= fit["grade_permille"] <= 2.2
    assert fit["score_mean"] == pytest.approx(0.51, abs=0.005)
    assert (fit["siding_m"], fit["grade_error_permille"]) == (500.0, pytest.approx(16.971))


@pytest.mark.parametrize(
    ("station", "score"),
    [("Hang Chat", 0.897), ("Pang Muang", 0.852), ("Nong Wua Thao", 0.835),
     ("Huai Rak Mai", 0.827)],
)  # fmt: skip
def test_stations_turned_down_for_their_grade_are_open_with_the_land_they_have(
    search, station, score
):
    row = search.stations.set_index("station_en").loc[station]
    assert row["score_best"] == pytest.approx(score, abs=0.003)
    assert row["stretches"] > 0
    assert row["places_as_read"] == 0


def test_stations_that_should_be_level_read_as_heights_of_two_metres_error_would(lampang):
    line, _, _, around = lampang
    stations = around["around"].stations
    own = stations[stations["on_line"].astype(bool)]
    at = shapely.line_locate_point(line, np.asarray(own.geometry.array))
    grades = grade_over(around["heights"], at, 500.0, 2.5).permille
    known = grades[~np.isnan(grades)]
    assert len(known) == 18
    assert (known.min(), known.max()) == pytest.approx((0.4, 13.9), abs=0.05)
    assert (known > 2.5).sum() == 12
    rms = float(np.sqrt(np.mean(known**2)))
    assert rms == pytest.approx(6.0, abs=0.1)
    # A difference of two heights over 500 m has the square root of two times the error of one.
    assert rms / 1000 * 500 / np.sqrt(2) == pytest.approx(2.1, abs=0.1)
