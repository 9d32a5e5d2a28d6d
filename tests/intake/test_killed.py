"""Whenever the process is killed, the project is as it was or as it was to be, and never half."""

import os
import subprocess
import sys

import pytest

from maemoh_gis.intake.shelf import alone
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.layers.load import Layers
from tests.intake import killing
from tests.intake.forest import WRITERS, forest_project
from tests.paths import ROOT
from tests.tiny import UTM

DRAFTS = (".adding.lock", ".writing-", ".removing-")
pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="processes are split off POSIX's way"
)


def kept(project):
    """Give every file of a project with its content, but for locks and drafts that nobody reads."""
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in sorted(project.rglob("*"))
        if path.is_file() and not any(part.startswith(DRAFTS) for part in path.parts)
    }


def killed_at_every_moment(way, project, file, folder):
    """Give the copies of the project in order; the last one was finished."""
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "tests.intake.killing", way, project, file, folder],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    codes = [int(line) for line in done.stdout.split()]
    assert codes[:-1] == [-9] * (len(codes) - 1)
    assert codes[-1] == 0
    return sorted(folder.iterdir())


def test_a_layer_is_brought_in_whole_or_not_at_all(tmp_path):
    project = forest_project(tmp_path / "project").layers.parent
    before = kept(project)
    file = WRITERS["geopackage"](tmp_path)
    *killed, done = killed_at_every_moment("bring", project, file, tmp_path / "copies")
    after = kept(done)
    assert after != before
    outcomes = set()
    for copy in killed:
        found = kept(copy)
        counts = found["layers/catalog.yaml"] != before["layers/catalog.yaml"]
        outcomes.add(counts)
        if counts:
            assert found == after
            Layers(read_catalog(copy / "layers")).features(killing.ID, UTM)
        else:
            assert {name: found[name] for name in before} == before
        with alone(copy / "layers"):
            pass
        assert kept(copy) == (after if counts else before)
    assert len(killed) > 5
    assert False in outcomes


def test_a_layer_is_taken_back_whole_or_not_at_all(tmp_path):
    project = forest_project(tmp_path / "project").layers.parent
    before = kept(project)
    killing.bring(project, WRITERS["geopackage"](tmp_path))
    with_layer = kept(project)
    *killed, done = killed_at_every_moment("back", project, tmp_path, tmp_path / "copies")
    assert kept(done) == before
    outcomes = set()
    for copy in killed:
        found = kept(copy)
        counts = found["layers/catalog.yaml"] == with_layer["layers/catalog.yaml"]
        outcomes.add(counts)
        if counts:
            assert found == with_layer
        with alone(copy / "layers"):
            pass
        assert kept(copy) == (with_layer if counts else before)
    assert outcomes == {True, False}
