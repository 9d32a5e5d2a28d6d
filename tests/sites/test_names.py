"""A site is called by its number and the subdistrict most of it lies in."""

import geopandas as gpd
import pytest
from shapely import box

from maemoh_gis.sites.names import Subdistricts, name_of

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
    def __init__(self, frame=None):
        self.frame = frame
        self.catalog = Catalog(*([] if frame is None else ["subdistricts"]))

    def features(self, name, crs):
        assert (name, crs) == ("subdistricts", "EPSG:32647")
        return self.frame


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
    assert name_of(3, place(box(10, 10, 20, 20))) == {
        "th": "พื้นที่ทางเลือก 3 (ต.สบป้าด อ.แม่เมาะ)",
        "en": "Candidate site 3 (Sop Pat, Mae Mo district)",
    }


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
