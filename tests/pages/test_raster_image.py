"""A score picture lies where its cells are and can be read back."""

import base64

import numpy as np
import pytest
from pyproj import Transformer
from rasterio.io import MemoryFile

from maemoh_gis.core.errors import GridError
from maemoh_gis.core.grid import Grid
from maemoh_gis.pages.raster_image import (
    ALLOWED,
    CONDITIONAL,
    OUTSIDE,
    REMOVED,
    UNKNOWN,
    draw,
    encode_png,
    meanings,
    palette,
    place,
)

# GDAL says of every plain PNG that it lies nowhere.
pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")

PROVINCE = Grid("EPSG:32647", 1000.0, 500, -2150, 210, 130)


def pixels(picture):
    """Decode the palette indices of a picture with GDAL, not with our own code."""
    png = base64.b64decode(picture.uri.partition(",")[2])
    with MemoryFile(png) as memory, memory.open() as dataset:
        return dataset.read(1)


def one_cell(grid, row, col):
    score = np.zeros(grid.shape, dtype=np.float32)
    state = np.full(grid.shape, OUTSIDE, dtype=np.uint8)
    state[row, col] = ALLOWED
    return score, state


@pytest.mark.parametrize("row", [0, -1])
@pytest.mark.parametrize("col", [0, -1])
def test_a_corner_cell_lies_within_one_cell_of_its_own_corners(row, col):
    placement = place(PROVINCE)
    drawn = pixels(draw(*one_cell(PROVINCE, row, col), PROVINCE, placement)) > 0
    rows, cols = np.nonzero(drawn)
    west, south, east, north = placement.bounds_3857
    height, width = drawn.shape
    x = west + np.array([cols.min(), cols.max() + 1]) * (east - west) / width
    y = north - np.array([rows.max() + 1, rows.min()]) * (north - south) / height
    back = Transformer.from_crs("EPSG:3857", PROVINCE.crs, always_xy=True)
    cell = PROVINCE.cell(row % PROVINCE.rows, col % PROVINCE.cols).bounds
    corners = zip(*back.transform(x, y), strict=True)
    for (east_m, north_m), (true_east, true_north) in zip(
        corners, [cell[:2], cell[2:]], strict=True
    ):
        assert abs(east_m - true_east) < PROVINCE.cell_m
        assert abs(north_m - true_north) < PROVINCE.cell_m


def test_every_pixel_shows_the_cell_under_its_centre():
    placement = place(PROVINCE)
    west, _, _, north = placement.bounds_3857
    height, width = placement.cells.shape
    step = (placement.bounds_3857[2] - west) / width
    lonlat = Transformer.from_crs("EPSG:3857", "EPSG:4326", always_xy=True)
    for row in range(0, height, 97):
        for col in range(0, width, 89):
            lon, lat = lonlat.transform(west + (col + 0.5) * step, north - (row + 0.5) * step)
            cell = PROVINCE.cell_at(lon, lat)
            expected = -1 if cell is None else cell[0] * PROVINCE.cols + cell[1]
            assert placement.cells[row, col] == expected


def test_states_and_scores_can_be_read_back_from_the_palette():
    grid = Grid("EPSG:32647", 1000.0, 500, -2000, 2, 3)
    score = np.array([[0.0, 0.5, 1.0], [0.25, np.nan, 0.9]], dtype=np.float32)
    state = np.array([[ALLOWED, CONDITIONAL, ALLOWED], [REMOVED, ALLOWED, UNKNOWN]], np.uint8)
    placement = place(grid)
    drawn = pixels(draw(score, state, grid, placement))
    said = {
        cell: {meanings()[index] for index in np.unique(drawn[placement.cells == cell])}
        for cell in range(6)
    }
    assert said == {
        0: {(ALLOWED, 0.0)},
        1: {(CONDITIONAL, 0.5)},
        2: {(ALLOWED, 1.0)},
        3: {(REMOVED, None)},
        4: {(UNKNOWN, None)},
        5: {(UNKNOWN, None)},
    }


def test_no_two_palette_entries_share_a_colour():
    assert len(set(palette())) == len(palette()) == len(meanings()) <= 256


def test_scores_get_lighter_from_bad_to_good():
    ramp = np.array(palette()[4:55], dtype=float)
    lightness = ramp @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(lightness) > -0.5).all()
    assert lightness[-1] > lightness[0] + 150


def test_outside_is_see_through_and_everything_else_is_not():
    indices = np.array([[0, 1], [2, 60]], dtype=np.uint8)
    with MemoryFile(encode_png(indices, palette())) as memory, memory.open() as dataset:
        colours = dataset.colormap(1)
    assert colours[0][3] == 0
    assert {colours[index][3] for index in range(1, len(palette()))} == {255}


def test_a_large_grid_is_drawn_coarser_and_says_so():
    grid = Grid("EPSG:32647", 30.0, 17000, -71000, 3000, 2600)
    placement = place(grid)
    assert placement.cells.size < 4_100_000
    assert placement.pixel_m > grid.cell_m


def test_an_array_of_another_shape_is_refused():
    score, state = one_cell(PROVINCE, 0, 0)
    with pytest.raises(GridError):
        draw(score[1:], state, PROVINCE, place(PROVINCE))
