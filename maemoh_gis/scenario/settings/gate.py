"""What a scenario may say about the gates a use must pass before anything is built."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

import pydantic

from maemoh_gis.documents.schema import Name, Strict, Words, YearBE
from maemoh_gis.scenario.settings.freight import NotNegative

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


class Gates(Strict):
    """The gates of a use, and what it would bring where it has a page of its own."""

    title: Words
    """Name of the use for people."""
    demand_step: Name | None = None
    """Step of the estate whose boxes commitments must send to pass the gate of demand; the state of
    that gate is then worked out."""
    demand_rai: NotNegative | None = None
    """Land that commitments must occupy to pass the gate of demand, rai."""
    gates: Annotated[dict[GateName, Gate], pydantic.Field(min_length=6)]
    """All six."""
