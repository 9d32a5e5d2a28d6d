"""From a file and what was said of it to answers that are whole: read, ask, refuse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from maemoh_gis.core.errors import FormatError
from maemoh_gis.intake.found import Found, look_at, look_at_frame, tables_in
from maemoh_gis.intake.said import Question, Told
from maemoh_gis.intake.scoring import score_faults
from maemoh_gis.intake.told import (
    faults_of_answers,
    faults_of_missing,
    open_questions,
    operation_faults,
)

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.core.faults import Fault
    from maemoh_gis.intake.ground import Ground

Ask = Callable[[Question, Sequence["Fault"]], str]
"""Asks a question, after telling what was wrong with the answer before."""


def settled(
    path: Path, told: Told, ground: Ground, *, ask: Ask | None = None, yes: bool = False
) -> tuple[Told, Found]:
    """
    Read a file and bring together all that must be known of it.

    Raises
    ------
    FormatError
        With everything that is wanting or cannot be.
    """
    tables = tables_in(path)
    while ask is not None and (open_now := _to_ask(told, tables, path, ground, yes=yes)):
        told = _answered(told, open_now[0], ask, path, tables, ground)
    found = _look(path, told, tables)
    if yes:
        told = with_defaults(told, open_questions(told, tables, found, ground))
    faults = faults_now(told, tables, found, ground, path.name)
    if faults or found is None:
        raise FormatError(faults)
    return told, found


def settled_frame(
    frame: gpd.GeoDataFrame, told: Told, ground: Ground, *, yes: bool = False
) -> tuple[Told, Found]:
    """Bring together all that must be known of features that are read already; see `settled`."""
    found = look_at_frame(frame, told)
    if yes:
        told = with_defaults(told, open_questions(told, (), found, ground))
    if faults := faults_now(told, (), found, ground, found.name):
        raise FormatError(faults)
    return told, found


def faults_now(
    told: Told, tables: Sequence[str], found: Found | None, ground: Ground, file: str
) -> list[Fault]:
    """Find what is wanting and what cannot be, all at once."""
    faults = faults_of_missing(open_questions(told, tables, found, ground), file)
    faults += faults_of_answers(told, ground)
    if found is None:
        return faults
    return [*faults, *operation_faults(told, found), *score_faults(told, found)]


def with_defaults(told: Told, questions: Sequence[Question]) -> Told:
    """Take what is offered where nothing was said; none of it claims more than is known."""
    return replace(told, **{one.name: one.default for one in questions if one.default is not None})


def _look(path: Path, told: Told, tables: Sequence[str]) -> Found | None:
    """Read a file; not before it is known which of several layers is meant."""
    return None if tables and told.table is None else look_at(path, told)


def _to_ask(
    told: Told, tables: Sequence[str], path: Path, ground: Ground, *, yes: bool
) -> list[Question]:
    questions = open_questions(told, tables, _look(path, told, tables), ground)
    return [one for one in questions if not yes or one.default is None]


def _answered(
    told: Told, question: Question, ask: Ask, path: Path, tables: Sequence[str], ground: Ground
) -> Told:
    """Ask until the answer can be."""
    wrong: list[Fault] = []
    while True:
        said = _meant(ask(question, wrong), question)
        answered = replace(told, **{question.name: said})
        found = None if question.name == "table" else _look(path, answered, tables)
        wrong = [
            fault
            for fault in faults_now(answered, tables, found, ground, path.name)
            if fault.key == question.flag
        ]
        if not wrong:
            return answered


def _meant(said: str, question: Question) -> str | None:
    """Take a number for the choice it stands before, and nothing for what is offered."""
    said = said.strip()
    if said.isdigit() and 1 <= int(said) <= len(question.choices):
        return question.choices[int(said) - 1]
    return said or question.default
