"""The stage that looks for the best set of several yards among the places that compete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.network.freight_engine import move, ways_of
from maemoh_gis.network.freight_tariffs import Case
from maemoh_gis.network.yard_sets import YardSet, yard_sets
from maemoh_gis.workflow.freight_inputs import candidates, freight_world
from maemoh_gis.workflow.freight_layers import FreightLayers, Place
from maemoh_gis.workflow.freight_stages import FLOW_CASES, terms_of
from maemoh_gis.workflow.stages import Bench, Stage

if TYPE_CHECKING:
    from maemoh_gis.scenarios.model import Scenario
    from maemoh_gis.workflow.measure_stages import Inputs
    from maemoh_gis.workflow.yard_candidates import Contestant

STAGE = "yard_sets"


def yard_set_stages(scenario: Scenario) -> list[Stage]:
    """
    Look for the best sets of yards by what freight costs with them.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    list of Stage
        One that gives lists of `YardSet` by case of prices; none without a choice or freight.
    """
    choice, freight = scenario.choice, scenario.freight
    if choice is None or freight is None:
        return []

    def run(bench: Bench, inputs: Inputs) -> dict[Case, list[YardSet]]:
        return sets_of(bench, inputs["contestants"], choice.yards)

    params: dict[str, Any] = {
        "freight": freight.model_dump(exclude={"basis"}),
        "yards": choice.yards,
        "year": scenario.year,
        "seed": scenario.seed,
    }
    layers = tuple(dict.fromkeys(freight.layers().values()))
    return [Stage(STAGE, run, "global", ("contestants",), layers=layers, params=params)]


def sets_of(
    bench: Bench, places: Sequence[Contestant], numbers: Sequence[int]
) -> dict[Case, list[YardSet]]:
    """
    Find the best sets at central demand, by case of prices.

    Parameters
    ----------
    bench : Bench
        Scenario with freight, layers and grid.
    places : sequence of Contestant
        Places for a yard; only those that a train can reach in the scenario's year compete.
    numbers : sequence of int
        Numbers of yards.

    Returns
    -------
    dict of str to list of YardSet
        Sets by number and aim.

    Raises
    ------
    LayerError, RunError
        As `freight_report`.
    """
    source = FreightLayers(bench)
    terms = terms_of(source.freight, source.year_be)
    wanted = [Place(one.id, one.place, one.open_year) for one in places if one.eligible]
    world = freight_world(source, wanted)
    rivals = list(world.railheads)
    # A rival railhead stands already; only new yards are chosen.
    standing = {one.key for one in rivals}
    yards = [yard for yard in candidates(source, wanted) if yard.key not in standing]
    keys = [yard.key for yard in yards]
    every = world.with_railheads([*rivals, *yards])
    found: dict[Case, list[YardSet]] = {}
    for case in FLOW_CASES:
        at = replace(terms, case=case)
        thb = ways_of(every, source.tariffs.prices(case), at).thb
        others = 1 + len(rivals)
        otherwise = np.fmin.reduce(thb[:, :others], axis=1)
        teu = move(world.with_railheads(rivals), source.tariffs, at).teu
        found[case] = yard_sets(
            keys, thb[:, others:].T, otherwise, teu, numbers, seed=bench.scenario.seed
        )
    return found


def sets_on_record(sets: Mapping[Case, Sequence[YardSet]]) -> list[dict[str, Any]]:
    """
    Put the sets among the plain data of a record.

    Parameters
    ----------
    sets : mapping of str to sequence of YardSet
        By case of prices.

    Returns
    -------
    list of dict
        One entry a case, aim and number, with objective, bound, gap and status.
    """
    return [
        {
            "prices": case,
            "aim": one.aim,
            "yards": one.yards,
            "places": list(one.chosen),
            "objective": _finite(one.objective),
            "bound": _finite(one.bound),
            "gap": _finite(one.gap),
            "status": one.status,
            "thb_saved": round(one.thb_saved, 2),
            "flows": one.flows,
            "flows_left_out": one.left_out,
            "confidence": "ASSUMPTION",
        }
        for case, several in sets.items()
        for one in several
    ]


def _finite(value: float) -> float | None:
    return round(value, 6) if np.isfinite(value) else None
