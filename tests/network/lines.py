"""Small networks that tests are built from."""

import geopandas as gpd
from shapely import LineString, Point

from maemoh_gis.network import terrain
from maemoh_gis.network.graph import join_rail
from maemoh_gis.network.linehaul import add_linehaul
from maemoh_gis.network.places import Ground

CRS = "EPSG:32647"
X, Y = 560_000.0, 2_020_000.0
"""A place near Mae Moh; coordinates of tests are counted in metres from here."""


def roads(*lines, kph=60.0, **columns):
    shapes = [LineString([(X + x, Y + y) for x, y in line]) for line in lines]
    return gpd.GeoDataFrame({"speed_kph": [kph] * len(shapes), **columns}, geometry=shapes, crs=CRS)


def points(**places):
    shapes = [Point(X + x, Y + y) for x, y in places.values()]
    return gpd.GeoDataFrame({"name_en": list(places)}, geometry=shapes, crs=CRS)


def joined(road, rail, transfers):
    """Give a copy of roads joined with rails."""
    both = road.copy()
    join_rail(Ground(both), rail, transfers)
    return both


def with_linehaul(graph, *stated):
    """Give a copy with stated ways, and the statements that made none."""
    more = graph.copy()
    return more, add_linehaul(more, *stated)


def over_terrain(graph, *how, **options):
    """Give a copy slowed down by the ground."""
    slow = graph.copy()
    terrain.over_terrain(Ground(slow), *how, **options)
    return slow
