"""A scenario says what it changes, and everything else stays as it was."""

import shutil
from pathlib import Path

import pytest

from maemoh_gis.core.errors import FormatError
from maemoh_gis.scenario.contradictions import contradictions
from maemoh_gis.scenario.resolve import read_scenario
from tests.paths import SCENARIOS

HEAD = """version: 1
id: {id}
extends: {base}
title: {{th: ทดสอบ, en: Test}}
question: {{th: ทดสอบ, en: Test}}
"""


@pytest.fixture
def scenarios(tmp_path):
    shutil.copytree(SCENARIOS, tmp_path / "scenarios")
    return tmp_path / "scenarios"


def write(scenarios, id, body="", base="baseline"):
    path = scenarios / f"{id}.yaml"
    path.write_text(HEAD.format(id=id, base=base) + body, encoding="utf-8")
    return path


def fault_of(path):
    with pytest.raises(FormatError) as caught:
        read_scenario(path)
    (fault,) = caught.value.faults
    return fault


def test_changing_one_fact_leaves_every_other_key_as_it_was(scenarios):
    """Words that hold the number follow it, so the data before they are filled in is compared."""
    base = read_scenario(scenarios / "baseline.yaml").raw
    child = read_scenario(
        write(scenarios, "later", "change:\n  limits.steep_land.test.above: 12\n")
    ).raw
    assert child["limits"]["steep_land"]["test"].pop("above") == 12
    assert base["limits"]["steep_land"]["test"].pop("above") == 15
    for key in ("id", "title", "question"):
        assert child.pop(key) != base.pop(key)
    assert child == base


def test_every_change_is_on_record_with_its_old_value(scenarios):
    body = "change:\n  uses.green_estate.land.sites: 5\n"
    resolved = read_scenario(write(scenarios, "later", body))
    change = next(c for c in resolved.changes if c.key == "uses.green_estate.land.sites")
    assert (change.old, change.new, change.scenario) == (12, 5, "later")


def test_changes_of_a_chain_apply_base_first(scenarios):
    write(scenarios, "middle", "year: 2574\nchange:\n  seed: 1\n")
    resolved = read_scenario(write(scenarios, "top", "change:\n  seed: 2\n", base="middle"))
    assert resolved.scenario.year == 2574
    assert resolved.scenario.seed == 2
    assert [c.new for c in resolved.changes if c.key == "seed"] == [1, 2]
    assert list(resolved.files) == [f"scenarios/{n}.yaml" for n in ("baseline", "middle", "top")]


def test_a_key_the_base_does_not_have_is_refused_with_the_nearest(scenarios):
    fault = fault_of(write(scenarios, "typo", "change:\n  limits.steep_lnad.test.above: 12\n"))
    assert (fault.code, fault.line) == ("unknown_change", 7)
    assert fault.expected == "limits.steep_land"


def test_a_key_of_a_whole_scenario_is_told_where_it_belongs(scenarios):
    body = "grid:\n  cell_m: 500\nchange:\n  sed: 2\n"
    with pytest.raises(FormatError) as caught:
        read_scenario(write(scenarios, "later", body))
    first, second = caught.value.faults
    assert (first.code, first.key, first.line) == ("under_change", "grid", 6)
    assert first.expected == "change: {grid.cell_m: …}"
    assert (second.code, second.found) == ("unknown_change", "sed")


def test_a_file_in_the_folder_one_works_in_has_its_plain_name(scenarios, monkeypatch):
    path = write(scenarios, "later", "change:\n  sed: 2\n")
    monkeypatch.chdir(scenarios)
    assert fault_of(Path(path.name)).file == "later.yaml"


def test_adding_what_exists_is_refused(scenarios):
    fault = fault_of(write(scenarios, "twice", "add:\n  limits.mine_pit: {}\n"))
    assert (fault.code, fault.line) == ("add_exists", 7)


def test_a_first_entry_is_added_where_the_base_has_none(scenarios):
    """The base has no inclusions; one is named as any other entry is."""
    body = (
        "add:\n  inclusions.moved:\n    layer: districts\n    where: {code: 5202}\n"
        "    title: {th: ก, en: a}\n    reason: {th: ก, en: a}\n    limits: [mine_pit]\n"
    )
    scenario = read_scenario(write(scenarios, "moved", body)).scenario
    assert scenario.inclusions["moved"].limits == ["mine_pit"]
    fault = fault_of(write(scenarios, "typo", body.replace("inclusions", "inclusion")))
    assert (fault.code, fault.found) == ("unknown_change", "inclusion")


def test_what_is_added_is_checked_where_it_was_written(scenarios):
    body = "add:\n  limits.new_rule:\n    title: {th: ใหม่, en: New}\n    ground: custom\n"
    with pytest.raises(FormatError) as caught:
        read_scenario(write(scenarios, "added", body))
    wrong = next(f for f in caught.value.faults if f.code == "wrong_value")
    assert (wrong.file, wrong.line) == ("scenarios/added.yaml", 9)
    assert wrong.key == "limits.new_rule.ground"


def test_a_loop_of_inheritance_is_named(scenarios):
    write(scenarios, "one", base="two")
    fault = fault_of(write(scenarios, "two", base="one"))
    assert fault.code == "inheritance_loop"
    assert fault.found == "two → one → two"


def test_a_base_that_is_missing_is_refused_with_the_nearest(scenarios):
    fault = fault_of(write(scenarios, "lost", base="baselin"))
    assert (fault.code, fault.expected.split(", ")[0]) == ("unknown_scenario", "baseline")


def test_a_common_era_year_in_a_child_is_caught(scenarios):
    fault = fault_of(write(scenarios, "ce", "year: 2031\n"))
    assert (fault.code, fault.values["as_be"]) == ("year_in_ce", 2574)


def test_an_id_that_is_not_the_file_name_is_refused(scenarios):
    path = write(scenarios, "named")
    path.rename(path.with_name("other.yaml"))
    assert fault_of(path.with_name("other.yaml")).code == "id_not_file_name"


def test_weights_sum_to_one_whatever_the_file_says(scenarios):
    scenario = read_scenario(scenarios / "baseline.yaml").scenario
    for use in scenario.uses:
        assert sum(scenario.weights(use).values()) == pytest.approx(1.0)


def test_a_limit_is_in_force_only_in_its_years(scenarios):
    body = "change:\n  limits.steep_land.title: {th: ก, en: a}\n"
    limit = read_scenario(write(scenarios, "dated", body)).scenario.limits["steep_land"]
    dated = limit.model_copy(update={"since": 2570, "until": 2573})
    assert [dated.in_force(year) for year in (2569, 2570, 2573, 2574)] == [False, True, True, False]


def test_demands_that_contradict_each_other_are_all_named():
    codes = [fault.code for fault in contradictions(100, 50, 700, 60)]
    assert codes == ["width_needs_more_land", "holes_as_large_as_sites"]
    assert contradictions(100, 50, 300, 5) == []
