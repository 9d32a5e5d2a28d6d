"""Reading the bundled tables of statistics in tests."""

from pathlib import Path

import numpy as np
import rasterio

from maemoh_gis import files
from pack.tables import number
from tests.paths import LAYERS

TABLES = (
    "district_statistics",
    "province_statistics",
    "subdistrict_population",
    "mining_licences",
    "mineral_output",
    "coal_units",
    "factories",
)


def table(name: str) -> list[dict[str, object]]:
    """Read a bundled table with numbers as numbers and empty cells as None."""
    return [
        {column: _cell(cell) for column, cell in row.items()}
        for row in files.read_csv(LAYERS / f"{name}.csv")
    ]


def same_file(built: Path, committed: Path) -> bool:
    """
    Say whether a file was built as it is committed.

    Text is compared byte by byte. A raster's bytes also depend on the GDAL that wrote it, so its
    cells, grid, type and tags are compared.
    """
    if built.suffix != ".tif":
        return built.read_bytes() == committed.read_bytes()
    with rasterio.open(built) as one, rasterio.open(committed) as other:
        alike = one.profile == other.profile and one.tags() == other.tags()
        return alike and np.array_equal(one.read(), other.read())


def _cell(written: str) -> object:
    try:
        return number(written)
    except ValueError:
        return written


def words(name: str) -> str:
    return files.read_text(LAYERS / f"{name}.csv")


def column(districts, name):
    return sum(row[name] for row in districts.values())
