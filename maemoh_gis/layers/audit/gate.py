"""
What keeps layers from being computed with: the faults of the audit that block, of the layers asked.

Every way to a result passes here before anything is computed, so a look costs nothing twice: what
was found of a file is remembered for as long as the file and its description stay the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.cache.derived import Remembered
from maemoh_gis.core.errors import LayerError, raise_if_blocked
from maemoh_gis.core.faults import Fault
from maemoh_gis.layers.audit.contents import faults_between, layer_faults
from maemoh_gis.layers.audit.subject import DISTRICTS, RAILWAY, STATIONS, SUBDISTRICTS
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.layers.features import state_of

if TYPE_CHECKING:
    import geopandas as gpd

_COMPARED = (DISTRICTS, SUBDISTRICTS, RAILWAY, STATIONS)
"""Layers that are set beside one another."""
_seen = Remembered(512)


@dataclass(frozen=True)
class _Standing:
    """Layers of a catalog as their files are now; whoever looks at them sees no others."""

    catalog: Catalog

    def cache_key(self) -> list[tuple[object, ...]]:
        """Give what decides all that can be found of them, without reading them."""
        return [state_of(self.catalog, id) for id in self.catalog]


# Damaged numbers are told as faults; they need not be warned of besides.
@np.errstate(over="ignore", invalid="ignore")
def faults_in_layers(catalog: Catalog, ids: Iterable[str]) -> list[Fault]:
    """Find what keeps layers from being computed with."""
    asked = catalog.only(ids)
    found = [fault for id in sorted(asked.withheld) for fault in asked.withheld[id]]
    compared = [id for id in _COMPARED if id in asked.layers]
    each, between = _seen.made(_faults_of_compared, _standing(asked, compared), compared)
    for id in asked:
        if id in each:
            found += each[id]
        elif id not in asked.stacks:
            # Members of a stack are asked for beside it, and are checked themselves.
            found += _seen.made(_faults_of, _standing(asked, [id]), id)
    return [*found, *between]


def require_sound(catalog: Catalog, ids: Iterable[str]) -> None:
    """Refuse layers that cannot be computed with."""
    raise_if_blocked(faults_in_layers(catalog, ids), LayerError)


def _standing(catalog: Catalog, ids: Iterable[str]) -> _Standing:
    return _Standing(catalog.only(ids))


def _faults_of(standing: _Standing, id: str) -> list[Fault]:
    return _blocking(layer_faults(standing.catalog, id, {}))


def _faults_of_compared(
    standing: _Standing, ids: Sequence[str]
) -> tuple[dict[str, list[Fault]], list[Fault]]:
    """Find the faults of each of the layers, each read once, and those between them."""
    catalog, frames = standing.catalog, dict[str, "gpd.GeoDataFrame"]()
    each = {id: _blocking(layer_faults(catalog, id, frames)) for id in ids}
    beside = {id: frames[id] for id in ids if id in frames}
    return each, _blocking(faults_between(catalog, beside))


def _blocking(faults: Iterable[Fault]) -> list[Fault]:
    return [fault for fault in faults if fault.blocks]
