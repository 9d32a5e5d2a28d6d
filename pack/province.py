"""
Figures of the whole province, one a row, corrected, with the printed value beside a correction.

`province_figures.csv` beside this module says which figures there are and what they are called. A
row with `fact_lines` takes its values from the list of facts, by the lines of the plan that print
them. A row without gives its value itself and replaces a fact of the same topic, item and year: a
correction that the list of facts leaves open, or a figure known only from checking the tables.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from maemoh_gis import files
from pack.tables import PLAN, Cell, differing, number, write_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Facts = Mapping[int, list[dict[str, str]]]
    Row = dict[str, Cell]

_FIGURES = Path(__file__).with_name("province_figures.csv")

# How the list of facts writes periods that are not a whole year: year, then words.
_PERIODS = {
    "2567-03": (2567, "March 2567"),
    "2567H1": (2567, "October 2566 to March 2567"),
    "2566/67": (2566, "crop year 2566/67"),
}

_MINERAL_YEARS = ("t_2565", "t_2566", "t_2567", "t_2568", "t_2569_to_30apr")


def write_province_statistics(sources: Path, out: Path) -> None:
    """
    Write `province_statistics.csv`, one figure a row.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.
    out : Path
        Folder of the bundled layers.
    """
    facts: dict[int, list[dict[str, str]]] = {}
    for fact in files.read_csv(sources / "facts" / "facts.csv"):
        if fact["source_file"].startswith("004_") and fact["line"].isdigit():
            facts.setdefault(int(fact["line"]), []).append(fact)
    figures: dict[tuple[Cell, Cell, Cell], Row] = {}
    for figure in files.read_csv(_FIGURES):
        for row in _from_facts(figure, facts) if figure["fact_lines"] else [_given(figure)]:
            figures[row["topic"], row["item"], row["year_be"]] = row
    totals = (*_licence_totals(sources), *_mineral_totals(sources))
    write_rows(out / "province_statistics.csv", _in_order([*figures.values(), *totals]))


def _in_order(rows: list[Row]) -> list[Row]:
    """Keep topics and items in the order they first come, the years of an item rising."""
    topics = list(dict.fromkeys(row["topic"] for row in rows))
    items = list(dict.fromkeys((row["topic"], row["item"]) for row in rows))
    return sorted(
        rows,
        key=lambda row: (
            topics.index(row["topic"]),
            items.index((row["topic"], row["item"])),
            int(row["year_be"] or 0),
        ),
    )


def _from_facts(figure: Mapping[str, str], facts: Facts) -> Iterator[Row]:
    for line in map(int, figure["fact_lines"].split()):
        # `all` takes every fact of the line, one for each year; a number takes one, counted from 0.
        nth = figure["fact_nth"]
        for fact in facts[line] if nth == "all" else [facts[line][int(nth)]]:
            value = number(fact["value_recommended"])
            year_be, period = _period(fact["year_be"])
            yield _row(
                figure,
                year_be=year_be,
                period=period,
                value=value,
                printed=differing(number(fact["value_as_printed"]), value),
                confidence=fact["confidence"],
                source=f"{PLAN} L{line}",
            )


def _given(figure: Mapping[str, str]) -> Row:
    return _row(
        figure,
        year_be=number(figure["year_be"]),
        period=figure["period"],
        value=number(figure["value"]),
        printed=number(figure["value_as_printed"]),
        confidence=figure["confidence"],
        source=figure["source"],
    )


def _row(
    figure: Mapping[str, str],
    *,
    year_be: Cell,
    value: Cell,
    printed: Cell,
    confidence: str,
    source: str,
    period: str,
) -> Row:
    return {
        "topic": figure["topic"],
        "item": figure["item"],
        "name_th": figure["name_th"],
        "name_en": figure["name_en"],
        "year_be": year_be,
        "period": period or None,
        "value": value,
        "unit": figure["unit"],
        "value_as_printed": printed,
        "confidence": confidence,
        "source": source,
        "register_item": figure["register_item"] or None,
        "note": figure["note"] or None,
    }


def _period(written: str) -> tuple[int | None, str]:
    """Split a period of the facts into its year and, if it is not a whole year, words for it."""
    if written in _PERIODS:
        return _PERIODS[written]
    return (int(written), "") if written else (None, "")


def _licence_totals(sources: Path) -> Iterator[Row]:
    total = files.read_csv(sources / "facts" / "concessions.csv")[-1]
    figure = {
        "topic": "mining",
        "item": "licences_total",
        "name_th": "ประทานบัตร รวม",
        "name_en": "mining licences, total",
        "unit": "licences",
        "register_item": "21",
        "note": "years of the plan's table; mining_licences has the dates",
    }
    for year_be in range(2565, 2570):
        yield _row(
            figure,
            year_be=year_be,
            period="",
            value=number(total[f"y{year_be}"]),
            printed=None,
            confidence="H",
            source=f"{PLAN} L877",
        )


def _mineral_totals(sources: Path) -> Iterator[Row]:
    """Add up the output of every year; the totals that the plan prints stand a year late."""
    *_, printed_totals = rows = files.read_csv(sources / "facts" / "mineral_production.csv")
    kinds = [row for row in rows if ".txt:L" in row["source"] and row is not printed_totals]
    for column in _MINERAL_YEARS:
        year_be = int(column[2:6])
        total = number(f"{sum(float(row[column]) for row in kinds):.2f}")
        printed = differing(number(printed_totals[column]), total)
        figure = {
            "topic": "mining",
            "item": "mineral_output_total",
            "name_th": "ปริมาณการผลิตแร่ รวม",
            "name_en": "mineral output, total",
            "unit": "t",
            "register_item": "19",
            "note": "sum of the kinds; the printed totals stand a year late" if printed else "",
        }
        yield _row(
            figure,
            year_be=year_be,
            period="October 2568 to April 2569" if year_be == 2569 else "fiscal year",
            value=total,
            printed=printed,
            confidence="H",
            source=f"{PLAN} L917",
        )
