"""
The land one use may still take, and the best piece of it.

Scores are counted in whole parts of 2^-20, so sums do not depend on the order of the cells: turning
the land turns the answer. Only exact ties are broken by position, the cell farther north, then
west, first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
from maemoh_gis.sites.growth import BLOCK, QUANTUM, best_seed, grow
from maemoh_gis.sites.land_masks import (
    fillable_holes,
    large_enough,
    square_sums,
    take_scored,
    with_holes,
)
from maemoh_gis.sites.shape import compactness, disc_rows, where_circles_fit, wide_enough
from maemoh_gis.sites.slid_shapes import BestSlid, shapes_to_slide

# Score given up for one radius of distance from the seed: enough to keep a site round on even land,
# too little to pass over land that is clearly better. ASSUMPTION.
PULL_TO_SEED = 0.15
# Where a site must be compact, the strongest of these pulls is tried first: land on which even that
# grows no compact site is given up at once. Then the weakest that gives one is taken.
_STRONGEST, _STRONGER = 16.0, (1.0, 4.0)
# How far around a refused seed no other is tried, in radii of a site. ASSUMPTION.
_REFUSED_RADII = 0.7
# Rows whose seeds are weighed at once when all are: bounds memory, changes no result.
_WEIGHED_ROWS = 256
# Beyond it, a sum of scores and the bits of a tie do not fit into 64 bits together.
_LARGEST_TIED_SIDE = 1024


@dataclass(frozen=True)
class SiteNeeds:
    """What a use asks of a site, in cells."""

    cells: int
    """Cells a site should hold."""
    least_cells: int
    """Cells below which a piece of land is no site."""
    least_score: float
    """No cell of a site scores below this, filled holes apart."""
    count: int
    """Sites wanted."""
    spacing_cells: float = 0.0
    """Least gap between the outlines of sites."""
    width_cells: int = 1
    """A circle this wide reaches every cell of a site without leaving it."""
    least_compactness: float = 0.0
    """Least compactness, 1 being a circle."""
    hole_cells: int = 0
    """Holes up to this are filled; they count neither as land of the site nor in its score."""
    pull: float = PULL_TO_SEED
    """Score given up for one radius of distance from the middle: how much compactness is
    preferred."""


@dataclass(frozen=True)
class LandLeft:
    """How many cells are left after each demand on a site, in the order they are applied."""

    usable: int
    """Land the limits leave."""
    scored: int
    """Of it, what scores high enough and no road or stream cuts."""
    wide: int
    """Of it, what is wide enough."""
    large: int
    """Of it, what lies in a large enough piece; 0 means that no site can be found."""


@dataclass(frozen=True)
class Piece:
    """A grown piece of land."""

    rows: IntArray
    cols: IntArray
    counted: int
    """Its cells without filled holes."""
    score_sum: int
    """Sum of their scores in parts of 2^-20."""

    @property
    def mean(self) -> float:
        """Mean score of its land, filled holes left out."""
        return self.score_sum / (self.counted * QUANTUM)


class Ground(Protocol):
    """The land a use looks at; its arrays are asked for one by one and need not be kept."""

    @property
    def needs(self) -> SiteNeeds:
        """What is asked."""

    @property
    def score(self) -> FloatArray:
        """Suitability from 0 to 1, float (rows, cols); NaN is unknown."""

    @property
    def usable(self) -> BoolArray:
        """Land a site may hold, bool (rows, cols)."""

    @property
    def barrier(self) -> BoolArray | None:
        """Where no site may be or reach across, bool (rows, cols)."""

    @property
    def fillable(self) -> BoolArray | None:
        """Land that may lie in a filled hole; None: usable land that has a score."""


class AvailableLand:
    """The land one use may still take where others have not, and the best piece of it."""

    def __init__(self, ground: Ground, taken: BoolArray | None = None) -> None:
        self.needs = needs = ground.needs
        self.disc = disc_rows(needs.width_cells)
        self._require_room()
        self.refused = 0
        # Each array is let go as soon as it is used: all at once would be a multiple of the land.
        self.quanta, counted, may_fill, usable = _read(ground, taken)
        self.holes = fillable_holes(counted, may_fill, needs.hole_cells)
        del may_fill
        scored = int(counted.sum())
        land = wide_enough(counted | self.holes, needs.width_cells)
        wide = int((land & counted).sum())
        land = large_enough(land, counted, needs.least_cells)
        counted &= land
        self.counted, self.land = counted, land
        self.left = LandLeft(usable, scored, wide, int(counted.sum()))
        self.fits = where_circles_fit(land, needs.width_cells)
        self.seedable: BoolArray = np.ones(land.shape, dtype=bool)
        self._begin()

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and columns."""
        rows, cols = self.land.shape
        return rows, cols

    def hole_places(self) -> IntArray:
        """List the cells of fillable holes as `row * cols + col`, rising."""
        return np.flatnonzero(self.holes)

    def rest(self) -> RestingLand:
        """Pack the land into little memory; no score off the land is ever looked at."""
        masks = (self.land, self.counted, self.fits, self.seedable)
        return RestingLand(
            self.needs, self.shape, self.left, self.refused, self.hole_places(),
            tuple(np.packbits(mask) for mask in masks), self.quanta[self.land],
        )  # fmt: skip

    def _begin(self) -> None:
        """Weigh all seeds."""
        rows, cols = self.shape
        self.key = np.full((rows, cols), -1, dtype=np.int64)
        blocks = (-(-rows // BLOCK), -(-cols // BLOCK))
        self.block_best = np.full(blocks, -1, dtype=np.int64)
        self.block_stale = np.ones(blocks, dtype=bool)
        self._scratch = np.zeros((2, rows, cols), dtype=bool)
        needs = self.needs
        self._slid = BestSlid(
            shapes_to_slide(
                needs.cells, needs.least_cells, needs.width_cells, needs.least_compactness
            ),
            (rows, cols),
        )
        step = max(_WEIGHED_ROWS, 4 * self._side())
        for top in range(0, rows, step):
            self._weigh_seeds(slice(top, min(top + step, rows)), slice(0, cols))

    def best_piece(self) -> Piece | None:
        """
        Find the best piece that meets every demand; None where there is none left.

        It is the one grown from the best seed, or a shape slid over all land that is worth more: by
        its mean score times the share of the wanted cells that it has.
        """
        grown, slid = self._best_grown(), self._best_slid()
        if grown is None or slid is None:
            return grown or slid
        return slid if self._worth(slid) > self._worth(grown) else grown

    def _worth(self, piece: Piece) -> float:
        return piece.mean * min(piece.counted, self.needs.cells)

    def _best_grown(self) -> Piece | None:
        while True:
            row, col = best_seed(self.key, self.block_best, self.block_stale)
            if row < 0:
                return None
            piece = self._grown_from(row, col)
            if piece is not None:
                return piece

    def _best_slid(self) -> Piece | None:
        found = self._slid.best(self.quanta, self.counted)
        if found is None:
            return None
        rows, cols = found
        return Piece(rows, cols, len(rows), int(self.quanta[rows, cols].sum(dtype=np.int64)))

    def take(self, piece: Piece, gap: float = 0.0) -> None:
        """
        Take a piece, and all land nearer to it than `gap` cells, away from what is left.

        The gap is between outlines. Cells that touch by a corner have none, so the outlines are as
        far apart as the centres of a cell and of the nearest cell that touches the piece.
        """
        rows, cols = self._around(piece, math.ceil(gap) + 1)
        taken = np.zeros(self.land[rows, cols].shape, dtype=bool)
        taken[piece.rows - rows.start, piece.cols - cols.start] = True
        if gap > 0:
            touching = ndimage.binary_dilation(taken, structure=np.ones((3, 3), dtype=bool))
            # A gap of just so many cells is wide enough, however it was rounded.
            taken = ndimage.distance_transform_edt(~touching) < gap - 1e-9
        self.land[rows, cols] &= ~taken
        self.counted[rows, cols] &= ~taken
        margin = math.ceil(gap) + 1 + self.needs.width_cells
        wider = self._around(piece, margin + self.needs.width_cells)
        inner = self._around(piece, margin)
        fits = where_circles_fit(self.land[wider], self.needs.width_cells)
        self.fits[inner] = fits[_within(inner[0], wider[0]), _within(inner[1], wider[1])]
        self._weigh_seeds(*self._around(piece, margin + self._side()))
        self._slid.changed(rows, cols)

    def _require_room(self) -> None:
        circle = int((self.disc[:, 2] - self.disc[:, 1] + 1).sum())
        if circle > self.needs.cells:
            raise RunError(
                Fault("circle_larger_than_site", found=str(circle), expected=str(self.needs.cells))
            )

    def _side(self) -> int:
        """Side of the square that weighs a seed, even or odd as the circle, so it is centred."""
        side = round(math.sqrt(self.needs.cells))
        return max(side + (side - self.needs.width_cells) % 2, 1)

    def _weigh_seeds(self, rows: slice, cols: slice) -> None:
        """Weigh the seeds of a window by the land around them as it is now."""
        side = self._side()
        values, window = self._with_margin(rows, cols, side)
        sums = square_sums(values, side)[window]
        good = self.fits[rows, cols] & self.seedable[rows, cols]
        if side % 2 and side <= _LARGEST_TIED_SIDE:
            # Own score breaks ties between equal neighbourhoods, whichever way the land is turned.
            sums = (sums << 21) + self.quanta[rows, cols]
        self.key[rows, cols] = np.where(good, sums, -1)
        self._mark_stale(rows, cols)

    def _with_margin(
        self, rows: slice, cols: slice, margin: int
    ) -> tuple[IntArray, tuple[slice, slice]]:
        wider = (_grown(rows, margin, self.land.shape[0]), _grown(cols, margin, self.land.shape[1]))
        values = np.where(self.counted[wider], self.quanta[wider], 0).astype(np.int64)
        return values, (_within(rows, wider[0]), _within(cols, wider[1]))

    def _mark_stale(self, rows: slice, cols: slice) -> None:
        self.block_stale[
            rows.start // BLOCK : (rows.stop - 1) // BLOCK + 1,
            cols.start // BLOCK : (cols.stop - 1) // BLOCK + 1,
        ] = True

    def _grown_from(self, row: int, col: int) -> Piece | None:
        needs = self.needs
        if needs.least_compactness <= 0:
            piece, dry = self._attempt(row, col, needs.pull)
        else:
            piece, dry = self._attempt(row, col, needs.pull * _STRONGEST)
            for stronger in _STRONGER if piece is not None else ():
                better, _ = self._attempt(row, col, needs.pull * stronger)
                if better is not None:
                    piece = better
                    break
        if piece is None and not dry:
            self._refuse(row, col)
        return piece

    def _attempt(self, row: int, col: int, pull: float) -> tuple[Piece | None, bool]:
        """Grow once; say too whether all land that can be reached from here is too small."""
        needs = self.needs
        rows, cols, looked_rows, looked_cols, count = grow(
            self.quanta, self.counted, self.fits, self.disc, *self._scratch,
            row, col, needs.cells, needs.least_cells, pull,
        )  # fmt: skip
        if count < needs.least_cells:
            self._forget(looked_rows, looked_cols)
            return None, True
        return self._tidied(rows, cols), False

    def _refuse(self, row: int, col: int) -> None:
        """Start no more sites near a seed that gave none: they would grow much the same land."""
        self.refused += 1
        height, width = self.land.shape
        radius = math.sqrt(self.needs.cells / math.pi) * _REFUSED_RADII
        margin = math.ceil(radius)
        near = (
            _grown(slice(row, row + 1), margin, height),
            _grown(slice(col, col + 1), margin, width),
        )
        down, right = np.ogrid[near]
        close = (down - row) ** 2 + (right - col) ** 2 <= radius**2
        at = np.nonzero(close & self.seedable[near])
        self._forget(at[0] + near[0].start, at[1] + near[1].start)

    def _forget(self, rows: IntArray, cols: IntArray) -> None:
        """Start no more sites here."""
        self.seedable[rows, cols] = False
        self.key[rows, cols] = -1
        self.block_stale[rows // BLOCK, cols // BLOCK] = True

    def _tidied(self, rows: IntArray, cols: IntArray) -> Piece | None:
        """Fill holes, give up what they leave too narrow, and refuse what is not a site then."""
        needs = self.needs
        top, left = max(int(rows.min()) - 1, 0), max(int(cols.min()) - 1, 0)
        window = (slice(top, int(rows.max()) + 2), slice(left, int(cols.max()) + 2))
        site = np.zeros(self.land[window].shape, dtype=bool)
        site[rows - top, cols - left] = True
        if needs.hole_cells > 0:
            site = with_holes(
                site, self.land[window], self.holes[window],
                hole_cells=needs.hole_cells, across=needs.width_cells,
            )  # fmt: skip
        counted = site & self.counted[window]
        if counted.sum() < needs.least_cells:
            return None
        if needs.least_compactness > 0 and compactness(site) < needs.least_compactness:
            return None
        at = np.nonzero(site)
        return Piece(
            at[0] + top, at[1] + left,
            int(counted.sum()), int(self.quanta[window][counted].sum(dtype=np.int64)),
        )  # fmt: skip

    def _around(self, piece: Piece, margin: int) -> tuple[slice, slice]:
        height, width = self.land.shape
        return (
            _grown(slice(int(piece.rows.min()), int(piece.rows.max()) + 1), margin, height),
            _grown(slice(int(piece.cols.min()), int(piece.cols.max()) + 1), margin, width),
        )


@dataclass(frozen=True)
class RestingLand:
    """Open land that takes little memory and must wake before anything is asked of it."""

    needs: SiteNeeds
    shape: tuple[int, int]
    left: LandLeft
    refused: int
    hole_places: IntArray
    masks: tuple[NDArray[np.uint8], ...]
    """Land, what counts of it, where circles fit and where sites may start, as bits."""
    quanta: IntArray
    """Scores of the land in parts of 2^-20, in reading order."""

    def wake(self) -> AvailableLand:
        """Unpack the land as it was."""
        land = object.__new__(AvailableLand)
        land.needs, land.left, land.refused = self.needs, self.left, self.refused
        land.disc = disc_rows(self.needs.width_cells)
        cells = math.prod(self.shape)
        land.land, land.counted, land.fits, land.seedable = [
            np.unpackbits(bits, count=cells).view(np.bool_).reshape(self.shape)
            for bits in self.masks
        ]
        land.holes = np.zeros(self.shape, dtype=bool)
        land.holes.flat[self.hole_places] = True
        land.quanta = np.zeros(self.shape, dtype=np.int32)
        land.quanta[land.land] = self.quanta
        land._begin()
        return land


def _read(ground: Ground, taken: BoolArray | None) -> tuple[IntArray, BoolArray, BoolArray, int]:
    """Read scores as whole parts, what counts as land, what may lie in a hole, usable cells."""
    score, counted = ground.score, np.array(ground.usable)
    if taken is not None:
        counted &= ~taken
    usable = int(counted.sum())
    fillable = ground.fillable
    may_fill = counted & ~np.isnan(score) if fillable is None else np.array(fillable)
    del fillable
    if taken is not None:
        may_fill &= ~taken
    quanta = np.empty(score.shape, dtype=np.int32)
    take_scored(score, score.dtype.type(ground.needs.least_score), quanta, counted)
    del score
    barrier = ground.barrier
    if barrier is not None:
        counted &= ~barrier
        may_fill &= ~barrier
    return quanta, counted, may_fill, usable


def _grown(span: slice, margin: int, length: int) -> slice:
    return slice(max(span.start - margin, 0), min(span.stop + margin, length))


def _within(span: slice, wider: slice) -> slice:
    return slice(span.start - wider.start, span.stop - wider.start)
