"""What a scenario may say about the sentence it must lead to."""

from __future__ import annotations

from typing import Literal

from maemoh_gis.documents.schema import Name, Strict

Answer = Literal[
    "where",
    "outside_the_mine",
    "first_moves",
    "papers_by",
    "land_ended",
    "land_opens",
    "gap",
    "restored",
    "land_left",
    "land_declared",
    "work",
    "smallest_estate",
    "first_phase",
    "binds_first",
    "siding",
    "switch",
    "power_land",
    "yard_fits",
]
"""
What a run is asked to tell: where each use has candidate land; that land of mine and plant is not
among it; what moves before land does; by when papers must be begun; land whose use has ended; land
that papers open; years between asking and papers; land that goes back to forest; what limits the
scenario adds leave and take; candidate land where a boundary is not drawn yet; work lost and
gained; the least estate to begin with; its first phase; what it lacks first; loading at a loop;
what turns the yard; megawatts by class of land; where a yard fits beside the line.
"""


class LeadsTo(Strict):
    """The sentence a scenario must lead to: the run decides its branch and fills its figures."""

    answer: Answer
    """What the sentence tells."""
    limits: list[Name] = []
    """Limits it is about, where it is about some."""
