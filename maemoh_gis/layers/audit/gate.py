"""
What keeps layers from being computed with: the faults of the audit that block, of the layers asked.

Every way to a result passes here before anything is computed, so a look costs nothing twice: what
was found of a file is remembered for as long as the file and its description stay the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.core.errors import LayerError, raise_if_blocked
from maemoh_gis.core.faults import Fault
from maemoh_gis.layers.audit.contents import faults_between, layer_faults
from maemoh_gis.layers.audit.subject import DISTRICTS, RAILWAY, STATIONS, SUBDISTRICTS
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.layers.entries import CompleteWithin
from maemoh_gis.layers.features import state_of

if TYPE_CHECKING:
    import geopandas as gpd

_COMPARED = (DISTRICTS, SUBDISTRICTS, RAILWAY, STATIONS)
"""Layers that are set beside one another."""
_MOST_REMEMBERED = 512

_seen: dict[tuple[object, ...], tuple[Fault, ...]] = {}


# Damaged numbers are told as faults; they need not be warned of besides.
@np.errstate(over="ignore", invalid="ignore")
def faults_in_layers(catalog: Catalog, ids: Iterable[str]) -> list[Fault]:
    """Find what keeps layers from being computed with."""
    asked = catalog.only(ids)
    found = [fault for id in sorted(asked.withheld) for fault in asked.withheld[id]]
    used = list(asked)
    frames: dict[str, gpd.GeoDataFrame] = {}
    for id in used:
        state = (*state_of(catalog, id), _complete_in(catalog, id))
        found += _remembered(state, partial(layer_faults, catalog, id, frames))
    together = [id for id in _COMPARED if id in used]
    beside = tuple(part for id in together for part in state_of(catalog, id))
    found += _remembered(("together", *beside), partial(_between, catalog, together, frames))
    return found


def require_sound(catalog: Catalog, ids: Iterable[str]) -> None:
    """Refuse layers that cannot be computed with."""
    raise_if_blocked(faults_in_layers(catalog, ids), LayerError)


def _complete_in(catalog: Catalog, id: str) -> str | None:
    """Describe the layer in whose polygons another is complete, for it must have its columns."""
    within = catalog[id].complete_within
    if not isinstance(within, CompleteWithin) or within.layer not in catalog.layers:
        return None
    return catalog[within.layer].model_dump_json()


def _between(
    catalog: Catalog, ids: Iterable[str], frames: dict[str, gpd.GeoDataFrame]
) -> Iterator[Fault]:
    """Set layers beside one another, reading again those whose faults were remembered."""
    for id in ids:
        if id not in frames:
            list(layer_faults(catalog, id, frames))
    yield from faults_between(catalog, {id: frames[id] for id in ids if id in frames})


def _remembered(
    state: tuple[object, ...], look: Callable[[], Iterable[Fault]]
) -> tuple[Fault, ...]:
    """Give the blocking faults found in a state, looking only where it was not seen before."""
    if state not in _seen:
        if len(_seen) >= _MOST_REMEMBERED:
            _seen.clear()
        _seen[state] = tuple(fault for fault in look() if fault.blocks)
    return _seen[state]
