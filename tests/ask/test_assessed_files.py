"""Polygons of one's own, as people have them: read right, or refused with what helps."""

import geopandas as gpd
import pyogrio
import pytest
import shapely

from maemoh_gis.ask.explain import assess
from maemoh_gis.core.errors import MaeMohError
from maemoh_gis.files import write_text
from maemoh_gis.runs.finished import open_run
from maemoh_gis.runs.run import run
from tests.tiny import SIDE, SOUTH, UTM, WEST, write_project

PLOT = shapely.box(WEST + 6000, SOUTH + 6000, WEST + 7000, SOUTH + 7000)


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    folder = tmp_path_factory.mktemp("assessed")
    project = write_project(folder, [shapely.Point(WEST + SIDE / 2, SOUTH + SIDE / 2)])
    run(project, "tiny", folder / "run", pages=False)
    return open_run(folder / "run", project.catalog())


def lonlat(shape):
    return gpd.GeoSeries([shape], crs=UTM).to_crs("EPSG:4326").iloc[0]


def write(path, *geometries, properties="{}"):
    features = ",".join(
        f'{{"type":"Feature","properties":{properties},"geometry":{shapely.to_geojson(one)}}}'
        for one in geometries
    )
    write_text(path, f'{{"type":"FeatureCollection","features":[{features}]}}')
    return path


def codes(ask):
    with pytest.raises(MaeMohError) as stopped:
        ask()
    return [fault.code for fault in stopped.value.faults]


def scores(found):
    return [explained for _, explained in found]


def test_the_same_plot_written_otherwise_has_the_same_score(opened, tmp_path):
    plain = assess(opened, write(tmp_path / "plain.geojson", lonlat(PLOT)))
    far = shapely.LineString([(99, 18), (99.01, 18.01)])
    nested = shapely.GeometryCollection([far, shapely.GeometryCollection([lonlat(PLOT)])])
    high = shapely.force_3d(lonlat(PLOT), 300.0)
    for name, shape in (("nested", nested), ("high", high)):
        assert scores(assess(opened, write(tmp_path / f"{name}.geojson", shape))) == scores(plain)


@pytest.mark.parametrize("place", ["swapped", "null island"])
def test_a_plot_in_the_wrong_place_is_told_to_look_at_the_order(opened, tmp_path, place):
    plot = lonlat(PLOT)
    shape = {
        "swapped": shapely.transform(plot, lambda xy: xy[:, ::-1]),
        "null island": shapely.box(0, 0, 0.01, 0.01),
    }[place]
    path = write(tmp_path / "plot.geojson", shape)
    assert codes(lambda: assess(opened, path)) == ["feature_outside"]


def test_attributes_may_be_lists_and_objects(opened, tmp_path):
    path = write(tmp_path / "a.geojson", lonlat(PLOT), properties='{"l":[1,2],"d":{"a":1}}')
    ((attributes, _),) = assess(opened, path)
    assert (attributes["l"], attributes["d"]) == ("[1, 2]", '{"a": 1}')


def test_a_package_of_several_layers_must_be_told_which(opened, tmp_path):
    path = tmp_path / "plots.gpkg"
    for name, shape in (("old", PLOT), ("new", shapely.affinity.translate(PLOT, 500))):
        frame = gpd.GeoDataFrame({"name": [name]}, geometry=[shape], crs=UTM)
        pyogrio.write_dataframe(frame, path, layer=name, driver="GPKG", append=path.exists())
    assert codes(lambda: assess(opened, path)) == ["several_tables"]
    assert codes(lambda: assess(opened, path, table="newest")) == ["unknown_table"]
    ((attributes, _),) = assess(opened, path, table="new")
    assert attributes["name"] == "new"


def test_thai_names_of_an_old_shapefile(opened, tmp_path):
    path = tmp_path / "plot.shp"
    frame = gpd.GeoDataFrame({"name": ["แปลงที่ ๑"]}, geometry=[PLOT], crs=UTM)
    pyogrio.write_dataframe(frame, path, driver="ESRI Shapefile", encoding="cp874")
    path.with_suffix(".cpg").unlink()
    dbf = bytearray(path.with_suffix(".dbf").read_bytes())
    dbf[29] = 0
    path.with_suffix(".dbf").write_bytes(bytes(dbf))
    assert codes(lambda: assess(opened, path)) == ["encoding_not_stated"]
    ((attributes, _),) = assess(opened, path, encoding="cp874")
    assert attributes["name"] == "แปลงที่ ๑"
