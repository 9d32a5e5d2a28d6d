"""People by subdistrict: all hundred, whole people, adding up to the register of each district."""

from collections import defaultdict

import pytest

from maemoh_gis import files
from maemoh_gis.layers.catalog import read_catalog
from pack import people as theme
from tests.layers.bundled import table
from tests.paths import LAYERS, SOURCES

needs_sources = pytest.mark.skipif(SOURCES is None, reason="the fuller sources are not here")
REGISTER = {
    5201: 216_426, 5202: 38_084, 5203: 56_235, 5204: 29_338, 5205: 50_672, 5206: 36_424,
    5207: 41_841, 5208: 55_218, 5209: 14_904, 5210: 53_799, 5211: 25_606, 5212: 47_692,
    5213: 31_440,
}  # fmt: skip
"""Registered people of December 2568, those of municipalities counted with their district."""


@pytest.fixture(scope="module")
def rows():
    return table("subdistrict_people")


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    out = tmp_path_factory.mktemp("people")
    (out / "subdistricts.geojson").write_bytes((LAYERS / "subdistricts.geojson").read_bytes())
    return out, theme.build(SOURCES, out)


def test_every_subdistrict_is_there_once_under_its_name(rows):
    polygons = files.read_vector(LAYERS / "subdistricts.geojson")
    named = zip(polygons["code"], polygons["name_th"], polygons["name_en"], strict=True)
    assert [(r["code"], r["name_th"], r["name_en"]) for r in rows] == list(named)


def test_subdistricts_add_up_to_the_register_of_their_district(rows):
    found = defaultdict(int)
    for row in rows:
        found[row["district_code"]] += row["population"]
    assert found == REGISTER
    assert sum(found.values()) == 697_679


def test_men_women_and_households_add_up_to_the_province(rows):
    assert sum(r["men"] for r in rows) == 337_970
    assert sum(r["women"] for r in rows) == 359_709
    assert sum(r["households"] for r in rows) == 310_381
    assert all(r["men"] + r["women"] == r["population"] for r in rows)


def test_the_register_of_2564_stands_beside(rows):
    assert sum(r["population_2564"] for r in rows) == 724_678
    mae_mo = {r["code"]: r["population_2564"] for r in rows if r["district_code"] == 5202}
    assert sum(mae_mo.values()) == 39_391
    assert mae_mo[520204] == 15_309


def test_no_subdistrict_moved_otherwise_than_its_district(rows):
    for code, people in REGISTER.items():
        own = [r for r in rows if r["district_code"] == code]
        factor = people / sum(r["population_2564"] for r in own)
        assert all(abs(r["population"] - factor * r["population_2564"]) < 1 for r in own)


def test_a_whole_is_dealt_out_by_largest_remainder():
    assert theme.dealt_out(10, [5, 3, 2]) == [5, 3, 2]
    assert theme.dealt_out(7, [5, 3, 2]) == [4, 2, 1]  # 3.5, 2.1, 1.4
    assert theme.dealt_out(0, [5, 3]) == [0, 0]


@needs_sources
def test_rebuilding_gives_the_committed_bytes(rebuilt):
    name = "subdistrict_people.csv"
    assert (rebuilt[0] / name).read_bytes() == (LAYERS / name).read_bytes()


@needs_sources
def test_the_catalog_states_the_accuracy_that_is_measured(rebuilt):
    catalog = read_catalog(LAYERS)
    assert {id: dict(catalog[id].accuracy) for id in rebuilt[1]} == rebuilt[1]
