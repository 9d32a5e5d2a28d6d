"""Places put elsewhere are the same places: their cells, their neighbours, on land of others."""

import numpy as np
import pytest

from maemoh_gis.core.grid import Grid
from maemoh_gis.learnt.elsewhere import Ground, put_elsewhere, samples_elsewhere
from maemoh_gis.learnt.places import Measures, PlaceCells, cell_blocks, land_cells, sample_of
from maemoh_gis.learnt.sample import Measured

GRID = Grid("EPSG:32647", 100.0, 6000, -20400, 400, 400)
BLOCK_M = 2_000.0
"""Twenty cells: 400 blocks."""


def clusters(count=10, of=4, side=5, seed=3):
    """Give clusters of square places that touch, each cluster within a block of its own."""
    draw = np.random.default_rng(seed)
    place, cell = [], []
    for block in draw.choice(400, count, replace=False):
        top, left = block // 20 * 20 + 3, block % 20 * 20 + 3
        for n in range(of):
            down, right = np.divmod(np.arange(side * side), side)
            place.append(np.full(side * side, len(place)))
            cell.append((top + down + n // 2 * side) * 400 + left + right + n % 2 * side)
    return PlaceCells(np.concatenate(place), np.concatenate(cell), 0, 0)


def everywhere():
    return np.ones(GRID.rows * GRID.cols, dtype=bool)


def nearest_m(places):
    """Give how far the middle of each place is from that of its nearest neighbour, metres."""
    y, x = np.divmod(places.cell, GRID.cols)
    numbers = np.unique(places.place)
    middles = np.array([(x[places.place == n].mean(), y[places.place == n].mean())
                        for n in numbers])  # fmt: skip
    far = np.hypot(*(middles[:, None] - middles).T)
    np.fill_diagonal(far, np.inf)
    return far.min(axis=1) * GRID.cell_m


def test_places_stand_as_close_together_with_as_many_cells_each():
    places = clusters()
    moved = put_elsewhere(places, Ground(everywhere(), GRID, BLOCK_M), (1, 2))
    assert np.median(nearest_m(moved)) == np.median(nearest_m(places)) == 500.0
    assert np.array_equal(moved.place, places.place)
    assert len(np.unique(moved.cell)) == len(np.unique(places.cell))
    assert not np.array_equal(moved.cell, places.cell)


def test_the_places_of_a_block_are_moved_by_one_way_each_block_to_another():
    places = clusters()
    moved = put_elsewhere(places, Ground(everywhere(), GRID, BLOCK_M), (1, 2))
    ways = (moved.cell - places.cell).reshape(10, -1)
    assert (ways == ways[:, :1]).all()
    assert len(set(ways[:, 0].tolist())) == 10
    again = put_elsewhere(places, Ground(everywhere(), GRID, BLOCK_M), (1, 2))
    assert np.array_equal(again.cell, moved.cell)


@pytest.mark.parametrize("seed", range(5))
def test_no_cell_is_put_where_nothing_is_known_nor_off_the_grid(seed):
    places = clusters(count=60)
    known = np.random.default_rng(7).random(GRID.rows * GRID.cols) < 0.5
    known[places.cell] = True
    moved = put_elsewhere(places, Ground(known, GRID, BLOCK_M), (seed,))
    assert known[moved.cell].all()
    assert len(moved.cell) == len(places.cell)


def test_all_land_stays_as_it_was_drawn_and_holds_nothing_of_the_old_places():
    places, known = clusters(), everywhere()
    measures = Measures((Measured("cell"),), [np.arange(known.size, dtype=float).reshape(400, 400)])
    land = land_cells(known, 500, (1,))
    sample = sample_of(measures, places, land, GRID, BLOCK_M)
    ground = Ground(known, GRID, BLOCK_M)
    (other,) = samples_elsewhere(measures, places, land, ground, 1, 1)
    assert other.values[other.is_land, 0].tolist() == land.tolist()
    assert np.array_equal(other.place, sample.place)
    assert other.weights().tolist() == sample.weights().tolist()


def test_places_in_more_blocks_than_the_cells_of_all_land_are_put_elsewhere():
    """900 places all over; 500 cells of land lie in fewer blocks than they do."""
    draw = np.random.default_rng(5)
    places = PlaceCells(np.arange(900), draw.choice(160_000, 900, replace=False), 0, 0)
    stand_in = len(np.unique(cell_blocks(places.cell, GRID, 1_000.0)))
    land = land_cells(everywhere(), 500, (1,))
    assert stand_in > len(np.unique(cell_blocks(land, GRID, 1_000.0)))
    moved = put_elsewhere(places, Ground(everywhere(), GRID, 1_000.0), (1,))
    # Places of a block that come to lie across an edge stand in two.
    assert len(np.unique(cell_blocks(moved.cell, GRID, 1_000.0))) >= stand_in
