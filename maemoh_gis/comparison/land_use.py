"""What the sites of each run stand on: how much land of each zone, and how much of it is farmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from maemoh_gis.comparison.pieces import Piece
from maemoh_gis.comparison.zones import ZoneCells, Zones, farm_codes, land_use_of
from maemoh_gis.core.types import IntArray
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.layers.load import Layers

ALL_USES = "all"


@dataclass(frozen=True)
class LandTake:
    """Land of the sites of a run in one zone, in cells."""

    site: int
    farm: int
    """Farm land among it, by the land use layer."""
    unknown: int
    """Land among it whose use is not known."""


@dataclass(frozen=True)
class ZonalSums:
    """Cells of sites with what lies there, arrays (cells,)."""

    cells: IntArray
    """Numbers of the cells in the grid of the runs."""
    farm: IntArray
    """1 farm land, 0 other land, 2 not known."""
    zone: Mapping[str, IntArray]
    """Number of the zone, by level."""


def zonal_sums(sites: Sequence[Piece], catalog: Catalog, cells: ZoneCells) -> dict[str, ZonalSums]:
    """Look up what lies beneath sites."""
    layers, mapped = Layers(catalog), land_use_of(catalog.layers)
    farmed = farm_codes(catalog, mapped) if mapped else []
    found = {}
    for piece in sites:
        farm = np.full(int(piece.inside.sum()), 2)
        if mapped:
            codes = layers.codes(mapped, piece.place)[piece.inside]
            farm = np.where(codes == 0, 2, np.isin(codes, farmed))
        zone = {level: at[piece.inside] for level, at in cells.inside(piece.place).items()}
        found[piece.id] = ZonalSums(piece.cells(cells.grid), farm, zone)
    return found


def takings_of(
    sites: Mapping[str, Sequence[Piece]], run: int, beneath: Mapping[str, ZonalSums], zones: Zones
) -> dict[str, dict[str, tuple[LandTake, ...]]]:
    """Count what the sites of a run stand on."""
    below = {
        use: _joined([beneath[piece.id] for piece in pieces if run in piece.found_by], zones)
        for use, pieces in sites.items()
    }
    below[ALL_USES] = _joined(list(below.values()), zones)
    return {
        use: {level: _by_zone(found, level, count) for level, count in zones.sizes()}
        for use, found in below.items()
    }


def _joined(parts: Sequence[ZonalSums], zones: Zones) -> ZonalSums:
    """Put cells together, each once."""
    none = np.empty(0, dtype=np.int64)
    cells, first = np.unique(np.concatenate([none, *(p.cells for p in parts)]), return_index=True)
    farm = np.concatenate([none, *(p.farm for p in parts)])[first]
    zone = {
        level: np.concatenate([none, *(p.zone[level] for p in parts)])[first]
        for level, _ in zones.sizes()
    }
    return ZonalSums(cells, farm, zone)


def _by_zone(found: ZonalSums, level: str, zones: int) -> tuple[LandTake, ...]:
    zone = found.zone[level]

    def count(of: np.ndarray) -> IntArray:
        return np.bincount(zone[of], minlength=zones + 1)

    site, farm, unknown = count(zone >= 0), count(found.farm == 1), count(found.farm == 2)
    whole = LandTake(int(site.sum()), int(farm.sum()), int(unknown.sum()))
    return (
        whole,
        *(LandTake(int(site[k]), int(farm[k]), int(unknown[k])) for k in range(1, zones + 1)),
    )
