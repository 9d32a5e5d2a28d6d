"""What one criterion or limit says of a place."""

from __future__ import annotations

from dataclasses import dataclass

from maemoh_gis.core.messages import Text


@dataclass(frozen=True)
class MemberPart:
    """From which member of a stack the values of a place are read."""

    layer: str
    """The stack."""
    member: str | None
    """The layer read; None for cells where no member has data."""
    title: Text | None
    share: float
    """Share of the cells of the place, 0 to 1."""


@dataclass(frozen=True)
class CriterionPart:
    """What one criterion says about a place; means over its cells."""

    id: str
    weight: float
    """Share of the weight of all criteria."""
    measure: float | None
    """Mean of the measure, in `unit`; None where it is not a number or not measured."""
    unit: str | None
    score: float | None
    """Score; None where it cannot be scored."""
    low: float
    high: float
    contribution: float | None
    """What it adds to the score; the contributions and `held` add up to the score."""
    origin: Text | None = None
    """For travel minutes: the place from which most of the cells are reached first."""
    kind: Text | None = None
    """For a measure of classes: the class that most of the cells have."""
    kind_share: float | None = None
    """Share of the cells that have it."""


@dataclass(frozen=True)
class LimitPart:
    """What one limit says about a place."""

    id: str
    """Id of the limit; `inclusion:ID` for a decision that leaves land conditional."""
    outcome: str
    status: str
    """On the place itself: checked on all of it, partly, or not_checked for want of a layer."""
    area_m2: float
    """Land of the place on which the limit holds."""
    known_m2: float
    """Land of the place on which it is known whether the limit holds."""
