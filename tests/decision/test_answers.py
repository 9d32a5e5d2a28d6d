"""What heads a page: each answer is worked out again from the tables of the run."""

import re
from dataclasses import replace

import pytest

from maemoh_gis.core.messages import text
from maemoh_gis.decision.answers import answers, reason_to_build
from maemoh_gis.decision.result import ladder_of
from maemoh_gis.questions.acts_to_ask import acts_to_ask
from maemoh_gis.sites.result import sites_by_use
from maemoh_gis.yard_choice.result import contest_of
from tests.decision.test_leads import numbers, rai

PATHS = ("baseline", "full_phase_out_2593", "papers_on_time", "no_estate")


def said(results, id, **known):
    """Give the answer to a question in English."""
    asked = text(id, "en", **known)
    (found,) = (one.told["en"] for one in answers(results) if one.question["en"] == asked)
    return found


@pytest.mark.parametrize("id", PATHS)
def test_both_languages_say_the_same_figures(id, told):
    found = answers(told(id).results)
    assert found
    for one in found:
        assert "{" not in one.told["th"] + one.told["en"] + one.question["th"]
        assert sorted(numbers(one.told["th"])) == sorted(numbers(one.told["en"]))


def test_each_use_is_told_where_it_has_land(told):
    one = told("baseline")
    for use, sites in sites_by_use(one.results).items():
        where = said(one.results, "answers.where", use=one.scenario.uses[use].title["en"])
        assert where.startswith(f"{len(sites)} candidate sites")
        assert one.places(use)[0] in where


def test_a_use_whose_places_are_compared_is_told_of_these_alone(small_results):
    uses = small_results.resolved.scenario.uses
    choice = small_results.resolved.scenario.choice
    contest = contest_of(small_results)
    where = said(small_results, "answers.where", use=uses[choice.use].title["en"])
    first = [contest.contestants[k].title["en"] for k in contest.choice.first_class]
    assert first
    assert all(name in where for name in first[:4])
    assert "candidate sites" not in where


def test_the_land_a_yard_needs_is_its_boxes_by_the_rates_tried(told):
    one = told("baseline")
    trains = one.scenario.estate.trains
    rates = {float(row["teu_per_rai"]) for row in one.rows("ladder.csv", step="yard")}
    assert len(rates) == 3
    (pairs,) = {float(row["pairs_a_week"]) for row in one.rows("ladder.csv", step="yard")}
    teu = pairs * 2 * trains.teu_a_train.central * trains.weeks * trains.filled
    wanted = said(one.results, "answers.rai_asked")
    for rate in rates:
        assert f"{rai(teu / rate)}" in wanted
        assert f"at {rate:g} TEU a rai" in wanted
    assert rai(one.scenario.estate.rai) in wanted


@pytest.mark.parametrize("id", ["baseline", "full_phase_out_2593", "papers_on_time"])
def test_years_of_closing_say_what_the_path_says(id, told):
    one = told(id)
    found = [a.told["en"] for a in answers(one.results) if "units close" in a.question["en"]]
    years = [int(year) for words in found for year in re.findall(r"after (\d{4})", words)]
    rows = one.rows("timeline.csv", kind="capacity", id="mw")
    mw = {int(row["year_be"]): float(row["central"]) for row in rows}
    now = one.scenario.year
    assert years == [y for y in sorted(mw) if y >= now and mw.get(y + 1, mw[y]) < mw[y]]
    for year in years:
        assert f"after {year}: {mw[year + 1]:,.0f} MW left" in found[0]


def test_the_first_map_to_ask_for_is_the_first_act_of_the_questions(told):
    one = told("baseline")
    first = next(row for row in acts_to_ask(one.results) if "act" in row)
    assert str(first["ask_en"]) in said(one.results, "answers.ask")


def test_no_reason_to_build_is_said_where_no_box_goes_by_rail(told):
    one = told("baseline")
    central = one.rows("estate_prices.csv", case="central")
    assert central
    by_rail = any(row["cheapest"] == "yard" for row in central)
    assert ("No reason yet" in said(one.results, "answers.step")) == (not by_rail)


@pytest.mark.parametrize(
    ("full", "by_rail", "words"),
    [
        ("reserve", 0.0, "no box of a full estate goes by rail"),
        ("reserve", 0.3, "too few for a train"),
        ("loading_place", 0.3, "may be reason"),
    ],
)
def test_the_reason_to_build_follows_from_what_keeps_trains_away(full, by_rail, words, told):
    scenario, (steps, _) = told("baseline").scenario, ladder_of(told("baseline").results)
    known = replace(steps, full={"central": full}, rail_share={"central": by_rail})
    assert words in reason_to_build(scenario.estate, known)["en"]
