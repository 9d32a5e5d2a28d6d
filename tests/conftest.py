"""A small project over the bundled layers, quick enough for every test."""

import os
import shutil

import pytest

from maemoh_gis.workflow.project import Project
from tests.paths import LAYERS, SCENARIOS

# Tests compute unless they say otherwise, and leave nothing in the user's own folders.
os.environ["MAEMOH_CACHE"] = "off"

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
