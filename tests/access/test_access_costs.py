"""What a box pays between two places, worked by hand from the tariffs that ship."""

from __future__ import annotations

import math

import pytest

from maemoh_gis.access.costs import COST_COLUMNS, BoxCosts, Over
from maemoh_gis.access.distances import Way
from maemoh_gis.files import read_csv
from maemoh_gis.freight.engine import Terms
from maemoh_gis.freight.tariffs import read_tariffs
from maemoh_gis.freight.world import Spread
from tests.paths import LAYERS


@pytest.fixture(scope="module")
def costs():
    return BoxCosts(read_tariffs(read_csv(LAYERS / "tariffs.csv")), Terms(2569))


def named(cells):
    return dict(zip(COST_COLUMNS, cells, strict=True))


def at(km):
    return Spread(km, km, km)


NONE = at(math.nan)


def test_whole_costs_of_a_box_from_mae_mo_by_road_and_by_rail(costs):
    over = Over("แม่เมาะ", "Mae Mo station", 7.0, Way(at(739.0), 1267.0, 664.0))
    cost = named(costs.to_gateway(Spread(675, 700, 735), over))
    # 28 x 700 + 150 gate + a day of 300
    assert cost["road_thb_heavy_20_central"] == 20_050
    # 2,800 + 1,400 + 150 + 12 x 739 + 500 + 150 + 2.5 x 300, and an empty box back:
    # 1,400 + 500 + 150 + 7 x 739
    assert cost["rail_thb_heavy_20_central"] == 14_618 + 7_223
    # Light boxes: 16 x 700 + 150 + 300; a 40 ft is two TEU: 32 x 700 + 150 + 600.
    assert cost["road_thb_light_20_central"] == 11_650
    assert cost["road_thb_box_40_central"] == 23_150
    # Low prices with the short distance, as in `freight_costs.csv`.
    assert cost["road_thb_heavy_20_low"] < 24 * 680 + 400
    assert (cost["rail_over_en"], cost["rail_over_drayage_km"], cost["rail_over_gap"]) == (
        "Mae Mo station", 7.0, "no",
    )  # fmt: skip
    assert cost["cost_confidence"] == "ASSUMPTION"


def test_no_row_sets_a_part_of_a_cost_beside_a_whole_one(costs):
    over = Over("ก", "A", 0.0, Way(at(739.0), 1.0, 0.0))
    whole = named(costs.to_gateway(at(700.0), over))
    assert {whole[f"drayage_thb_{level}"] for level in ("low", "central", "high")} == {""}
    within = named(costs.within(100.0))
    # 2,800 THB for the first 25 km, 40 for each further one.
    assert within["drayage_thb_central"] == 2800 + 75 * 40
    assert {cell for name, cell in within.items() if name.startswith(("road", "rail"))} == {""}


def test_no_way_has_no_cost(costs):
    cost = named(costs.to_gateway(at(700.0), None))
    assert cost["rail_thb_heavy_20_central"] == cost["rail_over_en"] == ""
    over = Over("ก", "A", 0.0, Way(at(739.0), 1.0, 0.0))
    assert named(costs.to_gateway(NONE, over))["road_thb_box_40_low"] == ""
    assert named(costs.within(math.nan))["drayage_thb_low"] == ""
    assert named(costs.within(10.0))["drayage_thb_low"] == 1800
