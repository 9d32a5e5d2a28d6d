"""What a scenario may say about limits: what stands behind them, basis, years, exceptions."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

import numpy as np
import pydantic

from maemoh_gis.core.types import BoolArray, FloatArray
from maemoh_gis.documents.schema import Name, Strict, Words, YearBE, custom_error
from maemoh_gis.scenario.settings.parts import Positive, Selection, Where, only_one

Ground = Literal["law", "physics", "people", "planning"]
"""What stands behind a limit."""
TestKind = Literal["inside", "within_m", "beyond_m", "above", "below", "classes"]
"""Ways a limit meets a layer."""
_KINDS: tuple[TestKind, ...] = get_args(TestKind)
_WITH_UNIT = frozenset({"above", "below"})


class Test(Strict):
    """How a limit meets a layer: exactly one of these."""

    inside: Literal[True] | None = None
    """Land inside the polygons."""
    within_m: Annotated[float, pydantic.Field(ge=0)] | None = None
    """Land up to this far from the features, straight line, in metres."""
    beyond_m: Positive | None = None
    """Land farther than this from every feature."""
    above: float | None = None
    """Land where the raster is above this, in `unit`."""
    below: float | None = None
    """Land where the raster is below this, in `unit`."""
    classes: Annotated[list[Name], pydantic.Field(min_length=1)] | None = None
    """Land of these classes."""
    unit: str | None = None
    """Unit of `above` or `below`, which must be that of the layer."""

    @pydantic.model_validator(mode="before")
    @classmethod
    def _not_outside(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("inside") is False:
            raise custom_error("no_test_outside", found="inside: false", key="inside")
        if isinstance(given, dict) and "outside" in given:
            raise custom_error("no_test_outside", found="outside", key="outside")
        return given

    @pydantic.model_validator(mode="after")
    def _exactly_one(self) -> Test:
        kind = only_one(self, _KINDS)
        if self.unit is None and kind in _WITH_UNIT:
            raise custom_error("test_without_unit", kind=kind)
        if self.unit is not None and kind not in _WITH_UNIT:
            raise custom_error("unit_not_for_test", kind=kind)
        return self

    @property
    def kind(self) -> TestKind:
        """Name of the test that is given."""
        return next(kind for kind in _KINDS if getattr(self, kind) is not None)

    @property
    def value(self) -> Any:
        """What the given test compares with."""
        return getattr(self, self.kind)


class Condition(Selection):
    """Another layer that must hold for a limit to apply."""

    test: Test
    """How it is tested."""


class DeclaredIn(Selection):
    """Acts of law that say in which subdistricts a limit stands, where its line is not known."""

    areas: Name
    """Polygons of the subdistricts, with columns `code`, `name_th`, `name_en`."""


class Limit(Strict):
    """What removes land, or makes it conditional on a permit, whatever its score."""

    title: Words
    """Name for people."""
    ground: Ground
    """What stands behind it: a rule, the land itself or a hazard, the people who live near, or a
    choice of whoever plans. Only the last may be weighed against a wish: no answer proposes to move
    any of the others."""
    basis: Words
    """The law with section and year, or the reason."""
    office: Words | None = None
    """Who may lift it, for a law."""
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
    declared_in: DeclaredIn | None = None
    """Table of the acts it stands on, a row an act and subdistrict, beside a test or `needs`. What
    they name is told of all land; no cell changes by them, and a subdistrict without an act is not
    clear by that."""
    since: YearBE | None = None
    """First year it is in force."""
    until: YearBE | None = None
    """Last year it is in force."""
    uses: list[Name] | None = None
    """Uses it applies to; all by default."""
    only_where: Condition | None = None
    """The limit applies only to land on which this holds too."""
    plus_minus: Positive | None = None
    """Standard error of a reading that is compared with `above` or `below`, in its unit. It changes
    no outcome; outputs tell how much of the land is taken by readings within it."""
    plus_minus_share: Positive | None = None
    """Standard error that grows with the reading, as a share of it; adds to `plus_minus`."""

    @pydantic.model_validator(mode="after")
    def _tested_or_declared(self) -> Limit:
        tested = self.layer is not None and self.test is not None
        declared = self.layer is None and self.test is None and not self.where
        if not (tested and self.needs is None) and not (declared and self.needs is not None):
            raise custom_error("limit_tested_or_declared")
        if self.has_error and (self.test is None or self.test.kind not in _WITH_UNIT):
            raise custom_error("error_not_for_test")
        if self.since is not None and self.until is not None and self.until < self.since:
            raise custom_error("until_before_since", since=self.since, until=self.until)
        return self

    @property
    def has_error(self) -> bool:
        """Say whether an error of its readings is stated."""
        return self.plus_minus is not None or self.plus_minus_share is not None

    def unsure(self, readings: FloatArray) -> BoolArray:
        """Say which readings (n,), in the unit of the test, lie within their error of the limit."""
        assert self.test is not None
        error = (self.plus_minus or 0.0) + (self.plus_minus_share or 0.0) * np.abs(readings)
        return np.asarray(np.abs(readings - self.test.value) <= error)

    def in_force(self, year_be: int) -> bool:
        """Say whether the limit applies in a year."""
        return (self.since or year_be) <= year_be <= (self.until or year_be)


class Inclusion(Selection):
    """Land on which named limits are lifted by a decision, with its reason."""

    title: Words
    """Name for people."""
    reason: Words
    """The decision and who made it."""
    limits: list[Name]
    """Limits that do not hold on the land; none where it only becomes conditional."""
    becomes: Literal["allowed", "conditional"] = "conditional"
    """What the land becomes, unless another limit says otherwise."""
    within_m: Positive | None = None
    """Land up to this far from the features; inside the polygons by default."""
    since: YearBE | None = None
    """First year it is in force."""
    until: YearBE | None = None
    """Last year it is in force."""
    uses: list[Name] | None = None
    """Uses it is for; all by default."""

    @pydantic.model_validator(mode="after")
    def _years_in_order(self) -> Inclusion:
        if self.since is not None and self.until is not None and self.until < self.since:
            raise custom_error("until_before_since", since=self.since, until=self.until)
        return self

    def in_force(self, year_be: int) -> bool:
        """Say whether the decision applies in a year."""
        return (self.since or year_be) <= year_be <= (self.until or year_be)


MAX_LIMITS = 32
