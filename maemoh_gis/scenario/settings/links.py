"""What a scenario may say about ways to a place: rails, road, power, and what they cost to lay."""

from __future__ import annotations

from typing import Annotated, Literal

import pydantic

from maemoh_gis.documents.schema import Name, Strict, Words, custom_error
from maemoh_gis.scenario.settings.freight import NotNegative
from maemoh_gis.scenario.settings.parts import Positive, Selection, as_pairs, rising

Crossed = Literal["water", "road", "railway"]
"""What a way is counted to cross."""
Factor = Annotated[float, pydantic.Field(ge=1)]
"""How many times dearer than open, level ground."""
Factors = Annotated[
    list[tuple[float, Factor]],
    pydantic.Field(min_length=2),
    pydantic.BeforeValidator(as_pairs),
    pydantic.AfterValidator(rising),
]
"""Pairs of a measure, rising, and a factor; straight lines between, constant beyond."""


class Led(Selection):
    """Features a way leads to, or that it crosses."""

    may_be_absent: bool = False
    """Whether the catalog may lack the layer; nothing of it is then told."""


class Along(Led):
    """Lesser ways that are there already and only need to be widened."""

    cost: Annotated[float, pydantic.Field(gt=0, le=1)]
    """What a metre along them costs, of a metre over open ground."""


class Way(Strict):
    """One kind of way: where it leads, what it may pass, what that costs."""

    title: Words
    """Name for people."""
    leads_to: Annotated[list[Led], pydantic.Field(min_length=1)]
    """What it joins: the nearest by cost of all these features."""
    width_m: Positive
    """Width of the land it takes."""
    passes: list[Name] = []
    """Limits that bar sites and not this way, such as a planning distance, and zones in use, as
    `zone_ID`, whose holder is then to be asked; never a law."""
    slope_costs: Factors
    """Cost of ground by its slope in percent."""
    land_costs: dict[Name, Factor] = {}
    """Cost of ground by its class; 1 where a class is not named, unknown land as the dearest."""
    crossing_m: dict[Crossed, NotNegative] = {}
    """What a crossing costs, as metres over open ground; what is not named is not counted."""
    along: Along | None = None
    """Lesser ways it may follow at less."""
    grade_over_m: Positive | None = None
    """Length over which its grade is taken; None where its grade is of no account."""
    most_permille: Positive | None = None
    """Steepest it may be; that of the yards of the scenario where None, and of no account where it
    has none."""
    basis: str
    """Source of these numbers, or ASSUMPTION with the reason."""


class Links(Strict):
    """Ways of least cost from every site, yard and station to what it must be joined with."""

    slope: Name
    """Raster of slope in percent."""
    land: Name
    """Raster of classes of land."""
    heights: Name
    """Raster of heights in metres; its accuracy `rmse_m` says how sure they are."""
    crossed: dict[Crossed, Annotated[list[Led], pydantic.Field(min_length=1)]]
    """Lines and polygons a way may cross, by what they are."""
    ways: Annotated[dict[Name, Way], pydantic.Field(min_length=1)]
    """Kinds of way by id."""
    basis: str
    """How the numbers are to be read."""

    @pydantic.model_validator(mode="after")
    def _crossings_known(self) -> Links:
        for way in self.ways.values():
            for kind in way.crossing_m:
                if kind not in self.crossed:
                    raise custom_error("crossing_not_drawn", found=kind)
        return self

    def selections(self) -> list[tuple[tuple[str, ...], Led]]:
        """List the features that are read, each with its place in the section."""
        found: list[tuple[tuple[str, ...], Led]] = []
        for kind, several in self.crossed.items():
            found += [(("crossed", kind, str(k)), one) for k, one in enumerate(several)]
        for id, way in self.ways.items():
            found += [(("ways", id, "leads_to", str(k)), x) for k, x in enumerate(way.leads_to)]
            if way.along is not None:
                found.append((("ways", id, "along"), way.along))
        return found

    def layers(self) -> tuple[str, ...]:
        """List the layers it reads, each once, but those that may be absent."""
        named = (one.layer for _, one in self.selections() if not one.may_be_absent)
        return tuple(dict.fromkeys((self.slope, self.land, self.heights, *named)))

    def layers_if_there(self) -> tuple[str, ...]:
        """List the layers it reads where the catalog has them, each once."""
        found = (one.layer for _, one in self.selections() if one.may_be_absent)
        return tuple(dict.fromkeys(found))
