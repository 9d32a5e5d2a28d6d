"""The feature that CONTRIBUTING.md walks through works in a copy of the package."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
import shapely

from maemoh_gis.files import sha256_of
from tests.paths import ROOT
from tests.tiny import SOUTH, WEST, write_project

WALK = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
WATER = shapely.box(WEST + 2_000, SOUTH + 2_000, WEST + 3_000, SOUTH + 4_000)
# 1,000 m x 2,000 m are 1,250 rai of 1,600 m2.
WATER_RAI = 1_250.0
WELL = shapely.Point(WEST + 8_000, SOUTH + 8_000)


def boxes(kind):
    return re.findall(rf"^```{kind}\n(.*?)^```", WALK, flags=re.DOTALL | re.MULTILINE)


def new_files():
    """Give the text of each new file by its path, which stands in the first line of its box."""
    named = (re.fullmatch(r"# (\S+\.py)\n(.*)", box, flags=re.DOTALL) for box in boxes("python"))
    return {found[1]: found[2] for found in named if found}


def edits():
    """Give the lines to add to each file, each with the line it stands behind."""
    found = {}
    for box in boxes("diff"):
        head, *lines = box.splitlines()
        behind = None
        for line in lines:
            text = line[1:]
            if line.startswith("+"):
                found.setdefault(head.removeprefix("--- "), []).append((behind, text))
            behind = text
    return found


def insert(text, behind, line):
    lines = text.splitlines()
    assert lines.count(behind) == 1, behind
    at = lines.index(behind)
    return "\n".join([*lines[: at + 1], line, *lines[at + 1 :], ""])


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The package with the feature of the walk put in."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "maemoh_gis", folder / "maemoh_gis")
    for path, text in new_files().items():
        assert not (folder / path).exists(), path
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    for path, added in edits().items():
        text = (folder / path).read_text(encoding="utf-8")
        for behind, line in added:
            text = insert(text, behind, line)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def python(copy, *arguments):
    environment = {**os.environ, "PYTHONPATH": str(copy), "MAEMOH_CACHE": "off"}
    return subprocess.run([sys.executable, *arguments], env=environment, cwd=copy,
                          capture_output=True, text=True, check=False)  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A tiny scenario that asks for the feature in the words of the walk."""
    folder = tmp_path_factory.mktemp("project")
    project = write_project(folder, [WELL], complete="extent", water=[WATER])
    scenario = project.scenarios / "tiny.yaml"
    (asking,) = (box for box in boxes("yaml") if box.startswith("flood:"))
    scenario.write_text(scenario.read_text("utf-8") + asking, encoding="utf-8")
    return project


@pytest.fixture(scope="module")
def folder(copy, project, tmp_path_factory):
    out = tmp_path_factory.mktemp("runs") / "tiny"
    done = python(copy, "-m", "maemoh_gis", "run", "tiny", "--layers", str(project.layers),
                  "--scenarios", str(project.scenarios), "--out", str(out))  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.fixture(scope="module")
def record(folder):
    return json.loads((folder / "run.json").read_text("utf-8"))


def test_it_needs_few_edited_lines():
    assert new_files()
    assert 0 < sum(len(added) for added in edits().values()) <= 5


def test_its_stage_runs(record):
    assert "flood" in record["stages"]


def test_its_file_is_written_and_read_back(folder, record):
    written = folder / "flood.csv"
    assert written.read_text("utf-8-sig").splitlines() == ["flooded_rai", f"{WATER_RAI:.1f}"]
    assert record["outputs"]["flood.csv"] == sha256_of(written)


def test_it_speaks_on_the_record_with_its_layer(record, project):
    assert record["flood"]["flooded_rai"] == WATER_RAI
    on_record = record["inputs"]["layers"]["water"]
    assert on_record["sha256"] == sha256_of(project.layers / "water.geojson")


def test_its_layer_is_drawn_and_its_section_told(folder):
    assert '"flood"' in (folder / "map.html").read_text("utf-8")
    report = (folder / "report.html").read_text("utf-8")
    assert "Flooded land" in report
    assert "ที่ดินน้ำท่วม" in report
    assert "1,250" in report


def test_a_scenario_that_names_a_layer_that_is_not_there_is_refused(copy, project):
    text = (project.scenarios / "tiny.yaml").read_text("utf-8")
    elsewhere = project.scenarios / "elsewhere.yaml"
    elsewhere.write_text(
        text.replace("layer: water", "layer: waters").replace("id: tiny", "id: elsewhere"),
        encoding="utf-8",
    )
    done = python(copy, "-m", "maemoh_gis", "check", "elsewhere", "--layers", str(project.layers),
                  "--scenarios", str(project.scenarios))  # fmt: skip
    assert done.returncode != 0
    assert "waters" in done.stdout + done.stderr
