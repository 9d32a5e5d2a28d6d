"""The places that compete for the yard: which they are, what is known of them, what is said."""

from __future__ import annotations

import json
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from maemoh_gis.core.errors import FormatError
from maemoh_gis.core.grid import Grid
from maemoh_gis.core.messages import describe, text
from maemoh_gis.engine.stages import StageContext
from maemoh_gis.exposure.population import people_of
from maemoh_gis.files import read_csv, read_text
from maemoh_gis.layers.load import Layers
from maemoh_gis.mcda.combine import Score
from maemoh_gis.runs.project import Project, prepare
from maemoh_gis.scenario.settings.choice import INDICATORS, YardCapacity
from maemoh_gis.yard_choice.set_stage import sets_of
from maemoh_gis.yard_choice.set_words import set_words
from maemoh_gis.yard_choice.stages import contest
from maemoh_gis.yard_choice.words import people_words, verdict
from maemoh_gis.yards.candidates import Ground, contestants
from tests.paths import LAYERS, SCENARIOS


@pytest.fixture(scope="module")
def baseline():
    return prepare(Project(LAYERS, SCENARIOS), "baseline")


def fit(rank, place, station, *, score=0.8, proven=False, permit=0.0):
    x, y = place
    return {
        "rank": rank, "station_th": station, "station_en": station, "station_km": 1.0,
        "score_mean": score, "outcome": "holds" if proven else "cannot_be_told",
        "not_told": "" if proven else "straight;grade;one_side;roads",
        "conditional_share": permit, "at_station_en": "",
        "geometry": shapely.box(x - 500, y - 125, x + 500, y + 125),
    }  # fmt: skip


def stretch(place, score, *, not_told="straight;grade;one_side;roads", permit=0.0, at=""):
    return {
        "best_x_m": place[0], "best_y_m": place[1], "score_best": score,
        "score_greatest": score + 0.125, "not_told": not_told, "conditional_share": permit,
        "at_station_en": at,
    }  # fmt: skip


def ground_of(baseline, fits, stretches=None):
    """Land around Mae Mo station, 20 km square, that scores 0.5 throughout."""
    resolved, catalog = baseline
    layers = Layers(catalog)
    crs = resolved.scenario.grid.crs
    middle = layers.shapes("stations", crs, {"name_en": "Mae Mo"})[0]
    bounds = (middle.x - 1e4, middle.y - 1e4, middle.x + 1e4, middle.y + 1e4)
    grid = Grid.covering(bounds, crs=crs, cell_m=100)
    frame = gpd.GeoDataFrame(fits(middle) if fits else [], geometry="geometry" if fits else [],
                             crs=crs)  # fmt: skip
    for column in ("rank", "station_en"):
        frame[column] = frame.get(column, None)
    share = np.full(grid.shape, 0.5, dtype=np.float32)
    score = Score(share, share - np.float32(0.25), share + np.float32(0.25), share)
    stations = layers.features("stations", crs)
    untold = pd.DataFrame(
        stretches(middle) if stretches else [], columns=list(stretch((0.0, 0.0), 0.0))
    )
    usable = np.ones(grid.shape, dtype=bool)
    return Ground(grid, score, usable, frame, untold, layers, stations=stations)


def found_by_id(baseline, fits=None, year=2569, stretches=None):
    choice = baseline[0].scenario.choice
    found = contestants(choice, ground_of(baseline, fits, stretches), year)
    return {place.id: place for place in found}


def test_a_place_without_a_rectangle_may_be_worth_nothing(baseline):
    place = found_by_id(baseline)["mae_mo"]
    # The best there may be around it counts at its greatest, and none of it for certain.
    assert place.land_score == (0.0, 0.5, 0.75)
    assert place.rectangle is None
    # The same questions as of a rectangle, and whether there is one.
    assert place.to_settle == ("no_rectangle", "grade", "straight", "roads", "permit")
    assert place.eligible


def test_a_rectangle_near_a_place_is_that_place(baseline):
    found = found_by_id(
        baseline, lambda m: [fit(1, (m.x + 900, m.y), "Mae Mo"), fit(2, (m.x, m.y + 2e3), "Mae Mo")]
    )
    place = found["mae_mo"]
    # It may in truth not fit, so its land may be worth nothing; at best it is what is around it.
    assert place.land_score == (0.0, 0.8, 0.75)
    assert (place.rectangle, place.fits_near) == (1, 2)
    assert place.to_settle == ("grade", "straight", "roads")
    assert not [id for id in found if id.startswith("fit_")]


def test_a_rectangle_far_from_all_places_competes_by_itself(baseline):
    found = found_by_id(
        baseline,
        lambda m: [fit(k, (m.x, m.y - 9e3), "Elsewhere", proven=True, permit=0.2) for k in (3, 4)],
    )
    place = found["fit_3"]
    assert place.fits_near == 2
    assert place.to_settle == ("permit",)
    assert place.land_score == (0.25, 0.8, 0.75)
    assert "fit_4" not in found


def test_a_place_where_nobody_can_tell_is_asked_about_and_not_refused(baseline):
    found = found_by_id(
        baseline,
        stretches=lambda m: [
            stretch((m.x + 900, m.y), 0.6, at="Mae Mo"),
            stretch((m.x, m.y + 2e3), 0.7, permit=0.3),
            stretch((m.x + 3e5, m.y), 0.9),
        ],
    )
    place = found["mae_mo"]
    # It is the best of its own two stretches, and certainly nothing more than nothing.
    assert place.land_score == (0.0, 0.7, 0.825)
    assert place.to_settle == ("grade", "straight", "roads", "permit")
    assert (place.rectangle, place.fits_near, place.stretches_near) == (None, 0, 2)
    assert not place.at_station
    nowhere = ("no_rectangle", "grade", "straight", "roads", "permit")
    assert found["huai_rak_mai"].to_settle == nowhere
    known = contest(baseline[0].scenario.choice, list(found.values()), {}).known
    column = INDICATORS.index("land_score")
    row = list(found).index("mae_mo")
    assert (known.low[row, column], known.high[row, column]) == (0.0, 0.825)


def test_lying_along_the_tracks_of_a_station_is_a_question_and_no_credit(baseline):
    choice = baseline[0].scenario.choice

    def with_station(at):
        found = found_by_id(baseline, stretches=lambda m: [stretch((m.x, m.y), 1.0, at=at)])
        compared = contest(choice, [found["mae_mo"]], {"mae_mo": (3e7, 3e7, 3e7)})
        return found["mae_mo"], compared

    (plain, without), (place, along) = with_station(""), with_station("Mae Mo")
    assert plain == replace(place, at_station=False)
    assert without.choice.scores.tolist() == along.choice.scores.tolist()
    asked = text("choice.at_station", "en")
    assert any(asked in words["en"] for words in verdict(along, choice))
    assert not any(asked in words["en"] for words in verdict(without, choice))


def test_places_of_which_equally_little_is_certain_have_no_head(baseline):
    choice = baseline[0].scenario.choice
    found = found_by_id(baseline)
    level = contest(choice, [found["mae_mo"], found["mae_chang"]], {})
    first = verdict(level, choice)[0]
    assert level.choice.least[0] == level.choice.least[1]
    assert "Of 2 of them equally little is certain" in first["en"]
    assert "heads the list" not in first["en"]
    better = replace(found["mae_mo"], land_score=(0.5, 0.5, 0.75))
    apart = contest(choice, [better, found["mae_chang"]], {})
    assert "Mae Mo station heads the list" in verdict(apart, choice)[0]["en"]


def test_land_that_is_not_known_is_a_question(baseline):
    found = found_by_id(
        baseline, stretches=lambda m: [stretch((m.x, m.y), 0.4, not_told="land;tracks;roads")]
    )
    assert found["mae_mo"].to_settle == ("roads", "land")


def test_land_that_reaches_out_of_the_study_area_is_not_known(baseline):
    place = found_by_id(baseline)["hang_chat"]
    assert np.isnan(place.land_score).all()


def test_a_place_is_served_only_when_its_railway_is_open(baseline):
    assert not found_by_id(baseline, year=2570)["ngao"].eligible
    assert found_by_id(baseline, year=2571)["ngao"].eligible
    assert "railway_not_open" in found_by_id(baseline, year=2570)["ngao"].to_settle
    assert not found_by_id(baseline)["ko_kha"].eligible


def test_homes_are_counted_in_a_disc(baseline):
    city, village = (found_by_id(baseline)[id].homes_rai for id in ("nong_wua_thao", "mae_chang"))
    disc_rai = np.pi * 1000**2 / 1600
    assert 0 <= village < city <= disc_rai * 1.02


@pytest.fixture(scope="module")
def counted(baseline):
    """The places with the people of a table that counts five subdistricts only."""
    ground = ground_of(baseline, None)
    of_five = {"population": "subdistrict_population"}
    told = baseline[0].scenario.exposure.model_copy(update=of_five)
    people = people_of(told, ground.layers, ground.grid.crs)
    return contestants(baseline[0].scenario.choice, replace(ground, people=people), 2569)


def test_people_are_known_only_where_they_were_counted(counted):
    found = {place.id: place for place in counted}
    # Mae Mo station lies inside the five subdistricts, the city far from all of them.
    mae_mo, city = found["mae_mo"], found["nong_wua_thao"]
    assert mae_mo.uncounted_share == 0
    assert 0 < mae_mo.people[0] < mae_mo.people[1] < mae_mo.people[2] < 39_771
    assert city.uncounted_share == 1
    assert city.people is None


def test_where_people_live_in_a_subdistrict_is_never_a_credit(baseline, counted):
    choice = baseline[0].scenario.choice
    compared = contest(choice, counted, {})
    column = INDICATORS.index("people")
    ids = [place.id for place in counted]
    # Nobody knows where in its subdistricts people live: near a place there may be all, or none.
    mae_mo = ids.index("mae_mo")
    least, likely, most = (
        getattr(compared.known, end)[mae_mo, column] for end in ("low", "central", "high")
    )
    assert (least, np.isnan(likely)) == (0, True)
    assert counted[mae_mo].people[2] < most < 39_771 + 1
    assert np.isnan(compared.known.high[ids.index("nong_wua_thao"), column])
    assert (compared.choice.least_parts[:, column] == 0).all()
    said = {place.id: people_words(place, "en") for place in counted}
    assert said["nong_wua_thao"].startswith("not known, nobody counted here")
    assert said["mae_mo"].startswith(f"0 to {most:,.0f} by the counts")
    assert all(people_words(place, "th") != said[place.id] for place in counted)
    nowhere = replace(counted[0], homes_rai=0.0)
    assert "none on the map, so not known" in people_words(nowhere, "en")


def test_moving_a_rectangle_into_fields_gains_nothing(baseline):
    exposure, choice = baseline[0].scenario.exposure, baseline[0].scenario.choice
    found = []
    for away in (200, 1200, 2400, 4000):
        ground = ground_of(baseline, lambda m, away=away: [fit(1, (m.x, m.y + away), "Mae Mo")])
        people = people_of(exposure, ground.layers, ground.grid.crs)
        places = contestants(choice, replace(ground, people=people), 2569)
        found.append(next(place for place in places if place.id == "mae_mo"))
    assert len({place.place for place in found}) == 4
    at_station = contestants(choice, replace(ground_of(baseline, None), people=people), 2569)
    beside = next(place for place in at_station if place.id == "mae_mo")
    for place in [*found, beside]:
        assert place.people_between == beside.people_between
        assert (place.homes_rai, place.people) == (beside.homes_rai, beside.people)
    scores = {float(contest(choice, [place], {}).choice.scores[0]) for place in found}
    assert len(scores) == 1


def test_a_rectangle_far_from_named_places_is_counted_around_its_station(baseline):
    def at(m, dx):
        return [fit(3, (m.x + dx, m.y - 9e3), "Pang Muang")]

    one, other = (
        next(p for p in contestants(baseline[0].scenario.choice,
                                    ground_of(baseline, lambda m, dx=dx: at(m, dx)), 2569)
             if p.id == "fit_3")
        for dx in (0.0, 3000.0)
    )  # fmt: skip
    assert one.homes_rai == other.homes_rai


def test_unknown_freight_is_said_and_counts_nothing(baseline):
    choice = baseline[0].scenario.choice
    found = contestants(choice, ground_of(baseline, None), 2569)
    compared = contest(choice, found, {})
    on_rail = ["off_rail" not in place.to_settle for place in found]
    assert np.isnan(compared.known.central[on_rail, 1]).all()
    said = " ".join(words["en"] for words in verdict(compared, choice))
    assert "Freight cost saved (leaves" in said
    assert "do not tell apart" in said


def test_the_first_sentence_says_whether_the_order_is_settled(baseline):
    choice = baseline[0].scenario.choice
    found = contestants(choice, ground_of(baseline, None), 2569)
    unsettled = contest(choice, found, {})
    assert not unsettled.choice.proven
    first, *rest = verdict(unsettled, choice)
    assert first["en"].startswith("Score 0.")
    assert "class A: " in first["en"]
    assert "do not tell apart" in first["en"]
    assert "no rank" in first["en"]
    assert "ยังแยกไม่ได้" in first["th"]
    assert "มิใช่อันดับ" in first["th"]
    assert not any("Next in the list" in words["en"] for words in rest)
    alone = np.where(np.arange(len(found)) == unsettled.choice.preferred, 1, 2)
    proven = replace(unsettled, choice=replace(unsettled.choice, classes=alone))
    first, *rest = verdict(proven, choice)
    assert "do not tell" not in first["en"]
    assert text("choice.proven", "en") in [words["en"] for words in rest]


def test_freight_can_decide(baseline):
    choice = baseline[0].scenario.choice
    found = contestants(choice, ground_of(baseline, None), 2569)
    names = [place.id for place in found]
    saved = dict.fromkeys(names, (0.0, 0.0, 0.0)) | {"mae_chang": (30e6, 29e6, 31e6)}
    compared = contest(choice, found, saved)
    assert compared.choice.least_parts[names.index("mae_chang"), 1] == pytest.approx(29 / 30)
    assert names[compared.choice.preferred] == "mae_chang"
    assert "Mae Chang station" in verdict(compared, choice)[0]["en"]
    assert "สถานีแม่จาง" in verdict(compared, choice)[0]["th"]


def test_a_place_without_a_railway_saves_nothing_by_rail(baseline):
    choice = baseline[0].scenario.choice
    found = contestants(choice, ground_of(baseline, None), 2569)
    compared = contest(choice, found, {})
    ko_kha = [place.id for place in found].index("ko_kha")
    assert compared.known.high[ko_kha, 1] == 0.0


def test_the_best_sets_are_on_record_with_bound_and_status(small_run):
    sets = json.loads(read_text(small_run / "run.json"))["choice"]["sets"]
    asked = {(one["prices"], one["aim"], one["yards"]) for one in sets}
    assert len(asked) == len(sets) == 3 * 3 * 3
    for one in sets:
        assert one["status"] == "optimal"
        assert one["gap"] == 0
        assert one["thb_saved"] >= 0
    # The best single yard is the freight stage's too; its limit of wagons can only save less.
    record = json.loads(read_text(small_run / "run.json"))
    best = record["freight"]["best_yard_where_prices_favour_rail"]
    rail = {(o["aim"], o["yards"]): o for o in sets if o["prices"] == "favours_rail"}
    assert rail["median", 1]["places"] == [best]
    alone = record["freight"]["yards"][best]["thb_saved_favours_rail"]
    assert 0 < alone <= rail["median", 1]["thb_saved"]
    saved = {(o["prices"], o["yards"]): o["thb_saved"] for o in sets if o["aim"] == "median"}
    within = json.loads(read_text(small_run / "run.json"))["choice"]["within_room"]
    assert {one["status"] for one in within["sets"]} == {"optimal"}
    table = read_csv(small_run / "yard_sets.csv")
    assert len(table) == len(sets) + len(within["sets"])
    assert {row["aim"] for row in table} == {"median", "center", "covering", "within_room"}
    for prices in ("central", "favours_rail", "favours_road"):
        assert saved[prices, 1] <= saved[prices, 2] <= saved[prices, 3]


def with_room(baseline, each, places=None):
    """Sets within the room of yards that handle so many TEU for each rai."""
    scenario = baseline[0].scenario
    basis = {"confidence": "ASSUMPTION", "basis": "A test"}
    capacity = YardCapacity.model_validate({
        "teu_per_rai": {"low": each, "central": each, "high": 2 * each, **basis},
        "places": {id: {"teu": teu, **basis} for id, teu in (places or {}).items()},
    })  # fmt: skip
    asked = scenario.choice.model_copy(update={"capacity": capacity, "yards": [1, 2]})
    ground = ground_of(baseline, None)
    found = contestants(asked, ground, 2569)
    sets = sets_of(StageContext(scenario, ground.layers, ground.grid), found, asked)
    return sets, set_words(sets, contest(asked, found, {}))


def test_sets_within_the_room_of_the_yards_are_told(baseline):
    sets, said = with_room(baseline, 30, {"mae_mo": 2000})
    # 30 TEU for each of 100 rai, half of them loaded.
    assert sets.room["mae_chang"].central == 30 * 100 / 2
    assert (sets.room["mae_mo"].low, sets.room["mae_mo"].high) == (1000.0, 1000.0)
    for case, several in sets.within_room.items():
        free = {one.yards: one for one in sets.free[case] if one.aim == "median"}
        for one in several:
            assert one.status == "optimal"
            assert one.thb_saved <= free[one.yards].thb_saved + 0.01
            assert all(t <= r for t, r in zip(one.handled_teu, one.capacity_teu, strict=True))
    one = sets.within_room["favours_rail"][0]
    assert one.turned_away_teu > 0
    line = f"{one.turned_away_teu:,.0f} loaded TEU a year would find no room there"
    assert any(line in words["en"] for words in said)


def test_room_that_does_not_limit_is_said_so(baseline):
    said = with_room(baseline, 2100)[1]
    assert said[-1]["en"].startswith("Room is not what limits these sets")
    assert said[-1]["th"].startswith("ความจุไม่ใช่ข้อจำกัด")


def test_no_place_at_all_is_a_result(baseline):
    choice = baseline[0].scenario.choice
    compared = contest(choice, [], {})
    assert compared.choice is None
    assert verdict(compared, choice)[0]["en"].startswith("No place can be preferred")


def test_a_run_says_who_is_preferred_and_keeps_every_indicator(small_run):
    folder = small_run
    record = json.loads(read_text(folder / "run.json"))
    rows = read_csv(folder / "yard_choice.csv")
    assert [row["id"] for row in rows] == record["choice"]["order"]
    assert rows[0]["id"] == record["choice"]["preferred"]
    layer = gpd.read_file(folder / "yards.gpkg", layer="yard_choice")
    assert {"land_score_low", "saved_thb_confidence", "open_questions_th"} <= set(layer.columns)
    for row in rows:
        uncounted = float(row["people_uncounted_share"])
        assert (row["people_high"] == "") == (uncounted > 0)
        told = record["choice"]["people"][row["id"]]
        assert (told["at_most"] is None) == (uncounted > 0)
        assert row["class"] == record["choice"]["classes"][row["id"]]
        assert float(row["score_least"]) <= float(row["score"]) <= float(row["score_greatest"])
    freight = record["freight"]["yards"]
    for row in rows:
        if row["id"] in freight:
            assert float(row["freight_teu_central"]) == freight[row["id"]]["teu_central"]
            assert row["freight_justified"] == freight[row["id"]]["justified"]
    page, report = read_text(folder / "map.html"), read_text(folder / "report.html")
    assert '"id":"reach"' in page.replace('"id": ', '"id":')
    assert '"id":"freight_flows"' in page.replace('"id": ', '"id":')
    for language in ("th", "en"):
        first = record["choice"]["verdict"][0][language]
        settled = record["choice"]["proven"] or not record["choice"]["preferred"]
        apart = {"en": "do not tell apart", "th": "ยังแยกไม่ได้"}[language]
        assert settled or apart in first
        assert first in page
        assert record["freight"]["findings"][0][language] in page
        head = page.partition('<div class="headline"')[2].partition('<p class="question"')[0]
        assert settled or apart in head
        assert any(
            text(f"freight.headline_{said}", language) in head for said in ("yes", "no", "unknown")
        )
        assert first in report.partition('<section id="answer"')[2].partition("</section>")[0]


def test_sets_too_many_to_try_are_refused_in_words_before_a_run(tmp_path):
    (tmp_path / "scenarios").mkdir()
    text = read_text(SCENARIOS / "baseline.yaml").replace("yards: [1, 2, 3]", "yards: [3, 8]")
    station = "      layer: stations\n      where: {name_en: Mae Mo}\n      basis: Another\n"
    more = "".join(
        f"    more_{k}:\n      title: {{th: ที่ {k}, en: Place {k}}}\n{station}" for k in range(12)
    )
    text = text.replace("  places:\n    huai_rak_mai:", f"  places:\n{more}    huai_rak_mai:")
    (tmp_path / "scenarios" / "baseline.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(FormatError) as error:
        prepare(Project(LAYERS, tmp_path / "scenarios"), "baseline")
    (fault,) = error.value.faults
    assert (fault.code, fault.key, fault.expected) == (
        "too_many_yard_sets", "choice.yards", "5,000",
    )  # fmt: skip
    assert "sets of 8 of the" in describe(fault, "en")
    assert "ชุดของลาน 8 แห่ง" in describe(fault, "th")


def test_faults_of_a_choice_are_found_at_once(tmp_path):
    (tmp_path / "scenarios").mkdir()
    text = read_text(SCENARIOS / "baseline.yaml")
    text = text.replace("  use: container_yard\n", "  use: green_estate\n")
    text = text.replace("unit: THB per year", "unit: THB")
    text = text.replace(
        "    classes: [built_up]\n    within_m", "    classes: [houses]\n    within_m"
    )
    text = text.replace(
        "  capacity:\n",
        "  capacity:\n    places: {mae_moh: {teu: 1, confidence: L, basis: A test}}\n",
    )
    (tmp_path / "scenarios" / "baseline.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(FormatError) as error:
        prepare(Project(LAYERS, tmp_path / "scenarios"), "baseline")
    found = {(fault.code, fault.key) for fault in error.value.faults}
    assert found == {
        ("choice_without_yard", "choice.use"),
        ("wrong_unit", "choice.indicators.saved_thb.value.unit"),
        ("unknown_class", "choice.homes.classes"),
        ("unknown_choice_place", "choice.capacity.places.mae_moh"),
    }
