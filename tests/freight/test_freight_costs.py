"""What a box costs by road and by rail: checked rows, closed forms, trains on a grade, faults."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maemoh_gis import files
from maemoh_gis.core.errors import LayerError
from maemoh_gis.freight.boxes import (
    BOXES,
    ONE_WAY,
    Waiting,
    WayBack,
    break_even_km,
    rail_co2_kg,
    rail_parts,
    road_co2_kg,
    road_parts,
    total,
    truck_km,
    waiting_of,
    way_back_of,
    way_back_of_share,
)
from maemoh_gis.freight.tariffs import CASES, ITEMS, LEVELS, read_tariffs
from maemoh_gis.freight.trains import (
    Locomotive,
    Service,
    Track,
    service_of,
    train_teu,
    wagons_needed,
)
from tests.paths import LAYERS

HEAVY, LIGHT, LONG = BOXES["heavy_20"], BOXES["light_20"], BOXES["box_40"]
ROWS = files.read_csv(LAYERS / "tariffs.csv")
TARIFFS = read_tariffs(ROWS)
PRICES = TARIFFS.prices()
TIMELESS = PRICES | {"value_of_time": 0.0}
NO_WAIT = Waiting(0.0, 0.0)
ROAD_KM, RAIL_KM = 700.0, 739.0


def changed(item, **cells):
    return [row | cells if row["item"] == item else row for row in ROWS]


def faults(rows):
    with pytest.raises(LayerError) as caught:
        read_tariffs(rows, file="tariffs.csv")
    return [(fault.code, fault.key, fault.line) for fault in caught.value.faults]


def hauled(parts):
    """Leave out gate and documents, which either way pays."""
    return float(total({name: part for name, part in parts.items() if name != "gate"}))


def test_a_heavy_box_from_mae_mo_costs_what_the_check_row_says():
    road = road_parts(HEAVY, ROAD_KM, TIMELESS, ONE_WAY, NO_WAIT)
    rail = rail_parts(HEAVY, 10.0, RAIL_KM, TIMELESS, ONE_WAY, NO_WAIT)
    assert hauled(road) == 28 * 700 == 19_600
    # 2,800 drayage + 2 lifts of 700 + 150 shunting + 500 port lift + 12 x 739 line-haul
    assert hauled(rail) == 2_800 + 1_400 + 150 + 500 + 8_868 == 13_718


def test_a_light_box_from_mae_mo_costs_what_the_check_row_says():
    road = road_parts(LIGHT, ROAD_KM, TIMELESS, ONE_WAY, NO_WAIT)
    rail = rail_parts(LIGHT, 10.0, RAIL_KM, TIMELESS, ONE_WAY, NO_WAIT)
    assert (hauled(road), hauled(rail)) == (16 * 700, 13_718)


def test_break_even_is_that_of_the_check_rows():
    ratio = RAIL_KM / ROAD_KM
    heavy, light = (
        break_even_km(box, TIMELESS, ONE_WAY, NO_WAIT, rail_per_road_km=ratio)
        for box in (HEAVY, LIGHT)
    )
    # (2,800 + 2 x 700 + 150 + 500) / (28 - 12 x 739/700), and the same with 16
    assert heavy == pytest.approx(4_850 / (28 - 12 * 739 / 700))
    assert (round(heavy), round(light)) == (316, 1456)


def test_a_light_box_does_not_convert_at_700_km():
    road = road_parts(LIGHT, ROAD_KM, TIMELESS, ONE_WAY, NO_WAIT)
    rail = rail_parts(LIGHT, 0.0, RAIL_KM, TIMELESS, ONE_WAY, NO_WAIT)
    assert total(road) < total(rail)


def test_the_empty_that_comes_back_by_rail_is_paid_for():
    """At central prices it turns the answer: a heavy box then costs less by road."""
    waiting = waiting_of(PRICES, ROAD_KM, RAIL_KM)
    road = road_parts(HEAVY, ROAD_KM, PRICES, WayBack(1.0), waiting)
    rail = rail_parts(HEAVY, 10.0, RAIL_KM, PRICES, WayBack(1.0), waiting)
    # 13,718 + 150 gate; empty: 2 x 700 + 500 + 150 + 7 x 739; 2.5 days of 300
    assert float(total(rail)) == pytest.approx(13_868 + (2_050 + 5_173) + 750)
    # 19,600 + 150 gate; 1 day of 300
    assert float(total(road)) == pytest.approx(19_750 + 300)
    assert total(rail) > total(road)


def test_forty_foot_counts_two_teu_one_lorry_and_dearer_lifts():
    road = road_parts(LONG, 100.0, TIMELESS, ONE_WAY, NO_WAIT)
    rail = rail_parts(LONG, 0.0, 100.0, TIMELESS, ONE_WAY, NO_WAIT)
    assert (float(road["haul"]), float(rail["linehaul"])) == (3_200, 2_400)
    assert float(rail["yard_lifts"]) == pytest.approx(2 * 700 * 1.7)
    assert [float(truck_km(box, 100.0)) for box in (HEAVY, LIGHT, LONG)] == [200, 100, 200]


def test_drayage_beyond_25_km_is_paid_by_the_km():
    parts = rail_parts(HEAVY, 75.0, 0.0, TIMELESS, ONE_WAY, NO_WAIT)
    assert float(parts["drayage"]) == 2_800 + 50 * 40


def test_no_way_is_nan_in_every_part():
    for ways in ((math.nan, 700.0), (10.0, math.nan)):
        parts = rail_parts(HEAVY, *ways, PRICES, WayBack(1.0), NO_WAIT)
        assert all(math.isnan(part) for part in parts.values())
    assert math.isnan(total(road_parts(HEAVY, math.nan, PRICES, ONE_WAY, NO_WAIT)))


def test_double_track_saves_hours_only():
    slow = rail_parts(HEAVY, 10, 350, PRICES, ONE_WAY, NO_WAIT)
    fast = rail_parts(HEAVY, 10, 350, PRICES, ONE_WAY, NO_WAIT, faster_km=350, faster_kph=70)
    # 10 h against 5 h, at 300 THB a day
    assert float(total(slow) - total(fast)) == pytest.approx(5 / 24 * 300)


def test_days_stated_for_one_distance_are_kept_there():
    waiting = waiting_of(PRICES, ROAD_KM, RAIL_KM)
    assert waiting.road_days + ROAD_KM / 48 / 24 == pytest.approx(1.0)
    assert waiting.rail_days + RAIL_KM / 35 / 24 == pytest.approx(2.5)


def test_return_loads_make_the_road_cheaper_and_spare_empties():
    assert way_back_of(1000, 250) == WayBack(0.75, 0.25)
    assert way_back_of(100, 400) == WayBack(0.0, 1.0)
    assert way_back_of_share(0.5) == WayBack(1.0, 0.0)
    assert way_back_of_share(0.6).empty == pytest.approx(1.5)
    parts = road_parts(HEAVY, 100, PRICES, WayBack(0.5, 0.5), NO_WAIT)
    assert float(parts["haul"]) == pytest.approx(2_800 * (1 - 0.5 * 0.15))
    with pytest.raises(LayerError):
        way_back_of_share(1.0)


def test_co2_of_a_heavy_box():
    assert float(road_co2_kg(HEAVY, 700, PRICES)) == 1_050
    # 0.5 x 739 + 3 lifts of 3 kg + 10 km of a lorry at 1.5
    assert float(rail_co2_kg(HEAVY, 10, 739, PRICES, ONE_WAY)) == pytest.approx(369.5 + 9 + 15)
    # Two light boxes share a lorry on the long way, not to the yard.
    one = float(rail_co2_kg(LIGHT, 10, 0, PRICES, ONE_WAY)) - 9
    assert one == pytest.approx(10 * 2 * 0.8)


@given(
    rail_km=st.floats(0, 2000),
    road_km=st.floats(0, 2000),
    box=st.sampled_from(list(BOXES.values())),
    case=st.sampled_from(CASES),
)
def test_prices_that_favour_rail_never_make_it_dearer_against_road(rail_km, road_km, box, case):
    def gap(which):
        prices = TARIFFS.prices(which)
        back = way_back_of_share(prices["empty_share_of_moves"])
        rail = rail_parts(box, 20, rail_km, prices, WayBack(back.empty), NO_WAIT)
        return total(rail) - total(road_parts(box, road_km, prices, WayBack(1.0), NO_WAIT))

    # Time costs the road too, so a low value of time is worth its hours at the most.
    slack = 1e-6 + road_km / 40 / 24 * 600 * 2
    assert gap("favours_rail") <= gap(case) + slack
    assert gap("favours_road") >= gap(case) - slack


@given(road=st.floats(10, 60), rail=st.floats(1, 9), fixed=st.floats(0, 9000))
def test_break_even_is_where_the_two_costs_meet(road, rail, fixed):
    prices = PRICES | {
        "road_container_heavy_teu_km": road,
        "rail_linehaul_loaded_teu_km": rail,
        "drayage_base_within_25_km": fixed,
        "value_of_time": 0.0,
    }
    km = break_even_km(HEAVY, prices, ONE_WAY, NO_WAIT)
    by_road = total(road_parts(HEAVY, km, prices, ONE_WAY, NO_WAIT))
    by_rail = total(rail_parts(HEAVY, 0, km, prices, ONE_WAY, NO_WAIT))
    assert float(by_road) == pytest.approx(float(by_rail), rel=1e-9)


def test_rail_that_costs_more_each_km_never_breaks_even():
    dear = PRICES | {"rail_linehaul_loaded_teu_km": 30.0}
    assert math.isnan(break_even_km(HEAVY, dear, ONE_WAY, NO_WAIT))


def test_the_bundled_tariffs_hold_every_item_and_say_what_is_assumed():
    assert set(TARIFFS.rates) == set(ITEMS)
    assumed = {item for item, rate in TARIFFS.rates.items() if rate.confidence == "ASSUMPTION"}
    assert {"inland_yard_lift", "rail_linehaul_loaded_teu_km"} <= assumed
    assert "teu_per_train_flat_line" not in assumed


def test_cases_take_the_cheap_and_the_dear_side():
    low, high, rail = (TARIFFS.prices(case) for case in ("low", "high", "favours_rail"))
    assert low["inland_yard_lift"] == 400
    assert high["inland_yard_lift"] == 1200
    # A fast train is a cheap one.
    assert low["rail_commercial_speed_freight"] == 45
    assert (rail["road_container_heavy_teu_km"], rail["rail_linehaul_loaded_teu_km"]) == (34, 9)


@pytest.mark.parametrize("level", LEVELS)
def test_a_negative_tariff_is_refused_with_its_line(level):
    (fault,) = [
        f for f in faults(changed("inland_yard_lift", **{level: "-1"})) if "order" not in f[0]
    ]
    line = [row["item"] for row in ROWS].index("inland_yard_lift") + 2
    assert fault == ("tariff_negative", "inland_yard_lift", line)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"low": "900"}, "tariff_order"),
        ({"central": ""}, "tariff_not_a_number"),
        ({"central": "many"}, "tariff_not_a_number"),
        ({"high": "inf"}, "tariff_negative"),
        ({"unit": "THB per box"}, "tariff_unit"),
        ({"confidence": "sure"}, "tariff_confidence"),
    ],
)
def test_a_faulty_tariff_is_refused(cells, code):
    assert [fault[0] for fault in faults(changed("inland_yard_lift", **cells))] == [code]


def test_all_faults_of_a_table_come_at_once():
    rows = [
        row for row in changed("gate_and_documents", low="-5") if row["item"] != "value_of_time"
    ]
    rows.append(next(row for row in rows if row["item"] == "logit_scale"))
    assert {fault[:2] for fault in faults(rows)} == {
        ("tariff_negative", "gate_and_documents"),
        ("tariff_twice", "logit_scale"),
        ("tariff_missing", "value_of_time"),
    }


def test_a_row_without_a_range_counts_three_times():
    rates = read_tariffs(changed("yard_capex", low="", high="")).rates["yard_capex"]
    assert (rates.low, rates.central, rates.high) == (4.3, 4.3, 4.3)


def test_a_locomotive_pulls_what_the_tariffs_assume():
    """280 kN, 2 per mille of curves, 2.5 of rolling: about 1,050 t up 20 per mille."""
    # 280 kN / (24.5 per mille x 9.81) = 1,165 t, of which 120 t is the locomotive.
    assert Locomotive().trailing_t(20.0) == pytest.approx(280 / 0.240345 - 120)
    assert Locomotive().trailing_t(20.0) == pytest.approx(1_050, rel=0.01)
    assert Locomotive().trailing_t(10.0) == pytest.approx(1_800, rel=0.05)


def test_about_40_loaded_teu_go_north_and_54_south():
    """Steepest over 4 km northbound; southbound from Mae Mo the 8.1 per mille to the summit."""
    assert train_teu(18.6, PRICES) == pytest.approx(40, abs=2)
    assert train_teu(8.1, PRICES) == 54
    assert train_teu(18.6, PRICES, loaded=False) == 54
    assert math.isnan(train_teu(math.nan, PRICES))


def test_trains_carry_loads_south_and_empties_north():
    service = service_of(5_400, 0, train_south_teu=54, train_north_teu=40, train_empty_teu=54)
    assert service.trains_a_week == pytest.approx(100 / 52)
    assert (service.empty_teu, service.teu_a_departure) == (5_400, 54)


def test_loads_going_north_need_more_trains_than_going_south():
    service = service_of(4_000, 4_000, train_south_teu=54, train_north_teu=40, train_empty_teu=54)
    assert service.trains_a_week * 52 == pytest.approx(100)
    assert service.empty_teu == 0


def test_no_freight_needs_no_trains():
    service = service_of(0, 0, train_south_teu=54, train_north_teu=40, train_empty_teu=54)
    assert service.trains_a_week == 0
    assert math.isnan(service.teu_a_departure)


def test_wagons_follow_the_days_they_are_away():
    # 7,300 TEU are 3,650 loads of a wagon, each away 2 x 2.5 days: 10 a day for 5 days.
    assert wagons_needed(Service(7_300, 0, 7_300, 2.6, 54), 2.5) == pytest.approx(50)


def test_single_track_is_used_both_ways():
    assert Track(single_km=75, double_km=281).single_train_km_a_week(3) == 450
