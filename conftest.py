"""What the examples of the API work with: a folder with a quick scenario, its run, a comparison."""

import gc
import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

import maemoh_gis as mm

# Command lines, workers and kernels that tests start compile the programs once, not each anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# No test cuts the power, so none waits until a disk has what it was given.
os.environ["OGR_SQLITE_SYNCHRONOUS"] = "OFF"
os.fsync = lambda _: None

# What a session holds is not looked through again at every turn; runs look less often still.
gc.set_threshold(50_000, 20, 20)

ROOT = Path(__file__).parent
DESK = ("ipywidgets", "voila")
"""Modules without which nothing of the desk but its plain part can be imported."""
collect_ignore_glob = (
    []
    if all(map(find_spec, DESK))
    else [
        f"maemoh_gis/desk/{name}.py" for name in ("adding", "controls", "panel", "parts", "server")
    ]
)
QUICK = """version: 1
id: quick
extends: baseline
title: {th: แม่เมาะแบบหยาบ, en: Mae Mo in coarse cells}
question: {th: ตัวอย่างที่ประมวลผลได้เร็ว, en: "An example that runs in seconds"}
change:
  grid: {crs: "EPSG:32647", cell_m: 400}
  area: {layer: districts, where: {code: 5202}}
  networks.lampang.roads.layer: roads
  uses.container_yard.yard.roads: roads
  freight: null
  choice: null
"""
VILLAGERS = {"viewpoint": "villagers", "uses.container_yard.yard": None}


@pytest.fixture(scope="session")
def quick_folder(tmp_path_factory, request):
    """Make a folder with the scenarios that ship and `quick`; every process of a test run shares
    it, since runs are locked and reused.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if hasattr(request.config, "workerinput") else base) / "quick"
    scenarios = folder / "scenarios"
    shutil.copytree(ROOT / "scenarios", scenarios, dirs_exist_ok=True)
    (scenarios / "quick.yaml").write_text(QUICK, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def quick(quick_folder):
    """Give what the examples of the API name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(quick_folder)
        patch.setenv("MAEMOH_LANG", "en")
        patch.setenv("MAEMOH_CACHE", str(quick_folder / "kept"))
        scenario = mm.load_scenario("quick")
        result = mm.run(scenario)
        other = mm.run(scenario, "runs/villagers", values=VILLAGERS, pages=False)
        return {
            "mm": mm,
            "catalog": mm.open_catalog(),
            "scenario": scenario,
            "path": mm.timeline(scenario),
            "result": result,
            "why": result.explain(18.26, 99.70),
            "found": mm.learn(scenario, "green_estate", "substations"),
            "other": other,
            "compared": mm.compare(result, other, folder=f"runs/comparison-{id(result)}"),
        }


EXAMPLES_OF_OFFICE = {"maemoh_gis.api.result.Result.documents"}
"""Examples that need the extra `office`."""


def pytest_collection_modifyitems(items):
    """Leave out examples whose libraries are not installed."""
    absent = [name for name in ("docx", "pptx", "resvg_py") if find_spec(name) is None]
    for item in items if absent else ():
        if item.name in EXAMPLES_OF_OFFICE:
            item.add_marker(pytest.mark.skip(reason=f"not installed: {', '.join(absent)}"))


@pytest.fixture(autouse=True)
def _examples_of_the_api(request, doctest_namespace, monkeypatch):
    """Give the examples of the API what they name, in the folder they work in."""
    place = Path(request.fspath).relative_to(ROOT).as_posix()
    if isinstance(request.node, pytest.DoctestItem) and place.startswith("maemoh_gis/api/"):
        doctest_namespace.update(request.getfixturevalue("quick"))
        monkeypatch.chdir(request.getfixturevalue("quick_folder"))
        monkeypatch.setenv("MAEMOH_LANG", "en")
        monkeypatch.setenv("MAEMOH_CACHE", "off")
