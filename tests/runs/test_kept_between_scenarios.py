"""What scenarios have in common is kept between them, and nothing else: each fact counts."""

import shutil

import pytest

from maemoh_gis.cache.memory import Memory
from maemoh_gis.cache.store import Store
from maemoh_gis.layers.cached import CachedLayers
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.project import Project, prepare
from maemoh_gis.runs.run import run_resolved
from tests.batch.test_batch import contents
from tests.paths import LAYERS

# No two of a group show in the same outputs, so that none hides another that was forgotten.
CHANGES = {
    "plant": [
        "uses.green_estate.title: {th: นิคมอื่น, en: Another estate}",
        "timeline.units.MM-8.last_year: 2567",
        "limits.steep_land.basis: {th: เอกสารอื่น, en: Another paper}",
    ],
    "year": [
        "freight.departures_a_week: 9",
        "exposure.uses.green_estate.productive_share.high: 0.9",
    ],
    "land": [
        "limits.steep_land.test.above: 20",
        "exposure.radii_m: [500, 1000, 3000, 5000]",
        "networks.lampang.confidence: L",
        "learnt.green_estate.block_km: 5",
        "view.margin_km: 9",
    ],
    "ways": [
        "freight.own_distances: {}",
        "questions.resettlement_5_km.bands_m: [2000, 4000]",
        "limits.steep_land.plus_minus: 9",
    ],
    "train": [
        "freight.double_track_kph: 90",
        "questions.resettlement_5_km.distance_to: [{layer: mine, where: {part: pit}}]",
        "uses.container_yard.yard.line_accuracy_m: 1",
    ],
}
LEARNT = """add:
  learnt:
    green_estate: {presence: {layer: land_use_outlines}, block_km: 10, basis: A test}
"""
SCENARIO = """version: 1
id: other_{id}
extends: small
title: {{th: อื่น, en: Other}}
question: {{th: ทดสอบ, en: A test}}
year: {year}
change:
"""


@pytest.fixture(scope="module")
def project(small_project, tmp_path_factory):
    folder = tmp_path_factory.mktemp("many") / "scenarios"
    shutil.copytree(small_project.scenarios, folder)
    small = folder / "small.yaml"
    small.write_text(small.read_text(encoding="utf-8") + LEARNT, encoding="utf-8")
    for id, changes in CHANGES.items():
        told = SCENARIO.format(id=id, year=2580 if id == "year" else 2569)
        told += "".join(f"  {change}\n" for change in changes)
        (folder / f"other_{id}.yaml").write_text(told, encoding="utf-8")
    return Project(LAYERS, folder)


@pytest.fixture(scope="module")
def warm(project, tmp_path_factory):
    """Give a store and layers as a batch has them after the scenario that all others extend."""
    root = tmp_path_factory.mktemp("warm")
    resolved, catalog = prepare(project, "small")
    store, layers = Store(root, memory=Memory()), CachedLayers(Layers(catalog))
    run_resolved(resolved, catalog, root / "small", store=store, layers=layers)
    return store, layers


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_a_run_after_another_scenario_has_the_bytes_of_one_alone(project, warm, tmp_path, change):
    store, layers = warm
    resolved, catalog = prepare(project, f"other_{change}")
    run_resolved(resolved, catalog, tmp_path / "after", store=store, layers=layers)
    run_resolved(resolved, catalog, tmp_path / "alone")
    assert contents(tmp_path / "after") == contents(tmp_path / "alone")
