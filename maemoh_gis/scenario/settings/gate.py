"""What a scenario may say about the gates a use must pass before anything is built."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

import pydantic

from maemoh_gis.documents.schema import Name, Strict, Words, YearBE
from maemoh_gis.scenario.settings.freight import NotNegative
from maemoh_gis.scenario.settings.phase_out import Coefficient

GateName = Literal["policy", "land_right", "demand", "rail_and_grid", "acceptance", "money"]
"""In the order in which a committee decides."""
GATES: tuple[GateName, ...] = get_args(GateName)
GateState = Literal["met", "not_met", "unknown"]


class Gate(Strict):
    """A gate: what paper passes it, and who gives it."""

    state: GateState = "unknown"
    """Whether it is passed; not known unless a paper says so."""
    paper: Words
    """What would show that it is passed."""
    office: Words
    """Who gives that paper, and whom to ask."""
    earliest: YearBE | None = None
    """First year in which it can be passed; null where nobody knows."""
    why: Words | None = None
    """Why it stands as it does."""


class AskedLoad(Strict):
    """Power a use would draw."""

    mw: NotNegative | None = None
    """What whoever wants it asks of the grid, MW; null where nobody has said."""
    about: Words
    """What it needs besides, and what is not known of it."""


class PeopleWithin(Strict):
    """People a use could serve by road from the seat of a district."""

    seat: Words
    """Name of the seat, as in the table of ways."""
    minutes: Annotated[list[Annotated[float, pydantic.Field(gt=0)]], pydantic.Field(min_length=1)]
    """Driving times within which people are counted."""
    about: Words
    """Who else serves them, and what is not known of it."""


class LandNeed(Coefficient):
    """Land a megawatt takes, rai."""

    source: Words
    """Its basis, for people."""


class Gates(Strict):
    """The gates of a use, and what it would bring where it has a page of its own."""

    title: Words
    """Name of the use for people."""
    demand_step: Name | None = None
    """Step of the estate whose boxes commitments must send to pass the gate of demand; the state of
    that gate is then worked out."""
    demand_rai: NotNegative | None = None
    """Land that commitments must occupy to pass the gate of demand, rai."""
    rai_per_mw: LandNeed | None = None
    """Land a megawatt of it takes, where it gives power."""
    no_mw_on: list[Name] = pydantic.Field(default_factory=list)
    """Classes of land after use whose megawatts are not known by their area, as water."""
    load: AskedLoad | None = None
    """Power it draws, where that decides about it."""
    people_within: PeopleWithin | None = None
    """People it serves, where they decide about it."""
    gates: Annotated[dict[GateName, Gate], pydantic.Field(min_length=6)]
    """All six."""
