"""Nothing finished is written over by the answer to another question without a word."""

import shutil
import zipfile

import pytest
import shapely

from maemoh_gis.comparison.compare import compare
from maemoh_gis.core.errors import RunError
from maemoh_gis.engine.same_question import asked_by, require_same_archive, require_same_runs
from maemoh_gis.files import read_json
from maemoh_gis.runs.report import report_again
from maemoh_gis.runs.run import run, run_resolved
from maemoh_gis.runs.run_again import bundle
from maemoh_gis.scenario.vary import varied
from tests.tiny import SIDE, SOUTH, WEST, write_project

MIDDLE = shapely.Point(WEST + SIDE / 2, SOUTH + SIDE / 2)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    made = write_project(tmp_path_factory.mktemp("project"), [MIDDLE], complete="{layer: study}")
    text = (made.scenarios / "tiny.yaml").read_text(encoding="utf-8")
    other = text.replace("id: tiny", "id: other").replace("within_m: 500", "within_m: 300")
    (made.scenarios / "other.yaml").write_text(other, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def runs(project, tmp_path_factory):
    root = tmp_path_factory.mktemp("runs")
    return {id: run(project, id, root / id) for id in ("tiny", "other")}


@pytest.fixture
def folder(runs, tmp_path):
    shutil.copytree(runs["tiny"], tmp_path / "here")
    return tmp_path / "here"


def refused(caught):
    (fault,) = caught.value.faults
    return fault.code, fault.found, fault.expected


def test_a_question_is_a_scenario_with_what_was_set_beside_it():
    changes = [{"key": "year", "old": 1, "new": 2574, "scenario": "child"},
               {"key": "a.b", "old": 1, "new": 2, "scenario": "--set"},
               {"key": "a.b", "old": 2, "new": 3, "scenario": "--set"}]  # fmt: skip
    assert asked_by("child", changes) == "child a.b=3"
    assert asked_by("child", changes[:1]) == "child"


def test_a_run_of_another_scenario_stays(project, folder):
    before = read_json(folder / "run.json")
    with pytest.raises(RunError) as caught:
        run(project, "other", folder)
    assert refused(caught) == ("another_run_there", "tiny", "other")
    assert read_json(folder / "run.json") == before
    run(project, "tiny", folder)  # the same question may be answered again
    run(project, "other", folder, replace=True)
    assert read_json(folder / "run.json")["scenario"] == "other"


def test_two_keys_that_end_alike_do_not_share_a_folder(project, folder, tmp_path):
    catalog = project.catalog()
    read = project.scenario("tiny")
    wider = varied(read, {"limits.near.test.within_m": 700})
    fewer = varied(read, {"uses.estate.land.sites": 1})
    for other in (wider, fewer):
        with pytest.raises(RunError) as caught:
            run_resolved(other, catalog, folder)
        assert refused(caught)[0] == "another_run_there"
    run_resolved(wider, catalog, tmp_path / "wide")
    run_resolved(wider, catalog, tmp_path / "wide")
    with pytest.raises(RunError):
        run_resolved(fewer, catalog, tmp_path / "wide")


def test_a_comparison_of_other_runs_stays(tmp_path):
    record = {"runs": [{"run": "a"}, {"run": "b"}]}
    from maemoh_gis.files import write_json

    write_json(tmp_path / "compare.json", record)
    require_same_runs(tmp_path, "compare.json", ["a", "b"], replace=False)
    require_same_runs(tmp_path / "new", "compare.json", ["a", "c"], replace=False)
    require_same_runs(tmp_path, "compare.json", ["a", "c"], replace=True)
    for others in (["a", "c"], ["a", "b", "c"], ["b", "a"]):
        with pytest.raises(RunError) as caught:
            require_same_runs(tmp_path, "compare.json", others, replace=False)
        assert refused(caught) == ("another_comparison_there", "a, b", ", ".join(others))


def test_compare_refuses_before_anything_is_written(runs, project, tmp_path):
    from maemoh_gis.files import write_json

    out = tmp_path / "comparison"
    write_json(out / "compare.json", {"runs": [{"run": "tiny"}, {"run": "third"}]})
    with pytest.raises(RunError) as caught:
        compare([runs["tiny"], runs["other"]], project.catalog(), out)
    assert refused(caught)[0] == "another_comparison_there"
    assert [p.name for p in tmp_path.iterdir()] == ["comparison"]


def test_a_report_of_another_run_stays_and_a_run_folder_is_no_place_for_one(
    runs, project, tmp_path
):
    catalog, out = project.catalog(), tmp_path / "report"
    report_again(runs["tiny"], catalog, out)
    page = (out / "report.html").read_bytes()
    with pytest.raises(RunError) as caught:
        report_again(runs["other"], catalog, out)
    assert refused(caught) == ("another_run_there", "tiny", "other")
    assert (out / "report.html").read_bytes() == page
    report_again(runs["tiny"], catalog, out)
    with pytest.raises(RunError) as caught:
        report_again(runs["tiny"], catalog, runs["other"])
    assert refused(caught)[0] == "report_into_run"


def test_a_bundle_replaces_no_other_file(runs, project, tmp_path):
    archive, catalog = tmp_path / "a.zip", project.catalog()
    first = bundle(runs["tiny"], project, catalog, archive)
    assert bundle(runs["tiny"], project, catalog, archive) == first
    with pytest.raises(RunError) as caught:
        bundle(runs["other"], project, catalog, archive)
    assert refused(caught) == ("another_file_there", "tiny", "other")
    letter = tmp_path / "letter.docx"
    letter.write_bytes(b"a letter")
    with pytest.raises(RunError) as caught:
        require_same_archive(letter, "run/run.json", "tiny", replace=False)
    assert refused(caught) == ("another_file_there", "letter.docx", "tiny")
    bundle(runs["other"], project, catalog, archive, replace=True)
    assert zipfile.ZipFile(archive).testzip() is None
