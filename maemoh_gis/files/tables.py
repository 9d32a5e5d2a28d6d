"""JSON, CSV and spreadsheets."""

from __future__ import annotations

import csv
import io
import json
import math
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


def write_json(path: Path, content: Any) -> str:
    """Write indented JSON whole, keys in the order given, Thai letters as they are; return its
    SHA-256.
    """
    return write_text(
        path, json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    )


def read_csv(path: Path) -> list[dict[str, str]]:
    """Read a CSV table with a header as one dict of texts a row; raise FileError if that fails."""
    return list(csv.DictReader(io.StringIO(read_text(path), newline="")))


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
        Cells in the order of `columns`; None becomes an empty cell.
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
    writer.writerows(rows)
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
