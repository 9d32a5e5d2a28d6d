"""Likeness beside the score, cell by cell: where the two disagree, and which measure pushes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.core.types import BoolArray, FloatArray
from maemoh_gis.files.scratch import blocks_of
from maemoh_gis.learnt.skill import ranks_among
from maemoh_gis.suitability.limits import State

if TYPE_CHECKING:
    from maemoh_gis.core.grid import Grid
    from maemoh_gis.files.scratch import Raster
    from maemoh_gis.learnt.curves import Model
    from maemoh_gis.learnt.places import Measures

LEAST_OPEN = 100
"""Cells of open land of a sample, below which ranks among it say nothing."""


@dataclass(frozen=True)
class Beside:
    """Likeness and score as ranks; float32 (rows, cols)."""

    rank: FloatArray
    """Share of all land that is less alike; NaN where a measure is unknown."""
    difference: FloatArray
    """Rank by likeness less rank by score among open land; NaN where the use finds none."""
    push: FloatArray
    """Number of the measure, from 1, that pushes likeness most the way the two differ; below 0
    where it pushes down."""
    correlation: float | None
    """Rank correlation of both on open land; None where too little is open."""


@dataclass(frozen=True)
class Scale:
    """Cells that stand for all land and for open land, each sorted."""

    land: FloatArray
    """Likeness of all land."""
    likeness: FloatArray
    """Likeness of open land."""
    score: FloatArray
    """Score of open land."""


def is_open(state: np.ndarray) -> BoolArray:
    """Tell which cells no limit removes."""
    return np.asarray((state == State.ALLOWED) | (state == State.CONDITIONAL))


def scale_of(likeness: FloatArray, score: FloatArray, opened: BoolArray) -> Scale:
    """Make scales of cells that stand for all land."""
    told = opened & ~np.isnan(score)
    return Scale(np.sort(likeness), np.sort(likeness[told]), np.sort(score[told]))


def correlation(likeness: FloatArray, score: FloatArray, opened: BoolArray) -> float | None:
    """Give the rank correlation (Spearman) of likeness and score on open land."""
    told = opened & ~np.isnan(score)
    if told.sum() < LEAST_OPEN:
        return None
    one, other = (ranks_among(np.sort(of[told]), of[told]) - 0.5 for of in (likeness, score))
    spread = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return round(float((one * other).sum()) / spread, 4) if spread else None


def laid_beside(
    model: Model,
    measures: Measures,
    score: Raster,
    state: Raster,
    study: Raster,
    scale: Scale,
    grid: Grid,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Give rank, difference and push of all cells; see `Beside`."""
    found = tuple(np.full(grid.shape, np.nan, dtype=np.float32) for _ in range(3))
    for rows in blocks_of(grid.shape):
        here = np.asarray(study[rows]).ravel()
        pushes = model.pushes(measures.at(rows)[here])
        scored = np.asarray(score[rows]).ravel()[here].astype(np.float64)
        opened = is_open(np.asarray(state[rows]).ravel()[here])
        for band, values in zip(found, _of_cells(pushes, scored, opened, scale), strict=True):
            band[rows].reshape(-1)[here] = values
    return found[0], found[1], found[2]


def _of_cells(
    pushes: FloatArray, score: FloatArray, opened: BoolArray, scale: Scale
) -> tuple[FloatArray, FloatArray, FloatArray]:
    likeness = np.zeros(len(pushes))
    for k in range(pushes.shape[1]):
        likeness += pushes[:, k]
    apart = ranks_among(scale.likeness, likeness) - ranks_among(scale.score, score)
    comparable = opened & (len(scale.score) >= LEAST_OPEN)
    apart = np.where(comparable, apart, np.nan)
    return ranks_among(scale.land, likeness), apart, _strongest(pushes, apart)


def _strongest(pushes: FloatArray, apart: FloatArray) -> FloatArray:
    """Give the measure that pushes most the way of a difference, by its number."""
    way = np.where(apart < 0, -1.0, 1.0)
    number = (np.nan_to_num(pushes) * way[:, None]).argmax(axis=1) + 1.0
    return np.where(np.isnan(apart), np.nan, number * way)
