"""A small project over the bundled layers, quick enough for every test."""

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

from maemoh_gis.cache.store import Store
from maemoh_gis.cli import main
from maemoh_gis.files import write_json
from maemoh_gis.runs.project import Project, prepare
from maemoh_gis.runs.run import run
from tests.computed import compute, run_watched
from tests.few_roads import copy_scenarios
from tests.paths import LAYERS
from tests.shared import once

# Tests compute unless they say otherwise, and leave nothing in the user's own folders.
os.environ["MAEMOH_CACHE"] = "off"

# No test asserts a time, so none fails on a busy machine.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Give each process a stretch of all tests, and the half of what another still has when it is
    done: what the tests of a file share is then made by one of them.
    """
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log) if config.option.dist == "load" else None


SMALL = """version: 1
id: small
extends: baseline
title: {th: แม่เมาะแบบหยาบ, en: Mae Mo in coarse cells}
question: {th: ทดสอบ, en: A test}
change:
  grid: {crs: "EPSG:32647", cell_m: 400}
  area: {layer: districts, where: {code: 5202}}
"""


@pytest.fixture(scope="session")
def small_project(tmp_path_factory):
    """Mae Mo district at 400 m: a scenario that extends the baseline, all of them on few roads."""
    folder = tmp_path_factory.mktemp("project") / "scenarios"
    copy_scenarios(folder)
    (folder / "small.yaml").write_text(SMALL, encoding="utf-8")
    return Project(LAYERS, folder)


@pytest.fixture(scope="session")
def of_all(tmp_path_factory, request):
    """Give the folder that every process of a test run takes for its own."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if hasattr(request.config, "workerinput") else base) / "of_all"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def small_run(small_project, of_all):
    """Give the run folder of `small`, shared by all who only read it."""
    return once(of_all / "small", lambda at: run(small_project, "small", at / "small")) / "small"


@pytest.fixture(scope="session")
def small_compared(small_run, of_all):
    """Give the comparison of the run of `small` with itself under another name, made once."""
    from maemoh_gis.comparison.compare import compare

    def make(folder):
        shutil.copytree(small_run, folder / "again")
        compare([small_run, folder / "again"], Project(LAYERS, folder).catalog(), folder / "beside")

    return once(of_all / "small_compared", make) / "beside"


@pytest.fixture(scope="session")
def small_kept(small_project, of_all):
    """Give a folder with a run of `small` from an empty cache, and the cache it filled."""

    def make(folder):
        store = Store(folder / "kept")
        store.folder.mkdir(mode=0o700)
        asked = prepare(small_project, "small")
        write_json(folder / "computed.json", run_watched(*asked, folder / "cold", store))

    return once(of_all / "small_kept", make)


@pytest.fixture(scope="session")
def shared_store(small_kept):
    """Give what the run of `small` kept, for all whose runs only differ from it and from each
    other in part; no test that plants something in the programs may take it.
    """
    return Store(small_kept / "kept")


@pytest.fixture(scope="session")
def small_results(small_project, shared_store):
    """Give what the run of `small` found, for all who look at its arrays; they are kept ones."""
    return compute(*prepare(small_project, "small"), store=shared_store)


@pytest.fixture(scope="session")
def kept_by_planners(of_all):
    """Make the folder of kept results that the tests of the documents share, as one planner's runs
    do; every process of a test run takes the same.
    """
    folder = of_all / "kept"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


@pytest.fixture
def maemoh(monkeypatch, capsys):
    """Run a command line; give its exit code, what it printed and what it complained of."""

    def call(*arguments):
        monkeypatch.setattr("sys.argv", ["maemoh-gis", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return ended.value.code, printed.out, printed.err

    return call
