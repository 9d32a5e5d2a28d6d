"""Runs without their map and report, and the pages written later."""

import base64
import re
import shutil

import markupsafe
import pytest
import shapely

import maemoh_gis as mm
from maemoh_gis.batch.batch import INDEX, run_batch
from maemoh_gis.batch.cost import cost_of
from maemoh_gis.batch.index import write_index
from maemoh_gis.batch.plan import Asked, plan, prepared, sweeps_values
from maemoh_gis.batch.run import is_finished
from maemoh_gis.cache.store import Store
from maemoh_gis.core.errors import RunError
from maemoh_gis.engine.results import MAP
from maemoh_gis.files import read_json
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.report_trust import REPORT_FILES
from maemoh_gis.runs.run_again import rerun
from tests.tiny import SOUTH, WEST, write_project

# No use of the tiny project asks for a yard, so no station has a page.
PAGES = {MAP, *REPORT_FILES} - {"why.html"}


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    """One run with pages, the same without, and the second with its pages written afterwards."""
    root = tmp_path_factory.mktemp("pages")
    project = write_project(root, [shapely.Point(WEST + 3_000, SOUTH + 3_000)], complete="extent")
    catalog = project.catalog()
    scenarios = prepared(plan(Asked(["tiny"])), project, catalog)
    run_batch(scenarios, catalog, root / "with")
    kept = root / "kept"
    kept.mkdir(mode=0o700)
    return root, scenarios, catalog, Store(kept)


def outputs(folder):
    return read_json(folder / "run.json")["outputs"]


def test_pages_left_out_are_written_later_and_change_nothing_else(batch):
    root, scenarios, catalog, store = batch
    there, folder = root / "without", root / "without" / "tiny"
    (one,) = run_batch(scenarios, catalog, there, store=store, pages=False)
    assert one.state == "done"
    whole, bare = outputs(root / "with" / "tiny"), outputs(folder)
    assert whole.keys() - bare.keys() == PAGES
    assert bare == {name: was for name, was in whole.items() if name not in PAGES}
    assert not any((folder / name).exists() for name in PAGES)
    assert 'href="tiny/run.json"' in (there / INDEX).read_text(encoding="utf-8")
    (resolved,) = scenarios.values()
    assert is_finished(folder, resolved, Layers(catalog), pages=False)
    assert not is_finished(folder, resolved, Layers(catalog))
    assert cost_of(scenarios, catalog, there, pages=False).finished == 1
    assert cost_of(scenarios, catalog, there).finished == 0
    with pytest.raises(RunError, match="has no map"):
        mm.open_run(folder, layers=root / "layers").map()
    assert rerun(folder, catalog, root / "again").different == ()
    (again,) = run_batch(scenarios, catalog, there, store=store)
    assert (again.state, outputs(folder)) == ("done", whole)
    assert 'href="tiny/map.html"' in (there / INDEX).read_text(encoding="utf-8")


def test_a_run_with_pages_serves_who_wants_none(batch):
    root, scenarios, catalog, _ = batch
    (one,) = run_batch(scenarios, catalog, root / "with", pages=False)
    assert one.state == "reused"
    assert outputs(root / "with" / "tiny").keys() >= PAGES


def test_the_list_of_runs_leads_with_titles_and_shows_what_was_found(batch):
    root, *_ = batch
    folder = root / "with" / "tiny"
    record = read_json(folder / "run.json")
    page = (root / "with" / INDEX).read_text(encoding="utf-8")
    title = markupsafe.escape(record["title"]["th"])
    assert f'<a href="tiny/map.html"><span lang="th">{title}</span>' in page
    for told in record["sites_told"].values():
        assert markupsafe.escape(told["th"]) in page
    pictures = re.findall(r'<img src="data:image/png;base64,([^"]+)"', page)
    assert len(pictures) == len(record["resolved"]["uses"])
    for one in pictures:
        assert base64.b64decode(one).startswith(b"\x89PNG")


def test_a_run_whose_rasters_are_gone_is_listed_without_pictures(batch, tmp_path):
    root, *_ = batch
    shutil.copytree(root / "with" / "tiny", tmp_path / "tiny")
    for raster in (tmp_path / "tiny").glob("score_*.tif"):
        raster.unlink()
    write_index(tmp_path, [], tmp_path / INDEX)
    page = (tmp_path / INDEX).read_text(encoding="utf-8")
    assert 'href="tiny/map.html"' in page
    assert "<img" not in page


@pytest.mark.parametrize(
    ("asked", "sweep"),
    [
        (Asked(["a", "b"]), False),
        (Asked(["a"], years=[2569, 2574], viewpoints=["x", "y"]), False),
        (Asked(["a", "b"], sets=["grid.cell_m=200"]), False),
        (Asked(["a"], sets=["weights.road=0.2:0.4:3"]), True),
        (Asked(["a"], sets=["mix=true,false"]), True),
    ],
)
def test_only_runs_that_differ_in_values_are_a_sweep(asked, sweep):
    assert sweeps_values(plan(asked)) is sweep
