"""A square of 10 km with a line through it, works along the line or anywhere, and a scenario."""

import numpy as np
import shapely

from maemoh_gis.runs.project import Project
from tests.tiny import SIDE, SOUTH, WEST, write_project

CRITERION = """      {id}:
        title: {{th: เส้น, en: {title}}}
        basis: A test
        confidence: H
        measure: {{distance_to: {layer}}}
        value: {{unit: m, points: [[0, 1], [15000, 0]]}}
"""
LEARNT = """learnt:
  estate:
    presence: {{layer: works}}
    block_km: 1
    least_places: {least_places}
    least_blocks: {least_blocks}
    land_cells: 1500
    basis: A test
"""
LINE = shapely.LineString([(WEST, SOUTH + SIDE / 2), (WEST + SIDE, SOUTH + SIDE / 2)])
FARM = shapely.Point(WEST + 2_000, SOUTH + 9_000)


def works(count, within_m, seed=4):
    """Draw works of 300 m, each alone, with the middle within some metres of the line."""
    draw = np.random.default_rng(seed)
    x = WEST + 300 + draw.permutation(np.linspace(0, SIDE - 600, count))
    y = SOUTH + SIDE / 2 + draw.uniform(-within_m, within_m, count)
    return list(shapely.box(x - 150, y - 150, x + 150, y + 150))


def write(folder, places, *, learnt=True, least_places=15, least_blocks=5) -> Project:
    """Write the project; where works stand is asked only with `learnt`."""
    project = write_project(
        folder,
        [shapely.Point(WEST, SOUTH)],
        complete="extent",
        test="{within_m: 1}",
        line=[LINE],
        farm=[FARM],
        works=places,
    )
    path = project.scenarios / "tiny.yaml"
    told = path.read_text(encoding="utf-8")
    more = "".join(CRITERION.format(id=id, layer=id, title=id.title()) for id in ("line", "farm"))
    told = told.replace("    criteria:\n", f"    criteria:\n{more}")
    told = told.replace("{far: 1}", "{far: 0.05, line: 0.05, farm: 0.9}")
    if learnt:
        asked = LEARNT.format(least_places=least_places, least_blocks=least_blocks)
        told = told.replace("uses:\n", f"{asked}uses:\n")
    path.write_text(told, encoding="utf-8")
    return project
