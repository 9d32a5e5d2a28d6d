"""The page of a programme: what recurs, then each world with its bound."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from maemoh_gis.core.messages import Text, both, same
from maemoh_gis.pages.report_content import (
    Block,
    Column,
    Items,
    Paragraph,
    ReportContent,
    Section,
    Table,
    table_of,
)
from maemoh_gis.phasing.words import findings, world_title
from maemoh_gis.presentation.run_files import NOT_KNOWN, figure, land, range_of
from maemoh_gis.presentation.words import MILLION

if TYPE_CHECKING:
    from maemoh_gis.hinges.freight_worlds import Brought
    from maemoh_gis.phasing.freight_value import FreightValue
    from maemoh_gis.phasing.parcels import Parcel
    from maemoh_gis.phasing.study import Study, World

_YEARS = 5
_PERCENT = 100.0


def content_of(study: Study, values: Sequence[FreightValue] = ()) -> ReportContent:
    """Say everything the page shows."""
    said = findings(study)
    lead: list[Block] = [
        Paragraph(said[0], "lead"),
        Items(said[1:]),
        Paragraph(both("phasing.alike"), "caution"),
    ]
    return ReportContent(
        title=both("phasing.title"),
        subtitle=both(
            "phasing.about",
            objective=both(f"phasing.objective.{study.asked.objective}"),
            budget=f"{study.asked.budget:,.0f}",
        ),
        notices=[both("brief.screening"), both("phasing.no_best")],
        facts=[],
        sections=[
            Section("recurs", both("phasing.section.recurs"), lead),
            Section("parcels", both("phasing.section.parcels"), [_parcels(study)]),
            Section("worlds", both("phasing.section.worlds"), _worlds(study)),
            Section("years", both("phasing.section.years"), [_years(study)]),
            Section("freight", both("phasing.section.freight"), list(_freight(values))),
            Section("out", both("phasing.section.out"), [_out(study)]),
            Section("method", both("phasing.section.method"), [_method()]),
        ],
        footer=both("phasing.footer"),
        links=[(both("phasing.table"), "programme.csv")],
    )


def _parcels(study: Study) -> Table:
    """Set the first year of works on each parcel beside each other, world by world."""
    columns: list[Column[Parcel]] = [
        Column(both("phasing.col.parcel"), lambda one: one.title, "wide"),
        Column(both("phasing.col.land"), lambda one: land(one.rai)),
    ]
    columns += [Column(world_title(world), _begin_in(world)) for world in study.worlds]
    return table_of(columns, study.taken.values())


def _begin_in(world: World) -> Callable[[Parcel], Text]:
    def write(parcel: Parcel) -> Text:
        year = world.begins(parcel.key)
        return NOT_KNOWN if year is None else same(str(year))

    return write


def _worlds(study: Study) -> list[Block]:
    columns: list[Column[World]] = [
        Column(both("phasing.col.world"), world_title, "wide"),
        Column(both(f"phasing.col.{study.asked.objective}"), _value, "number"),
        Column(both("phasing.col.bound"), lambda one: figure(one.programme.bound), "number"),
        Column(both("phasing.col.gap"), _gap, "number"),
        Column(both("phasing.col.laid"), lambda one: land(_laid(one))),
        Column(both("phasing.col.spent"), _spent, "number"),
    ]
    return [Paragraph(both("phasing.bound_words"), "quiet"), table_of(columns, study.worlds)]


def _value(world: World) -> Text:
    low, central, high = (world.value[level] for level in ("low", "central", "high"))
    return range_of(low, central, high)


def _gap(world: World) -> Text:
    return both("report.percent", value=f"{_PERCENT * world.programme.gap:.2f}")


def _laid(world: World) -> float:
    return sum(sum(laid.values()) for laid in world.programme.estate.values())


def _spent(world: World) -> Text:
    return figure(sum(world.programme.spent.values()))


def _years(study: Study) -> Table:
    """Tell land occupied every few years, world by world, at central rates."""
    years = study.worlds[0].terms.years
    columns: list[Column[int]] = [Column(both("phasing.col.year"), lambda year: same(str(year)))]
    columns += [Column(world_title(world), _occupied_in(world), "number") for world in study.worlds]
    return table_of(columns, sorted({*years[::_YEARS], years[-1]}))


def _occupied_in(world: World) -> Callable[[int], Text]:
    return lambda year: figure(world.programme.occupied.get(year, 0.0))


def _freight(values: Sequence[FreightValue]) -> Iterator[Block]:
    """Tabulate what senders save a year; it stands beside the objective, never in it."""
    if not values:
        yield Paragraph(both("phasing.freight_none"))
        return
    yield Paragraph(both("phasing.freight_words"), "quiet")
    columns: list[Column[FreightValue]] = [
        Column(both("phasing.col.parcel"), lambda one: one.parcel.title, "wide"),
        Column(both("phasing.col.size"), lambda one: land(one.rai)),
        Column(
            both("phasing.col.saves"),
            lambda one: _brought(one, lambda b: b.thb_saved / MILLION, 1),
            "number",
        ),
        Column(
            both("phasing.col.yard_teu"),
            lambda one: _brought(one, lambda b: b.teu_estate + b.teu_other, 0),
            "number",
        ),
    ]
    yield table_of(columns, values)


def _brought(value: FreightValue, of: Callable[[Brought], float], decimals: int) -> Text:
    if not value.brought:
        return NOT_KNOWN
    # Boxes over the yard are not more at every rise of all: wagons are shared.
    numbers = [of(value.brought[level]) + 0.0 for level in ("low", "central", "high")]
    return range_of(min(numbers), numbers[1], max(numbers), decimals)


def _out(study: Study) -> Table:
    """List what no programme may take, with the reason in each world."""
    found = {one.key: one for w in study.worlds for one in w.parcels if one.why_not is not None}
    columns: list[Column[Parcel]] = [
        Column(both("phasing.col.parcel"), lambda one: one.title, "wide"),
        Column(both("phasing.col.land"), lambda one: land(one.rai)),
    ]
    columns += [Column(world_title(world), _why_in(world)) for world in study.worlds]
    return table_of(columns, found.values())


def _why_in(world: World) -> Callable[[Parcel], Text]:
    reasons = {one.key: one.why_not for one in world.parcels}

    def write(parcel: Parcel) -> Text:
        why = reasons.get(parcel.key)
        return NOT_KNOWN if why is None else both(f"phasing.why.{why}")

    return write


def _method() -> Items:
    return Items([both(f"phasing.method.{id}") for id in ("rules", "papers", "money", "left_out")])
