"""Filled forms, read and checked: all that is wrong in all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from maemoh_gis.core.errors import FileError, FormatError, raise_if_blocked
from maemoh_gis.core.faults import Fault
from maemoh_gis.files import read_sheets
from maemoh_gis.mcda.ahp import priorities
from maemoh_gis.mcda.judgements import judgements_from_pairs
from maemoh_gis.mcda.weights import rank_order_centroid, weights_from_points
from maemoh_gis.workshop.form import ANSWER, MARK, MARKS, PAIRS, POINTS, WAYS, WHOLE, asked_of

if TYPE_CHECKING:
    from maemoh_gis.scenario.settings.scenario import Scenario

_ROUNDING = 1e-6
_LONGEST = 60
_HEAD = 6
"""Marks before the first question: what it is, of which scenario, use and way, code, group."""


@dataclass(frozen=True)
class Answer:
    """What one person said of one use."""

    person: str
    """Code, never a name."""
    group: str
    use: str
    file: str
    weights: Mapping[str, float]
    """Shares that sum to one."""
    consistency: float | None = None
    """Consistency ratio of pairs; None where nothing was compared."""


@dataclass(frozen=True)
class _Sheet:
    """One sheet as it was filled."""

    file: str
    scenario: str
    use: str
    way: str
    person: str
    group: str
    given: Mapping[str, tuple[int, str]]
    """Row and text of each answer, by what it was asked of."""

    @property
    def blank(self) -> bool:
        return not any(said for _, said in self.given.values())


def read_answers(files: Sequence[Path], scenario: Scenario) -> list[Answer]:
    """Read forms; raise FormatError with every fault of every file."""
    faults: list[Fault] = []
    answers: list[Answer] = []
    asked = {one.use: set(one.criteria) for one in asked_of(scenario)}
    for file in files:
        try:
            sheets = list(_sheets(file))
        except FileError as error:
            faults += error.faults
            continue
        if not sheets:
            faults.append(Fault("workshop_not_a_form", str(file)))
        elif all(sheet.blank for sheet in sheets):
            faults.append(Fault("workshop_blank", str(file)))
        for sheet in sheets:
            if sheet.scenario != scenario.id or sheet.use not in asked:
                found = f"{sheet.scenario}: {sheet.use}"
                faults.append(
                    Fault("workshop_of_another", str(file), found=found, expected=scenario.id)
                )
            elif not sheet.blank:
                wrong = list(_faults_of(sheet, asked[sheet.use]))
                faults += wrong
                answers += [] if wrong else [_answer(sheet)]
    faults += _twice(answers)
    raise_if_blocked(faults, FormatError)
    return answers


def _sheets(file: Path) -> Iterator[_Sheet]:
    """Give the sheets of a workbook that are forms, whatever stands in the others."""
    for rows in read_sheets(file).values():
        wide = [row if len(row) > MARKS else [*row, *[""] * (MARKS + 1 - len(row))] for row in rows]
        marks = [(at, row[MARKS]) for at, row in enumerate(wide, start=1) if row[MARKS]]
        found = [mark for _, mark in marks]
        if found[:1] != [MARK] or len(found) <= _HEAD or found[3] not in WAYS:
            continue
        person, group = (wide[at - 1][1][:_LONGEST] for at, _ in marks[_HEAD - 2 : _HEAD])
        given = {mark: (at, wide[at - 1][ANSWER]) for at, mark in marks[_HEAD:]}
        yield _Sheet(str(file), found[1], found[2], found[3], person, group, given)


def _faults_of(sheet: _Sheet, criteria: set[str]) -> Iterator[Fault]:
    """Name all that keeps a sheet from being weights."""
    if not sheet.person:
        yield Fault("workshop_no_code", sheet.file, 5, key=sheet.use)
    asked = {name for mark in sheet.given for name in mark.split("|")}
    if asked != criteria:
        odd = ", ".join(sorted(asked ^ criteria))
        yield Fault(
            "workshop_of_another", sheet.file, key=sheet.use, found=odd, expected=sheet.scenario
        )
        return
    wrong = [
        fault
        for mark, (row, said) in sheet.given.items()
        if (fault := _wrong(sheet, mark, row, said))
    ]
    yield from wrong
    if wrong:
        return
    if sheet.way == POINTS:
        total = sum(_number(said) or 0.0 for _, said in sheet.given.values())
        if abs(total - WHOLE) > _ROUNDING:
            yield Fault(
                "workshop_total", sheet.file, key=sheet.use, found=f"{total:g}", expected=str(WHOLE)
            )


def _wrong(sheet: _Sheet, mark: str, row: int, said: str) -> Fault | None:
    if not said:
        return Fault("workshop_not_filled", sheet.file, row, key=f"{sheet.use}: {mark}")
    if sheet.way == PAIRS:
        return None if _is_judgement(said) else _value(sheet, mark, row, said, "1/9 ... 9")
    number, most = _number(said), WHOLE if sheet.way == POINTS else len(sheet.given)
    least = 0 if sheet.way == POINTS else 1
    whole = sheet.way == POINTS or (number is not None and number == int(number))
    if number is None or not (least <= number <= most) or not whole:
        return _value(sheet, mark, row, said, f"{least}-{most}")
    return None


def _value(sheet: _Sheet, mark: str, row: int, said: str, expected: str) -> Fault:
    return Fault(
        "workshop_value",
        sheet.file,
        row,
        key=f"{sheet.use}: {mark}",
        found=said[:_LONGEST],
        expected=expected,
    )


def _number(said: str) -> float | None:
    try:
        number = float(said.replace(",", ""))
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None


def _is_judgement(said: str) -> bool:
    try:
        judgements_from_pairs({"a": {"b": said}})
    except FormatError:
        return False
    return True


def _answer(sheet: _Sheet) -> Answer:
    said = {mark: text for mark, (_, text) in sheet.given.items()}
    if sheet.way == PAIRS:
        pairs: dict[str, dict[str, float | str]] = {}
        for mark, judgement in said.items():
            first, _, second = mark.partition("|")
            pairs.setdefault(first, {})[second] = judgement
        found = priorities(judgements_from_pairs(pairs))
        return Answer(
            sheet.person, sheet.group, sheet.use, sheet.file, found.weights, found.consistency_ratio
        )
    numbers = {mark: float(text.replace(",", "")) for mark, text in said.items()}
    if sheet.way == POINTS:
        weights = weights_from_points(numbers)
    else:
        weights = rank_order_centroid({mark: int(number) for mark, number in numbers.items()})
    return Answer(sheet.person, sheet.group, sheet.use, sheet.file, weights)


def _twice(answers: Sequence[Answer]) -> Iterator[Fault]:
    """Name people who answered for one use twice: which of the two counts is not ours to say."""
    seen: dict[tuple[str, str], str] = {}
    for answer in answers:
        key = answer.person, answer.use
        if key in seen:
            yield Fault(
                "workshop_twice",
                answer.file,
                key=answer.use,
                found=answer.person,
                expected=seen[key],
            )
        seen.setdefault(key, answer.file)
