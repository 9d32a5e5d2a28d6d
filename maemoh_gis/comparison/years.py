"""All runs side by side through the years: megawatts, work, water, boxes and land by state."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.messages import LANGUAGES, Text, both, joined, same
from maemoh_gis.files import read_csv, read_json
from maemoh_gis.pages.comparison_content import PageFigure, PageRow, PageTable
from maemoh_gis.pictures import svg

if TYPE_CHECKING:
    from maemoh_gis.comparison.model import Comparison
    from maemoh_gis.comparison.runs import ComparedRun

PICTURE = "years.svg"
YEAR_COLUMNS = (
    "run", "year_be", "quantity", "title_th", "title_en", "low", "central", "high", "unit_th",
    "unit_en", "confidence",
)  # fmt: skip
_PATH, _ESTATE = "timeline.json", "estate.csv"
_OF_COAL = ("jobs_exposed", "water_freed_mm3")
_OF_ESTATE = ("jobs", "water_mm3", "teu")
_STATES = ("ended_not_returned", "closed", "restoration", "conditional", "open")
QUANTITIES = (
    "mw", "jobs_exposed", "estate_jobs", "water_freed_mm3", "estate_water_mm3", "estate_teu",
    *(f"{state}_rai" for state in _STATES),
)  # fmt: skip
"""In the order they are drawn; those of an estate stand beside what coal leaves."""
_UNITS = {"mw": "mw", "teu": "teu", "rai": "rai", "jobs": "jobs", "exposed": "jobs", "mm3": "mm3"}

# Told apart under the common kinds of colour blindness; more runs than this are left to the table.
_COLOURS = ("#1b3a5c", "#c77700", "#2b7a6f", "#b3005e", "#6a51a3", "#8c564b", "#4f7da6", "#555555")
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 300, 150, 46, 8, 34, 22
_COLUMNS, _GAP, _KEY = 3, 20, 20
_WIDEST, _THINNEST = 9.0, 1.6

Values = Sequence[float]


@dataclass(frozen=True)
class Course:
    """One quantity of one run through the years."""

    run: int
    quantity: str
    years: Sequence[int]
    low: Values
    central: Values
    """NaN where it is not defined."""
    high: Values
    confidence: Sequence[str]


def courses(found: Comparison) -> list[Course]:
    """Read every quantity of every run that follows the years."""
    return [one for number, run in enumerate(found.runs) for one in _courses(run, number)]


def without_years(found: Comparison) -> list[int]:
    """List the runs that follow no years."""
    return [k for k, run in enumerate(found.runs) if _PATH not in run.record["outputs"]]


def year_rows(found: Comparison) -> Iterator[tuple[Any, ...]]:
    """List every quantity of every run and year, after `YEAR_COLUMNS`."""
    for one in courses(found):
        title, unit = title_of(one.quantity), unit_of(one.quantity)
        for k, year in enumerate(one.years):
            numbers = (one.low[k], one.central[k], one.high[k])
            if math.isfinite(one.central[k]):
                yield (found.runs[one.run].label, year, one.quantity, *title.values(),
                       *numbers, *unit.values(), one.confidence[k])  # fmt: skip


def title_of(quantity: str) -> Text:
    """Name a quantity."""
    return both(f"compare.year.{quantity}")


def unit_of(quantity: str) -> Text:
    """Name its unit."""
    return both(f"compare.year.unit.{_UNITS[quantity.rpartition('_')[2]]}")


def _courses(run: ComparedRun, number: int) -> Iterator[Course]:
    if _PATH not in run.record["outputs"]:
        return
    path = read_json(run.folder / _PATH)
    estate = list(read_csv(run.folder / _ESTATE)) if _ESTATE in run.record["outputs"] else []
    years = [int(year) for year in path["years"]]
    for quantity in QUANTITIES:
        if quantity == "mw":
            held = path["capacity"]
            levels = (held["mw"],) * 3
            sure: Sequence[Any] = held["confidence"]
        elif quantity in _OF_COAL:
            held = path["amounts"][quantity]
            levels, sure = (held["low"], held["central"], held["high"]), held["confidence"]
        elif quantity.startswith("estate_"):
            yield from _of_estate(estate, quantity, number)
            continue
        else:
            levels, sure = (path["land"][quantity],) * 3, ["M"] * len(years)
        words = [str(one or "") for one in _each(sure, len(years))]
        low, central, high = (_numbers(level) for level in levels)
        yield Course(number, quantity, years, low, central, high, words)


def _each(value: Any, n: int) -> Sequence[Any]:
    return value if isinstance(value, list) else [value] * n


def _of_estate(rows: Sequence[Mapping[str, str]], quantity: str, number: int) -> Iterator[Course]:
    mine = [row for row in rows if f"estate_{row['quantity']}" == quantity]
    if mine:
        years = [int(row["year_be"]) for row in mine]
        low, central, high = ([float(row[x]) for row in mine] for x in ("low", "central", "high"))
        sure = [row["confidence"] for row in mine]
        yield Course(number, quantity, years, low, central, high, sure)


def _numbers(values: Sequence[Any]) -> list[float]:
    return [math.nan if value is None else float(value) for value in values]


def year_figure(found: Comparison) -> PageFigure:
    """Draw the runs for the page: a small picture for each quantity."""
    drawn = _drawn(found)
    held = courses(found)
    span = _span(held)
    panels = [
        svg.picture(_WIDTH, _HEIGHT, [_panel(name, mine, span)], named=svg.beside(title_of(name)),
                    alone=False)
        for name, mine in _by_quantity(held, drawn)
    ]  # fmt: skip
    key = [(_COLOURS[k], found.names[number]) for k, number in enumerate(drawn)]
    return PageFigure(both("compare.years"), _note(found), key if panels else [], panels)


def year_picture(found: Comparison) -> str:
    """Draw the runs as one picture that needs nothing else."""
    drawn, held = _drawn(found), courses(found)
    span = _span(held)
    panels = [_panel(name, mine, span) for name, mine in _by_quantity(held, drawn)]
    width = _COLUMNS * (_WIDTH + _GAP) + _GAP
    body = [svg.heading(_GAP, 28, 16, svg.either(both("compare.years")))]
    y: float = 48
    for k, number in enumerate(drawn):
        body.append(f'<path d="M{_GAP} {y - 4}h26" stroke="{_COLOURS[k]}" stroke-width="4"/>')
        body.append(svg.words(_GAP + 34, y, svg.either(found.names[number])))
        y += _KEY
    for k, panel in enumerate(panels):
        place = (_GAP + k % _COLUMNS * (_WIDTH + _GAP), y + k // _COLUMNS * (_HEIGHT + _GAP))
        body.append(svg.moved(*place, panel))
    y += -(-len(panels) // _COLUMNS) * (_HEIGHT + _GAP) + 10
    note = _note(found)
    for language in LANGUAGES:
        for line in svg.wrapped(note[language], 140):
            body.append(f'<text lang="{language}" x="{_GAP}" y="{y}" fill="#444">'
                        f"{svg.escaped(line)}</text>")  # fmt: skip
            y += 16
    return svg.picture(width, y + 8, body, named=svg.beside(both("compare.years")))


def year_table(found: Comparison) -> PageTable:
    """Write out every run in the years of all of them: what is drawn is also said."""
    heads = [both("compare.column.run"), both("compare.column.year"),
             *(title_of(name) for name in QUANTITIES)]  # fmt: skip
    years = sorted({int(run.record["year"]) for run in found.runs})
    rows = list(_year_rows(found, years))
    return PageTable("years", both("compare.table.years"), heads, rows,
                     both("compare.about.years"), folded=True)  # fmt: skip


def _year_rows(found: Comparison, years: Sequence[int]) -> Iterator[PageRow]:
    told = {(one.run, one.quantity): one for one in courses(found)}
    for number in range(len(found.runs)):
        for year in years:
            held = [told.get((number, name)) for name in QUANTITIES]
            if any(held):
                cells = [same("–" if one is None else _in_year(one, year)) for one in held]
                yield PageRow([found.names[number], same(str(year)), *cells], None, (number,))


def _in_year(one: Course, year: int) -> str:
    if year not in one.years or not math.isfinite(one.central[one.years.index(year)]):
        return "–"
    k = one.years.index(year)
    low, central, high = (svg.number(values[k]) for values in (one.low, one.central, one.high))
    return central if low == high else f"{central} ({low}–{high})"


def _drawn(found: Comparison) -> list[int]:
    none = without_years(found)
    return [k for k in range(len(found.runs)) if k not in none][: len(_COLOURS)]


def _span(held: Sequence[Course]) -> tuple[int, int]:
    return min((one.years[0] for one in held), default=0), max(
        (one.years[-1] for one in held), default=0
    )


def _by_quantity(
    held: Sequence[Course], drawn: Sequence[int]
) -> Iterator[tuple[str, list[tuple[int, Course]]]]:
    """Give the courses of each quantity with the place of their run among those drawn."""
    for name in QUANTITIES:
        mine = [(drawn.index(one.run), one) for one in held
                if one.quantity == name and one.run in drawn]  # fmt: skip
        if mine:
            yield name, mine


def _panel(name: str, mine: Sequence[tuple[int, Course]], span: tuple[int, int]) -> str:
    most = max((v for _, one in mine for v in one.central if math.isfinite(v)), default=0.0) or 1.0
    bottom, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT

    def across(year: float) -> float:
        return round(_LEFT + (year - span[0]) / max(span[1] - span[0], 1) * (right - _LEFT), 1)

    def down(value: float) -> float:
        return round(_TOP + (1 - value / most) * (bottom - _TOP), 1)

    title = joined([title_of(name), unit_of(name)], ", ")
    decades = [year for year in range(span[0], span[1] + 1) if year % 10 == 0]
    return (
        svg.heading(0, 13, 12, svg.either(title))
        + "".join(_line(place, one, across, down) for place, one in mine)
        + _all_alike(mine, right)
        + svg.axes(_LEFT, _TOP, bottom, right)
        + svg.words(_LEFT - 5, _TOP + 4, svg.number(most), text_anchor="end")
        + svg.words(_LEFT - 5, bottom + 3, "0", text_anchor="end")
        + "".join(
            svg.words(across(y), bottom + 15, str(y), text_anchor=_anchor(y, span)) for y in decades
        )
    )


def _all_alike(mine: Sequence[tuple[int, Course]], right: float) -> str:
    """Say where all runs drawn have one course: lines upon one another are hard to tell."""
    known = {tuple(zip(one.years, map(str, one.central), strict=True)) for _, one in mine}
    if len(mine) < 2 or len(known) > 1:
        return ""
    said = svg.either(both("compare.all_alike"))
    return svg.words(right, _TOP - 6, said, text_anchor="end", fill="#555")


def _anchor(year: int, span: tuple[int, int]) -> str:
    return "start" if year == span[0] else "end" if year == span[1] else "middle"


def _line(
    place: int, one: Course, across: Callable[[float], float], down: Callable[[float], float]
) -> str:
    """Draw the central value; later runs are thinner, so that one beneath another is seen."""
    points: list[str] = []
    on = False
    for year, value in zip(one.years, one.central, strict=True):
        if math.isfinite(value):
            points.append(f"{'L' if on else 'M'}{across(year)} {down(value)}")
        on = math.isfinite(value)
    wide = max(_WIDEST - 2.2 * place, _THINNEST)
    colour = _COLOURS[place]
    return f'<path d="{"".join(points)}" fill="none" stroke="{colour}" stroke-width="{wide:g}"/>'


def _note(found: Comparison) -> Text:
    notes = [both("compare.about.year_chart")]
    none = without_years(found)
    if none:
        named = joined([found.names[number] for number in none], ", ")
        notes.append(both("compare.no_years", runs=named))
    more = len(found.runs) - len(none) - len(_drawn(found))
    if more > 0:
        notes.append(both("compare.more_years", n=more))
    return joined(notes, " ")
