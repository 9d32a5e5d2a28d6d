"""Pieces that several parts of a scenario file are made of."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Annotated, Any

import pydantic

from maemoh_gis.documents.schema import Name, Strict, custom_error

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


def as_pairs(points: Any) -> Any:
    """Take the lists of a file as pairs."""
    if not isinstance(points, list):
        return points
    return [tuple(p) if isinstance(p, list) else p for p in points]


def rising(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Refuse points whose first numbers do not rise."""
    if any(a[0] >= b[0] for a, b in pairwise(points)):
        raise custom_error("points_not_rising")
    return points


Points = Annotated[
    list[tuple[float, Share]],
    pydantic.Field(min_length=2),
    pydantic.BeforeValidator(as_pairs),
    pydantic.AfterValidator(rising),
]
"""Pairs of a measure, rising, and a share; straight lines between, constant beyond."""

VECTORS = frozenset({"polygons", "lines", "points"})
"""Kinds of layer that hold features."""


class Selection(Strict):
    """Features of a layer."""

    layer: Name
    """Layer of the catalog."""
    where: Where = {}
    """Only features with these attribute values; a list means any of them."""


def only_one(given: Strict, of: Iterable[str]) -> str:
    """Name the one field of several that is given; refuse none and more than one."""
    names = list(of)
    there = [name for name in names if getattr(given, name) is not None]
    if len(there) != 1:
        choices = ", ".join(names)
        raise custom_error("one_test", given=", ".join(there) or "–", choices=choices)
    return there[0]
