"""A run in which a use, or every use, finds no land: an empty answer, no error."""

import json

import pytest

from maemoh_gis.files import read_csv, read_vector
from maemoh_gis.runs.project import Project
from maemoh_gis.runs.run import run
from tests.few_roads import copy_scenarios
from tests.paths import LAYERS

NO_SITE = """version: 1
id: no_site
extends: baseline
title: {th: ไม่มีที่ดินผ่าน, en: No land passes}
question: {th: ทดสอบ, en: A test}
change:
  grid: {crs: "EPSG:32647", cell_m: 1000}
  area: {layer: districts, where: {code: 5202}}
"""
CASES = {
    "one_use": "  uses.container_yard.land.least_score: 0.999\n",
    "removed": "  limits.settlement_core.test.within_m: 300000\n",
    "no_exposure": "  limits.settlement_core.test.within_m: 300000\n  exposure: null\n"
    "  uses.green_estate.criteria.labour_services: {title: {th: ก, en: a}, basis"
    ": A test, confidence: L, needs: {th: ก, en: a}}\n",
    "mixed": "  uses.container_yard.land.least_score: 0.999\nadd:\n  mix: true\n",
}


def cases():
    """Each is a run of its own: one use without land tells the most, the others are slow."""
    yield "one_use"
    yield from (pytest.param(id, marks=pytest.mark.slow) for id in CASES if id != "one_use")


@pytest.fixture(scope="module", params=cases())
def empty(request, tmp_path_factory, shared_store):
    """Run a case; what it has in common with the others and with `small` is kept."""
    folder = tmp_path_factory.mktemp(request.param)
    copy_scenarios(folder)
    (folder / "no_site.yaml").write_text(NO_SITE + CASES[request.param], encoding="utf-8")
    return run(Project(LAYERS, folder), "no_site", folder / "run", store=shared_store)


def test_a_run_without_a_site_is_whole(empty):
    record = json.loads((empty / "run.json").read_text(encoding="utf-8"))
    assert record["sites"]["container_yard"] == 0
    assert (empty / "map.html").is_file()
    assert (empty / "report.html").is_file()


def test_a_table_of_no_sites_has_the_columns_of_one_with_sites(empty, small_run):
    def columns(folder):
        return list(read_vector(folder / "sites.gpkg", layer="sites_container_yard").columns)

    # What sites touch stands behind their own columns, where anything is known.
    own = [name for name in columns(empty) if not name.startswith("limits_checked")]
    assert len(own) > 20
    assert own[:-1] == columns(small_run)[: len(own) - 1]


def test_nothing_is_told_of_sites_that_are_not_there(empty):
    if (empty / "exposure.csv").is_file():
        rows = read_csv(empty / "exposure.csv")
        assert [
            row for row in rows if row["kind"] == "site" and row["use"] == "container_yard"
        ] == []
