"""
Where the people of each subdistrict may live: one estimate for every layer that shows homes.

People are counted by subdistrict. Each layer that shows homes puts all of them in the cells where
it shows some, in proportion; one more estimate puts them evenly. What a layer does not show in a
subdistrict it does not know there, just as if it were absent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.cells.amounts import amount_in_cells
from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
from maemoh_gis.scenario.settings.exposure import NotHomes

if TYPE_CHECKING:
    from maemoh_gis.core.grid import Grid
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.layers.load import Layers
    from maemoh_gis.scenario.settings.exposure import Exposure, HomesShown


@dataclass(frozen=True)
class Placed:
    """One estimate of where people live."""

    at: IntArray
    """Cells with people, rising, counted along the rows of a grid."""
    people: FloatArray
    """People in each, float64 (n,)."""
    told: BoolArray
    """Subdistricts it says anything of, bool (subdistricts,)."""
    sure: BoolArray
    """Those of them in which nothing it rests on is absent."""


class _Cells:
    """Rasters at the counted cells of a grid, each read once."""

    def __init__(self, layers: Layers, grid: Grid, at: IntArray) -> None:
        self.layers, self.grid, self._at = layers, grid, at
        row, col = np.divmod(at, grid.cols)
        self._xy = np.column_stack((grid.x[col], grid.y[row]))
        self._read: dict[str, FloatArray] = {}

    def holds(self, asked: NotHomes) -> BoolArray:
        """Find the cells that a raster gives some classes, or values above a number."""
        if asked.layer not in self._read:
            numbers = self.layers.numbers_at(asked.layer, self._xy, self.grid.crs)
            self._read[asked.layer] = numbers
        numbers = self._read[asked.layer]
        if asked.classes is None:
            found = numbers > (asked.above or 0.0)
        else:
            found = np.isin(numbers, codes_of(asked.classes, asked.layer, self.layers))
        mask: BoolArray = np.zeros(self.grid.shape, dtype=np.bool_)
        mask.flat[self._at[found]] = True
        return mask


def place(weight: FloatArray, zone: IntArray, counts: FloatArray, *, sure: bool = True) -> Placed:
    """
    Put the people of each subdistrict in its cells, in proportion to a weight.

    Parameters
    ----------
    weight : float array (rows, cols)
        Not negative; a subdistrict where it is 0 throughout has its people placed nowhere.
    zone : int array (rows, cols)
        Place of the subdistrict of each cell in `counts`, from 1; 0 outside all.
    counts : float array (subdistricts,)
        People of each.
    sure : bool
        Whether all the estimate rests on is there.
    """
    at = np.flatnonzero((weight > 0) & (zone > 0))
    of, held = zone.ravel()[at] - 1, weight.ravel()[at]
    total = np.bincount(of, weights=held, minlength=len(counts))
    told = total > 0
    return Placed(at.astype(np.int32), counts[of] * (held / total[of]), told, told & sure)


def estimates_of(
    asked: Exposure, layers: Layers, grid: Grid, zone: IntArray, counts: FloatArray
) -> list[Placed]:
    """Make every estimate a scenario asks for, in its order, the even one last."""
    cells = _Cells(layers, grid, np.flatnonzero(zone > 0))
    found = [place(_shown(one, cells), zone, counts) for one in asked.homes.values()]
    left = [one for one in asked.evenly.not_on if is_there(one.layer, layers.catalog)]
    land = open_land(zone, [cells.holds(one) for one in left], len(counts))
    sure = len(left) == len(asked.evenly.not_on)
    return [*found, place(land.astype(np.float64), zone, counts, sure=sure)]


def open_land(zone: IntArray, without: Sequence[BoolArray], subdistricts: int) -> BoolArray:
    """Leave land out, but in subdistricts of which nothing would remain."""
    land: BoolArray = zone > 0
    for closed in without:
        land = land & ~closed
    left = np.bincount(zone[land], minlength=subdistricts + 1)
    land |= (zone > 0) & (left[zone] == 0)
    return land


def is_there(layer: str, catalog: Catalog) -> bool:
    """Whether the catalog has an entry for a layer, be it at fault."""
    return catalog.has(layer)


def absent(asked: Exposure, catalog: Catalog) -> list[str]:
    """List the layers on homes that a catalog lacks, each once."""
    return [id for id in asked.layers_if_there() if not is_there(id, catalog)]


def layers_there(asked: Exposure, catalog: Catalog) -> Iterator[str]:
    """List the layers on homes that are read."""
    yield from (one.layer for one in asked.of_homes() if is_there(one.layer, catalog))


def codes_of(names: Sequence[str], layer: str, layers: Layers) -> list[int]:
    """Give the codes of classes of a raster by name."""
    classes = layers.catalog[layer].classes
    return [int(code) for code, known in classes.items() if known.key in names]


def _shown(one: HomesShown, cells: _Cells) -> FloatArray:
    """Measure how much a layer shows of homes in each cell; nothing where it is absent."""
    layers, grid = cells.layers, cells.grid
    if not is_there(one.layer, layers.catalog):
        return np.zeros(grid.shape)
    if layers.catalog[one.layer].kind == "raster":
        return cells.holds(NotHomes(layer=one.layer, classes=one.classes)).astype(np.float64)
    return amount_in_cells(layers.shapes(one.layer, grid.crs, one.where), grid)


def central_shares(told: BoolArray, central: FloatArray) -> FloatArray:
    """
    Share the people of each subdistrict out to the estimates that say anything of it.

    Parameters
    ----------
    told : bool array (estimates, subdistricts)
        Whether an estimate says anything of a subdistrict.
    central : float array (estimates,)
        Share of each where all do.

    Returns
    -------
    shares : float array (estimates, subdistricts)
        Those of a subdistrict sum to one, or are 0 where no estimate says anything of it.
    """
    shares = told * central[:, None]
    shares = np.where(shares.sum(axis=0) > 0, shares, told)
    total = shares.sum(axis=0)
    return np.asarray(shares / np.where(total > 0, total, 1.0))


def extreme(people: FloatArray, most: FloatArray, *, greatest: bool) -> FloatArray:
    """
    Find the least or greatest number of people over all mixtures of estimates.

    Parameters
    ----------
    people : float array (estimates, subdistricts)
        What each estimate says.
    most : float array (estimates,)
        Greatest share of the people it may be right for; together at least one.
    greatest : bool
        Which end is wanted.

    Returns
    -------
    people : float array (subdistricts,)
        The least, or the greatest.
    """
    order = np.argsort(-people if greatest else people, axis=0, kind="stable")
    taken = most[order]
    before = np.cumsum(taken, axis=0) - taken
    shares = np.clip(1.0 - before, 0.0, taken)
    return np.asarray((shares * np.take_along_axis(people, order, axis=0)).sum(axis=0))
