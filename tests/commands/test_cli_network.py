"""The verbs about networks, as a planner meets them."""

import json
import math

import geopandas as gpd
import numpy as np
import pytest
import rasterio

from maemoh_gis.cli import main
from maemoh_gis.files import sha256_of, write_text
from maemoh_gis.runs.project import Project
from tests.few_roads import copy_scenarios
from tests.paths import LAYERS, SCENARIOS
from tests.runs.roads_project import SCENARIO, write_project
from tests.tiny import SOUTH, UTM, WEST


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return write_project(tmp_path_factory.mktemp("roads"))


@pytest.fixture(scope="module")
def traced(tmp_path_factory):
    """Lampang on few roads: its railway and places are those that ship."""
    folder = tmp_path_factory.mktemp("traced") / "scenarios"
    copy_scenarios(folder)
    return Project(LAYERS, folder)


@pytest.fixture
def network(monkeypatch, capsys, project):
    """Ask a network of the small project; give exit code, what was printed and complained of."""

    def call(*arguments, on=project, scenario="travel"):
        layers, scenarios = (on.layers, on.scenarios) if on else (LAYERS, SCENARIOS)
        options = ["--layers", layers, "--scenarios", scenarios, "--scenario", scenario]
        line = ["maemoh-gis", "network", *map(str, (*arguments, *options))]
        monkeypatch.setattr("sys.argv", line)
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return ended.value.code, printed.out, printed.err

    return call


def test_audit_says_what_a_network_is_made_of(network):
    code, out, _ = network("audit")
    assert code == 0
    assert "As it stands in B.E. 2569: 2 nodes, 2 directed edges." in out
    assert "road: 10.0 km" in out
    assert "Parts that no way joins: 1" in out
    assert "Confidence low. A test" in out


def test_audit_of_lampang_compares_what_is_stated(network):
    code, out, _ = network("audit", "--json", on=None, scenario="baseline")
    assert code == 0
    answer = json.loads(out)
    assert answer["year"] == 2569
    assert len(answer["parts"]) == 1
    assert {"road", "rail", "transfer", "linehaul_rail", "linehaul_road"} == set(answer["km"])


def test_land_within_reach_is_that_worked_out_by_hand(network, tmp_path):
    # 1 km of road takes a minute, 100 m off it another: within 10 minutes lies a disc of 1 km round
    # West town, and all between it and its tangents from the place 10 km along the road.
    tangent = math.sqrt(10_000**2 - 1_000**2)
    by_hand = 1_000 * tangent + 1_000**2 * (math.pi - math.acos(1_000 / 10_000))
    out = tmp_path / "reach.gpkg"
    code, said, _ = network(
        "isochrone", "West town", "--minutes", "10,3", "--walk-kph", 6, "--most-walk-m", 1500,
        "--out", out,
    )  # fmt: skip
    assert code == 0
    outlines = gpd.read_file(out, layer="within_reach")
    assert outlines["minutes"].tolist() == [3, 10]
    assert outlines["area_m2"].iloc[1] == pytest.approx(by_hand, rel=0.01)
    assert outlines.area.iloc[1] == pytest.approx(outlines["area_m2"].iloc[1])
    assert outlines.geometry.iloc[1].contains(outlines.geometry.iloc[0])
    with rasterio.open(tmp_path / "reach.tif") as raster:
        minutes = raster.read(1)
        tags = raster.tags()
    assert np.nansum(minutes <= 10) * 10_000 == pytest.approx(outlines["area_m2"].iloc[1])
    assert tags["unit"] == "minutes"
    # The study area begins at West town: half a disc of a kilometre behind it is outside.
    behind_rai = math.pi * 1_000**2 / 2 / 1_600
    assert outlines["outside_rai"].iloc[1] == pytest.approx(behind_rai, rel=0.03)
    assert "of which outside the study area: " in said
    assert "By road from West town, 0 m off the road, in B.E. 2569" in said
    assert "lanes and later roads may be missing" in said


def test_a_network_is_written_as_the_ending_says_and_never_over_a_file_unasked(network, tmp_path):
    package = tmp_path / "n.gpkg"
    code, said, _ = network("export", "--out", package)
    assert code == 0
    assert "As it stands in B.E. 2569: 2 nodes, 2 directed edges." in said
    assert "Licences of its layers: CC0-1.0. Credit to give: –." in said
    assert gpd.read_file(package, layer="road")["length"].sum() == pytest.approx(10_000, abs=1)
    before = sha256_of(package)
    code, said, err = network("export", "--out", package)
    assert (code, said) == (2, "")
    assert "A file stands here already: n.gpkg" in err
    assert "--replace" in err
    graph = tmp_path / "n.graphml"
    told = json.loads(network("export", "--out", graph, "--year", 2575, "--json")[1])
    assert (told["year"], told["nodes"], told["edges"]) == (2575, 2, 2)
    assert told["sha256"] == sha256_of(graph)
    assert network("export", "--out", package, "--replace")[0] == 0
    assert sha256_of(package) == before


def test_the_network_of_lampang_names_openstreetmap(network, tmp_path):
    asked = ("export", "--out", tmp_path / "n.gpkg", "--lang", "th")
    code, out, _ = network(*asked, on=None, scenario="baseline")
    assert code == 0
    assert "ต้องให้เครดิตแก่: © OpenStreetMap contributors, ODbL-1.0" in out


def test_a_place_of_the_readers_own_starts_on_the_nearest_road(network):
    spot = gpd.GeoSeries.from_xy([WEST + 5_000], [SOUTH + 2_300], crs=UTM).to_crs("EPSG:4326")
    at = f"{spot.y[0]:.6f},{spot.x[0]:.6f}"
    code, out, _ = network("isochrone", at, "--minutes", 2, "--json")
    assert code == 0
    assert json.loads(out)["off_the_road_m"] == 300
    far = network("isochrone", at, "--minutes", 2, "--most-walk-m", 200)
    assert far[0] == 2
    assert "300 m from the network" in far[2]


def test_a_place_is_found_by_its_thai_name_too(network):
    code, out, _ = network("isochrone", "เมืองตะวันตก", "--minutes", 2, "--lang", "th")
    assert code == 0
    assert "ทางถนนจากเมืองตะวันตก" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("isochrone", "West twon"), "Similar: West town"),
        (("isochrone", "West town", "--minutes", "ten"), "ten is not a list of minutes"),
        (("isochrone", "West town", "--minutes", "0,10"), "0,10 is not a list of minutes"),
        (("isochrone", "99.5,18.3"), "18.3,99.5"),
        (("isochrone", "West town", "--walk-kph", "0"), "must be above 0 km/h"),
        (("export", "--out", "n.shp"), "Let the name end in one of: .gpkg, .graphml"),
        (("audit", "--network", "rail"), "There is no network named rail"),
        (("audit", "--year", "2026"), "2569"),
        (("closure", "--to", "West town", "--by", "rail"), "has no railway"),
        (("closure", "--to", "West town", "--by", "air"), "Choose one of: road, rail"),
        (("closure", "--to", "West town"), "No place to start from"),
    ],
)
def test_bad_input_is_refused_with_a_way_out(network, arguments, said):
    code, out, err = network(*arguments)
    assert (code, out) == (2, "")
    assert said in err


def test_a_scenario_without_a_network_says_so(network, tmp_path):
    start, end = SCENARIO.index("networks:"), SCENARIO.index("uses:")
    asked = "measure: {distance_to: towns}\n        value: {unit: m"
    bare = (SCENARIO[:start] + SCENARIO[end:]).replace(
        "measure: {minutes: from_town}\n        value: {unit: minutes", asked
    )
    code, _, err = network("audit", on=write_project(tmp_path, bare))
    assert code == 2
    assert "declares no network" in err


def test_the_one_road_there_is_cuts_off_when_it_is_shut(network):
    code, out, _ = network("closure", "--to", "East town", "--from", "West town")
    assert code == 0
    assert "1. a road without number or name in the layer, near West town – East town" in out
    assert "cuts off 1; the others lose 0 minutes together, the worst –." in out
    assert "A road that it lacks may still lead to what looks cut off" in out


def test_closures_of_lampang_are_ranked_worst_first(network, traced):
    asked = ("closure", "--json", "--top", 5)
    answer = json.loads(network(*asked, on=traced, scenario="baseline")[1])
    assert answer["pairs"] == 13
    assert answer["without_a_way"] == 0
    ranks = [(-one["cut_off"], -one["extra_minutes"]) for one in answer["closures"]]
    assert ranks == sorted(ranks)
    assert len(ranks) == 5


def test_a_closed_railway_names_the_stations_at_its_ends(network, traced):
    code, out, _ = network(
        "closure", "--by", "rail", "--from", "Lamphun station", "--to", "Laem Chabang port",
        "--top", 40, on=traced, scenario="baseline",
    )  # fmt: skip
    assert code == 0
    assert "Mae Tan Noi station – Khun Tan" in out
    assert "Khun Tan tunnel" in out


def test_trains_before_their_line_opens_have_no_way_and_are_counted(network, traced):
    asked = ("closure", "--by", "rail", "--from", "Mae Mo station", "--to", "Chiang Khong")
    early = json.loads(network(*asked, "--json", on=traced, scenario="baseline")[1])
    assert (early["without_a_way"], early["closures"]) == (1, [])
    late = json.loads(network(*asked, "--json", "--year", 2571, on=traced, scenario="baseline")[1])
    assert late["without_a_way"] == 0
    assert late["closures"]


@pytest.fixture
def maemoh(monkeypatch, capsys):
    """Call the command line; give exit code and everything it said."""

    def call(*arguments):
        monkeypatch.setattr("sys.argv", ["maemoh-gis", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return ended.value.code, printed.out + printed.err

    return call


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("oneway", "perhaps", "Column oneway says perhaps in feature 1"),
        ("speed_kph", "60 km/h", "Column speed_kph says 60 km/h in feature 1"),
        ("from_node", 1.5, "Column from_node says 1.5 in feature 1"),
        ("length_m", -1, "Column length_m says -1 in feature 1"),
    ],
)
def test_every_verb_refuses_roads_that_cannot_be_read(tmp_path, maemoh, column, value, said):
    project = write_project(tmp_path)
    path = project.layers / "roads.geojson"
    frame = gpd.read_file(path).assign(to_node=2, from_node=1)
    frame[column] = [value]
    before = sha256_of(path)
    write_text(path, frame.to_json())
    catalog = project.layers / "catalog.yaml"
    write_text(catalog, catalog.read_text(encoding="utf-8").replace(before, sha256_of(path)))
    here = ("--layers", project.layers, "--scenarios", project.scenarios)
    for verb in (
        ("check", "travel", *here),
        ("run", "travel", *here, "--out", tmp_path / "run"),
        ("network", "audit", "--scenario", "travel", *here),
        ("layers", "audit", *here[:2]),
    ):
        code, out = maemoh(*verb)
        assert code == (1 if verb[0] == "layers" else 2), verb
        assert said in out, verb
    assert not (tmp_path / "run").exists()
