"""A run's score and sites as a picture, by the means of the map page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.documents import Document
from maemoh_gis.formats import validate
from maemoh_gis.grid import Grid
from maemoh_gis.layers.load import Layers
from maemoh_gis.maps.content import Use
from maemoh_gis.maps.run_picture import RunPicture, run_picture_svg
from maemoh_gis.scenarios.model import Scenario
from maemoh_gis.workflow.map_content import context_layers, first_view

if TYPE_CHECKING:
    from maemoh_gis.api.result import Result
    from maemoh_gis.maps.content import Text


def picture_of(result: Result, use: str, title: Text | Mapping[str, str]) -> str:
    """
    Draw the score of a use of a run.

    Parameters
    ----------
    result : Result
        The run.
    use : str
        Id of the use.
    title : Text
        Its title in both languages.

    Returns
    -------
    str
        SVG.
    """
    rasters, where = result.rasters(use), result.record["grid"]
    grid = Grid.covering(tuple(where["bounds"]), crs=where["crs"], cell_m=where["cell_m"])
    scenario = validate(Scenario, Document(result.record["resolved"], {}, str(result.folder)))
    layers = Layers(result.catalog)
    words = {"th": title["th"], "en": title["en"]}
    drawn = Use(
        use,
        {code: f"{result.record['title'][code]}: {words[code]}" for code in ("th", "en")},
        np.asarray(rasters["score"]),
        np.asarray(rasters["state"]).astype(np.uint8),
        result.sites_of(use),
    )
    content = RunPicture(
        drawn, grid, first_view(scenario, layers), context_layers(result.catalog, layers)
    )
    return run_picture_svg(content)
