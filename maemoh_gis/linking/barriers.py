"""Why no way leads to a place: which limits shut it in."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.core.types import BoolArray, IntArray

if TYPE_CHECKING:
    from maemoh_gis.linking.ground import Costs, Ground

_MOST_NAMED = 3
_EIGHT = np.ones((3, 3), dtype=bool)


class Barriers:
    """What shuts in the places that one kind of way cannot reach."""

    def __init__(self, costs: Costs, ground: Ground) -> None:
        self._costs, self._ground = costs, ground

    @cached_property
    def _parts(self) -> IntArray:
        """Number the pieces of land a way may pass, array (rows, cols); 0 is a barrier."""
        from scipy.ndimage import label

        found, _ = label(np.isfinite(self._costs.per_m), structure=_EIGHT)
        return np.asarray(found)

    def around(self, rows: IntArray, cols: IntArray) -> list[str]:
        """
        Name the limits along the edge of the land about cells (n,), the longest edge first.

        Where the cells themselves are barred, their own limits are named. Empty where there is
        nothing anywhere that could be joined.
        """
        if not self._costs.sources.any():
            return []
        parts = set(self._parts[rows, cols].tolist()) - {0}
        if parts:
            edge = self._edge_of(np.isin(self._parts, list(parts)))
        else:
            edge = np.zeros(self._ground.grid.shape, dtype=bool)
            edge[rows, cols] = True
        counts = {id: int((edge & self._ground.limits[id]).sum()) for id in self._costs.barred}
        named = sorted((id for id in counts if counts[id]), key=lambda id: -counts[id])
        return named[:_MOST_NAMED]

    def _edge_of(self, land: BoolArray) -> BoolArray:
        from scipy.ndimage import binary_dilation

        grown = binary_dilation(land, structure=_EIGHT)
        return np.asarray(grown) & ~np.isfinite(self._costs.per_m)
