"""The steps to a yard: triggers by hand, and what turns a step."""

import dataclasses
import math
from types import SimpleNamespace

import pytest

from maemoh_gis.decision.ladder import ladder, rail_share, sweep_rows, teu_of_pairs, trigger
from maemoh_gis.decision.words import headline, price_words, unpriced
from maemoh_gis.freight.estate import EstatePrice
from tests.estate.made import estate_made, industry, rate, step, words

NAN = math.nan


def price(case, road, yard, rival=NAN, teu=100.0, box="heavy_20"):
    return EstatePrice(case, box, "out", "port", teu, road, "new", yard, "old", rival, NAN, NAN)


def prices(*, rail_pays):
    """Boxes for which rail is the cheapest in the named cases and in no other."""
    cases = ("central", "favours_rail", "favours_road")
    return [price(case, 10.0, 9.0 if case in rail_pays else 11.0) for case in cases]


ALWAYS = {"central", "favours_rail", "favours_road"}


def test_pairs_of_trains_make_boxes_of_a_year():
    estate = estate_made()
    # 1 pair x both ways x 50 TEU x 50 weeks x half full
    assert teu_of_pairs(estate, 1) == 2500
    assert teu_of_pairs(estate, 2, "high") == 2 * 2 * 60 * 50 * 0.5


def test_a_trigger_is_told_in_boxes_land_and_years():
    found = trigger(estate_made(sweep={"rai": [1], "take_up": [50, 100], "teu_per_rai": [5, 10]}),
                    "loading")  # fmt: skip
    assert (found.teu.low, found.teu.central, found.teu.high) == (2000, 2500, 3000)
    assert found.rai == {5: 500, 10: 250}
    # 250 rai at 100 a year are occupied in the third year, 2582
    assert found.years[10, 100] == 2582
    assert found.years[10, 50] == 2584


def test_committed_land_is_counted_in_the_year_of_a_trigger():
    firm = {"title": words("a firm"), "industry": "mixed", "rai": 200, "from_year": 2578,
            "basis": "A letter"}  # fmt: skip
    sweep = {"rai": [1], "take_up": [50], "teu_per_rai": [10, 20]}
    found = trigger(estate_made(sweep=sweep, commitments={"firm": firm}), "loading")
    # 250 rai: 200 committed, and 50 of the first year; 125 rai from the year of the firm on
    assert found.rai == {10: 250, 20: 125}
    assert found.years == {(10, 50): 2580, (20, 50): 2578}


def test_land_the_estate_does_not_have_is_no_year():
    found = trigger(estate_made(sweep={"rai": [1], "take_up": [50], "teu_per_rai": [2]}), "yard")
    assert found.rai == {2: 2500}
    assert found.years[2, 50] is None


def test_where_the_lorry_is_cheaper_no_number_of_boxes_reaches_a_step():
    estate = estate_made(industries=estate_made().industries, take_up_rai=rate(1000))
    found = ladder(estate, prices(rail_pays=set()), 2600)
    assert set(found.full.values()) == {"lorries"}
    assert found.by_boxes["central"] == "yard"


def test_a_step_is_kept_in_prospect_where_the_best_world_reaches_a_later_one():
    found = ladder(estate_made(), prices(rail_pays={"favours_rail"}), 2569)
    assert found.now == {"low": "lorries", "central": "reserve", "high": "reserve"}
    assert found.full["high"] == "yard"


def test_boxes_that_pay_by_rail_climb():
    estate, pays = estate_made(), prices(rail_pays=ALWAYS)
    # central: 1,000 TEU in 2580, 3,000 in 2582, 6,000 from 2585 on; two years at 5,000 for a yard
    assert ladder(estate, pays, 2581).now["central"] == "reserve"
    assert ladder(estate, pays, 2582).now["central"] == "loading"
    assert ladder(estate, pays, 2584).now["central"] == "loading"
    assert ladder(estate, pays, 2585).now["central"] == "yard"


def test_a_printed_trigger_entered_as_a_commitment_turns_the_step():
    asked = trigger(estate_made(), "loading").teu.central
    pays = prices(rail_pays=ALWAYS)

    def at(teu):
        firm = {"title": words("a firm"), "industry": "mixed", "rai": 10, "teu": teu,
                "from_year": 2570, "basis": "A letter"}  # fmt: skip
        return ladder(estate_made(commitments={"firm": firm}), pays, 2575).now["central"]

    assert at(asked) == "loading"
    assert at(asked - 1) == "reserve"


def test_a_step_that_asks_for_years_in_a_row_waits_for_them():
    steps = {"lorries": step(0), "yard": step(1, years=3)}
    estate, pays = estate_made(steps=steps), prices(rail_pays=ALWAYS)
    # 2,500 TEU are passed with 3,000 in 2582
    assert ladder(estate, pays, 2583).now["central"] == "lorries"
    assert ladder(estate, pays, 2584).now["central"] == "yard"


def test_an_estate_that_has_just_filled_is_given_the_years_a_step_asks_for():
    # 3,000 TEU in 2580, 6,000 from 2581 on, full at every pace; a yard asks two years at 5,000
    kinds = {"mixed": industry(teu_per_rai=rate(10))}
    estate = estate_made(take_up_rai=rate(300), industries=kinds)
    found = ladder(estate, prices(rail_pays=ALWAYS), 2569)
    assert found.full == found.by_boxes == dict.fromkeys(("low", "central", "high"), "yard")
    assert found.now["central"] == "reserve"


def test_a_yard_behind_a_station_that_stands_is_not_said_to_be_behind_the_lorry():
    names = {key: words(key) for key in ("port", "new", "old")}
    said = price_words(price("central", 10.0, 8.0, rival=7.0), SimpleNamespace(names=names), 0.2)
    assert "No number of boxes changes that" not in said["en"]
    assert "7 THB by rail over old" in said["en"]
    assert "7 บาท" in said["th"]


def test_only_boxes_for_which_the_new_yard_is_the_cheapest_count():
    told = [
        price("central", 10.0, 9.0, teu=100),
        price("central", 10.0, 9.0, rival=8.0, teu=200, box="box_40"),
        price("central", 10.0, NAN, teu=100, box="light_20"),
    ]
    assert rail_share(told, "central") == 0.25


def test_a_sweep_tries_every_pair_and_doubles_with_the_land():
    sweep = {"rai": [500, 1000], "take_up": [100, 300], "teu_per_rai": [2, 20]}
    rows = sweep_rows(estate_made(sweep=sweep), {"low": 0.0, "central": 1.0, "high": 1.0})
    assert len(rows) == 8
    teu = {row[:3]: row[4] for row in rows}
    assert teu[1000, 100, 20] == 2 * teu[500, 100, 20] == 1000 * 0.6 * 20
    full = {row[:3]: row[5] for row in rows}
    # 300 rai at 100 a year from 2580 on
    assert full[500, 100, 2] == 2582


def test_a_price_says_what_share_of_the_boxes_it_is_of():
    names = {"port": {"th": "ท่าเรือ", "en": "the port"}, "new": {"th": "ลาน", "en": "a yard"}}
    said = price_words(price("central", 10.0, 11.0), SimpleNamespace(names=names), 0.2)
    assert "20 % of the estate's boxes" in said["en"]
    assert "ร้อยละ 20 ของตู้จากนิคม" in said["th"]


@pytest.mark.parametrize("tell", [headline, unpriced])
def test_a_head_names_a_railhead_that_a_dearer_lorry_would_fill(tell):
    """A lorry dearer by what the yard needs would send boxes over the railhead that stands."""
    estate = estate_made()

    def told(rival):
        one = dataclasses.replace(price("central", 10.0, 11.0, rival), even_lorry_factor=1.1)
        names = {key: words(key) for key in ("port", "new", "old")}
        report = SimpleNamespace(names=names, estate=SimpleNamespace(prices=[one]))
        found = ladder(estate, [one], 2569)
        return tell(SimpleNamespace(estate=estate, year=2569), found, report)[-1]

    for rival in (9.0, 10.5, 11.0):
        assert "Even then rail over old would be cheaper" in told(rival)["en"]
        assert "old" in told(rival)["th"]
    for rival in (12.0, NAN):
        assert "old" not in told(rival)["en"]


def test_the_hinge_has_both_its_sides():
    """Full, 600 rai send 6,000 TEU: enough for two pairs of 2,500; dearer rail carries none."""
    estate = estate_made()
    one = dataclasses.replace(price("central", 10.0, 11.0), even_lorry_factor=1.1)
    names = {key: words(key) for key in ("port", "new")}
    report = SimpleNamespace(names=names, estate=SimpleNamespace(prices=[one]))
    said = headline(SimpleNamespace(estate=estate, year=2569), ladder(estate, [one], 2569), report)
    assert (
        "stays at step 0; turned, and with every box by rail, it comes to step 3" in said[-1]["en"]
    )
