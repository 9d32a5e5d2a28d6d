"""A run's score and sites as a picture, by the means of the map page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.core.grid import Grid
from maemoh_gis.documents.schema import validate
from maemoh_gis.documents.yaml import Document
from maemoh_gis.layers.load import Layers
from maemoh_gis.pages.content import Use
from maemoh_gis.pictures.run_picture import RunPicture, run_picture_svg
from maemoh_gis.presentation.context_layers import context_layers, first_view
from maemoh_gis.scenario.settings.scenario import Scenario

if TYPE_CHECKING:
    import geopandas as gpd
    import xarray as xr

    from maemoh_gis.layers.catalog import Catalog


def picture_of(
    record: Mapping[str, Any], catalog: Catalog, use: str, rasters: xr.Dataset,
    sites: gpd.GeoDataFrame,
) -> str:  # fmt: skip
    """Draw the score of a use of a run, and its sites, as SVG."""
    where = record["grid"]
    grid = Grid.covering(tuple(where["bounds"]), crs=where["crs"], cell_m=where["cell_m"])
    scenario = validate(Scenario, Document(record["resolved"], {}, record["scenario"]))
    layers, title = Layers(catalog), record["resolved"]["uses"][use]["title"]
    drawn = Use(
        use,
        {code: f"{record['title'][code]}: {title[code]}" for code in ("th", "en")},
        np.asarray(rasters["score"]),
        np.asarray(rasters["state"]).astype(np.uint8),
        sites,
    )
    content = RunPicture(drawn, grid, first_view(scenario, layers), context_layers(layers))
    return run_picture_svg(content)
