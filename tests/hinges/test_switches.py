"""The worlds of a scenario: planted switches, files, page and faults."""

import csv
import re

import pytest
from typer.testing import CliRunner

from maemoh_gis.cli import build_app
from maemoh_gis.core.errors import MaeMohError, RunError
from maemoh_gis.estate.growth import LEVELS
from maemoh_gis.files import read_json, read_text
from maemoh_gis.hinges.freight_worlds import linked
from maemoh_gis.hinges.outputs import PAGE, RECORD, TABLE, require_place, write_study
from maemoh_gis.hinges.run import studied
from maemoh_gis.hinges.words import findings
from maemoh_gis.hinges.worlds import moving, of_size
from maemoh_gis.runs.project import prepare

HEAD = """version: 1
id: planted
extends: small
title: {th: สวิตช์ที่ปลูกไว้, en: Planted switches}
question: {th: ทดสอบ, en: A test}
change:
  switches.by:
"""
STEP = """    step:
      title: {th: ขั้น, en: Step}
      settings:
        one: {title: {th: ขน, en: place}, step: loading_place, basis: A test}
        three: {title: {th: ลาน, en: yard}, step: yard, basis: A test}
"""


def dearer(id, factor):
    return f"""    {id}:
      title: {{th: ราคา {id}, en: Price {id}}}
      settings:
        as_now: {{title: {{th: เดิม, en: as now}}, basis: A test}}
        up:
          title: {{th: แพงขึ้น, en: dearer}}
          rates: {{road_container_heavy_teu_km: {factor}, road_container_light_teu_km: {factor}}}
          basis: A test
"""


SHUT = """    shut:
      title: {th: คู่แข่ง, en: Rivals}
      settings:
        load: {title: {th: รับ, en: load}, basis: A test}
        none:
          title: {th: ปิด, en: shut}
          shut: [den_chai, ngao, lamphun, nakhon_lampang, nakhon_sawan]
          basis: A test
"""


@pytest.fixture(scope="module")
def planted(small_project):
    """Two rises of price that only together make boxes go by rail, and rivals open or shut."""
    path = small_project.scenarios / "planted.yaml"
    body = HEAD + dearer("first", 1.06) + dearer("second", 1.07) + SHUT + STEP
    path.write_text(body, encoding="utf-8")
    return studied(*prepare(small_project, "planted"))


def test_two_switches_that_only_together_turn_the_verdict_are_found_in_freight(planted):
    settings = planted.settings
    pair = moving(settings, ("first", "up"), ("second", "up"))
    assert not planted.base.carried["central"]
    assert pair in of_size(planted.least, settings, 2)
    assert of_size(planted.least, settings, 1) == []
    for alone in (("first", "up"), ("second", "up")):
        assert not planted.worlds[moving(settings, alone)].carried["central"]
    said = [one["en"] for one in findings(planted)]
    assert any("Price first: dearer + Price second: dearer" in one for one in said)


def test_every_combination_is_there_and_no_land_decides(planted):
    assert len(planted.worlds) == 16
    assert len({told.yard for told in planted.worlds.values()} - {""}) >= 1


def test_shut_rivals_never_take_boxes_from_the_yard(planted):
    settings = planted.settings
    for world, told in planted.worlds.items():
        if dict(zip(settings, world, strict=True))["shut"] == "load":
            other = tuple("none" if one == "load" else one for one in world)
            for level in LEVELS:
                assert planted.worlds[other].teu[level] >= told.teu[level] - 1e-6


def test_worlds_are_written_over_only_by_those_of_the_same_scenario(
    planted, small_project, small_run, tmp_path
):
    out = write_study(planted, tmp_path / "switches")
    require_place(out, planted.resolved, replace=False)
    other = small_project.scenario("small")
    require_place(out, other, replace=True)
    with pytest.raises(RunError) as refused:
        require_place(out, other, replace=False)
    assert refused.value.faults[0].code == "another_run_there"
    with pytest.raises(RunError) as refused:
        require_place(small_run, other, replace=True)
    assert refused.value.faults[0].code == "not_own_folder"


def test_what_has_no_price_has_no_regret_and_says_so(planted):
    for told in planted.worlds.values():
        assert (told.regret_thb is None) == (told.step != "yard")
        assert (told.pays is None) == (told.step != "yard")


def test_table_page_and_record_say_the_same(planted, tmp_path):
    out = write_study(planted, tmp_path / "switches")
    with (out / TABLE).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    record = read_json(out / RECORD)
    assert len(rows) == record["worlds"] == len(planted.worlds)
    assert {value for row in rows for value in row.values()} & {"nan", "None"} == set()
    for row, (world, told) in zip(rows, planted.worlds.items(), strict=True):
        assert tuple(row[id] for id in planted.settings) == world
        assert float(row["teu_central"]) == pytest.approx(told.teu["central"], rel=1e-4)
        assert row["trains_filled_central"] == ("yes" if told.carried["central"] else "no")
        assert (row["regret_build_thb_central"] == "") == (told.regret_thb is None)
    page = read_text(out / PAGE)
    for sentence in record["findings"]:
        for words in sentence.values():
            assert words.split("“")[0] in page
    assert not re.search(r"https?://(?!www\.w3\.org)", page)


def test_a_link_is_taken_where_it_is_shorter_and_nowhere_else(planted):
    from maemoh_gis.freight.trains import Track
    from maemoh_gis.freight.world import Spread, World
    from maemoh_gis.scenario.settings.switches import RailLink

    def km(n):
        return Spread(n, n, n)

    rail = {
        ("yard", "north"): km(400),
        ("yard", "south"): km(700),
        ("ngao", "north"): km(219),
        ("ngao", "south"): km(800),
    }
    tracks = {("ngao", "north"): Track(0.0, 219.0)}
    world = World((), (), (), {}, {}, rail, tracks)
    found = linked(world, {"yard": 614.1}, RailLink(from_km_post=609.1, to="ngao", km=70))
    assert found.rail_km["yard", "north"].central == pytest.approx(5 + 70 + 219)
    assert found.rail_km["yard", "south"].central == 700
    assert found.tracks["yard", "north"] == Track(75.0, 219.0)


def test_switches_are_no_cause_of_another_run(planted):
    from maemoh_gis.scenario.causes import causes_between

    scenario = planted.resolved.document.data
    assert causes_between(scenario, scenario | {"switches": None, "programme": None}) == []


def faulty(small_project, body):
    path = small_project.scenarios / "planted_wrong.yaml"
    path.write_text(HEAD.replace("id: planted", "id: planted_wrong") + body, encoding="utf-8")
    with pytest.raises(MaeMohError) as caught:
        studied(*prepare(small_project, "planted_wrong"))
    return {fault.code: fault for fault in caught.value.faults}


def test_every_fault_of_switches_is_told_at_once_with_its_line(small_project):
    wrong = """    bad:
      title: {th: ผิด, en: Bad}
      settings:
        as_now: {title: {th: เดิม, en: as now}, basis: A test}
        land: {title: {th: ที่ดิน, en: land}, basis: A test, change: {grid.cell_m: 800}}
        typo: {title: {th: ผิด, en: typo}, basis: A test, change: {freight.match_bak: 0.3}}
        harbour: {title: {th: ท่า, en: harbour}, basis: A test, shut: [harbour]}
"""
    found = faulty(small_project, wrong + STEP)
    assert set(found) == {"switch_moves_land", "unknown_change", "unknown_railhead"}
    assert all(one.file and one.line for one in found.values())
    assert found["unknown_change"].expected == "freight.match_back"


def test_a_rate_or_value_that_cannot_be_is_named_by_its_switch(small_project):
    wrong = dearer("first", 1.1).replace("road_container_heavy_teu_km", "road_container_hevy")
    more = """    back:
      title: {th: กลับ, en: Back}
      settings:
        as_now: {title: {th: เดิม, en: as now}, basis: A test}
        more: {title: {th: มาก, en: more}, basis: A test, change: {freight.match_back: 3.0}}
"""
    found = faulty(small_project, wrong + more + STEP)
    assert "switch_rate" in found
    others = [one for code, one in found.items() if code != "switch_rate"]
    assert [one.key for one in others] == ["switches.by.back.settings.more"]


MOVES = STEP.replace("step: loading_place", "step: loading_place, shut: [ngao]")


@pytest.mark.parametrize(
    ("body", "code"), [(dearer("first", 1.1), "switch_of_steps"), (MOVES, "switch_first_moves")]
)
def test_switches_that_cannot_be_read_are_refused(small_project, body, code):
    assert set(faulty(small_project, body)) == {code}


def test_a_priced_step_the_estate_lacks_is_named(small_project):
    body = STEP + "  switches.priced_step: harbour\n"
    assert set(faulty(small_project, body)) == {"unknown_step"}


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_help_of_switches_teaches(language):
    shown = CliRunner().invoke(build_app(language), ["switches", "--help"]).output
    assert "maemoh-gis switches baseline" in shown.replace("\u200b", "").replace("\n", " ")
