"""What a run found of the sites of a use: their cells, and the table that describes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.cache.derived import later
from maemoh_gis.engine.results import Place

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.cache.derived import Keyed
    from maemoh_gis.engine.results import Results
    from maemoh_gis.sites.delineate import Sites
    from maemoh_gis.sites.land_mix import UseShare

MIX = "mix"
"""Id of the stage that shares the land among the uses."""


def shares_of(results: Results) -> dict[str, UseShare] | None:
    """Give what each use got; None where the uses do not share the land."""
    shares = results.found_as(MIX, dict)
    return None if shares is None else {use: _share(one) for use, one in shares.items()}


def land_of(results: Results, use: str) -> Sites | UseShare:
    """Say which cells are sites of a use, alone or where the uses share the land."""
    if (shares := shares_of(results)) is not None:
        return shares[use]
    # What grows sites is compiled, and whoever only reads a scenario waits for no compiler.
    from maemoh_gis.sites.delineate import Sites

    alone = results.found_as(f"sites:{use}", Sites)
    assert alone is not None
    return alone


def keyed_land(results: Results, use: str) -> Keyed[object]:
    """Give the cells of the sites of a use by the key of the stage that found them."""
    if results.resolved.scenario.mix:
        return later(_share_in, results.keyed(MIX), use)
    return results.keyed(f"sites:{use}")


def _share_in(shares: Mapping[str, UseShare], use: str) -> UseShare:
    return _share(shares[use])


def _share(found: object) -> UseShare:
    from maemoh_gis.sites.land_mix import UseShare

    assert isinstance(found, UseShare)
    return found


def are_described(results: Results) -> bool:
    """Say whether the sites have their table already."""
    return all(f"sites:{use}" in results.described for use in results.resolved.scenario.uses)


def sites_of(results: Results, use: str) -> gpd.GeoDataFrame:
    """Give the sites of a use, best first, in the CRS of the grid; `with_sites` describes them."""
    import geopandas as gpd

    found = results.described_as(f"sites:{use}", gpd.GeoDataFrame)
    assert found is not None, "sites are not described yet"
    return found


def sites_by_use(results: Results) -> dict[str, gpd.GeoDataFrame]:
    """Give the sites of every use, in the order of the scenario."""
    return {use: sites_of(results, use) for use in results.resolved.scenario.uses}


def described_by(results: Results, sites: Mapping[str, gpd.GeoDataFrame]) -> Results:
    """Put the table of sites of some uses beside the results, in place of an earlier one."""
    return results.describing({f"sites:{use}": table for use, table in sites.items()})


def site_rows(results: Results, use: str) -> list[dict[str, Any]]:
    """Give the table of sites row by row."""
    rows = sites_of(results, use).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def site_places(results: Results) -> Iterator[Place]:
    """Give the sites as places."""
    for use, sites in sites_by_use(results).items():
        for number, land in zip(sites["number"], sites.geometry, strict=True):
            yield Place("site", use, int(number), land)


def site_cells(results: Results, use: str) -> list[list[int]]:
    """List the cells of each site in order of rank, counted within the study area."""
    share = land_of(results, use)
    rank = np.where(share.filled, 0, share.label)[results.study]
    held = np.flatnonzero(rank)
    return [held[rank[held] == k].tolist() for k in range(1, len(sites_of(results, use)) + 1)]
