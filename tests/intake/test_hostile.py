"""Shapes that are none, and archives that point elsewhere, are refused and nothing is written."""

import stat
import zipfile

import geopandas as gpd
import numpy as np
import pytest
import shapely

import maemoh_gis as mm
from maemoh_gis.core.errors import MaeMohError
from tests.intake.forest import forest_project
from tests.tiny import SOUTH, UTM, WEST

SAID = {"complete": "unknown", "as_of": 2568, "made_by": "An office", "licence": "own",
        "confidence": "L", "scenario": "tiny"}  # fmt: skip
NAN, HUGE = float("nan"), 1e300


def square(side):
    with np.errstate(invalid="ignore"):
        return shapely.Polygon([(WEST, SOUTH), (WEST + side, SOUTH), (WEST + side, SOUTH + side)])


def seen(folder):
    return {str(p): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def refused(project, source):
    before = seen(project.layers)
    with pytest.raises(MaeMohError) as error:
        mm.add_layer(source, "forest", layers=project.layers, scenarios=project.scenarios, **SAID)
    assert seen(project.layers) == before
    return error.value.faults


@pytest.mark.parametrize(
    "shape",
    [None, shapely.Polygon(), square(NAN), square(HUGE)],
    ids=["none", "empty", "nan", "huge"],
)
def test_a_layer_of_nothing_but_such_a_shape_is_refused(tmp_path, shape):
    frame = gpd.GeoDataFrame({"n": [1]}, geometry=np.array([shape], dtype=object), crs=UTM)
    assert refused(forest_project(tmp_path), frame)


def test_a_layer_far_from_the_land_it_is_stated_to_lie_in_is_refused(tmp_path):
    """Metres that are said to be degrees."""
    frame = gpd.GeoDataFrame({"n": [1]}, geometry=[square(1000)], crs="EPSG:4326")
    assert refused(forest_project(tmp_path), frame)


def test_a_link_in_an_archive_leads_nowhere(tmp_path):
    project = forest_project(tmp_path / "project")
    secret = tmp_path / "secret.geojson"
    gpd.GeoDataFrame({"n": [1]}, geometry=[square(1000)], crs=UTM).to_crs(4326).to_file(secret)
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        link = zipfile.ZipInfo("forest.geojson")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, str(secret))
    assert refused(project, packed)
