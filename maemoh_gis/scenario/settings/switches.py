"""What a scenario may say about switches: facts of the future that could each be otherwise."""

from __future__ import annotations

from typing import Annotated, Any

import pydantic

from maemoh_gis.documents.schema import Name, Strict, Words, YearBE, custom_error
from maemoh_gis.scenario.settings.freight import MoreDemand, NotNegative
from maemoh_gis.scenario.settings.parts import Positive


class RailLink(Strict):
    """A railway that is not there yet, from the line to a railhead."""

    from_km_post: NotNegative
    """Kilometre post at which it leaves the line."""
    to: Name
    """Key of the railhead it leads to."""
    km: Positive
    """Length."""


class Setting(Strict):
    """One way a switch may stand."""

    title: Words
    """Name for people."""
    change: dict[str, Any] = {}
    """New values by dotted key, of `freight`, `estate` or `rail`: a switch moves no land."""
    rates: dict[Name, Positive] = {}
    """Factors on rates of the tariffs, by item."""
    shut: list[Name] = []
    """Railheads that load no containers, by key."""
    link: RailLink | None = None
    """A new railway."""
    demand: dict[Name, MoreDemand] = {}
    """Freight beside the table, by commodity."""
    step: Name | None = None
    """Step of the estate that is asked for."""
    basis: str
    """Source, or ASSUMPTION with the reason."""

    @property
    def moves_nothing(self) -> bool:
        """Say whether all stays as the scenario says."""
        return not (self.change or self.rates or self.shut or self.link or self.demand)


class Switch(Strict):
    """A fact of the future and the ways it may stand, that of the scenario first."""

    title: Words
    """Name for people."""
    settings: Annotated[dict[Name, Setting], pydantic.Field(min_length=2)]
    """Ways it may stand; the first is as the scenario says."""

    @pydantic.model_validator(mode="after")
    def _first_as_it_stands(self) -> Switch:
        first = next(iter(self.settings))
        if not self.settings[first].moves_nothing:
            raise custom_error("switch_first_moves", found=first)
        return self


class UntoldSwitch(Strict):
    """A fact that may decide, of which nobody can compute what it moves."""

    title: Words
    """Name for people, with the ways it may stand."""
    why: Words
    """Why it cannot be told."""
    ask: Words
    """What to ask, and whom."""


class Switches(Strict):
    """Facts of the future that are tried against each other in one go."""

    year: YearBE
    """Year in which the boxes are looked at."""
    works_years: Annotated[int, pydantic.Field(ge=0, le=20)]
    """Years from a decision to the first train."""
    priced_step: Name | None = None
    """Step of the estate whose land, tracks and machines `freight.yard` prices; null where none."""
    reserve_thb: NotNegative | None = None
    """What keeping the land costs, baht a year; null where nobody has said."""
    by: Annotated[dict[Name, Switch], pydantic.Field(min_length=1)]
    """Switches by id."""
    untold: dict[Name, UntoldSwitch] = {}
    """Switches whose effect cannot be told, by id."""
    basis: str
    """Source of these numbers, or ASSUMPTION with the reason."""

    @pydantic.model_validator(mode="after")
    def _one_asks_for_steps(self) -> Switches:
        asking = [
            id
            for id, one in self.by.items()
            if any(setting.step is not None for setting in one.settings.values())
        ]
        if len(asking) != 1 or any(s.step is None for s in self.by[asking[0]].settings.values()):
            raise custom_error("switch_of_steps", found=", ".join(asking) or "–")
        return self
