"""
The only room that opens and writes files.

A file appears whole or not at all: it is written beside its place and moved there in one step. The
same content gives the same bytes: GeoPackages carry a fixed date and layer name, GeoJSON has one
feature a line, spreadsheets hold no times. Every write gives back the checksum.
"""

from maemoh_gis.files.archives import require_small, unpacked
from maemoh_gis.files.atomic import (
    cannot,
    copy_file,
    is_there,
    read_bytes,
    read_text,
    remove,
    sha256_of,
    whole_file,
    whole_folder,
    write_bytes,
    write_text,
    write_zip,
)
from maemoh_gis.files.raster_tags import room_for, write_tags
from maemoh_gis.files.rasters import (
    open_raster,
    raster_at,
    raster_in_strips,
    read_numbers,
    write_raster,
)
from maemoh_gis.files.sources import checksum_of, parts_of
from maemoh_gis.files.tables import (
    read_csv,
    read_csv_lines,
    read_json,
    read_json_of_zip,
    read_sheets,
    write_csv,
    write_json,
    write_xlsx,
)
from maemoh_gis.files.vectors import (
    guessed_encoding,
    layers_in,
    read_vector,
    write_geojson,
    write_geopackage,
    write_geoparquet,
    write_kml,
)

__all__ = [
    "cannot",
    "checksum_of",
    "copy_file",
    "guessed_encoding",
    "is_there",
    "layers_in",
    "open_raster",
    "parts_of",
    "raster_at",
    "raster_in_strips",
    "read_bytes",
    "read_csv",
    "read_csv_lines",
    "read_json",
    "read_json_of_zip",
    "read_numbers",
    "read_sheets",
    "read_text",
    "read_vector",
    "remove",
    "require_small",
    "room_for",
    "sha256_of",
    "unpacked",
    "whole_file",
    "whole_folder",
    "write_bytes",
    "write_csv",
    "write_geojson",
    "write_geopackage",
    "write_geoparquet",
    "write_json",
    "write_kml",
    "write_raster",
    "write_tags",
    "write_text",
    "write_xlsx",
    "write_zip",
]
