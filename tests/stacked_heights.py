"""A square of land with heights at 500 m everywhere and at 12.5 m in one valley."""

import hashlib

import numpy as np
import rasterio
from affine import Affine

from maemoh_gis.files import sha256_of
from tests.tiny import SIDE, SOUTH, UTM, WEST, write_project

WORLD, SURVEY = 300.0, 320.0
"""The height each model states everywhere: the member read shows in the value."""
VALLEY = (WEST + 3_025.0, SOUTH + 3_025.0, WEST + 5_025.0, SOUTH + 5_025.0)
"""Where the survey is: its edges run through the middle of quarter cells of 100 m."""
STACK = "best_of: [survey_dem, elevation]"

_RASTER = """  {id}:
    title: {{th: ความสูง, en: {title}}}
    kind: raster
    path: {id}.tif
    crs: {crs}
    resampling: average
    unit: {unit}
    nature: {nature}
    confidence: {confidence}
    complete_within: extent
    source: made for a test
    licence: CC0-1.0
    as_of: {year}
    retrieved: "2569-11-21"
    caution: {{th: ทดสอบ, en: {title} is a test}}
    sha256: "{sha256}"
"""
_STACK = """  heights:
    title: {{th: ความสูงที่ดีที่สุด, en: Best heights}}
    kind: raster
    {members}
"""


def add_raster(layers, id, values, west, north, cell, *, crs=UTM, **about):
    """Write a raster and describe it in the catalog of a folder."""
    path = layers / f"{id}.tif"
    place = {"crs": crs, "transform": Affine(cell, 0.0, west, 0.0, -cell, north), "nodata": -9999}
    rows, cols = values.shape
    with rasterio.open(
        path, "w", driver="GTiff", height=rows, width=cols, count=1, dtype="float32", **place
    ) as out:
        out.write(values.astype(np.float32), 1)
    told = {"title": id, "unit": "m", "nature": "observed", "confidence": "H", "year": 2569}
    entry = _RASTER.format(id=id, sha256=sha256_of(path), crs=crs, **(told | about))
    catalog = layers / "catalog.yaml"
    catalog.write_text(catalog.read_text("utf-8") + entry, "utf-8")


def write_heights(folder, things, members=STACK, *, survey=SURVEY, **more):
    """Write the project of `tests.tiny` with both models and the stack; criterion: its height."""
    project = write_project(folder, things, **more)
    size = int(SIDE / 500) + 4
    add_raster(project.layers, "elevation", np.full((size, size), WORLD), WEST - 1_000,
               SOUTH + SIDE + 1_000, 500.0, title="World model", nature="modelled",
               confidence="L", year=2543)  # fmt: skip
    if survey is not None:
        side = int((VALLEY[2] - VALLEY[0]) / 12.5)
        values = np.full((side, side), survey)
        add_raster(project.layers, "survey_dem", values, VALLEY[0], VALLEY[3], 12.5,
                   title="Valley survey")  # fmt: skip
    write_stack(project, members)
    scenario = project.scenarios / "tiny.yaml"
    text = scenario.read_text("utf-8").replace("{distance_to: things}", "{value_of: heights}")
    scenario.write_text(text.replace("[[0, 0], [1000, 1]]", "[[300, 0], [340, 1]]"), "utf-8")
    return project


def write_stack(project, members):
    """Describe the stack at the end of the catalog."""
    catalog = project.layers / "catalog.yaml"
    catalog.write_text(catalog.read_text("utf-8") + _STACK.format(members=members), "utf-8")


def take_out(project, id):
    """Take an entry out of the catalog."""
    catalog = project.layers / "catalog.yaml"
    head, _, rest = catalog.read_text("utf-8").partition(f"  {id}:\n")
    kept = rest.splitlines(keepends=True)
    while kept and kept[0].startswith("    "):
        kept.pop(0)
    catalog.write_text(head + "".join(kept), "utf-8")


def checksums(folder):
    """Give the checksum of every file of a run but its log."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "log" not in path.relative_to(folder).parts
    }
