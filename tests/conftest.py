"""A small project over the bundled layers, quick enough for every test."""

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

from maemoh_gis.cli import main
from maemoh_gis.runs.project import Project
from maemoh_gis.runs.run import run
from tests.paths import LAYERS, SCENARIOS

# Tests compute unless they say otherwise, and leave nothing in the user's own folders.
os.environ["MAEMOH_CACHE"] = "off"

# No test asserts a time, so none fails on a busy machine.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

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
    """Mae Mo district at 400 m: a scenario that extends the baseline."""
    folder = tmp_path_factory.mktemp("project") / "scenarios"
    shutil.copytree(SCENARIOS, folder)
    (folder / "small.yaml").write_text(SMALL, encoding="utf-8")
    return Project(LAYERS, folder)


@pytest.fixture(scope="session")
def small_run(small_project, tmp_path_factory):
    """Give the run folder of `small`, shared by all who only read it."""
    return run(small_project, "small", tmp_path_factory.mktemp("runs") / "small")


@pytest.fixture(scope="session")
def kept_by_planners(tmp_path_factory, request):
    """Make the folder of kept results that the tests of the documents share, as one planner's runs
    do; every process of a test run takes the same.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if hasattr(request.config, "workerinput") else base) / "kept"
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
