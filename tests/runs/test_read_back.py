"""
Every file a run or a comparison writes is read back, and what it derives is worked out again.

The runs are small ones that write every kind of file, and their networks are exported. A file that
no check knows fails the tests: whoever adds an output adds its check to `OF_RUNS` or
`OF_COMPARISONS`. Checks work with numpy,
pandas, shapely, rasterio and networkx on the files and layers, never with the functions under test.
"""

from fnmatch import fnmatch

import numpy as np
import pytest

from maemoh_gis.cli import main
from maemoh_gis.comparison.compare import compare
from maemoh_gis.core.grid import Grid
from maemoh_gis.files import write_raster
from maemoh_gis.runs.project import Project
from maemoh_gis.runs.run import run
from tests.few_roads import copy_scenarios
from tests.paths import LAYERS, SCENARIOS
from tests.runs.read_back import compare as compared
from tests.runs.read_back import (
    estate,
    every,
    freight,
    land,
    learnt,
    network,
    pages,
    people,
    register,
    stations,
    yards,
)
from tests.runs.read_back.folder import Folder
from tests.shared import once

OF_RUNS = {
    "access.csv": network.access,
    "acts_by_site.csv": land.acts_by_site,
    "brief_*.html": pages.page,
    "eco_town.html": pages.page,
    "estate.csv": estate.growth,
    "estate.svg": every.picture_file,
    "estate_prices.csv": estate.prices,
    "estate_sweep.csv": estate.sweep,
    "exposure.csv": people.exposure,
    "exposure_by_subdistrict.csv": people.exposure_by_subdistrict,
    "flows.csv": freight.flows,
    "freight_areas.gpkg": freight.areas,
    "freight_costs.csv": freight.costs,
    "freight_emissions.csv": freight.emissions,
    "freight_yards.csv": freight.yards,
    "gates.csv": estate.gates,
    "ladder.csv": estate.ladder,
    "land_mix.csv": land.land_mix,
    "law_coverage.csv": land.law_coverage,
    "land_register.csv": register.land_register,
    "learnt.csv": learnt.table,
    "learnt_*.tif": learnt.raster,
    "limits_*.tif": land.limits_raster,
    "log/run.json.sha256": pages.log_of_record,
    "log/stages.jsonl": pages.log_of_stages,
    "map.html": pages.map_page,
    "questions.csv": people.questions,
    "removed.csv": land.removed_table,
    "removed_by_district.csv": land.removed_by_district,
    "report.html": pages.report,
    "run.json": pages.record,
    "score_*.tif": land.score_raster,
    "site_sheets.html": pages.sheets,
    "sites.gpkg": land.sites_package,
    "smart_city.html": pages.page,
    "tables.xlsx": land.workbook,
    "timeline.csv": people.timeline,
    "timeline.json": people.timeline_data,
    "timeline.svg": every.picture_file,
    "values_*.svg": every.picture_file,
    "villages.html": pages.page,
    "earthworks.csv": stations.earthworks,
    "why.csv": stations.why,
    "why.gpkg": stations.places,
    "why.html": pages.page,
    "why_relaxations.csv": stations.relaxations,
    "why_tests.csv": stations.tests,
    "yard_choice.csv": yards.yard_choice,
    "yard_sets.csv": freight.yard_sets,
    "yards.gpkg": yards.yards_package,
    "yards_open.csv": yards.yards_open,
    "yards_stations.csv": yards.yards_stations,
    "yards_turned_down.csv": yards.yards_turned_down,
}
OF_COMPARISONS = {
    "brief_*.html": pages.page,
    "compare.json": compared.record,
    "comparison.html": pages.page,
    "consensus.csv": compared.consensus_table,
    "consensus_*.tif": compared.rasters,
    "difference_*.tif": compared.rasters,
    "differences.csv": compared.differences_table,
    "first_sites.csv": compared.first_sites,
    "indicators.csv": compared.indicators_table,
    "jobs.csv": compared.jobs_table,
    "land.csv": compared.land_table,
    "overlap.csv": compared.overlap_table,
    "pieces.csv": compared.pieces_table,
    "pieces.gpkg": compared.pieces_package,
    "places.csv": compared.places_table,
    "robustness.csv": compared.robustness_table,
    "runs.csv": compared.runs_table,
    "tables.xlsx": compared.workbook,
    "tau.csv": compared.tau_table,
    "transition.csv": compared.transition_table,
    "use_regret.csv": compared.use_regret_table,
    "years.csv": compared.years_table,
    "years.svg": every.picture_file,
    "zones.csv": compared.zones_table,
}
OF_NETWORKS = {"*.gpkg": network.network_package, "*.graphml": network.network_graph}
HEAD = """version: 1
id: {id}
extends: {base}
title: {{th: แม่เมาะแบบหยาบ, en: Mae Mo in coarse cells}}
question: {{th: ทดสอบ, en: A test}}
change:
"""
MAE_MO = """  grid: {crs: "EPSG:32647", cell_m: 400}
  area: {layer: districts, where: {code: 5202}}
"""
PROVINCE = """  grid: {crs: "EPSG:32647", cell_m: 1000}
  uses.container_yard.yard: null
  freight: null
  choice: null
  networks: {}
  uses.green_estate.criteria.labour_services:
    {title: {th: ก, en: a}, basis: A test, confidence: L, needs: {th: ก, en: a}}
  uses.container_yard.criteria.freight_access:
    {title: {th: ก, en: a}, basis: A test, confidence: L, needs: {th: ก, en: a}}
"""
LEARNT = """add:
  learnt:
    green_estate:
      presence: {layer: land_use_outlines, where: {land_use: [industrial, commercial]}}
      leave_out: [present_use]
      land_cells: 1000
      basis: A test
"""
PAIRS = {
    "first": "",
    "flat": "  limits.steep_land.test.above: 8\n",
    "villagers": "  viewpoint: villagers\n",
}


def make(root, label, id, base, change, store):
    """Run a scenario in a folder of its own."""
    scenarios = root / "scenarios" / label
    copy_scenarios(scenarios)
    written = HEAD.format(id=id, base=base) + change
    (scenarios / f"{id}.yaml").write_text(written, encoding="utf-8")
    return run(Project(LAYERS, scenarios), id, root / "runs" / label, store=store, pages=False)


@pytest.fixture(scope="session")
def whole(small_run, small_project, of_all):
    """Mae Mo district with yards, freight, choice, exposure, network, timeline and pages."""
    resolved = Folder(small_run, LAYERS).resolved

    def exported(to):
        for id in resolved["networks"]:
            for ending in ("gpkg", "graphml"):
                export(small_project, to / f"{id}.{ending}", "--network", id)

    return Folder(small_run, LAYERS, networks=once(of_all / "networks", exported))


def export(project, path, *asked):
    """Write a network by the command line."""
    where = ("--layers", project.layers, "--scenarios", project.scenarios, "--out", path)
    line = ("maemoh-gis", "network", "export", "--scenario", "small", *where, *asked)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", [str(one) for one in line])
        with pytest.raises(SystemExit) as ended:
            main()
    assert ended.value.code == 0


@pytest.fixture(scope="session")
def mix(of_all, shared_store):
    """The province with six uses that share the land."""

    def made(to):
        make(to, "mix", "mix", "six_uses", PROVINCE + LEARNT, shared_store)

    root = once(of_all / "mix", made)
    return Folder(root / "runs" / "mix", LAYERS)


@pytest.fixture(scope="session")
def comparison(of_all, shared_store):
    """One scenario by two values of a limit, and from another viewpoint."""

    def compared_in(root):
        for label, own in PAIRS.items():
            make(root, label, "pair", "baseline", MAE_MO + "  freight: null\n" + own, shared_store)
        catalog = Project(LAYERS, SCENARIOS).catalog()
        compare([root / "runs" / label for label in PAIRS], catalog, root / "comparison")

    root = once(of_all / "compared", compared_in)
    folders = [Folder(root / "runs" / label, LAYERS) for label in PAIRS]
    return compared.Compared(Folder(root / "comparison", LAYERS, "compare.json"), folders)


@pytest.mark.parametrize("which", ["whole", "mix"])
def test_every_file_of_a_run_has_a_check(which, request):
    _all_known(request.getfixturevalue(which), OF_RUNS)


def test_every_file_of_a_comparison_has_a_check(comparison):
    _all_known(comparison, OF_COMPARISONS)


def test_every_check_has_a_file(whole, mix, comparison):
    """A check that meets no file would pass whatever is written."""
    written = whole.files() + mix.files()
    assert [p for p in OF_RUNS if not any(fnmatch(name, p) for name in written)] == []
    written = comparison.files()
    assert [p for p in OF_COMPARISONS if not any(fnmatch(name, p) for name in written)] == []


def _all_known(folder, checks):
    known = {name: [p for p in checks if fnmatch(name, p)] for name in folder.files()}
    assert {name for name, patterns in known.items() if len(patterns) != 1} == set()


@pytest.mark.parametrize("kind", OF_RUNS)
def test_a_file_of_a_run_reads_back(kind, whole):
    _read_back(whole, kind, OF_RUNS)


@pytest.mark.parametrize("kind", OF_RUNS)
def test_a_file_of_uses_that_share_the_land_reads_back(kind, mix):
    _read_back(mix, kind, OF_RUNS)


@pytest.mark.parametrize("kind", OF_NETWORKS)
def test_an_exported_network_reads_back(kind, whole):
    assert [name for name in whole.networks.files() if fnmatch(name, kind)]
    _read_back(whole.networks, kind, OF_NETWORKS)


@pytest.mark.parametrize("kind", OF_COMPARISONS)
def test_a_file_of_a_comparison_reads_back(kind, comparison):
    _read_back(comparison, kind, OF_COMPARISONS)


def _read_back(folder, kind, checks):
    for name in folder.files():
        if fnmatch(name, kind):
            checks[kind](folder, name)


def test_overviews_hold_what_lies_beneath(tmp_path):
    """Rasters of small runs have no overviews, so one of their kind is written large."""
    grid = Grid("EPSG:32647", 100.0, 5000, -20000, 1100, 1300)
    seed = np.random.default_rng(1)
    value = seed.random(grid.shape, dtype=np.float32)
    value[seed.random(grid.shape) < 0.1] = np.nan
    write_raster(tmp_path / "score_x.tif", {"score": value, "score_low": value / 2}, grid,
                 nodata=np.nan)  # fmt: skip
    assert every.overviews(tmp_path / "score_x.tif") != []
