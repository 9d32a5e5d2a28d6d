"""What is checked is checked where a layer can tell, and what is scored where it is scored."""

import csv
import io

import geopandas as gpd
import numpy as np
import pytest
import shapely
import yaml

from maemoh_gis.ask.explain import explain_at
from maemoh_gis.core.errors import MaeMohError
from maemoh_gis.engine.stages import StageContext, upstream_of
from maemoh_gis.engine.strips import execute_in_strips
from maemoh_gis.engine.study import study_grid
from maemoh_gis.files import read_json, read_text
from maemoh_gis.layers.audit import audit_folder
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.coverage_ahead import statuses_ahead
from maemoh_gis.runs.finished import open_run
from maemoh_gis.runs.project import Project, prepare
from maemoh_gis.runs.run import run
from maemoh_gis.runs.stage_table import stage_table
from maemoh_gis.suitability.caveats import caveats, confidence_shares, nature_shares, why_unscored
from maemoh_gis.suitability.known_land import KnownLand, with_tallies
from tests.paths import FROZEN_LAYERS, FROZEN_SCENARIOS
from tests.tiny import SIDE, SOUTH, WEST, write_project

MIDDLE = shapely.Point(WEST + SIDE / 2, SOUTH + SIDE / 2)
CELLS = 100 * 100


def known_land(project, name="tiny", *, rows=None):
    """Count the known land of a scenario in strips, without its sites."""
    resolved, catalog = prepare(project, name)
    layers, scenario = Layers(catalog), resolved.scenario
    table = with_tallies(scenario, catalog, stage_table(scenario, catalog))
    known = KnownLand(scenario)
    table = upstream_of(table, [stage.id for stage in table if known.wanted(stage.id)])
    execute_in_strips(
        table, StageContext(scenario, layers, study_grid(scenario, layers)), keep=lambda _: False,
        show=known.wanted, each=lambda _, results: known.add(results), rows=rows,
    )  # fmt: skip
    return scenario, catalog, known


def coverage(project):
    return known_land(project)[2].coverage()["near"]


def rewrite(folder, **changes):
    """Change the only limit of the tiny scenario."""
    path = folder / "scenarios" / "tiny.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    data["limits"]["near"] |= changes
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


@pytest.fixture(scope="module")
def frozen():
    return known_land(Project(FROZEN_LAYERS, FROZEN_SCENARIOS), "baseline")


# Worked out by another program from the raw layers, see each number's own words.


def test_the_share_that_is_not_scored_is_that_of_the_open_land(frozen):
    scenario, _, known = frozen
    yard, estate = known.scored("container_yard"), known.scored("green_estate")
    assert (yard.open_cells, estate.open_cells) == (24_477, 1_072_363)
    yard_shares = confidence_shares(scenario, "container_yard", yard)
    estate_shares = confidence_shares(scenario, "green_estate", estate)
    assert yard_shares["unscored"] == pytest.approx(0.54, abs=0.0005)
    assert estate_shares["unscored"] == pytest.approx(0.70, abs=0.0005)
    assert yard_shares["L"] == pytest.approx(0.26, abs=0.0005)
    assert estate_shares["L"] == pytest.approx(0.18, abs=0.0005)


def test_no_open_land_of_the_baseline_is_scored_by_faults_or_homes(frozen):
    scenario, _, known = frozen
    for use, criteria in (
        ("container_yard", ("hazard", "community_env", "utilities_synergy")),
        ("green_estate", ("hazard", "settlement_buffer")),
    ):
        scored = known.scored(use)
        for id in criteria:
            assert scored.on_open[id] == 0 < scored.on_study[id]
            assert why_unscored(id, scenario.uses[use].criteria[id], scored) == "removed"


def test_substations_settle_the_score_within_2_km(frozen):
    _, _, known = frozen
    assert known.scored("green_estate").on_study["power_grid"] == 5_032
    assert known.scored("container_yard").on_study["utilities_synergy"] == 5_032


def test_reservoirs_score_on_the_open_land_they_settle(frozen):
    assert frozen[2].scored("green_estate").on_open["water_env"] == 1_399


def test_shares_by_confidence_and_by_nature_sum_to_one(frozen):
    scenario, catalog, known = frozen
    for use in scenario.uses:
        sure = confidence_shares(scenario, use, known.scored(use))
        nature = nature_shares(scenario, catalog, use, known.scored(use))
        assert sum(sure.values()) == pytest.approx(1)
        assert sum(nature.values()) == pytest.approx(1)
        assert nature["unknown"] == pytest.approx(sure["unscored"])
    # Land use is modelled and weighs 0.08 in the yard; slope is read off something else, 0.18.
    yard = nature_shares(scenario, catalog, "container_yard", known.scored("container_yard"))
    assert (yard["modelled"], yard["indicative"]) == (pytest.approx(0.08), pytest.approx(0.18))


def test_no_law_of_the_baseline_is_known_on_all_of_any_district(frozen):
    _, _, known = frozen
    for id in ("ruling_5_km", "factory_distance", "reserved_forest"):
        assert all(found < cells for found, cells in known.coverage()[id].by_zone)


def test_caveats_name_what_is_not_scored_and_why(frozen):
    scenario, catalog, known = frozen
    said = next(
        c["en"] for c in caveats(scenario, catalog, known) if c["en"].startswith("Container")
    )
    assert "54 % of the weight is not scored" in said
    assert "No layer: Access to freight; Land tenure." in said
    assert "limits remove the land where its records settle the score: Distance from active" in said


# Small worlds worked by hand: a square of 100 by 100 cells of 100 m.


def test_a_layer_that_is_complete_nowhere_is_known_only_where_it_holds(tmp_path):
    found = coverage(write_project(tmp_path, [MIDDLE]))
    disc = np.hypot(*np.meshgrid(*[np.arange(50, 10_000, 100) - 5_000] * 2)) <= 500
    assert (found.known, found.cells) == (disc.sum(), CELLS)


def test_forest_complete_in_one_district_is_checked_there_only(tmp_path):
    # Two districts: one of nine hundredths of the land, one of the rest.
    one = shapely.box(WEST, SOUTH, WEST + 900, SOUTH + SIDE)
    rest = shapely.box(WEST + 900, SOUTH, WEST + SIDE, SOUTH + SIDE)
    forest = shapely.box(WEST + 200, SOUTH + 200, WEST + 500, SOUTH + 500)
    project = write_project(
        tmp_path, [forest], parts=[one, rest], test="{inside: true}",
        complete="{layer: parts, where: {n: 0}}",
    )  # fmt: skip
    path = tmp_path / "scenarios" / "tiny.yaml"
    path.write_text(path.read_text().replace("area: {layer: study}", "area: {layer: parts}"))
    catalog = tmp_path / "layers" / "catalog.yaml"
    # The column that tells the districts apart must be described.
    written = catalog.read_text().replace(
        "path: parts.geojson", "path: parts.geojson\n    columns: {n: {th: ทดสอบ, en: number}}"
    )
    catalog.write_text(written)
    found = coverage(project)
    assert found.by_zone == ((900, 900), (0, 9_100))
    assert found.share == 0.09


def test_a_distance_is_known_only_as_deep_as_nothing_can_be_missing_near(tmp_path):
    west = shapely.box(WEST, SOUTH, WEST + SIDE / 2, SOUTH + SIDE)
    far = shapely.Point(WEST + SIDE - 1_000, SOUTH + 5_000)
    found = coverage(write_project(tmp_path, [far], halves=[west], complete="{layer: halves}"))
    # 500 m inside every edge of the western half: 40 columns of 90 rows, and the disc in the east.
    disc = np.hypot(*np.meshgrid(*[np.arange(50, 2_000, 100) - 1_000] * 2)) <= 500
    assert found.known == 40 * 90 + disc.sum()


def test_features_that_the_catalog_says_are_all_there_are_known_everywhere(tmp_path):
    project = write_project(tmp_path, [MIDDLE, shapely.Point(WEST, SOUTH)])
    catalog = tmp_path / "layers" / "catalog.yaml"
    catalog.write_text(
        catalog.read_text().replace(
            "path: things.geojson",
            "path: things.geojson\n    columns: {n: {th: ทดสอบ, en: number}}\n"
            "    complete_where: [{n: 0}]",
        )
    )
    assert coverage(project).share < 0.1
    rewrite(tmp_path, where={"n": 0})
    assert coverage(project).share == 1
    rewrite(tmp_path, where={"n": 1})
    assert coverage(project).share < 0.1


def test_a_limit_on_a_model_is_known_nowhere(tmp_path):
    project = write_project(tmp_path, [MIDDLE], complete="extent")
    assert coverage(project).share == 1
    catalog = tmp_path / "layers" / "catalog.yaml"
    catalog.write_text(catalog.read_text().replace("nature: observed", "nature: modelled"))
    assert coverage(project).known == 0


def test_a_limit_without_a_layer_is_known_nowhere(tmp_path):
    project = write_project(tmp_path, [MIDDLE])
    path = tmp_path / "scenarios" / "tiny.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    for key in ("layer", "test"):
        del data["limits"]["near"][key]
    data["limits"]["near"]["needs"] = {"th": "แผนที่", "en": "A map"}
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    found = coverage(project)
    assert (found.known, found.cells) == (0, CELLS)


@pytest.mark.parametrize("rows", [1, 7, 10_000])
def test_strips_of_any_height_count_the_same_land(tmp_path, rows):
    project = write_project(tmp_path, [MIDDLE])
    few, whole = known_land(project, rows=rows)[2], known_land(project)[2]
    assert few.coverage() == whole.coverage()
    assert few.scored("estate") == whole.scored("estate")


def test_what_is_told_ahead_is_what_a_run_finds_on_the_same_cells(tmp_path):
    project = write_project(tmp_path, [MIDDLE], complete="{layer: study}")
    resolved, catalog = prepare(project, "tiny")
    (ahead,) = statuses_ahead(resolved.scenario, catalog, Layers(catalog))
    found = coverage(project)
    assert (ahead.status, ahead.coverage.known) == ("partly", found.known)
    assert 0 < found.known < found.cells


@pytest.fixture(scope="module")
def half_known(tmp_path_factory):
    """A run whose law is known on the western half only."""
    folder = tmp_path_factory.mktemp("half")
    west = shapely.box(WEST, SOUTH, WEST + SIDE / 2, SOUTH + SIDE)
    project = write_project(
        folder, [MIDDLE.buffer(700)], halves=[west], complete="{layer: halves}",
        test="{inside: true}",
    )  # fmt: skip
    return project, run(project, "tiny", folder / "run", pages=False)


def test_the_table_gives_each_site_the_share_of_it_on_which_a_law_is_known(half_known):
    _, folder = half_known
    rows = list(
        csv.DictReader(io.StringIO(read_text(folder / "law_coverage.csv").lstrip("\ufeff")))
    )
    study = next(row for row in rows if row["area"] == "study_area")
    # Half the land, and the eastern half of the thing itself.
    assert float(study["known_share"]) == pytest.approx(0.5 + 0.5 * np.pi * 0.7**2 / 100, abs=2e-3)
    sites = gpd.read_file(folder / "sites.gpkg", layer="sites_estate")
    west = shapely.box(WEST, SOUTH, WEST + SIDE / 2, SOUTH + SIDE)
    told = {row["site"]: row for row in rows if row["area"] == "site"}
    for _, site in sites.iterrows():
        share = site.geometry.intersection(west).area / site.geometry.area
        assert float(told[site["id"]]["known_share"]) == pytest.approx(share, abs=1e-3)
        assert site["laws_known"] == int(share == 1)
        assert (site["subject_to_en"] or "") == (
            "" if share == 1 else "Near (compared with known places only)"
            if share == 0 else f"Near (checked on {100 * share:.0f} % of it)"
        )  # fmt: skip


def test_the_weight_of_a_site_by_confidence_is_that_which_its_score_rests_on(half_known):
    sites = gpd.read_file(half_known[1] / "sites.gpkg", layer="sites_estate")
    grades = sites[["weight_h", "weight_m", "weight_l", "weight_assumption"]].sum(axis=1)
    assert np.allclose(grades, sites["scored_share"], atol=2e-4)


def test_explain_says_of_the_place_itself_whether_a_law_is_known(half_known):
    project, folder = half_known
    opened = open_run(folder, project.catalog())
    corners = gpd.GeoSeries(
        gpd.points_from_xy([WEST + 1_050, WEST + 9_050], [SOUTH + 1_050] * 2), crs="EPSG:32647"
    ).to_crs("EPSG:4326")
    west, east = (
        explain_at(opened, point.y, point.x)[0].limits[0] for point in corners
    )  # fmt: skip
    assert (west.status, west.known_m2) == ("checked", 10_000)
    assert (east.status, east.known_m2) == ("partly", 0)


def test_an_answer_on_four_of_many_says_so_first(tmp_path):
    project = write_project(tmp_path, [MIDDLE])
    catalog = tmp_path / "layers" / "catalog.yaml"
    catalog.write_text(
        catalog.read_text(encoding="utf-8").replace(
            "path: things.geojson",
            "path: things.geojson\n    known: [{n: 1, of: 1940, source: a test, "
            "what: {th: หมู่บ้าน, en: villages}}]",
        ),
        encoding="utf-8",
    )
    record = read_json(run(project, "tiny", tmp_path / "run", pages=False) / "run.json")
    said = record["caveats"][1]
    assert said["en"].startswith("This answer rests on 1 of 1,940 villages. Of 1 legal limits none")
    assert said["th"].startswith("ผลนี้อาศัยข้อมูลหมู่บ้าน 1 จาก 1,940 แห่ง")
    rows = read_text(tmp_path / "run" / "removed.csv")
    assert "This answer rests on 1 of 1,940 villages" in rows


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("known: [{n: 1, of: 9, source: a test, what: {th: หมู่บ้าน, en: villages}}]", None),
        ("known: [{n: 2, of: 9, source: a test, what: {th: หมู่บ้าน, en: villages}}]",
         "known_differs"),
        ("known: [{n: 0, of: 9, where: {n: 5}, source: a test, what: {th: วัด, en: temples}}]",
         None),
        ("known: [{n: 0, of: 9, where: {no: 5}, source: a test, what: {th: วัด, en: temples}}]",
         "unknown_column"),
        ("complete_where: [{n: 0}]", None),
        ("complete_where: [{n: 7}]", "complete_where_empty"),
    ],
)  # fmt: skip
def test_the_audit_counts_what_the_catalog_says_is_there(tmp_path, said, code):
    write_project(tmp_path, [MIDDLE])
    catalog = tmp_path / "layers" / "catalog.yaml"
    catalog.write_text(
        catalog.read_text(encoding="utf-8").replace(
            "path: things.geojson", f"path: things.geojson\n    {said}"
        ),
        encoding="utf-8",
    )
    found = {f.code: f.line for f in audit_folder(catalog.parent).findings if f.key == "things"}
    wanted = {"known_differs", "unknown_column", "complete_where_empty"} & set(found)
    assert wanted == ({code} if code else set())
    # The line of the catalog on which it stands.
    line = next(
        k for k, one in enumerate(catalog.read_text(encoding="utf-8").splitlines(), 1)
        if said in one
    )  # fmt: skip
    assert code is None or found[code] == line


def test_no_more_can_be_known_than_there_are(tmp_path):
    project = write_project(tmp_path, [MIDDLE])
    catalog = tmp_path / "layers" / "catalog.yaml"
    said = "known: [{n: 9, of: 8, source: a test, what: {th: ก, en: villages}}]"
    written = catalog.read_text(encoding="utf-8")
    catalog.write_text(
        written.replace("path: things.geojson", f"path: things.geojson\n    {said}"),
        encoding="utf-8",
    )
    with pytest.raises(MaeMohError):
        prepare(project, "tiny")
