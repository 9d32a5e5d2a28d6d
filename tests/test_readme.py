"""What README.md shows can be done as it stands there."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from tests.paths import LAYERS, ROOT, SCENARIOS

README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def commands() -> list[list[str]]:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    return [shlex.split(line, comments=True) for line in lines if line.startswith("maemoh-gis ")]


def run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "maemoh_gis", *arguments],
        cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=False,
        env=os.environ | {"MAEMOH_CACHE": str(folder / "kept")},
    )  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a project folder as a planner has it, with a file of polygons."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(LAYERS, folder / "layers")
    shutil.copytree(SCENARIOS, folder / "scenarios")
    land = shapely.box(99.74, 18.28, 99.75, 18.29)
    frame = gpd.GeoDataFrame({"name": ["ที่ดินตัวอย่าง"]}, geometry=[land], crs="EPSG:4326")
    frame.to_file(folder / "my_sites.gpkg", driver="GPKG")
    return folder


@pytest.mark.slow
def test_the_commands_do_what_they_say_in_this_order(project: Path) -> None:
    assert len(commands()) == 8
    for command in commands():
        done = run(command[1:], project)
        assert done.returncode == 0, (command, done.stderr)
        assert done.stdout.strip()


def test_the_example_scenario_is_sound(project: Path) -> None:
    (example,) = blocks("yaml")
    (name,) = re.findall(r"`scenarios/(\w+)\.yaml`", README)
    (project / "scenarios" / f"{name}.yaml").write_text(example, encoding="utf-8")
    done = run(["check", name], project)
    assert (done.returncode, done.stderr) == (0, "")
    assert "limits.settlement_core.test.within_m: 500" in done.stdout


@pytest.mark.parametrize(
    "name",
    [
        "README.md", "CONTRIBUTING.md", "DESIGN.md", "layers/README.md", "layers/LICENCES.md",
        "docs/guide_en.md", "docs/guide_th.md", "docs/methods.md", "notebooks/README.md",
    ],
)  # fmt: skip
def test_links_inside_the_project_lead_somewhere(name: str) -> None:
    page = ROOT / name
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    inside = [link for link in links if "://" not in link]
    assert [link for link in inside if not (page.parent / link).exists()] == []
