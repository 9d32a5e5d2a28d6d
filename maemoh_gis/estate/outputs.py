"""An estate through the years as a table, as a picture and on the record of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.messages import both
from maemoh_gis.estate.growth import NEEDS, EstateYear, growth, in_year, water_open
from maemoh_gis.files import write_csv, write_text
from maemoh_gis.phase_out.path import LAST_YEAR
from maemoh_gis.phase_out.units import path_of
from maemoh_gis.pictures.timeline_chart import Panel, Series, TimelineChart, timeline_svg
from maemoh_gis.presentation.words import rounded

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results
    from maemoh_gis.phase_out.path import Amount, Quantity
    from maemoh_gis.scenario.settings.estate import Estate

TABLE, PICTURE = "estate.csv", "estate.svg"
COLUMNS = (
    "year_be", "quantity", "title_th", "title_en", "low", "central", "high", "unit_th", "unit_en",
    "confidence",
)  # fmt: skip
_LAND, _WATER_OPEN = "occupied_rai", "water_open_mm3"
_BESIDE: Mapping[str, Quantity] = {"jobs": "jobs_exposed", "water_mm3": "water_freed_mm3"}
"""What coal leaves, drawn beside what the estate takes or gives."""


def write_estate(results: Results, folder: Path) -> dict[str, str]:
    """Write how the estate of a scenario fills, where it has one."""
    estate = results.resolved.scenario.estate
    if estate is None:
        return {}
    years = growth(estate, _years(results))
    chart = timeline_svg(_chart(results, estate, years))
    rows = [row for year in years for row in _rows(year.year, _told(results, estate, year))]
    return {
        TABLE: write_csv(folder / TABLE, COLUMNS, rows, for_excel=True),
        PICTURE: write_text(folder / PICTURE, chart),
    }


def estate_on_record(results: Results) -> dict[str, Any] | None:
    """Say what of the estate is occupied in the scenario's year, and what that needs and sends."""
    scenario = results.resolved.scenario
    if scenario.estate is None:
        return None
    now = in_year(scenario.estate, scenario.year)
    return {
        "title": scenario.estate.title.both(),
        "planned_rai": scenario.estate.rai,
        "first_year": scenario.estate.first_year,
        "year": now.year,
        **{name: _plain(one) for name, one in _told(results, scenario.estate, now).items()},
    }


def quantities(year: EstateYear) -> dict[str, Amount]:
    """Give everything told of a year by the name of its column."""
    return {_LAND: year.occupied_rai, **{need: year.needs[need] for need in NEEDS}}


def _years(results: Results) -> range:
    scenario = results.resolved.scenario
    timeline = scenario.timeline
    first = scenario.year if timeline is None else timeline.reference_year
    # The year asked for is told whatever it is: it may lie before the path or beyond it.
    return range(min(first, scenario.year), max(LAST_YEAR, scenario.year) + 1)


def _told(results: Results, estate: Estate, year: EstateYear) -> dict[str, Amount]:
    """Give everything told of a year, with the water coal leaves open to the estate."""
    freed = None
    if results.resolved.scenario.timeline is not None:
        (coal,) = path_of(results.resolved, results.catalog, [year.year])
        freed = water_open(estate, coal.amounts["water_freed_mm3"])
    return quantities(year) | ({} if freed is None else {_WATER_OPEN: freed})


def _rows(year: int, told: Mapping[str, Amount]) -> Iterator[tuple[object, ...]]:
    for name, amount in told.items():
        numbers = (rounded(n) for n in (amount.low, amount.central, amount.high))
        title, unit = both(f"estate.{name}"), both(f"estate.unit.{name}")
        yield (year, name, *title.values(), *numbers, *unit.values(), amount.confidence)


def _plain(amount: Amount) -> dict[str, Any]:
    return {
        "low": rounded(amount.low),
        "central": rounded(amount.central),
        "high": rounded(amount.high),
        "confidence": amount.confidence,
    }


def _chart(results: Results, estate: Estate, years: Sequence[EstateYear]) -> TimelineChart:
    """Draw the estate beside what coal leaves in the same years."""
    resolved = results.resolved
    told = [quantities(year) for year in years]
    whole = [year.year for year in years]
    coal = (
        path_of(resolved, results.catalog, whole) if resolved.scenario.timeline is not None else []
    )
    panels = []
    for name in told[0]:
        series = [_series(both(f"estate.{name}"), [one[name] for one in told])]
        beside = _BESIDE.get(name)
        if coal and beside is not None:
            series.append(
                _series(both(f"timeline.{beside}"), [one.amounts[beside] for one in coal])
            )
        panels.append(Panel(both(f"estate.{name}"), both(f"estate.unit.{name}"), series))
    return TimelineChart(
        estate.title.both(), whole, resolved.scenario.year, whole[0], panels, [], {},
        [both("estate.note")], both("timeline.nature.observed"),
    )  # fmt: skip


def _series(title: Mapping[Any, str], amounts: Sequence[Amount | None]) -> Series:
    nothing = float("nan")
    low, central, high = (
        [nothing if one is None else float(getattr(one, level)) for one in amounts]
        for level in ("low", "central", "high")
    )
    return Series(dict(title), low, central, high)
