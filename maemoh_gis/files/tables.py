"""JSON, CSV and spreadsheets."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from maemoh_gis.core.errors import FileError, raise_if_blocked
from maemoh_gis.core.faults import Fault
from maemoh_gis.files.atomic import read_text, require_file, write_bytes, write_text


def read_json(path: Path) -> Any:
    """Read a JSON file; raise FileError where it is not JSON."""
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise FileError(Fault("not_json", str(path), error.lineno, found=error.msg)) from error
    except (ValueError, RecursionError) as error:  # numbers and nesting beyond what Python reads
        raise FileError(Fault("not_json", str(path), found=str(error))) from error


def read_json_of_zip(path: Path, name: str) -> Any:
    """Read a JSON file out of an archive; raise FileError where there is none in it."""
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            return json.loads(archive.read(name))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, RecursionError) as error:
        raise FileError(Fault("not_json", str(path), found=str(error))) from error


def write_json(path: Path, content: Any) -> str:
    """Write indented JSON whole, keys in the order given, Thai letters as they are; return its
    SHA-256.
    """
    return write_text(
        path, json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    )


def read_csv(path: Path, encoding: str | None = None) -> list[dict[str, str]]:
    """Read a CSV table with a header as one dict of texts a row."""
    header, rows = read_csv_lines(path, encoding)
    return [dict(zip(header, cells, strict=True)) for _, cells in rows]


def read_csv_lines(
    path: Path, encoding: str | None = None
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """
    Read a CSV table with the line of each row.

    Returns
    -------
    header : list of str
        Names of the columns, without blanks around them; empty for an empty file.
    rows : list of (int, list of str)
        Line on which a row ends, and its cells, as many as there are columns; a text that
        `write_csv` kept from being a formula is the text it was. Blank lines are left out.
    """
    reader = csv.reader(io.StringIO(read_text(path, encoding), newline=""), strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        code = "cell_too_long" if "field limit" in str(error) else "not_csv"
        line = reader.line_num + (code == "cell_too_long")
        raise FileError(Fault(code, str(path), line, found=str(error))) from error
    if not lines:
        return [], []
    header, rows = [name.strip() for name in lines[0][1]], lines[1:]
    wrong = list(_header_faults(header, path))
    if any(fault.code == "wrong_separator" for fault in wrong):
        raise FileError(wrong)  # what follows from it is no defect of its own
    faults = [
        *wrong,
        *(
            Fault("row_of_other_length", str(path), line, found=str(len(cells)),
                  expected=str(len(header)))
            for line, cells in rows
            if len(cells) != len(header)
        ),
    ]  # fmt: skip
    raise_if_blocked(faults, FileError)
    return header, [(line, [_as_written(cell) for cell in cells]) for line, cells in rows]


def _header_faults(header: list[str], path: Path) -> Iterator[Fault]:
    if len(header) == 1:
        for mark, name in ((";", ";"), ("\t", "tab"), ("|", "|")):
            if mark in header[0]:
                yield Fault("wrong_separator", str(path), 1, found=name, expected=",")
                return
    for at, name in enumerate(header, start=1):
        if not name:
            yield Fault("column_without_name", str(path), 1, found=str(at))
        elif name in header[: at - 1]:
            yield Fault("column_twice", str(path), 1, key=name, found=name)


def write_csv(
    path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]], *, for_excel: bool = False
) -> str:
    """
    Write a CSV table whole; None becomes an empty cell.

    A text that a spreadsheet would take for a formula begins with an apostrophe; `for_excel` begins
    with the byte order mark without which Excel garbles Thai.
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
    Write a workbook of tables by sheet name whole, without times in it.

    Names are made to fit: at most 31 letters, none of those that sheets cannot have, and each its
    own. Texts are written as texts, so a name that begins with `=` stays a name.
    """
    import datetime as dt

    import xlsxwriter

    stream, told_apart = io.BytesIO(), _sheet_names(sheets)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)})
        for name, (columns, rows) in sheets.items():
            sheet = book.add_worksheet(told_apart[name])
            sheet.write_row(0, 0, columns)
            for index, row in enumerate(rows, start=1):
                sheet.write_row(index, 0, [json_value(value) for value in row])
    return write_bytes(path, stream.getvalue())


def read_sheets(path: Path) -> dict[str, list[list[str]]]:
    """
    Read the cells of a workbook (.xlsx) as texts by sheet, row by row from the first; what stands
    for a formula is the value the spreadsheet last worked out.
    """
    import pyogrio

    require_file(path)
    # As options of the file the driver forgets them at the last of several sheets.
    options = {"OGR_XLSX_HEADERS": "DISABLE", "OGR_XLSX_FIELD_TYPES": "STRING"}
    pyogrio.set_gdal_config_options(options)
    try:
        names = [str(name) for name, _ in pyogrio.list_layers(path.absolute())]
        return {name: _cells_of(path, name) for name in names}
    except Exception as error:  # pyogrio raises kinds of its own for each driver
        raise FileError(Fault("not_a_workbook", str(path), found=path.suffix or "?")) from error
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys(options))


def _cells_of(path: Path, sheet: str) -> list[list[str]]:
    import pyogrio

    frame = pyogrio.read_dataframe(f"XLSX:{path.absolute()}", layer=sheet, read_geometry=False)
    plain = frame.astype(object).where(frame.notna(), "")
    return [[str(cell).strip() for cell in row] for row in plain.to_numpy().tolist()]


_LONGEST_SHEET = 31


def _sheet_names(wanted: Iterable[str]) -> dict[str, str]:
    """Give each table a sheet name that spreadsheets take and no other has, whatever its case."""
    given: dict[str, str] = {}
    taken = {"history"}  # Excel keeps it for itself
    for name in wanted:
        bare = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "_", name).strip("'") or "_"
        fits, number = bare[:_LONGEST_SHEET], 1
        while fits.lower() in taken:
            number += 1
            ending = f"~{number}"
            fits = bare[: _LONGEST_SHEET - len(ending)] + ending
        taken.add(fits.lower())
        given[name] = fits
    return given


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
