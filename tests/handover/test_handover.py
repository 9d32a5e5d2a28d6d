"""What a run hands over to QGIS, Excel and the field, read back by other means."""

import json
import sqlite3
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import rasterio
from PIL import ImageFont
from pyproj import CRS
from shapely.geometry import Point

import maemoh_gis
from maemoh_gis.core.errors import FormatError, RunError
from maemoh_gis.handover.geopackages import write_with_styles
from maemoh_gis.handover.hand import write_handover
from maemoh_gis.handover.handed import Handed
from maemoh_gis.pages.content import Style
from maemoh_gis.runs.report import finished

SARABUN = Path(maemoh_gis.__file__).parent / "office/vendor/sarabun/regular.ttf"
MM_A_POINT = 25.4 / 72
HOSTILE = "<script>alert(1)</script>\x00\x1b[31m&\"'"


@pytest.fixture(scope="module")
def files(small_run, small_project):
    return finished(small_run, small_project.catalog())


@pytest.fixture(scope="module", params=["th", "en"])
def handed(request, files, tmp_path_factory):
    folder = tmp_path_factory.mktemp("handed") / request.param
    write_handover(files, folder, language=request.param)
    return request.param, folder


KINDS = [f"{many}{one}" for many in ("", "Multi") for one in ("Point", "LineString", "Polygon")]
GEOPARQUET = {
    "type": "object",
    "required": ["version", "primary_column", "columns"],
    "properties": {
        "version": {"enum": ["1.0.0", "1.1.0"]},
        "primary_column": {"type": "string", "minLength": 1},
        "columns": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {
                "type": "object",
                "required": ["encoding", "geometry_types"],
                "properties": {
                    "encoding": {"const": "WKB"},
                    "geometry_types": {
                        "type": "array",
                        "uniqueItems": True,
                        "items": {"enum": [*KINDS, "GeometryCollection"]},
                    },
                    "crs": {"type": ["object", "null"]},
                    "edges": {"enum": ["planar", "spherical"]},
                    "orientation": {"const": "counterclockwise"},
                    "bbox": {
                        "type": "array",
                        "items": {"type": "number"},
                        "minItems": 4,
                        "maxItems": 4,
                    },
                },
            },
        },
    },
}
"""What GeoParquet 1.0 and 1.1 ask of the key `geo`, for flat features written as WKB."""


def project_of(folder):
    return ET.parse(next(folder.glob("*.qgs"))).getroot()


def test_every_layer_of_the_project_is_in_the_folder_and_says_its_licence(handed):
    _, folder = handed
    layers = project_of(folder).findall("projectlayers/maplayer")
    assert len(layers) > 10
    for layer in layers:
        file, _, name = layer.findtext("datasource").partition("|layername=")
        assert file.startswith("./")
        assert (folder / file).is_file()
        if name:
            known = {str(one) for one, _ in pyogrio.list_layers(folder / file)}
            assert name in known
            assert "ODbL" in layer.findtext("abstract") or file != "./ground_odbl.gpkg"


def test_layers_of_openstreetmap_are_a_database_of_their_own(handed, files):
    _, folder = handed
    inside = {
        name: {str(one) for one, _ in pyogrio.list_layers(folder / name)} - {"layer_styles"}
        for name in ("ground.gpkg", "ground_odbl.gpkg")
    }
    assert inside["ground_odbl.gpkg"]
    for name, layers in inside.items():
        for layer in layers:
            assert files.catalog[layer].licence.startswith("ODbL") == (name == "ground_odbl.gpkg")


def test_groups_stand_in_the_reader_s_language_with_what_was_found_first(handed):
    language, folder = handed
    groups = project_of(folder).findall("layer-tree-group/layer-tree-group")
    names = [group.get("name") for group in groups]
    assert len(names) == len(set(names)) >= 3
    assert ("ผลที่คำนวณได้" in names[0]) == (language == "th")
    listed = [leaf.get("id") for group in groups for leaf in group]
    assert sorted(listed) == sorted(
        layer.findtext("id") for layer in project_of(folder).findall("projectlayers/maplayer")
    )


def test_each_geopackage_brings_the_style_of_each_of_its_layers(handed):
    _, folder = handed
    for path in folder.glob("*.gpkg"):
        layers = {str(one) for one, kind in pyogrio.list_layers(path) if kind is not None}
        with sqlite3.connect(path) as database:
            styles = dict(
                database.execute(
                    "SELECT f_table_name, styleQML FROM layer_styles "
                    "WHERE useAsDefault AND f_geometry_column = 'geom'"
                )
            )
        assert set(styles) == layers
        for name, style in styles.items():
            headed = {alias.get("field") for alias in ET.fromstring(style).iter("alias")}
            assert headed == set(pyogrio.read_info(path, layer=name)["fields"])


def test_classes_are_the_fifths_of_the_score_with_the_colour_of_their_style(handed, files):
    _, folder = handed
    for use in files.uses:
        with (
            rasterio.open(folder / f"classes_{use}.tif") as classes,
            rasterio.open(files.folder / f"score_{use}.tif") as scores,
            rasterio.open(files.folder / f"limits_{use}.tif") as limits,
        ):
            assert classes.dtypes == ("uint8",)
            assert (classes.shape, classes.crs) == (scores.shape, scores.crs)
            assert classes.transform == scores.transform
            code, score, state = classes.read(1), scores.read(1), limits.read(1)
            palette = classes.colormap(1)
        rows = [
            (state == 1) & np.isfinite(score),
            (state == 2) & np.isfinite(score),
        ]
        for first, here in zip((1, 6), rows, strict=True):
            lower = (code[here] - first) / 5
            assert np.all(score[here] >= lower - 1e-6)
            assert np.all(score[here] <= lower + 0.2 + 1e-6)
        assert np.all(code[state == 3] == 11)
        assert np.all(code[(state == 4) | ((state < 3) & (state > 0) & np.isnan(score))] == 12)
        assert np.all(code[state == 0] == 0)
        style = ET.parse(folder / f"classes_{use}.qml").getroot()
        for entry in style.iter("paletteEntry"):
            red, green, blue, _ = palette[int(entry.get("value"))]
            assert entry.get("color") == f"#{red:02x}{green:02x}{blue:02x}"


def test_the_statistics_beside_a_score_are_those_of_its_cells(handed, files):
    _, folder = handed
    for use in files.uses:
        told = ET.parse(folder / f"score_{use}.tif.aux.xml").getroot()
        said = {one.get("key"): float(one.text) for one in told.iter("MDI")}
        with rasterio.open(folder / f"score_{use}.tif") as dataset:
            score = dataset.read(1).astype(float)
        known = score[np.isfinite(score)]
        assert said["STATISTICS_MEAN"] == pytest.approx(known.mean(), rel=1e-5)
        assert said["STATISTICS_MAXIMUM"] == pytest.approx(known.max(), rel=1e-5)
        assert said["STATISTICS_STDDEV"] == pytest.approx(known.std(), rel=1e-5)


def test_the_workbook_has_a_sheet_of_each_layer_found_with_headings_in_words(handed, files):
    language, folder = handed
    with zipfile.ZipFile(folder / "tables.xlsx") as book:
        words = book.read("xl/sharedStrings.xml").decode()
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    layers = [str(one) for one, kind in pyogrio.list_layers(folder / "found.gpkg") if kind]
    assert len(sheets) == len(layers)
    assert ("เนื้อที่ (ไร่)" in words) == (language == "th")
    assert "area_rai" not in words


def test_the_field_file_holds_every_site_where_it_lies(handed, files):
    _, folder = handed
    for use in files.uses:
        sites = files.features("sites.gpkg", f"sites_{use}")
        if sites is None:
            continue
        places = [
            str(name)
            for name, _ in pyogrio.list_layers(folder / "field.kml")
            if files.uses[use]["title"]["th"][:12] in name or files.uses[use]["title"]["en"] in name
        ]
        read = gpd.read_file(folder / "field.kml", layer=places[0])
        assert len(read) == len(sites)
        apart = read.to_crs(sites.crs).centroid.distance(sites.centroid.reset_index(drop=True))
        assert apart.max() < 1.0


def test_the_longest_name_has_room_in_the_legend_of_both_pages(handed):
    """Sign, the gaps about it, and the name in Sarabun stay within what the page leaves."""
    _, folder = handed
    letters = ImageFont.truetype(str(SARABUN), 1000)
    names = [one.findtext("layername") for one in project_of(folder).iter("maplayer")]
    longest = max(letters.getlength(name) / 1000 for name in names)
    for page in project_of(folder).iter("Layout"):
        legend = next(one for one in page.iter("LayoutItem") if one.get("wrapChar") is not None)
        points = max(
            float(style.find("styleFont").get("description").split(",")[1])
            for style in legend.iter("style")
            if style.get("name") == "symbolLabel"
        )
        gaps_mm = 2 * 2.0 + 2 * 2.0
        needed = longest * points * MM_A_POINT + float(legend.get("symbolWidth")) + gaps_mm
        assert needed <= float(legend.get("size").split(",")[0]), page.get("name")


def test_the_same_run_gives_the_same_folder(files, tmp_path):
    first = write_handover(files, tmp_path / "one", language="th")
    write_handover(files, tmp_path / "two", language="th")
    for path in first:
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_a_folder_that_stands_is_kept_unless_asked_and_a_language_must_be_one(files, tmp_path):
    kept = tmp_path / "there"
    kept.mkdir()
    (kept / "mine.txt").write_text("mine")
    with pytest.raises(RunError) as refused:
        write_handover(files, kept, language="th")
    assert refused.value.faults[0].code == "out_exists"
    with pytest.raises(RunError) as refused:
        write_handover(files, kept, language="th", over=True)
    assert refused.value.faults[0].code == "not_own_folder"
    assert (kept / "mine.txt").read_text() == "mine"
    with pytest.raises(FormatError):
        write_handover(files, tmp_path / "other", language="lao")
    assert not (tmp_path / "other").exists()


def test_texts_of_a_layer_are_texts_in_styles_whatever_they_hold(tmp_path):
    frame = gpd.GeoDataFrame({"name": [HOSTILE]}, geometry=[Point(5e5, 2e6)], crs="EPSG:32647")
    layer = Handed(
        "own", HOSTILE, frame, {"name": HOSTILE}, Style(), "place", "own", HOSTILE, HOSTILE, "L",
        label="name",
    )  # fmt: skip
    write_with_styles(tmp_path / "own.gpkg", [layer])
    with sqlite3.connect(tmp_path / "own.gpkg") as database:
        (style,) = database.execute("SELECT styleQML FROM layer_styles").fetchone()
    alias = next(ET.fromstring(style).iter("alias"))
    assert alias.get("name") == "<script>alert(1)</script>[31m&\"'"


def test_the_item_names_every_file_of_the_folder_and_where_and_which_year_it_is(handed, files):
    _, folder = handed
    item = json.loads((folder / "item.json").read_text(encoding="utf-8"))
    kept = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.suffix not in {".qml", ".xml", ".json"} and path.is_file()
    }
    assert set(item["assets"]) == kept
    assert item["properties"]["start_datetime"] == f"{files.record['year'] - 543}-01-01T00:00:00Z"
    west, south, east, north = item["bbox"]
    for package in folder.glob("*.gpkg"):
        for name, kind in pyogrio.list_layers(package):
            if kind is not None:
                least_x, least_y, most_x, most_y = (
                    gpd.read_file(package, layer=name).to_crs("EPSG:4326").total_bounds
                )
                assert west - 1e-5 <= least_x <= most_x <= east + 1e-5
                assert south - 1e-5 <= least_y <= most_y <= north + 1e-5


def test_the_item_keeps_the_schema_of_stac(handed):
    """Held against the schemas that pystac brings along, without a network."""
    validation = pytest.importorskip("pystac.validation")
    errors = pytest.importorskip("pystac.errors")
    _, folder = handed
    item = json.loads((folder / "item.json").read_text(encoding="utf-8"))
    assert validation.validate_dict(item)
    with pytest.raises(errors.STACValidationError):
        validation.validate_dict({**item, "bbox": "everywhere"})


def test_rasters_are_cloud_optimized(handed):
    cogeo = pytest.importorskip("rio_cogeo.cogeo")
    _, folder = handed
    rasters = sorted(folder.glob("*.tif"))
    assert rasters
    for path in rasters:
        assert cogeo.cog_validate(path, strict=True) == (True, [], []), path.name


def test_geoparquet_is_valid_and_holds_the_features_of_the_geopackages(files, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    schema = pytest.importorskip("jsonschema")
    folder = tmp_path / "handed"
    write_handover(files, folder, language="th", parquet=True)
    written = sorted((folder / "geoparquet").iterdir())
    known = {
        str(name): package
        for package in folder.glob("*.gpkg")
        for name, kind in pyogrio.list_layers(package)
        if kind is not None
    }
    assert {path.stem for path in written} == set(known)
    for path in written:
        told = json.loads(parquet.read_schema(path).metadata[b"geo"])
        schema.validate(told, GEOPARQUET)
        assert told["primary_column"] in parquet.read_schema(path).names
        assert CRS(told["columns"]["geometry"]["crs"]) == CRS("EPSG:32647")
        found, same = gpd.read_parquet(path), gpd.read_file(known[path.stem], layer=path.stem)
        assert found.crs == same.crs
        assert found.geometry.geom_equals(same.geometry).all(), path.name
    item = json.loads((folder / "item.json").read_text(encoding="utf-8"))
    assert {f"geoparquet/{path.name}" for path in written} <= set(item["assets"])


def test_without_its_library_geoparquet_is_refused_before_anything_is_written(
    files, tmp_path, monkeypatch
):
    monkeypatch.setattr("maemoh_gis.handover.hand.find_spec", lambda _: None)
    with pytest.raises(RunError) as refused:
        write_handover(files, tmp_path / "none", language="th", parquet=True)
    assert [(one.code, one.found) for one in refused.value.faults] == [("extra_missing", "pyarrow")]
    assert not (tmp_path / "none").exists()
