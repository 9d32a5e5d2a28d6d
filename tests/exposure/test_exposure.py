"""Whom and what a site touches: each person once, and unknown where nobody counted."""

import csv
import io
import json
import math
import pickle

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from maemoh_gis.exposure.exposure import _balance, _sum
from maemoh_gis.exposure.population import near, spread
from maemoh_gis.files import read_text
from maemoh_gis.phase_out.path import Amount
from maemoh_gis.scenario.checks.check import faults_of

# Two subdistricts of 1 x 1 km side by side on cells of 100 m; the west one is counted, with homes
# in its column of cells at x = 50 m.
X, Y = (a.ravel() for a in np.meshgrid(np.arange(50.0, 2000, 100), np.arange(50.0, 1000, 100)))
CODE = np.where(X < 1000, 1.0, 2.0)
HOMES = X == 50
WEST, EAST = shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)


@pytest.fixture
def people():
    return spread(X, Y, CODE, HOMES, {1: 200.0}, WEST)


def test_people_of_a_subdistrict_are_put_on_its_homes(people):
    """200 people over 10 cells with homes are 20 in each."""
    assert len(people.points) == 10
    assert set(people.each) == {20.0}


def test_people_that_were_kept_are_the_same(people):
    again = pickle.loads(pickle.dumps(people))
    assert shapely.equals_identical(again.points, people.points).all()
    assert np.array_equal(again.each, people.each)
    assert again.counted.equals_exact(people.counted, 0)


def test_people_within_a_distance_by_hand(people):
    """
    A box from x = 300 to 500 and y = 0 to 1,000 lies 250 m from the homes at x = 50.

    Within 100 m nobody, within 250 m everybody: a place exactly at the distance is within it.
    """
    land = shapely.box(300, 0, 500, 1000)
    assert [n.at_least for n in near(land, people, [100, 249, 250])] == [0, 0, 200]


def test_the_share_of_land_around_that_nobody_counted_by_hand(people):
    """All but half of a circle around a point of the border lies in the counted subdistrict."""
    on_border = shapely.Point(1000, 500).buffer(1e-6)
    (found,) = near(on_border, people, [400])
    assert found.uncounted_share == pytest.approx(0.5, abs=1e-6)
    (inside,) = near(shapely.Point(500, 500).buffer(10), people, [100])
    assert inside.uncounted_share == 0


def test_where_nobody_counted_the_number_is_unknown_and_not_zero(people):
    (found,) = near(shapely.box(1600, 400, 1700, 500), people, [300])
    assert math.isnan(found.at_least)
    assert found.uncounted_share == pytest.approx(1.0)


def test_a_subdistrict_without_homes_is_spread_over_all_of_it():
    people = spread(X, Y, CODE, HOMES, {2: 100.0}, EAST)
    assert len(people.points) == 100
    assert people.each.sum() == pytest.approx(100)


@given(
    st.dictionaries(st.sampled_from([1, 2]), st.floats(1, 1e5), min_size=1),
    st.lists(st.booleans(), min_size=X.size, max_size=X.size),
)
def test_spreading_loses_nobody(population, homes):
    people = spread(X, Y, CODE, np.array(homes), population, shapely.union(WEST, EAST))
    assert people.each.sum() == pytest.approx(sum(population.values()))


def test_two_sites_side_by_side_count_a_person_once(people):
    one, other = shapely.box(200, 0, 300, 500), shapely.box(200, 500, 300, 1000)
    both = near(shapely.union(one, other), people, [200])[0].at_least
    each = [near(land, people, [200])[0].at_least for land in (one, other)]
    assert both == 200 < sum(each)


def test_the_balance_takes_the_least_from_the_most():
    """30 to 40 freed less 1 to 4 needed: 30 - 4 = 26 at least, 40 - 1 = 39 at most."""
    freed, needed = Amount(30, 35, 40, "M"), Amount(1, 2, 4, "ASSUMPTION")
    assert _balance(freed, needed) == Amount(26, 33, 39, "ASSUMPTION")
    assert _balance(freed, None) is None
    assert _sum([None, needed, needed]) == Amount(2, 4, 8, "ASSUMPTION")
    assert _sum([None]) is None


@pytest.fixture(scope="module")
def folder(small_run):
    return small_run


@pytest.fixture(scope="module")
def rows(folder):
    note, *rows = csv.DictReader(io.StringIO(read_text(folder / "exposure.csv")))
    assert "low confidence" in note["note_en"]
    assert "ความน่าเชื่อถือต่ำ" in note["note_th"]
    return rows


def test_every_site_and_yard_has_a_row(folder, rows):
    record = json.loads(read_text(folder / "run.json"))
    for use, count in record["sites"].items():
        assert sum((r["kind"], r["use"]) == ("site", use) for r in rows) == count
    fits = sum(yards["fits"] for yards in record["yards"].values())
    assert sum(r["kind"] == "yard" for r in rows) == fits
    assert {"subdistrict_people", "land_use"} <= set(record["inputs"]["layers"])


def test_none_in_the_model_is_not_known_to_be_none(rows):
    told = [row[f"people_{r}_m_modelled"] for row in rows for r in (500, 1000, 2000, 5000)]
    assert "0" not in told
    assert "" in told


def test_people_only_grow_with_the_distance_and_are_never_more_than_were_counted(rows):
    for row in rows:
        known = [row[f"people_{r}_m_modelled"] for r in (500, 1000, 2000, 5000)]
        numbers = [int(n) for n in known if n]
        assert numbers == sorted(numbers)
        assert all(n <= 697_679 for n in numbers)
        for radius in (500, 1000, 2000, 5000):
            assert 0 <= float(row[f"uncounted_land_{radius}_m"]) <= 1


def test_together_each_person_counts_once(rows):
    *others, whole = rows
    first = [r for r in others if r["kind"] == "site" and r["number"] == "1"]
    near_them = [int(r["people_5000_m_modelled"] or 0) for r in first]
    assert max(near_them) <= int(whole["people_5000_m_modelled"]) <= sum(near_them) + 1


def test_what_is_not_known_stays_empty(rows):
    for row in rows:
        assert row["households_without_title"] == row["pm25_above_standard"] == ""
        assert row["lorries_past_schools"] == ""
        if row["use"] == "container_yard":
            assert row["jobs_gained_central"] == row["water_demand_mm3_central"] == ""
    assert rows[-1]["uses_without_water_figure"] == "1"


def test_water_of_an_estate_by_hand(rows):
    """1,000 rai x 0.65 x 5 m3 x 365 days = 1.18625 million m3; nothing is freed in 2569."""
    site = next(r for r in rows if (r["kind"], r["use"]) == ("site", "green_estate"))
    assert float(site["water_demand_mm3_central"]) == pytest.approx(
        float(site["area_rai"]) * 0.65 * 5 * 365 / 1e6, rel=1e-4
    )
    assert float(rows[-1]["water_freed_mm3_central"]) == 0
    assert float(rows[-1]["water_balance_mm3_central"]) < 0


def test_farm_land_is_part_of_the_site(rows):
    for row in rows:
        assert 0 <= float(row["farm_rai"]) <= float(row["area_rai"]) * 1.001
        assert row["farm_confidence"] == "L"


def test_subdistricts_add_up_and_jobs_at_stake_stand_where_the_plant_is(folder, rows):
    table = list(csv.DictReader(io.StringIO(read_text(folder / "exposure_by_subdistrict.csv"))))
    total = sum(float(row["land_rai"]) for row in table)
    assert total == pytest.approx(float(rows[-1]["area_rai"]), rel=0.01)
    assert {row["name_en"] for row in table if row["jobs_at_stake_central"]} == {"Mae Mo"}
    people = {row["name_en"]: row["population"] for row in table}
    assert people["Mae Mo"] == "14801"
    assert len(table) == 100
    assert sum(int(row["population"]) for row in table) == 697_679


@pytest.mark.parametrize(
    ("line", "code", "expected"),
    [
        ("exposure.population: subdistrict_populations", "unknown_layer",
         "subdistrict_population"),
        ("exposure.farms: [pady]", "unknown_class", "paddy"),
        ("exposure.plant.layer: power_plant", "unknown_layer", "power_plants"),
    ],
)  # fmt: skip
def test_names_nothing_stands_behind(small_project, line, code, expected):
    head = (small_project.scenarios / "small.yaml").read_text(encoding="utf-8")
    file = small_project.scenarios / "wrong.yaml"
    file.write_text(head.replace("id: small", "id: wrong") + f"  {line}\n", encoding="utf-8")
    try:
        (fault,) = faults_of(small_project.scenario("wrong"), small_project.catalog())
    finally:
        file.unlink()
    assert (fault.code, fault.expected) == (code, expected)


def test_sites_carry_what_they_touch_and_the_record_the_whole(folder, rows):
    import geopandas as gpd

    site = next(r for r in rows if (r["kind"], r["use"]) == ("site", "green_estate"))
    frame = gpd.read_file(folder / "sites.gpkg", layer="sites_green_estate")
    first = frame[frame["number"] == 1].iloc[0]
    assert float(first["farm_rai"]) == float(site["farm_rai"])
    assert float(first["uncounted_land_2000_m"]) == float(site["uncounted_land_2000_m"])
    assert "households_without_title" not in frame  # known of no site
    told = json.loads(read_text(folder / "run.json"))["exposure"]
    whole = told["first_of_each_use"]
    assert whole["households_without_title"] is None
    assert whole["people_5000_m_modelled"] == int(rows[-1]["people_5000_m_modelled"])
    assert "low confidence" in told["note"]["en"]
    assert {s["name_en"] for s in told["subdistricts"]} >= {"Mae Mo", "Ban Dong"}


def test_the_note_names_the_layers_that_would_be_needed(folder):
    note = json.loads(read_text(folder / "run.json"))["exposure"]["note"]
    assert "Lorries past schools are unknown; needed: Places of schools" in note["en"]
    assert "ตำแหน่งโรงเรียนและถนนที่รถบรรทุกใช้" in note["th"]


def test_the_map_tells_people_near_a_site_when_it_is_clicked(folder):
    page = read_text(folder / "map.html")
    assert "People within 2 km, if they live on modelled homes" in page
    assert "ประชาชนในระยะ 2 กม. หากอยู่ตามพื้นที่ชุมชนจากแบบจำลอง" in page
