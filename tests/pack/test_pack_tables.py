"""The bundled tables: they add up, say what is doubtful, and can be built again."""

import csv
import io

import pytest

from maemoh_gis import files
from pack import statistics
from pack.tables import differing, number, plan_line
from tests.layers.bundled import TABLES, column, table, words
from tests.paths import LAYERS, SOURCES

needs_sources = pytest.mark.skipif(SOURCES is None, reason="the fuller sources are not here")


@pytest.fixture(scope="module")
def districts() -> dict[int, dict[str, object]]:
    return {row["code"]: row for row in table("district_statistics")}


@pytest.fixture(scope="module")
def province() -> dict[tuple[str, str, int | None], dict[str, object]]:
    return {(r["topic"], r["item"], r["year_be"]): r for r in table("province_statistics")}


@pytest.fixture(scope="module")
def value(province):
    """Look up a figure of the province by topic, item and year."""
    return lambda topic, item, year=None: province[topic, item, year]["value"]


def test_district_names_and_codes_are_those_of_the_polygons(districts):
    polygons = files.read_vector(LAYERS / "districts.geojson")
    named = zip(polygons["code"], polygons["name_th"], polygons["name_en"], strict=True)
    assert list(named) == [(c, r["name_th"], r["name_en"]) for c, r in districts.items()]


def test_subdistricts_and_villages_add_up_to_the_province(districts, value):
    assert column(districts, "subdistricts") == 100 == value("administration", "subdistricts")
    assert column(districts, "villages") == 940 == value("administration", "villages")


def test_every_cell_printed_otherwise_names_its_item_of_the_register(districts):
    for row in districts.values():
        corrected = [k for k, v in row.items() if "as_printed" in k and v is not None]
        assert bool(corrected or row["components_gap_rai"]) == (row["register_items"] is not None)
    unnamed = [r["item"] for r in table("province_statistics")
               if r["value_as_printed"] is not None and r["register_item"] is None]  # fmt: skip
    assert unnamed == []


def test_printed_values_are_kept_only_where_they_differ():
    rows = table("province_statistics")
    assert [r["item"] for r in rows if r["value_as_printed"] == r["value"]] == []


def test_land_cover_of_2561_adds_up_to_the_province(province):
    cover = [r["value"] for (topic, *_), r in province.items() if topic == "land_cover_2561"]
    assert sum(cover) == 7_833_726


def test_mae_mo_subdistricts_add_up_to_its_population_of_2556(value):
    rows = table("subdistrict_population")
    assert [r["code"] for r in rows] == [520201, 520202, 520203, 520204, 520205]
    assert sum(r["population"] for r in rows) == 39_771 == value("mae_mo", "population", 2556)


def test_factories_add_up_to_the_province(value):
    rows = table("factories")
    assert len(rows) == 18
    assert sum(r["factories"] for r in rows) == 519 == value("industry", "factories", 2569)
    assert sum(r["workers"] for r in rows) == 22_109 == value("industry", "factory_workers", 2569)
    assert sum(r["investment_million_baht"] for r in rows) == pytest.approx(70_222.96, abs=0.005)
    energy = next(r for r in rows if r["group"] == "other_energy")
    assert (energy["factories"], energy["workers"]) == (94, 4_093)


def test_running_units_make_2455_mw_gross_and_2220_mw_net():
    running = [r for r in table("coal_units") if r["status"] == "operating"]
    assert [r["id"] for r in running] == [
        "MMRP1",
        "MM-8",
        "MM-9",
        "MM-10",
        "MM-11",
        "MM-12",
        "MM-13",
    ]
    assert sum(r["gross_mw"] for r in running) == 2_455
    assert sum(r["net_mw"] for r in running) == 2_220


def test_units_are_named_as_egat_names_them():
    names = {r["id"]: r["name_th"] for r in table("coal_units")}
    assert len(names) == 15
    assert names["MM-8"] == "โรงไฟฟ้าแม่เมาะ เครื่องที่ 8"
    assert names["MMRP1"] == "โรงไฟฟ้าแม่เมาะ ทดแทนเครื่องที่ 4-7"


def test_doubtful_units_say_so():
    units = {r["id"]: r for r in table("coal_units")}
    for unit in ("MM-9", "MM-10"):
        assert (units[unit]["stated_end_year_be"], units[unit]["stated_end_confidence"]) == (
            2574,
            "L",
        )
    assert units["MM-4"]["status"] == "retired_or_standby"
    assert (units["MM-4"]["stated_end_year_be"], units["MM-4"]["confidence"]) == (None, "L")
    assert (units["MMRP2"]["status"], units["MMRP2"]["confidence"]) == ("planned", "L")


def test_no_unit_stops_before_it_starts():
    for row in table("coal_units"):
        assert row["stated_end_year_be"] is None or row["start_year_be"] < row["stated_end_year_be"]


def test_seven_months_of_2569_are_marked_as_such():
    months = {r["fiscal_year_be"]: r["months"] for r in table("mineral_output")}
    assert months == {2565: 12, 2566: 12, 2567: 12, 2568: 12, 2569: 7}


@pytest.mark.parametrize("name", TABLES)
def test_every_confidence_is_one_of_four_words(name):
    for row in table(name):
        for key, word in row.items():
            if key.endswith("confidence"):
                assert word in {"H", "M", "L", "ASSUMPTION"}


@pytest.mark.parametrize("name", TABLES)
def test_every_year_is_a_buddhist_era_year(name):
    for row in table(name):
        for key, year in row.items():
            if key.endswith("year_be") and year is not None:
                assert 2500 < year < 2600


@pytest.mark.parametrize("name", TABLES)
def test_tables_have_no_ragged_rows(name):
    rows = list(csv.reader(io.StringIO(words(name))))
    assert {len(row) for row in rows} == {len(rows[0])}


def test_figures_of_the_province_are_unique():
    keys = [(r["topic"], r["item"], r["year_be"]) for r in table("province_statistics")]
    assert len(keys) == len(set(keys))


def test_number_reads_separators_and_keeps_missing_missing():
    assert number("1,234") == 1234
    assert isinstance(number("20.0"), int)
    assert number("0.196") == 0.196
    assert number(" ") is None


def test_printed_value_equal_to_the_value_is_not_repeated():
    assert differing(5, 5) is None
    assert differing(6, 5) == 6


def test_plan_line_takes_the_first_line_cited():
    assert plan_line("plan.txt:L837;L783;L547") == 837


@needs_sources
def test_building_again_gives_the_bundled_bytes(tmp_path):
    measured = statistics.build(SOURCES, tmp_path)
    assert sorted(p.stem for p in tmp_path.iterdir()) == sorted(TABLES)
    for name in TABLES:
        assert (tmp_path / f"{name}.csv").read_bytes() == (LAYERS / f"{name}.csv").read_bytes()
    assert measured["district_statistics"] == {
        "rows_that_do_not_add_up": 2,
        "largest_row_gap_rai": 20,
    }
