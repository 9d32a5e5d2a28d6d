"""What a run found of the choice of a yard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maemoh_gis.engine.results import Place
from maemoh_gis.yard_choice.set_stage import STAGE as SETS
from maemoh_gis.yard_choice.set_stage import FoundSets
from maemoh_gis.yard_choice.stages import CHOICE, YardComparison

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results


def contest_of(results: Results) -> YardComparison | None:
    """Give how the places compare; None where no choice is asked for."""
    return results.found_as(CHOICE, YardComparison)


def found_sets(results: Results) -> FoundSets | None:
    """Give the best sets of yards; None without a choice or without freight."""
    return results.found_as(SETS, FoundSets)


def compared_places(results: Results) -> Iterator[Place]:
    """Give the places that compete for the yard; the preferred one only if it is eligible."""
    import shapely

    asked, contest = results.resolved.scenario.choice, contest_of(results)
    if asked is None or contest is None:
        return
    first = None if contest.choice is None else contest.choice.preferred
    for k, one in enumerate(contest.contestants):
        yield Place(
            "place",
            asked.use,
            None,
            shapely.Point(*one.place),
            one.title,
            preferred=k == first and one.eligible,
        )
