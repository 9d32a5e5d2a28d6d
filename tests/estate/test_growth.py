"""How an estate fills and what it needs, against figures worked out by hand."""

import pydantic
import pytest

from maemoh_gis.estate.growth import (
    boxes_of,
    changes,
    full_year,
    growth,
    in_year,
    water_open,
    when_full,
)
from maemoh_gis.freight.boxes import way_back_of
from maemoh_gis.phase_out.path import Amount
from tests.estate.made import estate_made, industry, rate, words


def central(estate, year):
    found = in_year(estate, year)
    return found.occupied_rai.central, {n: one.central for n, one in found.needs.items()}


def test_nothing_is_needed_before_the_first_tenant():
    rai, needs = central(estate_made(), 2579)
    assert rai == 0
    assert set(needs.values()) == {0}


def test_what_is_occupied_needs_its_rates_and_never_what_is_planned():
    rai, needs = central(estate_made(), 2582)
    # three years at 100 rai of 600
    assert rai == 300
    assert needs["factories"] == pytest.approx(15)
    assert needs["jobs"] == pytest.approx(3000)
    assert needs["water_mm3"] == pytest.approx(300 * 4 * 300 / 1e6)
    assert needs["mw"] == pytest.approx(15)
    assert needs["teu"] == pytest.approx(3000)


def test_an_estate_fills_no_further_than_what_can_be_sold():
    estate = estate_made()
    assert central(estate, 2700)[0] == 600
    assert [full_year(estate, level) for level in ("low", "central", "high")] == [2591, 2585, 2582]
    assert when_full(estate) == 2591


def test_low_and_high_take_every_number_at_its_end():
    found = in_year(estate_made(), 2580)
    assert (found.occupied_rai.low, found.occupied_rai.high) == (50, 200)
    assert (found.needs["teu"].low, found.needs["teu"].high) == (50 * 2, 200 * 50)


def test_twice_the_land_at_the_same_mix_sends_twice_the_boxes():
    once, twice = (estate_made(take_up_rai=rate(pace)) for pace in (100, 200))
    assert central(twice, 2582)[1]["teu"] == pytest.approx(2 * central(once, 2582)[1]["teu"])


def test_industries_share_the_land():
    mixed = {
        "light": industry(share=0.75, jobs_per_rai=rate(20)),
        "heavy": industry(share=0.25, jobs_per_rai=rate(4)),
    }
    rai, needs = central(estate_made(industries=mixed), 2580)
    assert rai == 100
    assert needs["jobs"] == pytest.approx(75 * 20 + 25 * 4)


def commitment(**more):
    told = {"title": words("a firm"), "industry": "mixed", "rai": 60, "from_year": 2578}
    return {**told, "basis": "A letter", **more}


def test_a_tenant_that_bound_itself_comes_in_its_own_year_beside_the_others():
    estate = estate_made(commitments={"firm": commitment(teu=5000, mw=9)})
    rai, needs = central(estate, 2578)
    assert (rai, needs["teu"], needs["jobs"]) == (60, 5000, 600)
    assert needs["mw"] == pytest.approx(9)
    rai, needs = central(estate, 2580)
    # what it has committed to stands for its own 60 rai, the other 100 send by their rate
    assert (rai, needs["teu"]) == (160, 5000 + 100 * 10)


def test_a_tenant_that_names_no_boxes_sends_those_of_its_kind():
    estate = estate_made(commitments={"firm": commitment()})
    assert central(estate, 2578)[1]["teu"] == 600


def test_boxes_by_class_and_direction_are_all_the_boxes():
    estate = estate_made()
    found = boxes_of(estate, 2582)
    told = {(one.box, one.direction): one.teu.central for one in found}
    assert told == {
        ("heavy_20", "out"): pytest.approx(3000 * 0.5 * 0.75),
        ("heavy_20", "in"): pytest.approx(3000 * 0.5 * 0.25),
        ("box_40", "out"): pytest.approx(3000 * 0.5 * 0.75),
        ("box_40", "in"): pytest.approx(3000 * 0.5 * 0.25),
    }
    assert boxes_of(estate, 2579) == []


def test_every_year_in_which_boxes_change_is_named():
    estate = estate_made(commitments={"firm": commitment()})
    years = set(changes(estate))
    teu = {one.year: one.needs["teu"] for one in growth(estate, range(2570, 2610))}
    changed = {year for year in range(2571, 2610) if teu[year] != teu[year - 1]}
    assert changed <= years
    assert 2578 in years


def test_of_the_freed_water_only_a_share_is_open_and_none_where_nobody_says():
    freed = Amount(20.0, 30.0, 40.0, "M")
    assert water_open(estate_made(), freed) is None
    found = water_open(estate_made(freed_water_share=rate(0, 0.1, 0.5)), freed)
    assert (found.low, found.central, found.high) == (0.0, pytest.approx(3.0), 20.0)
    assert found.confidence == "ASSUMPTION"


def test_land_that_is_committed_is_occupied_however_little_is_sold():
    firm = commitment(rai=500, from_year=2578)
    estate = estate_made(sold_share=rate(0.3, 0.5, 0.6), commitments={"firm": firm})
    (year,) = growth(estate, [2579])
    assert year.occupied_rai.low == 500
    # 10 jobs on each
    assert year.needs["jobs"].low == 5000


def test_nobody_comes_where_nothing_is_taken_up():
    assert central(estate_made(take_up_rai=rate(0)), 2600)[0] == 0


@pytest.mark.parametrize("trains", [{"filled": 0}, {"teu_a_train": rate(0, 50, 60)}])
def test_a_train_that_nothing_fills_is_refused(trains):
    told = {"teu_a_train": rate(40, 50, 60), "weeks": 50, "filled": 0.5}
    with pytest.raises(pydantic.ValidationError) as refused:
        estate_made(trains=told | trains)
    assert refused.value.errors()[0]["type"] == "greater_than"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"industries": {"mixed": industry(share=0.9)}}, "shares_not_one"),
        ({"industries": {"mixed": industry(boxes={"box_40": 0.9})}}, "shares_not_one"),
        ({"commitments": {"firm": commitment(industry="steel")}}, "unknown_industry"),
    ],
)
def test_what_does_not_add_up_is_refused(changed, code):
    with pytest.raises(pydantic.ValidationError) as refused:
        estate_made(**changed)
    assert refused.value.errors()[0]["ctx"]["code"] == code


MIXED = {
    "clay": industry(title=words("clay"), share=0.4, share_in=0.5, jobs_per_rai=rate(6, 12, 20)),
    "food": industry(title=words("food"), share=0.6, share_in=0.5, water_m3_per_rai_day=rate(9)),
}


@pytest.mark.parametrize("year", [2579, 2581, 2584, 2600])
@pytest.mark.parametrize("level", ["low", "central", "high"])
def test_jobs_water_and_boxes_of_a_year_add_up_over_the_kinds_of_tenants(year, level):
    estate = estate_made(industries=MIXED)
    now = in_year(estate, year)
    land = getattr(now.occupied_rai, level)
    jobs = water = teu = 0.0
    for one in estate.industries.values():
        mine = land * one.share
        jobs += mine * getattr(one.jobs_per_rai, level)
        water += mine * getattr(one.water_m3_per_rai_day, level) * 300 / 1e6
        teu += mine * getattr(one.teu_per_rai, level)
    assert getattr(now.needs["jobs"], level) == pytest.approx(jobs)
    assert getattr(now.needs["water_mm3"], level) == pytest.approx(water)
    assert getattr(now.needs["teu"], level) == pytest.approx(teu)
    boxes = boxes_of(estate, year)
    assert sum(getattr(one.teu, level) for one in boxes) == pytest.approx(teu)


def test_as_many_boxes_come_in_as_go_out_where_both_are_equal():
    found = boxes_of(estate_made(industries=MIXED), 2590)
    ways = {way: sum(one.teu.central for one in found if one.direction == way)
            for way in ("in", "out")}  # fmt: skip
    assert ways["in"] == pytest.approx(ways["out"])
    assert ways["in"] > 0
    by_box = {(one.industry, one.box, one.direction): one.teu.central for one in found}
    for (industry_id, box, way), teu in by_box.items():
        other = "in" if way == "out" else "out"
        assert by_box[industry_id, box, other] == pytest.approx(teu)
    # None is empty then, whichever way they go.
    assert way_back_of(ways["out"], ways["in"]).empty == 0.0
