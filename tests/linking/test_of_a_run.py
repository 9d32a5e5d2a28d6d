"""The ways of a run: lines, table, pages and words say the same, and the run is left as it was."""

import dataclasses
import json
import math

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import maemoh_gis as mm
from maemoh_gis.core.errors import MaeMohError, RunError
from maemoh_gis.files import sha256_of
from maemoh_gis.linking.outputs import LINES, PAGE, RECORD, TABLE
from tests.paths import LAYERS


@pytest.fixture(scope="module")
def written(maemoh_once, small_run):
    return maemoh_once(small_run)


@pytest.fixture(scope="module")
def maemoh_once(tmp_path_factory):
    """Write the ways of a run by the verb; give the folder."""
    from typer.testing import CliRunner

    from maemoh_gis.cli import build_app

    def call(run):
        out = tmp_path_factory.mktemp("ways") / "links"
        line = ["links", str(run), "--out", str(out), "--layers", str(LAYERS), "--json"]
        found = CliRunner().invoke(build_app("en"), line)
        assert found.exit_code in (0, None), found.output
        return out, json.loads(found.stdout)

    return call


def table_of(out):
    return pd.read_csv(out / TABLE, keep_default_na=False)


def test_lines_table_and_answer_say_the_same(written):
    out, told = written
    table, lines = table_of(out), gpd.read_file(out / LINES, layer="links")
    routes = table[table["outcome"] == "route"].reset_index(drop=True)
    assert len(table) == len(told["links"])
    assert len(lines) == len(routes)
    for (_, row), (_, line) in zip(routes.iterrows(), lines.iterrows(), strict=True):
        assert (row["name_en"], row["way"]) == (line["name_en"], line["way"])
        assert float(row["length_km"]) == pytest.approx(line.geometry.length / 1000.0, abs=6e-4)


def test_the_land_of_a_way_is_its_length_times_its_width(written, small_run):
    table = table_of(written[0])
    ways = json.loads((small_run / "run.json").read_text("utf-8"))["resolved"]["links"]["ways"]
    classes = [name for name in table if name.endswith("_rai") and name != "land_rai"]
    for _, row in table[table["outcome"] == "route"].iterrows():
        rai = float(row["length_km"]) * 1000.0 * ways[row["way"]]["width_m"] / 1600.0
        assert float(row["land_rai"]) == pytest.approx(rai, abs=0.02)
        assert float(row["land_ha"]) == pytest.approx(rai * 0.16, abs=0.01)
        parts = pd.to_numeric(row[classes], errors="coerce").sum()
        assert parts == pytest.approx(rai, abs=0.01 * len(classes))


def test_a_way_begins_at_its_place_and_ends_at_what_it_joins(written, small_run):
    lines = gpd.read_file(written[0] / LINES, layer="links")
    places = gpd.read_file(small_run / "why.gpkg", layer="stations_container_yard")
    at = places.set_index("station_en").geometry
    railway = gpd.read_file(LAYERS / "railway.geojson").to_crs(lines.crs).union_all()
    own = lines[(lines["place"] == "station") & (lines["way"] == "siding")]
    assert len(own)
    for _, row in own.iterrows():
        begin, end = (shapely.get_point(row.geometry, k) for k in (0, -1))
        assert at[row["station_en"]].distance(begin) < 1.0
        assert railway.distance(end) < 60.0  # loops stand beside the line


def test_licence_and_credit_travel_with_every_file(written):
    out, _ = written
    about = gpd.read_file(out / LINES, layer="about").set_index("key")["value"]
    licences = gpd.read_file(out / LINES, layer="licence").set_index("layer")["licence"]
    assert licences["road_lines"].startswith("ODbL")
    assert "OpenStreetMap" in about["credit"]
    assert "ODbL" in about["terms_th"]
    assert table_of(out)["credit"].str.contains("OpenStreetMap").all()
    record = json.loads((out / RECORD).read_text("utf-8"))
    assert set(record["outputs"]) == {TABLE, LINES, PAGE, "why.html"}
    for name, was in record["outputs"].items():
        assert sha256_of(out / name) == was


def test_the_page_of_a_station_draws_its_ways_and_a_run_alone_says_how_to_get_them(
    written, small_run
):
    out, _ = written
    alone, joined = ((at / "why.html").read_text("utf-8") for at in (small_run, out))
    for _, row in table_of(out).query("place == 'station' and outcome == 'route'").iterrows():
        assert row["where_th"] in joined
        assert row["where_th"] not in alone
    assert "maemoh-gis links" in alone
    assert joined.count("<path") > alone.count("<path")


def test_a_limit_without_a_map_is_named_and_nothing_is_a_price(written):
    page = (written[0] / PAGE).read_text("utf-8")
    assert "National reserved forest" in page
    assert "ป่าสงวนแห่งชาติ" in page
    assert "THB" not in page
    assert set(table_of(written[0])["confidence"]) == {"ASSUMPTION"}


def test_a_name_in_either_language_narrows_what_is_printed(maemoh, small_run, tmp_path):
    line = ("links", small_run, "--out", tmp_path / "ways", "--place", "แม่เมาะ")
    code, printed, _ = maemoh("--lang", "th", *line)
    assert code == 0
    assert "สถานีแม่เมาะ" in printed
    assert "ปางป๋วย" not in printed
    code, _, complaint = maemoh("--lang", "en", *line[:-1], "Atlantis")
    assert code != 0
    assert "Atlantis" in complaint


def test_a_folder_of_anything_else_stays_as_it_is(maemoh, small_run, tmp_path):
    own = tmp_path / "letter.txt"
    own.write_text("mine", "utf-8")
    for more in ((), ("--replace",)):
        code, _, complaint = maemoh("links", small_run, "--out", tmp_path, *more)
        assert code != 0
        assert str(tmp_path) in complaint
        assert own.read_text("utf-8") == "mine"


def test_from_python_a_way_that_is_not_there_has_no_line(small_run):
    ways = mm.links(small_run, layers=LAYERS)
    missing = ways["outcome"] == "no_route"
    assert ways.geometry.isna().tolist() == missing.tolist()
    assert "reserved_forest" in ways.attrs["not_checked"]
    assert not ways.loc[~missing, "length_km"].map(math.isnan).any()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"links.ways.road.passes": ["factory_distance"]}, "link_passes_law"),
        ({"links.ways.road.passes": ["no_such_limit"]}, "unknown_limit"),
        ({"links.slope": "elevation"}, "link_unit"),
        ({"links.heights": "slope"}, "link_unit"),
        ({"links.land": "nowhere"}, "unknown_layer"),
        ({"links.ways.road.land_costs": {"lava": 2}}, "unknown_class"),
        ({"links.crossed": {"water": [{"layer": "rivers"}]}}, "crossing_not_drawn"),
        ({"links.ways.road.slope_costs": [[0, 1], [5, 0.5]]}, "wrong_value"),
    ],
)
def test_costs_that_do_not_fit_are_refused_before_anything_runs(small_project, values, code):
    with pytest.raises(MaeMohError) as refused:
        mm.load_scenario(
            "small", values, layers=small_project.layers, scenarios=small_project.scenarios
        )
    assert code in {fault.code for fault in refused.value.faults}


def test_a_run_that_asks_for_no_ways_is_refused(small_run):
    from maemoh_gis.linking.study import study
    from maemoh_gis.runs.finished import open_run

    run = open_run(small_run, mm.open_catalog(LAYERS).described)
    without = run.scenario.model_copy(update={"links": None})
    with pytest.raises(RunError) as refused:
        study(dataclasses.replace(run, scenario=without))
    assert [fault.code for fault in refused.value.faults] == ["run_without"]
