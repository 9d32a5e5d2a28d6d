"""
What a yard may give up so that it fits: numbers of its own, never law, hazard or homes.

A relaxation changes one or two needs of a yard. How much it asks for is told by the share of the
number that is given up, so that metres and grades can be put in an order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, get_args

from maemoh_gis.scenario.settings.yard_needs import YardNeeds

Parameter = Literal["grade", "straight", "siding", "length", "width", "offset", "roads"]
PARAMETERS: tuple[Parameter, ...] = get_args(Parameter)
"""What may be relaxed. Limits are not among them: whoever asks for a yard cannot waive them."""
Laddered = Literal["siding", "length", "width", "offset"]
LADDERED: tuple[Laddered, ...] = get_args(Laddered)
"""Those tried level by level; of the others the readings tell how much is needed."""

# ASSUMPTION: what is less than half of what was asked for is another yard; a lead over more than
# 60 m of other land is a siding of its own.
_LEAST_SHARE = 0.5
_FARTHEST_M = 60.0
_STEP_M = {"siding": 50.0, "length": 50.0, "width": 25.0, "offset": 10.0}
# ASSUMPTION: a bridge or a moved road asks for as much as half a number.
_ROAD_EFFORT = 0.5


@dataclass(frozen=True)
class Step:
    """One need that is relaxed."""

    parameter: Parameter
    was: float
    to: float
    """In the unit of the need: metres or per mille; of roads how many declared classes are left."""
    road_class: str = ""
    """Class of road that may cross, for `roads`."""

    @property
    def effort(self) -> float:
        """Say what share of the need is given up."""
        return _ROAD_EFFORT if self.parameter == "roads" else abs(self.to - self.was) / self.was


@dataclass(frozen=True)
class Relaxation:
    """Needs relaxed together, and where the yard then fits as read."""

    steps: tuple[Step, ...]
    middle_m: float
    """Chainage of the place."""
    side: int
    """+1 left, -1 right."""

    @property
    def effort(self) -> float:
        """Say what share of the needs is given up, all steps together."""
        return sum(step.effort for step in self.steps)


def relaxed(needs: YardNeeds, steps: tuple[Step, ...]) -> YardNeeds:
    """Give the needs after some steps."""
    for step in steps:
        needs = _after(needs, step)
    return needs


def _after(needs: YardNeeds, step: Step) -> YardNeeds:
    if step.parameter == "grade":
        return replace(needs, greatest_grade_permille=step.to)
    if step.parameter == "straight":
        return replace(needs, straight_tolerance_m=step.to)
    if step.parameter == "siding":
        longer = tuple(one for one in needs.sidings_m if one > step.to)
        return replace(needs, sidings_m=(step.to, *longer))
    if step.parameter == "roads":
        left = tuple(one for one in needs.road_classes if one != step.road_class)
        return replace(needs, road_classes=left)
    if step.parameter == "length":
        return replace(needs, length_m=step.to)
    if step.parameter == "width":
        return replace(needs, width_m=step.to)
    return replace(needs, offset_m=step.to)


def need_of(needs: YardNeeds, parameter: Parameter) -> float:
    """Give the number of a need."""
    numbers = {
        "grade": needs.greatest_grade_permille,
        "straight": needs.straight_tolerance_m,
        "siding": needs.sidings_m[0],
        "length": needs.length_m,
        "width": needs.width_m,
        "offset": needs.offset_m,
        "roads": float(len(needs.road_classes)),
    }
    return numbers[parameter]


def ladder(needs: YardNeeds, parameter: Laddered) -> Iterator[Step]:
    """List the levels of a need that is tried level by level, the least relaxed first."""
    was, step = need_of(needs, parameter), _STEP_M[parameter]
    if parameter == "offset":
        to = was + step
        while to <= _FARTHEST_M:
            yield Step(parameter, was, to)
            to += step
        return
    least = was * _LEAST_SHARE
    if parameter == "width":
        least = max(least, needs.tracks_width_m)
    to = was - step
    while to >= least:
        yield Step(parameter, was, to)
        to -= step


def crossings(needs: YardNeeds) -> Iterator[Step]:
    """List the classes of road that may be let across, one at a time."""
    was = float(len(needs.road_classes))
    for one in needs.road_classes:
        yield Step("roads", was, was - 1.0, one)
