"""The form of a workshop: a workbook in which only the answers can be written."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.messages import Language, Text, text

if TYPE_CHECKING:
    from maemoh_gis.scenario.settings.scenario import Scenario

MARK = "maemoh-workshop"
"""In a hidden column, what says that a sheet is a form, of what, and which row asks what."""
POINTS, RANK, PAIRS = WAYS = ("points", "rank", "pairs")
WHOLE = 100
"""Points to share out."""
SCALE = ("1/9", "1/7", "1/5", "1/3", "1", "3", "5", "7", "9")
"""Answers to a pair: how many times the first counts as much as the second."""
_FIRST_ROW, _A4, _TEXT = 8, 9, 49
MARKS, ANSWER = 4, 3
"""Columns, counted from 0."""


@dataclass(frozen=True)
class Asked:
    """One use whose criteria are weighed."""

    use: str
    title: Text
    criteria: Mapping[str, Text]


def asked_of(scenario: Scenario) -> list[Asked]:
    """List what a workshop weighs: the criteria of each use."""
    return [
        Asked(id, use.title.both(), {name: one.title.both() for name, one in use.criteria.items()})
        for id, use in scenario.uses.items()
    ]


def form_bytes(scenario: Scenario, way: str, language: Language) -> bytes:
    """Make a workbook with a sheet for each use; the same bytes each time."""
    import datetime as dt

    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_formulas": False, "in_memory": True}) as book:
        book.set_properties({"created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)})
        for number, asked in enumerate(asked_of(scenario), start=1):
            _Sheet(book, f"{number}", asked, way, language).write(scenario.id)
    return stream.getvalue()


class _Sheet:
    """One sheet while it is written."""

    def __init__(self, book: Any, name: str, asked: Asked, way: str, language: Language) -> None:
        self.sheet = book.add_worksheet(f"{name} {asked.title[language]}"[:31].strip("'"))
        self.asked, self.way, self.language = asked, way, language
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.plain = book.add_format({"text_wrap": True, "valign": "top"})
        open_cell = {"locked": False, "border": 1, "bg_color": "#fff8d6"}
        # As plain text: a spreadsheet makes a date of 1/9 and drops the zeros of a code.
        self.open_text = book.add_format({**open_cell, "num_format": _TEXT})
        self.open = self.open_text if way == PAIRS else book.add_format(open_cell)

    def write(self, scenario: str) -> None:
        sheet, say = self.sheet, self._say
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, 2, 38)
        sheet.set_column(ANSWER, ANSWER, 14)
        sheet.set_column(MARKS, MARKS, None, None, {"hidden": True})
        title = self.asked.title[self.language]
        sheet.merge_range(
            0, 0, 0, ANSWER, text("workshop.title", self.language, use=title), self.bold
        )
        sheet.merge_range(1, 0, 1, ANSWER, say(f"workshop.how.{self.way}"), self.plain)
        sheet.merge_range(2, 0, 2, ANSWER, say("workshop.notice"), self.plain)
        sheet.set_row(1, 48)
        sheet.set_row(2, 32)
        sheet.write(4, 0, say("workshop.code"), self.bold)
        sheet.write_blank(4, 1, None, self.open_text)
        sheet.write(5, 0, say("workshop.group"), self.bold)
        sheet.write_blank(5, 1, None, self.open_text)
        for row, mark in enumerate((MARK, scenario, self.asked.use, self.way)):
            sheet.write(row, MARKS, mark)
        sheet.write(4, MARKS, "code")
        sheet.write(5, MARKS, "group")
        self._ask(list(self._rows()))
        sheet.protect("", {"select_locked_cells": True})

    def _say(self, id: str) -> str:
        return text(id, self.language)

    def _rows(self) -> Iterator[tuple[str, str, str]]:
        """Give what each row asks: its mark, and two texts."""
        titles = {id: title[self.language] for id, title in self.asked.criteria.items()}
        if self.way == PAIRS:
            for first, second in combinations(titles, 2):
                yield f"{first}|{second}", titles[first], titles[second]
            return
        for id, title in titles.items():
            yield id, title, ""

    def _ask(self, rows: Sequence[tuple[str, str, str]]) -> None:
        pairs = {1: "first", 2: "second", ANSWER: "times"}
        heads = pairs if self.way == PAIRS else {1: "criterion", ANSWER: self.way}
        for column, id in heads.items():
            words = self._say(f"workshop.col.{id}")
            self.sheet.write(_FIRST_ROW - 1, column, words, self.bold)
        for row, (mark, first, second) in enumerate(rows, start=_FIRST_ROW):
            self.sheet.write(row, 0, row - _FIRST_ROW + 1)
            self.sheet.write(row, 1, first, self.plain)
            self.sheet.write(row, 2, second, self.plain)
            self.sheet.write_blank(row, ANSWER, None, self.open)
            self.sheet.write(row, MARKS, mark)
        last = _FIRST_ROW + len(rows) - 1
        self.sheet.data_validation(_FIRST_ROW, ANSWER, last, ANSWER, self._allowed(len(rows)))
        if self.way == POINTS:
            self._total(last)

    def _allowed(self, count: int) -> dict[str, Any]:
        if self.way == PAIRS:
            return {"validate": "list", "source": list(SCALE)}
        most = WHOLE if self.way == POINTS else count
        kind = "decimal" if self.way == POINTS else "integer"
        return {
            "validate": kind,
            "criteria": "between",
            "minimum": 0 if kind == "decimal" else 1,
            "maximum": most,
            "error_title": self._say("workshop.wrong")[:32],
            "error_message": self._say(f"workshop.allowed.{self.way}")[:255],
        }

    def _total(self, last: int) -> None:
        """Add the points up and say what is missing; what is read is added up again."""
        cells = f"D{_FIRST_ROW + 1}:D{last + 1}"
        self.sheet.write(last + 1, 1, self._say("workshop.total"), self.bold)
        self.sheet.write_formula(last + 1, ANSWER, f"=SUM({cells})", self.bold, 0)
        right, wrong = self._say("workshop.total_right"), self._say("workshop.total_wrong")
        self.sheet.write_formula(
            last + 1, 2, f'=IF(ROUND(SUM({cells}),6)={WHOLE},"{right}","{wrong}")', self.bold, wrong
        )
