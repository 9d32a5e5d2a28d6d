"""
The union of the sites and yards of several runs, each scored under every run.

A piece of land that several runs propose with the same outline is one piece. A run pays for a piece
what its own rasters say of the cells whose centre lies inside the outline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from maemoh_gis.cells.distance import cells_inside
from maemoh_gis.comparison.land_pass import OneRun, open_use
from maemoh_gis.comparison.runs import ComparedRun
from maemoh_gis.core.crs import transformer_between
from maemoh_gis.core.grid import Grid
from maemoh_gis.core.types import FloatArray, IntArray
from maemoh_gis.files import read_vector
from maemoh_gis.mcda.rankings import PAYOFF_DECIMALS
from maemoh_gis.sites.names import Named, Names
from maemoh_gis.suitability.limits import State

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

Kind = Literal["site", "yard"]
KINDS: tuple[Kind, ...] = ("site", "yard")


@dataclass(frozen=True)
class Piece:
    """A piece of land that at least one run proposes for a use."""

    id: str
    named: Named
    use: str
    kind: Kind
    shape: BaseGeometry
    """Outline in the CRS of the grid."""
    found_by: Mapping[int, int]
    """Number it has in the list of each run that proposes it, by number of the run."""
    place: Grid
    """The cells around it."""
    inside: np.ndarray
    """Cells of `place` whose centre is inside the outline, bool (rows, cols)."""
    lat: float
    lon: float
    """A point inside it, WGS 84 degrees."""

    @property
    def area_m2(self) -> float:
        """Area within the outline, filled holes included."""
        return float(self.shape.area)

    def cells(self, grid: Grid) -> IntArray:
        """Give the numbers of its cells in a grid, int64 array (cells,)."""
        rows, cols = np.nonzero(self.inside)
        row, col = self.place.row0 - grid.row0, self.place.col0 - grid.col0
        return (rows + row).astype(np.int64) * grid.cols + cols + col


def pieces_of(use: str, runs: Sequence[ComparedRun], names: Names) -> list[Piece]:
    """Gather the sites and yards of one use."""
    pieces = []
    for kind in KINDS:
        found: dict[bytes, tuple[BaseGeometry, dict[int, int]]] = {}
        for number, run in enumerate(runs):
            for shape, rank in _proposed(run, use, kind):
                key = shape.normalize().wkb
                found.setdefault(key, (shape, {}))[1].setdefault(number, rank)
        pieces += [
            _piece(count, names, use, kind, shape, by, runs[0].grid)
            for count, (shape, by) in enumerate(found.values(), start=1)
        ]
    return pieces


def payoffs_of(pieces: Sequence[Piece], use: str, runs: Sequence[ComparedRun]) -> FloatArray:
    """
    Say what each piece brings to a use in each run.

    Returns
    -------
    payoff : float64 array (pieces, runs)
        See `payoff`; NaN also where the run does not hold the use.
    """
    found = np.full((len(pieces), len(runs)), np.nan)
    for number, run in enumerate(runs):
        if use in run.uses:
            with ExitStack() as stack:
                opened = open_use(stack, run, use)
                found[:, number] = [_payoff(piece, opened, run.grid) for piece in pieces]
    return found


def payoff(state: IntArray, score: FloatArray) -> float:
    """
    Give the mean score of a piece of land; land the run removes brings nothing.

    Parameters
    ----------
    state : uint8 array (cells,)
        `State` of the cells of the piece.
    score : float array (cells,)
        Their scores from 0 to 1, NaN unknown.

    Returns
    -------
    float
        Sum of the scores of allowed and conditional cells over all cells of the piece, rounded to
        six decimals; NaN if the state or the score of a cell that counts is unknown, or there is no
        cell.
    """
    open_land = (state == State.ALLOWED) | (state == State.CONDITIONAL)
    if state.size == 0 or bool((state == State.UNKNOWN).any()):
        return float("nan")
    total = score[open_land].sum(dtype=np.float64)
    return round(float(total / state.size), PAYOFF_DECIMALS)


def _payoff(piece: Piece, opened: OneRun, grid: Grid) -> float:
    from rasterio.windows import Window

    row, col = piece.place.row0 - grid.row0, piece.place.col0 - grid.col0
    state, score = opened.look(Window(col, row, piece.place.cols, piece.place.rows))
    return payoff(state[piece.inside], score[piece.inside])


def _proposed(run: ComparedRun, use: str, kind: Kind) -> Iterator[tuple[BaseGeometry, int]]:
    if kind == "site":
        count = run.record.get("sites", {}).get(use, 0)
    else:
        count = run.record.get("yards", {}).get(use, {}).get("fits", 0)
    if count:
        frame: gpd.GeoDataFrame = read_vector(run.folder / f"{kind}s.gpkg", f"{kind}s_{use}")
        numbers = frame["number" if kind == "site" else "rank"]
        yield from zip(frame.geometry, (int(number) for number in numbers), strict=True)


def _piece(
    count: int, names: Names, use: str, kind: Kind, shape: BaseGeometry,
    found_by: Mapping[int, int], grid: Grid,
) -> Piece:  # fmt: skip
    id = f"{use}-{kind}-{count:02d}"
    named = names.of_shape("piece" if kind == "site" else "strip", count, shape)
    around = Grid.covering(shape.bounds, crs=grid.crs, cell_m=grid.cell_m)
    place = _common(around, grid)
    point = shape.representative_point()
    lon, lat = transformer_between(grid.crs, "EPSG:4326").transform(point.x, point.y)
    inside = cells_inside(np.array([shape], dtype=object), place)
    return Piece(id, named, use, kind, shape, found_by, place, inside, round(lat, 5), round(lon, 5))


def _common(around: Grid, grid: Grid) -> Grid:
    """Cut a grid to what lies in another; a yard may reach over the edge."""
    row0, col0 = max(around.row0, grid.row0), max(around.col0, grid.col0)
    row1 = min(around.row0 + around.rows, grid.row0 + grid.rows)
    col1 = min(around.col0 + around.cols, grid.col0 + grid.cols)
    return Grid(grid.crs, grid.cell_m, col0, row0, row1 - row0, col1 - col0)
