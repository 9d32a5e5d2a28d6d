"""What the boxes of an estate pay, and that they reach the demand and the yards."""

import math
from dataclasses import replace

import pytest

from maemoh_gis.estate.growth import in_year
from maemoh_gis.freight.boxes import way_back_of
from maemoh_gis.freight.engine import Terms, move, ways_of
from maemoh_gis.freight.estate import estate_prices
from maemoh_gis.freight.tariffs import Rate, Tariffs
from maemoh_gis.freight.world import Demand, Flow, Gateway, Railhead, Spread, World
from maemoh_gis.freight.year import years_of_change
from maemoh_gis.runs.project import Project
from tests.freight.test_freight import context_of
from tests.paths import LAYERS, SCENARIOS


@pytest.fixture(scope="module")
def source():
    from maemoh_gis.freight.layers import FreightLayers

    return FreightLayers.of(context_of(Project(LAYERS, SCENARIOS).scenario("baseline").scenario))


def in_the_year(source, year):
    return replace(source, year_be=year)


def sent(source):
    return [one for one in source.demand if one.origin == "estate"]


def test_an_estate_without_tenants_sends_nothing(source):
    assert sent(in_the_year(source, 2576)) == []


def test_what_occupied_land_sends_is_in_the_demand(source):
    told = sent(in_the_year(source, 2580))
    needs = in_year(source.estate, 2580).needs["teu"]
    for level in ("low", "central", "high"):
        assert math.fsum(one.teu.at(level) for one in told) == pytest.approx(getattr(needs, level))
    assert {one.direction for one in told} == {"out", "in"}


def test_the_estate_is_a_place_of_its_own(source):
    (point,) = source.origins.geometry[source.origins["key"] == "estate"].to_crs("EPSG:4326")
    assert (point.x, point.y) == pytest.approx((99.65, 18.275))


def test_freight_of_a_year_is_kept_while_the_estate_fills_and_no_longer(source):
    years = years_of_change(source, ())
    assert set(range(2577, 2592)) <= years
    assert years_of_change(replace(source, estate=None), ()) < years


def test_of_boxes_that_could_come_back_loaded_only_those_matched_do():
    assert way_back_of(100, 100, 0.1).empty == pytest.approx(0.9)
    assert way_back_of(100, 100, 0.1).return_loads == pytest.approx(0.1)
    assert way_back_of(100, 0, 1.0).empty == 1.0


KM = Spread(600, 600, 600)


def world_of(*teu, road=KM):
    flows = tuple(
        Flow(Demand("estate", "estate_mixed", box, direction, Spread(n, n, n), "ASSUMPTION"),
             "port", 1.0)
        for box, direction, n in teu
    )  # fmt: skip
    heads = (Railhead("old", "station"),)
    return World(flows, (Gateway("port", "port"),), heads, {("estate", "port"): road},
                 {("estate", "old"): 40.0, ("estate", "new"): 5.0},
                 {("old", "port"): KM, ("new", "port"): KM}, {})  # fmt: skip


def dearer_lorries(tariffs, factor):
    def times(rate: Rate) -> Rate:
        return replace(rate, low=rate.low * factor, central=rate.central * factor,
                       high=rate.high * factor)  # fmt: skip

    changed = {
        item: times(rate) if item.startswith("road_container") else rate
        for item, rate in tariffs.rates.items()
    }
    return Tariffs(changed)


YARD = [Railhead("new", "yard")]
TERMS = Terms(2580)


def priced(source, world, tariffs=None, terms=TERMS):
    class Source:
        pass

    asked = Source()
    asked.tariffs = tariffs or source.tariffs
    return {
        (one.box, one.direction): one
        for one in estate_prices(asked, world, YARD, terms)
        if one.case == "central"
    }


def test_at_the_printed_lorry_rate_both_ways_cost_the_same(source):
    world = world_of(("heavy_20", "out", 100.0), ("box_40", "out", 100.0))
    for key, one in priced(source, world).items():
        at = priced(source, world, dearer_lorries(source.tariffs, one.even_lorry_factor))[key]
        assert at.road_thb == pytest.approx(at.yard_thb, rel=1e-9)


def test_where_no_way_by_road_is_known_no_lorry_rate_makes_both_even(source):
    unknown = world_of(("heavy_20", "out", 100.0), road=Spread(math.nan, math.nan, math.nan))
    one = priced(source, unknown)["heavy_20", "out"]
    assert math.isnan(one.road_thb)
    assert math.isnan(one.even_lorry_factor)
    assert math.isnan(one.even_loaded_back)


def test_at_the_printed_share_of_loads_back_both_ways_cost_the_same(source):
    near = world_of(("heavy_20", "out", 100.0), road=Spread(620, 620, 620))
    share = priced(source, near)["heavy_20", "out"].even_loaded_back
    assert 0 < share < 1
    matched = world_of(("heavy_20", "out", 100.0), ("heavy_20", "in", 100.0 * share),
                       road=Spread(620, 620, 620))  # fmt: skip
    at = priced(source, matched)["heavy_20", "out"]
    assert at.road_thb == pytest.approx(at.yard_thb, rel=1e-9)


def test_prices_are_those_by_which_freight_is_moved(source):
    world = world_of(("heavy_20", "out", 100.0), ("box_40", "in", 50.0))
    every = world.with_railheads([*world.railheads, *YARD])
    ways = ways_of(every, source.tariffs.prices("central"), TERMS).thb
    told = priced(source, world)
    for row, flow in enumerate(every.flows):
        one = told[flow.demand.box, flow.demand.direction]
        assert (one.road_thb, one.rival_thb, one.yard_thb) == tuple(ways[row])
    moved = move(every, source.tariffs, TERMS)
    by_rail = any(one.by_rail for one in told.values())
    assert (moved.captured("new") > 0) == by_rail
