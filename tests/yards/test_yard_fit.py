"""A yard is found wherever one fits, and nowhere else."""

import dataclasses
import math

import geopandas as gpd
import numpy as np
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

from maemoh_gis.core.errors import FormatError, LayerError
from maemoh_gis.core.grid import Grid
from maemoh_gis.scenario.settings.yard_needs import YardNeeds
from maemoh_gis.yards.fit import YardSurroundings, find_yards, joined_line, judged_places
from maemoh_gis.yards.kernels import chord_geometry
from maemoh_gis.yards.land_under import YardLand, zonal_sums
from maemoh_gis.yards.shapes import polygons_of
from maemoh_gis.yards.track_grade import LineHeights, grade_over, grade_score, heights_along
from maemoh_gis.yards.verdicts import TESTS
from tests.world import world

CRS = "EPSG:32647"
NEEDS = YardNeeds(expansion_m=200.0)


# Beside a line.


def flat_world(length_m=3000.0, cell_m=10.0):
    """A straight line eastward through good land, level throughout."""
    grid = Grid.covering((-500, -600, length_m + 500, 600), crs=CRS, cell_m=cell_m)
    land = YardLand(grid, np.ones(grid.shape, bool), np.full(grid.shape, 0.8, np.float32))
    line = shapely.LineString([(0, 0), (length_m, 0)])
    heights = LineHeights(np.array([0.0, length_m]), np.array([100.0, 100.0]), 0.05, surveyed=True)
    return line, land, heights


def closed(land, polygon):
    """The same land with a polygon taken out."""
    x, y = np.meshgrid(land.grid.x, land.grid.y)
    return dataclasses.replace(land, usable=land.usable & ~shapely.contains_xy(polygon, x, y))


def roads(*shapes, kind="secondary"):
    return gpd.GeoDataFrame({"class": [kind] * len(shapes)}, geometry=list(shapes), crs=CRS)


# A course known to the centimetre, so that what is drawn is what is there.
EXACT = YardSurroundings(line_accuracy_m=0.0)


def down(search):
    return {row.test: (row.at_all, row.alone) for row in search.tests}


def test_on_open_land_yards_stand_end_to_end_on_both_sides():
    line, land, heights = flat_world()
    search = find_yards(line, land, NEEDS, heights=heights)
    assert search.places == 402
    assert search.fits["chainage_km"].tolist() == [0.5, 0.5, 1.5, 1.5, 2.5, 2.5]
    assert search.fits["side"].tolist() == ["right", "left"] * 3
    first = search.fits.geometry.iloc[1]
    assert first.equals(shapely.box(0, 10, 1000, 260))
    assert search.fits.union_all().area == pytest.approx(search.fits.area.sum())
    assert (search.fits["expansion_free"]).all()
    assert (search.fits["score_mean"] == 0.8).all()


def test_a_stream_one_cell_wide_cuts_the_land():
    line, land, heights = flat_world(1900.0)
    cut = closed(land, shapely.box(950, 100, 960, 260))
    search = find_yards(line, cut, NEEDS, heights=heights)
    assert set(search.fits["side"]) == {"right"}
    assert down(search)["land"] == (91, 91)


def test_a_road_of_a_declared_class_may_not_come_between_yard_and_line():
    line, land, heights = flat_world(1900.0)
    crossing = shapely.LineString([(950, 5), (950, 8)])
    asked = {"heights": heights, "around": YardSurroundings(roads=roads(crossing))}
    search = find_yards(line, land, NEEDS, **asked)
    assert set(search.fits["side"]) == {"right"}
    assert down(search)["roads"] == (91, 91)
    undeclared = dataclasses.replace(NEEDS, road_classes=("trunk",))
    assert set(find_yards(line, land, undeclared, **asked).fits["side"]) == {"left", "right"}


def test_crossings_are_proven_only_where_no_road_can_be_missing():
    line, land, heights = flat_world()
    away = roads(shapely.LineString([(0, 5000), (100, 5000)]))

    def proven(**around):
        fits = find_yards(line, land, NEEDS, heights=heights, around=YardSurroundings(**around))
        return fits.fits["roads_proven"].tolist()

    assert not any(proven())
    assert not any(proven(roads=away, roads_complete=np.empty(0, dtype=object)))
    assert all(proven(roads=away, roads_complete=None))
    west = np.array([shapely.box(-100, -1000, 1900, 1000)])
    assert proven(roads=away, roads_complete=west) == [True, True, False, False, False, False]


def test_a_line_steeper_than_declared_carries_no_yard():
    line, land, _ = flat_world()

    def with_grade(permille):
        # An error of 0.001 m of each height is one of 0.006 per mille over 500 m.
        heights = LineHeights(np.array([0.0, 3000.0]), np.array([0.0, 3.0 * permille]), 0.001)
        return find_yards(line, land, NEEDS, heights=heights)

    assert with_grade(2.6).fits.empty
    assert down(with_grade(2.6))["grade"] == (402, 402)
    fits = with_grade(1.75).fits
    assert fits["grade_permille"].tolist() == pytest.approx([1.75] * 6)
    assert fits["grade_score"].tolist() == pytest.approx([0.5] * 6)


def test_heights_that_were_not_surveyed_never_prove_a_grade():
    line, land, heights = flat_world()
    read_off_terrain = dataclasses.replace(heights, surveyed=False)
    assert find_yards(line, land, NEEDS, heights=heights).fits["grade_proven"].all()
    fits = find_yards(line, land, NEEDS, heights=read_off_terrain).fits
    assert not fits["grade_proven"].any()
    # Two heights of 3 m each over 500 m: far beyond the 2.5 per mille that is asked.
    rough = dataclasses.replace(heights, error_m=3.0)
    fits = find_yards(line, land, NEEDS, heights=rough).fits
    assert not fits["grade_proven"].any()
    assert fits["grade_error_permille"].iloc[0] == pytest.approx(
        2 * math.sqrt(2) * 3 / 0.5, abs=1e-3
    )


def test_without_heights_no_grade_is_known_and_no_place_can_be_told():
    line, land, _ = flat_world()
    search = find_yards(line, land, NEEDS)
    assert search.fits.empty
    assert (search.places, search.holds, search.untold) == (402, 0, 402)
    grade = next(row for row in search.tests if row.test == "grade")
    assert (grade.at_all, grade.untold, grade.beyond) == (0, 402, 402)
    assert "grade_proven" in search.fits.columns


def test_a_bend_is_refused_for_its_bend_alone():
    _, land, heights = flat_world(1900.0)
    bent = shapely.LineString([(0, 0), (950, 42), (1900, 0)])
    needs = dataclasses.replace(NEEDS, offset_m=30.0)
    search = find_yards(bent, land, needs, heights=heights, around=EXACT)
    straight, alone = down(search)["straight"]
    # The line turns by 5.06 degrees at 951 m. With the bend d metres behind its start a chord of
    # 500 m strays d (500 - d) sin 5.06 / 500: 5 m where d is 65 m, that is 185 m from its middle.
    # So the middles from 770 to 1,130 m fail, on two sides.
    assert straight == alone == 2 * 37
    assert all(abs(km - 0.951) > 0.18 for km in search.fits["chainage_km"])
    # What nobody knows better than to 25 m turns no place down.
    rough = find_yards(
        bent, land, needs, heights=heights, around=YardSurroundings(line_accuracy_m=25.0)
    )
    assert down(rough)["straight"] == (0, 0)
    assert next(row for row in rough.tests if row.test == "straight").beyond == straight


def test_the_railway_itself_may_not_come_back_through_the_yard():
    _, land, _ = flat_world(1200.0)
    hook = shapely.LineString([(0, 0), (1200, 0), (1400, 100), (1200, 200), (600, 200)])
    long = LineHeights(np.array([0.0, 5000.0]), np.array([0.0, 0.0]))
    search = find_yards(hook, land, NEEDS, heights=long, around=EXACT)
    sides = search.fits.loc[search.fits["chainage_km"] < 0.8, "side"]
    assert set(sides) == {"right"}
    assert down(search)["one_side"][1] > 0


def test_another_railway_may_not_cross_either():
    line, land, heights = flat_world(1200.0)
    branch = np.array([shapely.LineString([(600, 50), (600, 400)])], dtype=object)
    around = YardSurroundings(rails=branch, line_accuracy_m=0.0)
    search = find_yards(line, land, NEEDS, heights=heights, around=around)
    assert search.fits["side"].tolist() == ["right"]


def test_a_railway_drawn_at_the_edge_of_the_yard_settles_nothing():
    line, land, heights = flat_world(1000.0)
    around = YardSurroundings(line_accuracy_m=25.0)

    def with_branch(first_y):
        branch = np.array([shapely.LineString([(0, first_y), (1000, first_y)])], dtype=object)
        beside = dataclasses.replace(around, rails=branch)
        return find_yards(line, land, NEEDS, heights=heights, around=beside)

    # The yard on the left lies from 10 to 260 m: 20 m inside it is within twice 25 m, 60 m is not.
    assert down(with_branch(240.0))["one_side"] == (0, 0)
    assert down(with_branch(200.0))["one_side"] == (1, 1)
    assert with_branch(240.0).fits["side"].tolist() == ["right"]


def test_the_longest_siding_is_the_longest_that_is_free():
    line, land, heights = flat_world(1400.0)
    needs = YardNeeds(length_m=400.0, width_m=100.0, sidings_m=(400.0, 600.0, 1000.0))
    # The yard itself is free; 1,000 m of tracks would run into closed land at either end.
    tight = closed(land, shapely.box(-500, -600, 350, 600))
    tight = closed(tight, shapely.box(1050, -600, 2000, 600))
    fits = find_yards(line, tight, needs, heights=heights).fits
    assert set(fits["siding_m"]) == set(fits["longest_siding_m"]) == {400.0}
    roomy = closed(land, shapely.box(-500, 20, 500, 600))
    roomy = closed(roomy, shapely.box(900, 20, 2000, 600))
    fits = find_yards(line, roomy, needs, heights=heights).fits
    left = fits[fits["side"] == "left"]
    # Three tracks of 5 m beside a 10 m offset reach 25 m: row centres at 15 m free, 25 m not.
    assert left["chainage_km"].tolist() == [0.7]
    assert left["siding_m"].tolist() == [400.0]
    assert left["longest_siding_m"].tolist() == [1000.0]
    # Each error belongs to its own length: two heights of 0.05 m over 400 and over 1,000 m.
    two = 2 * math.sqrt(2) * 0.05
    assert left["grade_error_permille"].tolist() == [pytest.approx(two / 0.4, abs=1e-3)]
    longest = left["longest_siding_grade_error_permille"].tolist()
    assert longest == [pytest.approx(two / 1.0, abs=1e-3)]


def test_the_best_land_comes_first():
    line, land, heights = flat_world()
    better = land.score.copy()
    better[:, 150:250] = 0.9
    fits = find_yards(line, dataclasses.replace(land, score=better), NEEDS, heights=heights).fits
    assert fits["chainage_km"].iloc[0] == 1.5
    assert fits["score_mean"].iloc[0] == pytest.approx(0.9)
    assert fits["score_mean"].is_monotonic_decreasing


def test_which_tests_fail_does_not_depend_on_how_good_the_land_is():
    line, land, heights = flat_world()
    better = land.score.copy()
    better[:, 150:250] = 0.9
    usable = land.usable.copy()
    usable[:, 200:220] = False
    land = dataclasses.replace(land, usable=usable)
    other = dataclasses.replace(land, score=better)
    found = judged_places(line, land, NEEDS, heights=heights)
    assert found.fails.any()
    assert not found.fails.all()
    again = judged_places(line, other, NEEDS, heights=heights)
    for bits in ("failed", "open", "beyond"):
        assert np.array_equal(getattr(found, bits), getattr(again, bits))
    whole = find_yards(line, other, NEEDS, heights=heights)
    told = find_yards(line, other, NEEDS, heights=heights, verdicts=found)
    assert told.tests == whole.tests
    assert_geodataframe_equal(told.fits, whole.fits)


def test_unknown_land_leaves_a_place_open_and_land_beyond_the_grid_carries_no_yard():
    line, land, heights = flat_world(1000.0)
    unknown = land.score.copy()
    north = np.zeros(land.grid.shape, bool)
    north[: len(north) // 2] = True
    unknown[north] = np.nan
    for not_known in (
        dataclasses.replace(land, score=unknown),
        dataclasses.replace(land, usable=land.usable & ~north, unknown=north),
    ):
        search = find_yards(line, not_known, NEEDS, heights=heights)
        assert search.fits["side"].tolist() == ["right"]
        assert down(search)["land"] == (0, 0)
        left = search.stretches[search.stretches["side"] == "left"].iloc[0]
        assert {"land", "tracks"} < set(left["not_told"].split(";"))
        # Land that is not known counts 0.
        assert left["score_best"] == 0.0
    narrow = Grid.covering((-500, -600, 1500, 200), crs=CRS, cell_m=10.0)
    north = YardLand(narrow, np.ones(narrow.shape, bool), np.ones(narrow.shape, np.float32))
    assert find_yards(line, north, NEEDS, heights=heights).fits["side"].tolist() == ["right"]


def test_a_larger_window_of_land_changes_no_fit():
    made = world(4, 40.0)
    heights = LineHeights(made.plan.chainage_m, made.plan.height_m)
    whole = find_yards(
        made.railway, YardLand(made.grid, made.usable, made.score), NEEDS, heights=heights
    )
    cut = Grid(CRS, 40.0, made.grid.col0, made.grid.row0 + 130, 100, made.grid.cols)
    window = made.grid.window_of(cut)
    part = find_yards(
        made.railway, YardLand(cut, made.usable[window], made.score[window]), NEEDS, heights=heights
    )
    assert whole.fits.equals(part.fits)


# The synthetic world: everything that is planted, nothing that is not.


@pytest.mark.parametrize(("seed", "cell_m"), [(2569, 80.0), (1, 40.0), (2, 80.0), (3, 20.0)])
def test_every_planted_yard_is_found_and_no_false_one(seed, cell_m):
    made = world(seed, cell_m)
    search = find_yards(
        made.railway,
        YardLand(made.grid, made.usable, made.score),
        NEEDS,
        heights=LineHeights(made.plan.chainage_m, made.plan.height_m, 0.001),
        around=YardSurroundings(
            line_accuracy_m=0.0,
            roads=made.roads,
            roads_complete=np.array([made.roads_complete]),
            stations=made.stations,
        ),
    )
    best_first = sorted(made.fits, key=lambda p: -p.quality)
    assert len(search.fits) == len(best_first)
    last = max(made.fits, key=lambda p: p.chainage_m)
    for (_, found), plant in zip(search.fits.iterrows(), best_first, strict=True):
        assert found["side"] == plant.side
        assert found["chainage_km"] * 1000 == pytest.approx(plant.chainage_m, abs=cell_m)
        shared = found.geometry.intersection(plant.polygon).area
        assert shared / plant.polygon.area > 0.9
        assert found["expansion_free"] == plant.expansion_free
        assert found["roads_proven"] == (plant is not last)
        assert found["station_en"].startswith("Synthetic station")
    turned_down = down(search)
    # Each of these alone keeps a planted trap from being a yard.
    for test in ("straight", "grade", "land", "roads"):
        assert turned_down[test][0] > 0
    assert turned_down["roads"][1] > 0
    assert turned_down["grade"][1] > 0
    assert set(turned_down) == {*TESTS, "all"}


@pytest.mark.parametrize("kind", ["crossed_by_road", "steep_grade", "sloped", "cut_by_stream"])
def test_a_planted_trap_is_a_yard_as_soon_as_its_one_fault_is_gone(kind):
    made = world(5, 40.0)
    trap = next(p for p in made.non_fits if p.kind == kind)
    usable, heights, around = made.usable, made.plan.height_m, YardSurroundings(roads=made.roads)
    if kind == "crossed_by_road":
        around = YardSurroundings()
    elif kind == "steep_grade":
        heights = np.zeros_like(heights)
    elif kind == "sloped":
        usable = np.isin(made.land_class, (4, 5, 11))
    else:
        usable = usable | (made.land_class == 1)
    search = find_yards(
        made.railway,
        YardLand(made.grid, usable, made.score),
        NEEDS,
        heights=LineHeights(made.plan.chainage_m, heights),
        around=around,
    )
    wanted = sorted([*made.fits, trap], key=lambda p: p.chainage_m)
    found = search.fits.sort_values("chainage_km")
    assert found["side"].tolist() == [p.side for p in wanted]
    for km, plant in zip(found["chainage_km"], wanted, strict=True):
        assert km * 1000 == pytest.approx(plant.chainage_m, abs=150)


def test_two_searches_give_the_same_answer():
    made = world(9, 80.0)
    heights = LineHeights(made.plan.chainage_m, made.plan.height_m)
    land = YardLand(made.grid, made.usable, made.score)
    one, two = (find_yards(made.railway, land, NEEDS, heights=heights) for _ in range(2))
    assert one.fits.equals(two.fits)
    assert one.tests == two.tests
    assert one.stretches.equals(two.stretches)
    assert one.stations.equals(two.stations)


# The parts.


def test_cells_beneath_a_turned_rectangle_are_those_shapely_finds():
    rng = np.random.default_rng(3)
    grid = Grid.covering((0, 0, 600, 600), crs=CRS, cell_m=10.0)
    land = YardLand(grid, rng.random(grid.shape) > 0.3, rng.random(grid.shape).astype(np.float32))
    angle = rng.uniform(0, 2 * np.pi, 20)
    rectangles = np.column_stack([
        rng.uniform(200, 400, (20, 2)), np.cos(angle), np.sin(angle), np.full(20, 90.0),
        np.full(20, 35.0),
    ])  # fmt: skip
    beneath = zonal_sums(land, rectangles, 10.0)
    x, y = np.meshgrid(grid.x, grid.y)
    for k, polygon in enumerate(polygons_of(rectangles)):
        inside = shapely.contains_xy(polygon, x, y)
        assert beneath.cells[k] == inside.sum()
        assert beneath.unusable[k] == (~land.usable[inside]).sum()
        good = np.where(land.usable, land.score, 0.0)[inside]
        assert beneath.mean_score[k] == pytest.approx(good.mean(), abs=1e-6)


def test_coarse_land_is_read_by_its_nearest_cell():
    grid = Grid.covering((0, 0, 200, 100), crs=CRS, cell_m=100.0)
    land = YardLand(grid, np.array([[True, False]]), np.array([[0.5, 0.5]], np.float32))
    rectangle = np.array([[100.0, 50.0, 1.0, 0.0, 50.0, 20.0]])
    beneath = zonal_sums(land, rectangle, 10.0)
    assert (beneath.cells[0], beneath.unusable[0]) == (40, 20)


def test_a_line_strays_from_its_chord_by_its_farthest_vertex():
    xy = np.array([[0.0, 0.0], [300.0, 400.0], [600.0, 0.0]])
    chainage = np.array([0.0, 500.0, 1000.0])
    chord = chord_geometry(xy, chainage, np.array([500.0, 900.0]), 1000.0)
    assert chord[0].tolist() == [300.0, 0.0, 1.0, 0.0, 400.0]
    assert math.isinf(chord[1, 4])


def test_a_dip_within_the_siding_counts_though_its_ends_are_level():
    heights = LineHeights(np.array([0.0, 250.0, 500.0]), np.array([10.0, 8.0, 10.0]))
    grades = grade_over(heights, np.array([250.0, 400.0]), 500.0, 2.5)
    assert grades.permille[0] == pytest.approx(4.0)
    assert grades.steepest_permille[0] == pytest.approx(8.0)
    assert np.isnan(grades.permille[1])
    assert math.isinf(grades.error_permille)


def test_the_grade_scores_by_fixed_points():
    scores = grade_score(np.array([0.0, 1.0, 1.75, 2.5, 9.0, np.nan]), 1.0, 2.5)
    assert scores[:5].tolist() == [1.0, 1.0, 0.5, 0.0, 0.0]
    assert np.isnan(scores[5])


def test_heights_are_put_in_the_order_of_the_line():
    line = shapely.LineString([(0, 0), (100, 0)])
    found = heights_along(
        line, np.array([90.0, 10.0, 50.0]), np.zeros(3), np.array([3.0, 1.0, np.nan])
    )
    assert found.chainage_m.tolist() == [10.0, 90.0]
    assert found.height_m.tolist() == [1.0, 3.0]
    assert found.spacing_m == 80.0
    with pytest.raises(LayerError):
        heights_along(line, np.array([1.0]), np.array([0.0]), np.array([5.0]))


def test_pieces_of_a_railway_are_joined_the_way_the_first_runs():
    pieces = [shapely.LineString([(10, 0), (5, 0)]), shapely.LineString([(0, 0), (5, 0)])]
    line = joined_line(np.array(pieces, dtype=object))
    assert shapely.get_coordinates(line).tolist() == [[10, 0], [5, 0], [0, 0]]
    apart = np.array([pieces[0], shapely.LineString([(0, 9), (5, 9)])], dtype=object)
    with pytest.raises(LayerError):
        joined_line(apart)


def test_needs_that_contradict_themselves_are_refused_all_at_once():
    with pytest.raises(FormatError) as caught:
        YardNeeds(width_m=10.0, straight_tolerance_m=10.0, sidings_m=(650.0, 500.0), step_m=0.0)
    assert {fault.code for fault in caught.value.faults} == {
        "yard_too_narrow",
        "tolerance_reaches_yard",
        "sidings_not_rising",
        "not_above_zero",
    }


def test_a_line_too_short_for_the_yard_gives_no_place():
    line, land, heights = flat_world(1000.0)
    short = shapely.LineString([(0, 0), (900, 0)])
    search = find_yards(short, land, NEEDS, heights=heights)
    assert (search.places, len(search.fits)) == (0, 0)
    assert len(find_yards(line, land, NEEDS, heights=heights).fits) == 2
