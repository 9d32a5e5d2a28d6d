"""
How well places that were not learnt from are found: by their rank among land held out with them.

The rank of a place is the share of that land which is less alike, its own cells taken together. The
mean over places is the area under the ROC curve: 0.5 is chance.
"""

from __future__ import annotations

import numpy as np

from maemoh_gis.core.types import FloatArray
from maemoh_gis.learnt.sample import Sample


def ranks_among(sorted_land: FloatArray, likeness: FloatArray) -> FloatArray:
    """Give the share of land that is less alike, equals counting half; NaN where unknown."""
    below = np.searchsorted(sorted_land, likeness, side="left")
    upto = np.searchsorted(sorted_land, likeness, side="right")
    ranks = (below + upto) / (2.0 * max(len(sorted_land), 1))
    return np.where(np.isnan(likeness), np.nan, ranks)


def cell_ranks(sample: Sample, likeness: FloatArray) -> FloatArray:
    """Give the rank of each cell of a place among the land beside it, (cells of places,)."""
    return ranks_among(np.sort(likeness[sample.is_land]), likeness[~sample.is_land])


def place_ranks(sample: Sample, likeness: FloatArray) -> FloatArray:
    """Give the rank of each place, in the order of their numbers, (places,)."""
    numbers = sample.place[~sample.is_land]
    return mean_by_place(numbers, cell_ranks(sample, likeness))


def mean_by_place(numbers: np.ndarray, ranks: FloatArray) -> FloatArray:
    """Take the mean of the cells of each place, (places,)."""
    _, where, cells = np.unique(numbers, return_inverse=True, return_counts=True)
    return np.asarray(np.bincount(where, ranks) / cells)


def gain(sample: Sample, likeness: FloatArray) -> float:
    """
    Give the mean logarithm of how many times as dense places were foretold where they stand.

    0 is what no model gains; it falls below where places stand on land thought poor. As each place
    counts by what was foretold of it, and not by rank alone, it is proper for choosing a form.
    """
    here = mean_by_place(sample.place[~sample.is_land], likeness[~sample.is_land])
    return float(here.mean() - np.log(np.exp(likeness[sample.is_land]).mean()))
