"""Hillshade below the scores: the shape of the land from the elevation layer, as a picture."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.pages.content import Relief
from maemoh_gis.pages.raster_image import encode_png, place

if TYPE_CHECKING:
    from maemoh_gis.core.grid import Grid
    from maemoh_gis.core.types import FloatArray

_AZIMUTH_DEG, _ALTITUDE_DEG = 315.0, 45.0
_EXAGGERATION = 3.0
"""Heights are drawn so many times as high, since cells of hundreds of metres flatten the land."""
_SHADES = 32
_DARKEST, _LIGHTEST = 120, 252


def hillshade(height_m: FloatArray, cell_m: float) -> FloatArray:
    """
    Light the land from the north-west.

    Parameters
    ----------
    height_m : float array (rows, cols), m
        Heights, north up; NaN where unknown.
    cell_m : float
        Side of a cell.

    Returns
    -------
    float array (rows, cols)
        From 0 in full shadow to 1 facing the light; NaN where a neighbour is unknown.

    References
    ----------
    Slope by Horn 1981, Proceedings of the IEEE 69(1), 14-47; light after Lambert's law.
    """
    framed = np.pad(height_m.astype(np.float64) * _EXAGGERATION, 1, mode="edge")
    west = framed[:-2, :-2] + 2 * framed[1:-1, :-2] + framed[2:, :-2]
    east = framed[:-2, 2:] + 2 * framed[1:-1, 2:] + framed[2:, 2:]
    north = framed[:-2, :-2] + 2 * framed[:-2, 1:-1] + framed[:-2, 2:]
    south = framed[2:, :-2] + 2 * framed[2:, 1:-1] + framed[2:, 2:]
    to_east, to_north = (east - west) / (8 * cell_m), (north - south) / (8 * cell_m)
    azimuth, altitude = np.radians(_AZIMUTH_DEG), np.radians(_ALTITUDE_DEG)
    towards = to_east * np.sin(azimuth) + to_north * np.cos(azimuth)
    light = (np.sin(altitude) - np.cos(altitude) * towards) / np.sqrt(1 + to_east**2 + to_north**2)
    return np.asarray(np.clip(light, 0.0, 1.0))


def relief(height_m: FloatArray, grid: Grid) -> Relief:
    """Draw heights on a grid as a grey picture whose pixels are its cells; NaN is unknown."""
    light = hillshade(height_m, grid.cell_m)
    placement = place(grid, grid.rows * grid.cols)
    steps = np.rint(np.nan_to_num(light) * (_SHADES - 1)).astype(np.uint8) + np.uint8(1)
    steps[np.isnan(light)] = 0
    indices = np.where(placement.cells < 0, 0, steps.ravel()[placement.cells]).astype(np.uint8)
    greys = np.linspace(_DARKEST, _LIGHTEST, _SHADES).round().astype(int).tolist()
    png = encode_png(indices, [(255, 255, 255), *((grey, grey, grey) for grey in greys)])
    uri = "data:image/png;base64," + base64.b64encode(png).decode("ascii")
    return Relief(uri, placement.bounds_lonlat, placement.bounds_3857)
