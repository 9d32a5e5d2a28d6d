"""A scenario's own network gives travel minutes to criteria, from the file to the answer."""

import csv
import json

import numpy as np
import pytest

from maemoh_gis.core.errors import FormatError, LayerError
from maemoh_gis.engine.stages import StageContext, execute, local_stages
from maemoh_gis.engine.strips import execute_in_strips
from maemoh_gis.engine.study import study_grid
from maemoh_gis.files import read_text, read_vector, sha256_of, write_geojson, write_text
from maemoh_gis.layers.load import Layers
from maemoh_gis.network.stages import build_all
from maemoh_gis.runs.project import prepare
from maemoh_gis.runs.stage_table import stage_table
from maemoh_gis.scenario.checks.check import faults_of
from maemoh_gis.suitability.result import states_of
from tests.computed import compute
from tests.runs.roads_project import SCENARIO, write_project


def everything(_):
    return True


def context_of(project):
    resolved, catalog = prepare(project, "travel")
    layers = Layers(catalog)
    grid = study_grid(resolved.scenario, layers)
    return stage_table(resolved.scenario, catalog), StageContext(resolved.scenario, layers, grid)


def cell(grid, east_m, north_m):
    """Give row and column of the cell that holds a place counted from the corner of the study."""
    return grid.rows - 1 - int(north_m // grid.cell_m), int(east_m // grid.cell_m)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return write_project(tmp_path_factory.mktemp("roads"))


@pytest.fixture(scope="module")
def found(project):
    stages, context = context_of(project)
    return execute(local_stages(stages), context, keep=everything), context.grid


def test_minutes_are_those_worked_out_by_hand(found):
    results, grid = found
    minutes = results["minutes:from_town"]
    # Centre 3,050 m east of West town, 1,050 m north of the road: 3.05 minutes at 60 km/h and
    # 10.5 at 6 km/h; leaving the road before takes sqrt(99) in place of 10. From East town,
    # 6,950 m away, it would be 6.95.
    assert minutes[cell(grid, 3_050, 3_050)] == pytest.approx(3.05 + 1.05 * np.sqrt(99), abs=1e-3)
    assert minutes[cell(grid, 7_050, 2_050)] == pytest.approx(2.95 + 0.05 * np.sqrt(99), abs=1e-3)
    # 1,550 m from the road is more than one may walk.
    assert np.isnan(minutes[cell(grid, 3_050, 3_550)])


def test_where_roads_may_be_missing_the_worse_score_counts_and_the_better_is_its_bound(found):
    results, grid = found
    at = cell(grid, 3_050, 3_050)
    scored = results["criterion:estate.near_town"]
    straight = np.hypot(3_050, 1_050) / 1_000  # minutes at 60 km/h
    assert scored.value[at] == pytest.approx(1 - 13.4974 / 20, abs=1e-4)
    assert scored.low[at] == scored.value[at]
    assert scored.high[at] == pytest.approx(1 - straight / 20, abs=1e-4)


def test_far_is_no_better_where_roads_may_be_missing(tmp_path):
    far = SCENARIO.replace("[[0, 1], [20, 0]]", "[[0, 0], [20, 1]]")
    stages, context = context_of(write_project(tmp_path, far))
    scored = execute(local_stages(stages), context, keep=everything)
    at = cell(context.grid, 3_050, 3_050)
    straight = np.hypot(3_050, 1_050) / 1_000
    value = scored["criterion:estate.near_town"].value[at]
    assert value == pytest.approx(straight / 20, abs=1e-4)


def test_a_complete_layer_of_roads_leaves_no_doubt(tmp_path):
    stages, _ = context_of(write_project(tmp_path, complete="extent"))
    assert "least_minutes:from_town" not in [stage.id for stage in stages]


def test_land_beyond_reach_is_unknown_not_far(project):
    resolved, catalog = prepare(project, "travel")
    results = compute(resolved, catalog)
    state = states_of(results, "estate").state
    assert state[cell(results.grid, 3_050, 3_550)] == 4


@pytest.mark.parametrize("rows", [1, 7, 64])
def test_strips_of_any_height_change_no_bit(project, rows):
    stages, context = context_of(project)
    at_once = execute(stages, context, keep=everything)
    in_strips = execute_in_strips(stages, context, keep=everything, rows=rows)
    for id in ("minutes:from_town", "least_minutes:from_town"):
        assert in_strips[id].tobytes() == at_once[id].tobytes()
    for name in ("value", "low", "high"):
        one, other = (getattr(r["score:estate"], name) for r in (in_strips, at_once))
        assert one.tobytes() == other.tobytes()


def test_a_network_is_solved_before_the_first_strip_and_all_strips_follow_in_one_pass(project):
    stages, context = context_of(project)
    begun = []
    execute_in_strips(
        stages, context, keep=lambda stage: stage == "sites:estate", rows=7,
        watch=lambda event: event.seconds is None and begun.append(event.stage),
    )  # fmt: skip
    assert begun[:2] == ["network:from_town", "times:from_town"]
    assert begun[-1] == "sites:estate"


def test_class_speeds_and_steep_ground_make_the_minutes(tmp_path):
    # 90 km/h by class: 3.33 minutes for the level eastern half, 10 at a third of the speed for the
    # western. The ground is looked up in 41 steps, so one step may fall to either half.
    asked = (
        "{layer: roads, kph: {primary: 90}, "
        'terrain: {slope: slope, speed_share: [[0, 1], [10, 0.333333333]]}}'
    )  # fmt: skip
    text = SCENARIO.replace("{layer: roads}", asked)
    stages, context = context_of(write_project(tmp_path, text))
    built = execute(local_stages(stages), context, keep=everything)["network:from_town"]
    (held,) = [d for *_, d in built.graph.edges(data=True) if not d["reversed"]]
    assert held["minutes"] == pytest.approx(10 + 10 / 3, rel=0.02)
    assert held["ground_slope_percent"] == pytest.approx(5.0, abs=0.2)


def test_what_the_layers_lack_is_named_with_its_line(tmp_path):
    wrong = (
        SCENARIO.replace("roads: {layer: roads}", "roads: {layer: rods}")
        .replace("layer: towns", "layer: towns, where: {province: a}")
        .replace("minutes: from_town", "minutes: from_twon")
    )
    project = write_project(tmp_path, wrong)
    faults = faults_of(project.scenario("travel"), project.catalog())
    assert [(f.code, f.line, f.found) for f in faults] == [
        ("unknown_layer", 14, "rods"),
        ("unknown_column", 15, "province"),
        ("unknown_column", 16, "province"),
        ("minutes_not_handed", 31, "from_twon"),
    ]
    assert faults[0].expected == "roads"
    assert faults[3].expected == "from_town"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("roads: {layer: roads}", "roads: {layer: study}", "wrong_layer_kind"),
        ("{layer: roads}", "{layer: roads, terrain: {slope: towns, speed_share: [[0, 1], [9, 1]]}}",
         "wrong_layer_kind"),
        ("unit: minutes", "unit: m", "wrong_unit"),
    ],
)  # fmt: skip
def test_a_layer_of_the_wrong_kind_is_refused(tmp_path, old, new, code):
    project = write_project(tmp_path, SCENARIO.replace(old, new))
    faults = faults_of(project.scenario("travel"), project.catalog())
    assert code in [fault.code for fault in faults]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("    walk_kph: 6\n", "", "origins_need_walk"),
        ("{layer: roads}", "{layer: roads, terrain: {slope: slope, speed_share: [[5, 1], [5, 1]]}}",
         "points_not_rising"),
    ],
)  # fmt: skip
def test_a_network_that_contradicts_itself_is_refused(tmp_path, old, new, code):
    project = write_project(tmp_path, SCENARIO.replace(old, new))
    with pytest.raises(FormatError) as caught:
        project.scenario("travel")
    assert [fault.code for fault in caught.value.faults] == [code]


@pytest.mark.parametrize("name", [None, "", "  "])
def test_places_without_the_name_results_tell_are_refused(tmp_path, name):
    project = write_project(tmp_path)
    path, catalog = project.layers / "towns.geojson", project.layers / "catalog.yaml"
    before = sha256_of(path)
    frame = read_vector(path)
    frame.loc[0, "name_en"] = name
    write_geojson(path, frame, decimals=9)
    write_text(catalog, read_text(catalog).replace(before, sha256_of(path)))
    with pytest.raises(FormatError) as caught:
        prepare(project, "travel")
    assert {(f.code, f.found, f.values["first"]) for f in caught.value.faults} == {
        ("name_missing", "name_en", 1)
    }


def test_a_choice_of_no_road_is_refused_by_the_check(tmp_path):
    wrong = SCENARIO.replace("layer: roads}", "layer: roads, where: {class: trunk}}")
    with pytest.raises(FormatError) as caught:
        prepare(write_project(tmp_path, wrong), "travel")
    (fault,) = caught.value.faults
    assert (fault.code, fault.found, fault.expected) == ("nothing_selected", "trunk", "primary")


@pytest.mark.parametrize(
    ("old", "new", "code", "key"),
    [
        # The class is at fault: what a road of it drives is for the scenario to say.
        ("layer: roads}", "layer: roads, kph: {trunk: 80}}", "class_without_speed", "class"),
    ],
)
def test_a_network_that_cannot_be_built_is_named(tmp_path, old, new, code, key):
    resolved, catalog = prepare(write_project(tmp_path, SCENARIO.replace(old, new)), "travel")
    with pytest.raises(LayerError) as caught:
        build_all(resolved.scenario, Layers(catalog))
    (fault,) = caught.value.faults
    assert fault.code == code
    if key is not None:
        assert (fault.file, fault.key) == ("roads.geojson", key)


@pytest.fixture
def maemoh(maemoh, project):
    """Run a command line on the project; give its exit code, what it printed and complained of."""

    def call(*arguments, on=project):
        options = ["--layers", on.layers]
        if arguments[0] in {"run", "check"}:
            options += ["--scenarios", on.scenarios]
        return maemoh(*arguments, *options)

    return call


def test_a_place_to_start_from_that_is_far_off_is_named_by_check(maemoh, tmp_path):
    code, _, err = maemoh("check", "travel", on=write_project(tmp_path, town_off_m=700))
    assert code == 2
    first, second, _ = err.splitlines()
    assert first.startswith("Error: networks.from_town: West town: West town is 700 m from the")
    assert "East town is 700 m" in second


def test_run_explain_and_assess_say_the_minutes_and_the_place_they_count_from(maemoh, tmp_path):
    import geopandas as gpd
    import shapely

    from tests.tiny import SOUTH, UTM, WEST

    code, out, err = maemoh("run", "travel", "--out", tmp_path / "run")
    assert (code, err) == (0, "")
    record = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))
    assert {"roads", "towns"} <= set(record["inputs"]["layers"])
    assert any("Travel minutes (From town) are modelled" in c["en"] for c in record["caveats"])
    assert record["networks"]["from_town"]["km"] == {"road": 10.0}
    (part,) = record["networks"]["from_town"]["parts"]
    assert part["places"] == ["East town", "West town"]
    with (tmp_path / "run" / "access.csv").open(encoding="utf-8-sig", newline="") as file:
        first, second = csv.DictReader(file)
    assert (first["from_en"], first["to_th"]) == ("West town", "เมืองตะวันออก")
    assert (first["road_minutes"], first["road_km"], first["rail_km"]) == ("10.0", "10.0", "")
    assert second["road_stated_km"] == "0.0"
    assert not list((tmp_path / "run").glob("network_*"))
    place = gpd.GeoSeries([shapely.Point(WEST + 3_050, SOUTH + 3_050)], crs=UTM)
    place = place.to_crs("EPSG:4326")
    at = f"{place.y[0]:.6f},{place.x[0]:.6f}"
    code, out, _ = maemoh("explain", tmp_path / "run", "--at", at)
    assert code == 0
    assert "Near town (weight 100.0 %): 13.5 minutes from West town, score 0.325" in out
    code, out, _ = maemoh("explain", tmp_path / "run", "--at", at, "--lang", "th")
    assert "13.5 นาที จากเมืองตะวันตก" in out
    code, out, _ = maemoh("explain", tmp_path / "run", "--at", at, "--json")
    (part,) = json.loads(out)["uses"]["estate"]["criteria"]
    assert part["origin"] == {"th": "เมืองตะวันตก", "en": "West town"}
    square = shapely.box(WEST + 9_000, SOUTH + 2_000, WEST + 9_400, SOUTH + 2_500)
    gpd.GeoDataFrame({"name": ["A"]}, geometry=[square], crs=UTM).to_file(tmp_path / "a.gpkg")
    code, out, _ = maemoh("assess", tmp_path / "run", tmp_path / "a.gpkg")
    # Means of 0.65 to 0.95 minutes along the road and of 50 to 450 m at 6 km/h off it: 0.8 + 2.5,
    # the latter with sqrt(99) in place of 10: 3.29.
    assert "Near town (weight 100.0 %): 3.3 minutes from East town, score 0.836" in out
