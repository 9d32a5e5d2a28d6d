"""Uses asked for without land of their own: figures are ranges, what is not known says so."""

from dataclasses import dataclass, field
from types import SimpleNamespace

import pandas as pd
import pytest

from maemoh_gis.core.messages import both
from maemoh_gis.decision.other_uses import other_uses, wanting_of
from maemoh_gis.files import read_json, read_text
from maemoh_gis.pages.report_content import Heading, Paragraph, Table
from maemoh_gis.runs.project import Project
from tests.paths import LAYERS, SCENARIOS

WORDS = {"th": "คำ", "en": "words"}


def land(zone, of_class, rai, first=2580, open_for=""):
    return {
        "zone": zone, "class": of_class, "class_th": of_class, "class_en": of_class, "rai": rai,
        "open_for": open_for, "outstanding_th": "เอกสาร", "outstanding_en": "papers",
        "confidence": "ASSUMPTION", "sun_from_low": str(first - 2),
        "sun_from_central": str(first), "sun_from_high": str(first + 5),
    }  # fmt: skip


LAND = [
    land("a", "plain", "100", 2590),
    land("b", "plain", "50", 2580, "forest sun"),
    land("c", "dump", "300"),
    land("d", "dump", ""),
    land("e", "lake", "9000"),
    {**land("f", "stays", "70"), "sun_from_central": ""},
]
GATE = {"use": "sun", "gate": "policy", "gate_th": "ด่าน", "gate_en": "Gate", "state_th": "ไม่ทราบ",
        "state_en": "not known", "paper_th": "ก", "paper_en": "a", "office_th": "ข",
        "office_en": "b", "earliest_be": ""}  # fmt: skip


def way(one, other, minutes):
    return {"from_kind": "seats", "to_kind": "seats", "from_th": one, "to_th": other,
            "road_minutes": minutes}  # fmt: skip


WAYS = [way("ก", "ข", "40"), way("ค", "ก", "55"), way("ก", "ง", "90"), way("ข", "ค", "5"),
        {**way("ก", "จ", "1"), "to_kind": "ports"}]  # fmt: skip
COUNTS = (10, 200, 3000, 40000, 500000)
PEOPLE = [{"code": f"520{k}01", "population": str(n)} for k, n in enumerate(COUNTS, 1)]


@dataclass
class Files:
    """A run folder that holds what a test says."""

    scenario: dict
    tables: dict = field(default_factory=dict)
    people: list = field(default_factory=list)
    record: dict = field(default_factory=lambda: {"year": 2593})
    grid = SimpleNamespace(crs="EPSG:32647")
    catalog = SimpleNamespace(layers={"districts": None})
    layers = SimpleNamespace(
        features=lambda *_: pd.DataFrame({"code": [5201, 5202, 5203, 5204, 5205],
                                          "name_th": list("กขคงจ")})
    )  # fmt: skip

    def table(self, name):
        return self.tables.get(name, [])

    def layer_table(self, _):
        return self.people


SUN = {"title": WORDS, "rai_per_mw": {"low": 10, "central": 12.5, "high": 15, "source": WORDS},
       "no_mw_on": ["lake"]}  # fmt: skip


@pytest.fixture(autouse=True)
def wanting(monkeypatch):
    papers = {"a": ["eia_change"], "b": ["eia_change", "soil_test"]}
    monkeypatch.setattr("maemoh_gis.decision.other_uses.wanting_of", lambda _run, _use: papers)


def told(of_use, **tables):
    files = Files({"gates": {"sun": of_use}}, {f"{k}.csv": v for k, v in tables.items()}, PEOPLE)
    section = other_uses(files)
    return [] if section is None else list(section.blocks)


def said(blocks):
    return [one.text["en"] for one in blocks if isinstance(one, Paragraph)]


def rows(blocks, number=0):
    table = [one for one in blocks if isinstance(one, Table)][number]
    return [[cell["en"] for cell in row] for row in table.rows]


def test_megawatts_by_class_are_ranges_from_the_land_that_is_drawn():
    blocks = told(SUN, land_register=LAND)
    found = {row[0]: row for row in rows(blocks)}
    assert found["plain"][2].startswith("12 (10–15)")
    assert found["plain"][3] == "2580 (2578–2585)"
    # Papers of both zones of the class, each once.
    assert found["plain"][4].count(both("zone.need.eia_change")["en"]) == 1
    assert both("zone.need.soil_test")["en"] in found["plain"][4]
    # Land without an outline makes an area a least.
    assert found["dump"][1].startswith("at least 300")
    # The area of water is no land, and what stays as it is carries nothing.
    assert found["lake"][2] == "–"
    assert "stays" not in found
    assert "10 to 15 rai" in " ".join(said(blocks))


def test_only_land_with_all_its_papers_is_told_as_open():
    assert any("would bear: 4 (3–5) MW" in one for one in said(told(SUN, land_register=LAND)))
    closed = [{**one, "open_for": "forest"} for one in LAND]
    assert any("would bear: none" in one for one in said(told(SUN, land_register=closed)))


def test_power_nobody_has_entered_is_asked_for_and_not_guessed():
    load = {"mw": None, "about": WORDS}
    assert "gates.sun.load.mw" in said(told({"title": WORDS, "load": load}))[1]
    entered = said(told({"title": WORDS, "load": {**load, "mw": 45.0}}))
    assert "45 MW" in entered[1]
    assert not any("load.mw" in one for one in entered)


WITHIN = {"title": WORDS, "people_within": {"seat": {"th": "ก", "en": "A"}, "minutes": [60, 120],
                                            "about": WORDS}}  # fmt: skip


def test_people_are_those_of_districts_whose_seat_lies_within_the_time():
    hour, two, *_ = said(told(WITHIN, access=WAYS))[1:]
    # 40 and 55 minutes lie within an hour; a fifth longer 55 does not. The fifth seat has no way.
    assert "3,210 (210–3,210) people, of 543,210" in hour
    assert "43,210" in two
    assert "Districts without a way: 1." in hour


def test_people_are_not_known_without_ways():
    assert all("not known" in one for one in said(told(WITHIN))[1:3])


def test_the_gates_stand_below_what_is_told():
    blocks = told(SUN, land_register=LAND, gates=[GATE])
    assert isinstance(blocks[1], Heading)
    assert rows(blocks, 1)[0][1] == "not known"


def test_a_use_of_which_nothing_is_asked_has_no_place_here():
    assert told({"title": WORDS}, gates=[GATE]) == []


@pytest.mark.parametrize("use", ["solar", "digital_park", "wholesale_hub"])
def test_the_baseline_asks_for_the_three_uses_of_the_plan(use):
    gates = Project(LAYERS, SCENARIOS).scenario("baseline").scenario.gates[use]
    assert any((gates.rai_per_mw, gates.load, gates.people_within))
    assert gates.load is None or gates.load.mw is None


def test_papers_wanting_are_those_of_the_use_though_the_run_does_not_score_it(small_run):
    catalog = Project(LAYERS, SCENARIOS).catalog()
    record = read_json(small_run / "run.json")
    assert "solar" not in record["resolved"]["uses"]
    run = SimpleNamespace(record=record, folder=small_run, catalog=catalog)
    # Asked for by its own name: the fixture stands in for the one of the module.
    found = wanting_of(run, "solar")
    assert "geotechnical" in " ".join(found["east_dump"])
    assert found["units_8_11"]


def test_the_report_tells_them_with_what_is_not_known(small_run):
    report = read_text(small_run / "report.html")
    part = report.partition('id="other_uses"')[2]
    assert "gates.digital_park.load.mw" in part
    assert "would bear: none" in part
