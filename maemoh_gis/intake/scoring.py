"""How a file of one's own becomes the score of a criterion, as who brings it says in a line."""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import Text, both

if TYPE_CHECKING:
    from maemoh_gis.intake.found import Found
    from maemoh_gis.intake.said import Told

DISTANCE = "distance"
FORM = "COLUMN, COLUMN 0=0 100=1, COLUMN A=1 B=0.5, distance 500=0 2000=1"
UNIT = "figure"
"""Unit of a column of which nobody says one."""
COLUMN = "score"
"""Column that holds the score where words are scored."""
_AS_IT_IS = ((0.0, 0.0), (1.0, 1.0))


@dataclass(frozen=True)
class Scoring:
    """How features become a score."""

    column: str | None
    """Column with the figure inside polygons; None for the distance in metres."""
    points: tuple[tuple[float, float], ...]
    """Figure, or metres, and score."""
    source: str | None = None
    """Column of words that are scored, into `column`."""
    classes: tuple[tuple[str, float], ...] = ()
    """Its words and their scores."""

    def entry(self) -> dict[str, Any]:
        """Say it as a catalog does."""
        points = [list(pair) for pair in self.points]
        return {"points": points} if self.column is None else {
            "column": self.column, "points": points,
        }  # fmt: skip

    @property
    def words(self) -> Text | None:
        """Say what a column of scores was made of; None for one that came."""
        if self.source is None:
            return None
        said = "; ".join(f"{word} = {score:g}" for word, score in self.classes)
        return both("intake.scored_by", column=self.source, scores=said)


def scoring_of(told: Told, found: Found) -> Scoring | None:
    """Read what was said; None where nothing was, or where it cannot be."""
    read = None if told.score is None else _read(told.score, found)
    return read if isinstance(read, Scoring) else None


def score_faults(told: Told, found: Found) -> Iterator[Fault]:
    """Say what of it cannot be, with what may stand there."""
    if told.score is not None and not isinstance(why := _read(told.score, found), Scoring):
        yield Fault("intake_choice", found.name, key="--score", found=why[0], expected=why[1])


def with_scores(told: Told, found: Found) -> Found:
    """Put the scores of words into a column of their own; the file is another then."""
    scoring = scoring_of(told, found)
    if scoring is None or scoring.source is None:
        return found
    scores = found.frame[scoring.source].map(dict(scoring.classes)).astype("float64")
    return replace(found, path=None, frame=found.frame.assign(**{COLUMN: scores}))


def _read(written: str, found: Found) -> Scoring | tuple[str, str]:
    """Read it, or give what cannot be and what may stand in its place."""
    try:
        head, *rest = shlex.split(written)
    except ValueError:
        return written, FORM
    pairs = [part.rpartition("=") for part in rest]
    if not all(sign for _, sign, _ in pairs):
        return written, FORM
    scores = [_number(right) for *_, right in pairs]
    if not all(0 <= one <= 1 for one in scores):
        return written, "0 – 1"
    left = [word for word, *_ in pairs]
    if head == DISTANCE:
        return _points(written, None, left, scores)
    return _of_column(written, found, head, list(zip(left, scores, strict=True)))


def _of_column(
    written: str, found: Found, column: str, pairs: list[tuple[str, float]]
) -> Scoring | tuple[str, str]:
    if found.kind != "polygons":
        return column, f"{DISTANCE} 500=0 2000=1"
    names = [str(one) for one in found.frame.columns if one != found.frame.geometry.name]
    if column not in names:
        return column, ", ".join([*names, DISTANCE])
    values = found.frame[column]
    if values.dtype.kind in "iuf":
        if pairs:
            return _points(written, column, [word for word, _ in pairs], [s for _, s in pairs])
        inside = values.between(0, 1) | values.isna()
        if inside.all() and values.notna().any():
            return Scoring(column, _AS_IT_IS)
        return column, f"{column} 0=0 100=1"
    known = {str(one) for one in values.dropna()}
    foreign = [word for word, _ in pairs if word not in known]
    if not pairs or foreign:
        return (foreign or [column])[0], ", ".join(f"{word}=…" for word in sorted(known)[:20])
    return Scoring(COLUMN, _AS_IT_IS, column, tuple(pairs))


def _points(
    written: str, column: str | None, left: list[str], scores: list[float]
) -> Scoring | tuple[str, str]:
    figures = [_number(one) for one in left]
    if len(figures) < 2 or not (np.diff(figures) > 0).all():
        return written, f"{column or DISTANCE} 0=0 100=1"
    return Scoring(column, tuple(zip(figures, scores, strict=True)))


def _number(written: str) -> float:
    try:
        found = float(written)
    except ValueError:
        return math.nan
    return found if math.isfinite(found) else math.nan
