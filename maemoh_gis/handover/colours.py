"""The score of a use as classes in the colours of the map, one byte a cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maemoh_gis.core.messages import Language, text
from maemoh_gis.pages.raster_image import ALLOWED, CONDITIONAL, REMOVED, UNKNOWN, legend_colours
from maemoh_gis.presentation.run_files import RunFiles

STEPS = 5
OUTSIDE, REMOVED_CLASS, UNKNOWN_CLASS = 0, 2 * STEPS + 1, 2 * STEPS + 2
"""Classes 1 to 5 are fifths of the score of land that passes, 6 to 10 of conditional land."""


@dataclass(frozen=True)
class Class:
    """One class of a raster."""

    value: int
    colour: str
    """`#rrggbb`."""
    words: str


def classes(language: Language) -> list[Class]:
    """List the classes that a legend shows, best first."""
    colours = legend_colours()
    passed = reversed(list(_steps(1, colours["allowed"], text("page.state_1", language))))
    conditional = reversed(
        list(_steps(STEPS + 1, colours["conditional"], text("page.state_2", language)))
    )
    return [
        *passed,
        *conditional,
        Class(REMOVED_CLASS, colours["removed"], text("page.state_3", language)),
        Class(UNKNOWN_CLASS, colours["unknown"][0], text("page.state_4", language)),
    ]


def _steps(first: int, ramp: list[str], state: str) -> Iterator[Class]:
    for step in range(STEPS):
        scores = f"{step / STEPS:.1f}–{(step + 1) / STEPS:.1f}"
        yield Class(first + step, ramp[2 * step + 1], f"{state} {scores}")


def class_codes(run: RunFiles, use: str) -> NDArray[np.uint8]:
    """
    Class every cell of a use.

    Returns
    -------
    codes : uint8 array (rows, cols)
        0 outside the study area; a score of exactly a fifth counts to the class it begins, 1.0 to
        the last.
    """
    rows, cols = whole(run)
    score = np.asarray(run.band(f"score_{use}.tif", rows, cols))
    state = np.asarray(run.band(f"limits_{use}.tif", rows, cols))
    # Scores are float32: 0.6 lies a little below three fifths.
    step = np.clip(np.floor(np.nan_to_num(score) * STEPS + 1e-5), 0, STEPS - 1).astype(np.uint8)
    codes = np.full(state.shape, OUTSIDE, dtype=np.uint8)
    known = np.isfinite(score)
    for code, first in ((ALLOWED, 1), (CONDITIONAL, STEPS + 1)):
        here = state == code
        codes[here & known] = step[here & known] + first
        codes[here & ~known] = UNKNOWN_CLASS
    codes[state == REMOVED] = REMOVED_CLASS
    codes[state == UNKNOWN] = UNKNOWN_CLASS
    return codes


def whole(run: RunFiles) -> tuple[slice, slice]:
    """Give all rows and columns of a run's rasters."""
    return slice(0, run.grid.rows), slice(0, run.grid.cols)
