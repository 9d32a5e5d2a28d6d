"""The folder as one item of a SpatioTemporal Asset Catalog, which catalogues of data take over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from maemoh_gis.core import units
from maemoh_gis.core.crs import transformer_between
from maemoh_gis.core.messages import Language, both, joined
from maemoh_gis.handover.handed import Handed
from maemoh_gis.presentation.run_files import RunFiles

VERSION = "1.1.0"
_KINDS: Mapping[str, tuple[str, str]] = {
    ".gpkg": ("application/geopackage+sqlite3", "data"),
    ".tif": ("image/tiff; application=geotiff; profile=cloud-optimized", "data"),
    ".parquet": ("application/vnd.apache.parquet", "data"),
    ".kml": ("application/vnd.google-earth.kml+xml", "data"),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "data"),
    ".qgs": ("application/xml", "visual"),
    ".txt": ("text/plain", "metadata"),
}
"""Media type and role by ending; side files of these are no assets."""
_LICENCES = "LICENCES.txt"


def item_of(
    run: RunFiles, layers: Sequence[Handed], files: Iterable[str], language: Language
) -> dict[str, Any]:
    """
    Describe a folder: where, which year, what is in it, what it is not.

    `files` are paths inside the folder. Its place is that of all rasters and features; its time is
    the year the scenario asks for, not that in which anything was seen.
    """
    reach = np.array([run.grid.bounds, *(one.frame.total_bounds for one in layers)])
    whole = (*reach[:, :2].min(axis=0).tolist(), *reach[:, 2:].max(axis=0).tolist())
    lonlat = transformer_between(run.grid.crs, "EPSG:4326").transform_bounds(*whole)
    west, south, east, north = (round(degrees, 6) for degrees in lonlat)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    year = units.ce_from_be(run.record["year"])
    notice = joined([both("page.screening_only"), both("page.not_a_permit")], " ")
    return {
        "type": "Feature",
        "stac_version": VERSION,
        "stac_extensions": [],
        "id": f"{run.record['scenario']}-{run.record['year']}",
        "bbox": [west, south, east, north],
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {
            "title": run.record["title"][language],
            "description": notice[language],
            "datetime": None,
            "start_datetime": f"{year}-01-01T00:00:00Z",
            "end_datetime": f"{year}-12-31T23:59:59Z",
            "license": "other",
        },
        "links": [{"rel": "license", "href": f"./{_LICENCES}", "type": "text/plain"}],
        "assets": {name: asset for name in sorted(files) if (asset := _asset(name)) is not None},
    }


def _asset(name: str) -> dict[str, Any] | None:
    known = _KINDS.get(PurePosixPath(name).suffix)
    if known is None:
        return None
    return {"href": f"./{name}", "type": known[0], "roles": [known[1]]}
