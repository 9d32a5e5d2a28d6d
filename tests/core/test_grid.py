"""The grid every raster stands on."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from maemoh_gis.core.crs import transformer_between
from maemoh_gis.core.errors import GridError
from maemoh_gis.core.grid import Grid, require_same_cells

UTM = "EPSG:32647"
MAE_MOH = (575_000.0, 2_010_000.0, 605_000.0, 2_040_000.0)


def mae_moh(cell_m: float = 100.0, **more: float) -> Grid:
    return Grid.covering(MAE_MOH, crs=UTM, cell_m=cell_m, **more)


def code_of(caught: pytest.ExceptionInfo[GridError]) -> str:
    (fault,) = caught.value.faults
    return fault.code


@pytest.mark.parametrize(
    ("crs", "code"),
    [
        ("EPSG:4326", "geographic_crs"),
        ("EPSG:4240", "geographic_crs"),  # Indian 1975
        ("EPSG:2263", "crs_not_in_metres"),  # New York in US survey feet
        ("EPSG:4978", "crs_not_in_metres"),  # earth-centred metres, not a map
        ("EPSG:999999", "unknown_crs"),
        ("somewhere", "unknown_crs"),
        ("", "unknown_crs"),
    ],
)
def test_a_grid_refuses_a_crs_that_is_not_in_metres(crs: str, code: str) -> None:
    with pytest.raises(GridError) as caught:
        Grid.covering(MAE_MOH, crs=crs, cell_m=100)
    assert code_of(caught) == code
    with pytest.raises(GridError) as caught:
        Grid(crs, 100.0, 0, 0, 1, 1)
    assert code_of(caught) == code


@pytest.mark.parametrize("cell_m", [0.0, -30.0, float("nan"), float("inf")])
def test_a_grid_refuses_a_cell_that_is_no_size(cell_m: float) -> None:
    with pytest.raises(GridError) as caught:
        Grid(UTM, cell_m, 0, 0, 1, 1)
    assert code_of(caught) == "cell_size"
    with pytest.raises(GridError) as caught:
        Grid.covering(MAE_MOH, crs=UTM, cell_m=cell_m)
    assert code_of(caught) == "cell_size"


@pytest.mark.parametrize("shape", [(0, 5), (5, 0), (-1, 5)])
def test_a_grid_refuses_to_be_empty(shape: tuple[int, int]) -> None:
    with pytest.raises(GridError) as caught:
        Grid(UTM, 100.0, 0, 0, *shape)
    assert code_of(caught) == "empty_grid"


@pytest.mark.parametrize(
    "bounds",
    [(10, 0, 0, 10), (0, 10, 10, 0), (0, 0, float("nan"), 10), (0, 0, float("inf"), 10)],
)
def test_a_grid_refuses_bounds_that_hold_no_land(bounds: tuple[float, ...]) -> None:
    with pytest.raises(GridError) as caught:
        Grid.covering(bounds, crs=UTM, cell_m=100)  # type: ignore[arg-type]
    assert code_of(caught) == "empty_bounds"


def test_edges_are_whole_multiples_of_the_cell() -> None:
    grid = Grid.covering((575_012, 2_010_099, 575_113, 2_010_201), crs=UTM, cell_m=100)
    assert grid.bounds == (575_000, 2_010_000, 575_200, 2_010_300)
    assert grid.shape == (3, 2)


def test_bounds_on_cell_edges_gain_no_extra_cell() -> None:
    assert mae_moh().bounds == MAE_MOH
    assert mae_moh().shape == (300, 300)


def test_a_point_gets_one_cell() -> None:
    assert Grid.covering((575_000, 2_010_000) * 2, crs=UTM, cell_m=100).shape == (1, 1)


@given(
    st.floats(0, 1e6), st.floats(0, 5e6), st.floats(0, 5e4), st.floats(0, 5e4),
    st.sampled_from([1.0, 12.5, 30.0, 100.0]), st.floats(0, 500),
)  # fmt: skip
def test_a_grid_covers_what_was_asked_and_less_than_a_cell_more(
    west: float, south: float, width: float, height: float, cell_m: float, pad_m: float
) -> None:
    asked = (west - pad_m, south - pad_m, west + width + pad_m, south + height + pad_m)
    grid = Grid.covering(
        (west, south, west + width, south + height), crs=UTM, cell_m=cell_m, pad_m=pad_m
    )
    over = np.array([1, 1, -1, -1]) * (np.array(asked) - np.array(grid.bounds))
    assert (over >= -1e-6).all()
    assert (over <= cell_m + 1e-6).all()


def test_rows_run_from_north_to_south_and_cells_are_told_by_their_centres() -> None:
    grid = Grid.covering((0, 0, 200, 300), crs=UTM, cell_m=100)
    assert grid.x.tolist() == [50, 150]
    assert grid.y.tolist() == [250, 150, 50]
    assert (grid.transform.a, grid.transform.e) == (100, -100)
    assert (grid.transform.c, grid.transform.f) == (0, 300)
    assert grid.cell_area_m2 == 10_000


@given(st.integers(0, 250), st.integers(0, 250), st.integers(1, 50), st.integers(1, 50))
def test_a_window_shares_its_cells_bit_for_bit(row: int, col: int, rows: int, cols: int) -> None:
    whole = mae_moh(33.3)
    inner = dataclasses.replace(
        whole, row0=whole.row0 + row, col0=whole.col0 + col, rows=rows, cols=cols
    )
    where = whole.window_of(inner)
    assert where == (slice(row, row + rows), slice(col, col + cols))
    assert np.array_equal(whole.x[where[1]], inner.x)
    assert np.array_equal(whole.y[where[0]], inner.y)


def test_padding_rounds_up_to_whole_cells_and_keeps_the_inner_grid() -> None:
    grid = mae_moh()
    wider = grid.padded(101)
    assert wider.shape == (304, 304)
    assert wider.window_of(grid) == (slice(2, 302), slice(2, 302))
    assert grid.padded(0) == grid


def test_a_grid_that_sticks_out_is_refused() -> None:
    grid = mae_moh()
    with pytest.raises(GridError) as caught:
        grid.window_of(grid.padded(100))
    assert code_of(caught) == "grid_sticks_out"


@pytest.mark.parametrize(
    "other", [mae_moh(50.0), Grid.covering(MAE_MOH, crs="EPSG:32648", cell_m=100.0)]
)
def test_grids_of_different_cells_are_never_mixed(other: Grid) -> None:
    with pytest.raises(GridError) as caught:
        require_same_cells(mae_moh(), other)
    assert code_of(caught) == "mixed_grids"


def test_one_crs_written_two_ways_is_one_crs() -> None:
    require_same_cells(mae_moh(), Grid.covering(MAE_MOH, crs="epsg:32647", cell_m=100))


def test_the_cell_of_a_place_is_found_and_none_outside() -> None:
    grid = mae_moh()
    row, col = grid.cell_at(lon=99.752, lat=18.296) or (-1, -1)
    cell = grid.cell(row, col)
    assert cell.shape == (1, 1)
    assert cell.cell_at(lon=99.752, lat=18.296) == (0, 0)
    assert grid.window_of(cell) == (slice(row, row + 1), slice(col, col + 1))
    assert grid.cell_at(lon=100.5, lat=13.75) is None  # Bangkok


def test_the_scale_error_of_area_at_mae_moh_is_stated() -> None:
    assert mae_moh().area_scale_error() == pytest.approx(-0.0007, abs=0.0001)


def on_the_ground(grid: Grid) -> float:
    """Measure a grid on the ellipsoid, its outline followed closely, in square metres."""
    west, south, east, north = grid.bounds
    shape = shapely.segmentize(shapely.box(west, south, east, north), 500.0)
    x, y = shapely.get_coordinates(shape).T
    lon, lat = transformer_between(grid.crs, "EPSG:4326").transform(x, y)
    return abs(Geod(ellps="WGS84").polygon_area_perimeter(lon, lat)[0])


@pytest.mark.parametrize(("west", "sign"), [(575_000, -1), (500_000, -1), (750_000, 1)])
def test_its_sign_is_that_of_areas_on_the_ellipsoid(west: float, sign: int) -> None:
    grid = Grid.covering((west, 2_020_000, west + 2_000, 2_022_000), crs="EPSG:32647", cell_m=100)
    error = grid.rows * grid.cols * grid.cell_area_m2 / on_the_ground(grid) - 1
    assert np.sign(error) == sign
    assert grid.area_scale_error() == pytest.approx(error, abs=2e-5)
