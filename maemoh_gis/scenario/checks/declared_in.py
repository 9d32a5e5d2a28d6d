"""Whether the acts that limits are declared in fit the catalog."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maemoh_gis.core.errors import FileError
from maemoh_gis.layers.table_schemas import ACTS
from maemoh_gis.layers.tables import read_texts

if TYPE_CHECKING:
    from maemoh_gis.core.faults import Fault
    from maemoh_gis.scenario.checks.checker import Checker
    from maemoh_gis.scenario.settings.limit import DeclaredIn
    from maemoh_gis.scenario.settings.scenario import Scenario

_OF_AREAS = ("code", "name_th", "name_en")


def declared_in_faults(scenario: Scenario, checker: Checker) -> Iterator[Fault]:
    """Find tables, polygons, columns and choices of acts that do not exist."""
    for id, limit in scenario.limits.items():
        if limit.declared_in is not None:
            path = ("limits", id, "declared_in")
            yield from _acts(limit.declared_in, checker, path)
            areas = (*path, "areas")
            yield from checker.read_layer(limit.declared_in.areas, areas, {"polygons"}, _OF_AREAS)


def _acts(told: DeclaredIn, checker: Checker, path: tuple[str, ...]) -> Iterator[Fault]:
    found = list(checker.read_layer(told.layer, (*path, "layer"), {"table"}, ACTS.needs))
    yield from found
    if found:
        return
    columns = checker.catalog[told.layer].columns
    for column in told.where:
        yield from checker.name("unknown_column", (*path, "where", column), column, columns)
    if all(column in columns for column in told.where):
        yield from _nothing_chosen(told, checker, path)


def _nothing_chosen(told: DeclaredIn, checker: Checker, path: tuple[str, ...]) -> Iterator[Fault]:
    """Refuse values that no act has; a file that cannot be read is told by the audit."""
    try:
        rows = read_texts(checker.catalog.path_of(told.layer)).rows
    except FileError:
        return
    for column, wanted in told.where.items():
        has = sorted({row[column] for _, row in rows if column in row})
        values = wanted if isinstance(wanted, list) else [wanted]
        for value in values:
            if str(value) not in has:
                yield checker.document.fault(
                    "nothing_selected",
                    (*path, "where", column),
                    found=str(value),
                    expected=", ".join(has[:12]),
                    values={"column": column},
                )
