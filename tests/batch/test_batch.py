"""A batch: what it is made of, what it repeats, and what is left when it is killed."""

import json
import os
import signal
import subprocess
import sys

import pytest
import shapely

from maemoh_gis.batch import batch
from maemoh_gis.batch.batch import INDEX, run_batch
from maemoh_gis.batch.cost import cost_of
from maemoh_gis.batch.plan import Asked, plan, prepared
from maemoh_gis.batch.run import is_finished
from maemoh_gis.core.errors import FormatError, RunError
from maemoh_gis.files import read_json
from maemoh_gis.layers.load import Layers
from maemoh_gis.scenario.vary import varied
from tests.paths import ROOT
from tests.tiny import SOUTH, WEST, write_project

TWO = Asked(["tiny"], sets=["uses.estate.land.sites=1,2"])


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiny")
    return write_project(folder, [shapely.Point(WEST + 3_000, SOUTH + 3_000)], complete="extent")


@pytest.fixture
def project_of_its_own(tmp_path):
    place = tmp_path / "project"
    return write_project(place, [shapely.Point(WEST + 3_000, SOUTH + 3_000)], complete="extent")


def scenarios_of(project, asked=TWO):
    catalog = project.catalog()
    return prepared(plan(asked), project, catalog), catalog


def contents(root):
    """Give every file of a folder but those under its log and the logs of runs."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and "log" not in path.relative_to(root).parts
    }


def codes(caught):
    return [fault.code for fault in caught.value.faults]


def test_scenarios_are_crossed_with_years_viewpoints_and_values():
    asked = Asked(["a", "b"], [2569, 2574], ["egat"], ["weights.road=0.2:0.4:3", "mix=true"])
    planned = plan(asked)
    assert len(planned) == 2 * 2 * 3
    assert planned[0].label == "a--2569--egat--road-0.2--mix-True"
    assert planned[1].values == {
        "year": 2569, "viewpoint": "egat", "weights.road": 0.3, "mix": True,
    }  # fmt: skip
    assert len({one.label for one in planned}) == len(planned)


def test_a_viewpoint_is_set_before_the_weights_that_are_shares_of_its_own(tmp_path):
    table = tmp_path / "runs.csv"
    table.write_text("weights.road,viewpoint\n0.2,egat\n0.3,\n", encoding="utf-8")
    assert [list(one.values) for one in plan(Asked(["a"], matrix=table))] == [
        ["viewpoint", "weights.road"], ["weights.road"],
    ]  # fmt: skip


def test_a_table_names_the_scenario_of_each_run(tmp_path):
    table = tmp_path / "runs.csv"
    table.write_text("scenario,year\nx,2569\ny,2574\n", encoding="utf-8")
    found = [(one.scenario, one.values) for one in plan(Asked(["a", "b"], matrix=table))]
    assert found == [("x", {"year": 2569}), ("y", {"year": 2574})]


def test_a_sweep_of_a_million_runs_is_refused_with_the_count():
    with pytest.raises(RunError) as caught:
        plan(Asked(["a"], sets=["k=0:1:100", "l=0:1:100", "m=0:1:100"]))
    (fault,) = caught.value.faults
    assert (fault.code, fault.found) == ("too_many_runs", "1,000,000")
    with pytest.raises(RunError) as caught:
        plan(Asked(["a"], sets=["k=0:1:1000000"]))
    assert caught.value.faults[0].found == "1,000,000"


@pytest.mark.parametrize("written", ["k", "=1", "k=", "k=1:2:x", "k=0:inf:3", "k=1:2:0"])
def test_a_set_that_cannot_be_read_is_refused(written):
    with pytest.raises(RunError) as caught:
        plan(Asked(["a"], sets=[written]))
    assert codes(caught) == ["bad_set"]


def test_keys_that_do_not_exist_are_all_named_with_the_nearest(project):
    asked = Asked(["tiny"], sets=["weights.fr=0.1,0.2", "uses.estate.land.site=1"])
    with pytest.raises(RunError) as caught:
        scenarios_of(project, asked)
    assert [f.expected for f in caught.value.faults] == ["weights.far", "uses.estate.land.sites"]


def test_a_year_of_the_common_era_is_refused(project):
    with pytest.raises(RunError) as caught:
        scenarios_of(project, Asked(["tiny"], years=[2031]))
    assert caught.value.faults[0].values == {"as_be": 2574}


def test_a_share_of_the_weight_leaves_the_ratios_of_the_others(small_project):
    before = small_project.scenario("baseline")
    after = varied(before, {"weights.road_access": 0.4})
    old = before.scenario.weights("container_yard")
    new = after.scenario.weights("container_yard")
    assert new["road_access"] == pytest.approx(0.4)
    assert sum(new.values()) == pytest.approx(1.0)
    for one in set(old) - {"road_access"}:
        assert new[one] / new["hazard"] == pytest.approx(old[one] / old["hazard"])
    # The other use has no such criterion; nothing else differs.
    assert after.scenario.weights("green_estate") == before.scenario.weights("green_estate")
    assert [c.key for c in after.changes] == ["viewpoints.starting.weights.container_yard"]
    data = json.loads(json.dumps(after.document.data))
    data["viewpoints"]["starting"]["weights"]["container_yard"] = before.document.data[
        "viewpoints"]["starting"]["weights"]["container_yard"]  # fmt: skip
    assert data == before.document.data


def test_the_only_weight_of_a_use_cannot_be_swept(project):
    with pytest.raises(RunError) as caught:
        varied(project.scenario("tiny"), {"weights.far": 0.5})
    assert codes(caught) == ["weight_stands_alone"]


def test_a_value_the_scenario_does_not_allow_is_refused(project):
    with pytest.raises(FormatError):
        varied(project.scenario("tiny"), {"uses.estate.land.sites": "many"})


def test_what_is_finished_is_not_run_again_and_what_is_spoilt_is(project, tmp_path):
    scenarios, catalog = scenarios_of(project)
    cost = cost_of(scenarios, catalog, tmp_path)
    assert (cost.runs, cost.finished, cost.timed) == (2, 0, 0)
    assert [one.state for one in run_batch(scenarios, catalog, tmp_path)] == ["done", "done"]
    whole = contents(tmp_path)
    assert INDEX in whole
    assert [one.state for one in run_batch(scenarios, catalog, tmp_path)] == ["reused", "reused"]
    assert cost_of(scenarios, catalog, tmp_path).finished == 2
    spoilt = tmp_path / "tiny--sites-2" / "sites.gpkg"
    content = bytearray(spoilt.read_bytes())
    content[-1] ^= 1
    spoilt.write_bytes(content)
    assert [one.state for one in run_batch(scenarios, catalog, tmp_path)] == ["reused", "done"]
    assert contents(tmp_path) == whole


def test_a_scenario_that_leaves_no_land_is_a_result(tmp_path):
    # A layer that is complete nowhere never gives credit, so no land is good enough.
    bare = write_project(tmp_path / "bare", [shapely.Point(WEST + 3_000, SOUTH + 3_000)])
    scenarios, catalog = scenarios_of(bare, Asked(["tiny"]))
    assert [one.state for one in run_batch(scenarios, catalog, tmp_path / "runs")] == ["done"]
    assert read_json(tmp_path / "runs" / "tiny" / "run.json")["sites"] == {"estate": 0}


def die(job):
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(sys.platform == "win32", reason="kills a process")
def test_a_process_that_is_killed_leaves_its_run_to_the_others(project, tmp_path, monkeypatch):
    scenarios, catalog = scenarios_of(project)
    run_batch(scenarios, catalog, tmp_path / "whole")
    monkeypatch.setattr(batch, "make_there", die)
    ended = run_batch(scenarios, catalog, tmp_path / "killed", jobs=2)
    assert [one.state for one in ended] == ["done", "done"]
    assert contents(tmp_path / "killed") == contents(tmp_path / "whole")


def test_runs_in_this_process_and_in_others_are_all_told_of(project, tmp_path):
    scenarios, catalog = scenarios_of(project, Asked(["tiny"], sets=["year=2569,2570,2571"]))
    events = []
    ended = run_batch(scenarios, catalog, tmp_path, jobs=2, tell=events.append)
    assert [one.state for one in ended] == ["done"] * 3
    for kind in ("run_started", "run_done"):
        assert {e["run"] for e in events if e["event"] == kind} == set(scenarios)
    assert [e["ended"] for e in events if e["event"] == "run_done"] == [1, 2, 3]


def test_one_run_needs_no_other_process(project, tmp_path):
    scenarios, catalog = scenarios_of(project, Asked(["tiny"], years=[2570]))
    (one,) = run_batch(scenarios, catalog, tmp_path, jobs=2)
    assert one.state == "done"


def test_a_layer_that_changes_during_a_batch_is_found_out(project_of_its_own, tmp_path):
    scenarios, catalog = scenarios_of(project_of_its_own)
    things = catalog.path_of("things")

    def change(event):
        if event["event"] == "run_done":
            things.write_bytes(things.read_bytes() + b" ")

    ended = run_batch(scenarios, catalog, tmp_path / "runs", tell=change)
    assert [one.state for one in ended] == ["done", "failed"]
    assert [fault.code for fault in ended[1].faults] == ["checksum_differs"]


def test_a_run_of_another_question_is_not_taken_for_this_one(project, tmp_path):
    scenarios, catalog = scenarios_of(project)
    run_batch(scenarios, catalog, tmp_path)
    one, two = scenarios
    layers = Layers(catalog)
    assert is_finished(tmp_path / one, scenarios[one], layers)
    assert not is_finished(tmp_path / one, scenarios[two], layers)
    assert not is_finished(tmp_path / "nowhere", scenarios[one], layers)


def test_every_event_is_told_and_a_run_that_fails_stops_no_other(project, tmp_path):
    scenarios, catalog = scenarios_of(project)
    (tmp_path / "tiny--sites-1").mkdir()
    (tmp_path / "tiny--sites-1" / "thesis.docx").write_text("ten years of work")
    events = []
    ended = run_batch(scenarios, catalog, tmp_path, tell=events.append)
    assert [(one.state, [f.code for f in one.faults]) for one in ended] == [
        ("failed", ["not_a_run_folder"]), ("done", []),
    ]  # fmt: skip
    kinds = [event["event"] for event in events if event["event"] != "stage"]
    assert kinds == ["batch_started", "run_started", "run_failed", "run_started", "run_done",
                     "batch_ended"]  # fmt: skip
    assert (tmp_path / "tiny--sites-1" / "thesis.docx").exists()
    json.dumps(events, allow_nan=False)


def test_the_list_of_runs_is_in_both_languages_and_escaped(project, tmp_path):
    text = project.scenarios / "evil.yaml"
    text.write_text(
        "version: 1\nid: evil\nextends: tiny\n"
        "title: {th: '<script>x</script>', en: '<img src=x onerror=x>'}\n"
        "question: {th: ก, en: a}\n", encoding="utf-8",
    )  # fmt: skip
    scenarios, catalog = scenarios_of(project, Asked(["evil"]))
    run_batch(scenarios, catalog, tmp_path)
    page = (tmp_path / INDEX).read_text(encoding="utf-8")
    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert "<script" not in page
    assert "<img src=x" not in page
    assert 'href="evil/map.html"' in page
    assert "http" not in page.replace('http-equiv="Content-Security-Policy"', "")
    text.unlink()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
@pytest.mark.parametrize("what", ["kill", "limit", "two"])
def test_a_batch_ends_as_an_undisturbed_one(project, tmp_path, what):
    """Killed at ten moments; without room on the disk; with another process on its folder. The
    undisturbed one keeps no results, the others share theirs.
    """
    root = tmp_path / "runs"
    done = subprocess.run(
        [sys.executable, "-m", "tests.batch.batch_driver", what, str(project.scenarios),
         str(project.layers), str(root)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert contents(root) == contents(tmp_path / "warm")
    assert not list((root / "log").glob("work-*"))
