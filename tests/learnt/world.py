"""A made-up land: places stand near a line, or anywhere."""

import numpy as np

from maemoh_gis.learnt.sample import LAND, Measured, Sample, blocks_at

SIDE_M = 60_000.0
BLOCK_M = 6_000.0
FAR_M = 5_000.0


def land(count, seed=1):
    """Give points with their distance to a line through the middle, a noise, and a class."""
    draw = np.random.default_rng(seed)
    x, y = draw.uniform(0, SIDE_M, (2, count))
    far = np.abs(y - SIDE_M / 2)
    far[far > 20_000] = np.inf
    return x, y, np.column_stack([far, draw.uniform(0, 1, count), draw.integers(1, 4, count)])


def sample(near_m=FAR_M, places=40, cells=3000, seed=1):
    """Put places within `near_m` of the line, where the class is 2 nine times out of ten."""
    x, y, values = land(cells, seed)
    draw = np.random.default_rng(seed + 1)
    fits = np.flatnonzero(
        (values[:, 0] <= near_m) & ((values[:, 2] == 2) | (draw.random(cells) < 0.1))
    )
    chosen = draw.choice(fits, places, replace=False)
    rows = np.concatenate([chosen, np.arange(cells)])
    number = np.concatenate([np.arange(places), np.full(cells, LAND)])
    measures = (Measured("line"), Measured("noise"), Measured("cover", classed=True))
    return Sample(measures, values[rows], number, blocks_at(x[rows], y[rows], BLOCK_M))
