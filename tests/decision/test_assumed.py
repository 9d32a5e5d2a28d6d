"""Of each verdict it is counted on how many numbers it rests, and how many are assumptions."""

import numpy as np
import pytest

from maemoh_gis.decision.assumed import behind_gate, counted, share_words
from maemoh_gis.decision.gates import passed
from maemoh_gis.files import read_csv, read_json
from maemoh_gis.freight.boxes import (
    BOXES,
    PRICED_BY,
    WayBack,
    rail_parts,
    road_parts,
    total,
    waiting_of,
)
from maemoh_gis.freight.tariffs import ITEMS
from maemoh_gis.runs.project import Project
from tests.paths import LAYERS, SCENARIOS


def test_assumptions_are_counted_among_all_numbers():
    assert counted(["H", "ASSUMPTION", "L", "ASSUMPTION"]) == (2, 4)
    assert share_words((2, 4)) == {"n": 2, "m": 4, "percent": "50"}


def cost(prices):
    """Price one box of each class by both ways, one way full and a part of the way back empty."""
    waiting, told = waiting_of(prices, 600.0, 600.0), []
    for box in BOXES.values():
        back = WayBack(0.5, 0.5)
        told.append(float(total(road_parts(box, 700.0, prices, back, waiting))))
        rail = rail_parts(box, 60.0, 700.0, prices, back, waiting, faster_km=0.0, faster_kph=60.0)
        told.append(float(total(rail)))
    return np.array(told)


@pytest.mark.parametrize("item", ITEMS)
def test_the_rates_that_price_a_box_are_those_that_change_its_price(item):
    plain = dict.fromkeys(ITEMS, 10.0) | {"road_backhaul_discount": 0.7}
    moved = cost({**plain, item: plain[item] * 1.1}) != cost(plain)
    assert moved.any() == (item in PRICED_BY)


def test_the_record_counts_the_numbers_that_the_scenario_and_its_tables_hold(small_run):
    record = read_json(small_run / "run.json")
    estate = record["resolved"]["estate"]
    rates = {row["item"]: row for row in read_csv(LAYERS / "tariffs.csv")}
    numbers = [estate["sold_share"], estate["take_up_rai"], estate["trains"]["teu_a_train"],
               *(one["teu_per_rai"] for one in estate["industries"].values()),
               *(rates[item] for item in PRICED_BY)]  # fmt: skip
    trust = [one["confidence"] for one in numbers]
    assert record["assumed"]["steps"] == [trust.count("ASSUMPTION"), len(trust)]
    rows = [row for row in read_csv(small_run / "gates.csv") if row["numbers"]]
    by_gate = [sum(int(row[name]) for row in rows) for name in ("numbers_assumed", "numbers")]
    assert record["assumed"]["gates"] == by_gate
    both = [sum(one) for one in zip(record["assumed"]["steps"], by_gate, strict=True)]
    assert record["assumed"]["answer"] == both


def test_a_gate_that_waits_for_a_paper_rests_on_no_number():
    scenario = Project(LAYERS, SCENARIOS).scenario("baseline").scenario
    policy = next(one for one in passed(scenario) if one.gate == "policy")
    assert behind_gate(scenario, policy) == []
    demand = next(one for one in passed(scenario) if one.gate == "demand")
    assert demand.use == "container_yard"
    assert behind_gate(scenario, demand) == [scenario.estate.trains.teu_a_train.confidence]
