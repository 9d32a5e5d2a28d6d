"""Checks of what stands in the columns of a layer, whether it has a geometry or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.faults import Fault, Severity
from maemoh_gis.core.units import EARLIEST_BE, LATEST_BE
from maemoh_gis.documents.schema import nearest
from maemoh_gis.layers.audit.subject import Subject, listed
from maemoh_gis.layers.tables import text_fault

if TYPE_CHECKING:
    import pandas as pd

_GRADES = ("H", "M", "L", "ASSUMPTION")
_TEXT_CODES = {
    "cell_control_character": "text_control_character",
    "cell_too_long": "text_too_long",
}
_NAMES = ("name_th", "name_en")
_MOSTLY = 0.5

# Two features of one name are one feature twice only if they agree in what they are and where;
# these columns say neither.
_SAYS_NOT_WHICH = frozenset({"code", "confidence", "source", "notes", *_NAMES})


def column_faults(subject: Subject, columns: list[str]) -> Iterator[Fault]:
    """Compare the columns of a file with those the catalog describes."""
    described = subject.layer.columns
    for name in described:
        if name not in columns:
            spare = [column for column in columns if column not in described]
            expected = nearest(name, spare) or listed(columns, most=20)
            yield subject.fault(
                "column_not_in_file", "columns", name, found=name, expected=expected
            )
    for name in columns:
        if name not in described:
            yield subject.fault("column_not_described", "columns", severity="warns", found=name)


def value_faults(subject: Subject, table: pd.DataFrame) -> Iterator[Fault]:
    """Look for years of the wrong era and grades of confidence that do not exist."""
    import pandas as pd

    for name in table.columns:
        values = table[name]
        if subject.layer.kind != "table":
            yield from _text_faults(subject, values, name)
        if name.endswith("_be"):
            years = pd.to_numeric(values, errors="coerce")
            wrong = years.notna() & ~years.between(EARLIEST_BE, LATEST_BE)
            found = listed(f"{year:g}" for year in sorted(set(years[wrong])))
            yield from subject.of_features(
                "column_not_be", wrong, "columns", name, found=found, values={"column": name}
            )
        if name.endswith("confidence"):
            wrong = values.notna() & (values != "") & ~values.isin(_GRADES)
            yield from subject.of_features(
                "unknown_grade",
                wrong,
                "columns",
                name,
                severity="warns",
                found=listed(sorted({str(value) for value in values[wrong]})),
                expected=", ".join(_GRADES),
                values={"column": name},
            )


def _text_faults(subject: Subject, values: pd.Series, name: str) -> Iterator[Fault]:
    """Find control characters and texts longer than any should be; rows of tables have lines."""
    texts = [value for value in values.unique() if isinstance(value, str)]
    at_fault = {text: fault for text in texts if (fault := text_fault(text)) is not None}
    if not at_fault:
        return
    found = values.map(at_fault)
    for code, said in _TEXT_CODES.items():
        yield from subject.of_features(said, found == code, values={"column": str(name)[:60]})


def name_faults(subject: Subject, table: pd.DataFrame) -> Iterator[Fault]:
    """Look for features without a name, names given twice and codes given twice."""
    for name in _NAMES:
        if name in table and (empty := _blank(table[name])).any():
            # Where most have no name, as ponds, a name is no more than a help to the reader.
            severity: Severity = "notes" if empty.mean() > _MOSTLY else "warns"
            yield from subject.of_features(
                "name_missing", empty, "columns", name, severity=severity, found=name
            )
    for name in [n for n in _NAMES if n in table][:1]:
        yield from _twice(subject, table, name)
    if "code" in table:
        codes = table["code"][~_blank(table["code"])]
        for code in sorted(set(codes[codes.duplicated()])):
            numbers = [at + 1 for at in codes.index[codes == code]]
            yield subject.fault(
                "code_twice",
                "columns",
                "code",
                found=str(code),
                values={"features": listed(numbers)},
            )


def _twice(subject: Subject, table: pd.DataFrame, name: str) -> Iterator[Fault]:
    """Find features of one name that no other text tells apart."""
    from pandas.api.types import is_numeric_dtype

    named = table[~_blank(table[name])]
    tell_apart = [
        column
        for column in named.columns
        if column not in _SAYS_NOT_WHICH and not is_numeric_dtype(named[column])
    ]
    for _, group in named.groupby([name, *tell_apart], dropna=False, sort=True):
        if len(group) > 1:
            yield subject.fault(
                "name_twice",
                "columns",
                name,
                severity="warns",
                found=str(group[name].iloc[0]),
                values={"n": len(group), "features": listed(at + 1 for at in group.index)},
            )


def _blank(values: pd.Series) -> pd.Series:
    """Say which cells are missing or hold nothing but spaces."""
    return values.isna() | (values.astype(str).str.strip() == "")


def known_faults(subject: Subject, table: pd.DataFrame) -> Iterator[Fault]:
    """Check what the catalog says of how many features there are, and which are all there."""
    for k, known in enumerate(subject.layer.known):
        absent = [column for column in known.where if column not in table]
        yield from _absent_columns(subject, absent, table, "known", str(k), "where")
        found = None if absent else int(_selected(table, known.where).sum())
        if found is not None and found != known.n:
            yield subject.fault(
                "known_differs", "known", str(k), "n", found=str(found), expected=str(known.n)
            )
    for k, where in enumerate(subject.layer.complete_where):
        absent = [column for column in where if column not in table]
        yield from _absent_columns(subject, absent, table, "complete_where", str(k))
        if not absent and not _selected(table, where).any():
            named = ", ".join(f"{column}: {value}" for column, value in where.items())
            yield subject.fault("complete_where_empty", "complete_where", str(k), found=named)


def _absent_columns(
    subject: Subject, absent: Iterable[str], table: pd.DataFrame, *place: str
) -> Iterator[Fault]:
    for column in absent:
        yield subject.fault(
            "unknown_column", *place, column, found=column,
            expected=", ".join(str(name) for name in table.columns),
        )  # fmt: skip


def _selected(table: pd.DataFrame, where: Mapping[str, Any]) -> pd.Series:
    """Find the rows with some values; tables hold text, so values are compared as written."""
    import pandas as pd

    chosen = pd.Series(data=True, index=table.index)
    for column, value in where.items():
        chosen &= table[column].astype(str) == str(value)
    return chosen
