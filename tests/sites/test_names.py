"""A site is called by its number and the subdistrict most of it lies in."""

import geopandas as gpd
import pytest
from shapely import Point, box

from maemoh_gis.sites.names import Landmarks, Names, Subdistricts

AREAS = gpd.GeoDataFrame(
    {
        "name_th": ["สบป้าด", "บ้านดง"], "name_en": ["Sop Pat", "Ban Dong"],
        "district_name_th": ["แม่เมาะ"] * 2, "district_name_en": ["Mae Mo"] * 2,
    },
    geometry=[box(0, 0, 100, 100), box(100, 0, 200, 100)],
    crs="EPSG:32647",
)  # fmt: skip


class Catalog:
    def __init__(self, *names):
        self.layers = names

    def read_from(self, name):
        return [name]


class Layers:
    def __init__(self, frame=None, **frames):
        self.frames = frames if frame is None else {"subdistricts": frame, **frames}
        self.catalog = Catalog(*self.frames)

    def features(self, name, crs):
        assert crs == "EPSG:32647"
        return self.frames[name]


def place(shape, frame=AREAS):
    return Subdistricts.of(Layers(frame), "EPSG:32647").place_of(shape)


@pytest.mark.parametrize(
    ("shape", "name"),
    [(box(10, 10, 20, 20), "Sop Pat"), (box(90, 10, 130, 20), "Ban Dong")],
    ids=["inside", "mostly in the next"],
)
def test_the_subdistrict_most_of_a_site_lies_in_names_it(shape, name):
    assert place(shape)["en"] == f"{name}, Mae Mo district"


def test_a_name_is_an_officers_in_thai_and_plain_in_english():
    named = Names.of(Layers(AREAS), "EPSG:32647").of_shape("name", 3, box(10, 10, 20, 20))
    assert (
        named.name
        == named.at_length
        == {
            "th": "พื้นที่ทางเลือก 3 (ต.สบป้าด อ.แม่เมาะ)",
            "en": "Candidate site 3 (Sop Pat, Mae Mo district)",
        }
    )
    assert named.near is None


@pytest.mark.parametrize(
    "frame",
    [None, AREAS.iloc[:0], AREAS.drop(columns="district_name_th")],
    ids=["no layer", "empty", "no districts"],
)
def test_without_names_of_subdistricts_the_place_is_not_known(frame):
    assert place(box(10, 10, 20, 20), frame)["en"] == "subdistrict not known"


def test_land_outside_every_subdistrict_is_in_none():
    assert place(box(900, 900, 910, 910))["en"] == "subdistrict not known"


@pytest.mark.parametrize("empty", [None, float("nan"), "", " "])
@pytest.mark.parametrize("column", ["name_th", "district_name_en"])
def test_a_subdistrict_without_a_name_is_no_word_of_the_program(column, empty):
    frame = AREAS.assign(**{column: [empty, "x"]})
    assert place(box(10, 10, 20, 20), frame)["th"] == place(box(900, 900, 910, 910))["th"]


SEAT = gpd.GeoDataFrame(
    {"name_th": ["แม่เมาะ"], "name_en": ["Mae Mo"]}, geometry=[Point(0, 0)], crs="EPSG:32647"
)
STATION = SEAT.assign(geometry=[Point(20_000, 0)])


def near(east, north, **frames):
    frames = frames or {"district_seats": SEAT, "stations": STATION}
    return Landmarks.of(Layers(**frames), "EPSG:32647").near(box(east, north, east, north))


@pytest.mark.parametrize(
    ("at", "way"),
    [((0, 4000), "north"), ((2800, 2800), "north-east"), ((4000, 0), "east"),
     ((2800, -2800), "south-east"), ((0, -4000), "south"), ((-2800, -2800), "south-west"),
     ((-4000, 0), "west"), ((-2800, 2800), "north-west"), ((-1500, 3700), "north")],
)  # fmt: skip
def test_a_place_is_told_by_the_way_from_the_nearest_that_people_know(at, way):
    assert near(*at)["en"] == f"about 4 km {way} of the seat of Mae Mo district"


def test_the_nearest_is_told_whatever_its_kind_and_under_a_kilometre_no_way():
    assert near(13_000, 0)["en"] == "about 7 km west of Mae Mo railway station"
    assert near(20_000, 400) == {
        "th": "ห่างสถานีรถไฟแม่เมาะไม่ถึง 1 กม.",
        "en": "less than 1 km from Mae Mo railway station",
    }


@pytest.mark.parametrize(
    "frames",
    [{"unread": SEAT}, {"stations": STATION.iloc[:0]}, {"stations": STATION.assign(name_en=None)},
     {"stations": STATION.drop(columns="name_th")}],
    ids=["no layer", "empty", "no name in English", "no column of names"],
)  # fmt: skip
def test_without_known_places_nothing_is_told_of_them(frames):
    assert near(0, 0, **frames) is None
