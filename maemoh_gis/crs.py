"""Coordinate reference systems and the ways between them, each made once: making one is slow."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial.chebyshev import chebvander
from pyproj import CRS, Transformer

if TYPE_CHECKING:
    from maemoh_gis._types import FloatArray

    Pair = tuple[FloatArray, FloatArray]

# Projections are smooth: over a province this many nodes leave less than a hundredth of a
# millimetre, and over all of Thailand too.
_NODES = 16
_GREATEST_ERROR = 1e-5


@lru_cache(maxsize=64)
def parsed(crs: str) -> CRS:
    """
    Read the name of a CRS.

    Parameters
    ----------
    crs : str
        As `EPSG:32647`, or anything else PROJ reads.

    Returns
    -------
    pyproj.CRS
        What it names.

    Raises
    ------
    pyproj.exceptions.CRSError
        If it names none.
    """
    return CRS(crs)


@lru_cache(maxsize=64)
def transformer_between(source: str | CRS, target: str | CRS) -> Transformer:
    """
    Give what leads from one CRS to another, x before y on both sides.

    Parameters
    ----------
    source, target : str or pyproj.CRS
        Where from and where to.

    Returns
    -------
    pyproj.Transformer
        For any number of threads: PROJ's own state is made once in each.
    """
    return Transformer.from_crs(source, target, always_xy=True)


def lattice_between(
    source: str, target: str, x: FloatArray, y: FloatArray
) -> Callable[[slice], Pair]:
    """
    Bring every point of a lattice from one projected CRS to another, some rows at a time.

    Parameters
    ----------
    source, target : str
        Projected CRS, metres.
    x : float64 array (cols,)
        The lattice in `source`, from west to east or back.
    y : float64 array (rows,)
        The same across.

    Returns
    -------
    callable
        Takes a slice of rows and gives x and y in `target`, each float64 (rows, cols).

    Notes
    -----
    PROJ takes about a microsecond a point. What it gives at a few points is interpolated with
    polynomials instead, which takes a hundredth of that, if points between them show that this is
    right to 0.01 mm; if not, every point is transformed.

    References
    ----------
    Trefethen 2013, Approximation Theory and Approximation Practice, chapters 2 to 8.
    """
    to_target = transformer_between(source, target)

    def one_by_one(rows: slice) -> Pair:
        east, north = to_target.transform(*np.meshgrid(x, y[rows]))
        return east, north

    if len(x) <= _NODES or len(y) <= _NODES:
        return one_by_one
    nodes = np.cos(np.pi * (np.arange(_NODES) + 0.5) / _NODES)
    between = np.cos(np.pi * np.arange(_NODES + 1) / _NODES)

    def exact(points: FloatArray) -> FloatArray:
        found = to_target.transform(*np.meshgrid(_spread(points, x), _spread(points, y)))
        return np.stack(found)

    inverse = np.linalg.inv(chebvander(nodes, _NODES - 1))
    factors = inverse @ exact(nodes) @ inverse.T
    guessed = chebvander(between, _NODES - 1)
    off = np.abs(guessed @ factors @ guessed.T - exact(between))
    if not (off <= _GREATEST_ERROR).all():
        return one_by_one
    across = factors @ chebvander(_gathered(x), _NODES - 1).T
    down = chebvander(_gathered(y), _NODES - 1)

    def interpolated(rows: slice) -> Pair:
        east, north = down[rows] @ across
        return east, north

    return interpolated


def _spread(points: FloatArray, values: FloatArray) -> FloatArray:
    """Bring points from -1 to 1 to where the values lie."""
    middle, half = (values[0] + values[-1]) / 2, (values[-1] - values[0]) / 2
    return np.asarray(middle + half * points)


def _gathered(values: FloatArray) -> FloatArray:
    """Bring values to -1 to 1; the inverse of `_spread`."""
    middle, half = (values[0] + values[-1]) / 2, (values[-1] - values[0]) / 2
    return np.asarray((values - middle) / half)
