"""Features of whatever file: read as the layer's kind has them, or refused by name."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

from maemoh_gis.core.errors import FileError, FormatError, LayerError, MaeMohError
from maemoh_gis.files import checksum_of, read_vector, write_text
from maemoh_gis.layers.audit import audit_folder
from maemoh_gis.layers.audit.gate import require_sound
from maemoh_gis.layers.catalog import Catalog, read_catalog
from maemoh_gis.layers.features import attributes_of, given_twice, of_kind
from maemoh_gis.layers.load import Layers

ENTRY = """version: 1
layers:
  places:
    title: {{th: ทดสอบ, en: A test}}
    kind: {kind}
    path: {path}
    crs: {crs}
    nature: observed
    confidence: H
    complete_within: none
    source: made for a test
    licence: CC0-1.0
    as_of: 2569
    retrieved: "2569-11-21"
    caution: {{th: ทดสอบ, en: A test}}
    sha256: "{sha256}"
"""
POINTS = [shapely.Point(99.7, 18.3), shapely.Point(99.8, 18.4)]
SQUARE = shapely.box(99.7, 18.3, 99.8, 18.4)
LINE = shapely.LineString([(99.1, 18.1), (99.2, 18.2)])


HOLE_OUTSIDE = (
    '{"type":"Polygon","coordinates":[[[99,18],[99.2,18],[99.2,18.2],[99,18.2],[99,18]],'
    "[[99.5,18.5],[99.6,18.5],[99.6,18.6],[99.5,18.5]]]}"
)


def described(path: Path, kind: str, more: str = "", crs: str = "EPSG:4326") -> Catalog:
    """Describe a file in a catalog beside it."""
    entry = ENTRY.format(kind=kind, path=path.name, crs=crs, sha256=checksum_of(path))
    write_text(path.parent / "catalog.yaml", entry + more)
    return read_catalog(path.parent)


def geojson(path: Path, *shapes, properties='{"n":1}') -> Path:
    written = ",".join(
        f'{{"type":"Feature","properties":{properties},"geometry":'
        f"{shape if isinstance(shape, str) else shapely.to_geojson(shape)}}}"
        for shape in shapes
    )
    write_text(path, f'{{"type":"FeatureCollection","features":[{written}]}}')
    return path


def read(catalog: Catalog) -> gpd.GeoDataFrame:
    """Read the layer as a run would: the gate first."""
    require_sound(catalog, ["places"])
    return Layers(catalog).features("places", "EPSG:4326")


def refused(ask) -> list[str]:
    with pytest.raises(MaeMohError) as stopped:
        ask()
    return [fault.code for fault in stopped.value.faults]


def shapes_of(frame: gpd.GeoDataFrame) -> list[object]:
    return list(frame.geometry)


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [("points", POINTS[0]), ("lines", LINE), ("polygons", SQUARE)],
)
@pytest.mark.parametrize("deep", [1, 2, 5])
def test_of_a_collection_the_parts_of_the_kind_stay_however_deep(tmp_path, kind, wanted, deep):
    whole = shapely.GeometryCollection([POINTS[0], LINE, SQUARE])
    for _ in range(deep - 1):
        whole = shapely.GeometryCollection([whole])
    catalog = described(geojson(tmp_path / "a.geojson", whole), kind)
    assert shapes_of(read(catalog)) == [wanted]
    said = [f.code for f in audit_folder(tmp_path).findings if f.severity == "warns"]
    assert sorted(said) == ["column_not_described", "parts_left_out"]


def test_no_part_of_a_collection_is_lost():
    parts = [shapely.box(n, 0, n + 0.5, 1) for n in range(4)]
    nested = shapely.GeometryCollection(
        [parts[0], shapely.GeometryCollection([shapely.MultiPolygon(parts[1:3]), parts[3]])]
    )
    (found,) = of_kind(np.array([nested], dtype=object), "polygons")
    assert shapely.get_num_geometries(found) == 4
    assert found.area == pytest.approx(2.0)


def test_a_collection_without_a_part_of_the_kind_is_refused(tmp_path):
    catalog = described(
        geojson(tmp_path / "a.geojson", shapely.GeometryCollection([LINE])), "points"
    )
    assert refused(lambda: read(catalog)) == ["geometry_kind"]


def test_heights_change_neither_the_place_nor_the_crs(tmp_path):
    high = shapely.force_3d(np.array(POINTS), 350.0)
    catalog = described(geojson(tmp_path / "a.geojson", *high, properties="{}"), "points")
    found = read(catalog)
    assert shapes_of(found) == POINTS
    assert not found.has_z.any()


@pytest.mark.parametrize(
    ("shape", "kind", "code"),
    [
        ('{"type":"Polygon","coordinates":[[[99,18],[99.1,18],[99.1,18.1]]]}', "polygons",
         "geometry_missing"),
        ('{"type":"Polygon","coordinates":[]}', "polygons", "geometry_missing"),
        ("null", "points", "geometry_missing"),
        (HOLE_OUTSIDE, "polygons", "geometry_invalid"),
        ('{"type":"LineString","coordinates":[[99,18],[99,18]]}', "lines", "geometry_invalid"),
    ],
    ids=["ring not closed", "empty", "null", "hole outside its shell", "no length"],
)  # fmt: skip
def test_a_shape_that_is_none_is_refused(tmp_path, shape, kind, code):
    sound = {"points": POINTS[0], "lines": LINE, "polygons": SQUARE}[kind]
    catalog = described(geojson(tmp_path / "a.geojson", sound, shape), kind)
    assert code in refused(lambda: read(catalog))


@pytest.mark.parametrize("x", [np.inf, -np.inf, np.nan])
def test_a_place_that_is_nowhere_is_refused(tmp_path, x):
    frame = gpd.GeoDataFrame(geometry=[*POINTS, shapely.Point(x, 18.3)], crs="EPSG:4326")
    pyogrio.write_dataframe(frame, tmp_path / "a.gpkg", driver="GPKG")
    assert refused(lambda: read(described(tmp_path / "a.gpkg", "points")))[0] in {
        "geometry_invalid", "geometry_missing", "outside_region",
    }  # fmt: skip


def test_a_feature_given_twice_counts_once(tmp_path):
    catalog = described(geojson(tmp_path / "a.geojson", *POINTS, POINTS[0]), "points")
    assert shapes_of(read(catalog)) == POINTS
    assert "feature_twice" in [f.code for f in audit_folder(tmp_path).findings]


def test_features_of_one_place_that_say_otherwise_are_two():
    """The first is repeated to the letter; where nothing lies nothing is repeated."""
    at = [POINTS[0], POINTS[0], POINTS[0], POINTS[1], None, None]
    said = {"name": ["a", "b", "a", "a", "a", "a"], "size": [1.0, 1.0, 1.0, 1.0, None, None]}
    frame = gpd.GeoDataFrame(said, geometry=at, crs="EPSG:4326", index=[3, 3, 3, 9, 9, 9])
    assert given_twice(frame).tolist() == [False, False, True, False, False, False]


def test_a_file_is_read_once_for_its_check_and_its_use(tmp_path, monkeypatch):
    read_files = []
    catalog = described(geojson(tmp_path / "a.geojson", *POINTS), "points")
    monkeypatch.setattr(
        "maemoh_gis.layers.features.read_vector",
        lambda path, *more: read_files.append(path) or read_vector(path, *more),
    )
    assert attributes_of(catalog, "places")["n"].tolist() == [1, 1]
    assert shapes_of(read(catalog)) == POINTS
    assert len(read_files) == 1
    geojson(tmp_path / "a.geojson", POINTS[0])
    catalog = described(tmp_path / "a.geojson", "points")
    assert shapes_of(read(catalog)) == [POINTS[0]]
    assert len(read_files) == 2


def package(path: Path, *names: str) -> Path:
    for at, name in enumerate(names):
        frame = gpd.GeoDataFrame({"n": [at]}, geometry=[POINTS[at]], crs="EPSG:4326")
        pyogrio.write_dataframe(frame, path, layer=name, driver="GPKG", append=path.exists())
    return path


def test_a_package_of_several_layers_must_be_told_which(tmp_path):
    path = package(tmp_path / "a.gpkg", "old", "new")
    assert refused(lambda: read(described(path, "points"))) == ["several_tables"]
    for name, wanted in (("old", POINTS[0]), ("new", POINTS[1])):
        assert shapes_of(read(described(path, "points", f"    table: {name}\n"))) == [wanted]
    assert refused(lambda: read(described(path, "points", "    table: newer\n"))) == [
        "unknown_table"
    ]


def test_tables_beside_the_one_layer_are_no_layers(tmp_path):
    import pandas as pd

    path = tmp_path / "a.gpkg"
    styles = pd.DataFrame({"style": ["<qgis/>"]})
    pyogrio.write_dataframe(styles, path, layer="layer_styles", driver="GPKG")
    package(path, "new")
    assert shapes_of(read(described(path, "points"))) == [POINTS[0]]


def shapefile(path: Path, encoding: str, cpg: str | None) -> Path:
    frame = gpd.GeoDataFrame({"NAME_T": ["แปลงที่ ๑", "plot"]}, geometry=POINTS, crs="EPSG:4326")
    pyogrio.write_dataframe(frame, path, driver="ESRI Shapefile", encoding=encoding)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    dbf = bytearray(path.with_suffix(".dbf").read_bytes())
    dbf[29] = 0  # no language driver, as old programs write
    path.with_suffix(".dbf").write_bytes(bytes(dbf))
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg)
    return path


def test_a_thai_code_page_must_be_stated(tmp_path):
    path = shapefile(tmp_path / "a.shp", "cp874", None)
    with pytest.raises(FileError) as stopped:
        read_vector(path)
    (fault,) = stopped.value.faults
    assert (fault.code, fault.found, fault.expected) == ("encoding_not_stated", "แปลงที่", "cp874")
    assert refused(lambda: read(described(path, "points"))) == ["encoding_not_stated"]
    stated = described(path, "points", "    encoding: cp874\n")
    assert list(read(stated)["NAME_T"]) == ["แปลงที่ ๑", "plot"]


@pytest.mark.parametrize(
    ("encoding", "cpg"), [("cp874", "874"), ("utf-8", None), ("utf-8", "UTF-8")]
)
def test_a_code_page_that_is_stated_or_certain_is_read(tmp_path, encoding, cpg):
    path = shapefile(tmp_path / "a.shp", encoding, cpg)
    assert list(read(described(path, "points"))["NAME_T"]) == ["แปลงที่ ๑", "plot"]


def test_a_code_page_nobody_knows_is_a_fault_of_the_catalog(tmp_path):
    path = shapefile(tmp_path / "a.shp", "utf-8", None)
    assert refused(lambda: described(path, "points", "    encoding: thaicode\n")) == [
        "unknown_encoding"
    ]


CSV = "ชื่อ,lon,lat,moo,code\nบ้านดง,99.7,18.3,1,0101\nบ้านจำปุย,99.8,18.4,,0102\n"
WHERE = "    coordinates: {x: lon, y: lat}\n"


def test_points_come_out_of_a_table(tmp_path):
    write_text(tmp_path / "a.csv", CSV)
    found = read(described(tmp_path / "a.csv", "points", WHERE))
    assert shapes_of(found) == POINTS
    assert list(found["ชื่อ"]) == ["บ้านดง", "บ้านจำปุย"]
    assert found["moo"].iloc[0] == 1
    assert np.isnan(found["moo"].iloc[1])
    assert list(found["code"]) == ["0101", "0102"]


def test_a_table_of_points_must_say_where_they_are(tmp_path):
    write_text(tmp_path / "a.csv", CSV)
    assert refused(lambda: described(tmp_path / "a.csv", "points")) == ["csv_without_coordinates"]
    assert refused(lambda: described(tmp_path / "a.csv", "lines", WHERE)) == [
        "coordinates_only_for_csv"
    ]


@pytest.mark.parametrize(
    "cell", ["", "n/a", "nan", "inf", "1e400", "99,7", "๙๙.๗", "99.7E", "-", "+", ".", "e5"]
)
def test_a_place_that_is_no_number_is_named_by_row_and_column(tmp_path, cell):
    write_text(tmp_path / "a.csv", CSV.replace("99.8", f'"{cell}"'))
    catalog = described(tmp_path / "a.csv", "points", WHERE)
    with pytest.raises(LayerError) as stopped:
        read(catalog)
    (fault,) = stopped.value.faults
    assert fault.file == f"{tmp_path.name}/a.csv"
    assert (fault.code, fault.key, fault.line) == ("cell_not_number", "places.lon", 3)


@pytest.mark.parametrize("cell", ["-", "+", ".", "e5", "1e400", "007", "+5", " 5"])
def test_a_column_of_a_table_of_points_that_is_no_number_stays_text(tmp_path, cell):
    write_text(tmp_path / "a.csv", f"name,lon,lat,moo\na,99.7,18.3,{cell}\nb,99.8,18.4,{cell}\n")
    found = read(described(tmp_path / "a.csv", "points", WHERE))
    assert list(found["moo"]) == [cell, cell]


def test_swapped_columns_of_a_table_are_swapped_axes(tmp_path):
    write_text(tmp_path / "a.csv", CSV)
    catalog = described(tmp_path / "a.csv", "points", "    coordinates: {x: lat, y: lon}\n")
    assert refused(lambda: read(catalog)) == ["axes_swapped"]


def test_lists_of_a_file_become_texts(tmp_path):
    path = geojson(
        tmp_path / "a.geojson", POINTS[0], properties='{"l":[1,2],"d":{"ก":1},"s":["a"]}'
    )
    found = read_vector(path)
    assert [found[name].iloc[0] for name in ("l", "d", "s")] == ["[1, 2]", '{"ก": 1}', '["a"]']


def test_a_table_is_no_layer_of_features(tmp_path):
    write_text(tmp_path / "a.geojson", "a,b\n1,2\n")
    with pytest.raises(FormatError):
        described(tmp_path / "a.geojson", "points", WHERE)
    write_text(tmp_path / "a.csv", CSV)
    with pytest.raises(FileError):
        read_vector(tmp_path / "a.csv")
