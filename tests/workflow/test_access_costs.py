"""What a way between two places costs a box, worked by hand from the tariffs that ship."""

from __future__ import annotations

import math

import numpy as np
import pytest

from maemoh_gis.files import read_csv
from maemoh_gis.network.freight_tariffs import read_tariffs
from maemoh_gis.workflow.access_costs import COST_COLUMNS, way_costs
from tests.paths import LAYERS


@pytest.fixture(scope="module")
def tariffs():
    return read_tariffs(read_csv(LAYERS / "tariffs.csv"))


def costs(tariffs, road_km, rail_km=math.nan):
    (cost,) = way_costs(tariffs, np.array([road_km]), np.array([rail_km]))
    return dict(zip(COST_COLUMNS, cost, strict=True))


def test_a_way_of_100_km_by_road_and_120_by_rail(tariffs):
    cost = costs(tariffs, 100.0, 120.0)
    # 24, 28 and 34 THB per heavy TEU-km; 13, 16 and 19 per light one, a 40 ft being two.
    assert [cost[f"road_thb_heavy_20_{x}"] for x in ("low", "central", "high")] == [
        2400, 2800, 3400,
    ]  # fmt: skip
    assert cost["road_thb_light_20_central"] == 1600
    assert cost["road_thb_box_40_central"] == 3200
    # 2,800 THB for the first 25 km, 40 for each further one.
    assert cost["drayage_thb_central"] == 2800 + 75 * 40
    # 12 THB per loaded TEU-km.
    assert cost["rail_thb_heavy_20_central"] == 1440
    assert cost["rail_thb_box_40_high"] == 2 * 17 * 120
    assert cost["cost_confidence"] == "ASSUMPTION"


def test_no_way_has_no_cost(tariffs):
    cost = costs(tariffs, 10.0)
    assert cost["rail_thb_heavy_20_central"] == ""
    assert cost["drayage_thb_low"] == 1800
    assert costs(tariffs, math.nan, 10.0)["road_thb_box_40_low"] == ""


def test_without_tariffs_no_cost_is_known():
    (cost,) = way_costs(None, np.array([10.0]), np.array([10.0]))
    assert set(cost) == {""}
