"""The yard that closures are asked about: the one a run prefers, or a place of the choice."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.files import read_vector
from maemoh_gis.layers.load import Layers
from maemoh_gis.network.edges import place_of

if TYPE_CHECKING:
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.network.stages import NamedPlace
    from maemoh_gis.reach.queries import By, Opened
    from maemoh_gis.runs.finished import Run
    from maemoh_gis.scenario.settings.scenario import Scenario


@dataclass(frozen=True)
class Yard:
    """A place for a yard."""

    id: str
    name_th: str
    name_en: str
    xy: tuple[float, float]
    """In the CRS of the scenario's grid."""


def yard_of_run(run: Run) -> Yard:
    """Find the yard that a run prefers."""
    choice = run.record.get("choice") or {}
    preferred = choice.get("preferred")
    if preferred is None:
        raise RunError(Fault("run_without_yard", str(run.folder)))
    frame = read_vector(run.folder / "yards.gpkg", layer="yard_choice").to_crs(run.grid.crs)
    row = frame[frame["id"] == preferred].iloc[0]
    point = row.geometry
    return Yard(preferred, row["name_th"], row["name_en"], (float(point.x), float(point.y)))


def yard_named(scenario: Scenario, catalog: Catalog, id: str) -> Yard | None:
    """
    Find a place of a scenario's choice by its id or its name.

    None where the choice has no such place.
    """
    places = scenario.choice.places if scenario.choice else {}
    for key, one in places.items():
        if id in {key, one.title.th, one.title.en}:
            shape = Layers(catalog).shapes(one.layer, scenario.grid.crs, one.where)[0].centroid
            return Yard(key, one.title.th, one.title.en, (float(shape.x), float(shape.y)))
    return None


def nearest_to(opened: Opened, yard: Yard, *, by: By) -> tuple[NamedPlace, float]:
    """Find the named place of a network that lies nearest to a yard."""
    nodes = [(p, p.road_node if by == "road" else p.rail_node) for p in opened.built.places]
    away = [
        (math.dist(place_of(opened.built.graph, node), yard.xy), place)
        for place, node in nodes
        if node is not None
    ]
    if not away:
        raise RunError(Fault("unknown_network_place", key="--to", found=yard.name_en, expected="–"))
    metres, place = min(away, key=lambda pair: pair[0])
    return place, metres
