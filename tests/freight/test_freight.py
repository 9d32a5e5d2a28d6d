"""Freight of the baseline: what a yard would bring by the bundled facts, and what is refused."""

import csv
import functools
import io
from dataclasses import replace

import pytest

from maemoh_gis import files
from maemoh_gis.ask.freight_closures import freight_closures
from maemoh_gis.core.errors import FormatError, LayerError
from maemoh_gis.engine.stages import StageContext
from maemoh_gis.engine.study import study_grid
from maemoh_gis.freight.area import COST_PARTS
from maemoh_gis.freight.emissions import emissions_by_way
from maemoh_gis.freight.engine import move
from maemoh_gis.freight.inputs import candidates, freight_world
from maemoh_gis.freight.layers import FreightLayers, Place, fleet_of
from maemoh_gis.freight.outputs import (
    FLOW_COLUMNS,
    YARD_COLUMNS,
    freight_on_record,
    write_freight,
)
from maemoh_gis.freight.stages import freight_report, freight_stages, saved_by_case, terms_of
from maemoh_gis.freight.words import findings
from maemoh_gis.freight.world import Spread
from maemoh_gis.freight.yard_worth import WHEN, within_wagons
from maemoh_gis.freight.year import freight_year_stage, years_of_change
from maemoh_gis.layers.cached import CachedLayers
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.project import Project
from maemoh_gis.scenario.checks.check import faults_of
from maemoh_gis.scenario.resolve import read_scenario
from maemoh_gis.yard_choice.set_stage import yard_set_stages
from maemoh_gis.yards.candidates import CandidatePlace
from tests.few_roads import on_few_roads
from tests.paths import LAYERS, SCENARIOS

PROJECT = Project(LAYERS, SCENARIOS)


@functools.cache
def layers_read_once():
    return CachedLayers(Layers(PROJECT.catalog()))


def context_of(scenario):
    layers = layers_read_once()
    return StageContext(scenario, layers, study_grid(scenario, layers))


def with_freight(scenario, **changed):
    return scenario.model_copy(update={"freight": scenario.freight.model_copy(update=changed)})


@pytest.fixture(scope="module")
def baseline():
    return PROJECT.scenario("baseline").scenario


@pytest.fixture(scope="module")
def context(baseline):
    return context_of(baseline)


def at_station(context, name):
    stations = context.layers.features("stations", context.grid.crs, {"name_en": name})
    point = stations.geometry.iloc[0]
    return (float(point.x), float(point.y))


def contestant(id, xy, *questions):
    return CandidatePlace(id, {"th": "ลาน", "en": id}, xy, None, (0.5, 0.5, 0.5), 0.0, questions,
                      eligible=True, fits_near=0, open_year=None)  # fmt: skip


@pytest.fixture(scope="module")
def report(context):
    places = [
        contestant("mae_mo", at_station(context, "Mae Mo")),
        contestant("nakhon_lampang", at_station(context, "Nakhon Lampang")),
        contestant("ko_kha", (at_station(context, "Mae Mo")[0] + 9000, 2_010_000.0), "off_rail"),
    ]
    return freight_report(context, places)


@pytest.fixture(scope="module")
def source(context):
    return FreightLayers.of(context)


@pytest.fixture(scope="module")
def world(context, source):
    places = [Place("mae_mo", at_station(context, "Mae Mo"))]
    return freight_world(source, places)


def test_the_table_of_demand_holds_the_published_tonnes():
    rows = files.read_csv(LAYERS / "freight_demand.csv")
    out = [row for row in rows if row["direction"] == "out" and row["tonnes"]]
    clay = [row for row in out if row["commodity"] in {"ball_clay", "kaolin"}]
    assert sum(float(row["tonnes"]) for row in clay) == pytest.approx(474_958, abs=1)
    crops = [row for row in out if row not in clay]
    assert sum(float(row["tonnes"]) for row in crops) == pytest.approx(677_819, abs=1)
    # 474,958 x 0.4 / 18 = 10,555 and 677,819 x 0.15 / 16 = 6,355
    assert sum(float(row["teu_central"]) for row in clay) == pytest.approx(10_555, abs=1)
    assert sum(float(row["teu_central"]) for row in crops) == pytest.approx(6_355, abs=1)
    assert {row["confidence"] for row in rows} == {"ASSUMPTION"}


def test_what_nobody_knows_is_empty_and_not_zero():
    rows = files.read_csv(LAYERS / "freight_demand.csv")
    unknown = {row["commodity"] for row in rows if not row["teu_central"]}
    assert unknown == {"ceramics", "lamphun_estate"}


def test_distances_are_those_of_the_facts(world):
    assert world.road_km["5202", "laem_chabang"] == Spread(675, 700, 735)
    assert world.rail_km["mae_mo", "laem_chabang"].central == pytest.approx(739, abs=0.5)
    assert world.rail_km["nakhon_lampang", "laem_chabang"] == Spread(765, 772, 785)
    # Highway 11 to Den Chai is stated as 65 to 90 km.
    assert 65 <= world.drayage_km["5202", "den_chai"] <= 90
    assert 65 <= world.drayage_km["5202", "ngao"] <= 90
    # Thoen lies on the way to the port, Wang Nuea behind the city.
    city = world.road_km["5201", "laem_chabang"].central
    assert world.road_km["5208", "laem_chabang"].central < city - 50
    assert world.road_km["5207", "laem_chabang"].central > city + 50


def test_the_new_line_opens_in_its_year(context, baseline, world):
    assert ("ngao", "chiang_khong") not in world.rail_km
    later = context_of(baseline.model_copy(update={"year": 2571}))
    opened = freight_world(FreightLayers.of(later))
    assert opened.rail_km["ngao", "chiang_khong"].central == 219
    never = with_freight(later.scenario, new_lines={})
    # The layer still tells the planned year.
    assert freight_world(FreightLayers.of(context_of(never))).railheads[1].opens_be == 2571


def test_each_double_track_is_switched_by_its_own_year(baseline, world):
    assert world.tracks["mae_mo", "laem_chabang"].single_km == pytest.approx(356.1, abs=0.1)
    section = baseline.rail["pak_nam_pho_den_chai"].model_copy(update={"double_from": 2569})
    rail = {**baseline.rail, "pak_nam_pho_den_chai": section}
    doubled = context_of(baseline.model_copy(update={"rail": rail}))
    place = [Place("mae_mo", at_station(doubled, "Mae Mo"))]
    track = freight_world(FreightLayers.of(doubled), place).tracks["mae_mo", "laem_chabang"]
    assert track.double_km == pytest.approx(281.0)
    assert track.single_km == pytest.approx(75.1, abs=0.1)


def test_a_place_off_the_line_is_no_railhead(context, source):
    x, y = at_station(context, "Mae Mo")
    assert candidates(source, [Place("field", (x, y + 5_000))]) == []
    (yard,) = candidates(source, [Place("yard", (x, y + 500))])
    assert (yard.south_per_mille, yard.north_per_mille) == (8.1, 18.6)


def test_the_fleet_follows_its_row(baseline, context):
    assert fleet_of(FreightLayers.of(context)) == pytest.approx(106.2)
    later = context_of(baseline.model_copy(update={"year": 2575}))
    assert fleet_of(FreightLayers.of(later)) == pytest.approx(200.8)


def test_the_baseline_justifies_no_yard(report):
    assert set(report.indicators) == {"mae_mo", "nakhon_lampang"}
    assert report.left_out == ("ko_kha",)
    for one in report.indicators.values():
        assert one.justified == "no"
        assert one.at("central", "central").reason == "no_saving"
        assert [(case.level, case.case) for case in one.cases] == list(WHEN)


def test_rivals_take_much_of_what_a_yard_would_bring(report):
    beside, alone = (
        one.at("central", "favours_rail").thb_saved
        for one in (report.indicators[report.best], report.alone)
    )
    assert report.alone.key == report.best
    assert alone > beside


def test_prices_decide_whether_anything_goes_by_rail(report):
    by_case = {case: result.carried[:, 1:].sum() for (yard, case), result in report.flows.items()
               if not yard}  # fmt: skip
    assert by_case["central"] == by_case["favours_road"] == 0
    assert by_case["favours_rail"] > 10_000


def test_no_more_goes_by_rail_than_wagons_carry(report):
    for one in report.indicators.values():
        assert all(not case.wagons_needed > report.wagons + 1e-6 for case in one.cases)


def test_savings_stand_in_the_same_cases_for_all_the_central_one_first(report):
    saved = saved_by_case(report.indicators)
    for key, one in report.indicators.items():
        assert saved[key][0] == one.at("central", "central").thb_saved
        cases = [(case.level, case.case) for case in one.cases]
        assert saved[key] == tuple(one.at(*when).thb_saved for when in cases)
        assert cases == [(c.level, c.case) for c in next(iter(report.indicators.values())).cases]


def test_flows_add_up_to_the_demand(report, tmp_path):
    written = write_freight(report, tmp_path)
    assert set(written) == {
        "flows.csv", "freight_yards.csv", "freight_costs.csv", "freight_areas.gpkg",
    }  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(files.read_text(tmp_path / "flows.csv"))))
    assert tuple(rows[0]) == FLOW_COLUMNS
    for yard, case in report.flows:
        same = [row for row in rows if (row["yard"], row["case"]) == (yard, case)]
        known = sum(float(row["teu"]) for row in same if row["teu"])
        assert known == pytest.approx(16_909, abs=1)
        assert {row["commodity_en"] for row in same if not row["teu"]} == {
            "ceramics", "freight of Lamphun",
        }  # fmt: skip
    assert all(row["way_th"] and row["way_en"] and row["confidence"] for row in rows)


def test_each_yard_has_a_row_for_every_case(report, tmp_path):
    write_freight(report, tmp_path)
    rows = list(csv.DictReader(io.StringIO(files.read_text(tmp_path / "freight_yards.csv"))))
    assert tuple(rows[0]) == YARD_COLUMNS
    assert len(rows) == len(WHEN) * len(report.indicators)
    assert all(row["reason_th"] != row["reason_en"] for row in rows)


def test_the_cost_of_a_box_from_mae_mo_is_told_part_by_part(report, tmp_path):
    write_freight(report, tmp_path)
    rows = list(csv.DictReader(io.StringIO(files.read_text(tmp_path / "freight_costs.csv"))))
    heavy = {
        row["way"]: row
        for row in rows
        if (row["origin"], row["gateway"], row["box_class"], row["case"])
        == ("5202", "laem_chabang", "heavy_20", "central")
    }
    road, yard = heavy["road"], heavy["mae_mo"]
    # 28 x 700 + 150 + a day of 300; 2,800 + 1,400 + 150 + 12 x 739 + 500 + 150 + 2.5 x 300
    assert float(road["total_thb"]) == pytest.approx(20_050, abs=1)
    assert float(yard["loaded_way_alone_thb"]) == pytest.approx(14_618, abs=2)
    assert float(yard["total_thb"]) == pytest.approx(14_618 + 7_223, abs=3)
    parts = [float(yard[name]) for name in COST_PARTS if yard[name]]
    assert sum(parts) == pytest.approx(float(yard["total_thb"]), abs=0.2)


def test_market_areas_shrink_to_nothing_where_prices_favour_the_road(report):
    areas = report.areas
    beat_the_road = areas[areas["against_road"]]
    assert set(beat_the_road["case"]) == {"favours_rail"}
    assert {"den_chai", "lamphun", report.best} <= set(areas["railhead"])
    for case, among in areas[~areas["against_road"]].groupby("case"):
        # Among railheads alone every cell belongs to one of them.
        assert among.geometry.union_all().area == pytest.approx(among["area_m2"].sum()), case


def test_the_same_inputs_give_the_same_bytes(report, tmp_path):
    assert write_freight(report, tmp_path / "a") == write_freight(report, tmp_path / "b")


def test_the_record_says_what_the_numbers_rest_on(report):
    record = freight_on_record(report)
    assert record["confidence"] == "ASSUMPTION"
    assert record["flows_of_unknown_size"] == 9
    assert record["yards"]["mae_mo"]["teu_to_justify"] is None
    heavy = record["break_even_km"][1]
    assert (heavy["box_class"], heavy["case"]) == ("heavy_20", "central")
    assert heavy["loaded_way_alone"] < 400 < heavy["with_the_empty_by_rail"]
    for words in findings(report):
        assert words["th"] != words["en"]
        assert "{" not in words["th"] + words["en"]


def test_without_freight_there_is_no_stage(baseline):
    assert freight_stages(baseline.model_copy(update={"freight": None})) == []
    year, flows, named = freight_stages(baseline)
    # How good the land of a place is, and what it is called, changes no flow.
    assert flows.inputs == ("places", year.id)
    assert named.inputs == (flows.id, "contestants")
    assert {"tariffs", "freight_demand", "road_network"} <= set(flows.layers)


def estate_from(scenario, year):
    """Give the demand of an estate that opens in a year."""
    estate = {"origin": "5202", "box": "heavy_20", "direction": "out",
              "teu": [1000.0, 2000.0, 3000.0], "from_year": year, "confidence": "ASSUMPTION",
              "basis": "test"}  # fmt: skip
    model = type(scenario.freight).model_fields["more_demand"].annotation
    return {"estate": model.__args__[1].model_validate(estate)}


def in_year(context, year):
    return replace(context, scenario=context.scenario.model_copy(update={"year": year}))


@pytest.fixture(scope="module")
def opening(baseline):
    """Freight of a scenario in which everything that may change does, each in a year of its own."""
    double = next(iter(baseline.freight.tracks))
    section = baseline.rail[double].model_copy(update={"double_from": 2577})
    # On few roads, as how far it is by road turns on no year.
    few = {"roads": "roads", "least_part_km": None}
    asked = with_freight(baseline, more_demand=estate_from(baseline, 2584), **few)
    return context_of(asked.model_copy(update={"rail": {**asked.rail, double: section}}))


def test_nothing_of_freight_changes_between_the_years_it_is_told_to_change_in(opening):
    """Scenarios of years between share what was computed once, so no lookup may be forgotten."""
    place = Place("mae_mo", at_station(opening, "Mae Mo"), 2588)
    new = replace(contestant(place.key, place.xy), open_year=place.opens_be)
    stage = freight_year_stage(opening.scenario)
    changes = years_of_change(FreightLayers.of(opening), [new])
    assert {2577, 2584, 2588} < changes

    def told(year):
        source = FreightLayers.of(in_year(opening, year))
        world = freight_world(source, [place])
        moved = move(world, source.tariffs, terms_of(source.freight, 0))
        terms = replace(terms_of(source.freight, year), case="favours_rail")
        opened = [y for r in world.railheads for y in [r.opens_be] if y and y <= terms.year_be]
        return (world, fleet_of(source), opened, moved.teu.tobytes(),
                move(world, source.tariffs, terms).teu.tobytes())  # fmt: skip

    # Before the first share of a gateway freight goes nowhere, which is an error.
    first = min(int(y) for one in opening.scenario.freight.gateways.values() for y in one.share)
    for year in range(first, max(changes) + 5, 3):
        counts = stage.run(in_year(opening, year), {"places": (new,)})
        assert counts <= year
        assert counts in changes
        assert told(counts)[0] == told(year)[0], year
        assert told(counts)[1:] == told(year)[1:], year


def test_freight_is_computed_in_the_year_it_is_kept_under(context, report):
    """What a run keeps for other years cannot hold anything of its own year."""
    later = in_year(context, 2580)
    _, flows, _ = freight_stages(later.scenario)
    places = [contestant("mae_mo", at_station(context, "Mae Mo"))]
    found = flows.run(later, {"places": places, "freight_year": 2569})
    assert found.wagons == fleet_of(FreightLayers.of(context)) != fleet_of(FreightLayers.of(later))
    assert report.wagons == found.wagons


def test_another_year_of_double_track_is_another_search_for_sets(baseline):
    id = next(iter(baseline.freight.tracks))
    section = baseline.rail[id].model_copy(update={"double_from": 2570})
    doubled = baseline.model_copy(update={"rail": {**baseline.rail, id: section}})
    (one,), (other,) = (yard_set_stages(scenario) for scenario in (baseline, doubled))
    assert one.params != other.params


def test_more_demand_counts_from_its_year(baseline):
    more = estate_from(baseline, 2570)
    asked = with_freight(baseline, more_demand=more)
    demand = {one.commodity for one in FreightLayers.of(context_of(asked)).demand}
    assert "estate" not in demand
    later = context_of(asked.model_copy(update={"year": 2570}))
    assert "estate" in {one.commodity for one in FreightLayers.of(later).demand}
    nowhere = {"estate": more["estate"].model_copy(update={"origin": "9999"})}
    with pytest.raises(LayerError) as caught:
        _ = FreightLayers.of(context_of(with_freight(asked, more_demand=nowhere))).demand
    assert caught.value.faults[0].code == "freight_unknown_place"


def faults(tmp_path, old, new):
    content = files.read_text(SCENARIOS / "baseline.yaml")
    assert content.count(old) == 1, old
    path = tmp_path / "baseline.yaml"
    path.write_text(content.replace(old, new), encoding="utf-8")
    return [
        (fault.code, fault.key)
        for fault in faults_of(read_scenario(path), PROJECT.catalog())
        if (fault.key or "").startswith("freight")
    ]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("demand: freight_demand", "demand: demand", ("unknown_layer", "freight.demand")),
        ("  roads: road_network\n  least", "  roads: stations\n  least",
         ("wrong_layer_kind", "freight.roads")),
        ("origin_column: code", "origin_column: kode", ("unknown_column", "freight.origins.layer")),
        ('share: {"2569": 0.75}', 'share: {"2569": 0.5}', ("gateway_shares", "freight.gateways")),
        ('share: {"2569": 0.75}', 'share: {"2571": 0.75}', ("gateway_shares", "freight.gateways")),
        ("opens: [ngao, chiang_khong]", "opens: [ngao, chiang_rai]",
         ("unknown_freight_place", "freight.new_lines.den_chai_chiang_khong.opens")),
        ("toward: [chiang_khong]", "toward: [chiangkhong]",
         ("unknown_freight_place", "freight.exits.highway_1021_phayao.toward")),
        ("pak_nam_pho_den_chai:\n      from_km_post", "pak_nam_pho:\n      from_km_post",
         ("unknown_rail_section", "freight.tracks.pak_nam_pho")),
        ("from_km_post: 642.3", "from_km_post: 692.3",
         ("stretch_backward", "freight.grades.lampang_mae_tan_noi")),
    ],
)  # fmt: skip
def test_freight_that_does_not_fit_its_layers_is_refused(tmp_path, old, new, fault):
    assert fault in faults(tmp_path, old, new)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("most_m: 5000\n  most_siding", "most_m: -1\n  most_siding", "wrong_value"),
        ('wagons: {"2568": 1062', 'wagons: {"2025": 1062', "year_in_ce"),
        ('wagons: {"2568": 1062', 'wagons: {"soon": 1062', "wrong_value"),
        ("choice: least", "choice: cheapest", "wrong_value"),
    ],
)
def test_freight_that_breaks_the_format_is_refused(tmp_path, old, new, code):
    content = files.read_text(SCENARIOS / "baseline.yaml")
    assert content.count(old) == 1, old
    path = tmp_path / "baseline.yaml"
    path.write_text(content.replace(old, new), encoding="utf-8")
    with pytest.raises(FormatError) as caught:
        read_scenario(path)
    assert code in {fault.code for fault in caught.value.faults}


@pytest.fixture(scope="module")
def few(baseline):
    """Give the baseline on few roads: thousands of stretches to shut prove no more."""
    return context_of(on_few_roads(baseline))


@pytest.fixture(scope="module")
def shuts(few):
    return freight_closures(few, None, "favours_rail")


def test_trains_that_cannot_pass_cost_what_their_railheads_save(few, shuts):
    source = FreightLayers.of(few)
    world = freight_world(source)
    terms = replace(terms_of(source.freight, source.year_be), case="favours_rail")
    left = [one for one in world.railheads if one.key not in {"nakhon_lampang", "lamphun"}]
    before, after = (
        within_wagons(move(w, source.tariffs, terms), fleet_of(source))
        for w in (world, world.with_railheads(left))
    )
    assert shuts.thb == pytest.approx(before.thb)
    (rail,) = [one for one in shuts.shuts if one.carrier == "rail"]
    assert rail.name == "Den Chai – Nakhon Lampang"
    assert rail.thb == pytest.approx(after.thb - before.thb)
    # Freight of Lamphun is of unknown size, so nothing known goes through the Khun Tan tunnel.
    assert [one.name for one in shuts.idle] == ["Nakhon Lampang – Sala Mae Tha"]
    assert shuts.unknown_flows == 9


def test_no_closure_makes_freight_cheaper_and_the_worst_stands_first(shuts):
    assert all(one.thb >= 0 and one.cut_off_teu >= 0 for one in shuts.shuts)
    ranks = [(-one.cut_off_teu, -one.thb) for one in shuts.shuts]
    assert ranks == sorted(ranks)
    # All freight of Mae Tha leaves by one recorded road; more cannot be cut off than there is.
    assert 0 < shuts.shuts[0].cut_off_teu < 16_909
    assert max(one.thb for one in shuts.shuts) < shuts.thb


def test_emissions_by_way_add_up_to_those_of_the_engine(report, source):
    for key, flow in report.flows.items():
        found = {one.way: one for one in emissions_by_way(key, flow, source.tariffs)}
        road, rail, everything = (found[way] for way in ("road", "rail", "all"))
        for of in ("low", "central", "high"):
            parts = getattr(road.co2_t, of) + getattr(rail.co2_t, of)
            assert parts == pytest.approx(getattr(everything.co2_t, of))
        assert everything.co2_t.low < everything.co2_t.central < everything.co2_t.high
        assert everything.teu == pytest.approx(float(flow.carried.sum()))
        assert everything.co2_t.confidence == "ASSUMPTION"
        # Prices move no emission factor: the middle is that of the engine in every case.
        assert everything.co2_t.central == pytest.approx(flow.co2_kg / 1000)


def test_emissions_of_boxes_by_road_by_hand(report, source):
    """A heavy TEU emits 1.5 kg a km by road, a light one 0.8, at the distance of its flow."""
    flow = report.flows["", "central"]
    kg = 0.0
    for row, one in enumerate(flow.world.flows):
        km = flow.world.road_km[one.demand.origin, one.gateway].central
        each = 1.5 if one.demand.box == "heavy_20" else 0.8
        kg += float(flow.carried[row, 0]) * each * km
    found = {one.way: one for one in emissions_by_way(("", "central"), flow, source.tariffs)}
    assert found["road"].co2_t.central == pytest.approx(kg / 1000)


def test_freight_is_drawn_where_it_goes(report):
    lines = report.lines
    now = lines[(lines["yard"] == "") & (lines["case"] == "central")]
    # At central prices nothing goes by rail; the way out of Mae Tha carries all of its freight.
    assert set(now["carrier"]) == {"road"}
    assert 0 < now["teu"].max() <= 16_910
    rail = lines[(lines["yard"] == report.best) & (lines["case"] == "favours_rail")]
    trains = rail[rail["carrier"] == "rail"]
    result = report.flows[report.best, "favours_rail"]
    beyond = sum(result.captured(k) for k in {report.best, "nakhon_lampang", "lamphun"})
    # All that goes by train from beyond Den Chai passes the section next to it.
    assert trains["teu"].max() == pytest.approx(beyond, abs=1)
    assert report.lines.crs == "EPSG:32647"
