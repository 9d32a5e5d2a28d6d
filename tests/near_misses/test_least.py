"""The least that must give way is found, is enough, and is never law, hazard or homes."""

import dataclasses

import numpy as np
import pytest
import shapely

from maemoh_gis.near_misses.readings import readings_at
from maemoh_gis.near_misses.relaxation import PARAMETERS, relaxed
from maemoh_gis.near_misses.report import short_words
from maemoh_gis.near_misses.words import relaxation_words
from maemoh_gis.scenario.settings.yard_needs import YardNeeds
from maemoh_gis.yards.fit import find_yards
from tests.near_misses.beside_line import LENGTH_M, NEEDS, between, misses, world


def fits_anew(search, relaxation):
    """Search the whole line anew with the relaxed needs; true where the place then fits as read."""
    needs = relaxed(search.needs, relaxation.steps)
    found = find_yards(
        search.line, search.land, needs, heights=search.heights, around=search.around
    )
    side = "left" if relaxation.side > 0 else "right"
    return any(
        abs(km * 1000 - relaxation.middle_m) <= needs.taken_m and found_on == side
        for km, found_on in zip(found.fits["chainage_km"], found.fits["side"], strict=True)
    )


def test_land_a_metre_too_short_is_told_as_one_metre():
    search = world(between(1001, 2000), needs=dataclasses.replace(NEEDS, cell_m=1.0))
    (miss,) = misses(search)
    assert miss.verdict == "fails"
    (step,) = miss.least.steps
    assert (step.parameter, step.was, step.to) == ("length", 1000.0, 999.0)
    assert "1 m shorter" in relaxation_words(miss.least)["en"]
    assert "สั้นลง 1 ม." in relaxation_words(miss.least)["th"]
    assert fits_anew(search, miss.least)
    assert not len(
        find_yards(
            search.line, search.land, search.needs, heights=search.heights, around=search.around
        ).fits
    )


def test_land_that_is_just_long_enough_needs_nothing():
    (miss,) = misses(world(between(1000, 2000)))
    assert (miss.verdict, miss.alone, miss.together) == ("holds", (), None)


def test_a_line_too_steep_is_let_rise_as_far_as_it_reads():
    search = world(permille=3.111)
    (miss,) = misses(search)
    (step,) = miss.least.steps
    assert (step.parameter, step.to) == ("grade", 3.12)
    assert fits_anew(search, miss.least)
    short = next(one for one in miss.tests if one.test == "grade")
    assert short.margin == pytest.approx(2.5 - 3.111)
    assert short.outcome == "fails"


def test_a_road_across_is_let_across_only_by_its_class():
    road = shapely.LineString([(x, y) for x in (600, 1500, 2400) for y in (-390, 390)])
    search = world(
        roads=[road], needs=dataclasses.replace(NEEDS, road_classes=("trunk", "secondary"))
    )
    (miss,) = misses(search)
    by_road = next(one for one in miss.alone if one.steps[0].parameter == "roads")
    assert by_road.steps[0].road_class == "secondary"
    assert fits_anew(search, by_road)


def test_two_needs_that_only_together_suffice_are_found():
    search = world(between(1025, 1975), permille=3.0)
    (miss,) = misses(search)
    assert miss.alone == ()
    assert {step.parameter for step in miss.together.steps} == {"grade", "length"}
    assert fits_anew(search, miss.together)
    for step in miss.together.steps:
        alone = dataclasses.replace(miss.together, steps=(step,))
        assert not fits_anew(search, alone)


def test_two_needs_together_give_way_no_further_than_the_metre_either():
    search = world(between(1025, 1993), permille=3.0)
    (miss,) = misses(search)
    grade = next(one for one in miss.together.steps if one.parameter == "grade")
    length = next(one for one in miss.together.steps if one.parameter == "length")
    assert fits_anew(search, miss.together)
    assert length.to > 950
    longer = dataclasses.replace(length, to=length.to + 1)
    assert not fits_anew(search, dataclasses.replace(miss.together, steps=(longer, grade)))


def test_the_least_alone_is_no_more_than_any_other_level_that_suffices():
    search = world(between(1000, 1800))
    (miss,) = misses(search)
    efforts = [one.effort for one in miss.alone]
    assert efforts == sorted(efforts)
    for one in miss.alone:
        assert fits_anew(search, one)
    length = next(one for one in miss.alone if one.steps[0].parameter == "length")
    longer = dataclasses.replace(length.steps[0], to=length.steps[0].to + 1)
    assert not fits_anew(search, dataclasses.replace(length, steps=(longer,)))


def test_closed_land_is_never_opened():
    (miss,) = misses(world([shapely.box(-200, -500, 3300, 500)]))
    assert (miss.verdict, miss.least, miss.survey) == ("fails", None, "none")
    asked = {field.name for field in dataclasses.fields(YardNeeds)}
    changed = {
        "grade": "greatest_grade_permille",
        "straight": "straight_tolerance_m",
        "siding": "sidings_m",
        "roads": "road_classes",
    }
    assert {changed.get(one, f"{one}_m") for one in PARAMETERS} <= asked


def test_land_closed_at_a_point_makes_the_yard_stand_off_or_shrink_not_the_limit():
    strip = shapely.box(-200, 0, 3300, 15), shapely.box(-200, -15, 3300, 0)
    search = world(strip)
    (miss,) = misses(search)
    (step,) = miss.least.steps
    # The last closed cell has its middle 12.5 m out.
    assert (step.parameter, step.to) == ("offset", 13.0)
    assert fits_anew(search, miss.least)


def test_what_cannot_be_told_is_a_question_and_names_its_survey():
    search = world(permille=3.0)
    rough = dataclasses.replace(search.heights, error_m=3.0, surveyed=False)
    search.heights = rough
    (miss,) = misses(search)
    grade = next(one for one in miss.tests if one.test == "grade")
    assert (miss.verdict, grade.outcome, grade.within) == (
        "cannot_be_told",
        "cannot_be_told",
        False,
    )
    assert miss.survey == "levels"
    # Half a per mille over 500 m is 0.25 m: two errors of a difference of two heights.
    assert miss.levels_within_m == pytest.approx(0.25 / (2 * np.sqrt(2)))


def test_each_station_has_its_own_places():
    found = misses(world(between(1000.5, 1999.5), at_m=(800, 2200)))
    assert [miss.title["en"] for miss in found] == ["S0", "S1"]
    assert sum(miss.places for miss in found) == 2 * (LENGTH_M - 1000) / 10 + 2


def test_a_railway_inside_the_yard_reads_how_deep_it_comes():
    search = world()
    other = shapely.LineString([(0, 40), (LENGTH_M, 40)])
    search.rails = shapely.STRtree([search.line, other])
    reading = next(one for one in readings_at(search, 1500.0, 1) if one.test == "one_side")
    assert reading.value == pytest.approx(-30.0)
    assert (reading.outcome, reading.within) == ("fails", False)


def test_what_is_too_much_and_what_is_too_near_are_told_apart():
    row = {
        "title_th": "ก",
        "title_en": "A",
        "unit": "m",
        "margin": "-3.0",
        "error": "",
        "within": "False",
    }
    assert short_words([{**row, "test": "straight"}])["en"] == "A: 3.0 m too much"
    assert short_words([{**row, "test": "one_side"}])["en"] == "A: 3.0 m short"
    assert short_words([{**row, "within": "True"}])["en"] == "nothing as read"
