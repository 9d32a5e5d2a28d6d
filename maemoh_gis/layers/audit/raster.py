"""Checks of rasters: unknown cells, class codes, units."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.errors import Fault
from maemoh_gis.layers.audit.subject import Subject, listed

if TYPE_CHECKING:
    import geopandas as gpd
    from rasterio.io import DatasetReader


def raster_faults(subject: Subject, dataset: DatasetReader) -> Iterator[Fault]:
    """
    Check the cells of a raster against what the catalog says of them.

    Parameters
    ----------
    subject : Subject
        The layer.
    dataset : rasterio dataset
        Its file, open; read block by block.

    Yields
    ------
    Fault
        Blocking for codes without a class and for rasters without a known cell.
    """
    layer = subject.layer
    if dataset.nodata is None:
        yield subject.fault("raster_without_nodata", severity="warns")
    if not layer.classes and layer.unit is None:
        yield subject.fault("raster_without_unit", severity="warns")
    known = {int(code) for code in layer.classes}
    counts: dict[float, int] = {}
    cells = 0
    for _, window in dataset.block_windows(1):
        block = dataset.read(1, window=window)[dataset.dataset_mask(window=window) > 0]
        cells += block.size
        if known:
            for value, count in zip(*np.unique(block, return_counts=True), strict=True):
                counts[float(value)] = counts.get(float(value), 0) + int(count)
    if not cells:
        yield subject.fault("raster_empty")
    strange = sorted(value for value in counts if value not in known)
    if strange:
        yield subject.fault(
            "class_code_unknown",
            "classes",
            found=listed(f"{value:g}" for value in strange),
            expected=", ".join(map(str, sorted(known))),
            values={"n": sum(counts[value] for value in strange)},
        )


def footprint(dataset: DatasetReader, otherwise: str | None) -> gpd.GeoDataFrame:
    """Give the area a raster covers as one box in its CRS, or in another where it states none."""
    import geopandas as gpd
    import shapely

    return gpd.GeoDataFrame(geometry=[shapely.box(*dataset.bounds)], crs=dataset.crs or otherwise)
