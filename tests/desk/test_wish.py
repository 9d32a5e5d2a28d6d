"""From where controls stand to values of a scenario and a file that says the same."""

import pytest

from maemoh_gis.core.errors import FormatError, RunError
from maemoh_gis.desk.offer import offer_of
from maemoh_gis.desk.saved import save
from maemoh_gis.desk.wish import document_of, label_of, values_of, wish_of
from maemoh_gis.documents.yaml import parse_yaml
from maemoh_gis.runs.project import Project
from maemoh_gis.scenario.vary import varied
from tests.paths import LAYERS, ROOT

PROJECT = Project(LAYERS, ROOT / "scenarios")
FAULT = "limits.fault_zone.test.within_m"


@pytest.fixture(scope="module")
def offer():
    return offer_of(PROJECT.scenario("baseline"))


def test_controls_nobody_touched_change_nothing(offer):
    assert values_of(wish_of(offer), offer) == {}


def test_a_control_put_back_changes_nothing(offer):
    there = wish_of(offer).counting(FAULT, 800)
    assert values_of(there, offer) == {FAULT: 800}
    assert values_of(there.counting(FAULT, 500), offer) == {}


def test_weights_are_offered_in_points_of_a_hundred(offer):
    for uses in offer.points.values():
        for points in uses.values():
            assert sum(points.values()) == pytest.approx(100, abs=0.5)
    assert offer.points["starting"]["container_yard"]["road_access"] == 20


def test_points_are_written_for_all_criteria_of_the_use_and_no_other(offer):
    own = offer.points["starting"]["container_yard"]
    wish = wish_of(offer).weighing("container_yard", {**own, "hazard": 40})
    key = "viewpoints.starting.weights.container_yard"
    assert values_of(wish, offer) == {key: {**own, "hazard": 40}}
    shares = varied(PROJECT.scenario("baseline"), values_of(wish, offer)).scenario
    assert shares.weights("container_yard")["hazard"] == pytest.approx(40 / (100 - 6 + 40))


def test_only_limits_that_are_a_number_are_offered_and_their_titles_hold_none(offer):
    keys = [one.key for one in offer.limits]
    assert FAULT in keys
    assert not any("mine_pit" in key or "reserved_forest" in key for key in keys)
    titles = {one.key: one.title for one in offer.limits}
    assert "500" not in titles[FAULT]["th"]
    assert "…" in titles[FAULT]["en"]
    # The number beside it is one of metres.
    rail = titles["limits.far_from_rail.test.beyond_m"]
    assert rail == {"th": "ห่างทางรถไฟเกิน …", "en": "More than … from the railway"}


def test_equal_questions_have_one_folder_and_other_ones_another():
    one, same = {"year": 2574, FAULT: 800}, {FAULT: 800, "year": 2574}
    assert label_of("baseline", {}) == "baseline"
    assert label_of("baseline", one) == label_of("baseline", same)
    assert label_of("baseline", one) != label_of("baseline", {"year": 2574})


@pytest.fixture
def own_project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "scenarios"
    folder.mkdir()
    text = (ROOT / "scenarios" / "baseline.yaml").read_text(encoding="utf-8")
    (folder / "baseline.yaml").write_text(text, encoding="utf-8")
    return Project(LAYERS, folder)


def test_a_saved_wish_is_read_as_the_values_it_was_saved_from(offer, own_project):
    own = offer.points["starting"]["green_estate"]
    wish = wish_of(offer).weighing("green_estate", {**own, "hazard": 12.5}).counting(FAULT, 800)
    values = {**values_of(wish, offer), "year": 2574, "estate.rai": 500}
    path = save(document_of(offer, values, "mine", "ของเรา"), own_project)
    read, meant = own_project.scenario("mine"), varied(own_project.scenario("baseline"), values)
    for one in ("year", "limits", "uses", "viewpoints", "estate", "viewpoint"):
        assert getattr(read.scenario, one) == getattr(meant.scenario, one), one
    assert read.scenario.title["th"] == "ของเรา"
    assert parse_yaml(path.read_text(encoding="utf-8"), "").data["extends"] == "baseline"


def test_an_earlier_file_is_never_written_over(offer, own_project):
    path = save(document_of(offer, {}, "mine"), own_project)
    before = path.read_bytes()
    with pytest.raises(RunError) as error:
        save(document_of(offer, {"year": 2574}, "mine"), own_project)
    assert [fault.code for fault in error.value.faults] == ["desk_name_taken"]
    assert path.read_bytes() == before


@pytest.mark.parametrize("id", ["", "../mine", "Mine", "ของเรา", "con"])
def test_a_name_no_file_may_have_is_refused_and_nothing_written(offer, own_project, id):
    with pytest.raises(FormatError):
        save(document_of(offer, {}, id), own_project)
    assert [path.name for path in own_project.scenarios.iterdir()] == ["baseline.yaml"]


def test_what_is_saved_beside_bundled_scenarios_stands_in_a_folder_of_ones_own(
    offer, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    path = save(document_of(offer, {"year": 2574}, "mine"), PROJECT)
    assert path.as_posix() == "scenarios/mine.yaml"
    assert Project(LAYERS, tmp_path / "scenarios").scenario("mine").scenario.year == 2574
    assert len(list(tmp_path.glob("scenarios/*.yaml"))) == 1 + len(PROJECT.scenario_names())
