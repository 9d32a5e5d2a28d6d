"""
What a box pays for a way between two places: the way alone, by the tariffs of freight.

Lifts, gates and time are not in it, for they do not belong to a way; `freight_costs.csv` has
them. On a short way a lorry with a box costs drayage, whose base price covers waiting; the rate per
km is that of long hauls. Both are given, for where one ends and the other begins is not known.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

import numpy as np

from maemoh_gis.network.freight_boxes import (
    BOXES,
    ONE_WAY,
    Waiting,
    rail_parts,
    road_parts,
)
from maemoh_gis.network.freight_tariffs import LEVELS
from maemoh_gis.scenarios.timeline import least
from maemoh_gis.workflow.freight_layers import FreightLayers
from maemoh_gis.workflow.stages import Bench

if TYPE_CHECKING:
    from maemoh_gis._types import FloatArray
    from maemoh_gis.formats import Confidence
    from maemoh_gis.network.freight_tariffs import Tariffs
    from maemoh_gis.workflow.run import Results

_RAIL_BOXES = ("heavy_20", "box_40")
_RATES = (
    "road_container_heavy_teu_km", "road_container_light_teu_km", "drayage_base_within_25_km",
    "drayage_beyond_25_km", "rail_linehaul_loaded_teu_km",
)  # fmt: skip
COST_COLUMNS = (
    *(f"road_thb_{box}_{level}" for box in BOXES for level in LEVELS),
    *(f"drayage_thb_{level}" for level in LEVELS),
    *(f"rail_thb_{box}_{level}" for box in _RAIL_BOXES for level in LEVELS),
    "cost_confidence",
)


def tariffs_of(results: Results) -> Tariffs | None:
    """Read the tariffs of a run's scenario; None where it says nothing of freight."""
    scenario = results.resolved.scenario
    if scenario.freight is None:
        return None
    return FreightLayers(Bench(scenario, results.layers, results.grid)).tariffs


def way_costs(
    tariffs: Tariffs | None, road_km: FloatArray, rail_km: FloatArray
) -> list[list[object]]:
    """
    Cost ways by road and by rail, each as the columns of `COST_COLUMNS`.

    Parameters
    ----------
    tariffs : Tariffs or None
        Rates with their ranges; without them every cost is empty.
    road_km, rail_km : float array (n,)
        Lengths of the ways, km; NaN where there is none.

    Returns
    -------
    list of list
        For each way THB per loaded box, whole baht; empty where there is no way. By road with the
        empty way back in the rate, by drayage the round trip, by rail the loaded line-haul.
    """
    if tariffs is None:
        return [[""] * len(COST_COLUMNS) for _ in road_km]
    prices = [tariffs.prices(level) for level in LEVELS]
    none = Waiting(0.0, 0.0)
    haul = [
        road_parts(box, road_km, each, ONE_WAY, none)["haul"]
        for box in BOXES.values()
        for each in prices
    ]
    box = BOXES["heavy_20"]
    drayage = [rail_parts(box, road_km, 0.0, each, ONE_WAY, none)["drayage"] for each in prices]
    rail = [
        rail_parts(BOXES[key], 0.0, rail_km, each, ONE_WAY, none)["linehaul"]
        for key in _RAIL_BOXES
        for each in prices
    ]
    trust = least([cast("Confidence", tariffs.rates[item].confidence) for item in _RATES])
    rows = np.column_stack([*haul, *drayage, *rail]).tolist()
    return [[*("" if math.isnan(value) else round(value) for value in row), trust] for row in rows]
