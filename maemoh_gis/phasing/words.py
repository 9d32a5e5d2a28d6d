"""What is said of a programme: what recurs across worlds, and what keeps land out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from maemoh_gis.core.messages import Text, both, joined, same

if TYPE_CHECKING:
    from maemoh_gis.phasing.parcels import Parcel
    from maemoh_gis.phasing.study import Study, World

_MOST_NAMED = 5


def findings(study: Study) -> list[Text]:
    """Say what recurs, what does not, where nothing can be programmed, and what is supposed."""
    taken = study.taken
    every = [key for key in taken if all(w.begins(key) is not None for w in study.worlds)]
    some = [key for key in taken if key not in every]
    empty = [world for world in study.worlds if not world.programme.estate]
    said = [_recurring(study, every)]
    if some:
        said.append(both("phasing.some", parcels=_named(study, some)))
    if empty and len(empty) < len(study.worlds):
        worlds = joined([world_title(one) for one in empty], ", ")
        said.append(both("phasing.empty", worlds=worlds))
    said += [_kept_out(study), *_too_dear(study)]
    if study.asked.sites_from is None:
        said.append(both("phasing.suppose_sites"))
    else:
        said.append(both("phasing.sites_supposed", year=study.asked.sites_from))
    return said


def world_title(world: World) -> Text:
    """Name a world by its scenario."""
    return world.run.scenario.title.both()


def _recurring(study: Study, every: list[str]) -> Text:
    n = len(study.worlds)
    if not every:
        nothing = all(not world.programme.estate for world in study.worlds)
        if n == 1:
            return both("phasing.nothing_one")
        return both("phasing.nothing" if nothing else "phasing.none_in_all", n=n)
    parcels = _named(study, every)
    if n == 1:
        return both("phasing.in_one", parcels=parcels)
    return both("phasing.in_all", parcels=parcels, n=n)


def _named(study: Study, keys: list[str]) -> Text:
    """Name parcels with their years, and count those that are too many to name."""
    taken, left = study.taken, len(keys) - _MOST_NAMED
    told = [_years(study, taken[key]) for key in keys[:_MOST_NAMED]]
    return joined([*told, *([both("phasing.more", n=left)] if left > 0 else [])])


def _years(study: Study, parcel: Parcel) -> Text:
    """Name a parcel with the years in which works begin on it."""
    begins = [world.begins(parcel.key) for world in study.worlds]
    years = sorted({year for year in begins if year is not None})
    span = f"{years[0]}" if years[0] == years[-1] else f"{years[0]}–{years[-1]}"
    return both("phasing.from", parcel=parcel.title, years=same(span))


def _too_dear(study: Study) -> list[Text]:
    """Say where a year's budget does not carry a year of works on a yard, which all waits for."""
    terms = study.worlds[0].terms
    a_year = terms.yard_cost / terms.works_years
    if not terms.yard_first or a_year <= terms.budget:
        return []
    numbers = {"needs": f"{a_year:,.0f}", "budget": f"{terms.budget:,.0f}"}
    return [both("phasing.yard_too_dear", years=terms.works_years, **numbers)]


def _kept_out(study: Study) -> Text:
    """Count what keeps parcels out, each parcel once in whatever world."""
    reasons = {
        one.key: one.why_not
        for world in study.worlds
        for one in world.parcels
        if one.why_not is not None
    }
    counts = Counter(reasons.values())
    parts = [both(f"phasing.out.{reason}", n=n) for reason, n in sorted(counts.items())]
    return (
        both("phasing.kept_out", parts=joined(parts, ", ")) if parts else both("phasing.none_out")
    )
