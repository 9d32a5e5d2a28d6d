"""What a piece of land brings to a use, by hand."""

import math

import numpy as np
import pytest

from maemoh_gis.comparison.pieces import payoff

NAN = np.nan


def test_removed_land_pays_nothing():
    # (0.9 + 0.6 + 0) / 3; the removed cell's score of 1 does not count.
    state = np.array([1, 2, 3], dtype=np.uint8)
    assert payoff(state, np.array([0.9, 0.6, 1.0])) == 0.5


@pytest.mark.parametrize(("state", "score"), [([1, 4], [0.5, 0.5]), ([1, 1], [0.5, NAN]), ([], [])])
def test_a_piece_with_an_unknown_cell_has_no_payoff(state, score):
    assert math.isnan(payoff(np.array(state, dtype=np.uint8), np.array(score, dtype=np.float32)))


def test_a_removed_cell_needs_no_score():
    assert payoff(np.array([1, 3], dtype=np.uint8), np.array([0.5, NAN])) == 0.25
