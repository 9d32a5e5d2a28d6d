"""Public places: each once, of a kind, with what is not known of them left open."""

import pytest

from maemoh_gis import files
from maemoh_gis.layers.catalog import read_catalog
from pack import public_places as theme
from tests.layers.bundled import same_file
from tests.paths import LAYERS, SOURCES

needs_sources = pytest.mark.skipif(SOURCES is None, reason="the fuller sources are not here")
KINDS = {
    "school", "college", "temple", "church", "shrine", "place_of_worship", "hospital",
    "health_centre", "police", "market", "government_office",
}  # fmt: skip


@pytest.fixture(scope="module")
def places():
    return files.read_vector(LAYERS / "public_places.geojson").to_crs("EPSG:32647")


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    out = tmp_path_factory.mktemp("public_places")
    for name in ("subdistricts.geojson", "land_cover.tif"):
        (out / name).write_bytes((LAYERS / name).read_bytes())
    return out, theme.build(SOURCES, out)


def _mapped(name, *, kind=("school", "school"), lon="99.70", lat="18.40", within="TH520201"):
    return {
        "class": kind[0], "subclass": kind[1], "name": name, "subdistrict_pcode": within,
        "lon": lon, "lat": lat,
    }  # fmt: skip


def _merged(*rows):
    return theme.merged(list(theme.mapped_places(rows)))


def test_every_place_has_a_kind_and_lies_in_the_province(places):
    assert set(places["kind"]) == KINDS
    province = files.read_vector(LAYERS / "districts.geojson").to_crs("EPSG:32647").union_all()
    assert (places.distance(province) < 150).all()


def test_all_13_district_offices_are_there_each_in_its_district(places):
    offices = places[places["office"] == "district"]
    served = offices["name"].str.removeprefix("ที่ว่าการอำเภอ")
    assert set(served) == set(files.read_vector(LAYERS / "districts.geojson")["name_th"])
    assert (served == offices["district_name_th"]).all()


def test_no_place_is_there_twice(places):
    named = places[places["name"].notna()]
    for _, same in named.groupby(["kind", "name"]):
        apart = [same.drop(i).distance(place).min() for i, place in same.geometry.items()]
        assert len(same) == 1 or min(apart) > theme.SAME_PLACE_M - 15


def test_a_place_without_a_name_is_of_low_confidence(places):
    nameless = places[places["name"].isna()]
    assert (nameless["confidence"] == "L").all()
    assert len(nameless) == read_catalog(LAYERS)["public_places"].accuracy["without_name"]


def test_the_point_and_the_outline_of_a_place_are_one():
    one = _merged(_mapped("โรงเรียนบ้านดง"), _mapped("โรงเรียน บ้านดง", lon="99.701"))
    assert [place.name_th for place in one] == ["โรงเรียนบ้านดง"]
    two = _merged(_mapped("โรงเรียนบ้านดง"), _mapped("โรงเรียนบ้านดง", lon="99.702"))
    assert len(two) == 2


def test_two_names_within_150_m_are_two_places_unless_on_one_spot():
    assert len(_merged(_mapped("วัดเวียง"), _mapped("วัดดง", lon="99.701"))) == 2
    assert len(_merged(_mapped("วัดไชยมงคล"), _mapped("วัดชัยมงคล", lon="99.7001"))) == 1


def test_a_place_without_a_name_takes_that_of_its_kind_beside_it():
    found = _merged(_mapped(""), _mapped("โรงเรียนบ้านดง", lon="99.701"))
    assert [place.name_th for place in found] == ["โรงเรียนบ้านดง"]
    worship = ("place_of_worship", "place_of_worship")
    assert len(_merged(_mapped(""), _mapped("", kind=worship))) == 2


@pytest.mark.parametrize(
    ("kind", "name", "told"),
    [
        (("place_of_worship", "place_of_worship"), "วัดดง", "temple"),
        (("place_of_worship", "place_of_worship"), "", "place_of_worship"),
        (("hospital", "hospital"), "อนามัยบ้านห้วยเรียน", "health_centre"),
        (("school", "school"), "วิทยาลัยเทคนิคลำปาง", "college"),
        (("school", "school"), "ศูนย์พัฒนาเด็กเล็กผาลาด", "school"),
    ],
)
def test_what_a_name_says_goes_before_its_class(kind, name, told):
    assert [place.kind for place in theme.mapped_places([_mapped(name, kind=kind)])] == [told]


def test_what_is_no_public_place_or_not_in_the_province_is_left_out():
    rows = [
        _mapped("สนามกีฬากลาง จ.ลำปาง"),
        _mapped("กาแฟ", kind=("cafe", "cafe")),
        _mapped("โรงเรียนบ้านดง", within=""),
    ]
    assert list(theme.mapped_places(rows)) == []


def test_an_office_outside_what_it_serves_is_of_low_confidence():
    def office(code, within):
        row = {
            "office_type": "TAOOffice", "unit_type": "Tambon", "name_th": "บ้านดง",
            "name_en": "Ban Dong", "geocode": code, "in_subdistrict_pcode": within,
            "lon": "99.7", "lat": "18.4",
        }  # fmt: skip
        return [place.confidence for place in theme.listed_offices([row])]

    assert office("520201", "TH520201") == ["M"]
    assert office("520201", "TH520202") == ["L"]
    assert office("5202", "TH520201") == ["M"]
    assert office("5202", "TH520301") == ["L"]
    assert office("5298", "TH520102") == ["M"]
    assert office("520201", "") == []


@needs_sources
def test_rebuilding_gives_the_committed_bytes(rebuilt):
    name = "public_places.geojson"
    assert same_file(rebuilt[0] / name, LAYERS / name)


@needs_sources
def test_the_catalog_states_the_accuracy_that_is_measured(rebuilt):
    catalog = read_catalog(LAYERS)
    assert {id: dict(catalog[id].accuracy) for id in rebuilt[1]} == rebuilt[1]
