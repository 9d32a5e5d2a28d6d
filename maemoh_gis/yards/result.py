"""What a run found beside the line, by use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maemoh_gis.engine.results import Place
from maemoh_gis.yards.fit import YardSearch
from maemoh_gis.yards.stages import tracks_stage_of

if TYPE_CHECKING:
    import pandas as pd

    from maemoh_gis.engine.results import Results


def yards_of(results: Results, use: str) -> YardSearch | None:
    """Give what was found for a use; None where it asks for no yard."""
    return results.found_as(f"yards:{use}", YardSearch)


def tracks_of(results: Results, use: str) -> pd.DataFrame | None:
    """Give the tracks recorded at stations; None where no layer tells them."""
    import pandas as pd

    return results.found_as(tracks_stage_of(use), pd.DataFrame)


def yards_by_use(results: Results) -> dict[str, YardSearch]:
    """Give what was found for every use that asks for a yard, in the order of the scenario."""
    found = {use: yards_of(results, use) for use in results.resolved.scenario.uses}
    return {use: search for use, search in found.items() if search is not None}


def yard_places(results: Results) -> Iterator[Place]:
    """Give the rectangles that fit as places."""
    for use, search in yards_by_use(results).items():
        for number, land in enumerate(search.fits.geometry, start=1):
            yield Place("yard", use, number, land)
