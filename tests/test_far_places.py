"""Places where the projection does not reach get the answer of other far places."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from maemoh_gis.core.errors import LayerError, RunError
from maemoh_gis.core.grid import Grid
from maemoh_gis.documents.schema import place_in
from maemoh_gis.files import sha256_of, write_text
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.layers.load import Layers
from maemoh_gis.network.graph import road_graph
from maemoh_gis.network.places import metres_to_network, with_places
from tests.network.lines import CRS, roads
from tests.tiny import ENTRY

GRID = Grid.covering((560_000, 2_000_000, 600_000, 2_040_000), crs=CRS, cell_m=100)
# EPSG:32647 gives infinity at the first two.
FAR = [(0.0, 0.0), (9.0, 0.0), (-170.0, 40.0), (2.35, 48.85), (99.0, 90.0), (99.0, -90.0)]
NOT_NUMBERS = [(np.nan, np.nan), (np.inf, 18.0), (99.7, -np.inf)]


@pytest.mark.parametrize(("lon", "lat"), FAR + NOT_NUMBERS)
def test_no_cell_is_there(lon, lat):
    assert GRID.cell_at(lon, lat) is None


@pytest.mark.parametrize(("lon", "lat"), FAR)
def test_a_place_there_is_far_from_the_network(lon, lat):
    graph = road_graph(roads([(0, 0), (1000, 0)]), CRS)
    frame = gpd.GeoDataFrame({"name_en": ["far", "near"]}, geometry=gpd.points_from_xy(
        [lon, 99.57], [lat, 18.27]), crs="EPSG:4326")  # fmt: skip
    with pytest.raises(LayerError) as caught:
        with_places(graph, frame, most_m=5_000)
    (fault,) = caught.value.faults
    assert (fault.code, fault.key) == ("place_far_from_network", "far")
    away = metres_to_network(graph, frame)
    assert away[0] > 1_000_000
    assert away[1] < 5_000


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("nan,nan", "18.296,99.752"),
        ("inf,99.7", "18.296,99.752"),
        ("999,999", "18.296,99.752"),
        ("99.7,18.3", "18.3,99.7"),
        ("1e400,1", "18.296,99.752"),
    ],
)
def test_what_is_no_place_on_the_globe_is_answered_with_one(written, expected):
    with pytest.raises(RunError) as caught:
        place_in(written, "--at")
    (fault,) = caught.value.faults
    assert (fault.code, fault.found, fault.expected) == ("not_a_place", written, expected)


def test_a_name_is_no_pair_of_numbers():
    assert place_in("Mae Mo", "--at") is None
    assert place_in("0,0", "--at") == (0.0, 0.0)


def test_a_layer_with_a_feature_there_is_refused_by_its_number(tmp_path):
    shapes = [shapely.Point(99.7, 18.3), shapely.Point(0, 0)]
    frame = gpd.GeoDataFrame({"name_en": ["here", "nowhere"]}, geometry=shapes, crs="EPSG:4326")
    path = tmp_path / "towns.geojson"
    write_text(path, frame.to_json())
    entry = ENTRY.format(id="towns", kind="points", complete="none", sha256=sha256_of(path))
    columns = "    columns:\n      name_en: {th: ก, en: a}\n"
    write_text(tmp_path / "catalog.yaml", f"version: 1\nlayers:\n{entry}{columns}")
    with pytest.raises(LayerError) as caught:
        Layers(read_catalog(tmp_path)).features("towns", CRS)
    (fault,) = caught.value.faults
    assert (fault.code, fault.values["rows"]) == ("feature_nowhere", "2")
