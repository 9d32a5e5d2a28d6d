"""Tables read into what their kind says they hold, or refused by file, line, column and remedy."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from maemoh_gis.core.errors import FileError, raise_if_blocked
from maemoh_gis.core.faults import Fault
from maemoh_gis.files import read_csv_lines
from maemoh_gis.layers.table_schemas import ALL, Cells, Schema

Row = Mapping[str, Any]

_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,3})?")
_WHOLE = re.compile(r"[-+]?[0-9]{1,15}")
_FLAGS = {"true": True, "false": False}
_MOST_LETTERS = 10_000
_MOST_ALIKE = 20
_MOST_SHOWN = 60
"""Letters of a cell that a message repeats."""


@dataclass(frozen=True)
class Table:
    """A table as texts, with the line of each row."""

    header: Sequence[str]
    rows: Sequence[tuple[int, Mapping[str, str]]]


def read_texts(path: Path, encoding: str | None = None) -> Table:
    """Read the cells of a table as texts, without rows of nothing but empty cells."""
    header, lines = read_csv_lines(path, encoding)
    rows = [(line, dict(zip(header, cells, strict=True))) for line, cells in lines if any(cells)]
    return Table(header, rows)


def plain_number(written: str) -> float:
    """Read a plain number; NaN for a unit, a comma, other digits, words such as `nan` and `inf`."""
    bare = written.strip()
    return float(bare) if _NUMBER.fullmatch(bare) else math.nan


def schemas_of(id: str, header: Iterable[str]) -> list[Schema]:
    """Say which kinds of table a layer is."""
    has = frozenset(header)
    return [schema for schema in ALL if id in schema.layers or has.issuperset(schema.needs)]


def table_faults(table: Table, schema: Schema, file: str | None = None) -> Iterator[Fault]:
    """Find every cell that a kind of table cannot hold."""
    lacking = [name for name in schema.needs if name not in table.header]
    for name in sorted(lacking):
        yield Fault(
            "column_not_in_file", file, 1, name, found=name, expected=", ".join(table.header)
        )
    there = {n: cells for n, cells in schema.columns.items() if n in table.header}
    for line, row in table.rows:
        for name, cells in there.items():
            fault = _cell_fault(row[name].strip(), name, cells)
            if fault is not None:
                yield Fault(fault.code, file, line, name, fault.found, fault.expected, fault.values)
        yield from _row_faults(row, schema, file, line)
    yield from _twice(table, [name for name in schema.unique if name in table.header], file)


def text_faults(table: Table, file: str | None = None) -> Iterator[Fault]:
    """Find cells that no table of any kind may hold."""
    for line, row in table.rows:
        for name, cell in row.items():
            if (code := text_fault(cell)) is not None:
                yield Fault(code, file, line, name, found=f"{len(cell):,}", values={"column": name})


def text_fault(text: str) -> str | None:
    """Give the code of what is wrong with a text: control characters in it, or its length."""
    if len(text) > _MOST_LETTERS:
        return "cell_too_long"
    if not text.isprintable() and any(
        unicodedata.category(letter) == "Cc" and letter not in "\n\r\t" for letter in text
    ):
        return "cell_control_character"
    return None


def few(faults: Iterable[Fault]) -> Iterator[Fault]:
    """Tell a fault that many rows share of the first of them only."""
    counts: dict[tuple[str, str | None], list[Fault]] = {}
    for fault in faults:
        alike = counts.setdefault((fault.code, fault.key), [])
        alike.append(fault)
        if len(alike) <= _MOST_ALIKE:
            yield fault
    for alike in counts.values():
        if (more := len(alike) - _MOST_ALIKE) > 0:
            yield Fault(
                "more_rows", alike[-1].file, alike[-1].line, alike[-1].key, values={"n": more}
            )


def read_table(
    path: Path, schema: Schema, *, encoding: str | None = None, file: str | None = None
) -> list[Row]:
    """
    Read a table into the types of its kind.

    Numbers, whole numbers and flags, None where a cell of these is empty; other columns are texts.
    A column that such a table may lack is there as if all its cells were empty.
    """
    table = read_texts(path, encoding)
    raise_if_blocked(few(table_faults(table, schema, file or str(path))), FileError)
    lacking = dict.fromkeys([name for name in schema.columns if name not in table.header], "")
    return [{n: _typed(cell, schema.columns.get(n)) for n, cell in {**lacking, **row}.items()}
            for _, row in table.rows]  # fmt: skip


def _typed(cell: str, cells: Cells | None) -> Any:
    if cells is None or cells.type == "text":
        return cell
    bare = cell.strip()
    if not bare:
        return None
    if cells.type == "flag":
        return _FLAGS[bare.lower()]
    return int(bare) if cells.type == "whole" else float(bare)


def _cell_fault(cell: str, name: str, cells: Cells) -> Fault | None:
    about: dict[str, object] = {"column": name}
    shown = cell if len(cell) <= _MOST_SHOWN else f"{cell[:_MOST_SHOWN]}…"
    if not cell:
        return None if cells.empty else Fault("cell_empty", values=about)
    if cells.type in {"text", "flag"}:
        known = cells.one_of if cells.type == "text" else tuple(_FLAGS)
        if not known or cell in known or (cells.type == "flag" and cell.lower() in known):
            return None
        return Fault("cell_unknown", found=shown, expected=", ".join(known), values=about)
    if cells.type == "whole" and not _WHOLE.fullmatch(cell):
        return Fault("cell_not_whole", found=shown, values=about)
    number = plain_number(cell)
    if not math.isfinite(number):
        return Fault("cell_not_number", found=shown, values=about)
    least = -math.inf if cells.least is None else cells.least
    most = math.inf if cells.most is None else cells.most
    if not least <= number <= most:
        about |= {"least": _plain(least), "most": _plain(most)}
        return Fault("cell_out_of_range", found=shown, values=about)
    return None


def _plain(bound: float) -> str:
    return f"{bound:,.0f}" if float(bound).is_integer() else f"{bound:g}"


def _row_faults(
    row: Mapping[str, str], schema: Schema, file: str | None, line: int
) -> Iterator[Fault]:
    """Find numbers out of order, and a half of what goes together."""
    written = [(n, row[n].strip()) for n in schema.rising if row.get(n, "").strip()]
    numbers = [plain_number(cell) for _, cell in written]
    if all(map(math.isfinite, numbers)) and numbers != sorted(numbers):
        yield Fault("cells_not_rising", file, line, schema.rising[0],
                    found=", ".join(cell for _, cell in written),
                    expected=" ≤ ".join(name for name, _ in written))  # fmt: skip
    filled = [name for name in schema.together if row.get(name, "").strip()]
    if filled and len(filled) < len(schema.together):
        lacking = [name for name in schema.together if name not in filled]
        yield Fault("cells_not_together", file, line, lacking[0], found=", ".join(filled),
                    expected=", ".join(lacking))  # fmt: skip


def _twice(table: Table, names: Sequence[str], file: str | None) -> Iterator[Fault]:
    seen: dict[tuple[str, ...], int] = {}
    for line, row in table.rows if names else ():
        key = tuple(row[name].strip() for name in names)
        if key in seen:
            yield Fault("row_twice", file, line, names[0], found=", ".join(filter(None, key)),
                        values={"first": seen[key], "columns": ", ".join(names)})  # fmt: skip
        seen.setdefault(key, line)
