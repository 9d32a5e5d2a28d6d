"""Checks of rasters: where they lie, which band is meant, its unit, unknown cells, class codes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.core.faults import Fault
from maemoh_gis.core.types import FloatArray
from maemoh_gis.core.units import same_unit
from maemoh_gis.files import read_numbers
from maemoh_gis.layers.audit.subject import Subject, listed

if TYPE_CHECKING:
    import geopandas as gpd
    from rasterio.io import DatasetReader

_FILLS = (-9999.0, -99999.0, -999999.0, -32768.0, -32767.0, -2147483648.0)
"""Numbers that stand for unknown in files of others; no measure here takes them."""
_NO_MEASURE = 1e20
"""What is farther from zero is a fill value of single or double precision, or infinite."""


def raster_faults(subject: Subject, dataset: DatasetReader) -> Iterator[Fault]:
    """Check a raster against what the catalog says of it."""
    layer = subject.layer
    yield from _place_faults(subject, dataset)
    misread = list(_band_faults(subject, dataset))
    yield from misread
    if misread:
        return
    band = layer.band or 1
    yield from _unit_faults(subject, dataset, band)
    if dataset.nodata is None and not _has_mask(dataset, band):
        yield subject.fault("raster_without_nodata", severity="warns")
    yield from _value_faults(subject, dataset, band)


def _place_faults(subject: Subject, dataset: DatasetReader) -> Iterator[Fault]:
    """Refuse a raster that says of no pixel where it lies, or only of some."""
    affine = dataset.transform
    if affine.is_identity or affine.is_degenerate:
        yield subject.fault("raster_without_place", "path", found=subject.layer.path)


def _band_faults(subject: Subject, dataset: DatasetReader) -> Iterator[Fault]:
    """Refuse to choose between bands, or between the pictures of one file."""
    from rasterio.enums import ColorInterp

    bands = [n for n, meaning in zip(dataset.indexes, dataset.colorinterp, strict=True)
             if meaning != ColorInterp.alpha]  # fmt: skip
    band = subject.layer.band
    if dataset.subdatasets:
        yield subject.fault("raster_with_pages", "path", found=str(len(dataset.subdatasets)))
    if band is None and len(bands) > 1:
        named = [f"{n} {dataset.descriptions[n - 1] or ''}".strip() for n in bands]
        yield subject.fault("raster_band_not_named", "path", found=listed(named, 8))
    elif (band or 1) not in bands:
        yield subject.fault("raster_band_absent", "band", found=str(band),
                            expected=", ".join(map(str, bands)) or "–")  # fmt: skip
    elif dataset.dtypes[(band or 1) - 1].startswith("complex"):
        yield subject.fault("raster_complex", "path", found=dataset.dtypes[(band or 1) - 1])


def _unit_faults(subject: Subject, dataset: DatasetReader, band: int) -> Iterator[Fault]:
    """Compare the unit the file states with that of the catalog."""
    layer = subject.layer
    if not layer.classes and layer.unit is None:
        yield subject.fault("raster_without_unit", severity="warns")
    stated = dataset.units[band - 1] or dataset.tags().get("unit")
    if stated and layer.unit is not None and not same_unit(stated, layer.unit):
        yield subject.fault("raster_unit_differs", "unit", found=stated, expected=layer.unit)


def _value_faults(subject: Subject, dataset: DatasetReader, band: int) -> Iterator[Fault]:
    """Go through all cells: codes without a class, fill values, none known at all."""
    known = {int(code) for code in subject.layer.classes}
    codes: dict[float, int] = {}
    filled: dict[float, int] = {}
    cells = 0
    for _, window in dataset.block_windows(band):
        values = read_numbers(dataset, band, window)
        values = values[~np.isnan(values)]
        cells += values.size
        if known:
            _count(codes, values)
        else:
            fill = np.isin(values, _FILLS) | (np.abs(values) >= _NO_MEASURE)
            _count(filled, values[fill])
    if not cells:
        yield subject.fault("raster_empty")
    if filled:
        yield subject.fault(
            "raster_fill_as_value", "path", found=listed(f"{v:g}" for v in sorted(filled)),
            values={"n": sum(filled.values())},
        )  # fmt: skip
    strange = sorted(value for value in codes if value not in known)
    if strange:
        yield subject.fault(
            "class_code_unknown",
            "classes",
            found=listed(f"{value:g}" for value in strange),
            expected=", ".join(map(str, sorted(known))),
            values={"n": sum(codes[value] for value in strange)},
        )


def _count(counts: dict[float, int], values: FloatArray) -> None:
    for value, count in zip(*np.unique(values, return_counts=True), strict=True):
        counts[float(value)] = counts.get(float(value), 0) + int(count)


def _has_mask(dataset: DatasetReader, band: int) -> bool:
    """Say whether a mask or an alpha band tells the unknown cells."""
    from rasterio.enums import MaskFlags

    return MaskFlags.per_dataset in dataset.mask_flag_enums[band - 1]


def footprint(dataset: DatasetReader, otherwise: str | None) -> gpd.GeoDataFrame:
    """Give the area a raster covers as one shape in its CRS, or in another where it states none."""
    import geopandas as gpd
    import shapely

    # The corners of a raster that is turned are not those of its bounds.
    wide, high = dataset.width, dataset.height
    pixels = ((0, 0), (0, wide), (high, wide), (high, 0))
    corners = [dataset.xy(row, col, offset="ul") for row, col in pixels]
    return gpd.GeoDataFrame(geometry=[shapely.Polygon(corners)], crs=dataset.crs or otherwise)
