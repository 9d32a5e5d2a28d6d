"""The register of land: each cause alone moves the land worked out by hand and no other cell."""

import csv
import io
import shutil

import numpy as np
import pytest
import shapely

from maemoh_gis.engine.results import STUDY, Results
from maemoh_gis.engine.stages import StageContext, keys_of, upstream_of
from maemoh_gis.engine.strips import execute_in_strips
from maemoh_gis.engine.study import study_grid
from maemoh_gis.files import read_text
from maemoh_gis.layers.cached import CachedLayers
from maemoh_gis.layers.load import Layers
from maemoh_gis.phase_out.register import apart, land_by_state, write_register
from maemoh_gis.runs.project import Project, prepare
from maemoh_gis.runs.stage_table import stage_table
from maemoh_gis.suitability.limits import State
from maemoh_gis.suitability.result import states_of
from tests.paths import LAYERS, SCENARIOS

HEAD = """version: 1
id: {id}
extends: {base}
title: {{th: ทดสอบ, en: Test}}
question: {{th: ทดสอบ, en: Test}}
"""
# Plant land of units 8 to 11, which end with 2574: solar may be asked for from 2578, and every
# paper it needs is there in 2579.
OPEN = """year: 2580
change:
  area: {layer: subdistricts, where: {code: 520204}}
  mix: false
  zones.units_8_11.basis:
    - title: {th: เอกสาร, en: A document}
      date: "2579-01-01"
      supposed: true
      covers: [closure_accepted, forest_return_or_permit, eia_change, soil_test]
add:
  holds: [solar]
"""
BASIS = "  zones.units_8_11.basis:\n    - {{title: {{th: ก, en: a}}, supposed: true, {rest}}}\n"
PAPERS = "closure_accepted, forest_return_or_permit, eia_change, soil_test"
WITHOUT_TEST = "closure_accepted, forest_return_or_permit, eia_change"
CAUSES = {
    "a_unit_that_runs_longer": ("  timeline.units.MM-11.last_year: 2577\n", State.REMOVED),
    "years_that_are_waited_longer": ("  after_use.delay: high\n", State.REMOVED),
    "another_class_of_land": ("  zones.units_8_11.land_class: switchyard\n", State.REMOVED),
    "a_plan_that_names_another_use": (
        "  zones.units_8_11.approved_after_use: [green_estate]\n", State.REMOVED,
    ),
    "one_paper_that_is_wanting": (
        BASIS.format(rest=f'date: "2579-01-01", covers: [{WITHOUT_TEST}]'), State.CONDITIONAL,
    ),
    "papers_that_come_later": (
        BASIS.format(rest=f'date: "2581-01-01", covers: [{PAPERS}]'), State.CONDITIONAL,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project") / "scenarios"
    shutil.copytree(SCENARIOS, folder)
    (folder / "opened.yaml").write_text(HEAD.format(id="opened", base="six_uses") + OPEN, "utf-8")
    for id, (change, _) in CAUSES.items():
        text = HEAD.format(id=id, base="opened") + "change:\n" + change
        (folder / f"{id}.yaml").write_text(text, "utf-8")
    return Project(LAYERS, folder)


@pytest.fixture(scope="module")
def states(project):
    found = {id: limits_alone(*prepare(project, id)) for id in ("opened", *CAUSES)}
    return {id: (results, states_of(results, "solar")) for id, results in found.items()}


def limits_alone(resolved, catalog, use="solar"):
    """Compute which land is allowed for a use, without sites, ways or freight."""
    scenario, layers = resolved.scenario, CachedLayers(Layers(catalog))
    stages = upstream_of(stage_table(scenario, catalog), [f"state:{use}"])
    grid = study_grid(scenario, layers)
    found = execute_in_strips(
        stages, StageContext(scenario, layers, grid), keep={STUDY, f"state:{use}"}.__contains__
    )
    keys = keys_of(stages, layers, grid)
    return Results(resolved, catalog, layers, grid, found, (), keys, tuple(stages))


@pytest.fixture(scope="module")
def lands(states):
    """Cells within 150 m of units 8 to 11; of these, away from units that run and other limits."""
    import geopandas as gpd

    results, solar = states["opened"]
    grid = results.grid
    points = gpd.read_file(LAYERS / "power_unit_points.geojson").to_crs(grid.crs)
    x, y = np.meshgrid(grid.x, grid.y)
    cells = shapely.points(x, y)

    def near(units):
        land = shapely.union_all(points[points.unit.isin(units)].geometry)
        return shapely.distance(cells, land) <= 150

    zone = near(["8", "9", "10", "11"])
    free = zone & ~near(["12", "13", "MMRP1"]) & results.study
    return zone, free & (solar.removed_by == 0)


def test_land_with_year_and_papers_is_open_where_no_other_limit_takes_it(states, lands):
    """A stand-in for forest, of the modelled map, may still ask for a permit there."""
    (_, solar), (_, predicted) = states["opened"], lands
    assert predicted.sum() > 3
    assert set(np.unique(solar.state[predicted])) <= {State.ALLOWED, State.CONDITIONAL}
    assert (solar.state[predicted] == State.ALLOWED).any()
    assert not (solar.conditional_by[predicted] == 0)[solar.state[predicted] == 2].any()


@pytest.mark.parametrize("cause", CAUSES)
def test_each_cause_alone_moves_the_land_predicted_and_no_other_cell(cause, states, lands):
    (_, opened), (_, moved), (zone, predicted) = states["opened"], states[cause], lands
    expected = CAUSES[cause][1]
    assert (moved.state[predicted] == expected).all()
    assert np.array_equal(opened.state[~predicted], moved.state[~predicted])
    for name in ("removed_by", "conditional_by"):
        assert np.array_equal(getattr(opened, name)[~zone], getattr(moved, name)[~zone])


DUMPS = """change:
  area: {layer: districts, where: {code: 5202}}
  mix: false
  holds: [reclamation_forest]
  zones.east_dump.basis:
    - title: {th: เอกสาร, en: A document}
      date: "2598-01-01"
      supposed: true
      covers: [closure_accepted, forest_return_or_permit%s]
"""


def test_one_certificate_opens_the_cells_of_its_dump_and_no_other(tmp_path):
    """The other dump has none; steep land and forest are no limits to forest."""
    folder = tmp_path / "scenarios"
    shutil.copytree(SCENARIOS, folder)
    found = {}
    for id, more in (("without", ""), ("certified", ", geotechnical_certificate")):
        text = HEAD.format(id=id, base="phaseout_as_stand") + DUMPS % more
        (folder / f"{id}.yaml").write_text(text, "utf-8")
        found[id] = limits_alone(*prepare(Project(LAYERS, folder), id), use="reclamation_forest")
    results = found["certified"]
    (dump,) = results.layers.shapes("mine", results.grid.crs, {"name_en": "East dump (presumed)"})
    x, y = np.meshgrid(results.grid.x, results.grid.y)
    inside = shapely.contains_xy(dump, x, y) & results.study
    was, is_now = (states_of(found[id], "reclamation_forest") for id in ("without", "certified"))
    others = is_now.removed_by != 0
    assert inside.sum() * 6.25 == pytest.approx(7670, rel=0.03)  # rai, by cells of one hectare
    assert np.array_equal(was.state != is_now.state, inside & ~others)
    assert (was.state[inside] == State.REMOVED).all()
    assert (is_now.state[inside & ~others] == State.ALLOWED).all()
    assert (inside & ~others).sum() > 0.9 * inside.sum()


def rows_of(folder):
    text = read_text(folder / "land_register.csv")
    return {row["zone"]: row for row in csv.DictReader(io.StringIO(text))}


def test_the_register_names_paper_office_and_years_of_each_zone(states, tmp_path):
    results, _ = states["one_paper_that_is_wanting"]
    assert list(write_register(results, tmp_path)) == ["land_register.csv"]
    rows = rows_of(tmp_path)
    assert list(rows) == list(results.resolved.scenario.zones)
    plant = rows["units_8_11"]
    assert (plant["state"], plant["no_longer_in_use_from_be"]) == ("conditional", "2575")
    assert plant["papers_outstanding"] == "soil_test"
    assert plant["papers_supposed"] == "closure_accepted eia_change forest_return_or_permit"
    assert plant["papers_on_record"] == ""
    assert "Pollution Control Department" in plant["next_step_en"]
    assert "กรมควบคุมมลพิษ" in plant["outstanding_th"]
    years = [plant[f"green_estate_from_{level}"] for level in ("low", "central", "high")]
    assert years == ["2578", "2580", "2585"]
    assert plant["homes_from_low"] == ""
    assert float(plant["rai_low"]) < float(plant["rai"]) < float(plant["rai_high"])
    people = rows["resettled_land"]
    assert (people["rai"], people["papers_outstanding"], people["solar_from_low"]) == ("", "", "")


def test_an_open_zone_says_for_which_uses(states, tmp_path):
    results, _ = states["opened"]
    write_register(results, tmp_path)
    rows = rows_of(tmp_path)
    assert (rows["units_8_11"]["state"], rows["units_8_11"]["open_for"]) == ("open", "solar")
    assert rows["units_12_13"]["state"] == "in_use"


def test_land_of_several_zones_counts_once_in_the_strongest_state():
    """Two squares of 100 m that share half: the one in use keeps what both have."""
    lands = [shapely.box(0, 0, 100, 100), shapely.box(50, 0, 150, 100)]
    areas = {state: land.area for state, land in apart(["open", "in_use"], lands).items()}
    assert (areas["in_use"], areas["open"]) == (10_000, 5_000)
    assert sum(areas.values()) == 15_000


# Scenario: state of plant land of units 8 to 11, of the newest unit, of both dumps, of the pit.
SHOWN = {
    "phaseout_as_stand": ("ended_not_returned", "ended_not_returned", "closed", "closed"),
    "papers_on_time": ("open", "open", "open", "closed"),
    "papers_late": ("open", "ended_not_returned", "closed", "closed"),
    "mine_to_forest": ("open", "open", "open", "restoration"),
}


@pytest.fixture(scope="module")
def shipped():
    project = Project(LAYERS, SCENARIOS)
    layers = Layers(project.catalog())
    found = {id: project.scenario(id) for id in SHOWN}
    return {
        id: (r.scenario, land_by_state(r.scenario, r.rules, layers), r) for id, r in found.items()
    }


@pytest.mark.parametrize("id", SHOWN)
def test_each_of_the_four_leaves_another_register(id, shipped):
    from maemoh_gis.scenario.in_year import zone_state

    scenario, _, resolved = shipped[id]
    zones = ("units_8_11", "replacement_4_7", "west_dump", "east_dump", "pit")
    found = [zone_state(scenario.zones[z], scenario, resolved.rules, 2600) for z in zones]
    plant, newest, dumps, pit = SHOWN[id]
    assert found == [plant, newest, dumps, dumps, pit]


def test_their_land_by_state_adds_up_to_one_whole_and_differs(shipped):
    totals = {round(sum(land["by_state_rai"].values())) for _, land, _ in shipped.values()}
    assert max(totals) - min(totals) <= 1
    told = [tuple(land["by_state_rai"].values()) for _, land, _ in shipped.values()]
    assert len(set(told)) == 4
    assert "solar" in shipped["papers_on_time"][1]["open_for_rai"]
    assert list(shipped["mine_to_forest"][1]["open_for_rai"]) == ["reclamation_forest"]
    assert shipped["phaseout_as_stand"][1]["open_for_rai"] == {}


def test_no_shipped_scenario_opens_a_dump_or_the_pit_to_anything_built(shipped):
    for scenario, _, _ in shipped.values():
        opened = [id for id in scenario.inclusions if id.endswith("_open")]
        on_spoil = [id for id in opened if "dump" in id or "pit" in id]
        assert all("reclamation_forest" in id or "solar" in id for id in on_spoil)


def test_every_document_of_a_shipped_scenario_is_marked_as_supposed(shipped):
    for scenario, _, _ in shipped.values():
        for zone in scenario.zones.values():
            assert all(paper.supposed for paper in zone.basis)
            assert all("supposed" in paper.title.en for paper in zone.basis)
