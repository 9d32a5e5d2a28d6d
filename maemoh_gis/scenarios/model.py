"""
What a scenario file may say.

A scenario is one question with a year. It declares the limits (law and physics: they remove land),
the uses with their criteria (preferences: they score land), the land each use needs, and the
viewpoints (named sets of weights). Everything is keyed by name.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pydantic

from maemoh_gis.formats import Confidence, Crs, Name, Strict, Words, YearBE, custom_error

Attribute = str | int | float | bool


def _attribute(value: Any, check: pydantic.ValidatorFunctionWrapHandler) -> Any:
    """Make one fault of a wrong value, not one for every kind it might have been."""
    try:
        return check(value)
    except pydantic.ValidationError:
        raise custom_error("wrong_value", expected="text, 1, 1.5, true, [ , ]") from None


Where = dict[str, Annotated[Attribute | list[Attribute], pydantic.WrapValidator(_attribute)]]
Positive = Annotated[float, pydantic.Field(gt=0)]
Share = Annotated[float, pydantic.Field(ge=0, le=1)]


class GridSpec(Strict):
    """The grid everything is computed on."""

    crs: Crs
    """Projected CRS in metres."""
    cell_m: Annotated[float, pydantic.Field(gt=0, le=10_000)]
    """Side of a cell in metres."""


class Selection(Strict):
    """Features of a layer."""

    layer: Name
    """Layer of the catalog."""
    where: Where = {}
    """Only features with these attribute values; a list means any of them."""


class View(Selection):
    """What the map opens on."""

    margin_km: Annotated[float, pydantic.Field(ge=0, le=200)] = 0
    """Land to show around the selected features."""


class Test(Strict):
    """How a limit meets a layer: exactly one of these."""

    inside: Literal[True] | None = None
    """Land inside the polygons."""
    within_m: Annotated[float, pydantic.Field(ge=0)] | None = None
    """Land up to this far from the features, straight line, in metres."""
    beyond_m: Positive | None = None
    """Land farther than this from every feature."""
    above: float | None = None
    """Land where the raster is above this, in the layer's unit."""
    below: float | None = None
    """Land where the raster is below this."""
    classes: Annotated[list[Name], pydantic.Field(min_length=1)] | None = None
    """Land of these classes."""

    @pydantic.model_validator(mode="after")
    def _exactly_one(self) -> Test:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            raise custom_error(
                "one_test",
                given=", ".join(given) or "–",
                choices=", ".join(type(self).model_fields),
            )
        return self

    @property
    def kind(self) -> str:
        """Name of the test that is given."""
        return next(n for n in type(self).model_fields if getattr(self, n) is not None)

    @property
    def value(self) -> Any:
        """What the given test compares with."""
        return getattr(self, self.kind)


class Limit(Strict):
    """Law or physics that removes land, or makes it conditional on a permit."""

    title: Words
    """Name for people."""
    ground: Literal["law", "physics"]
    """Whether a rule or the land itself stands behind it."""
    basis: Words
    """The law with section and year, or the reason."""
    outcome: Literal["removed", "conditional"]
    """What happens to land that meets the test; conditional means a permit is needed."""
    layer: Name | None = None
    """Layer it is tested on."""
    where: Where = {}
    """Only features with these attribute values."""
    test: Test | None = None
    """How it is tested."""
    needs: Words | None = None
    """The layer that would be needed; given instead of `layer` and `test` where none exists. The
    limit is then not checked: it changes no cell, and every output names it."""
    since: YearBE | None = None
    """First year it is in force."""
    until: YearBE | None = None
    """Last year it is in force."""
    uses: list[Name] | None = None
    """Uses it applies to; all by default."""

    @pydantic.model_validator(mode="after")
    def _tested_or_declared(self) -> Limit:
        tested = self.layer is not None and self.test is not None
        declared = self.layer is None and self.test is None and not self.where
        if not (tested and self.needs is None) and not (declared and self.needs is not None):
            raise custom_error("limit_tested_or_declared")
        if self.since is not None and self.until is not None and self.until < self.since:
            raise custom_error("until_before_since", since=self.since, until=self.until)
        return self

    def in_force(self, year_be: int) -> bool:
        """Say whether the limit applies in a year."""
        return (self.since or year_be) <= year_be <= (self.until or year_be)


class Measure(Strict):
    """A number read off a layer at every cell: exactly one of the three."""

    distance_to: Name | None = None
    """Straight-line distance to the nearest feature of a layer, in metres."""
    value_of: Name | None = None
    """Value of a raster, in the layer's unit."""
    class_of: Name | None = None
    """Class of a categorical raster."""
    where: Where = {}
    """Only features with these attribute values, for distances."""
    plus_minus: Positive | None = None
    """Standard error of a value, in its unit, carried into the score's interval."""
    plus_minus_share: Positive | None = None
    """Standard error that grows with the value, as a share of it; adds to `plus_minus`."""

    @pydantic.model_validator(mode="after")
    def _exactly_one(self) -> Measure:
        kinds = ("distance_to", "value_of", "class_of")
        given = [name for name in kinds if getattr(self, name) is not None]
        if len(given) != 1:
            raise custom_error("one_test", given=", ".join(given) or "–", choices=", ".join(kinds))
        if self.where and self.distance_to is None:
            raise custom_error("where_needs_distance")
        return self

    @property
    def kind(self) -> str:
        """`distance_to`, `value_of` or `class_of`."""
        return next(k for k in ("distance_to", "value_of", "class_of") if getattr(self, k))

    @property
    def layer(self) -> str:
        """The layer that is measured."""
        return str(getattr(self, self.kind))


class ValueFunction(Strict):
    """From a measure to a score between 0 (bad) and 1 (good), by fixed points."""

    unit: str | None = None
    """Unit of the measure the points are written in."""
    points: Annotated[list[tuple[float, Share]], pydantic.Field(min_length=2)] | None = None
    """Pairs of measure and score, measure rising; straight lines between, constant beyond."""
    classes: Annotated[dict[Name, Share], pydantic.Field(min_length=1)] | None = None
    """Score of each class."""

    @pydantic.field_validator("points", mode="before")
    @classmethod
    def _pairs(cls, points: Any) -> Any:
        return [tuple(p) if isinstance(p, list) else p for p in points] if points else points

    @pydantic.model_validator(mode="after")
    def _one_rising(self) -> ValueFunction:
        if (self.points is None) == (self.classes is None):
            raise custom_error("points_or_classes")
        if self.points and any(
            a[0] >= b[0] for a, b in zip(self.points, self.points[1:], strict=False)
        ):
            raise custom_error("points_not_rising")
        if self.points and self.unit is None:
            raise custom_error("points_without_unit")
        return self


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


class Land(Strict):
    """The land a use needs."""

    area_rai: Positive
    """Contiguous land of a site, in rai."""
    least_rai: Positive
    """Least contiguous land that is worth naming; smaller pieces are never shown as sites."""
    least_score: Share
    """No cell of a site scores below this."""
    conditional: bool
    """Whether land that needs a permit may be part of a site; such sites say so."""
    sites: Annotated[int, pydantic.Field(ge=1, le=200)]
    """How many sites to show."""
    spacing_m: Annotated[float, pydantic.Field(ge=0)] = 0
    """Least gap between two sites."""
    basis: str
    """Source of these numbers, or ASSUMPTION with the reason."""

    @pydantic.model_validator(mode="after")
    def _least_below_area(self) -> Land:
        if self.least_rai > self.area_rai:
            raise custom_error("least_above_area", least=self.least_rai, area=self.area_rai)
        return self


class Use(Strict):
    """A use that looks for land."""

    title: Words
    """Name for people."""
    land: Land
    """What it needs."""
    criteria: Annotated[dict[Name, Criterion], pydantic.Field(min_length=1)]
    """What makes land better or worse for it."""


class Viewpoint(Strict):
    """A named set of weights: one way to see what matters. Weights need not sum to one."""

    title: Words
    """Name for people."""
    basis: str
    """Where the weights come from."""
    weights: dict[Name, dict[Name, Annotated[float, pydantic.Field(ge=0)]]]
    """Weight of every criterion, by use."""


class Scenario(Strict):
    """A scenario after inheritance: everything a run needs beside the layers."""

    version: Literal[1]
    """Version of this format."""
    id: Name
    """Short name, the same as the file's."""
    title: Words
    """Name for people."""
    question: Words
    """The question it answers."""
    year: YearBE
    """Year it is asked for; decides which limits are in force."""
    grid: GridSpec
    """Grid."""
    area: Selection
    """Polygons of the study area."""
    view: View
    """What the map opens on."""
    limits: dict[Name, Limit]
    """Limits by id."""
    uses: Annotated[dict[Name, Use], pydantic.Field(min_length=1)]
    """Uses by id."""
    viewpoint: Name
    """The viewpoint this run takes."""
    viewpoints: Annotated[dict[Name, Viewpoint], pydantic.Field(min_length=1)]
    """Weights by viewpoint."""
    seed: Annotated[int, pydantic.Field(ge=0)]
    """Seed of everything random."""

    def weights(self, use: str) -> dict[str, float]:
        """Give the weights of a use under the scenario's viewpoint, summing to one."""
        raw = self.viewpoints[self.viewpoint].weights[use]
        total = sum(raw.values())
        return {criterion: weight / total for criterion, weight in raw.items()}

    def limits_of(self, use: str) -> dict[str, Limit]:
        """Give the limits in force for a use in the scenario's year."""
        return {
            id: limit
            for id, limit in self.limits.items()
            if limit.in_force(self.year) and (limit.uses is None or use in limit.uses)
        }


class ScenarioFile(Strict):
    """What stands in a file that inherits: only what differs from the base."""

    version: Literal[1]
    """Version of this format."""
    id: Name
    """Short name, the same as the file's."""
    extends: Name
    """The scenario it starts from, a file of the same folder."""
    title: Words
    """Name for people."""
    question: Words
    """The question it answers."""
    year: YearBE | None = None
    """Year it is asked for; the base's by default."""
    change: dict[str, Any] = {}
    """New values by dotted key; every key must exist in the base."""
    add: dict[str, Any] = {}
    """New entries by dotted key; no key may exist in the base."""
