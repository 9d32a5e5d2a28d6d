"""Reading the bundled tables of statistics in tests."""

from maemoh_gis import files
from maemoh_gis.layers.pack.tables import number
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


def _cell(written: str) -> object:
    try:
        return number(written)
    except ValueError:
        return written


def words(name: str) -> str:
    return files.read_text(LAYERS / f"{name}.csv")


def column(districts, name):
    return sum(row[name] for row in districts.values())
