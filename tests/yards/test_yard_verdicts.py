"""A reading within its error of a limit is neither a fit nor a refusal."""

import math

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from maemoh_gis.core.grid import Grid
from maemoh_gis.scenario.settings.yard_needs import YardNeeds
from maemoh_gis.yards.fit import YardSurroundings, find_yards
from maemoh_gis.yards.land_under import YardLand
from maemoh_gis.yards.track_grade import LineHeights
from maemoh_gis.yards.verdicts import compare

CRS = "EPSG:32647"
NEEDS = YardNeeds()
# Two heights of this error over 500 m make two standard errors of 0.5 per mille.
ERROR_M = 0.25 / (2 * math.sqrt(2))


def level_world(length_m=3000.0):
    grid = Grid.covering((-500, -600, length_m + 500, 600), crs=CRS, cell_m=10.0)
    land = YardLand(grid, np.ones(grid.shape, bool), np.full(grid.shape, 0.8, np.float32))
    return shapely.LineString([(0, 0), (length_m, 0)]), land


def rising(permille, **how):
    return LineHeights(np.array([0.0, 3000.0]), np.array([0.0, 3.0 * permille]), ERROR_M, **how)


def surroundings(**more):
    """Nothing that could cross, and everything known of it."""
    away = gpd.GeoDataFrame({"class": ["trunk"]}, geometry=[shapely.Point(0, 9e5)], crs=CRS)
    return YardSurroundings(roads=away, line_accuracy_m=0.0, **more)


@pytest.mark.parametrize(
    ("permille", "surveyed", "outcome", "as_read"),
    [
        (1.9, True, "holds", True),
        (1.9, False, "cannot_be_told", True),
        (2.1, True, "cannot_be_told", True),
        (2.9, True, "cannot_be_told", False),
        (2.9, False, "cannot_be_told", False),
        (3.1, True, "fails", False),
        (3.1, False, "fails", False),
    ],
)
def test_a_grade_is_settled_only_beyond_its_error(permille, surveyed, outcome, as_read):
    line, land = level_world()
    search = find_yards(
        line, land, NEEDS, heights=rising(permille, surveyed=surveyed), around=surroundings()
    )
    counts = {"holds": search.holds, "cannot_be_told": search.untold}
    counts["fails"] = search.places - sum(counts.values())
    assert counts == {name: 402 * (name == outcome) for name in counts}
    assert (not search.fits.empty) == as_read
    assert set(search.fits["outcome"]) == ({outcome} if as_read else set())


numbers = st.floats(-1e6, 1e6)


@given(numbers, st.floats(0, 1e6), st.floats(0, 1e6), numbers)
def test_a_smaller_error_only_settles_what_was_open(reading, error, more, limit):
    sharp, blunt = (compare(np.array([reading]), e, limit) for e in (error, error + more))
    assert sharp.beyond[0] == blunt.beyond[0] == (reading > limit)
    assert not (blunt.fails[0] and not sharp.fails[0])
    assert not (blunt.holds[0] and not sharp.holds[0])
    assert not (sharp.fails[0] and sharp.holds[0])
    # Whatever is settled is settled the way it reads.
    assert not sharp.fails[0] or reading > limit
    assert not sharp.holds[0] or reading <= limit


@pytest.mark.parametrize("reading", [0.0, 9.0, math.nan, math.inf])
def test_a_reading_of_unknown_error_settles_nothing(reading):
    found = compare(np.array([reading]), math.inf, 2.5)
    assert not found.fails[0]
    assert not found.holds[0]
    assert found.beyond[0] == (reading != 0.0)


def test_neighbouring_places_that_cannot_be_told_are_one_stretch_of_their_side():
    line, land = level_world()
    usable = land.usable.copy()
    rows = land.grid.y > 0
    # Closed land left of the line from 1,100 to 1,110 m parts its places in two.
    usable[np.ix_(rows, (land.grid.x > 1100) & (land.grid.x < 1110))] = False
    cut = YardLand(land.grid, usable, land.score)
    stations = gpd.GeoDataFrame(
        {"name_th": ["ก", "ข", "ค"], "name_en": ["A", "B", "Elsewhere"]},
        geometry=[shapely.Point(100, 3), shapely.Point(2700, 0), shapely.Point(1500, 5000)],
        crs=CRS,
    )
    search = find_yards(
        line, cut, NEEDS, heights=rising(2.9), around=surroundings(stations=stations)
    )
    told = search.stretches[["side", "from_km", "to_km", "length_m", "places"]]
    # A yard of 1,000 m has its middle from 500 m on; left, it ends before 1,100 or begins after.
    assert told.to_numpy().tolist() == [
        ["left", 0.5, 0.6, 1100.0, 11],
        ["right", 0.5, 2.5, 3000.0, 201],
        ["left", 1.61, 2.5, 1890.0, 90],
    ]
    first = search.stretches.iloc[0]
    assert (first["station_en"], first["not_told"]) == ("A", "grade")
    assert first["grade_permille"] == pytest.approx(2.9)
    assert first["grade_error_permille"] == pytest.approx(0.5)
    assert (first["siding_m"], first["places_as_read"]) == (500.0, 0)
    assert first.geometry.equals(shapely.box(0, 10, 1100, 260))
    # A siding of 500 m about 0.5 to 0.6 km begins at 0.25 km: not at A; one about 2.5 km ends at B.
    assert search.stretches["at_station_en"].tolist() == ["", "B", "B"]
    stations_told = search.stations.set_index("station_en")
    assert stations_told.index.tolist() == ["A", "B"]
    # Halfway, at 1.4 km: right 91 places to A with the one in the middle, and 110 to B.
    assert stations_told.loc["A", ["places", "cannot_be_told", "fails"]].tolist() == [
        182, 91 + 11, 80,
    ]  # fmt: skip
    assert stations_told.loc["A", "fails_most_by"] == "land"
    assert stations_told["holds"].tolist() == [0, 0]
    assert stations_told["places"].sum() == search.places


def test_what_certainly_fails_is_in_no_stretch():
    line, land = level_world()
    search = find_yards(line, land, NEEDS, heights=rising(9.0), around=surroundings())
    assert search.stretches.empty
    assert {"from_km", "not_told", "score_best"} < set(search.stretches.columns)
    assert next(row for row in search.tests if row.test == "all").at_all == 402
