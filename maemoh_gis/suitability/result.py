"""What a run found of the suitability of land, by use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maemoh_gis.mcda.combine import Score
from maemoh_gis.suitability.limits import Availability

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results


def score_of(results: Results, use: str) -> Score:
    """Give the score of a use."""
    found = results.found_as(f"score:{use}", Score)
    assert found is not None
    return found


def states_of(results: Results, use: str) -> Availability:
    """Give what all limits say of a use."""
    found = results.found_as(f"state:{use}", Availability)
    assert found is not None
    return found
