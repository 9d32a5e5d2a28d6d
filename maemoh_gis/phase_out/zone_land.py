"""Land of zones: where they are, what other limits leave of them, which sites touch them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.cells.distance import cells_inside
from maemoh_gis.core import units
from maemoh_gis.core.grid import Grid
from maemoh_gis.phase_out.register import land_of_zone
from maemoh_gis.scenario.in_year import YearsOfUse, free_year, years_of
from maemoh_gis.sites.result import sites_of
from maemoh_gis.suitability.result import states_of

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.core.types import BoolArray, IntArray
    from maemoh_gis.engine.results import Results
    from maemoh_gis.layers.load import Layers
    from maemoh_gis.scenario.settings.phase_out import Zone
    from maemoh_gis.scenario.settings.scenario import Scenario


def zone_lands(scenario: Scenario, layers: Layers) -> dict[str, BaseGeometry]:
    """Draw the zones that have an outline, in the CRS of the grid."""
    crs = scenario.grid.crs
    lands = {id: land_of_zone(zone, crs, layers) for id, zone in scenario.zones.items()}
    return {id: land for id, land in lands.items() if land is not None}


def zones_for(
    use: str, lands: Mapping[str, BaseGeometry], results: Results
) -> Iterator[tuple[str, dict[str, Any]]]:
    """
    Say what other limits leave of each zone for a use once the zone is no longer in use.

    Yields
    ------
    tuple of str, dict
        Zone and its land in rai, see `timeline_data`.
    """
    scenario = results.resolved.scenario
    removing = [
        id
        for id, limit in scenario.limits_of(use).items()
        if limit.outcome == "removed" and limit.test
    ]
    rai = units.rai_from_m2(results.grid.cell_area_m2)
    for id, land in lands.items():
        zone = scenario.zones[id]
        years = years_of(zone, use, scenario, results.resolved.rules)
        own = zone.held_by or [f"zone_{id}"]
        bits = _removed_by(use, zone, land, results)
        others = {
            limit: int(((bits >> np.uint32(k)) & 1).sum())
            for k, limit in enumerate(removing)
            if limit not in own
        }
        kept = sum(1 << k for k, limit in enumerate(removing) if limit in own)
        removed = int(((bits & ~np.uint32(kept)) != 0).sum())
        yield (
            id,
            {
                "becomes": _becomes(years),
                "asked_from": years.asked,
                "open_from": years.opened,
                "land_rai": round(bits.size * rai, 1),
                "other_limits_rai": round(removed * rai, 1),
                "left_rai": round((bits.size - removed) * rai, 1),
                "by_limit_rai": {x: round(n * rai, 1) for x, n in others.items() if n},
            },
        )


def _becomes(years: YearsOfUse) -> str:
    """Give what the land of a zone becomes for one use at last."""
    if years.opened is not None:
        return "allowed"
    return "removed" if years.asked is None else "conditional"


def _removed_by(use: str, zone: Zone, land: BaseGeometry, results: Results) -> IntArray:
    """Read the bits of the removing limits on the cells of a zone, within the study area."""
    import shapely

    whole = results.grid
    window = Grid.covering(land.bounds, crs=whole.crs, cell_m=whole.cell_m)
    top, left = window.row0 - whole.row0, window.col0 - whole.col0
    rows = slice(max(0, top), max(0, min(whole.rows, top + window.rows)))
    cols = slice(max(0, left), max(0, min(whole.cols, left + window.cols)))
    inside: BoolArray
    if zone.within_m is None:
        inside = cells_inside(np.array([land], dtype=object), window)
    else:
        x, y = np.meshgrid(window.x, window.y)
        inside = shapely.contains_xy(land, x, y)
    seen = inside[rows.start - top : rows.stop - top, cols.start - left : cols.stop - left]
    seen = seen & results.study[rows][:, cols]
    return np.asarray(states_of(results, use).removed_by[rows][:, cols][seen])


def sites_in_zones(
    use: str, lands: Mapping[str, BaseGeometry], results: Results
) -> Iterator[dict[str, Any]]:
    """Say which zones each site touches, and from when none of them is in use."""
    scenario = results.resolved.scenario
    sites = sites_of(results, use)
    for id, number, shape in zip(sites["id"], sites["number"], sites.geometry, strict=True):
        touched = {
            zone: round(units.rai_from_m2(shape.intersection(land).area), 1)
            for zone, land in lands.items()
        }
        touched = {zone: area for zone, area in touched.items() if area > 0}
        years = [free_year(scenario.zones[zone], scenario) for zone in touched]
        known = [year for year in years if year is not None]
        yield {
            "id": str(id),
            "number": int(number),
            "zones": touched,
            "not_before": max(known) if known and len(known) == len(years) else None,
        }
