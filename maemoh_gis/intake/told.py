"""What only people know of a file: which of it is wanting, and which answer cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from maemoh_gis.core import units
from maemoh_gis.core.crs import datum_of, is_crs, needs_operation, to_wgs84
from maemoh_gis.core.errors import FormatError, GridError
from maemoh_gis.core.faults import Fault
from maemoh_gis.documents.schema import nearest_first
from maemoh_gis.intake.said import NOTHING, OWN, PROVINCE, UNKNOWN, Question, Told
from maemoh_gis.intake.scoring import FORM
from maemoh_gis.layers.entries import is_encoding

if TYPE_CHECKING:
    from maemoh_gis.intake.found import Found
    from maemoh_gis.intake.ground import Ground

_OWN_LICENCE = "LicenseRef-own"
_GRADES = ("H", "M", "L")
_PERHAPS = ("EPSG:4326", "EPSG:32647", "EPSG:24047")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_DIGITS = re.compile(r"\d{4}")
_LEAST_WORDS = {"source": 3, "licence": 2, "title": 1}
"""Characters that `layers.entries` asks for."""


def open_questions(
    told: Told, tables: Sequence[str], found: Found | None, ground: Ground
) -> list[Question]:
    """List what is not answered yet, in the order to be asked in."""
    asked = list(_about_the_file(told, tables, found))
    asked.append(Question("limit", (*ground.waiting, *ground.waiting_criteria, NOTHING), NOTHING))
    if told.limit in ground.waiting_criteria:
        asked.append(Question("score"))
    asked.append(Question("complete", (PROVINCE, *ground.district_names, UNKNOWN), UNKNOWN))
    newest = None if found is None else found.newest_be
    asked.append(Question("as_of", (), None if newest is None else str(newest)))
    asked.append(Question("source", (), None if found is None else found.name))
    asked.append(Question("licence", (OWN,), OWN))
    asked.append(Question("confidence", _GRADES, "L"))
    return [one for one in asked if getattr(told, one.name) is None]


def _about_the_file(told: Told, tables: Sequence[str], found: Found | None) -> Iterator[Question]:
    if tables:
        yield Question("table", tuple(tables))
    if found is None:
        return
    if found.crs is None:
        yield Question("crs", _PERHAPS)
    elif needs_operation(found.crs) and told.datum_operation is None:
        known = re.findall(r"EPSG:\d+", datum_of(found.crs))
        yield Question("datum_operation", tuple(known))


def faults_of_missing(questions: Sequence[Question], file: str) -> list[Fault]:
    """Name every option that is wanting, with what may stand there."""
    return [
        Fault(
            "intake_missing", file, key=one.flag, expected=", ".join(one.choices) or _FORM[one.name]
        )
        for one in questions
    ]


_FORM = {"as_of": "2569", "source": "…", "score": FORM}


def faults_of_answers(told: Told, ground: Ground) -> list[Fault]:
    """Find every answer that says what cannot be, all at once."""
    checks = (
        _limit_fault,
        _complete_fault,
        _year_fault,
        _short_faults,
        _crs_fault,
        _encoding_fault,
        _grade_fault,
        _id_fault,
    )
    return [fault for check in checks for fault in check(told, ground)]


def _limit_fault(told: Told, ground: Ground) -> Iterator[Fault]:
    known = [*ground.limits, *ground.waiting_criteria]
    if told.limit not in (None, NOTHING, *known):
        near = nearest_first(str(told.limit), known)
        yield Fault("intake_choice", key="--as", found=told.limit, expected=near)


def _complete_fault(told: Told, ground: Ground) -> Iterator[Fault]:
    if told.complete is not None:
        for name in ground.unknown_districts(told.complete):
            known = (PROVINCE, UNKNOWN, *ground.district_names)
            yield Fault(
                "intake_choice", key="--complete", found=name, expected=nearest_first(name, known)
            )


def _year_fault(told: Told, _: Ground) -> Iterator[Fault]:
    if told.as_of is None:
        return
    found = _DIGITS.findall(told.as_of)
    if len(found) != 1:
        yield Fault("intake_choice", key="--as-of", found=told.as_of, expected=_FORM["as_of"])
        return
    try:
        units.check_year_be(int(found[0]), key="--as-of")
    except FormatError as error:
        yield from error.faults


def _short_faults(told: Told, _: Ground) -> Iterator[Fault]:
    """Refuse words that a catalog would not take for what they must say."""
    for name, least in _LEAST_WORDS.items():
        said = getattr(told, name)
        if said is not None and len(said.strip()) < least:
            yield Fault("intake_short", key=f"--{name}", found=said, expected=str(least))


def _crs_fault(told: Told, _: Ground) -> Iterator[Fault]:
    if told.crs is not None and not is_crs(told.crs):
        yield Fault("intake_choice", key="--crs", found=told.crs, expected=", ".join(_PERHAPS))


def _encoding_fault(told: Told, _: Ground) -> Iterator[Fault]:
    if told.encoding is not None and not is_encoding(told.encoding):
        yield Fault("unknown_encoding", key="--encoding", found=told.encoding)


def _grade_fault(told: Told, _: Ground) -> Iterator[Fault]:
    if told.confidence is not None and told.confidence not in _GRADES:
        yield Fault(
            "intake_choice", key="--confidence", found=told.confidence, expected=", ".join(_GRADES)
        )


def _id_fault(told: Told, ground: Ground) -> Iterator[Fault]:
    if told.id is not None and not _NAME.fullmatch(told.id):
        yield Fault("not_a_name", key="--id", found=told.id)
    elif told.id is not None and ground.catalog.has(told.id):
        yield Fault("intake_id_taken", key="--id", found=told.id)


def operation_faults(told: Told, found: Found) -> Iterator[Fault]:
    """Refuse a way to WGS 84 that does not begin at the datum of the file."""
    if told.datum_operation is None or found.crs is None:
        return
    try:
        to_wgs84(found.crs, told.datum_operation)
    except GridError as error:
        for fault in error.faults:
            yield Fault(
                fault.code,
                found.name,
                key="--datum-operation",
                found=fault.found,
                expected=fault.expected,
            )


def year_of(told: Told) -> int:
    """Give the year the content describes."""
    assert told.as_of is not None
    return int(_DIGITS.findall(told.as_of)[0])


def licence_of(told: Told) -> str:
    """Give the licence as a catalog says it."""
    return _OWN_LICENCE if told.licence == OWN else str(told.licence)
