"""The land use model on small made-up ground."""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.grid import Grid
from pack.land_use.assign import assign
from pack.land_use.drivers import (
    REACH_M,
    cells_of,
    height_above_nearest,
    measure_drivers,
    metres_to,
)
from pack.land_use.model import (
    CODES,
    FARM,
    allocate,
    cells_from_rai,
    class_scores,
    quota_report,
    split_by_households,
)
from pack.land_use.odds import DRIVERS, ODDS, log_odds, patchy_noise

GRID = Grid("EPSG:32647", 100.0, 5500, -20200, 40, 60)
RAI = 6.25
QUOTAS = {
    "a": {
        "paddy": 300 * RAI,
        "field_crops": 100 * RAI,
        "vegetables": 7 * RAI,
        "built_up": 60 * RAI,
    },
    "b": {"paddy": 90 * RAI, "orchards": 210 * RAI, "vegetables": 0.0, "built_up": 30 * RAI},
}
FOREST_RAI = 1000 * RAI


def ground():
    """A valley along the west edge that rises eastward, two districts and a small reservoir."""
    slope = np.tile(np.linspace(0.0, 35.0, 60), (40, 1))
    drivers = {"slope_percent": slope, "height_above_drainage_m": slope * 15.0}
    district = np.zeros((40, 60), dtype=np.int32)
    district[20:] = 1
    district[:, 58:] = -1
    fixed = np.zeros((40, 60), dtype=np.int32)
    fixed[5:9, 5:9] = CODES["water"]
    return class_scores(GRID, drivers, seed=1), district, fixed


def run(quotas=QUOTAS, forest_rai=FOREST_RAI):
    scores, district, fixed = ground()
    return allocate(scores, district, fixed, quotas, forest_rai=forest_rai, cell_m=100.0)


def faults_of(quotas, forest_rai=FOREST_RAI):
    with pytest.raises(LayerError) as caught:
        run(quotas, forest_rai)
    return caught.value.faults


@pytest.mark.parametrize("seed", range(12))
def test_no_other_sharing_has_a_larger_sum(seed):
    random = np.random.default_rng(seed)
    quotas = random.integers(0, 9, size=4)
    scores = random.normal(size=(4, quotas.sum()))
    scores = np.round(scores) if seed % 2 else scores
    owner = assign(scores, quotas)
    slots = scores[np.repeat(np.arange(4), quotas)]
    row, col = linear_sum_assignment(-slots)
    assert scores[owner, np.arange(owner.size)].sum() == pytest.approx(slots[row, col].sum())


def test_every_class_gets_exactly_its_number_of_cells():
    scores = np.random.default_rng(3).normal(size=(5, 4000))
    quotas = np.array([1, 0, 1999, 1500, 500])
    assert (np.bincount(assign(scores, quotas), minlength=5) == quotas).all()


def test_numbers_that_do_not_add_up_are_refused():
    with pytest.raises(ValueError, match="do not share out 3 cells"):
        assign(np.zeros((2, 3)), np.array([1, 1]))


def test_an_unknown_score_is_refused():
    with pytest.raises(ValueError, match="not finite"):
        assign(np.array([[np.nan, 1.0]]), np.array([2]))


@pytest.mark.parametrize(("number", "code"), [(0, "a"), (1, "b")])
def test_every_quota_is_met_to_the_cell(number, code):
    land_use, district = run(), ground()[1]
    for name, rai in QUOTAS[code].items():
        assert (land_use[district == number] == CODES[name]).sum() == rai / RAI


def test_forest_meets_its_total_and_the_rest_is_other_land():
    land_use, district = run(), ground()[1]
    assert (land_use == CODES["forest"]).sum() == 1000
    taken = 1000 + 16 + sum(rai / RAI for wanted in QUOTAS.values() for rai in wanted.values())
    assert (land_use == CODES["other"]).sum() == (district >= 0).sum() - taken


def test_a_reservoir_keeps_its_cells():
    land_use, _, fixed = run(), *ground()[1:]
    assert (land_use[fixed > 0] == CODES["water"]).all()
    assert (land_use == CODES["water"]).sum() == 16


def test_ground_outside_the_districts_has_no_class():
    land_use, district = run(), ground()[1]
    assert ((land_use == 0) == (district < 0)).all()


def test_two_runs_are_the_same():
    assert run().tobytes() == run().tobytes()


def test_a_changed_total_moves_the_map():
    changed = {**QUOTAS, "b": {**QUOTAS["b"], "paddy": 140 * RAI}}
    before, after = run(), run(changed)
    assert (after == CODES["paddy"]).sum() == (before == CODES["paddy"]).sum() + 50
    assert (before[:20, :58] == CODES["paddy"]).tolist() == (
        after[:20, :58] == CODES["paddy"]
    ).tolist()


def test_the_order_of_the_classes_does_not_matter():
    backward = {code: dict(reversed(wanted.items())) for code, wanted in QUOTAS.items()}
    assert (run(backward) == run()).all()


def test_the_order_of_the_districts_does_not_matter():
    scores, district, fixed = ground()
    swapped = np.where(district >= 0, 1 - district, -1)
    quotas = dict(reversed(QUOTAS.items()))
    again = allocate(scores, swapped, fixed, quotas, forest_rai=FOREST_RAI, cell_m=100.0)
    assert (again == run()).all()


def test_paddy_lies_flatter_than_forest():
    land_use, slope = run(), np.tile(np.linspace(0.0, 35.0, 60), (40, 1))
    assert slope[land_use == CODES["paddy"]].mean() < slope[land_use == CODES["forest"]].mean() - 5


def test_a_quota_larger_than_its_district_is_named():
    (fault,) = faults_of({**QUOTAS, "b": {"paddy": 5000 * RAI}})
    assert (fault.code, fault.key) == ("quota_infeasible", "b.paddy")
    assert (fault.found, fault.expected) == ("5000", "1160")
    assert fault.values == {"district": "b", "land_use": "paddy"}


def test_quotas_that_only_together_exceed_a_district_are_named_together():
    (fault,) = faults_of({**QUOTAS, "b": {"paddy": 700 * RAI, "orchards": 600 * RAI}})
    assert fault.key == "b.orchards + paddy"
    assert (fault.found, fault.expected) == ("1300", "1160")


def test_all_faulty_quotas_are_named_at_once():
    faults = faults_of({"a": {"paddy": -1.0, "orchards": float("nan")}, "b": {"paddy": 9e9}})
    assert [(fault.code, fault.key) for fault in faults] == [
        ("quota_not_area", "a.orchards"),
        ("quota_not_area", "a.paddy"),
        ("quota_infeasible", "b.paddy"),
    ]


def test_more_forest_than_land_left_is_named():
    (fault,) = faults_of(QUOTAS, forest_rai=2000 * RAI)
    assert (fault.code, fault.key, fault.found) == ("quota_infeasible", "forest", "2000")


def test_land_under_water_is_not_free_for_quotas():
    (fault,) = faults_of({"a": {"paddy": 1150 * RAI}, "b": {}}, forest_rai=0.0)
    assert fault.expected == str(20 * 58 - 16)


def test_on_a_200_m_grid_the_deviation_is_reported():
    grid = Grid("EPSG:32647", 200.0, 2750, -10100, 20, 30)
    scores = class_scores(grid, {"slope_percent": np.tile(np.linspace(0, 35, 30), (20, 1))}, seed=1)
    district = np.zeros((20, 30), dtype=np.int32)
    quotas = {"a": {"paddy": 1010.0}}
    land_use = allocate(
        scores, district, np.zeros_like(district), quotas, forest_rai=5000.0, cell_m=200.0
    )
    paddy = quota_report(land_use, district, quotas, whole="p", whole_rai={}, cell_m=200.0)[0]
    assert (paddy.quota_cells, paddy.modelled_cells, paddy.difference_cells) == (40, 40, 0)
    assert (paddy.modelled_rai, paddy.difference_rai) == (1000.0, -10.0)


def test_a_map_made_elsewhere_shows_how_far_it_is_from_the_quotas():
    scores, district, fixed = ground()
    land_use = allocate(scores, district, fixed, QUOTAS, forest_rai=FOREST_RAI, cell_m=100.0)
    coarse, there = land_use[::2, ::2], district[::2, ::2]
    rows = quota_report(coarse, there, QUOTAS, whole="p", whole_rai={}, cell_m=200.0)
    paddy = next(row for row in rows if (row.district, row.land_use) == ("a", "paddy"))
    assert paddy.quota_cells == 75
    assert paddy.difference_cells == (coarse[:10] == CODES["paddy"]).sum() - 75


def test_the_report_counts_every_class_of_the_whole_area():
    district = ground()[1]
    rows = quota_report(run(), district, QUOTAS, whole="p", whole_rai={}, cell_m=100.0)
    whole = [row for row in rows if row.district == "p"]
    assert [row.land_use for row in whole] == list(CODES)
    assert sum(row.modelled_cells for row in whole) == (district >= 0).sum()


@pytest.mark.parametrize(("rai", "cells"), [(0.0, 0), (1.0, 0), (3.125, 1), (6.25, 1), (166.0, 27)])
def test_rai_are_rounded_to_whole_cells(rai, cells):
    assert cells_from_rai(rai, 100.0) == cells


def test_built_up_land_is_split_by_households():
    assert split_by_households(100.0, {"a": 30, "b": 10}) == {"a": 75.0, "b": 25.0}


def test_noise_does_not_depend_on_the_window():
    wide = GRID.padded(3000.0)
    inside = patchy_noise(wide, "paddy", seed=7)[wide.window_of(GRID)]
    assert inside.tobytes() == patchy_noise(GRID, "paddy", seed=7).tobytes()


def test_noise_differs_between_seeds_and_between_classes():
    paddy = patchy_noise(GRID, "paddy", seed=7)
    assert abs(paddy - patchy_noise(GRID, "paddy", seed=8)).mean() > 0.2
    assert abs(paddy - patchy_noise(GRID, "orchards", seed=7)).mean() > 0.2


def test_noise_has_the_spread_that_is_asked():
    wide = Grid("EPSG:32647", 400.0, 1000, -5000, 600, 600)
    noise = patchy_noise(wide, "paddy", seed=1, spacing_m={1600.0: 0.7})
    assert noise.mean() == pytest.approx(0.0, abs=0.02)
    assert noise.std() == pytest.approx(0.7, rel=0.03)


def test_noise_is_patchy_not_salt_and_pepper():
    noise = patchy_noise(GRID, "paddy", seed=1)
    assert abs(np.diff(noise, axis=1)).mean() < 0.2 * noise.std()


def test_an_unknown_driver_speaks_neither_for_nor_against():
    nothing = np.full((2, 2), np.nan)
    assert (log_odds({"slope_percent": nothing}, ODDS["paddy"]) == 0.0).all()


def test_every_odds_curve_is_for_a_known_driver_and_runs_from_small_to_large():
    for curves in ODDS.values():
        for driver, points in curves.items():
            values = [value for value, _ in points]
            assert driver in DRIVERS
            assert values == sorted(set(values))


def test_every_class_that_is_not_an_outline_has_a_score():
    drivers = {name: np.zeros(GRID.shape) for name in DRIVERS}
    assert set(class_scores(GRID, drivers, seed=1)) == {*FARM, "built_up", "forest", "other"}


def test_distance_to_nothing_is_unknown():
    assert np.isnan(metres_to(np.zeros((2, 3), dtype=bool), 100.0)).all()


def test_distance_is_cut_off_at_the_margin():
    far = np.zeros((1, 400), dtype=bool)
    far[0, 0] = True
    assert metres_to(far, 100.0)[0, [1, 399]].tolist() == [100.0, REACH_M]


def test_height_is_taken_above_the_nearest_drainage():
    elevation = np.array([[10.0, 15.0, 8.0, 30.0, 20.0]])
    drainage = np.array([[True, False, False, False, True]])
    assert height_above_nearest(elevation, drainage).tolist() == [[0.0, 5.0, 0.0, 10.0, 0.0]]


def test_a_road_outside_the_area_counts_inside():
    import geopandas as gpd
    from shapely import LineString

    west, south, _, north = GRID.bounds
    line = LineString([(west - 950.0, south), (west - 950.0, north)])
    road = gpd.GeoDataFrame(geometry=[line], crs=GRID.crs)
    blank = np.zeros(GRID.padded(REACH_M).shape)
    drivers = measure_drivers(GRID, {"road": road}, blank, blank)
    assert drivers["road_m"][0, :2].tolist() == [1000.0, 1100.0]


def test_a_cell_belongs_to_the_outline_that_holds_its_centre():
    from shapely import box

    west, south, _, _ = GRID.bounds
    assert cells_of([box(west, south, west + 149.0, south + 51.0)], GRID).sum() == 1
