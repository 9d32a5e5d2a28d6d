"""A made-up land: places stand near a line, or anywhere."""

import numpy as np

from maemoh_gis.core.grid import Grid
from maemoh_gis.learnt.elsewhere import Ground, samples_elsewhere
from maemoh_gis.learnt.places import Measures, PlaceCells, land_cells, sample_of
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


CELL_M = 500.0
GRID = Grid("EPSG:32647", CELL_M, 1200, -4080, 120, 120)


def on_cells(places, near_m, times, seed=1):
    """Give a sample of places near the line on cells, and samples of them put elsewhere."""
    draw = np.random.default_rng(seed)
    far = np.abs(np.arange(120) - 59.5)[:, None] * CELL_M + np.zeros(GRID.shape)
    measured = (Measured("line"), Measured("noise"))
    measures = Measures(measured, [far, draw.uniform(0, 1, GRID.shape)])
    cells = draw.choice(np.flatnonzero(far <= near_m), places, replace=False)
    stand = PlaceCells(np.arange(places), cells, 0, 0)
    known = np.ones(far.size, dtype=bool)
    land = land_cells(known, 3000, (seed,))
    sample = sample_of(measures, stand, land, GRID, BLOCK_M)
    ground = Ground(known, GRID, BLOCK_M)
    return sample, samples_elsewhere(measures, stand, land, ground, times, seed)
