"""
Fitting a model to where places stand: logistic regression of places against all land.

The odds of a cell to be one of a place, with places and land weighed alike, are how many times as
dense places are on such land as on all land: so no land is taken for land without industry (Fithian
and Hastie 2013, Annals of Applied Statistics 7).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from maemoh_gis.core.types import FloatArray, IntArray
from maemoh_gis.learnt.curves import (
    DECIMALS,
    FORMS,
    Form,
    Model,
    Ramps,
    columns_of,
    model_of,
    ramps_of,
)
from maemoh_gis.learnt.sample import Sample
from maemoh_gis.learnt.skill import gain

Split = tuple[IntArray, IntArray]
"""Rows of a sample to learn from, and rows held out."""


@dataclass(frozen=True)
class Design:
    """A sample as the columns of a regression of one form."""

    sample: Sample
    form: Form
    ramps: tuple[Ramps, ...]
    columns: FloatArray
    """Float64 (cells, columns)."""


def designs_of(sample: Sample, forms: Sequence[Form] = FORMS) -> list[Design]:
    """Prepare a sample for every form; where curves may bend is up to the land, not to places."""
    ramps = [tuple(ramps_of(sample, form)) for form in forms]
    return [
        Design(sample, form, mine, columns_of(mine, sample.values))
        for form, mine in zip(forms, ramps, strict=True)
    ]


def fit(design: Design, rows: IntArray) -> Model:
    """Fit curves to some rows of a sample."""
    from sklearn.linear_model import LogisticRegression

    part = design.sample.of(rows)
    regression = LogisticRegression(
        C=design.form.strength, solver="newton-cholesky", tol=1e-10, max_iter=100
    )
    regression.fit(design.columns[rows], ~part.is_land, sample_weight=part.weights())
    # Sums over many rows differ in their last digits by processor and number of threads.
    slopes = np.round(regression.coef_[0], DECIMALS).tolist()
    return model_of(design.form, design.ramps, slopes, part.values[part.is_land])


def folds_of(sample: Sample, rows: IntArray, folds: int) -> list[Split]:
    """
    Part rows into those to learn from and those held out, block by block.

    No block stands on both sides, and folds hold about as many places; fewer folds where there are
    fewer blocks with places.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    part = sample.of(rows)
    parts = StratifiedGroupKFold(max(min(folds, len(part.blocks)), 2))
    split = parts.split(part.values, ~part.is_land, part.block)
    both = [(rows[kept], rows[held]) for kept, held in split]
    return [one for one in both if all(_tells(sample, side) for side in one)]


def _tells(sample: Sample, rows: IntArray) -> bool:
    """Say whether rows hold places and land."""
    return 0 < int(sample.is_land[rows].sum()) < len(rows)


def gains(design: Design, split: Sequence[Split]) -> FloatArray:
    """Give what a form gains on each fold held out, (folds,); see `gain`."""
    found = []
    for kept, held in split:
        part = design.sample.of(held)
        found.append(gain(part, fit(design, kept).likeness(part.values)))
    return np.round(np.array(found), DECIMALS)


def chosen(by_form: Sequence[FloatArray]) -> int:
    """
    Choose the simplest form that is within one standard error of the best, fold against fold.

    `by_form` has an array (folds,) for each form, the simplest first. Nobody gains by bending that
    blocks cannot tell from straight (Hastie, Tibshirani and Friedman 2009, section 7.10).
    """
    table = np.array(by_form)
    behind = table[int(np.argmax(table.mean(axis=1)))] - table
    folds = table.shape[1]
    error = behind.std(axis=1, ddof=1) / np.sqrt(folds) if folds > 1 else np.zeros(len(table))
    return int(np.flatnonzero(behind.mean(axis=1) <= error)[0])


def fit_chosen(designs: Sequence[Design], rows: IntArray, folds: int) -> Model:
    """Choose a form by blocks held out, then fit it to all the rows."""
    split = folds_of(designs[0].sample, rows, folds)
    return fit(designs[chosen([gains(design, split) for design in designs])], rows)
