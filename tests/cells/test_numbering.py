"""Numbering the values of an array."""

from __future__ import annotations

import numpy as np
import pytest

from maemoh_gis.cells.numbering import numbered


@pytest.mark.parametrize("dtype", [np.uint8, np.uint32, np.int64])
@pytest.mark.parametrize("most", [1, 200, 1 << 19, 1 << 20, 1 << 31])
@pytest.mark.parametrize("n", [0, 1, 4_000])
def test_values_are_numbered_as_by_sorting(dtype, most: int, n: int) -> None:
    rng = np.random.default_rng(7)
    top = min(most, np.iinfo(dtype).max)
    values = rng.integers(0, top, n, endpoint=True).astype(dtype)
    different, number = numbered(values)
    expected, inverse = np.unique(values, return_inverse=True)
    np.testing.assert_array_equal(different, expected)
    assert different.dtype == dtype
    np.testing.assert_array_equal(number, inverse)


def test_bits_up_to_the_last_are_numbered() -> None:
    values = np.array([1 << 31, 0, 1, 1 << 31], dtype=np.uint32)
    different, number = numbered(values)
    assert different.tolist() == [0, 1, 1 << 31]
    assert number.tolist() == [2, 0, 1, 2]
