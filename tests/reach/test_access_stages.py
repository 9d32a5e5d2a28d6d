"""How much a cell reaches by road, as a criterion, from the scenario file to the answer."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
import shapely

from maemoh_gis.cache.entry import pieces_of, result_of
from maemoh_gis.core.errors import FormatError, LayerError
from maemoh_gis.core.grid import Grid
from maemoh_gis.engine.stages import StageContext, execute, local_stages
from maemoh_gis.engine.strips import execute_in_strips
from maemoh_gis.engine.study import study_grid
from maemoh_gis.layers.load import Layers
from maemoh_gis.reach.stages import Completeness, Ways
from maemoh_gis.runs.project import prepare
from maemoh_gis.runs.stage_table import stage_table
from maemoh_gis.scenario.checks.check import faults_of
from maemoh_gis.scenario.settings.access import Access, Demand
from tests.runs.roads_project import SCENARIO, write_project
from tests.tiny import SOUTH, UTM, WEST

GRAVITY = "kind: gravity, to: towns, most_m: 500, decay: power, rate: 1"
CUMULATIVE = "kind: cumulative, to: towns, most_m: 500, within_minutes: 15"
CATCHMENT = (
    "kind: catchment, to: towns, where: {name_en: West town}, most_m: 500, within_minutes: 15, "
    "demand: {layer: towns}"
)
UNITS = {GRAVITY: "places per minute", CUMULATIVE: "places", CATCHMENT: "share"}
# Centre 3,050 m east of West town, 1,050 m north of the road: 10.5 minutes at 6 km/h to the road,
# and along it at 60 km/h 3.05 to West town and 6.95 to East town; who leaves the road before walks
# sqrt(99) minutes a km off it in place of 10.
AT = (3_050, 3_050)
WEST_MIN, EAST_MIN = 1.05 * np.sqrt(99) + 3.05, 1.05 * np.sqrt(99) + 6.95
# No road can be shorter than straight at 60 km/h.
WEST_LEAST, EAST_LEAST = np.hypot(3.05, 1.05), np.hypot(6.95, 1.05)


def asking(access, *, unit=None, points="[[0, 0], [2, 1]]"):
    return SCENARIO.replace(
        "{minutes: from_town}", f"{{access: {{network: from_town, {access}}}}}"
    ).replace(
        "{unit: minutes, points: [[0, 1], [20, 0]]}",
        f"{{unit: {unit or UNITS[access]}, points: {points}}}",
    )


def context_of(project):
    resolved, catalog = prepare(project, "travel")
    layers = Layers(catalog)
    grid = study_grid(resolved.scenario, layers)
    return stage_table(resolved.scenario, catalog), StageContext(resolved.scenario, layers, grid)


def solve(folder, access, **more):
    stages, context = context_of(write_project(folder, asking(access), **more))
    results = execute(local_stages(stages), context, keep=lambda _: True)
    named = {id.partition(":")[0]: result for id, result in results.items()}
    return named, context.grid


def cell(grid, east_m, north_m):
    return grid.rows - 1 - int(north_m // grid.cell_m), int(east_m // grid.cell_m)


@pytest.mark.parametrize(
    ("access", "wanted"),
    [
        (GRAVITY, 1 / WEST_MIN + 1 / EAST_MIN),
        (GRAVITY.replace("power, rate: 1", "exponential, rate: 0.1"),
         np.exp(-0.1 * WEST_MIN) + np.exp(-0.1 * EAST_MIN)),
        (CUMULATIVE, 1.0),
        # The towns are 10 minutes apart, so both ask in West town: half a place each.
        (CATCHMENT, 0.5),
    ],
)  # fmt: skip
def test_the_figure_is_the_one_worked_out_by_hand(tmp_path, access, wanted, monkeypatch):
    monkeypatch.setitem(
        UNITS, GRAVITY.replace("power, rate: 1", "exponential, rate: 0.1"), "places"
    )
    found, grid = solve(tmp_path, access, complete="extent")
    assert found["access"][cell(grid, *AT)] == pytest.approx(wanted, rel=1e-5)
    assert found["criterion"].value[cell(grid, *AT)] == pytest.approx(wanted / 2, rel=1e-5)
    assert found["criterion"].low is None
    # 1,550 m from the road is more than one may walk: unknown, not nothing.
    assert np.isnan(found["access"][cell(grid, 3_050, 3_550)])
    assert found["state"].state[cell(grid, 3_050, 3_550)] == 4
    assert "access_bounds" not in found


def test_at_the_end_of_a_reach_only_what_is_within_counts(tmp_path):
    found, grid = solve(tmp_path, CUMULATIVE, complete="extent")
    # 950 m of walk is 9.5 minutes: West town in 12.55 and East town in 16.45.
    assert found["access"][cell(grid, 3_050, 2_950)] == 1.0
    # From the middle, both in 5.05 at most and half a minute of walk.
    assert found["access"][cell(grid, 4_950, 2_050)] == 2.0
    # 14.5 minutes of walk: the towns can be reached, but not within 15.
    assert found["access"][cell(grid, 4_950, 3_450)] == 0.0


def test_what_destinations_offer_is_the_same_when_kept_and_loaded(tmp_path):
    found, grid = solve(tmp_path, CATCHMENT)
    loaded = result_of(pieces_of(found["ways"]))
    assert loaded.measured(grid).tobytes() == found["access"].tobytes()


@pytest.mark.parametrize(
    ("access", "least", "most"),
    [
        (GRAVITY, 1 / WEST_MIN + 1 / EAST_MIN, 1 / WEST_LEAST + 1 / EAST_LEAST),
        (CUMULATIVE, 1.0, 2.0),
        (CATCHMENT.replace("15", "9.9"), 0.0, 1.0),
    ],
)
def test_where_roads_may_be_missing_the_figure_lies_between_bounds(
    tmp_path, access, least, most, monkeypatch
):
    """Within 9.9 minutes nobody but West town reaches it by road, nor can East town by any."""
    monkeypatch.setitem(UNITS, CATCHMENT.replace("15", "9.9"), "share")
    found, grid = solve(tmp_path, access)
    at, bounds, scored = cell(grid, *AT), found["access_bounds"], found["criterion"]
    assert bounds.least[at] == pytest.approx(least, rel=1e-5)
    assert bounds.most[at] == pytest.approx(most, rel=1e-5)
    assert scored.value[at] == scored.low[at] == pytest.approx(least / 2, rel=1e-5)
    assert scored.high[at] == pytest.approx(min(most / 2, 1), rel=1e-5)
    known = ~np.isnan(found["access"])
    assert (np.isnan(bounds.least) == ~known).all()
    assert (np.isnan(bounds.most) == ~known).all()
    assert (bounds.least[known] <= found["access"][known]).all()
    assert (found["access"][known] <= bounds.most[known]).all()


@pytest.mark.parametrize("access", [GRAVITY, CATCHMENT])
@pytest.mark.parametrize("rows", [1, 7, 64])
def test_strips_of_any_height_change_no_bit(tmp_path, access, rows):
    stages, context = context_of(write_project(tmp_path, asking(access)))
    at_once = execute(stages, context, keep=lambda _: True)
    in_strips = execute_in_strips(stages, context, keep=lambda _: True, rows=rows)
    (source,) = [id for id in at_once if id.startswith("access:")]
    assert in_strips[source].tobytes() == at_once[source].tobytes()
    for name in ("value", "low", "high"):
        one, other = (getattr(r["score:estate"], name) for r in (in_strips, at_once))
        assert one.tobytes() == other.tobytes()


def test_what_cannot_be_measured_is_named_with_its_line(tmp_path):
    wrong = asking(
        "kind: catchment, to: study, weight: beds, most_m: 500, within_minutes: 15, "
        "demand: {layer: twons}",
        unit="minutes",
    ).replace("access: {network: from_town", "access: {network: from_twon")
    project = write_project(tmp_path, wrong)
    faults = faults_of(project.scenario("travel"), project.catalog())
    found = {(f.code, f.line, f.found, f.expected) for f in faults}
    assert found == {
        ("minutes_not_handed", 31, "from_twon", "from_town"),
        ("wrong_layer_kind", 31, "polygons", "points"),
        ("unknown_column", 31, "beds", "n"),
        ("unknown_layer", 31, "twons", "towns"),
        ("wrong_unit", 32, "minutes", "1 per places"),
    }


@pytest.mark.parametrize(
    "access",
    [
        GRAVITY.replace(", rate: 1", ""),
        f"{CUMULATIVE}, decay: power",
        CATCHMENT.split(", demand")[0],
    ],
)
def test_terms_of_another_kind_are_refused(tmp_path, access):
    project = write_project(tmp_path, asking(access, unit="places"))
    with pytest.raises(FormatError) as caught:
        project.scenario("travel")
    assert [(f.code, f.line) for f in caught.value.faults] == [("access_terms", 31)]


@pytest.fixture
def maemoh(maemoh):
    """Run a command line on a project; give its exit code, what it printed and complained of."""

    def call(project, *arguments):
        options = ["--layers", project.layers]
        if arguments[0] in {"run", "check"}:
            options += ["--scenarios", project.scenarios]
        return maemoh(*arguments, *options)

    return call


@pytest.mark.parametrize(("language", "said"), [("en", "needs exactly"), ("th", "ต้องมีเฉพาะ")])
def test_a_missing_term_is_said_with_file_and_line(maemoh, tmp_path, language, said):
    project = write_project(tmp_path, asking(GRAVITY.replace(", rate: 1", ""), unit="places"))
    code, _, err = maemoh(project, "check", "travel", "--lang", language)
    assert code == 2
    assert "travel.yaml:31" in err
    assert said in err


def test_a_destination_far_off_the_road_is_named_by_check(maemoh, tmp_path):
    text = asking(GRAVITY).replace("layer: towns, most_m: 500", "layer: towns, most_m: 900")
    code, _, err = maemoh(write_project(tmp_path, text, town_off_m=700), "check", "travel")
    assert code == 2
    assert err.splitlines()[0].startswith("Error: towns: West town: West town is 700 m from the")


def test_run_and_explain_say_how_much_is_reached(maemoh, tmp_path):
    import geopandas as gpd

    project = write_project(tmp_path, asking(CUMULATIVE))
    code, _, err = maemoh(project, "run", "travel", "--out", tmp_path / "run")
    assert (code, err) == (0, "")
    record = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))
    assert {"roads", "towns"} <= set(record["inputs"]["layers"])
    assert any("Travel minutes (From town) are modelled" in c["en"] for c in record["caveats"])
    place = gpd.GeoSeries([shapely.Point(WEST + AT[0], SOUTH + AT[1])], crs=UTM)
    place = place.to_crs("EPSG:4326")
    at = f"{place.y[0]:.6f},{place.x[0]:.6f}"
    code, out, _ = maemoh(project, "explain", tmp_path / "run", "--at", at)
    assert code == 0
    assert "Near town (weight 100.0 %): 1.0 places, score 0.500" in out
    code, out, _ = maemoh(project, "explain", tmp_path / "run", "--at", at, "--lang", "th")
    assert code == 0
    assert "1.0 แห่ง" in out


def test_a_small_figure_keeps_its_digits(maemoh, tmp_path):
    import geopandas as gpd

    project = write_project(tmp_path, asking(GRAVITY))
    maemoh(project, "run", "travel", "--out", tmp_path / "run")
    place = gpd.GeoSeries([shapely.Point(WEST + 3_050, SOUTH + 3_450)], crs=UTM)
    place = place.to_crs("EPSG:4326")
    at = f"{place.y[0]:.6f},{place.x[0]:.6f}"
    code, out, _ = maemoh(project, "explain", tmp_path / "run", "--at", at)
    # 14.5 minutes of walk: 1 / 17.55 + 1 / 21.45 = 0.1036.
    assert "Near town (weight 100.0 %): 0.1 places per minute" in out
    place = gpd.GeoSeries([shapely.Point(WEST + 3_050, SOUTH + 3_050)], crs=UTM)
    place = place.to_crs("EPSG:4326")
    at = f"{place.y[0]:.6f},{place.x[0]:.6f}"
    code, out, _ = maemoh(project, "explain", tmp_path / "run", "--at", at, "--lang", "th")
    # 1 / 13.55 + 1 / 17.45 = 0.1311.
    assert code == 0
    assert "0.13 แห่งต่อนาที" in out


class OwnLayers:
    """Points of a test under the names a scenario would give."""

    def __init__(self, **frames):
        self.frames = frames

    def features(self, id, crs, where):
        return self.frames[id]


def horseshoe():
    """Beds for 6 at A, 10 people there; 20 at D, 7 minutes away by road, 1 minute straight."""
    import geopandas as gpd
    import networkx as nx

    graph = nx.MultiDiGraph(crs=UTM)
    corners = [(0, 0), (0, 3_000), (1_000, 3_000), (1_000, 0)]
    for node, (x, y) in enumerate(corners):
        graph.add_node(node, x=WEST + x, y=SOUTH + y)
    for start, metres in ((0, 3_000), (1, 1_000), (2, 3_000)):
        for ends in ((start, start + 1), (start + 1, start)):
            graph.add_edge(*ends, length=metres, minutes=metres / 1_000, mode="road")
    ends = [shapely.Point(WEST + x, SOUTH) for x in (0, 1_000)]
    beds = gpd.GeoDataFrame({"beds": [6.0]}, geometry=ends[:1], crs=UTM)
    people = gpd.GeoDataFrame({"people": [10.0, 20.0]}, geometry=ends, crs=UTM)
    return graph, OwnLayers(beds=beds, people=people)


def test_unrecorded_roads_bring_those_who_share_as_well_as_what_is_shared():
    access = Access(
        network="n", kind="catchment", to="beds", weight="beds", most_m=10, within_minutes=5,
        demand=Demand(layer="people", weight="people"),
    )  # fmt: skip
    graph, layers = horseshoe()
    network = SimpleNamespace(walk_kph=60, most_walk_m=100)
    ways = Ways(access, network, graph, layers, UTM)
    grid = Grid.covering((WEST, SOUTH, WEST + 1_000, SOUTH), crs=UTM, cell_m=100)
    measured = ways.measured(grid)[0]
    # By road only the ten at A ask: 6 / 10. From D the beds are out of reach.
    assert measured[[0, -1]].tolist() == pytest.approx([0.6, 0.0])
    bounds = ways.bounds(grid, ways.measured(grid), Completeness(False, True, True))
    # By a straight road the twenty at D ask too: 6 / 30; and D reaches what A alone might have.
    assert bounds.least[0, [0, -1]].tolist() == pytest.approx([0.2, 0.0])
    assert bounds.most[0, [0, -1]].tolist() == pytest.approx([0.6, 0.6])
    nothing = ways.bounds(grid, ways.measured(grid), Completeness(True, False, False))
    assert nothing.least[0, 0] == 0.0
    assert nothing.most[0, 0] == np.inf
    assert np.isnan(nothing.most[0, 5])


def test_an_amount_that_is_missing_is_named_with_its_layer_and_column():
    graph, layers = horseshoe()
    layers.frames["beds"]["beds"] = np.nan
    access = Access(network="n", kind="gravity", to="beds", weight="beds", most_m=10,
                    decay="power", rate=1)  # fmt: skip
    network = SimpleNamespace(walk_kph=60, most_walk_m=100)
    with pytest.raises(LayerError) as caught:
        Ways(access, network, graph, layers, UTM)
    assert [(f.code, f.file, f.key, f.found) for f in caught.value.faults] == [
        ("amounts_not_amounts", "beds", "beds", "1")
    ]
