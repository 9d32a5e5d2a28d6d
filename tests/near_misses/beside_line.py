"""A straight level line through good land, from which tests take something away."""

import geopandas as gpd
import numpy as np
import shapely

from maemoh_gis.core.grid import Grid
from maemoh_gis.near_misses.stations import station_misses
from maemoh_gis.scenario.settings.yard_needs import YardNeeds
from maemoh_gis.yards.fit import LineSearch, YardSurroundings
from maemoh_gis.yards.land_under import YardLand
from maemoh_gis.yards.track_grade import LineHeights

CRS = "EPSG:32647"
NEEDS = YardNeeds(cell_m=5.0)
LENGTH_M = 3000.0


def stations(*at_m):
    names = [f"S{k}" for k in range(len(at_m))]
    points = [shapely.Point(x, 0) for x in at_m]
    return gpd.GeoDataFrame({"name_th": names, "name_en": names}, geometry=points, crs=CRS)


def world(closed=(), *, permille=0.0, roads=(), needs=NEEDS, line=None, at_m=(1500,)):
    """Land on cells as fine as those it is tested on."""
    grid = Grid.covering((-100, -400, LENGTH_M + 100, 400), crs=CRS, cell_m=needs.cell_m)
    usable = np.ones(grid.shape, bool)
    for shape in closed:
        west, south, east, north = shape.bounds
        rows = (grid.y > south) & (grid.y < north)
        usable[np.ix_(rows, (grid.x > west) & (grid.x < east))] = False
    land = YardLand(grid, usable, np.full(grid.shape, 0.8, np.float32))
    drawn = line or shapely.LineString([(0, 0), (LENGTH_M, 0)])
    rise = drawn.length * permille / 1000
    heights = LineHeights(
        np.array([0.0, drawn.length]), np.array([100.0, 100.0 + rise]), 0.001, surveyed=True
    )
    crossing = gpd.GeoDataFrame(
        {"class": ["secondary"] * len(roads)}, geometry=list(roads), crs=CRS
    )
    around = YardSurroundings(roads=crossing, stations=stations(*at_m), line_accuracy_m=0.0)
    return LineSearch(drawn, land, needs, heights, around)


def misses(search):
    verdicts = search.judge(*search.places())
    inside = np.ones(len(search.around.stations), bool)
    return station_misses(search, verdicts, inside)


def between(first, last):
    """Close all land but that between two chainages."""
    return shapely.box(-200, -500, first, 500), shapely.box(last, -500, 3200, 500)
