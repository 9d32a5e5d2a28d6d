"""Layers observed of late can be taken out of the catalog: runs go on and say what is lost."""

import json
import shutil

import pytest

from maemoh_gis.cli import main
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.runs.project import Project
from tests.paths import LAYERS, SCENARIOS
from tests.stacked_heights import take_out

OBSERVED = (
    "road_lines", "land_cover", "land_use_outlines", "mine_2026", "subdistrict_people",
    "water_bodies", "rivers", "rail_lines", "public_places", "village_points",
    "land_use_observed", "land_use_2569",
)  # fmt: skip


@pytest.fixture(scope="module")
def older(tmp_path_factory):
    """Give a project of the bundled layers without the observed ones."""
    folder = tmp_path_factory.mktemp("older")
    shutil.copytree(LAYERS, folder / "layers")
    project = Project(folder / "layers", SCENARIOS)
    for id in OBSERVED:
        take_out(project, id)
    assert not set(OBSERVED) & set(read_catalog(project.layers))
    return project


def asked_of(monkeypatch, capsys, *line):
    monkeypatch.setattr("sys.argv", ["maemoh-gis", "--lang", "en", *map(str, line)])
    with pytest.raises(SystemExit) as left:
        main()
    told = capsys.readouterr()
    assert (left.value.code or 0) == 0, told.err
    return told.out


@pytest.mark.slow
def test_every_shipped_scenario_fits_the_catalog_without_them(older, monkeypatch, capsys):
    for path in sorted(SCENARIOS.glob("*.yaml")):
        asked_of(monkeypatch, capsys, "check", path.stem, "--layers", older.layers)


@pytest.mark.slow
def test_the_baseline_runs_without_them_and_says_what_it_no_longer_knows(
    older, tmp_path, monkeypatch, capsys
):
    out = tmp_path / "run"
    asked_of(monkeypatch, capsys, "run", "baseline", "--layers", older.layers, "--out", out)
    record = json.loads((out / "run.json").read_text("utf-8"))
    assert not set(OBSERVED) & set(record["inputs"]["layers"])
    said = "\n".join([*(one["en"] for one in record["caveats"])])
    for id in (
        "road_lines", "subdistrict_people", "mine_2026", "land_use_observed", "land_use_2569",
    ):  # fmt: skip
        assert f"the layer {id} is not here; what rests on it is taken from" in said
    report = (out / "report.html").read_text("utf-8")
    assert "the catalog lacks land_cover, land_use_outlines, road_lines" in report
    assert "the catalog has no layer rail_lines" in report
    assert "100 % of the land not counted" in report
