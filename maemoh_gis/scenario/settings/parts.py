"""Pieces that several parts of a scenario file are made of."""

from __future__ import annotations

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

VECTORS = frozenset({"polygons", "lines", "points"})
"""Kinds of layer that hold features."""


class Selection(Strict):
    """Features of a layer."""

    layer: Name
    """Layer of the catalog."""
    where: Where = {}
    """Only features with these attribute values; a list means any of them."""
