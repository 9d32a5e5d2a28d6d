"""What is read holds its own content: nothing beside it, nothing it points to, no network."""

import contextlib
import http.server
import json
import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from pyproj import CRS
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import Affine

from maemoh_gis import files
from maemoh_gis.core.errors import FileError, LayerError, MaeMohError
from maemoh_gis.layers.audit import audit_folder
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.project import Project
from tests.tiny import SIDE, SOUTH, UTM, WEST, write_project

HEIGHTS = np.arange(12, dtype=np.float32).reshape(3, 4)


class Counting(http.server.BaseHTTPRequestHandler):
    """Answers nothing and counts who asks."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(404)
        self.end_headers()

    do_HEAD = do_POST = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """Listen on this machine; gives the address and the requests that came."""
    handler = type("Handler", (Counting,), {"asked": []})
    listening = http.server.HTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listening.server_port}", handler.asked
    listening.shutdown()
    listening.server_close()


def write_heights(path: Path, **more: object) -> Path:
    profile: dict[str, object] = {
        "driver": "GTiff", "height": 3, "width": 4, "count": 1, "dtype": "float32", "crs": UTM,
        "nodata": -1.0, "transform": Affine(100, 0, WEST, 0, -100, SOUTH + SIDE),
    }  # fmt: skip
    with rasterio.open(path, "w", **{**profile, **more}) as out:
        out.write(HEIGHTS, 1)
    return path


def pointers(address: str, target: Path) -> dict[str, str]:
    """Give texts that GDAL would follow to a file elsewhere or into a network."""
    raw = (
        '<VRTDataset rasterXSize="4" rasterYSize="4"><VRTRasterBand dataType="Byte" band="1" '
        'subClass="VRTRawRasterBand"><SourceFilename relativeToVRT="0">{}</SourceFilename>'
        "<ImageOffset>0</ImageOffset><PixelOffset>1</PixelOffset><LineOffset>4</LineOffset>"
        "</VRTRasterBand></VRTDataset>"
    )
    point = {"type": "Point", "coordinates": [99.7, 18.3]}
    link = {"type": "link", "properties": {"href": f"{address}/crs", "type": "proj4"}}
    feature = {"type": "Feature", "properties": {}, "geometry": point}
    collection = {"type": "FeatureCollection", "features": [feature]}
    ogr = (
        '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>{}</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>"
    )
    return {
        "raw vrt": raw.format(target),
        "vrt over http": raw.format(f"/vsicurl/{address}/a.tif"),
        "wms": f'<GDAL_WMS><Service name="TMS"><ServerUrl>{address}/${{z}}</ServerUrl></Service>'
        "<DataWindow><SizeX>64</SizeX><SizeY>64</SizeY></DataWindow></GDAL_WMS>",
        "ogr vrt": ogr.format(target),
        "ogr vrt to wfs": ogr.format(f"WFS:{address}/wfs"),
        "wfs": f"<OGRWFSDataSource><URL>{address}/wfs</URL></OGRWFSDataSource>",
        "vrt inside kml": "<kml><!-- " + ogr.format(target) + " --></kml>",
        "crs link": json.dumps({**collection, "crs": link}),
        "crs link of a geometry": json.dumps({**feature, "geometry": {**point, "crs": link}}),
        "crs link in escapes": json.dumps({**collection, "crs": link}).replace("crs", "\\u0063rs"),
        "crs given twice": json.dumps(collection)[:-1]
        + f', "crs": {json.dumps(link)}, "crs": {{"type": "name"}}}}',
        "gdal command": '{"type": "gdal_streamed_alg", "command_line": "gdal vector read '
        f'{target}"}}',
        "gdal command in a collection": '{"type": "FeatureCollection", "features": [], "type": '
        f'"gdal_streamed_alg", "command_line": "gdal vector read {target}"}}',
    }


KINDS_OF_POINTERS = list(pointers("", Path()))


@pytest.mark.parametrize("kind", KINDS_OF_POINTERS)
@pytest.mark.parametrize("name", ["a.tif", "a.geojson", "a.vrt"])
def test_what_points_elsewhere_is_not_followed(
    kind: str, name: str, tmp_path: Path, server: tuple[str, list[str]]
) -> None:
    address, asked = server
    target = tmp_path / "elsewhere.geojson"
    target.write_text('{"type": "Point", "coordinates": [1, 2]}')
    path = tmp_path / name
    path.write_text(pointers(address, target)[kind])
    with pytest.raises(FileError):
        files.raster_at(path)
    with pytest.raises(FileError):
        files.read_vector(path)
    assert asked == []


@pytest.mark.parametrize("kind", KINDS_OF_POINTERS)
def test_no_check_of_a_project_asks_the_network(
    kind: str, tmp_path: Path, server: tuple[str, list[str]]
) -> None:
    address, asked = server
    project = write_project(tmp_path, [shapely.Point(WEST, SOUTH)])
    things = project.layers / "things.geojson"
    was = files.sha256_of(things)
    things.write_text(pointers(address, project.layers / "study.geojson")[kind])
    catalog = project.layers / "catalog.yaml"
    catalog.write_text(catalog.read_text().replace(was, files.sha256_of(things)))
    report = audit_folder(project.layers)
    refused = {"layer_unreadable", "vector_format", "geojson_link"}
    assert refused & {fault.code for fault in report.findings if fault.blocks}
    with pytest.raises(MaeMohError):
        Layers(read_catalog(project.layers)).features("things", UTM)
    assert asked == []


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "shp", "fgb"])
def test_the_formats_that_are_read(ending: str, tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"name": ["แม่เมาะ"]}, geometry=[shapely.Point(99.7, 18.3)], crs=4326)
    path = tmp_path / f"a.{ending}"
    frame.to_file(path, encoding="utf-8")
    assert files.read_vector(path)["name"].tolist() == ["แม่เมาะ"]


def test_a_geojson_with_a_named_crs_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    gpd.GeoDataFrame(geometry=[shapely.Point(WEST, SOUTH)], crs=UTM).to_file(path)
    assert '"crs"' in path.read_text()
    assert files.read_vector(path).crs.to_epsg() == 32647


@pytest.mark.parametrize("what", ["pipe", "folder", "device"])
def test_what_has_no_end_is_no_file(what: str, tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    if what == "pipe":
        os.mkfifo(path)
    elif what == "folder":
        path.mkdir()
    else:
        path.symlink_to("/dev/zero")
    for read in (files.sha256_of, files.read_bytes, files.raster_at, files.read_vector):
        with pytest.raises(FileError) as caught:
            read(path)
        assert caught.value.faults[0].code == "not_a_file"


def things_of(folder: Path) -> tuple[Project, Path]:
    project = write_project(folder / "project", [shapely.Point(WEST, SOUTH)])
    return project, project.layers / "things.geojson"


def test_a_link_that_leaves_the_project_is_refused(tmp_path: Path) -> None:
    project, things = things_of(tmp_path)
    shutil.move(things, tmp_path / "elsewhere.geojson")
    things.symlink_to(tmp_path / "elsewhere.geojson")
    with pytest.raises(LayerError) as caught:
        Layers(read_catalog(project.layers)).features("things", UTM)
    assert caught.value.faults[0].code == "file_outside"
    assert caught.value.faults[0].line is not None


def test_a_link_within_the_project_is_followed(tmp_path: Path) -> None:
    project, things = things_of(tmp_path)
    shutil.move(things, project.layers / "kept.geojson")
    things.symlink_to("kept.geojson")
    assert len(Layers(read_catalog(project.layers)).features("things", UTM)) == 1


def test_a_file_one_may_not_read_is_not_called_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, things = things_of(tmp_path)
    opened = Path.open

    def refused(path: Path, *args: object, **more: object) -> object:
        if path.name == things.name:
            raise PermissionError(13, "Permission denied")
        return opened(path, *args, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(LayerError) as caught:
        Layers(read_catalog(project.layers)).features("things", UTM)
    fault = caught.value.faults[0]
    assert fault.code == "cannot_read"
    assert fault.found == "things.geojson → Permission denied"


SIDE_FILES = {
    "a.tif.aux.xml": "<PAMDataset><GeoTransform>0, 1, 0, 0, 0, -1</GeoTransform><PAMRasterBand "
    'band="1"><NoDataValue>5</NoDataValue><Scale>7</Scale></PAMRasterBand></PAMDataset>',
    "a.tfw": "7\n0\n0\n-7\n1\n1\n",
    "a.tif.msk": None,
    "a.tif.ovr": None,
}


@pytest.mark.parametrize("side_file", SIDE_FILES)
def test_no_side_file_changes_a_raster(side_file: str, tmp_path: Path) -> None:
    path = write_heights(tmp_path / "a.tif", transform=Affine(100, 0, WEST, 0, -100, SOUTH))
    content = SIDE_FILES[side_file]
    if content is None:
        write_heights(tmp_path / "b.tif")
        shutil.move(tmp_path / "b.tif", tmp_path / side_file)
    else:
        (tmp_path / side_file).write_text(content)
    with files.open_raster(path) as read:
        assert read.transform == Affine(100, 0, WEST, 0, -100, SOUTH)
        assert read.nodata == -1.0
        assert read.scales == (1.0,)
        assert not read.overviews(1)
        assert (read.read_masks(1) > 0).all()


def test_a_world_file_places_no_raster(tmp_path: Path) -> None:
    with pytest.warns(NotGeoreferencedWarning):
        path = write_heights(tmp_path / "a.tif", transform=Affine.identity(), crs=None)
    (tmp_path / "a.tfw").write_text("7\n0\n0\n-7\n1\n1\n")
    with files.open_raster(path) as read:
        assert read.transform == Affine.identity()


def shapefile(folder: Path) -> Path:
    frame = gpd.GeoDataFrame({"code": ["A"]}, geometry=[shapely.Point(WEST, SOUTH)], crs=UTM)
    frame.to_file(folder / "soil.shp")
    return folder / "soil.shp"


@pytest.mark.parametrize("part", [".shp", ".shx", ".dbf", ".prj", ".cpg"])
def test_every_part_of_a_shapefile_is_in_its_checksum(part: str, tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    before = files.checksum_of(path, inside=tmp_path)
    with path.with_suffix(part).open("ab") as stream:
        stream.write(b" ")
    assert files.checksum_of(path, inside=tmp_path) != before


def test_the_checksum_of_a_shapefile_is_that_of_the_list_of_its_parts(tmp_path: Path) -> None:
    import hashlib

    path = shapefile(tmp_path)
    (tmp_path / "soil.qix").write_text("an index")
    (tmp_path / "soils.dbf").write_text("another's")
    names = ["soil.cpg", "soil.dbf", "soil.prj", "soil.shp", "soil.shx"]
    listed = "".join(
        f"{hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()}  {name}\n" for name in names
    )
    expected = hashlib.sha256(listed.encode()).hexdigest()
    assert files.checksum_of(path, inside=tmp_path) == expected


def test_a_geopackage_with_changes_beside_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    gpd.GeoDataFrame(geometry=[shapely.Point(99.7, 18.3)], crs=4326).to_file(path)
    (tmp_path / "a.gpkg-wal").write_bytes(b"more")
    with pytest.raises(FileError) as caught:
        files.read_vector(path)
    assert caught.value.faults[0].code == "geopackage_open"


NAMED = {"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [1, 2]}},
]}  # fmt: skip


@pytest.mark.parametrize(
    "crs",
    [
        {"type": "name", "properties": {"name": "the one of the office"}},
        {"type": "name", "properties": {"name": "{address}/crs"}},
        {"type": "name", "properties": {}},
        {"type": "EPSG", "properties": {"code": 999_999}},
    ],
)
def test_a_crs_nobody_knows_is_not_taken_for_wgs_84(
    crs: dict[str, object], tmp_path: Path, server: tuple[str, list[str]]
) -> None:
    address, asked = server
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({**NAMED, "crs": crs}).replace("{address}", address))
    with pytest.raises(FileError) as caught:
        files.read_vector(path)
    assert caught.value.faults[0].code == "geojson_crs_unknown"
    assert asked == []


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:32647",
                                  "urn:ogc:def:crs:EPSG::24047"])  # fmt: skip
def test_a_crs_that_is_known_by_name_is_taken(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    crs = {"type": "name", "properties": {"name": name}}
    path.write_text(json.dumps({**NAMED, "crs": crs}))
    assert files.read_vector(path).crs.equals(CRS(name), ignore_axis_order=True)


@pytest.mark.parametrize("where", ["shapefile", "geopackage", "ascii grid"])
def test_an_address_in_place_of_a_crs_asks_nobody(
    where: str, tmp_path: Path, server: tuple[str, list[str]]
) -> None:
    address, asked = server
    if where == "shapefile":
        path = shapefile(tmp_path)
        path.with_suffix(".prj").write_text(f"{address}/prj")
        assert files.read_vector(path).crs is None
    elif where == "geopackage":
        path = tmp_path / "a.gpkg"
        gpd.GeoDataFrame(geometry=[shapely.Point(99.7, 18.3)], crs=4326).to_file(path)
        with contextlib.closing(sqlite3.connect(path)) as content, content:
            content.execute(
                "update gpkg_spatial_ref_sys set definition = ?, organization = 'NONE' "
                "where srs_id = 4326",
                (f"{address}/crs",),
            )
        assert files.read_vector(path).crs is None
    else:
        path = tmp_path / "a.asc"
        path.write_text("ncols 2\nnrows 1\nxllcorner 0\nyllcorner 0\ncellsize 10\n1 2\n")
        path.with_suffix(".prj").write_text(f"{address}/prj")
        with files.open_raster(path) as read:
            assert read.crs is None
    assert asked == []
