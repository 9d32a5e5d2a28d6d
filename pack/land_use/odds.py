"""
How well each kind of land use suits each cell: log odds from the ground, roads and settlements.

The score of a class in a cell is a sum of log odds, one for each driver, plus patchy noise. The
form is that of the CLUE-S and logit land-use models; the numbers are **assumptions** of this
project, set from how the land is commonly farmed in upper northern Thailand, because no observed
map was at hand to fit them. Only differences between classes in one cell matter: how much land each
class gets is fixed by the quotas, never by these numbers.

References
----------
P. H. Verburg et al., "Modeling the spatial dynamics of regional land use: the CLUE-S model",
Environmental Management 30 (2002): suitability by logit of location factors, demand met exactly.
D. McFadden, "Conditional logit analysis of qualitative choice behavior" (1974): score plus noise,
largest wins. C. D. Renno et al., "HAND, a new terrain descriptor using SRTM-DEM", Remote Sensing of
Environment 112 (2008): height above the nearest drainage.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from maemoh_gis.core.grid import Grid
    from maemoh_gis.core.types import FloatArray, IntArray

UintArray: TypeAlias = "NDArray[np.uint64]"
Points = tuple[tuple[float, float], ...]
"""(value of the driver, log odds) from small to large; straight lines between, flat outside."""

DRIVERS = (
    "slope_percent",
    "height_above_drainage_m",
    "water_m",
    "road_m",
    "rail_m",
    "settlement_m",
    "town_m",
)
"""Slope and height above drainage; metres to water, road, railway, settlement and district town."""

# ASSUMPTION throughout (see the head of this module). Slopes come from an elevation of about 550 m
# cells, which flattens them, so the breaks are lower than in a land-evaluation handbook.
ODDS: Mapping[str, Mapping[str, Points]] = MappingProxyType(
    {
        "paddy": {
            "slope_percent": ((0.0, 1.8), (2.0, 1.4), (4.0, 0.0), (9.0, -2.0), (18.0, -4.0)),
            "height_above_drainage_m": ((0.0, 1.5), (10.0, 1.2), (40.0, -0.5), (120.0, -3.0)),
            "water_m": ((0.0, 0.8), (1500.0, 0.5), (6000.0, -0.5)),
            "road_m": ((0.0, 0.2), (3000.0, 0.0), (12000.0, -0.8)),
            "settlement_m": ((0.0, -0.3), (1500.0, 0.4), (6000.0, 0.0), (20000.0, -0.8)),
        },
        "field_crops": {
            "slope_percent": ((0.0, 0.4), (3.0, 0.9), (7.0, 0.6), (14.0, -0.8), (26.0, -2.5)),
            "height_above_drainage_m": ((0.0, -0.2), (20.0, 0.6), (80.0, 0.5), (250.0, -1.5)),
            "road_m": ((0.0, 0.4), (4000.0, 0.1), (12000.0, -1.0)),
            "settlement_m": ((0.0, -0.4), (3000.0, 0.3), (10000.0, 0.0), (25000.0, -0.8)),
        },
        "orchards": {
            "slope_percent": ((0.0, 0.0), (4.0, 0.6), (10.0, 0.5), (18.0, -0.4), (35.0, -2.0)),
            "height_above_drainage_m": ((0.0, -0.2), (30.0, 0.6), (150.0, 0.3), (400.0, -1.5)),
            "water_m": ((0.0, 0.3), (3000.0, 0.1), (10000.0, -0.3)),
            "road_m": ((0.0, 0.6), (3000.0, 0.2), (10000.0, -1.0)),
            "settlement_m": ((0.0, 0.1), (2500.0, 0.4), (10000.0, -0.3), (25000.0, -1.0)),
        },
        "vegetables": {
            "slope_percent": ((0.0, 1.2), (4.0, 0.8), (9.0, -0.8), (21.0, -3.0)),
            "height_above_drainage_m": ((0.0, 1.0), (15.0, 0.8), (60.0, -0.8), (200.0, -2.5)),
            "water_m": ((0.0, 1.2), (1000.0, 0.7), (5000.0, -0.8)),
            "road_m": ((0.0, 0.8), (2000.0, 0.3), (8000.0, -1.0)),
            "settlement_m": ((0.0, 0.6), (2000.0, 0.5), (8000.0, -0.6)),
        },
        "other_agriculture": {
            "slope_percent": ((0.0, 0.6), (5.0, 0.6), (14.0, -0.6), (26.0, -2.0)),
            "height_above_drainage_m": ((0.0, 0.2), (30.0, 0.4), (120.0, -0.4), (300.0, -1.8)),
            "water_m": ((0.0, 0.6), (2000.0, 0.3), (8000.0, -0.5)),
            "road_m": ((0.0, 0.5), (3000.0, 0.2), (10000.0, -0.8)),
            "settlement_m": ((0.0, 0.0), (2500.0, 0.4), (10000.0, -0.4)),
        },
        "built_up": {
            "slope_percent": ((0.0, 1.0), (4.0, 0.7), (9.0, -1.0), (18.0, -3.5)),
            "height_above_drainage_m": ((0.0, -0.2), (5.0, 0.4), (40.0, 0.2), (150.0, -2.0)),
            "road_m": ((0.0, 1.6), (500.0, 1.0), (2000.0, 0.0), (6000.0, -1.5)),
            "rail_m": ((0.0, 0.4), (1500.0, 0.2), (5000.0, 0.0)),
            "settlement_m": ((0.0, 2.2), (800.0, 1.2), (3000.0, 0.0), (15000.0, -0.8)),
            "town_m": ((0.0, 2.6), (1500.0, 1.8), (4000.0, 0.4), (10000.0, 0.0)),
        },
        "forest": {
            "slope_percent": ((0.0, -1.6), (4.0, -0.8), (9.0, 0.6), (18.0, 1.5), (35.0, 2.0)),
            "height_above_drainage_m": ((0.0, -1.4), (40.0, -0.4), (150.0, 0.9), (400.0, 1.8)),
            "road_m": ((0.0, -0.9), (1500.0, -0.3), (6000.0, 0.7), (12000.0, 1.2)),
            "rail_m": ((0.0, -0.3), (3000.0, 0.0)),
            "settlement_m": ((0.0, -1.2), (3000.0, -0.3), (10000.0, 0.6), (25000.0, 1.2)),
            "town_m": ((0.0, -1.2), (5000.0, -0.3), (15000.0, 0.3)),
        },
    }
)
"""Log odds by class and driver; a driver that is not named does not matter to the class."""

FIELD_NOISE: Mapping[float, float] = MappingProxyType({6400.0: 0.5, 1600.0: 0.7, 600.0: 0.5})
"""Spacing of the noise's nodes in metres, and the standard deviation it adds in log odds."""
VILLAGE_NOISE: Mapping[float, float] = MappingProxyType({6400.0: 0.3, 1000.0: 1.5, 500.0: 0.6})
"""The same for built-up land. Most of about 940 villages have no known position: the noise stands
for them, so a modelled village is a village somewhere near, never a place."""

# Standard deviation of a cubic B-spline surface over unit-variance nodes: the integral of the
# squared kernel, 151/315, is the variance that one direction keeps.
_SPLINE_STD = 151.0 / 315.0


def log_odds(drivers: Mapping[str, FloatArray], odds: Mapping[str, Points]) -> FloatArray:
    """
    Add up the log odds of one class over the drivers.

    Parameters
    ----------
    drivers : mapping of str to float array (rows, cols)
        Drivers by the names in `DRIVERS`, in the unit their name ends with.
    odds : mapping of str to Points
        The class's log odds by driver, as one entry of `ODDS`.

    Returns
    -------
    float array (rows, cols)
        Sum of log odds. A driver that is unknown (NaN) in a cell, or not given at all, counts 0: it
        speaks neither for nor against.

    Examples
    --------
    >>> slope = np.array([[0.0, 5.0, np.nan]])
    >>> log_odds({"slope_percent": slope}, {"slope_percent": ((0, 2), (10, -2))})
    array([[2., 0., 0.]])
    """
    shape = np.broadcast_shapes(*(values.shape for values in drivers.values()))
    total = np.zeros(shape)
    # Sorted: floating-point sums depend on their order.
    for name in sorted(odds):
        if name in drivers:
            value, odd = np.asarray(odds[name], dtype=np.float64).T
            total += np.nan_to_num(np.interp(drivers[name], value, odd), nan=0.0)
    return total


def patchy_noise(
    grid: Grid, key: str, *, seed: int, spacing_m: Mapping[float, float] = FIELD_NOISE
) -> FloatArray:
    """
    Make noise that is smooth over patches and belongs to the place, not to the window.

    Nodes on square lattices, counted from the CRS origin, get hashed random values; cubic B-splines
    run smoothly between them. A cell has the same noise on every grid that has that cell.

    Parameters
    ----------
    grid : Grid
        Where the noise is wanted.
    key : str
        What the noise is for: another key gives independent noise.
    seed : int
        Another seed gives other noise.
    spacing_m : mapping of float to float
        Standard deviation of the noise by the spacing of its nodes in metres.

    Returns
    -------
    float array (rows, cols)
        Mean about 0.
    """
    total = np.zeros(grid.shape)
    for spacing in sorted(spacing_m):
        stream = zlib.crc32(f"{seed}:{key}:{spacing:g}".encode())
        total += _spline_surface(grid, spacing, stream) * (spacing_m[spacing] / _SPLINE_STD)
    return total


def _spline_surface(grid: Grid, spacing_m: float, stream: int) -> FloatArray:
    """Run a cubic B-spline surface through hashed nodes that stand `spacing_m` apart."""
    first_x, weights_x = _spline_weights(grid.x / spacing_m)
    first_y, weights_y = _spline_weights(-grid.y / spacing_m)
    node_x = np.arange(first_x.min(), first_x.max() + 4)
    node_y = np.arange(first_y.min(), first_y.max() + 4)
    nodes = _hashed_normal(node_y[:, None], node_x[None, :], stream)
    first_x, first_y = first_x - node_x[0], first_y - node_y[0]
    # Four terms in a fixed order, never a matrix product: its rounding would depend on the window.
    rows = sum(weights_y[i][:, None] * nodes[first_y + i] for i in range(4))
    surface: FloatArray = sum(weights_x[i] * rows[:, first_x + i] for i in range(4))
    return surface


def _spline_weights(position: FloatArray) -> tuple[IntArray, list[FloatArray]]:
    """Give the first of four nodes at each position, and the four cubic B-spline weights."""
    whole = np.floor(position)
    t = position - whole
    weights: list[FloatArray] = [
        (1 - t) ** 3 / 6,
        (3 * t**3 - 6 * t**2 + 4) / 6,
        (-3 * t**3 + 3 * t**2 + 3 * t + 1) / 6,
        t**3 / 6,
    ]
    return whole.astype(np.int64) - 1, weights


def _hashed_normal(row: IntArray, col: IntArray, stream: int) -> FloatArray:
    """Hash node numbers to nearly normal values of mean 0 and variance 1 (three uniforms)."""
    start = np.full((1, 1), stream, dtype=np.uint64)
    bits = _mix(_mix(_mix(start) ^ row.astype(np.uint64)) ^ col.astype(np.uint64))
    # 21 bits each: three uniforms on [0, 1) of variance 1/12 sum to mean 1.5 and variance 1/4.
    parts = [(bits >> np.uint64(21 * i)) & np.uint64(0x1FFFFF) for i in range(3)]
    return np.asarray(2.0 * (sum(part / 2.0**21 for part in parts) - 1.5), dtype=np.float64)


def _mix(bits: UintArray) -> UintArray:
    """Scramble 64-bit numbers (the finaliser of SplitMix64: Steele, Lea, Flood, OOPSLA 2014)."""
    bits = bits + np.uint64(0x9E3779B97F4A7C15)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    scrambled: UintArray = bits ^ (bits >> np.uint64(31))
    return scrambled
