"""A project folder as a planner has it, in cells coarse enough to follow whole documents in."""

import shutil
from pathlib import Path

from tests.paths import LAYERS, SCENARIOS

# The words of a document are on trial, not its numbers.
FINE, COARSE = "cell_m: 100", "cell_m: 500"
# Freight is sent in the baseline and what extends it directly; once more per year teaches nothing.
LAND_ONLY = "change:\n  freight: null\n  choice: null\n"


def make_project(folder: Path) -> Path:
    """Put the layers and scenarios that ship into a folder, in coarse cells."""
    shutil.copytree(LAYERS, folder / "layers")
    shutil.copytree(SCENARIOS, folder / "scenarios")
    baseline = folder / "scenarios/baseline.yaml"
    written = baseline.read_text(encoding="utf-8")
    assert FINE in written
    baseline.write_text(written.replace(FINE, COARSE), encoding="utf-8")
    council = folder / "scenarios/council_path_2574.yaml"
    written = council.read_text(encoding="utf-8")
    assert "change:" not in written
    council.write_text(written + LAND_ONLY, encoding="utf-8")
    return folder
