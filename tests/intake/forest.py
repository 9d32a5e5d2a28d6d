"""A made-up square with a limit that waits for its map, and forests in files of many kinds."""

import geopandas as gpd
import numpy as np
import shapely

from maemoh_gis.core.crs import shifted_between
from maemoh_gis.files import read_text, write_text
from tests.tiny import SIDE, SOUTH, UTM, WEST, write_project

WAITING = """limits:
  forest:
    title: {th: ป่าสงวน, en: Reserved forest}
    ground: law
    basis: {th: ทดสอบ, en: A test}
    outcome: removed
    needs: {th: แนวเขต, en: The boundary}
"""
OLD, WAY = "EPSG:24047", "EPSG:1304"
# Edges lie between the middles of cells, so that a centimetre changes no cell.
LAND = [
    shapely.box(WEST + 1030, SOUTH + 1030, WEST + 3030, SOUTH + 3030),
    shapely.box(WEST + 6030, SOUTH + 1030, WEST + 7030, SOUTH + 2030),
]
FOREST_CELLS = 20 * 20 + 10 * 10


def forest_project(folder):
    """Write the square, one thing in its corner, and a scenario whose limit `forest` waits."""
    half = shapely.box(WEST, SOUTH, WEST + SIDE / 2, SOUTH + SIDE)
    project = write_project(folder, [shapely.Point(WEST, SOUTH)], west=[half])
    path = project.scenarios / "tiny.yaml"
    write_text(path, read_text(path).replace("limits:\n", WAITING))
    return project


def forest(**columns):
    given = columns or {"ชื่อป่า": ["ป่าแม่เมาะ", "ป่าแม่จาง"], "วันที่": ["31/12/2566", "1/1/2568"]}
    return gpd.GeoDataFrame(given, geometry=LAND, crs=UTM)


def on_old_datum(frame):
    """Bring features to Indian 1975 by the parameters of 62 stations."""
    way = shifted_between(OLD, UTM, WAY, back=True)
    shapes = np.asarray(frame.geometry.array, dtype=object)
    moved = shapely.transform(shapes, lambda xy: np.column_stack(way(xy[:, 0], xy[:, 1])))
    return frame.set_geometry(moved).set_crs(OLD, allow_override=True)


def shapefile(path, frame):
    """Write a shapefile as an old office did: code page 874, and nothing says so."""
    frame.to_file(path, encoding="cp874")
    path.with_suffix(".cpg").unlink()
    table = path.with_suffix(".dbf")
    content = bytearray(table.read_bytes())
    content[29] = 0
    table.write_bytes(bytes(content))
    return path


def as_shapefile(folder):
    return shapefile(folder / "forest.shp", on_old_datum(forest()))


def as_geopackage(folder):
    forest().to_file(folder / "forest.gpkg", layer="forest")
    return folder / "forest.gpkg"


def as_geojson(folder):
    forest().to_crs("EPSG:4326").to_file(folder / "forest.geojson", COORDINATE_PRECISION=9)
    return folder / "forest.geojson"


def as_kml(folder):
    forest().to_crs("EPSG:4326").to_file(folder / "forest.kml", driver="LIBKML")
    return folder / "forest.kml"


WRITERS = {
    "shapefile": as_shapefile,
    "geopackage": as_geopackage,
    "geojson": as_geojson,
    "kml": as_kml,
}
