"""Files of the sites, and what the record of a run says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from maemoh_gis.core import units
from maemoh_gis.core.messages import Text
from maemoh_gis.files import write_csv, write_geopackage
from maemoh_gis.sites.declared import write_acts
from maemoh_gis.sites.land_mix import balance_table
from maemoh_gis.sites.law_coverage import write_coverage
from maemoh_gis.sites.result import shares_of, site_rows, sites_by_use
from maemoh_gis.sites.weights_on_record import weights_on_record
from maemoh_gis.sites.words import sites_told
from maemoh_gis.suitability.caveats import checked_line
from maemoh_gis.suitability.known_land import KnownLand
from maemoh_gis.suitability.result import states_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from maemoh_gis.engine.results import Results
    from maemoh_gis.sites.land_mix import UseShare


def write_sites(results: Results, folder: Path) -> dict[str, str]:
    """Write the sites, on how much of each a law is known, and how the uses share the land."""
    written = {
        "sites.gpkg": _write_sites(results, folder / "sites.gpkg"),
        "law_coverage.csv": write_coverage(results, folder / "law_coverage.csv"),
        **write_acts(results, folder),
    }
    if (shares := shares_of(results)) is not None:
        written["land_mix.csv"] = _write_balance(results, shares, folder / "land_mix.csv")
    return written


def sites_on_record(results: Results) -> dict[str, Any]:
    """Say how many sites each use has, whether the facts tell them apart, and by what weights."""
    scenario = results.resolved.scenario
    sites = sites_by_use(results)
    weights = scenario.viewpoints[scenario.viewpoint].weights
    return {
        "weights": {use: weights_on_record(weights[use], table) for use, table in sites.items()},
        "sites": {use: len(table) for use, table in sites.items()},
        "sites_told": _sites_told(results),
    }


def _write_sites(results: Results, path: Path) -> str:
    """Write one layer a use, so that each carries its own criteria."""
    scenario = results.resolved.scenario
    layers = {}
    for use, table in sites_by_use(results).items():
        line = checked_line(scenario, results.catalog, results.gathered_as(KnownLand), use)
        sites = table.copy()
        sites["limits_checked_th"], sites["limits_checked_en"] = line.values()
        layers[f"sites_{use}"] = sites
    return write_geopackage(path, layers)


def _write_balance(results: Results, shares: Mapping[str, UseShare], path: Path) -> str:
    """Say what becomes of every rai of the study area where uses share it."""
    states = {use: states_of(results, use).state for use in shares}
    rai = units.rai_from_m2(results.grid.cell_area_m2)
    ha = units.ha_from_m2(results.grid.cell_area_m2)
    rows = [
        (row.part, row.use or "", row.cells * rai, row.cells * ha, row.conditional_cells * rai,
         row.hole_cells * rai)
        for row in balance_table(results.study, states, shares)
    ]  # fmt: skip
    columns = ("part", "use", "area_rai", "area_ha", "conditional_rai", "hole_rai")
    return write_csv(path, columns, rows, for_excel=True)


def _sites_told(results: Results) -> dict[str, Text]:
    """Say of the sites of each use that has any whether the facts tell them apart."""
    titles = {use: asked.title.both() for use, asked in results.resolved.scenario.uses.items()}
    return {
        use: sites_told(titles[use], site_rows(results, use))
        for use, sites in sites_by_use(results).items()
        if len(sites)
    }
