"""Points out of a table whose columns say in Thai or English where each row lies."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.core.errors import FileError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.locks import workshop
from maemoh_gis.files import read_csv_lines, read_sheets, require_small, write_csv
from maemoh_gis.layers.entries import Coordinates
from maemoh_gis.layers.points_table import read_points

if TYPE_CHECKING:
    import geopandas as gpd

TABLES = (".csv", ".xlsx")
_WGS84, _ANY = "EPSG:4326", "EPSG:32647"
_LON = re.compile(r"(?i)lon|long|lng|longitude|ลองจิจูด|ลองติจูด|เส้นแวง")
_LAT = re.compile(r"(?i)lat|latitude|ละติจูด|แลตติจูด|เส้นรุ้ง")
_EAST = re.compile(r"(?i)e|x|east|easting|utm_?[ex]|[ex]_?utm|พิกัด_?[ex]|ตะวันออก|พิกัดตะวันออก")
_NORTH = re.compile(r"(?i)n|y|north|northing|utm_?[ny]|[ny]_?utm|พิกัด_?[ny]|เหนือ|พิกัดเหนือ")
_FORMS = "lat, lon / ละติจูด, ลองจิจูด / utm_e, utm_n / พิกัด E, พิกัด N"


def read_table_of_points(path: Path, encoding: str | None) -> tuple[gpd.GeoDataFrame, str | None]:
    """
    Read a CSV file or a workbook of points.

    Features, and the code page it was read by. Degrees are on WGS 84; eastings and northings have
    no CRS, since no heading says on which datum they are.
    """
    with workshop(Path(tempfile.gettempdir()), "maemoh-gis-table-") as folder:
        plain = path
        if path.suffix.lower() == ".xlsx":
            require_small(path)
            header, *rows = next(iter(read_sheets(path).values())) or [[]]
            plain = folder / f"{path.stem}.csv"
            write_csv(plain, header, rows)
        else:
            encoding = encoding or _encoding_of(path)
            header = read_csv_lines(path, encoding)[0]
        columns, degrees = _columns_of(header, path)
        found = read_points(plain, columns, _WGS84 if degrees else _ANY, encoding)
    if not degrees:
        import geopandas as gpd

        shapes = np.asarray(found.geometry.array, dtype=object)
        found = gpd.GeoDataFrame(found.drop(columns=found.geometry.name), geometry=shapes)
    return found, encoding


def _encoding_of(path: Path) -> str | None:
    """Say how a table is coded, going by its content: UTF-8, else Thai of old Excel."""
    for encoding in (None, "cp874"):
        try:
            read_csv_lines(path, encoding)
        except FileError as error:
            if any(fault.code == "not_utf8" for fault in error.faults):
                continue
        return encoding
    return None


def _columns_of(header: list[str], path: Path) -> tuple[Coordinates, bool]:
    """Find the columns with the place, and whether they are degrees."""
    for x, y, degrees in ((_LON, _LAT, True), (_EAST, _NORTH, False)):
        pair = [_only(header, one) for one in (x, y)]
        if pair[0] is not None and pair[1] is not None:
            return Coordinates(x=pair[0], y=pair[1]), degrees
    found = ", ".join(header) or "–"
    raise FileError(Fault("intake_no_coordinates", str(path), found=found, expected=_FORMS))


def _only(header: list[str], pattern: re.Pattern[str]) -> str | None:
    named = [name for name in header if pattern.fullmatch(re.sub(r"[\s.()]+", "", name))]
    return named[0] if len(named) == 1 else None
