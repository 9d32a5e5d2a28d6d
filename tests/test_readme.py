"""What README.md shows can be done as it stands there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from tests.paths import ROOT
from tests.planner import make_project

Maemoh = Callable[..., tuple[int, str, str]]
README = (ROOT / "README.md").read_text(encoding="utf-8")


ONLY_WHERE_ASKED = {"land_mix.csv", "learnt.csv", "learnt_USE.tif"}


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def commands() -> list[list[str]]:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    return [shlex.split(line, comments=True) for line in lines if line.startswith("maemoh-gis ")]


def files_promised() -> set[str]:
    """Name the files that the table of the run folder lists."""
    (table,) = re.findall(r"^\| in the run folder .*?\n\n", README, re.DOTALL | re.MULTILINE)
    rows = [row.split("|")[1] for row in table.splitlines()[2:] if row]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)} | set(
        re.findall(r"`(\w+_by_district\.csv)`", table)
    )


def files_in(folder: Path) -> set[str]:
    """Name the files of a run as README does: USE for a use, * for a network."""
    written = [path.name for path in folder.iterdir() if path.is_file()]
    by_use = [re.sub(r"_(green_estate|container_yard)\.", "_USE.", name) for name in written]
    return {re.sub(r"^network_\w+\.", "network_*.", name) for name in by_use}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a project folder as a planner has it, with a file of polygons."""
    folder = make_project(tmp_path_factory.mktemp("project"))
    land = shapely.box(99.74, 18.28, 99.75, 18.29)
    frame = gpd.GeoDataFrame({"name": ["ที่ดินตัวอย่าง"]}, geometry=[land], crs="EPSG:4326")
    frame.to_file(folder / "my_sites.gpkg", driver="GPKG")
    return folder


@pytest.mark.slow
def test_the_commands_do_what_they_say_in_this_order(
    project: Path, kept_by_planners: Path, maemoh: Maemoh, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    monkeypatch.setenv("MAEMOH_CACHE", str(kept_by_planners))
    assert len(commands()) == 9
    for command in commands():
        code, out, err = maemoh(*command[1:])
        assert code == 0, (command, err)
        assert out.strip()
    # The baseline's uses do not share the land, and it asks for nothing learnt.
    assert files_in(project / "runs/baseline") | ONLY_WHERE_ASKED == files_promised()


def test_the_example_scenario_is_sound(
    project: Path, maemoh: Maemoh, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    (example,) = blocks("yaml")
    (name,) = re.findall(r"`scenarios/(\w+)\.yaml`", README)
    (project / "scenarios" / f"{name}.yaml").write_text(example, encoding="utf-8")
    code, out, err = maemoh("check", name)
    assert (code, err) == (0, "")
    assert "limits.settlement_core.test.within_m: 500" in out


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
