"""Whether features that a scenario chooses by their attributes exist in the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.faults import Fault
from maemoh_gis.documents.schema import nearest
from maemoh_gis.layers.features import attributes_of

if TYPE_CHECKING:
    import pandas as pd

    from maemoh_gis.documents.yaml import Document
    from maemoh_gis.layers.catalog import Catalog

_MOST_SHOWN = 12


def where_faults(
    where: Mapping[str, Any],
    id: str,
    catalog: Catalog,
    document: Document,
    path: tuple[str, ...],
) -> Iterator[Fault]:
    """Find columns the file does not have, and choices that leave no feature."""
    layer = catalog[id]
    if not where:
        return
    table = None if layer.kind in {"raster", "table"} else attributes_of(catalog, id)
    known = list(layer.columns) if table is None else [str(name) for name in table.columns]
    there = []
    for column, wanted in where.items():
        at = (*path, "where", column)
        if column not in known:
            expected = nearest(column, known) or _shown(known)
            yield document.fault("unknown_column", at, found=column, expected=expected)
        elif table is not None:
            has = table[column].isin(_listed(wanted))
            there.append(has)
            if not has.any():
                yield document.fault(
                    "nothing_selected", at, found=_shown(_listed(wanted)),
                    expected=_shown(_values(table[column])), values={"column": column},
                )  # fmt: skip
    if len(there) > 1 and all(has.any() for has in there):
        together = there[0]
        for has in there[1:]:
            together = together & has
        if not together.any():
            yield document.fault("nothing_selected_together", (*path, "where"), found=_shown(where))


def _listed(wanted: Any) -> list[Any]:
    return wanted if isinstance(wanted, list) else [wanted]


def _values(column: pd.Series) -> list[str]:
    return sorted({str(value) for value in column.dropna()})


def _shown(values: Any) -> str:
    """Write at most a dozen values, none longer than a line holds."""
    texts = [str(value)[:40] for value in values]
    more = f" … (+{len(texts) - _MOST_SHOWN})" if len(texts) > _MOST_SHOWN else ""
    return ", ".join(texts[:_MOST_SHOWN]) + more or "–"


def number_faults(
    column: str, id: str, catalog: Catalog, document: Document, path: tuple[str, ...]
) -> Iterator[Fault]:
    """Find a column that is to be counted with and holds no numbers."""
    from pandas.api.types import is_numeric_dtype

    table = attributes_of(catalog, id)
    if table is None or column not in table:
        return
    if not is_numeric_dtype(table[column]):
        values = _shown(_values(table[column]))
        yield document.fault("column_not_number", path, found=column, expected=values)


def name_faults(
    columns: Iterable[str],
    where: Mapping[str, Any],
    id: str,
    catalog: Catalog,
    document: Document,
    path: tuple[str, ...],
) -> Iterator[Fault]:
    """Find features without the name by which results tell them."""
    table = attributes_of(catalog, id)
    if table is None or any(column not in table for column in where):
        return
    for column, wanted in where.items():
        table = table[table[column].isin(_listed(wanted))]
    for column in columns:
        if column in table:
            blank = table[column].isna() | (table[column].astype(str).str.strip() == "")
            if blank.any():
                counted = {"n": int(blank.sum()), "m": len(blank),
                           "first": int(blank.index[blank][0]) + 1}  # fmt: skip
                yield document.fault("name_missing", path, found=column, values=counted)
