"""Reservoirs, streams, dams and gauges of the pack."""

import numpy as np
import pytest
import shapely

from maemoh_gis import files
from maemoh_gis.layers.catalog import read_catalog
from pack import traces, water
from tests.layers.bundled import same_file
from tests.paths import LAYERS, SOURCES

needs_sources = pytest.mark.skipif(SOURCES is None, reason="the fuller sources are not here")


@pytest.fixture(scope="module")
def reservoirs():
    return files.read_vector(LAYERS / "reservoirs.geojson").set_index("name_en")


@pytest.fixture(scope="module")
def drainage():
    return files.read_vector(LAYERS / "drainage.geojson")


@pytest.fixture(scope="module")
def hydro():
    return files.read_vector(LAYERS / "hydro_points.geojson")


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    out = tmp_path_factory.mktemp("water")
    return out, water.build(SOURCES, out)


def test_mae_chang_lies_within_half_a_metre_of_its_operators_level(reservoirs):
    level = reservoirs.loc["Mae Chang reservoir", "level_m"]
    assert abs(level - water.MAE_CHANG_NORMAL_LEVEL_M) <= 0.5


def test_stated_areas_are_those_of_the_outlines(reservoirs):
    drawn = reservoirs.to_crs("EPSG:32647").area / 1600
    np.testing.assert_allclose(reservoirs["area_rai"], drawn, atol=10)


def test_mae_chang_reaches_into_na_sak(reservoirs):
    subdistricts = files.read_vector(LAYERS / "subdistricts.geojson")
    na_sak = subdistricts[subdistricts["name_th"] == "นาสัก"].geometry.iloc[0]
    assert reservoirs.loc["Mae Chang reservoir", "geometry"].intersects(na_sak)


def test_mae_kham_lies_in_mae_moh_district(reservoirs):
    districts = files.read_vector(LAYERS / "districts.geojson").set_index("name_th")
    assert reservoirs.loc["Mae Kham reservoir", "geometry"].within(
        districts.loc["แม่เมาะ", "geometry"]
    )


def test_no_outline_is_invented_for_kiu_kho_ma(reservoirs, hydro):
    dam = hydro[hydro["name_th"] == "เขื่อนกิ่วคอหมา"].to_crs("EPSG:32647").geometry.iloc[0]
    assert (reservoirs.to_crs("EPSG:32647").distance(dam) > 10_000).all()


def test_the_traced_part_of_kiu_lom_lies_behind_its_dam(reservoirs, hydro):
    dam = hydro[hydro["name_th"] == "เขื่อนกิ่วลม"].to_crs("EPSG:32647").geometry.iloc[0]
    part = reservoirs.loc[["Kiu Lom reservoir (part)"]]
    assert not part["complete"].iloc[0]
    assert part.to_crs("EPSG:32647").distance(dam).iloc[0] < 10_000


def test_streams_that_meet_share_an_end(drainage):
    ends = [shapely.get_coordinates(line)[[0, -1]] for line in drainage.geometry]
    heads = {tuple(end[0]) for end in ends}
    joined = sum(tuple(end[1]) in heads for end in ends)
    assert joined >= len(ends) // 2


def test_a_stream_through_the_pit_is_marked(drainage):
    mine = files.read_vector(LAYERS / "mine.geojson")
    pit = mine[(mine["part"] == "pit") & (mine["variant"] == "inner")].geometry.iloc[0]
    assert drainage.loc[drainage.intersects(pit), "through_pit"].all()
    assert drainage["through_pit"].any()


def test_catchments_are_given_as_classes(drainage):
    assert set(drainage["upstream_km2_min"]) <= set(water.CATCHMENT_CLASSES_KM2)


def test_gauges_of_the_wang_run_southward(hydro):
    wang = hydro.dropna(subset="order_downstream").sort_values("order_downstream")
    assert wang["order_downstream"].tolist() == list(range(1, 14))
    assert wang.geometry.y.is_monotonic_decreasing


def test_large_dams_carry_their_storage(hydro):
    dams = hydro[hydro["kind"] == "dam"].set_index("name_th")["storage_mm3"]
    assert dams.to_dict() == {"เขื่อนกิ่วลม": 106.22, "เขื่อนกิ่วคอหมา": 170.29}


def test_a_smoothed_square_keeps_its_area():
    cells = shapely.box(0, 0, 1500, 1000)
    assert traces.smooth_outline(cells, cell_m=500).area == pytest.approx(cells.area)


def test_smoothing_turns_a_staircase_into_a_straight_diagonal():
    stairs = shapely.Polygon(
        [(0, 0), (4, 0), (4, 1), (3, 1), (3, 2), (2, 2), (2, 3), (1, 3), (1, 4), (0, 4)]
    )
    smooth = traces.smooth_outline(stairs, cell_m=1.0, tolerance_m=0.0)
    assert smooth.convex_hull.area / smooth.area < stairs.convex_hull.area / stairs.area
    assert smooth.intersection(stairs).area > 0.9 * stairs.area


def test_a_smoothed_line_keeps_both_ends():
    line = shapely.LineString([(0, 0), (1000, 0), (1000, 1000)])
    smooth = traces.smooth_line(line)
    assert (smooth.coords[0], smooth.coords[-1]) == ((0, 0), (1000, 1000))
    assert smooth.length < line.length


@needs_sources
def test_rebuilding_gives_the_committed_bytes(rebuilt):
    out, _ = rebuilt
    for path in sorted(out.iterdir()):
        assert same_file(path, LAYERS / path.name), path.name


@needs_sources
def test_the_catalog_states_the_accuracy_that_is_measured(rebuilt):
    catalog = read_catalog(LAYERS)
    assert {id: dict(catalog[id].accuracy) for id in rebuilt[1]} == rebuilt[1]


@needs_sources
def test_outlines_stay_within_half_a_cell_of_the_traces_and_keep_their_area(rebuilt):
    accuracy = rebuilt[1]["reservoirs"]
    assert accuracy["outline_shift_m"] <= water.TRACE_CELL_M / 2
    assert accuracy["area_change_percent"] <= 3.0


@needs_sources
def test_the_sketch_is_as_far_off_the_wang_gauges_as_stated(rebuilt):
    accuracy = rebuilt[1]["drainage"]
    assert accuracy["wang_gauges"] == 3
    assert 100 < accuracy["median_offset_m"] <= accuracy["largest_offset_m"] < 1_600
