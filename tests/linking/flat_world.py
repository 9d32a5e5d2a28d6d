"""A square of level, open land with a road along one side, to which tests add what they ask of."""

import dataclasses

import geopandas as gpd
import numpy as np
import shapely

from maemoh_gis.core.grid import Grid
from maemoh_gis.linking.ground import OUTSIDE, Ground, key_of
from maemoh_gis.linking.places import LinkPlace
from maemoh_gis.linking.study import find_links
from maemoh_gis.scenario.settings.links import Links

CRS, CELL_M, SIDE_M = "EPSG:32647", 100.0, 4000.0
ROAD_X, PLACE_X = 50.0, 3000.0
"""Middle of the westernmost cells; west edge of the place, 2,950 m from the road."""
CLASSES = {1: "open", 2: "homes"}

ROAD = {"layer": "roads"}
RIVER = {"layer": "rivers"}
WAY = {
    "title": {"th": "ถนน", "en": "road"},
    "leads_to": [ROAD],
    "width_m": 40,
    "slope_costs": [[0, 1], [10, 5], [20, 50]],
    "land_costs": {"homes": 10},
    "crossing_m": {"water": 300},
    "grade_over_m": 500,
    "most_permille": 60,
    "basis": "ASSUMPTION: a test",
}


def links_of(**changed):
    """Settings of one kind of way, with some values changed."""
    return Links.model_validate(
        {
            "slope": "slope", "land": "land", "heights": "heights",
            "crossed": {"water": [RIVER], "road": [ROAD], "railway": [{"layer": "railway"}]},
            "ways": {"road": WAY | changed},
            "basis": "a test",
        }
    )  # fmt: skip


def frame(*shapes, **columns):
    columns = columns or {"class": ["secondary"] * len(shapes)}
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=CRS)


def flat(links=None, *, rivers=(), **changed):
    """Land on which nothing stands in the way."""
    links = links or links_of()
    grid = Grid.covering((0, 0, SIDE_M, SIDE_M), crs=CRS, cell_m=CELL_M)
    road = shapely.LineString([(ROAD_X, 0), (ROAD_X, SIDE_M)])
    ones, nowhere = np.ones(grid.shape), np.zeros(grid.shape, bool)
    drawn = {"roads": frame(road), "rivers": frame(*rivers), "railway": frame()}
    given = {
        "grid": grid, "limits": {OUTSIDE: nowhere}, "removing": (OUTSIDE,), "unknown": nowhere,
        "slope": 0.0 * ones, "land": ones.astype(np.uint8), "classes": CLASSES,
        "modelled": nowhere, "heights": 100.0 * ones, "heights_error": 0.1 * ones,
        "features": {key_of(one): drawn[one.layer] for _, one in links.selections()},
    }  # fmt: skip
    return Ground(**(given | changed))


def limited(ground, **limits):
    """The same land with limits that remove some of it: shapes by limit."""
    from maemoh_gis.linking.ground import touched

    held = {id: touched([shape], ground.grid) for id, shape in limits.items()}
    return dataclasses.replace(
        ground, limits={**held, **ground.limits}, removing=(*held, *ground.removing)
    )


def place(south=1900.0, *, size_m=200.0):
    shape = shapely.box(PLACE_X, south, PLACE_X + size_m, south + size_m)
    return LinkPlace("site", "estate", 1, {"th": "ที่", "en": "place"}, shape)


def found(ground, links=None, *places):
    """The only way of each place; alone where there is one place."""
    told = find_links(links or links_of(), ground, places or [place()], 2.5)
    return told if places else told[0]
