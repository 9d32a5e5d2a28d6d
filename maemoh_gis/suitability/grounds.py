"""What a cell rests on: which layer it is read from, and whether that was observed or modelled."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.core.messages import LANGUAGES, Text, text
from maemoh_gis.files.scratch import blocks_of
from maemoh_gis.scenario.layers_named import layers_named

if TYPE_CHECKING:
    from maemoh_gis.core.grid import Grid
    from maemoh_gis.core.types import IntArray
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.layers.load import Layers
    from maemoh_gis.scenario.settings.scenario import Scenario


def grounds_of(scenario: Scenario, catalog: Catalog) -> list[str]:
    """List the rasters a scenario reads cells from, then the table of its people."""
    # Ways to a place are found on request, by no cell of a run.
    named = layers_named(scenario.model_copy(update={"links": None}))
    rasters = [id for id in named if catalog[id].kind == "raster"]
    people = [] if scenario.exposure is None else [scenario.exposure.population]
    return list(dict.fromkeys([*rasters, *people]))


def ground_words(catalog: Catalog, id: str) -> list[Text]:
    """Say of each layer a stack is read from, or of the one layer, what kind of knowledge it is."""
    return [_words(catalog, member) for member in catalog.read_from(id)]


def _words(catalog: Catalog, id: str) -> Text:
    layer = catalog[id]
    return {
        language: text(
            "map.ground",
            language,
            title=layer.title[language],
            nature=text(f"nature.{layer.nature}", language),
            confidence=text(f"confidence.{layer.confidence}", language),
        )
        for language in LANGUAGES
    }


def members_over(layers: Layers, id: str, grid: Grid) -> IntArray:
    """Say which member of a stack each cell is read from, int8 (rows, cols); -1 from none.

    Worked out once for whoever asks.
    """
    return layers.derived([id], _members_over, id, grid)


def _members_over(layers: Layers, id: str, grid: Grid) -> IntArray:
    found = np.empty(grid.shape, dtype=np.int8)
    for rows in blocks_of(grid.shape):
        deep = len(range(*rows.indices(grid.rows)))
        part = replace(grid, row0=grid.row0 + rows.start, rows=deep)
        found[rows] = layers.members(id, part)
    return found
