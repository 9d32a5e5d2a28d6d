"""The bundled district and subdistrict polygons: complete, tight and of the right size."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from maemoh_gis import files
from maemoh_gis.core.errors import LayerError
from pack import areas
from tests.paths import LAYERS, SOURCES

needs_sources = pytest.mark.skipif(SOURCES is None, reason="the fuller sources are not here")

OFFICIAL_PROVINCE_RAI = 7_833_726
LIST_OF_CODES = "facts/lampang_tambon_codes_postcodes.csv"


def rai(frame: gpd.GeoDataFrame) -> np.ndarray:
    return frame.to_crs("EPSG:32647").area.to_numpy() / 1600


@pytest.fixture(scope="module")
def districts() -> gpd.GeoDataFrame:
    return files.read_vector(LAYERS / "districts.geojson")


@pytest.fixture(scope="module")
def subdistricts() -> gpd.GeoDataFrame:
    return files.read_vector(LAYERS / "subdistricts.geojson")


def test_there_are_13_valid_districts_and_100_valid_subdistricts(districts, subdistricts):
    assert (len(districts), len(subdistricts)) == (13, 100)
    assert districts.is_valid.all()
    assert subdistricts.is_valid.all()
    assert set(districts.geom_type) | set(subdistricts.geom_type) == {"Polygon"}


def test_districts_carry_the_codes_5201_to_5213(districts):
    assert list(districts["code"]) == list(range(5201, 5214))


def test_every_subdistrict_code_begins_with_its_district_code(subdistricts):
    assert subdistricts["code"].is_unique
    assert list(subdistricts["code"] // 100) == list(subdistricts["district_code"])


@pytest.mark.parametrize("name", ["districts", "subdistricts"])
def test_polygons_leave_no_gaps_and_do_not_overlap(name):
    shapes = files.read_vector(LAYERS / f"{name}.geojson").geometry.values
    assert shapely.coverage_is_valid(shapes)
    whole = shapely.union_all(shapes)
    assert whole.geom_type == "Polygon"
    assert not whole.interiors
    assert shapely.area(shapes).sum() == pytest.approx(whole.area, rel=1e-12)


def test_subdistricts_fill_their_district_exactly(districts, subdistricts):
    for code, shape in zip(districts["code"], districts.geometry, strict=True):
        parts = subdistricts.geometry[subdistricts["district_code"] == code]
        assert shapely.equals(shapely.union_all(parts.to_numpy()), shape)


def test_the_province_is_within_half_a_percent_of_its_official_area(districts):
    assert rai(districts).sum() == pytest.approx(OFFICIAL_PROVINCE_RAI, rel=0.005)


def test_the_area_column_is_the_area_of_the_polygon(districts, subdistricts):
    for frame in (districts, subdistricts):
        assert np.abs(rai(frame) - frame["area_rai_polygon"]).max() <= 0.5


def test_published_areas_of_all_districts_are_compared_with_their_polygons(districts):
    published = {
        int(row["code"]): float(row["area_rai_published"])
        for row in files.read_csv(LAYERS / "district_statistics.csv")
    }
    assert len(published) == 13
    for code, polygon, printed, difference in zip(
        districts["code"],
        rai(districts),
        districts["area_rai_published"],
        districts["area_difference_percent"],
        strict=True,
    ):
        assert printed == published[code]
        assert difference == pytest.approx(100 * (polygon - printed) / printed, abs=0.051)


def test_the_polygon_of_mae_mo_is_shown_14_7_percent_larger_than_published(districts):
    mae_mo = districts.set_index("code").loc[5202]
    assert mae_mo["area_rai_published"] == 599_469
    assert mae_mo["area_rai_polygon"] == pytest.approx(687_396, rel=0.0005)
    assert mae_mo["area_difference_percent"] == 14.7


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (99.752, 18.296, 520204),  # Mae Moh power plant, tambon Mae Mo
        (99.763986, 18.250747, 520205),  # health centre of Sop Pat
        (99.752858, 18.423946, 520201),  # Ban Tha Si, tambon Ban Dong
    ],
)
def test_known_places_lie_in_their_subdistrict(subdistricts, lon, lat, code):
    inside = subdistricts.contains(shapely.Point(lon, lat))
    assert list(subdistricts["code"][inside]) == [code]


def test_mae_mo_station_lies_in_the_district_of_mae_mo(districts):
    inside = districts.contains(shapely.Point(99.70704, 18.26140))
    assert list(districts["code"][inside]) == [5202]


def test_names_are_thai_and_spelt_as_the_province_spells_them(districts, subdistricts):
    thai = [*districts["name_th"], *subdistricts["name_th"], *subdistricts["district_name_th"]]
    assert all("ก" <= letter <= "๛" for name in thai for letter in name)
    assert {"แม่เมาะ", "งาว", "แจ้ห่ม", "ห้างฉัตร"} <= set(districts["name_th"])
    assert not {"แม่เม่า", "องาว"} & set(thai)


def test_wang_sai_kham_is_romanised_from_its_thai_name(subdistricts):
    row = subdistricts.set_index("code").loc[520708]
    assert (row["name_th"], row["name_en"]) == ("วังทรายคำ", "Wang Sai Kham")


def test_both_layers_together_stay_below_700_kilobytes():
    sizes = [(LAYERS / f"{n}.geojson").stat().st_size for n in ("districts", "subdistricts")]
    assert sum(sizes) < 700_000


def test_thinning_keeps_the_border_of_two_neighbours_identical():
    wavy = [(500_000 + (i % 3) * 10, 2_000_000 + i * 500) for i in range(41)]
    west = shapely.Polygon([*wavy, (480_000, 2_020_000), (480_000, 2_000_000)])
    east = shapely.Polygon([*wavy, (520_000, 2_020_000), (520_000, 2_000_000)])
    thin = areas.generalised(np.array([west, east]), 300.0)
    assert shapely.coverage_is_valid(thin)
    assert shapely.get_num_coordinates(thin).sum() < 20
    assert shapely.intersection(*thin).length > 0


def test_overlapping_polygons_are_refused():
    with pytest.raises(LayerError):
        areas.generalised(np.array([shapely.box(0, 0, 9, 9), shapely.box(5, 0, 14, 9)]), 1.0)


def test_area_difference_is_counted_from_the_published_area():
    assert areas.area_difference_percent(687_396, 599_469) == pytest.approx(14.67, abs=0.005)
    assert areas.area_difference_percent(90, 100) == pytest.approx(-10)


@needs_sources
def test_every_district_is_within_half_a_percent_of_its_full_polygon(districts):
    full = files.read_vector(SOURCES / "reference" / "lampang_amphoe_codab.geojson")
    full = full.sort_values("ADM2_PCODE")
    assert np.abs(rai(districts) / rai(full) - 1).max() < 0.005


@needs_sources
def test_names_and_postcodes_are_those_of_the_list_of_codes(subdistricts):
    listed = {int(r["subdistrictCode"]): r for r in files.read_csv(SOURCES / LIST_OF_CODES)}
    for row in subdistricts.itertuples():
        fact = listed[row.code]
        assert row.name_th == fact["subdistrictNameTh"]
        assert row.district_name_th == fact["districtNameTh"]
        assert str(row.postcode) == fact["postalCode"]


@needs_sources
def test_boundary_file_and_list_of_codes_agree_on_every_thai_name(subdistricts):
    full = files.read_vector(SOURCES / "reference" / "lampang_tambon_codab.geojson")
    named = dict(zip(full["ADM3_PCODE"].str[2:].astype(int), full["ADM3_TH"], strict=True))
    assert dict(zip(subdistricts["code"], subdistricts["name_th"], strict=True)) == named


@needs_sources
def test_building_again_gives_the_bundled_bytes(tmp_path):
    measured = areas.build(SOURCES, tmp_path)
    for name in ("districts.geojson", "subdistricts.geojson"):
        assert (tmp_path / name).read_bytes() == (LAYERS / name).read_bytes()
    assert measured["districts"]["largest_area_change_percent"] < 0.5
    assert measured["subdistricts"]["border_offset_max_m"] < 120
    assert measured["districts"]["province_area_difference_percent"] == pytest.approx(-0.37)
