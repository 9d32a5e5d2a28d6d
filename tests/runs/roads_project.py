"""A project with one road, two towns and one criterion in minutes, to be worked out by hand."""

import geopandas as gpd
import numpy as np
import shapely

from maemoh_gis.core.grid import Grid
from maemoh_gis.files import sha256_of, write_geojson, write_raster, write_text
from maemoh_gis.runs.project import Project
from tests.tiny import ENTRY, SOUTH, UTM, WEST

STUDY = shapely.box(WEST, SOUTH, WEST + 10_000, SOUTH + 4_000)

SCENARIO = """version: 1
id: travel
title: {th: เดินทาง, en: Travel}
question: {th: ทดสอบ, en: A test}
year: 2569
seed: 1
grid: {crs: "EPSG:32647", cell_m: 100}
area: {layer: study}
view: {layer: study}
limits: {}
networks:
  from_town:
    title: {th: จากตัวเมือง, en: From town}
    roads: {layer: roads}
    places: {towns: {layer: towns, most_m: 500}}
    origins: {layer: towns, most_m: 500}
    walk_kph: 6
    most_walk_m: 1500
    confidence: L
    basis: A test
uses:
  estate:
    title: {th: นิคม, en: Estate}
    land:
      {area_rai: 100, least_rai: 50, least_score: 0.1, conditional: true, sites: 2, basis: A test}
    criteria:
      near_town:
        title: {th: ใกล้เมือง, en: Near town}
        basis: A test
        confidence: L
        measure: {minutes: from_town}
        value: {unit: minutes, points: [[0, 1], [20, 0]]}
viewpoint: only
viewpoints:
  only:
    title: {th: เดียว, en: Only}
    basis: A test
    weights: {estate: {near_town: 1}}
"""


def write_project(folder, scenario=SCENARIO, *, road_kph=60.0, complete="none", town_off_m=0.0):
    """
    Write the project: a road from west to east through the middle of 10 km by 4 km of land.

    West town stands at its western end, East town at its eastern end, both `town_off_m` north.
    """
    middle = SOUTH + 2_000
    frames = {
        "study": ({"n": [1]}, [STUDY.buffer(-0.01, join_style="mitre")]),
        "roads": (
            {"class": ["primary"], "speed_kph": [road_kph]},
            [shapely.LineString([(WEST, middle), (WEST + 10_000, middle)])],
        ),
        "towns": (
            {"name_th": ["เมืองตะวันตก", "เมืองตะวันออก"], "name_en": ["West town", "East town"]},
            [shapely.Point(x, middle + town_off_m) for x in (WEST, WEST + 10_000)],
        ),
    }
    layers, catalog = folder / "layers", "version: 1\nlayers:\n"
    kinds = {"study": "polygons", "roads": "lines", "towns": "points"}
    for id, (columns, shapes) in frames.items():
        frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=UTM)
        write_geojson(layers / f"{id}.geojson", frame, decimals=9)
        catalog += ENTRY.format(
            id=id, kind=kinds[id], sha256=sha256_of(layers / f"{id}.geojson"),
            complete=complete if id == "roads" else "extent",
        )  # fmt: skip
        listed = "".join(f"      {name}: {{th: ก, en: a}}\n" for name in columns)
        catalog += f"    columns:\n{listed}"
    catalog += _ground(layers)
    write_text(layers / "catalog.yaml", catalog)
    write_text(folder / "scenarios" / "travel.yaml", scenario)
    return Project(layers, folder / "scenarios")


def _ground(layers):
    """Write a slope of 10 percent in the western half of the land, level ground in the eastern."""
    grid = Grid.covering(STUDY.buffer(1_000).bounds, crs=UTM, cell_m=500)
    slope = np.broadcast_to(np.where(grid.x < WEST + 5_000, 10.0, 0.0), grid.shape)
    write_raster(
        layers / "slope.tif", {"slope": slope.astype(np.float32)}, grid, nodata=float("nan")
    )
    entry = ENTRY.format(
        id="slope", kind="raster", complete="extent", sha256=sha256_of(layers / "slope.tif")
    )
    entry = entry.replace("slope.geojson", "slope.tif").replace("EPSG:4326", UTM)
    return f"{entry}    unit: percent\n    resampling: nearest\n"
