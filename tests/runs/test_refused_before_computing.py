"""What cannot end well is refused in words before anything long is computed."""

import json
import os

import pytest
import shapely

from maemoh_gis.batch.batch import run_batch
from maemoh_gis.core.errors import FormatError, RunError
from maemoh_gis.engine import study
from maemoh_gis.runs import run as running
from maemoh_gis.runs.project import find_project, prepare
from maemoh_gis.runs.run import run
from maemoh_gis.scenario.checks.check import faults_of
from maemoh_gis.scenario.vary import varied
from tests.tiny import SOUTH, WEST, write_project


@pytest.fixture
def tiny(tmp_path):
    return write_project(tmp_path, [shapely.Point(WEST + 3_000, SOUTH + 3_000)])


@pytest.fixture
def nothing_computed(monkeypatch):
    def compute(*_, **__):
        raise AssertionError("computed")

    monkeypatch.setattr(running, "compute", compute)


def codes(error):
    return [fault.code for fault in error.value.faults]


@pytest.mark.parametrize("cell_m", [0.1, 1e-300, 0.999])
def test_cells_below_a_metre_are_refused(tiny, cell_m):
    resolved, _ = prepare(tiny, "tiny")
    with pytest.raises(FormatError) as error:
        varied(resolved, {"grid.cell_m": cell_m})
    assert codes(error) == ["wrong_value"]
    assert error.value.faults[0].expected == ">= 1"


def test_too_many_cells_are_refused_with_a_size_that_fits(tiny, monkeypatch, nothing_computed):
    monkeypatch.setattr(study, "_MOST_CELLS", 9_000)
    with pytest.raises(RunError) as error:
        run(tiny, "tiny", tiny.layers.parent / "r")
    (fault,) = error.value.faults
    assert (fault.code, fault.key) == ("too_many_cells", "grid.cell_m")
    resolved, catalog = prepare(tiny, "tiny")
    fits = varied(resolved, {"grid.cell_m": float(fault.expected)})
    assert running.study_grid(fits.scenario, running.Layers(catalog)).shape[0] ** 2 <= 9_200


def test_a_disk_too_small_for_the_rasters_is_told(tiny, monkeypatch, nothing_computed):
    monkeypatch.setattr(running, "_BYTES_IN_MEMORY", 0)
    monkeypatch.setattr(running.shutil, "disk_usage", lambda _: os.terminal_size((0, 0)) and
                        type("Use", (), {"free": 1000})())  # fmt: skip
    with pytest.raises(RunError) as error:
        run(tiny, "tiny", tiny.layers.parent / "r")
    assert codes(error) == ["disk_too_small"]


def test_a_folder_that_takes_nothing_is_told_before_computing(tiny, nothing_computed):
    (tiny.layers.parent / "file").write_text("no folder")
    with pytest.raises(OSError, match="file"):
        run(tiny, "tiny", tiny.layers.parent / "file" / "r")


def limits(n, *, outcome="removed"):
    one = {
        "title": {"th": "ใกล้", "en": "Near"}, "ground": "law",
        "basis": {"th": "ทดสอบ", "en": "A test"}, "outcome": outcome, "layer": "things",
    }  # fmt: skip
    return {f"l{k}": {**one, "test": {"within_m": 100 + k}} for k in range(n)}


@pytest.mark.parametrize("outcome", ["removed", "conditional"])
def test_a_thirty_third_limit_of_a_kind_is_refused(tiny, outcome):
    resolved, catalog = prepare(tiny, "tiny")
    assert faults_of(varied(resolved, {"limits": limits(32, outcome=outcome)}), catalog) == []
    refused = faults_of(varied(resolved, {"limits": limits(33, outcome=outcome)}), catalog)
    assert [fault.code for fault in refused if fault.blocks] == ["too_many_limits"]


def test_thirty_two_limits_hold_each_where_it_should(tiny):
    path = tiny.scenarios / "tiny.yaml"
    content = path.read_text(encoding="utf-8")
    start, end = content.index("limits:\n"), content.index("uses:\n")
    path.write_text(
        content[:start] + "limits: " + json.dumps(limits(32), ensure_ascii=False) + "\n"
        + content[end:], encoding="utf-8",
    )  # fmt: skip
    folder = run(tiny, "tiny", tiny.layers.parent / "r", pages=False)
    lines = (folder / "removed.csv").read_text(encoding="utf-8-sig").splitlines()
    assert sum(line.startswith("estate,l") for line in lines) == 32


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are of other systems")
def test_a_scenario_that_is_a_pipe_or_a_folder_is_no_file(tiny, maemoh):
    os.mkfifo(tiny.scenarios / "pipe.yaml")
    (tiny.scenarios / "folder.yaml").mkdir()
    for name in ("pipe", "folder"):
        code, _, err = maemoh("check", name, "--layers", tiny.layers, "--scenarios", tiny.scenarios)
        assert code == 2
        assert "not a file" in err


def test_scenarios_that_may_not_be_read_are_not_replaced_by_others(tiny, monkeypatch):
    def forbidden(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.chdir(tiny.layers.parent)
    monkeypatch.setattr("maemoh_gis.runs.project.os.listdir", forbidden)
    with pytest.raises(RunError) as error:
        find_project()
    assert codes(error) == ["cannot_read"]


def test_an_unexpected_error_of_one_run_stops_no_other(tiny, monkeypatch):
    resolved, catalog = prepare(tiny, "tiny")
    other = varied(resolved, {"seed": 2})
    compute = running.compute

    def sometimes(one, *more, **how):
        if one is other:
            raise KeyError("rank")
        return compute(one, *more, **how)

    monkeypatch.setattr(running, "compute", sometimes)
    root = tiny.layers.parent / "runs"
    ended = run_batch({"bad": other, "good": resolved}, catalog, root, pages=False)
    assert [one.state for one in ended] == ["failed", "done"]
    (fault,) = ended[0].faults
    assert fault.code == "unexpected"
    log = root / "log" / "bad.error.txt"
    assert fault.file == str(log)
    assert "KeyError: 'rank'" in log.read_text(encoding="utf-8")


SPOILT = {
    "outputs a list": lambda r: {**r, "outputs": []},
    "no inputs": lambda r: {**r, "inputs": None},
    "software a list": lambda r: {**r, "software": [1]},
    "no bounds": lambda r: {**r, "grid": {k: v for k, v in r["grid"].items() if k != "bounds"}},
    "bounds of text": lambda r: {**r, "grid": {**r["grid"], "bounds": ["a", "b", "c", "d"]}},
    "another change": lambda r: {**r, "changes": [1]},
    "a list": lambda r: [r],
    "outside": lambda r: {**r, "outputs": {"../../x": "0" * 64}},
    "no words": lambda r: {**r, "title": "x"},
    "digits": lambda r: "9" * 5000,
    "deep": lambda r: "[" * 100_000,
}


@pytest.fixture(scope="module")
def spoilt_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("spoilt")
    project = write_project(folder, [shapely.Point(WEST + 3_000, SOUTH + 3_000)])
    run(project, "tiny", folder / "runs" / "tiny", pages=False)
    run(project, "tiny", folder / "runs" / "whole", pages=False)
    return project, folder / "runs" / "tiny", (folder / "runs" / "tiny" / "run.json").read_text()


@pytest.mark.parametrize("how", SPOILT)
@pytest.mark.parametrize(
    "verb", ["verify", "rerun", "bundle", "explain", "report", "compare", "assess"]
)
def test_a_spoilt_record_is_told_in_words_by_every_verb(spoilt_run, maemoh, how, verb, tmp_path):
    project, folder, record = spoilt_run
    spoilt = SPOILT[how](json.loads(record))
    content = spoilt if isinstance(spoilt, str) else json.dumps(spoilt)
    (folder / "run.json").write_text(content)
    (tmp_path / "a.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    more = {"explain": ["--at", "18.2,99.7"], "assess": [tmp_path / "a.geojson"],
            "compare": [folder.parent / "whole", "--out", tmp_path / "c"],
            "bundle": ["--out", tmp_path / "b.zip"],
            "rerun": ["--out", tmp_path / "again"]}  # fmt: skip
    where = ["--layers", project.layers] if verb != "compare" else []
    code, out, err = maemoh(verb, folder, *more.get(verb, []), *where)
    assert code == 2, (out, err)
    assert "run.json" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.geojson"]


def test_a_batch_goes_on_beside_a_spoilt_run(spoilt_run):
    project, folder, record = spoilt_run
    for how in ("digits", "deep", "a list"):
        spoilt = SPOILT[how](json.loads(record))
        content = spoilt if isinstance(spoilt, str) else json.dumps(spoilt)
        (folder / "run.json").write_text(content)
        resolved, catalog = prepare(project, "tiny")
        ended = run_batch({"tiny": resolved}, catalog, folder.parent, pages=False)
        assert [one.state for one in ended] == ["done"]


@pytest.mark.parametrize("at", ["0,0", "nan,nan", "inf,0", "90,0", "48.85,2.35", "1e400,1"])
def test_a_place_far_away_or_nowhere_is_told(spoilt_run, maemoh, at):
    project, folder, _ = spoilt_run
    code, _, err = maemoh("explain", folder.parent / "whole", "--at", at, "--layers",
                          project.layers)  # fmt: skip
    assert code == 2
    assert "--at" in err


def test_more_runs_than_a_comparison_can_show_are_refused(tmp_path):
    from maemoh_gis.comparison.runs import MOST_RUNS, open_runs

    with pytest.raises(RunError) as error:
        open_runs([tmp_path / str(number) for number in range(MOST_RUNS + 1)])
    assert codes(error) == ["too_many_runs"]


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="links are of other systems")
def test_a_scenario_that_links_elsewhere_shows_nothing_of_it(tiny, maemoh, tmp_path):
    (tmp_path / "secret").write_text("hidden:x:0:0")
    (tiny.scenarios / "lnk.yaml").symlink_to(tmp_path / "secret")
    code, out, err = maemoh("check", "lnk", "--layers", tiny.layers, "--scenarios", tiny.scenarios)
    assert code == 2
    assert "hidden" not in out + err
    (tiny.scenarios / "own.yaml").symlink_to(tiny.scenarios / "tiny.yaml")
    _, _, err = maemoh("check", "own", "--layers", tiny.layers, "--scenarios", tiny.scenarios)
    assert "own" in err  # read, and refused for its id only
