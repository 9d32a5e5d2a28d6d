"""
The stage that looks for the best set of several yards among the places that compete.

Where the scenario says what a yard can handle, it looks for the best sets within that as well. A
yard handles the empty boxes too, so its room for loaded ones is what the share of empties leaves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.engine.stages import Stage, StageContext
from maemoh_gis.freight.engine import move, ways_of
from maemoh_gis.freight.inputs import candidates, freight_world
from maemoh_gis.freight.layers import FreightLayers, new_yard
from maemoh_gis.freight.stages import FLOW_CASES, terms_of
from maemoh_gis.freight.tariffs import Case
from maemoh_gis.freight.year import STAGE as FREIGHT_YEAR
from maemoh_gis.freight.year import in_freight_year
from maemoh_gis.yard_choice.capacity import RoomSet, sets_within_room
from maemoh_gis.yard_choice.sets import YardSet, yard_sets

if TYPE_CHECKING:
    from maemoh_gis.scenario.settings.choice import YardChoice
    from maemoh_gis.scenario.settings.scenario import Scenario
    from maemoh_gis.suitability.measure_stages import Inputs
    from maemoh_gis.yards.candidates import CandidatePlace

STAGE = "yard_sets"


@dataclass(frozen=True)
class Room:
    """What the yard of a place can take in a year, loaded TEU."""

    low: float
    central: float
    high: float
    confidence: str


@dataclass(frozen=True)
class FoundSets:
    """The best sets of yards, by case of prices."""

    free: Mapping[Case, Sequence[YardSet]]
    """As if every yard had room for all."""
    within_room: Mapping[Case, Sequence[RoomSet]]
    """With the central room of each; empty where the scenario gives no capacity."""
    room: Mapping[str, Room]
    """By place."""


def yard_set_stages(scenario: Scenario) -> list[Stage]:
    """Look for the best sets of yards by what freight costs with them."""
    choice, freight = scenario.choice, scenario.freight
    if choice is None or freight is None:
        return []

    def run(context: StageContext, inputs: Inputs) -> FoundSets:
        return sets_of(in_freight_year(context, inputs), inputs["places"], choice)

    params: dict[str, Any] = {
        "freight": freight.model_dump(exclude={"basis"}),
        "yards": choice.yards,
        "capacity": None if choice.capacity is None else choice.capacity.model_dump(),
        "land_rai": choice.land_rai,
        "double_from": {id: section.double_from for id, section in scenario.rail.items()},
    }
    layers = freight.layers()
    return [Stage(STAGE, run, "global", ("places", FREIGHT_YEAR), layers=layers, params=params,
                  by_content=True, whole=True)]  # fmt: skip


def sets_of(
    context: StageContext, places: Sequence[CandidatePlace], choice: YardChoice
) -> FoundSets:
    """Find the best sets at central demand, by case of prices."""
    source = FreightLayers.of(context)
    terms = terms_of(source.freight, source.year_be)
    wanted = {
        new_yard(source, one.id, one.place, one.open_year): one.id for one in places if one.eligible
    }
    near = source.reached(list(wanted))
    world = freight_world(source, near)
    # Railheads that stand already are there with every set; only new yards are chosen.
    rivals = list(world.railheads)
    yards = candidates(source, near)
    ids = {place.key: id for place, id in wanted.items()}
    keys = [ids[yard.key] for yard in yards]
    every = world.with_railheads([*rivals, *yards])
    empties = source.tariffs.prices("central")["empty_share_of_moves"]
    room = room_of(choice, [one for one in places if one.id in keys], empties)
    found: dict[Case, list[YardSet]] = {}
    within: dict[Case, list[RoomSet]] = {}
    for case in FLOW_CASES:
        at = replace(terms, case=case)
        thb = ways_of(every, source.tariffs.prices(case), at).thb
        others = 1 + len(rivals)
        by_place, otherwise = thb[:, others:].T, np.fmin.reduce(thb[:, :others], axis=1)
        teu = move(world.with_railheads(rivals), source.tariffs, at).teu
        found[case] = yard_sets(keys, by_place, otherwise, teu, choice.yards)
        if room:
            central = np.array([room[key].central for key in keys])
            within[case] = sets_within_room(keys, by_place, otherwise, teu, central, choice.yards)
    return FoundSets(found, within, room)


def room_of(
    choice: YardChoice, places: Sequence[CandidatePlace], empty_share: float
) -> dict[str, Room]:
    """
    Say what the yard of each place can take, loaded TEU a year; empty without a capacity.

    By TEU handled for each rai, but for places that handle so much instead; a place where no
    rectangle fits has the least land worth naming. `empty_share` is that of all boxes a yard
    handles.
    """
    asked = choice.capacity
    if asked is None:
        return {}
    loaded, each = 1.0 - empty_share, asked.teu_per_rai
    found = {}
    for one in places:
        own, rai = asked.places.get(one.id), one.rectangle_rai or choice.land_rai
        if own is not None:
            teu = own.teu * loaded
            found[one.id] = Room(teu, teu, teu, own.confidence)
        else:
            per = rai * loaded
            found[one.id] = Room(
                each.low * per, each.central * per, each.high * per, each.confidence
            )
    return found


def sets_on_record(sets: FoundSets) -> list[dict[str, Any]]:
    """Put the sets among the plain data of a record."""
    return [
        {
            "prices": case,
            "aim": one.aim,
            "yards": one.yards,
            "places": list(one.chosen),
            "objective": _finite(one.objective),
            "bound": _finite(one.objective),
            "gap": _finite(one.gap),
            "status": one.status,
            "thb_saved": round(one.thb_saved, 2),
            "flows": one.flows,
            "flows_left_out": one.left_out,
            "confidence": "ASSUMPTION",
        }
        for case, several in sets.free.items()
        for one in several
    ]


def room_on_record(sets: FoundSets) -> dict[str, Any] | None:
    """Put the sets within the room of the yards among the plain data of a record."""
    if not sets.room:
        return None
    return {
        "room_loaded_teu": {
            key: {
                "low": round(room.low, 1),
                "central": round(room.central, 1),
                "high": round(room.high, 1),
                "confidence": room.confidence,
            }
            for key, room in sets.room.items()
        },
        "sets": [
            {
                "prices": case,
                "yards": one.yards,
                "places": list(one.chosen),
                "handled_teu": [round(teu, 1) for teu in one.handled_teu],
                "room_teu": [round(teu, 1) for teu in one.capacity_teu],
                "objective": _finite(one.objective),
                "bound": _finite(one.bound),
                "gap": _finite(one.gap),
                "status": one.status,
                "thb_saved": _finite(one.thb_saved),
                "turned_away_teu": round(one.turned_away_teu, 1),
                "missing_teu": round(one.missing_teu, 1),
                "confidence": "ASSUMPTION",
            }
            for case, several in sets.within_room.items()
            for one in several
        ],
    }


def _finite(value: float) -> float | None:
    return round(value, 6) if np.isfinite(value) else None
