"""The command line as a planner meets it."""

import json
import re

import pytest

from maemoh_gis.layers.catalog import read_catalog
from tests.paths import LAYERS, SCENARIOS


@pytest.fixture(scope="module")
def project_options(small_project):
    return ["--layers", str(small_project.layers), "--scenarios", str(small_project.scenarios)]


def test_help_names_the_first_thing_to_do(maemoh):
    code, out, _ = maemoh("--help")
    assert code == 0
    assert "maemoh-gis run" in out


def test_help_is_in_thai_where_it_is_asked_for(maemoh):
    code, out, _ = maemoh("run", "--help", "--lang", "th")
    assert code == 0
    assert "ประมวลผลฉากทัศน์" in out


def test_the_language_of_the_locale_is_taken(maemoh, monkeypatch):
    monkeypatch.setenv("MAEMOH_LANG", "th_TH.UTF-8")
    assert "นิคมอุตสาหกรรมสีเขียว" in maemoh("--help")[1]


def test_a_run_says_where_the_map_is_and_what_was_not_checked(
    maemoh, project_options, small_kept, tmp_path, monkeypatch
):
    monkeypatch.setenv("MAEMOH_CACHE", str(small_kept / "kept"))
    code, out, _ = maemoh("run", "small", "--out", tmp_path / "r", *project_options)
    assert code == 0
    assert str(tmp_path / "r" / "map.html") in out
    assert "checked on the whole study area" in out
    assert (tmp_path / "r" / "map.html").exists()


def test_bad_input_ends_with_2_and_writes_nothing(maemoh, project_options, tmp_path):
    code, out, err = maemoh("run", "smal", "--out", tmp_path / "r", *project_options)
    assert code == 2
    assert out == ""
    assert err.startswith(
        "Error: smal: There is no scenario smal. Use one that is there: small, accelerated"
    )
    assert not (tmp_path / "r").exists()


def test_the_same_complaint_in_thai(maemoh, project_options):
    _, _, err = maemoh("--lang=th", "check", "smal", *project_options)
    assert err.startswith("ข้อผิดพลาด: smal: ไม่มีฉากทัศน์ smal ให้ใช้ฉากทัศน์ที่มีอยู่: small, accelerated")


def test_an_option_that_does_not_exist_ends_with_2(maemoh):
    assert maemoh("run", "--colour")[0] == 2


def test_a_language_that_does_not_exist_ends_with_2(maemoh):
    assert maemoh("--lang", "fr", "check")[0] == 2


def test_check_lists_what_a_scenario_changed(maemoh, project_options):
    code, out, _ = maemoh("check", "small", *project_options)
    assert code == 0
    assert "small changes:\n  grid.cell_m: 100 -> 400\n" in out


def test_check_as_json_says_which_limits_were_checked(maemoh, project_options):
    answer = json.loads(maemoh("check", "small", "--json", *project_options)[1])
    assert answer["limits"]["reserved_forest"] == "not_checked"
    assert answer["limits"]["factory_distance"] == "partly"


@pytest.mark.parametrize("what", ["scenario", "change", "catalog"])
def test_the_schema_names_every_key_with_its_meaning(maemoh, what):
    schema = json.loads(maemoh("schema", what)[1])
    for name, definition in schema["properties"].items():
        assert "description" in definition or "$ref" in definition, name


def test_explain_gives_score_criteria_and_limits(maemoh, small_run, project_options):
    code, out, _ = maemoh("explain", small_run, "--at", "18.335,99.735", *project_options[:2])
    assert code == 0
    assert "Container yard (CY): removed" in out
    assert "Removed on 100 %: Mae Moh mine pit" in out
    assert "Not checked: National reserved forest" in out


def test_explain_tells_people_near_as_a_range_and_the_word_beside_it(
    maemoh, small_run, project_options
):
    _, out, _ = maemoh("explain", small_run, "--at", "18.335,99.735", *project_options[:2])
    said = re.search(r"People within 5 km: ([\d,]+) \(([\d,]+) to ([\d,]+)\)", out)
    central, low, high = (int(n.replace(",", "")) for n in said.groups())
    assert 0 < low < central < high
    assert "never a sign of trespass" in out
    _, out, _ = maemoh(
        "explain", small_run, "--at", "18.335,99.735", "--json", *project_options[:2]
    )
    near = json.loads(out)["uses"]["green_estate"]["people"]
    assert [one["radius_m"] for one in near] == [500, 1000, 2000, 5000]
    assert near[-1] == {"radius_m": 5000, "low": low, "central": central, "high": high,
                        "uncounted_share": 0.0}  # fmt: skip


def test_explain_names_the_class_of_a_place(maemoh, small_run, project_options):
    _, out, _ = maemoh("explain", small_run, "--at", "18.26,99.70", *project_options[:2])
    line = next(line for line in out.splitlines() if "Present use of the land" in line)
    classes = [one.en for one in read_catalog(LAYERS)["land_use"].classes.values()]
    assert any(f": {name}, score" in line for name in classes), line


def test_explain_as_json_has_numbers(maemoh, small_run, project_options):
    _, out, _ = maemoh("explain", small_run, "--at", "18.26,99.70", "--json", *project_options[:2])
    use = json.loads(out)["uses"]["green_estate"]
    parts = sum(c["contribution"] for c in use["criteria"] if c["contribution"] is not None)
    assert parts + use["held"] == pytest.approx(use["score"], abs=1e-6)


@pytest.mark.parametrize("place", ["18.3", "99.7,18.3", "north,east"])
def test_a_place_that_is_none_is_refused(maemoh, small_run, project_options, place):
    code, _, err = maemoh("explain", small_run, "--at", place, *project_options[:2])
    assert code == 2
    assert "latitude,longitude" in err


def test_a_folder_that_is_no_run_is_refused(maemoh, tmp_path, project_options):
    code, _, err = maemoh("explain", tmp_path, "--at", "18.3,99.7", *project_options[:2])
    assert code == 2
    assert "run.json" in err


def test_assess_names_the_polygon_and_its_area(maemoh, small_run, project_options, tmp_path):
    import geopandas as gpd
    import shapely

    square = shapely.box(574_000, 2_018_800, 575_600, 2_020_400)
    path = tmp_path / "mine.gpkg"
    gpd.GeoDataFrame({"name": ["Plot A"]}, geometry=[square], crs="EPSG:32647").to_file(path)
    code, out, _ = maemoh("assess", small_run, path, *project_options[:2])
    assert code == 0
    assert "Plot A: 1,600 rai (256 ha), 16 cells" in out


def test_a_changed_layer_is_named_before_anything_is_explained(
    maemoh, small_run, project_options, tmp_path
):
    import shutil

    layers = tmp_path / "layers"
    shutil.copytree(project_options[1], layers)
    catalog = (layers / "catalog.yaml").read_text(encoding="utf-8")
    at = catalog.index("sha256", catalog.index("  faults:"))
    (layers / "catalog.yaml").write_text(
        catalog[:at]
        + catalog[at:]
        .replace('sha256: "', 'sha256: "' + "0" * 8, 1)
        .replace(catalog[at + 9 : at + 73], catalog[at + 9 : at + 65], 1),
        encoding="utf-8",
    )
    code, _, err = maemoh("explain", small_run, "--at", "18.3,99.7", "--layers", layers)
    assert code == 2
    assert "faults: The layer is no longer the one of the run" in err


def test_check_warns_of_judgements_that_contradict_one_another(maemoh, small_project, tmp_path):
    import shutil

    scenarios = tmp_path / "scenarios"
    shutil.copytree(small_project.scenarios, scenarios)
    names = "terrain_flatness road_access freight_access land_tenure hazard community_env"
    rows = [f"{name}: [{', '.join(['1'] * (7 - k))}]" for k, name in enumerate(names.split())]
    rows[0] = 'terrain_flatness: [9, "1/9", 1, 1, 1, 1, 1]'
    ahp = "{ahp: {" + ", ".join([*rows, "utilities_synergy: [1]", "present_use: []"]) + "}}"
    (scenarios / "judged.yaml").write_text(
        "version: 1\nid: judged\nextends: small\ntitle: {th: ก, en: a}\n"
        "question: {th: ก, en: a}\nchange:\n"
        f"  viewpoints.starting.weights.container_yard: {ahp}\n",
        encoding="utf-8",
    )
    code, out, err = maemoh(
        "check", "judged", "--layers", small_project.layers, "--scenarios", scenarios
    )
    assert code == 0
    assert "no fault found" in out
    assert err.startswith("Warning: scenarios/judged.yaml:7: viewpoints.starting.weights")
    assert "consistency ratio" in err


def test_closures_are_asked_for_the_yard_that_a_run_prefers(maemoh, small_run, project_options):
    folders = project_options[:2]
    preferred = json.loads((small_run / "run.json").read_text("utf-8"))["choice"]["preferred"]
    code, out, _ = maemoh("network", "closure", "--run", small_run, "--json", "--top", 1, *folders)
    assert code == 0
    answer = json.loads(out)
    assert answer["yard"] == preferred
    assert 0 <= answer["yard_away_m"] < 5_000
    assert len(answer["closures"]) == 1
    code, out, _ = maemoh("network", "closure", "--run", small_run, "--freight", "--top", 2,
                          "--prices", "favours_rail", *folders)  # fmt: skip
    assert code == 0
    assert "new yard: none" not in out
    assert "million baht a year more" in out
    assert "9 flows of unknown size count for nothing" in out


def test_a_place_of_the_choice_is_named_by_its_id(maemoh, project_options):
    code, out, _ = maemoh("network", "closure", "--to", "hang_chat", "--by", "rail", "--from",
                          "Mae Mo station", "--json", *project_options[:2])  # fmt: skip
    assert code == 0
    answer = json.loads(out)
    assert (answer["yard"], answer["to"]) == ("hang_chat", "Hang Chat station")


def test_prices_that_do_not_exist_are_refused(maemoh):
    code, out, err = maemoh("network", "closure", "--freight", "--prices", "dear")
    assert (code, out) == (2, "")
    assert "There are no prices dear. Choose one of: central, favours_rail, favours_road" in err


def test_an_added_limit_is_named_with_the_number_in_force(maemoh, tmp_path):
    for path in SCENARIOS.glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "ban.yaml").write_text(
        "version: 1\nid: ban\nextends: baseline\ntitle: {th: ห้าม, en: Ban}\n"
        "question: {th: ห้าม, en: Ban}\nadd:\n  limits.ban:\n"
        "    title: {th: 'ภายใน {within_km} กม.', en: 'Within {within_km} km'}\n"
        "    ground: law\n    basis: {th: ก, en: b}\n    outcome: removed\n    layer: mine\n"
        "    test: {within_m: 5000}\n",
        encoding="utf-8",
    )
    code, out, err = maemoh("check", "ban", "--layers", LAYERS, "--scenarios", tmp_path)
    assert code == 0, err
    assert "limits.ban: – -> Within 5 km" in out
