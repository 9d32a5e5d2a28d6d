"""Villages by name and the few that are placed: nothing matched that two could have been."""

from collections import Counter

import pytest

from maemoh_gis import files
from maemoh_gis.layers.catalog import read_catalog
from pack import villages as theme
from pack.land_cover import CODES
from pack.place_names import name_key
from tests.layers.bundled import same_file, table
from tests.paths import LAYERS, SOURCES

needs_sources = pytest.mark.skipif(SOURCES is None, reason="the fuller sources are not here")


@pytest.fixture(scope="module")
def names():
    return files.read_csv(LAYERS / "village_names.csv")


@pytest.fixture(scope="module")
def points():
    return files.read_vector(LAYERS / "village_points.geojson")


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    out = tmp_path_factory.mktemp("villages")
    for name in ("subdistricts.geojson", "settlements.geojson", "district_statistics.csv"):
        (out / name).write_bytes((LAYERS / name).read_bytes())
    return out, theme.build(SOURCES, out)


def _village(code, name_th, name_en="", subdistrict="TH520201"):
    return {
        "village_code": code, "adm3_pcode": subdistrict, "name_th": name_th, "name_en": name_en,
    }  # fmt: skip


def _mapped(name, lon="99.70", lat="18.40", subdistrict="TH520201"):
    return {"name": name, "subdistrict_pcode": subdistrict, "lon": lon, "lat": lat}


def test_there_are_973_names_each_with_a_code_of_its_own(names):
    assert len({row["code"] for row in names}) == len(names) == 973
    assert sum(row["code"].startswith("5202") for row in names) == 44
    codes = {str(code) for code in files.read_vector(LAYERS / "subdistricts.geojson")["code"]}
    assert {row["subdistrict_code"] for row in names} <= codes


def test_located_names_are_those_that_have_a_point(names, points):
    located = {int(row["code"]) for row in names if row["located"] == "yes"}
    assert located == set(points["code"])
    assert {row["located"] for row in names} == {"yes", "no"}


def test_points_lie_in_or_at_the_edge_of_their_subdistrict(points):
    areas = files.read_vector(LAYERS / "subdistricts.geojson").to_crs("EPSG:32647")
    area_of = areas.set_index("code").geometry
    placed = points.to_crs("EPSG:32647")
    away = [
        place.distance(area_of[code])
        for place, code in zip(placed.geometry, placed["subdistrict_code"], strict=True)
    ]
    assert max(away) < 150


def test_coverage_counts_the_names_and_the_points_of_every_subdistrict(names, points):
    rows = table("village_coverage")
    assert len(rows) == 100
    named = Counter(row["subdistrict_code"] for row in names)
    placed = Counter(str(code) for code in points["subdistrict_code"])
    for row in rows:
        assert (row["named"], row["located"]) == (named[str(row["code"])], placed[str(row["code"])])


def test_the_catalog_says_how_many_of_how_many_are_placed(points):
    known = read_catalog(LAYERS)["village_points"].known
    assert [(one.n, one.of) for one in known] == [(len(points), 973)]


def test_most_placed_villages_stand_on_built_up_or_open_land(points):
    with files.open_raster(LAYERS / "land_cover.tif") as source:
        places = points.to_crs("EPSG:32647").geometry
        found = [v[0] for v in source.sample(zip(places.x, places.y, strict=True))]
    assert sum(code in (CODES["built_up"], CODES["open_land"]) for code in found) > 0.9 * len(found)


def test_a_village_is_placed_where_one_settlement_bears_its_name():
    villages = [_village("52020101", "บ้านดง"), _village("52020102", "บ้านท่าสี")]
    assert set(theme.locate(villages, [_mapped("บ้าน ดง")])) == {"52020101"}


def test_a_name_borne_twice_in_a_subdistrict_places_neither():
    villages = [_village("52020101", "บ้านดง"), _village("52020102", "บ้านดง")]
    assert theme.locate(villages, [_mapped("ดง")]) == {}


def test_two_settlements_of_one_name_apart_place_no_village():
    apart = [_mapped("บ้านดง"), _mapped("ดง", lon="99.71")]
    assert theme.locate([_village("52020101", "บ้านดง")], apart) == {}
    near = [_mapped("บ้านดง"), _mapped("ดง", lon="99.701")]
    assert set(theme.locate([_village("52020101", "บ้านดง")], near)) == {"52020101"}


def test_a_settlement_of_another_subdistrict_or_tone_is_another():
    villages = [_village("52020101", "บ้านปางอ่า")]
    assert theme.locate(villages, [_mapped("บ้านปางอ้า")]) == {}
    assert theme.locate(villages, [_mapped("บ้านปางอ่า", subdistrict="TH520202")]) == {}


def test_each_of_several_names_and_the_latin_one_place_a_village():
    villages = [_village("52020101", "บ้านป่าขาม, บ้านร่มโพธิ์งาม", "Ban Pa Kham, Ban Rom Pho")]
    for name in ("ร่มโพธิ์งาม", "Ban Pa Kham"):
        assert set(theme.locate(villages, [_mapped(name)])) == {"52020101"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("บ้านลํ\N{THAI CHARACTER SARA AA}ปาง", "ล\N{THAI CHARACTER SARA AM}ปาง"),
        ("วัดปันง้าว(ม.)", "วัด ปันง้าว"),
        ("BAN Huai-Pet", "Huai Pet"),
    ],
)
def test_spelling_makes_no_other_name(one, other):
    assert name_key(one) == name_key(other)


@needs_sources
def test_rebuilding_gives_the_committed_bytes(rebuilt):
    for name in ("village_names.csv", "village_points.geojson", "village_coverage.csv"):
        assert same_file(rebuilt[0] / name, LAYERS / name)


@needs_sources
def test_the_catalog_states_the_accuracy_that_is_measured(rebuilt):
    catalog = read_catalog(LAYERS)
    assert {id: dict(catalog[id].accuracy) for id in rebuilt[1]} == rebuilt[1]
