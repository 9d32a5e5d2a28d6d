"""
The grid every raster stands on: projected metres, north up, square cells, whole multiples.

Cells are counted from the CRS origin, not from the corner of the study area, so a cell has the same
edges whatever window is cut out of the world, and a strip of a grid shares its cells bit for bit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from pyproj import Proj

from maemoh_gis.core.crs import needs_operation, parsed, transformer_between
from maemoh_gis.core.errors import GridError
from maemoh_gis.core.faults import Fault

if TYPE_CHECKING:
    from affine import Affine

    from maemoh_gis.core.types import FloatArray

Bounds = tuple[float, float, float, float]
"""West, south, east, north, in the units of the CRS named beside it."""


@dataclass(frozen=True)
class Grid:
    """Place, size and cell of a raster."""

    crs: str
    """Projected CRS in metres, as `EPSG:32647`."""
    cell_m: float
    """Side of a cell, in metres of the CRS."""
    col0: int
    """Column of the west edge, counted in cells from x = 0 of the CRS."""
    row0: int
    """Row of the north edge, counted in cells southward from y = 0 of the CRS (negative in the
    north)."""
    rows: int
    cols: int

    def __post_init__(self) -> None:
        """Refuse anything but whole cells in a projected CRS in metres."""
        _require_metres(self.crs)
        _require_size(self.cell_m)
        if self.rows < 1 or self.cols < 1:
            raise GridError(Fault("empty_grid", found=f"{self.rows} x {self.cols}"))

    @classmethod
    def covering(cls, bounds: Bounds, *, crs: str, cell_m: float, pad_m: float = 0.0) -> Grid:
        """
        Make the smallest grid that covers an area and a margin around it.

        Parameters
        ----------
        bounds : tuple of float
            West, south, east, north in `crs`, metres.
        crs : str
            Projected CRS in metres.
        cell_m : float
            Side of a cell in metres.
        pad_m : float
            Margin on every side in metres, so that what lies just outside still counts inside.
        """
        _require_metres(crs)
        _require_size(cell_m)
        west, south, east, north = bounds
        if not all(map(math.isfinite, bounds)) or west > east or south > north:
            raise GridError(Fault("empty_bounds", found=str(bounds)))
        col0 = math.floor((west - pad_m) / cell_m)
        col1 = math.ceil((east + pad_m) / cell_m)
        row0 = -math.ceil((north + pad_m) / cell_m)
        row1 = -math.floor((south - pad_m) / cell_m)
        return cls(crs, cell_m, col0, row0, max(row1 - row0, 1), max(col1 - col0, 1))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows, cols."""
        return self.rows, self.cols

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north in metres of the CRS."""
        return (
            self.col0 * self.cell_m,
            -(self.row0 + self.rows) * self.cell_m,
            (self.col0 + self.cols) * self.cell_m,
            -self.row0 * self.cell_m,
        )

    @property
    def transform(self) -> Affine:
        """Affine transform from (col, row) to (x, y), as rasterio writes it."""
        from affine import Affine

        west, _, _, north = self.bounds
        return Affine(self.cell_m, 0.0, west, 0.0, -self.cell_m, north)

    @property
    def cell_area_m2(self) -> float:
        """Area of a cell in square metres of the CRS."""
        return self.cell_m * self.cell_m

    @property
    def x(self) -> FloatArray:
        """Cell centres from west to east, float64 array (cols,), metres."""
        return (np.arange(self.col0, self.col0 + self.cols) + 0.5) * self.cell_m

    @property
    def y(self) -> FloatArray:
        """Cell centres from north to south, float64 array (rows,), metres."""
        return -(np.arange(self.row0, self.row0 + self.rows) + 0.5) * self.cell_m

    def padded(self, margin_m: float) -> Grid:
        """Widen the grid on every side by at least this margin, in whole cells."""
        margin = math.ceil(margin_m / self.cell_m)
        return Grid(
            self.crs,
            self.cell_m,
            self.col0 - margin,
            self.row0 - margin,
            self.rows + 2 * margin,
            self.cols + 2 * margin,
        )

    def window_of(self, inner: Grid) -> tuple[slice, slice]:
        """Find the rows and cols of a grid of the same CRS and cell that lies inside this one."""
        require_same_cells(self, inner)
        row, col = inner.row0 - self.row0, inner.col0 - self.col0
        if row < 0 or col < 0 or row + inner.rows > self.rows or col + inner.cols > self.cols:
            raise GridError(
                Fault("grid_sticks_out", found=str(inner.bounds), expected=str(self.bounds))
            )
        return slice(row, row + inner.rows), slice(col, col + inner.cols)

    def cell_at(self, lon: float, lat: float) -> tuple[int, int] | None:
        """Find the cell that holds a place in WGS 84 degrees."""
        x, y = transformer_between("EPSG:4326", self.crs).transform(lon, lat)
        if not (math.isfinite(x) and math.isfinite(y)):
            return None
        row = math.floor(-y / self.cell_m) - self.row0
        col = math.floor(x / self.cell_m) - self.col0
        return (row, col) if 0 <= row < self.rows and 0 <= col < self.cols else None

    def cell(self, row: int, col: int) -> Grid:
        """Give one cell as a grid of its own."""
        return Grid(self.crs, self.cell_m, self.col0 + col, self.row0 + row, 1, 1)

    def area_scale_error(self) -> float:
        """Say how far areas on this grid are from areas on the ground."""
        west, south, east, north = self.bounds
        xs = np.repeat([west, (west + east) / 2, east], 3)
        ys = np.tile([south, (south + north) / 2, north], 3)
        lon, lat = transformer_between(self.crs, "EPSG:4326").transform(xs, ys)
        error = np.asarray(Proj(self.crs).get_factors(lon, lat).areal_scale) - 1.0
        return float(error[np.abs(error).argmax()])


def require_same_cells(one: Grid, other: Grid) -> None:
    """Refuse to mix grids of different CRS or cell size."""
    if parsed(one.crs) != parsed(other.crs) or one.cell_m != other.cell_m:
        raise GridError(
            Fault(
                "mixed_grids",
                found=f"{other.crs} {other.cell_m:g} m",
                expected=f"{one.crs} {one.cell_m:g} m",
            )
        )


# Grids are made by the thousand, all in one CRS; what is refused is not remembered.
@lru_cache(maxsize=64)
def _require_metres(crs: str) -> None:
    try:
        found = parsed(crs)
    except Exception as error:
        raise GridError(Fault("unknown_crs", key="crs", found=crs)) from error
    if found.is_geographic:
        raise GridError(Fault("geographic_crs", key="crs", found=crs, expected="EPSG:32647"))
    if not found.is_projected or any(a.unit_conversion_factor != 1.0 for a in found.axis_info):
        raise GridError(Fault("crs_not_in_metres", key="crs", found=crs, expected="EPSG:32647"))
    if needs_operation(crs):
        raise GridError(Fault("grid_datum", key="crs", found=crs, expected="EPSG:32647"))


def _require_size(cell_m: float) -> None:
    if not (math.isfinite(cell_m) and cell_m > 0):
        raise GridError(Fault("cell_size", key="cell_m", found=str(cell_m)))
