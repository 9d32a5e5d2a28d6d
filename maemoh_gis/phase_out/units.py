"""The path after coal of a scenario by its tables: units, what was measured, the years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.errors import FormatError, raise_if_blocked
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import LANGUAGES
from maemoh_gis.documents.schema import nearest
from maemoh_gis.layers.load import Layers
from maemoh_gis.layers.table_schemas import UNITS, Cells, Schema
from maemoh_gis.phase_out.path import EFFICIENT, NOTHING_MEASURED, Measured, Unit, YearFacts, path
from maemoh_gis.scenario.settings.phase_out import Observed, UnitPlan

if TYPE_CHECKING:
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.scenario.resolve import Resolved

_MONTHS = 12
_RAN = frozenset({"operating", "retired"})


def units_of(resolved: Resolved, catalog: Catalog) -> list[Unit]:
    """Put the units of a scenario together from its timeline and the table of units."""
    timeline = resolved.written.timeline
    if timeline is None:
        return []
    rows = {row["id"]: row for row in Layers(catalog).table(timeline.layer, UNITS)}
    found: list[Unit] = []
    faults: list[Fault] = []
    for id in dict.fromkeys([*rows, *timeline.units]):
        row, plan = rows.get(id, {}), timeline.units.get(id)
        mw = plan.mw if plan and plan.mw else row.get("gross_mw")
        start = plan.start if plan and plan.start else row.get("start_year_be")
        place = ("timeline", "units", id)
        if plan is None:
            faults.append(resolved.document.fault("unit_without_end", place[:2], found=id))
        elif mw is None or start is None:
            near = nearest(id, rows) or ", ".join(rows)
            faults.append(
                resolved.document.fault("unit_without_facts", place, found=id, expected=near)
            )
        else:
            found.append(_unit(id, row, plan, mw, int(start)))
    raise_if_blocked(faults, FormatError)
    return found


def _unit(id: str, row: Mapping[str, Any], plan: UnitPlan, mw: float, start: int) -> Unit:
    known = row.get("status") in _RAN if row else True
    return Unit(
        id,
        {x: row.get(f"name_{x}") or id for x in LANGUAGES},
        mw,
        start,
        plan.last_year,
        efficient=row.get("technology") == EFFICIENT,
        counted=(known if plan.counted is None else plan.counted) and not plan.never,
        confidence=plan.confidence,
        unsure_to=plan.unsure_to,
        never=plan.never,
    )


def measured_of(resolved: Resolved, catalog: Catalog) -> Measured:
    """Read the lignite of years past as it was measured."""
    timeline = resolved.written.timeline
    if timeline is None or timeline.lignite is None:
        return NOTHING_MEASURED
    told = timeline.lignite
    wanted = {
        name: {str(one) for one in (value if isinstance(value, list) else [value])}
        for name, value in told.where.items()
    }
    tonnes: dict[int, float] = {}
    for row in Layers(catalog).table(told.layer, _observed(told)):
        year, amount = row[told.year_column], row[told.value_column]
        whole = told.months_column is None or row[told.months_column] == _MONTHS
        mine = all(row[name] in values for name, values in wanted.items())
        if mine and whole and year and amount is not None and year <= timeline.reference_year:
            tonnes[year] = tonnes.get(year, 0.0) + amount
    return Measured(tonnes, told.confidence)


def _observed(told: Observed) -> Schema:
    """Say what a table of what was measured must hold, by the columns the scenario names."""
    columns = {
        told.year_column: Cells("whole", empty=True),
        told.value_column: Cells("number", empty=True, least=0),
        **dict.fromkeys(told.where, Cells(empty=True)),
    }
    if told.months_column is not None:
        columns[told.months_column] = Cells("whole", empty=True, least=1, most=_MONTHS)
    return Schema(columns)


def path_of(
    resolved: Resolved, catalog: Catalog, years: Iterable[int] | None = None
) -> list[YearFacts]:
    """Follow a scenario through the years, by its tables."""
    units, measured = units_of(resolved, catalog), measured_of(resolved, catalog)
    return path(resolved.scenario, units, years, measured, resolved.rules)
