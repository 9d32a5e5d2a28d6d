"""Which layers a run reads, and what must be right with them before it begins."""

from __future__ import annotations

from maemoh_gis.core.faults import Fault
from maemoh_gis.layers.audit.gate import faults_in_layers
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.presentation.context_layers import drawn_layers
from maemoh_gis.scenario.checks.check import faults_of
from maemoh_gis.scenario.layers_named import layers_if_there, layers_named
from maemoh_gis.scenario.resolve import Resolved
from maemoh_gis.scenario.settings.scenario import Scenario

MAP_LAYERS = (
    "districts", "subdistricts", "district_seats", "reservoirs", "water_bodies", "rivers", "mine",
    "drainage", "faults", "road_lines", "railway", "rail_lines", "stations", "gateways",
    "railheads", "power_plants", "substations", "settlements", "facilities", "elevation",
    "land_use_outlines", "mine_2026", "park_outline", "public_places", "village_points",
)  # fmt: skip
"""Layers of the catalog that maps show, whatever the scenario."""
SHEET_TABLES = ("permits", "eco_town_aspects", "smart_city_aspects", "province_statistics",
                "subdistrict_population", "resettlement_villages", "settlements")  # fmt: skip
"""Tables of the catalog that the sheets use, whatever the scenario."""


def layers_read(scenario: Scenario, catalog: Catalog) -> list[str]:
    """List the layers a run of a scenario reads, for its results and for its pages."""
    asked = layers_if_there(scenario)
    shown = (*MAP_LAYERS, *drawn_layers(catalog), *SHEET_TABLES, *asked)
    has = [id for id in shown if catalog.has(id)]
    return list(dict.fromkeys([*layers_named(scenario), *has]))


def faults_before_run(resolved: Resolved, catalog: Catalog) -> list[Fault]:
    """Find all that keeps a scenario from being run: its own faults, then those of its layers."""
    found = faults_of(resolved, catalog)
    if any(fault.blocks for fault in found):
        return found
    return [*found, *faults_in_layers(catalog, layers_read(resolved.scenario, catalog))]
