"""What is learnt from: places count once and lie whole in a block."""

import numpy as np
import pytest

from maemoh_gis.learnt.sample import (
    LAND,
    MOST_CELLS,
    Measured,
    Sample,
    blocks_at,
    corner_of,
    thinned,
    whole_places_in_blocks,
)


def small(place, block):
    values = np.zeros((len(place), 1))
    return Sample((Measured("one"),), values, np.array(place), np.array(block))


def test_a_place_weighs_one_however_many_cells_it_has_and_land_as_much_as_all_places():
    weights = small([0, 0, 0, 0, 1, LAND, LAND, LAND, LAND], [1] * 9).weights()
    assert weights.tolist() == [0.25, 0.25, 0.25, 0.25, 1.0, 0.5, 0.5, 0.5, 0.5]


def test_a_block_is_counted_from_the_origin_of_the_crs_and_tells_its_corner():
    east, north = np.array([12_345.0, 9_999.9, 10_000.0]), np.array([29_999.0, 30_000.0, 0.0])
    corners = [corner_of(int(one), 10_000.0) for one in blocks_at(east, north, 10_000.0)]
    assert corners == [(10_000.0, 20_000.0), (0.0, 30_000.0), (10_000.0, 0.0)]


def test_a_place_across_the_edge_of_a_block_lies_in_that_of_its_middle_cell():
    place, block = np.array([0, 0, 0, LAND]), np.array([7, 8, 8, 7])
    assert whole_places_in_blocks(place, block).tolist() == [8, 8, 8, 7]


@pytest.mark.parametrize(("cells", "kept"), [(3, 3), (MOST_CELLS, MOST_CELLS), (900, MOST_CELLS)])
def test_a_large_place_keeps_some_cells_from_end_to_end(cells, kept):
    found = thinned(np.arange(cells))
    assert (len(found), found[0], found[-1]) == (kept, 0, cells - 1)
    assert len(set(found.tolist())) == kept
