"""Freight over roads and rails together: a case solved by hand, rivals, trains that must fill."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maemoh_gis import files
from maemoh_gis.core.errors import LayerError, RunError
from maemoh_gis.freight.choice import choose, shares_of
from maemoh_gis.freight.engine import Terms, limited_to, move, ways_of
from maemoh_gis.freight.tariffs import read_tariffs
from maemoh_gis.freight.trains import Track
from maemoh_gis.freight.world import (
    Demand,
    Flow,
    Gateway,
    Railhead,
    Spread,
    World,
    read_demand,
    split,
)
from maemoh_gis.freight.yard_worth import (
    WHEN,
    YardCosts,
    annuity,
    freight_indicators,
    services,
    wagons_of,
)
from maemoh_gis.network.arrays import least_costs, network_arrays
from maemoh_gis.network.graph import Transfer, rail_graph, road_graph
from maemoh_gis.network.places import node_of, with_places
from tests.network.lines import CRS, joined, points, roads
from tests.paths import LAYERS

TARIFFS = read_tariffs(files.read_csv(LAYERS / "tariffs.csv"))
ONE_WAY = Terms(2569, empties="none")
PORT = Gateway("port", "port")


def km(value):
    return Spread(value, value, value)


def flow(teu, origin="mill", box="heavy_20", direction="out", gateway="port"):
    return Flow(Demand(origin, "clay", box, direction, km(teu), "ASSUMPTION"), gateway, 1.0)


def world(flows, railheads, *, drayage, rail, road=700.0, gateways=(PORT,), tracks=None):
    keys = [gateway.key for gateway in gateways]
    origins = {one.demand.origin for one in flows}
    return World(
        tuple(flows),
        tuple(gateways),
        tuple(Railhead(key, "rival", None, 8.1, 18.6) for key in railheads),
        {(origin, key): km(road) for origin in origins for key in keys},
        drayage if isinstance(drayage, dict) else {
            (o, r): drayage for o in origins for r in railheads
        },
        {(r, g): km(rail if not isinstance(rail, dict) else rail[r])
         for r in railheads for g in keys},
        tracks or {},
    )  # fmt: skip


def test_six_nodes_by_hand():
    """
    Mill - junction - port by road; from the junction to a yard, and from its station by rail.

        mill --10 km-- junction --690 km-- port road        road 700 km
                          |
                        20 km
                          |
                        yard ..transfer.. station --739 km-- port terminal

    100 heavy boxes a year, loaded way only, central prices, waiting not counted:

        road  28 x 700 + 150 gate                                            = 19,750
        rail  drayage 30 km: 2,800 + 5 x 40 = 3,000; lifts 2 x 700 = 1,400;
              shunting 150; line-haul 12 x 739 = 8,868; port lift 500; gate 150 = 14,068

    All go by rail: 100 x 14,068 = 1,406,800 THB; 568,200 THB less than by road.
    """
    road = road_graph(
        roads(
            [(0, 0), (10_000, 0)],
            [(10_000, 0), (700_000, 0)],
            [(10_000, 0), (10_000, 20_000)],
        ),
        CRS,
    )
    road, _ = with_places(
        road, points(mill=(0, 0), port=(700_000, 0), yard=(10_000, 20_000)), most_m=10
    )
    line = roads([(10_000, 20_050), (749_000, 20_050)], gauge_mm=[1000], tracks=[1])
    stations = points(station=(10_000, 20_050), terminal=(749_000, 20_050))
    rail = rail_graph(line, stations, CRS, 2569, speed_kph=35)
    whole = joined(road, rail, [Transfer("station", 60)])
    assert whole.number_of_nodes() == 6
    metres = network_arrays(whole, "length")

    def way(one, other, modes=(None, None)):
        ends = [
            node_of(whole, name, mode=mode) for name, mode in zip((one, other), modes, strict=True)
        ]
        return float(least_costs(metres, ends[:1], ends[1:]).values[0, 0]) / 1000

    made = world(
        [flow(100)],
        ["yard"],
        road=round(way("mill", "port", ("road", "road")), 6),
        drayage=round(way("mill", "yard"), 6),
        rail=round(way("station", "terminal"), 6),
    )
    assert (made.road_km["mill", "port"].central, made.drayage_km["mill", "yard"]) == (700, 30)
    timeless = TARIFFS.rates | {
        "value_of_time": replace(TARIFFS.rates["value_of_time"], central=0.0)
    }
    result = move(made, replace(TARIFFS, rates=timeless), ONE_WAY)
    assert result.ways.thb.tolist() == [[19_750.0, 14_068.0]]
    assert result.captured("yard") == 100
    assert result.thb == 1_406_800.0
    closed = move(made.with_railheads([]), replace(TARIFFS, rates=timeless), ONE_WAY)
    assert closed.thb - result.thb == 568_200.0
    # 1.5 x 700 = 1,050 kg by road; 0.5 x 739 + 3 lifts of 3 + 30 x 1.5 = 423.5 kg by rail
    assert result.ways.co2_kg.tolist() == [[1_050.0, 423.5]]
    assert closed.truck_km - result.truck_km == 100 * 2 * (700 - 30)


@st.composite
def worlds(draw):
    railheads = [f"r{i}" for i in range(draw(st.integers(1, 4)))]
    origins = [f"o{i}" for i in range(draw(st.integers(1, 4)))]
    distance = st.floats(0, 1500)
    teu = st.floats(0, 5000, allow_subnormal=False)
    flows = [
        flow(draw(teu), origin, draw(st.sampled_from(["heavy_20", "light_20"])),
             draw(st.sampled_from(["out", "in"])))
        for origin in origins
    ]  # fmt: skip
    made = world(
        flows,
        railheads,
        drayage={(o, r): draw(st.floats(0, 300)) for o in origins for r in railheads},
        rail={r: draw(distance) for r in railheads},
        road=draw(distance),
    )
    terms = Terms(
        2569,
        case=draw(st.sampled_from(["central", "favours_rail"])),
        choice=draw(st.sampled_from(["least", "logit"])),
        departures_a_week=draw(st.sampled_from([0.0, 0.5])),
    )
    return made, terms


def paid(made, terms):
    return move(made, TARIFFS, terms).decided_thb


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_closing_a_yard_never_lowers_cost_and_adding_one_never_raises_it(case):
    made, terms = case
    with_all = paid(made, terms)
    for railhead in made.railheads:
        rest = made.with_railheads([one for one in made.railheads if one is not railhead])
        assert paid(rest, terms) >= with_all - 1e-6 * max(1.0, abs(with_all))


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_every_box_goes_somewhere_and_shares_sum_to_one(case):
    result = move(case[0], TARIFFS, case[1])
    assert result.shares.sum(axis=1) == pytest.approx(1.0)
    if case[1].choice == "least":
        assert result.decided_thb == pytest.approx(result.thb)
    else:
        # A choice is worth something, so senders fare better than their bill says.
        assert result.decided_thb <= result.thb + 1e-6 * abs(result.thb)
    assert result.carried.sum() == pytest.approx(result.teu.sum())


def test_railheads_compete_for_the_same_box():
    drayage = {("mill", "far"): 75.0, ("mill", "near"): 5.0}
    rail = {"far": 664.0, "near": 739.0}
    made = world([flow(100)], ["far", "near"], drayage=drayage, rail=rail)
    result = move(made, TARIFFS, ONE_WAY)
    # 50 km of drayage at 40 THB cost more than 75 km of line-haul at 12.
    assert (result.captured("far"), result.captured("near")) == (0, 100)


def test_logit_shares_follow_the_declared_scale():
    # exp(-0.001 x 693.147) = 1/2
    shares = shares_of(np.array([[1_000.0, 1_693.147]]), choice="logit", scale=0.001)
    assert shares[0].tolist() == pytest.approx([2 / 3, 1 / 3], rel=1e-6)
    with pytest.raises(RunError):
        choose(np.ones((1, 2)), np.ones(1), np.zeros(1), least_teu=0, other_teu=np.zeros(1),
               choice="logit", scale=0.0)  # fmt: skip


def test_a_railhead_that_cannot_fill_its_trains_has_none():
    made = world([flow(1_000)], ["yard"], drayage=5.0, rail=739.0)
    # One train a week of 40 TEU is 2,080 TEU a year.
    assert move(made, TARIFFS, replace(ONE_WAY, departures_a_week=1)).captured("yard") == 0
    assert move(made, TARIFFS, replace(ONE_WAY, departures_a_week=0.25)).captured("yard") == 1_000


def test_two_half_empty_railheads_give_way_to_one_full_one():
    flows = [flow(1_500, "a"), flow(1_500, "b")]
    drayage = {("a", "x"): 5.0, ("a", "y"): 60.0, ("b", "x"): 60.0, ("b", "y"): 5.0}
    made = world(flows, ["x", "y"], drayage=drayage, rail=739.0)
    result = move(made, TARIFFS, replace(ONE_WAY, departures_a_week=1))
    assert sorted((result.captured("x"), result.captured("y"))) == [0, 3_000]


def test_other_freight_fills_trains_too():
    made = world([flow(1_000)], ["yard"], drayage=5.0, rail=739.0)
    busy = made.with_railheads([replace(made.railheads[0], other_teu=2_000.0)])
    assert move(busy, TARIFFS, replace(ONE_WAY, departures_a_week=1)).captured("yard") == 1_000


def test_what_cannot_be_reached_is_nan_and_counted():
    made = world([flow(100), flow(50, "island")], ["yard"], drayage=5.0, rail=739.0)
    cut = replace(made, road_km={("mill", "port"): km(700.0)},
                  drayage_km={("mill", "yard"): 5.0})  # fmt: skip
    result = move(cut, TARIFFS, ONE_WAY)
    assert np.isnan(result.ways.thb[1]).all()
    assert np.isnan(result.shares[1]).all()
    assert (result.unreached_flows, result.unreached_teu) == (1, 50)
    assert math.isfinite(result.thb)


def test_a_flow_of_unknown_size_counts_as_unknown():
    made = world([flow(100), flow(math.nan)], ["yard"], drayage=5.0, rail=739.0)
    result = move(made, TARIFFS, ONE_WAY)
    assert (result.unknown_flows, result.captured("yard")) == (1, 100)


def test_nothing_runs_before_its_year():
    made = world([flow(100)], ["new"], drayage=5.0, rail=700.0)
    later = made.with_railheads([replace(made.railheads[0], opens_be=2571)])
    assert move(later, TARIFFS, replace(ONE_WAY, year_be=2570)).captured("new") == 0
    assert move(later, TARIFFS, replace(ONE_WAY, year_be=2571)).captured("new") == 100
    closed = replace(made, gateways=(replace(PORT, rail_opens_be=2571),))
    assert move(closed, TARIFFS, ONE_WAY).captured("new") == 0


def test_freight_from_the_border_never_passes_mae_mo():
    border = Gateway("chiang_khong", "border")
    through = flow(1_000, "chiang_khong")
    made = world([through], ["mae_mo", "den_chai"], drayage=0.0, rail=700.0, road=900.0,
                 gateways=(PORT, border))  # fmt: skip
    heads = [replace(made.railheads[0], role="station"),
             replace(made.railheads[1], role="junction")]  # fmt: skip
    result = move(made.with_railheads(heads), TARIFFS, ONE_WAY)
    assert (result.captured("mae_mo"), result.captured("den_chai")) == (0, 1_000)
    only = move(made.with_railheads(heads[:1]), TARIFFS, ONE_WAY)
    assert only.captured("mae_mo") == 0


def test_boxes_balance_over_both_directions():
    both = [flow(1_000), flow(1_000, direction="in")]
    alone = world(both[:1], ["yard"], drayage=5.0, rail=739.0)
    paired = world(both, ["yard"], drayage=5.0, rail=739.0)
    balanced = replace(ONE_WAY, empties="balanced")
    lone, pair = (move(made, TARIFFS, balanced).ways.thb[0] for made in (alone, paired))
    # The empty: 2 x 700 + 500 + 150 + 7 x 739 = 7,223
    assert lone[1] - pair[1] == pytest.approx(7_223)
    # With a load back the lorry takes 15 % less.
    assert lone[0] - pair[0] == pytest.approx(0.15 * 19_600)
    by_share = move(alone, TARIFFS, replace(ONE_WAY, empties="tariff")).ways.thb[0]
    assert by_share.tolist() == pytest.approx(lone.tolist())


def test_wagons_that_are_lacking_leave_boxes_on_the_road():
    made = world([flow(10_000)], ["yard"], drayage=5.0, rail=739.0)
    result = move(made, TARIFFS, ONE_WAY)
    half = limited_to(result, 0.5)
    assert (half.captured("yard"), half.carried[0, 0]) == (5_000, 5_000)
    assert half.thb == pytest.approx(half.decided_thb)
    assert half.thb > result.thb
    # 5,000 loads of a wagon, each away 2 x 2.5 days
    assert wagons_of(result, "yard") == pytest.approx(5_000 * 5 / 365)
    (row,) = freight_indicators(
        [made.railheads[0]],
        made.with_railheads([]),
        TARIFFS,
        replace(ONE_WAY, year_be=2569),
        wagons=10.0,
    )
    assert row.cases[0].teu == pytest.approx(10_000 * 10 / wagons_of(result, "yard"))


def test_trains_of_a_yard_follow_its_grades():
    made = world([flow(5_400)], ["yard"], drayage=5.0, rail=739.0,
                 tracks={("yard", "port"): Track(356.0, 0.0)})  # fmt: skip
    result = move(made, TARIFFS, ONE_WAY)
    assert services(result, "yard")["port"].trains_a_week == pytest.approx(100 / 52)
    unknown = made.with_railheads([replace(made.railheads[0], south_per_mille=math.nan)])
    assert math.isnan(services(move(unknown, TARIFFS, ONE_WAY), "yard")["port"].trains_a_week)


def test_no_yard_is_justified_where_rail_saves_nothing():
    """Light boxes from Mae Mo: dearer by rail whatever their number."""
    made = world([flow(50_000, box="light_20")], ["yard"], drayage=5.0, rail=739.0)
    (found,) = freight_indicators([made.railheads[0]], made.with_railheads([]), TARIFFS, ONE_WAY)
    central = found.at("central", "central")
    assert (central.teu, central.reason, central.justified) == (0, "no_saving", False)
    assert math.isnan(central.teu_to_justify)


def test_the_boxes_that_would_justify_a_yard_do():
    """
    One way, heavy: 19,600 + 300 against 13,718 + 750 saves 5,432 THB a box.

    100 rai x 4.3 M x 0.0651 + 2 x 20 M x 0.1295 = 33.15 M THB a year are 6,103 boxes; 30,000 TEU
    handled, half of them empty, are 15,000 loads, which decides.
    """
    made = world([flow(10_000)], ["yard"], drayage=5.0, rail=739.0)
    terms = replace(ONE_WAY, departures_a_week=1)
    (found,) = freight_indicators([made.railheads[0]], made.with_railheads([]), TARIFFS, terms)
    central = found.at("central", "central")
    fixed = 1e6 * (430 * annuity(0.05, 30) + 40 * annuity(0.05, 10))
    assert central.fixed_thb == pytest.approx(fixed) == pytest.approx(33.15e6, rel=1e-3)
    assert central.thb_saved / central.teu == pytest.approx(5_432)
    assert (central.reason, central.teu_to_justify) == ("turnover", pytest.approx(15_000))
    enough = world([flow(15_001)], ["yard"], drayage=5.0, rail=739.0)
    (found,) = freight_indicators([enough.railheads[0]], enough.with_railheads([]), TARIFFS, terms)
    assert found.at("central", "central").justified
    assert found.justified == "unknown"
    dear = freight_indicators([enough.railheads[0]], enough.with_railheads([]), TARIFFS, terms,
                              costs=YardCosts(rai=1_000))[0].at("central", "central")  # fmt: skip
    assert dear.reason == "fixed_cost"
    assert dear.teu_to_justify > 15_001


def test_indicators_are_one_row_a_candidate():
    made = world([flow(10_000), flow(math.nan, box="box_40")], ["rival", "a", "b"],
                 drayage={("mill", "rival"): 75.0, ("mill", "a"): 5.0, ("mill", "b"): 40.0},
                 rail={"rival": 664.0, "a": 739.0, "b": 745.0})  # fmt: skip
    rival = made.with_railheads(made.railheads[:1])
    found = freight_indicators(made.railheads[1:], rival, TARIFFS, ONE_WAY)
    assert [one.key for one in found] == ["a", "b"]
    assert [(one.level, one.case) for one in found[0].cases] == list(WHEN)
    row = found[0].row()
    assert (row["railhead"], row["unknown_flows"], row["confidence"]) == ("a", 1, "ASSUMPTION")
    assert row["teu_central"] == row["teu_heavy_20"] == 10_000
    # Against the rival only the difference counts: 50 km of drayage less 75 km of line-haul,
    # and 75 km at 35 km/h of waiting.
    saved = 50 * 40 - 75 * 12 - 75 / 35 / 24 * 300
    assert row["thb_saved_central"] == pytest.approx(10_000 * saved)


def test_a_yard_cannot_have_the_key_of_a_railhead_that_stands():
    """It took the place of that railhead, and so was judged in another world than the rest."""
    made = world([flow(10_000)], ["city", "a"],
                 drayage={("mill", "city"): 20.0, ("mill", "a"): 5.0}, rail=739.0)  # fmt: skip
    city, a = made.railheads
    with pytest.raises(LayerError) as caught:
        freight_indicators([city, a], made.with_railheads([city]), TARIFFS, ONE_WAY)
    assert [fault.code for fault in caught.value.faults] == ["railhead_twice"]
    # Both lie within 25 km, so the drayage is the same: beside the city yard another saves nothing.
    (found,) = freight_indicators([a], made.with_railheads([city]), TARIFFS, ONE_WAY)
    assert found.at("central", "central").thb_saved == 0


@st.composite
def worlds(draw):
    """Draw a world with one to three railheads, and one to four yards beside them."""
    standing = [f"stands_{k}" for k in range(draw(st.integers(0, 3)))]
    planned = [f"yard_{k}" for k in range(draw(st.integers(1, 4)))]
    km = st.floats(1, 120)
    keys = [*standing, *planned]
    flows = [flow(draw(st.floats(50, 30_000)), box=box) for box in ("heavy_20", "box_40")]
    made = world(flows, keys, drayage={("mill", key): draw(km) for key in keys},
                 rail={key: draw(st.floats(600, 800)) for key in keys})  # fmt: skip
    trains, wagons = draw(st.sampled_from([0.0, 1.0])), draw(st.sampled_from([None, 40.0]))
    choice = draw(st.sampled_from(["least", "logit"]))
    terms = replace(ONE_WAY, empties="balanced", departures_a_week=trains, choice=choice)
    return made, len(standing), terms, wagons


@settings(max_examples=40, deadline=None, derandomize=True)
@given(worlds())
def test_one_more_yard_changes_no_figure_of_another(drawn):
    made, standing, terms, wagons = drawn
    base, yards = made.with_railheads(made.railheads[:standing]), made.railheads[standing:]
    together = freight_indicators(yards, base, TARIFFS, terms, wagons=wagons)
    for yard, beside in zip(yards, together, strict=True):
        (alone,) = freight_indicators([yard], base, TARIFFS, terms, wagons=wagons)
        assert repr(alone) == repr(beside)
        before, after = (move(w, TARIFFS, replace(terms, case="favours_rail"))
                         for w in (base, base.with_railheads([*base.railheads, yard])))  # fmt: skip
        if wagons is None and alone.at("central", "favours_rail").teu > 0:
            saved = before.decided_thb - after.decided_thb
            assert alone.at("central", "favours_rail").thb_saved == pytest.approx(saved)


ROW = {"origin": "5202", "commodity": "clay", "box_class": "heavy_20", "direction": "out",
       "teu_low": "1", "teu_central": "2", "teu_high": "3", "confidence": "ASSUMPTION"}  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "code", "expected"),
    [
        ({"origin": "5299"}, "freight_unknown_place", "5202"),
        ({"box_class": "heavy"}, "freight_unknown_class", "heavy_20"),
        ({"direction": "up"}, "freight_unknown_direction", "out, in"),
        ({"teu_low": "-1"}, "freight_teu", None),
        ({"teu_low": ""}, "freight_teu", None),
        ({"teu_low": "9"}, "freight_teu", None),
        ({"teu_high": "many"}, "freight_teu", None),
    ],
)
def test_a_faulty_demand_is_refused_with_its_line(cells, code, expected):
    with pytest.raises(LayerError) as caught:
        read_demand([ROW, ROW | cells], ["5201", "5202"], file="demand.csv")
    (fault,) = caught.value.faults
    assert (fault.code, fault.file, fault.line) == (code, "demand.csv", 3)
    assert expected is None or expected in fault.expected


def test_a_demand_of_unknown_size_is_read_as_unknown():
    empty = dict.fromkeys(("teu_low", "teu_central", "teu_high"), "")
    (found,) = read_demand([ROW | empty], ["5202"])
    assert math.isnan(found.teu.central)


def test_demand_is_split_among_gateways():
    flows = split(read_demand([ROW], ["5202"]), {"port": 0.75, "depot": 0.25, "border": 0.0})
    assert [(one.gateway, one.teu("high")) for one in flows] == [("port", 2.25), ("depot", 0.75)]
    for shares in ({"port": 0.5}, {"port": 1.5, "depot": -0.5}):
        with pytest.raises(LayerError):
            split([], shares)


def test_unknown_gateways_and_negative_distances_are_refused_together():
    made = world([flow(100), flow(1, gateway="moon")], ["yard"], drayage=-5.0, rail=739.0)
    with pytest.raises(LayerError) as caught:
        move(made, TARIFFS, ONE_WAY)
    assert [fault.code for fault in caught.value.faults] == [
        "freight_unknown_gateway",
        "freight_distance",
    ]


def test_an_unknown_railhead_is_refused():
    result = move(world([flow(1)], ["yard"], drayage=5.0, rail=739.0), TARIFFS, ONE_WAY)
    with pytest.raises(LayerError):
        result.captured("yrad")


def test_ways_put_together_are_those_of_the_whole():
    made = world([flow(10_000), flow(math.nan, box="box_40")], ["rival", "a", "b"],
                 drayage={("mill", "rival"): 75.0, ("mill", "a"): 5.0, ("mill", "b"): 40.0},
                 rail={"rival": 664.0, "a": 739.0, "b": 745.0})  # fmt: skip
    rival, a, b = made.railheads

    def ways(*railheads):
        return ways_of(made.with_railheads(railheads), TARIFFS.prices("central"), ONE_WAY)

    pieces, whole = ways(rival).and_over(ways(a, b), 1), ways(rival, b)
    for part in ("thb", "co2_kg", "truck_km", "days"):
        assert np.array_equal(getattr(pieces, part), getattr(whole, part), equal_nan=True)
    assert np.isfinite(whole.thb).all()
