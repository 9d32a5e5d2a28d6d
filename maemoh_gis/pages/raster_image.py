"""
A score raster as a small picture that web maps lay in the right place.

Web maps stretch a picture between two corners in EPSG:3857, so a picture in the grid's own CRS
would lie askew by up to several cells. Here every pixel looks up the cell its centre falls into,
and the picture holds palette indices, which the page can turn back into scores.
"""

from __future__ import annotations

import base64
import math
import struct
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.cache.derived import cached
from maemoh_gis.cache.store import NO_CACHE, Store
from maemoh_gis.core.crs import lattice_between, transformer_between
from maemoh_gis.core.errors import GridError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.grid import Bounds, Grid
from maemoh_gis.files.scratch import blocks_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from maemoh_gis.core.types import FloatArray, IntArray
    from maemoh_gis.files.scratch import Raster

    Indices = NDArray[np.uint8]

OUTSIDE, ALLOWED, CONDITIONAL, REMOVED, UNKNOWN = range(5)
"""What a cell is, as the state array counts it."""

SCORE_STEPS = 50
"""A score is drawn to the nearest 1/50: finer than the eye, coarse enough to pack well."""

# Viridis, by S. van der Walt and N. Smith (CC0), at every tenth: it is read in the same order by
# people of every kind of colour vision and in grey print.
_VIRIDIS = "440154 482475 414487 355f8d 2a788e 21918c 22a884 44bf70 7ad151 bddf26 fde725"
_REMOVED_COLOUR = (0xD4, 0xD1, 0xCC)
_UNKNOWN_COLOURS = ((0xFB, 0xFA, 0xF8), (0x8A, 0x84, 0x7C))

# Palette: 0 outside, 1 removed, 2 and 3 the two colours of unknown, then three runs of scores:
# allowed, conditional, and conditional where a hatch line crosses it.
_RUN = SCORE_STEPS + 1
_FIRST_SCORE = 4
_HATCH_PX = 4

# A third as long as the highest level takes. A picture of much land is 2 % larger (434 to 441 kB),
# one of little land by half (23 to 34 kB).
_LEVEL = 6

_LEAST_LONG_SIDE_PX = 1000
_MOST_PIXELS = 4_000_000


@dataclass(frozen=True)
class Placement:
    """Where the pixels of a picture lie, and which cell each of them shows."""

    bounds_lonlat: Bounds
    """West, south, east, north of the picture in WGS 84 degrees."""
    bounds_3857: Bounds
    """The same corners in EPSG:3857 metres."""
    pixel_m: float
    """Side of a pixel on the ground at the middle of the picture, metres."""
    cells: IntArray
    """Flat index of the cell under each pixel, array (height, width), not to be written to; -1
    outside the grid."""


@dataclass(frozen=True)
class Picture:
    """A picture that a web map can lay over the ground."""

    uri: str
    """`data:` address that holds the whole PNG."""
    placement: Placement


@lru_cache(maxsize=4)
def place(grid: Grid, most_pixels: int = _MOST_PIXELS) -> Placement:
    """
    Lay a picture in EPSG:3857 over a grid.

    Parameters
    ----------
    grid : Grid
        Grid in any projected CRS.
    most_pixels : int
        The most that the picture may have.

    Returns
    -------
    Placement
        Pixels about as large as a cell; down to a quarter of that for small grids, so that
        hatching shows; larger where the picture would pass `most_pixels`. `pixel_m` says which.

    Notes
    -----
    Every pixel finds the cell its centre lies in, to 0.01 mm. GDAL's warper interpolates more
    coarsely and put 5 % of the pixels of a 100 m province grid into a neighbouring cell. The
    pictures of a run, and of runs in a row, lie on few grids: the last four placements are
    remembered.
    """
    to_mercator = transformer_between(grid.crs, "EPSG:3857")
    west, south, east, north = to_mercator.transform_bounds(*grid.bounds, densify_pts=101)
    to_lonlat = transformer_between("EPSG:3857", "EPSG:4326")
    _, middle = to_lonlat.transform(west, (south + north) / 2)
    stretch = 1.0 / math.cos(math.radians(middle))
    finer = min(4, max(1, _LEAST_LONG_SIDE_PX // max(grid.shape)))
    pixel_m = grid.cell_m / finer
    # Only a coarser picture changes what is shown; the caller tells the reader.
    area_px = (east - west) * (north - south) / (pixel_m * stretch) ** 2
    pixel_m *= max(1.0, math.sqrt(area_px / most_pixels))
    step = pixel_m * stretch
    width, height = math.ceil((east - west) / step), math.ceil((north - south) / step)
    east, south = west + width * step, north - height * step
    lon, lat = to_lonlat.transform([west, east], [south, north])
    x = west + (np.arange(width) + 0.5) * step
    y = north - (np.arange(height) + 0.5) * step
    return Placement(
        (round(lon[0], 8), round(lat[0], 8), round(lon[1], 8), round(lat[1], 8)),
        (west, south, east, north),
        pixel_m,
        _cells_under(x, y, grid),
    )


def draw(
    score: Raster, state: Raster, grid: Grid, placement: Placement, store: Store = NO_CACHE
) -> Picture:
    """
    Draw a score raster, 0 bad to 1 good, NaN unknown, and its states on a grid.

    The store holds pictures drawn earlier; many scenarios give the same.
    """
    for name, array in (("score", score), ("state", state)):
        if array.shape != grid.shape:
            raise GridError(
                Fault("wrong_shape", key=name, found=str(array.shape), expected=str(grid.shape))
            )

    return Picture(cached(store, _drawn, score, state, placement), placement)


def _drawn(score: Raster, state: Raster, placement: Placement) -> str:
    return _as_uri(_indices_under(score, state, placement.cells))


def _as_uri(indices: Indices) -> str:
    png = encode_png(_hatched(indices), palette())
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


def draw_pixels(score: FloatArray, state: IntArray, good_from: float) -> str:
    """
    Draw scores that are already read pixel by pixel, for a page that compares pictures.

    Parameters
    ----------
    score : float array (height, width), 0 bad to 1 good
        NaN where unknown.
    state : int array (height, width)
        0 outside, 1 allowed, 2 conditional, 3 removed, 4 unknown.
    good_from : float
        A score below it is never drawn at or above it, nor the other way round: which land is good
        can be read back from the picture.
    """
    step = _step_of(score)
    first = good_step(good_from)
    with np.errstate(invalid="ignore"):
        step = np.where(score >= good_from, np.maximum(step, first), np.minimum(step, first - 1))
    return _as_uri(_index_of(score, state, step.astype(np.uint8)))


def good_step(good_from: float) -> int:
    """Give the first step of the palette that is at or above a score."""
    return math.ceil(good_from * SCORE_STEPS - 1e-9)


def palette() -> list[tuple[int, int, int]]:
    """Give the colours of a score picture in the order of its indices."""
    ramp = [_viridis(step / SCORE_STEPS) for step in range(_RUN)]
    return [
        (255, 255, 255),
        _REMOVED_COLOUR,
        *_UNKNOWN_COLOURS,
        *ramp,
        *(_mixed(colour, (255, 255, 255), 0.12) for colour in ramp),
        *(_mixed(colour, (255, 255, 255), 0.78) for colour in ramp),
    ]


def meanings() -> list[tuple[int, float | None]]:
    """
    Say what each palette index stands for.

    Score is None where a cell has none.
    """
    scores = [step / SCORE_STEPS for step in range(_RUN)]
    return [
        (OUTSIDE, None),
        (REMOVED, None),
        (UNKNOWN, None),
        (UNKNOWN, None),
        *((ALLOWED, score) for score in scores),
        *((CONDITIONAL, score) for score in scores * 2),
    ]


def encode_png(indices: Indices, colours: list[tuple[int, int, int]]) -> bytes:
    """
    Pack palette indices as a PNG whose index 0 is see-through.

    Parameters
    ----------
    indices : uint8 array (height, width)
        Palette indices.
    colours : list of (red, green, blue)
        Palette, at most 256 colours.

    References
    ----------
    Portable Network Graphics (PNG) Specification, W3C, second edition, 2003.
    """
    height, width = indices.shape
    # Each row begins with its filter, 0: filters do not help where neighbours are codes.
    rows = np.zeros((height, width + 1), dtype=np.uint8)
    rows[:, 1:] = indices
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", bytes(part for colour in colours for part in colour)),
        (b"tRNS", b"\x00"),
        (b"IDAT", zlib.compress(rows.tobytes(), _LEVEL)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def hex_colour(colour: tuple[int, int, int]) -> str:
    """Write a colour as `#rrggbb`."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def legend_colours() -> dict[str, Any]:
    """Give the colours a legend shows: scores by tenths, removed, and the two of unknown."""
    colours = [hex_colour(colour) for colour in palette()]
    ramps = {
        state: [
            colour
            for colour, (s, score) in zip(colours, meanings(), strict=True)
            if s == state and score is not None
        ][: SCORE_STEPS + 1 : SCORE_STEPS // 10]
        for state in (ALLOWED, CONDITIONAL)
    }
    return {
        "allowed": ramps[ALLOWED],
        "conditional": ramps[CONDITIONAL],
        "removed": colours[1],
        "unknown": (colours[2], colours[3]),
    }


def picture_data(placement: Placement) -> dict[str, Any]:
    """Say where score pictures lie and what their colours mean, as a page's script takes it."""
    return {
        "corners": corners(placement.bounds_lonlat),
        "colours": [hex_colour(colour) for colour in palette()],
        "meanings": [list(meaning) for meaning in meanings()],
    }


def corners(bounds: Bounds) -> list[list[float]]:
    """Give the south-western and north-eastern corner as latitude and longitude."""
    west, south, east, north = bounds
    return [[south, west], [north, east]]


def _cells_under(x: FloatArray, y: FloatArray, grid: Grid) -> IntArray:
    to_grid = lattice_between("EPSG:3857", grid.crs, x, y)
    cells = np.empty((len(y), len(x)), dtype=np.int32)
    for row in range(0, len(y), 256):  # strips keep the coordinate arrays small
        east, north = to_grid(slice(row, row + 256))
        col_of = np.floor(east / grid.cell_m).astype(np.int64) - grid.col0
        row_of = np.floor(-north / grid.cell_m).astype(np.int64) - grid.row0
        inside = (col_of >= 0) & (col_of < grid.cols) & (row_of >= 0) & (row_of < grid.rows)
        cells[row : row + 256] = np.where(inside, row_of * grid.cols + col_of, -1)
    cells.flags.writeable = False
    return cells


def _indices_under(score: Raster, state: Raster, cells: IntArray) -> Indices:
    """Look up the index of the cell under each pixel, some rows of cells at a time."""
    indices = np.zeros(cells.shape, dtype=np.uint8)
    last = cells.max(axis=1)
    first = np.where(cells < 0, np.iinfo(cells.dtype).max, cells).min(axis=1)
    cols = score.shape[1]
    for rows in blocks_of(score.shape):
        start, stop = rows.start * cols, rows.stop * cols
        lines = np.flatnonzero((last >= start) & (first < stop))
        if lines.size == 0:
            continue
        under = cells[lines[0] : lines[-1] + 1]
        here = (under >= start) & (under < stop)
        by_cell = _index_of(score[rows], state[rows], _step_of(score[rows])).ravel()
        indices[lines[0] : lines[-1] + 1][here] = by_cell[under[here] - start]
    return indices


def _step_of(score: FloatArray) -> Indices:
    known = np.where(np.isfinite(score), score, 0.0)
    step: Indices = np.rint(np.clip(known, 0.0, 1.0) * SCORE_STEPS).astype(np.uint8)
    return step


def _index_of(score: FloatArray, state: IntArray, step: Indices) -> Indices:
    known = np.isfinite(score)
    index = np.zeros(state.shape, dtype=np.uint8)
    index[state == REMOVED] = 1
    scored = (state == ALLOWED) | (state == CONDITIONAL)
    index[(state == UNKNOWN) | (scored & ~known)] = 2
    index = np.where((state == ALLOWED) & known, _FIRST_SCORE + step, index)
    return np.where((state == CONDITIONAL) & known, _FIRST_SCORE + _RUN + step, index)


def _hatched(indices: Indices) -> Indices:
    row, col = np.ogrid[: indices.shape[0], : indices.shape[1]]
    line = (row + col) % _HATCH_PX == 0
    dot = (row % _HATCH_PX == 0) & (col % _HATCH_PX == 0)
    conditional = indices >= _FIRST_SCORE + _RUN
    hatched = np.where(conditional & line, indices + np.uint8(_RUN), indices)
    return np.where((indices == 2) & dot, np.uint8(3), hatched).astype(np.uint8)


def _viridis(score: float) -> tuple[int, int, int]:
    anchors = np.array([list(bytes.fromhex(code)) for code in _VIRIDIS.split()], dtype=float)
    places = np.linspace(0.0, 1.0, len(anchors))
    red, green, blue = (round(float(np.interp(score, places, band))) for band in anchors.T)
    return red, green, blue


def _mixed(
    colour: tuple[int, int, int], other: tuple[int, int, int], share: float
) -> tuple[int, int, int]:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def _chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)
