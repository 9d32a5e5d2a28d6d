"""What a scenario may ask the land itself: how alike land is to where a use stands today."""

from __future__ import annotations

from typing import Annotated

import pydantic

from maemoh_gis.documents.schema import Name, Strict
from maemoh_gis.scenario.settings.parts import Selection


class Learnt(Strict):
    """
    Likeness of land to the places where a use stands today, learnt from the measures of its score.

    It is told beside the score and changes nothing: no score, no class, no order of sites.
    """

    presence: Selection
    """Polygons or points of places where the use, or what is most like it, stands."""
    leave_out: list[Name] = []
    """Criteria whose measures are not learnt from, as they follow from the places themselves."""
    block_km: Annotated[float, pydantic.Field(ge=1, le=200)] = 10
    """Side of the blocks that are held out whole."""
    folds: Annotated[int, pydantic.Field(ge=3, le=10)] = 5
    """Into how many parts the blocks are put."""
    least_places: Annotated[int, pydantic.Field(ge=15)] = 25
    """With fewer places nothing is learnt."""
    least_blocks: Annotated[int, pydantic.Field(ge=5)] = 8
    """With places in fewer blocks nothing is learnt."""
    land_cells: Annotated[int, pydantic.Field(ge=500, le=50_000)] = 5000
    """Cells drawn at random that stand for all land."""
    permutations: Annotated[int, pydantic.Field(ge=19, le=999)] = 19
    """How often the same is tried with places put elsewhere."""
    basis: str
    """Source of these numbers, or ASSUMPTION with the reason."""

    def layers(self) -> tuple[str, ...]:
        """List the layers it is told from, beside those of the measures."""
        return (self.presence.layer,)
