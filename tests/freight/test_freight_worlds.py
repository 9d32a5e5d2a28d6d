"""
Every yard is compared with one and the same world: the railheads that stand already.

Figures were worked out by a program of their own from the layers that do not change, by the
published kilometre posts of the stations. The drawn line, of which sections end at posts worked out
from its length, puts some stations 20 to 40 m off these.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from maemoh_gis.ask.closure_ends import Yard
from maemoh_gis.ask.freight_closures import freight_closures
from maemoh_gis.engine.stages import StageContext
from maemoh_gis.engine.study import study_grid
from maemoh_gis.freight.distances import OnLine, rail_distance
from maemoh_gis.freight.inputs import candidates, freight_world, on_line
from maemoh_gis.freight.layers import FreightLayers, fleet_of, new_yard
from maemoh_gis.freight.outputs import freight_on_record, write_freight
from maemoh_gis.freight.stages import freight_report, saved_by_case, terms_of
from maemoh_gis.freight.tariffs import CASES, EMISSION_FACTORS
from maemoh_gis.freight.words import findings
from maemoh_gis.freight.yard_worth import freight_indicators
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.project import Project
from maemoh_gis.yard_choice.popups import freight_words
from maemoh_gis.yard_choice.set_stage import sets_of
from maemoh_gis.yards.candidates import CandidatePlace
from tests.paths import FROZEN_LAYERS, FROZEN_SCENARIOS

PROJECT = Project(FROZEN_LAYERS, FROZEN_SCENARIOS)
STATIONS = ("Huai Rak Mai", "Mae Mo", "Mae Chang", "Sala Pha Lat", "Nong Wua Thao")
SAVED = {
    "huai_rak_mai": (1_158_688, 11_262),
    "mae_mo": (1_218_041, 5_450),
    "mae_chang": (1_085_768, 1_842),
    "sala_pha_lat": (1_998_669, 16_064),
    "nong_wua_thao": (1_625_396, 16_064),
}
"""THB a year and loaded TEU, at prices that favour rail and central demand."""


@pytest.fixture(scope="module")
def context():
    scenario = PROJECT.scenario("baseline").scenario
    layers = Layers(PROJECT.catalog())
    return StageContext(scenario, layers, study_grid(scenario, layers))


@pytest.fixture(scope="module")
def source(context):
    return FreightLayers.of(context)


def id_of(name):
    return name.lower().replace(" ", "_")


def station(context, name):
    return context.layers.features("stations", context.grid.crs, {"name_en": name}).iloc[0]


def contestant(id, xy):
    return CandidatePlace(id, {"th": "ลาน", "en": id}, xy, None, (0.5, 0.5, 0.5), 0.0, (),
                      eligible=True, fits_near=0, open_year=None)  # fmt: skip


def at(context, name):
    point = station(context, name).geometry
    return contestant(id_of(name), (float(point.x), float(point.y)))


def beyond_lampang(context):
    """Stand beside the line, 2 km of it beyond the station, under the id of the station."""
    line = context.layers.features("railway", context.grid.crs)
    west = line[line["from_station"] == "Nakhon Lampang"].geometry.iloc[0]
    point = west.interpolate(2_290)
    return contestant("nakhon_lampang", (float(point.x), float(point.y)))


@pytest.fixture(scope="module")
def report(context):
    return freight_report(
        context, [*(at(context, name) for name in STATIONS), beyond_lampang(context)]
    )


def favours_rail(found):
    return found.at("central", "favours_rail")


def test_by_published_posts_the_savings_are_those_worked_out_elsewhere(context, source):
    places = [new_yard(source, one.id, one.place) for one in (at(context, n) for n in STATIONS)]
    world, freight = freight_world(source, places), source.freight
    known = [
        OnLine(one.place, one.km_post, one.branch_km)
        for one in (*freight.railheads.values(), *freight.on_line.values())
    ]
    rail_km = dict(world.rail_km)
    for name in STATIONS:
        here = OnLine(id_of(name), float(station(context, name)["km_post"]))
        for gateway, about in freight.gateways.items():
            km = rail_distance(here, about.place, source.distances, known, source.year_be,
                               joins_km_post=about.joins_km_post)  # fmt: skip
            if km is not None:
                rail_km[here.place, gateway] = km
    found = freight_indicators(
        candidates(source, places), replace(world, rail_km=rail_km), source.tariffs,
        terms_of(freight, source.year_be), wagons=fleet_of(source),
    )  # fmt: skip
    saved = {one.key: favours_rail(one) for one in found}
    for key, (thb, teu) in SAVED.items():
        assert saved[key].thb_saved == pytest.approx(thb, abs=2), key
        assert saved[key].teu == pytest.approx(teu, abs=1), key
    assert saved["sala_pha_lat"].teu_to_justify == pytest.approx(170_000, rel=0.005)
    assert saved["mae_mo"].teu_to_justify == pytest.approx(42_400, rel=0.005)


def test_the_savings_of_a_run_are_those_within_what_40_m_of_rail_are_worth(report):
    assert report.best == "sala_pha_lat"
    assert report.alone.key == "sala_pha_lat"
    for key, (thb, teu) in SAVED.items():
        assert favours_rail(report.indicators[key]).thb_saved == pytest.approx(thb, rel=0.006), key
        assert favours_rail(report.indicators[key]).teu == pytest.approx(teu, abs=1), key


def test_a_railhead_stays_where_it_stands_though_a_yard_is_tried_near_it(context, source):
    bare = freight_world(source)
    near = beyond_lampang(context)
    yard = new_yard(source, near.id, near.place)
    world = freight_world(source, [yard])
    assert yard.key not in source.freight.railheads
    assert [one.key for one in world.railheads] == [one.key for one in bare.railheads]
    for way, km in bare.drayage_km.items():
        assert world.drayage_km[way] == km
    assert {way: km for way, km in world.rail_km.items() if way in bare.rail_km} == bare.rail_km
    # The yard has the drayage and the rail km of its own place, not of the station.
    assert world.drayage_km["5201", yard.key] > bare.drayage_km["5201", "nakhon_lampang"] + 2
    further = (
        world.rail_km[yard.key, "laem_chabang"].central
        - bare.rail_km["nakhon_lampang", "laem_chabang"].central
    )
    assert further == pytest.approx(2.3, abs=0.2)


def test_one_more_place_changes_no_figure_of_the_others_nor_of_the_world_without(context, report):
    alone = {
        name: freight_report(context, [at(context, name)]) for name in ("Mae Mo", "Sala Pha Lat")
    }
    for name, one in alone.items():
        assert one.indicators[id_of(name)].cases == report.indicators[id_of(name)].cases
        for case in ("central", "favours_rail", "favours_road"):
            assert one.flows["", case].thb == report.flows["", case].thb
            assert one.flows["", case].carried.tolist() == report.flows["", case].carried.tolist()


def test_a_yard_near_a_railhead_brings_what_that_one_does_not(context, report):
    found = report.indicators["nakhon_lampang"]
    assert found.key == "nakhon_lampang:new"
    # The railhead 2 km before it is nearer to the port and to most senders.
    assert favours_rail(found).thb_saved < favours_rail(report.indicators["mae_mo"]).thb_saved
    assert report.names[found.key]["en"].startswith("New yard beside")
    assert report.names["nakhon_lampang"]["en"] == "Nakhon Lampang station"
    shut = freight_closures(context, beyond_yard(context), "favours_rail")
    assert shut.thb <= freight_closures(context, None, "favours_rail").thb + 1e-6


def beyond_yard(context):
    near = beyond_lampang(context)
    return Yard(near.id, "ลาน", "yard", near.place)


def test_sets_of_yards_are_named_by_their_places(context):
    places = [at(context, "Mae Mo"), beyond_lampang(context)]
    choice = context.scenario.choice
    found = sets_of(context, places, choice)
    named = {key for several in found.free.values() for one in several for key in one.chosen}
    assert named <= {"mae_mo", "nakhon_lampang"}
    assert set(found.room) == {"mae_mo", "nakhon_lampang"}


def test_a_place_at_a_railhead_of_a_line_to_come_stands_where_that_stands(context, source):
    ngao = source.railheads.set_index("key").loc["ngao"].geometry
    yard = new_yard(source, "ngao", (float(ngao.x), float(ngao.y)))
    line = on_line(source, [yard])
    assert line[yard.key] == line["ngao"]
    (found,) = candidates(source, [yard])
    assert found.opens_be == 2571
    other = new_yard(source, "near_ngao", (float(ngao.x) + 500, float(ngao.y)))
    assert candidates(source, [other])[0].opens_be == 2571


def off_the_roads(context, source):
    """Find a place beside the line that no recorded road comes within 5 km of."""
    line = context.layers.features("railway", context.grid.crs).geometry.union_all()
    spots = [line.interpolate(metres) for metres in range(0, int(line.length), 500)]
    for point in spots:
        place = new_yard(source, "fit_21", (float(point.x), float(point.y)))
        if not source.reached([place]):
            return contestant("fit_21", place.xy)
    raise AssertionError("every place of the line is near a road")


def test_a_place_no_road_reaches_is_named_and_the_run_goes_on(context, source, report, tmp_path):
    lost = off_the_roads(context, source)
    found = freight_report(context, [lost, at(context, "Mae Mo")])
    assert found.unreached == ("fit_21",)
    assert (set(found.indicators), found.left_out) == ({"mae_mo"}, ())
    assert found.indicators["mae_mo"].cases == report.indicators["mae_mo"].cases
    said = findings(found)[-1]
    assert "fit_21" in said["en"]
    assert "ลาน" in said["th"]
    assert "fit_21" not in saved_by_case(found.indicators)
    assert freight_on_record(found)["places_no_recorded_road_reaches"] == ["fit_21"]
    assert freight_words(found, "fit_21", "en").startswith("not known")
    write_freight(found, tmp_path)
    sets = sets_of(context, [lost, at(context, "Mae Mo")], context.scenario.choice)
    assert set(sets.room) == {"mae_mo"}


def test_what_a_box_emits_does_not_move_with_prices(source, report):
    """A case of prices chooses the way of a box; on one way it emits the same in every case."""
    tables = {case: source.tariffs.prices(case) for case in CASES}
    for item in (*EMISSION_FACTORS, "container_tare_20ft", "container_wagon_tare"):
        assert len({prices[item] for prices in tables.values()}) == 1, item
        assert tables["central"][item] == source.tariffs.rates[item].central
    low, high = (source.tariffs.factors(level) for level in ("low", "high"))
    assert all(low[item] <= high[item] for item in EMISSION_FACTORS)
    assert low != high


def test_every_table_tells_the_same_co2(report):
    best = report.indicators["sala_pha_lat"]
    told = {(one.yard, one.case, one.way): one.co2_t for one in report.emissions}
    for case in ("central", "favours_rail", "favours_road"):
        change = told[report.best, case, "change"]
        saved = best.at("central", case).co2_t_saved
        assert -saved == pytest.approx(change.central, abs=1e-6)
        assert change.low <= -saved + 1e-6
        assert -saved - 1e-6 <= change.high
        for yard in ("", report.best):
            whole = told[yard, case, "all"]
            assert report.flows[yard, case].co2_kg / 1000 == pytest.approx(whole.central)
            assert whole.low < whole.central < whole.high


def test_a_no_names_the_two_assumptions_it_hangs_on_with_both_sides(report):
    first = findings(report)[0]
    central, rail = ("central", "central"), ("central", "favours_rail")
    sides = [report.alone.at(*central), report.loaded_alone.at(*central),
             report.indicators[report.best].at(*rail), report.alone.at(*rail)]  # fmt: skip
    # With all boxes back empty by rail nothing is saved at central prices, even without rivals.
    assert sides[0].thb_saved == 0
    assert sides[1].thb_saved > sides[1].fixed_thb
    assert sides[3].thb_saved == pytest.approx(161.8e6, rel=0.005)
    assert (sides[1].justified, sides[3].justified) == (True, True)
    for one in sides:
        for words in (first["en"], first["th"]):
            assert f"{one.thb_saved / 1e6:,.1f}" in words
    assert "empty by rail" in first["en"]
    assert "ตู้เปล่า" in first["th"]


def test_yards_that_save_nearly_the_same_are_not_told_apart(context, report):
    one = at(context, "Sala Pha Lat")
    places = [one, contestant("near", one.place)]
    twins = freight_report(context, places)
    said = [words["en"] for words in findings(twins)]
    (like,) = [words for words in said if words.startswith("Within 5 %")]
    assert ("near" in like) != (twins.best == "near")
    assert not [w for w in findings(report) if w["en"].startswith("Within 5 %")]
