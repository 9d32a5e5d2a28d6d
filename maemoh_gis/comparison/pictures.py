"""Score pictures of compared runs, drawn from their rasters strip by strip, each once."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

import numpy as np

from maemoh_gis.comparison.land_pass import OneRun, open_use
from maemoh_gis.comparison.runs import ComparedRun
from maemoh_gis.core.grid import Grid
from maemoh_gis.core.types import FloatArray, IntArray
from maemoh_gis.pages.raster_image import Placement, draw_pixels, place

_STRIP_ROWS = 512
# All pictures of a page together have about this many pixels, a few megabytes when packed.
_PIXELS_IN_ALL, _LEAST_PIXELS, _MOST_PIXELS = 24_000_000, 500_000, 4_000_000


def pictures_of(
    uses: Sequence[str], runs: Sequence[ComparedRun], good_from: float
) -> tuple[Placement, list[str], dict[str, list[int | None]]]:
    """
    Draw what each run says about each use.

    Where the pictures lie; their `data:` addresses, each once; and by use the number of the picture
    of each run, None where the run does not hold the use.
    """
    sources = {_source(run, use) for use in uses for run in runs if use in run.uses}
    share = _PIXELS_IN_ALL // max(len(sources), 1)
    placement = place(runs[0].grid, min(max(share, _LEAST_PIXELS), _MOST_PIXELS))
    drawn: dict[tuple[str, str], int] = {}
    pictures: list[str] = []
    numbers: dict[str, list[int | None]] = {use: [] for use in uses}
    for use in uses:
        for run in runs:
            if use not in run.uses:
                numbers[use].append(None)
                continue
            source = _source(run, use)
            if source not in drawn:
                drawn[source] = len(pictures)
                pictures.append(_draw(run, use, placement, good_from))
            numbers[use].append(drawn[source])
    return placement, pictures, numbers


def _source(run: ComparedRun, use: str) -> tuple[str, str]:
    """Give the checksums of what a picture shows."""
    outputs = run.record["outputs"]
    return outputs[f"score_{use}.tif"], outputs[f"limits_{use}.tif"]


def _draw(run: ComparedRun, use: str, placement: Placement, good_from: float) -> str:
    with ExitStack() as stack:
        score, state = _pixels(open_use(stack, run, use), run.grid, placement.cells)
    return draw_pixels(score, state, good_from)


def _pixels(opened: OneRun, grid: Grid, cells: IntArray) -> tuple[FloatArray, IntArray]:
    """Read score and state of the cell under each pixel; outside the grid the state is 0."""
    from rasterio.windows import Window

    score = np.full(cells.shape, np.nan, dtype=np.float32)
    state = np.zeros(cells.shape, dtype=np.uint8)
    for row in range(0, grid.rows, _STRIP_ROWS):
        rows = min(_STRIP_ROWS, grid.rows - row)
        states, scores = opened.look(Window(0, row, grid.cols, rows))
        first = row * grid.cols
        here = (cells >= first) & (cells < first + rows * grid.cols)
        at = cells[here] - first
        score[here], state[here] = scores.ravel()[at], states.ravel()[at]
    return score, state
