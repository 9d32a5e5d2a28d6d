"""What a scenario may say about criteria: what is measured and how it becomes a score."""

from __future__ import annotations

from typing import Annotated

import pydantic

from maemoh_gis.documents.schema import Confidence, Name, Strict, Words, custom_error
from maemoh_gis.mcda.values import Gaussian, Piecewise, Sigmoid
from maemoh_gis.scenario.settings.measure import Measure
from maemoh_gis.scenario.settings.parts import Points, Positive, Share, only_one


class Bell(Strict):
    """A value that is best in the middle: exp(-(x - best)^2 / (2 spread^2))."""

    best: float
    """Measure that scores 1."""
    spread: Positive
    """Distance from it at which the score has fallen to 0.61."""


class Curve(Strict):
    """An S-shaped passage from 0 to 1, level at both ends: sin^2 of the way between."""

    zero: float
    """Measure that scores 0, and everything beyond it."""
    one: float
    """Measure that scores 1, and everything beyond it."""


SHAPES = ("points", "sigmoid", "gaussian", "classes")


class ValueFunction(Strict):
    """From a measure to a score between 0 (bad) and 1 (good), fixed once for every study area."""

    unit: str | None = None
    """Unit of the measure the points are written in."""
    points: Points | None = None
    """Pairs of measure and score, measure rising; straight lines between, constant beyond."""
    sigmoid: Curve | None = None
    """S-shaped, rising or falling."""
    gaussian: Bell | None = None
    """Best in the middle."""
    classes: Annotated[dict[Name, Share], pydantic.Field(min_length=1)] | None = None
    """Score of each class."""

    @pydantic.model_validator(mode="after")
    def _one_rising(self) -> ValueFunction:
        only_one(self, SHAPES)
        if self.sigmoid and self.sigmoid.zero == self.sigmoid.one:
            raise custom_error("points_not_rising")
        if self.classes is None and self.unit is None:
            raise custom_error("points_without_unit")
        return self

    def shape(self) -> Piecewise | Sigmoid | Gaussian:
        """Give the function on numbers; only for measures that are numbers."""
        if self.sigmoid is not None:
            return Sigmoid(self.sigmoid.zero, self.sigmoid.one)
        if self.gaussian is not None:
            return Gaussian(self.gaussian.best, self.gaussian.spread)
        assert self.points is not None
        return Piecewise(tuple(self.points))


class Criterion(Strict):
    """A preference that scores land for one use."""

    title: Words
    """Name for people."""
    basis: str
    """Source of the value points, or ASSUMPTION with the reason."""
    confidence: Confidence
    """Trust in the criterion as it is measured here."""
    measure: Measure | None = None
    """What is measured."""
    value: ValueFunction | None = None
    """How the measure becomes a score."""
    needs: Words | None = None
    """The layer that would be needed; given instead of `measure` and `value` where none exists. The
    criterion then stays declared and unscored, and widens every score's interval."""

    @pydantic.model_validator(mode="after")
    def _measured_or_declared(self) -> Criterion:
        measured = self.measure is not None and self.value is not None and self.needs is None
        declared = self.measure is None and self.value is None and self.needs is not None
        if not (measured or declared):
            raise custom_error("criterion_measured_or_declared")
        if self.measure is not None and self.value is not None:
            by_class = self.measure.kind == "class_of"
            if by_class != (self.value.classes is not None):
                raise custom_error("classes_go_with_class_of")
        return self
