"""Moving one unit's year moves its zone and what rests on it, and not one bit of anything else."""

import csv
import io
import json

import numpy as np
import pytest

from maemoh_gis.ask.explain import explain_at
from maemoh_gis.cache.store import Store
from maemoh_gis.files import read_text
from maemoh_gis.phase_out.data import timeline_data
from maemoh_gis.runs.finished import open_run
from maemoh_gis.runs.project import Project, prepare
from maemoh_gis.runs.run import run
from maemoh_gis.suitability.limits import State
from maemoh_gis.suitability.result import score_of, states_of
from tests.computed import compute
from tests.few_roads import copy_scenarios
from tests.paths import LAYERS

PLANT = """version: 1
id: {id}
extends: {base}
title: {{th: ทดสอบ, en: Test}}
question: {{th: ทดสอบ, en: Test}}
"""
BASE = """year: 2580
change:
  area: {layer: subdistricts, where: {code: 520204}}
  grid: {crs: "EPSG:32647", cell_m: 100}
  mix: false
add:
  holds: [green_estate, solar]
"""
MOVED = {
    "plant": ("six_uses", BASE),
    # Units 8 to 11 are gone by 2580 with the first, and one of them stays with the second.
    "sooner": ("plant", "change:\n  timeline.units.MM-8.last_year: 2570\n"),
    "longer": ("plant", "change:\n  timeline.units.MM-11.last_year: 2584\n"),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project") / "scenarios"
    copy_scenarios(folder)
    for id, (base, body) in MOVED.items():
        text = PLANT.format(id=id, base=base) + body
        (folder / f"{id}.yaml").write_text(text, encoding="utf-8")
    return Project(LAYERS, folder)


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    """Give each scenario a store of its own, so that none takes what another computed."""
    return {id: Store(tmp_path_factory.mktemp(f"kept_of_{id}")) for id in MOVED}


@pytest.fixture(scope="module")
def results(project, stores):
    return {id: compute(*prepare(project, id), store=stores[id]) for id in MOVED}


@pytest.fixture(scope="module")
def zone(results):
    """Cells within 150 m of units 8 to 11."""
    import geopandas as gpd
    import shapely

    grid = results["plant"].grid
    points = gpd.read_file(LAYERS / "power_unit_points.geojson").to_crs(grid.crs)
    land = shapely.union_all(points[points.unit.isin(["8", "9", "10", "11"])].geometry)
    x, y = np.meshgrid(grid.x, grid.y)
    return shapely.distance(shapely.points(x, y), land) <= 150


def differing(one, other):
    return {
        id.partition("{")[0]
        for id in set(one.keys) | set(other.keys)
        if one.keys.get(id) != other.keys.get(id)
    }


def test_a_year_that_frees_nothing_sooner_changes_no_stage(results):
    assert differing(results["plant"], results["sooner"]) == set()


def test_a_longer_running_unit_changes_the_states_only(results):
    changed = differing(results["plant"], results["longer"])
    assert changed == {
        "inclusion:zone_units_8_11_green_estate", "inclusion:zone_units_8_11_solar",
        "state:green_estate", "state:solar", "sites:green_estate", "sites:solar",
    }  # fmt: skip
    for use in ("green_estate", "solar"):
        one, other = (score_of(results[id], use) for id in ("plant", "longer"))
        assert one.value.tobytes() == other.value.tobytes()


def test_only_cells_of_its_zone_change_and_no_bit_of_any_other_limit(results, zone):
    assert 5 < zone.sum() < 20
    for use in ("green_estate", "solar"):
        one, other = (states_of(results[id], use) for id in ("plant", "longer"))
        for name in ("state", "removed_by", "conditional_by"):
            a, b = getattr(one, name), getattr(other, name)
            assert np.array_equal(a[~zone], b[~zone])
            assert not np.array_equal(a[zone], b[zone]) or (use, name) == (
                "green_estate",
                "state",
            )


def test_land_no_longer_in_use_is_conditional_and_never_allowed(results, zone):
    study = results["plant"].study & zone
    freed = states_of(results["plant"], "solar").state[study]
    assert (freed == State.CONDITIONAL).any()
    assert not (freed == State.ALLOWED).any()
    still = states_of(results["longer"], "solar").state[study]
    assert (still == State.REMOVED).all()


def test_land_of_retired_units_is_an_estates_only_with_papers_too(results, zone):
    """An open question about the mine removes no land, and gives none without papers either."""
    states = states_of(results["plant"], "green_estate").state[results["plant"].study & zone]
    assert (states == State.CONDITIONAL).any()
    assert not (states == State.ALLOWED).any()


@pytest.fixture(scope="module")
def folders(project, stores, tmp_path_factory):
    place = tmp_path_factory.mktemp("runs")
    return [run(project, id, place / id, store=stores[id]) for id in ("plant", "sooner")]


def test_outputs_are_the_same_bytes_but_for_the_path_itself(folders):
    one, other = ({p.name: p.read_bytes() for p in f.iterdir() if p.is_file()} for f in folders)
    assert one.keys() == other.keys()
    differ = {name for name in one if one[name] != other[name]}
    # Rasters, tables and pages carry the scenario's own name; nothing else may differ. An estate is
    # told with the water and jobs of the path beside its own.
    of_path = {"timeline.csv", "timeline.svg", "timeline.json", "estate.csv", "estate.svg"}
    for name in differ - of_path - {"run.json"}:
        assert name.endswith((".tif", ".html")), name
    for use in ("green_estate", "solar"):
        assert_same_raster(folders, f"score_{use}.tif")
        assert_same_raster(folders, f"limits_{use}.tif")
    rows = [list(csv.DictReader(io.StringIO(read_text(f / "timeline.csv")))) for f in folders]
    moved = {(a["year_be"], a["id"]) for a, b in zip(*rows, strict=True) if a != b}
    assert {year for year, _ in moved} == {"2571", "2572", "2573", "2574"}
    assert {id for _, id in moved} == {
        "mw", "lignite_mt", "fly_ash_mt", "gypsum_mt", "freight_mt", "ash_wanting_mt",
        "lorries_fewer_a_day", "water_freed_mm3", "jobs_exposed",
    }  # fmt: skip


def assert_same_raster(folders, name):
    import rasterio

    with rasterio.open(folders[0] / name) as one, rasterio.open(folders[1] / name) as other:
        assert one.read().tobytes() == other.read().tobytes()


def test_the_record_and_the_picture_tell_the_path(project, folders):
    folder = folders[1]
    told = json.loads(read_text(folder / "run.json"))["timeline"]
    assert (told["year"], told["mw"]) == (2580, 1255)
    assert told["zones"]["units_8_11"]["state"] == "ended_not_returned"
    assert told["zones"]["units_8_11"]["no_longer_in_use_from"] == 2575
    assert told["zones"]["coal_and_ash_yards"]["area_rai"] is None
    assert told["zones"]["west_dump"]["area_rai"] == pytest.approx(5660, abs=5)
    picture = read_text(folder / "timeline.svg")
    for text in ("Installed coal capacity left", "กำลังผลิตติดตั้งจากถ่านหินที่เหลือ", "West dump"):
        assert text in picture
    table = list(csv.DictReader(io.StringIO(read_text(folder / "timeline.csv"))))
    years = {row["year_be"] for row in table} - {""}
    assert years == {str(year) for year in range(2560, 2601)}
    assert open_run(folder, project.catalog()).scenario == prepare(project, "sooner")[0].scenario


def test_the_map_shows_the_chart_of_the_path_without_a_second_font(folders):
    page = read_text(folders[0] / "map.html")
    drawn = page[page.index('<details id="chart">') :]
    drawn = drawn[: drawn.index("</details>")]
    assert "Installed coal capacity left" in drawn
    assert "<style" not in drawn


def test_an_explained_place_of_a_retired_unit_says_the_decision_and_not_the_limit_it_lifts(
    project, folders
):
    explained = explain_at(open_run(folders[0], project.catalog()), 18.29712, 99.74999)
    solar = next(e for e in explained if e.use == "solar")
    assert solar.verdict == "conditional"
    holds = {part.id for part in solar.limits if part.area_m2 > 0}
    assert "inclusion:zone_units_8_11_solar" in holds
    assert "zone_units_8_11" not in holds


def test_land_a_decision_leaves_conditional_is_counted_by_its_own_name(folders, results):
    rows = list(csv.DictReader(io.StringIO(read_text(folders[0] / "removed.csv"))))
    asked = [r for r in rows if (r["use"], r["outcome"]) == ("solar", "conditional")]
    asked = [r for r in asked if r["at_all_rai"]]
    mine = next(r for r in asked if r["limit"] == "inclusion:zone_units_8_11_solar")
    assert float(mine["at_all_rai"]) > 50
    assert "Royal Forest Department" in mine["basis_en"]
    assert "inclusion:zone_units_12_13_solar" not in {r["limit"] for r in asked}  # still in use
    alone = {r["limit"]: float(r["alone_rai"]) for r in asked}
    everything = alone.pop("all")
    assert sum(alone.values()) == pytest.approx(everything, abs=0.1)
    import rasterio

    with rasterio.open(folders[0] / "limits_solar.tif") as raster:
        bits = raster.tags()["conditional_by_bits"].split(",")
    held = states_of(results["plant"], "solar").conditional_by
    k = bits.index("inclusion:zone_units_8_11_solar")
    assert ((held >> np.uint32(k)) & 1).sum() * 6.25 == float(mine["at_all_rai"])


def test_the_path_as_data_names_units_zones_and_turning_points(folders):
    data = json.loads(read_text(folders[0] / "timeline.json"))
    years = data["years"]
    assert years == list(range(2560, 2601))
    at = years.index
    gone = data["closing"][at(2575)]
    assert gone == ["MM-8", "MM-9", "MM-10", "MM-11"]
    assert data["capacity"]["mw"][at(2574)] == 2455 > data["capacity"]["mw"][at(2575)] == 1255
    assert {unit["id"]: unit["gone_from"] for unit in data["units"]}["MM-9"] == 2575
    lignite = data["amounts"]["lignite_mt"]
    measured = [year for year, seen in zip(years, lignite["observed"], strict=True) if seen]
    assert measured == [2565, 2566, 2567, 2568]
    assert lignite["low"][at(2567)] == lignite["high"][at(2567)] == 12.5131
    zones = {zone["id"]: zone for zone in data["zones"]}
    plant, pit = zones["units_8_11"], zones["pit"]
    assert plant["states"][at(2574)] == "in_use" != plant["states"][at(2575)]
    assert plant["states"][at(2575)] == "ended_not_returned"
    assert pit["states"][at(2600)] == "closed"
    assert zones["coal_and_ash_yards"]["outline"] is None
    # Four circles of 150 m around points nearer than 300 m to one another.
    assert 4 * np.pi * 150**2 > plant["area_ha"] * 1e4 > np.pi * 150**2
    # The circles of units 8 to 11 overlap those of 12 and 13, which stay in use through 2591.
    assert 0 < data["land"]["no_longer_in_use_rai"][at(2580)] < plant["area_rai"]
    assert data["land"]["ended_not_returned_rai"][at(2593)] > plant["area_rai"]
    assert data["land"]["zones_not_drawn"][at(2593)] == [
        "coal_and_ash_yards", "ash_ponds", "permit_land", "quarries",
    ]  # fmt: skip
    turns = {(t["year"], t["id"]): t["becomes"] for t in data["turning_points"]}
    assert turns[2575, "units_8_11"] == "ended_not_returned"
    assert turns[2578, "units_8_11.solar"] == "may_be_asked"
    assert turns[2593, "pit"] == "closed"
    assert turns[2571, "lampang.den_chai_ngao"] == "open"


def test_what_a_zone_would_leave_is_what_the_later_year_finds(results, zone):
    """A run in which unit 11 still stands tells the land that the run without it counts."""
    plant, longer = (timeline_data(results[id])["uses"] for id in ("plant", "longer"))
    states = states_of(results["plant"], "solar").state
    left = (states[results["plant"].study & zone] == State.CONDITIONAL).sum() * 6.25
    told = longer["solar"]["zones"]["units_8_11"]
    assert (told.pop("asked_from"), told["open_from"]) == (2588, None)
    now = plant["solar"]["zones"]["units_8_11"]
    assert now.pop("asked_from") == 2578
    assert told == now
    assert (told["becomes"], told["left_rai"]) == ("conditional", round(left, 1))
    estate = longer["green_estate"]["zones"]["units_8_11"]
    assert estate["left_rai"] + estate["other_limits_rai"] == estate["land_rai"]
    assert not {id for id in estate["by_limit_rai"] if "5_km" in id}
