"""A project of two layers that a test can write in a moment and work out by hand."""

import geopandas as gpd
import shapely

from maemoh_gis.files import sha256_of, write_geojson, write_text
from maemoh_gis.runs.project import Project

UTM = "EPSG:32647"
# A square of 10 km with its corner on a whole cell, near Mae Moh.
WEST, SOUTH, SIDE = 570_000.0, 2_010_000.0, 10_000.0

ENTRY = """  {id}:
    title: {{th: ทดสอบ, en: {id}}}
    kind: {kind}
    path: {id}.geojson
    crs: EPSG:4326
    nature: observed
    confidence: H
    complete_within: {complete}
    source: made for a test
    licence: CC0-1.0
    as_of: 2569
    retrieved: "2569-11-21"
    caution: {{th: ทดสอบ, en: A test}}
    sha256: "{sha256}"
"""

SCENARIO = """version: 1
id: tiny
title: {{th: เล็ก, en: Tiny}}
question: {{th: ทดสอบ, en: A test}}
year: 2569
seed: 1
grid: {{crs: "EPSG:32647", cell_m: 100}}
area: {{layer: study}}
view: {{layer: study}}
limits:
  near:
    title: {{th: ใกล้, en: Near}}
    ground: {ground}
    basis: {{th: ทดสอบ, en: A test}}
    outcome: removed
    layer: things
    test: {test}
uses:
  estate:
    title: {{th: นิคม, en: Estate}}
    land:
      {{area_rai: 100, least_rai: 50, least_score: 0.1, conditional: true, sites: 2, basis: A test}}
    criteria:
      far:
        title: {{th: ไกล, en: Far}}
        basis: A test
        confidence: H
        measure: {{distance_to: things}}
        value: {{unit: m, points: [[0, 0], [1000, 1]]}}
viewpoint: only
viewpoints:
  only:
    title: {{th: เดียว, en: Only}}
    basis: A test
    weights: {{estate: {{far: 1}}}}
"""


def write_project(folder, things, *, complete="none", test="{within_m: 500}", ground="law", **more):
    """
    Write the study square, the things (shapes in UTM 47N) and a scenario; return the project.

    More layers are given by their ids.
    """
    # A centimetre inside the whole cells, so that rounding of degrees adds no cell.
    study = shapely.box(WEST, SOUTH, WEST + SIDE, SOUTH + SIDE).buffer(-0.01, join_style="mitre")
    layers = folder / "layers"
    catalog = "version: 1\nlayers:\n"
    for id, shapes in {"study": [study], "things": things, **more}.items():
        frame = gpd.GeoDataFrame({"n": range(len(shapes))}, geometry=shapes, crs=UTM)
        # Nine decimals of a degree, a tenth of a millimetre, so that 1 m stays 1 m.
        write_geojson(layers / f"{id}.geojson", frame, decimals=9)
        kind = {0: "points", 1: "lines", 2: "polygons"}[int(shapely.get_dimensions(shapes[0]))]
        catalog += ENTRY.format(
            id=id, kind=kind, sha256=sha256_of(layers / f"{id}.geojson"),
            complete=complete if id == "things" else "extent",
        )  # fmt: skip
    write_text(layers / "catalog.yaml", catalog)
    write_text(folder / "scenarios" / "tiny.yaml", SCENARIO.format(test=test, ground=ground))
    return Project(layers, folder / "scenarios")
