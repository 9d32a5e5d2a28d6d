"""JSON, CSV and spreadsheets."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from maemoh_gis.errors import Fault, FileError
from maemoh_gis.files.whole import read_text, write_bytes, write_text


def read_json(path: Path) -> Any:
    """Read a JSON file; raise FileError where it is not JSON."""
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise FileError(Fault("not_json", str(path), error.lineno, found=error.msg)) from error
    except (ValueError, RecursionError) as error:  # numbers and nesting beyond what Python reads
        raise FileError(Fault("not_json", str(path), found=str(error))) from error


def write_json(path: Path, content: Any) -> str:
    """Write indented JSON whole, keys in the order given, Thai letters as they are; return its
    SHA-256.
    """
    return write_text(
        path, json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    )


def read_csv(path: Path) -> list[dict[str, str]]:
    """
    Read a CSV table with a header.

    Parameters
    ----------
    path : Path
        File to read, UTF-8.

    Returns
    -------
    list of dict of str to str
        One a row; a text that `write_csv` kept from being a formula is the text it was.

    Raises
    ------
    FileError
        If it cannot be read or a cell is longer than any table's.
    """
    rows = csv.DictReader(io.StringIO(read_text(path), newline=""))
    try:
        return [{key: _as_written(cell) for key, cell in row.items()} for row in rows]
    except csv.Error as error:
        raise FileError(Fault("not_csv", str(path), rows.line_num, found=str(error))) from error


def write_csv(
    path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]], *, for_excel: bool = False
) -> str:
    """
    Write a CSV table whole.

    Parameters
    ----------
    path : Path
        Where it belongs.
    columns : sequence of str
        Header.
    rows : iterable of sequence
        Cells in the order of `columns`; None becomes an empty cell. A text that a spreadsheet would
        take for a formula begins with an apostrophe.
    for_excel : bool
        Begin with a byte order mark, without which Excel garbles Thai.

    Returns
    -------
    str
        SHA-256 of the file.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_no_formula(cell) for cell in row] for row in rows)
    return write_bytes(path, stream.getvalue().encode("utf-8-sig" if for_excel else "utf-8"))


def write_xlsx(
    path: Path, sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[object]]]]
) -> str:
    """
    Write a workbook whole, without times in it.

    Parameters
    ----------
    path : Path
        Where it belongs.
    sheets : mapping of str to (columns, rows)
        Tables by sheet name. Texts are written as texts, so a name that begins with `=` stays a
        name.

    Returns
    -------
    str
        SHA-256 of the file.
    """
    import datetime as dt

    import xlsxwriter

    stream = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)})
        for name, (columns, rows) in sheets.items():
            sheet = book.add_worksheet(name[:31])
            sheet.write_row(0, 0, columns)
            for index, row in enumerate(rows, start=1):
                sheet.write_row(index, 0, [json_value(value) for value in row])
    return write_bytes(path, stream.getvalue())


def json_value(value: object) -> Any:
    """Turn a cell of a data frame into what JSON and spreadsheets hold; a missing value is None."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return None
    item = getattr(value, "item", None)
    plain = item() if callable(item) else value
    if isinstance(plain, float) and math.isnan(plain):
        return None
    if isinstance(plain, float) and plain.is_integer() and abs(plain) < 1e15:
        return int(plain)
    return plain if isinstance(plain, str | int | float | bool) else str(plain)


# Spreadsheets take a cell that begins so for a formula, also behind blanks and line ends.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_NUMBER = re.compile(r"[-+]?\d+(\.\d*)?([eE][-+]?\d+)?")


def _no_formula(cell: object) -> object:
    """Keep a text from being a formula in a spreadsheet; numbers stay numbers."""
    if not isinstance(cell, str):
        return cell
    # A lone carriage return would end the row for some readers.
    cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def _as_written(cell: Any) -> Any:
    """Take away what `_no_formula` put before a text."""
    kept = isinstance(cell, str) and cell[:1] == "'" and _no_formula(cell[1:]) == cell
    return cell[1:] if kept else cell
