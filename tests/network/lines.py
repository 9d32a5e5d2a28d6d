"""Small networks that tests are built from."""

import geopandas as gpd
from shapely import LineString, Point

CRS = "EPSG:32647"
X, Y = 560_000.0, 2_020_000.0
"""A place near Mae Moh; coordinates of tests are counted in metres from here."""


def roads(*lines, kph=60.0, **columns):
    shapes = [LineString([(X + x, Y + y) for x, y in line]) for line in lines]
    return gpd.GeoDataFrame({"speed_kph": [kph] * len(shapes), **columns}, geometry=shapes, crs=CRS)


def points(**places):
    shapes = [Point(X + x, Y + y) for x, y in places.values()]
    return gpd.GeoDataFrame({"name_en": list(places)}, geometry=shapes, crs=CRS)
