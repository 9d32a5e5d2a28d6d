"""
The sentence a scenario must lead to, first of all that a run tells.

The scenario says which it is; the run decides its branch and fills its figures. What a sentence
needs and the scenario does not give is named in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from maemoh_gis.core.messages import Text, both, joined
from maemoh_gis.decision import leads_estate, leads_land
from maemoh_gis.presentation.run_files import land
from maemoh_gis.sites.result import site_rows, sites_by_use
from maemoh_gis.suitability.removed_table import REMOVED_COLUMNS, removed_table
from maemoh_gis.yards.result import yards_by_use

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results
    from maemoh_gis.scenario.settings.leads import Answer

Maker = Callable[["Results"], Text | None]


def leads_to(results: Results) -> Text | None:
    """Say what the scenario must lead to; None where it asks for no sentence."""
    asked = results.resolved.scenario.leads_to
    if asked is None:
        return None
    return _MAKERS[asked.answer](results) or both("leads.not_told")


def _where(results: Results) -> Text:
    """Say of each use how much land its candidates have, and in which subdistricts."""
    told = [_sites_of_use(results, use) for use in sites_by_use(results)]
    return both("leads.where", year=results.resolved.scenario.year, told=joined(told, "; "))


def _sites_of_use(results: Results, use: str) -> Text:
    title = results.resolved.scenario.uses[use].title.both()
    rows = site_rows(results, use)
    if not rows:
        return both("leads.use_nowhere", use=title)
    rai = land(sum(row["area_rai"] for row in rows))
    return both(
        "leads.use_where",
        use=title,
        n=len(rows),
        rai=rai,
        places=leads_land.places_of(results, [use]),
    )


def _land_left(results: Results) -> Text | None:
    """Say how many candidates are left, and what land the limits named keep alone."""
    scenario = results.resolved.scenario
    asked = scenario.leads_to
    if asked is None or not asked.limits:
        return None
    taken = _alone_rai(results, asked.limits)
    told = [
        both(
            "leads.left_of_use",
            use=scenario.uses[use].title.both(),
            n=len(sites),
            most=scenario.uses[use].land.sites,
            taken=land(taken.get(use, 0.0)),
        )
        for use, sites in sites_by_use(results).items()
    ]
    return both("leads.land_left", limits=_limits(results, asked.limits), told=joined(told, "; "))


def _land_declared(results: Results) -> Text | None:
    """Say how many candidates lie where a boundary is still to be drawn."""
    scenario = results.resolved.scenario
    asked = scenario.leads_to
    if asked is None or not asked.limits:
        return None
    touched, of = 0, 0
    for sites in sites_by_use(results).values():
        of += len(sites)
        within = sites.geometry.apply(lambda _: False)
        for id in asked.limits:
            limit = scenario.limits[id]
            for shape in results.layers.shapes(limit.layer or "", results.grid.crs, limit.where):
                within |= sites.intersects(shape)
        touched += int(within.sum())
    taken = _alone_rai(results, asked.limits)
    told = [joined([scenario.uses[use].title.both(), land(rai)], " ") for use, rai in taken.items()]
    limits = _limits(results, asked.limits)
    return both("leads.land_declared", n=touched, of=of, limits=limits, told=joined(told, "; "))


def _limits(results: Results, limits: Sequence[str]) -> Text:
    return joined([results.resolved.scenario.limits[id].title.both() for id in limits], ", ")


def _alone_rai(results: Results, limits: Sequence[str]) -> dict[str, float]:
    """Give by use the land that one of some limits keeps and no other limit does."""
    use, limit, rai = (REMOVED_COLUMNS.index(name) for name in ("use", "limit", "alone_rai"))
    found: dict[str, float] = {}
    for row in removed_table(results):
        if row[limit] in limits and row[rai] != "":
            found[str(row[use])] = found.get(str(row[use]), 0.0) + float(str(row[rai]))
    return found


def _yard_fits(results: Results) -> Text | None:
    """Say how many places beside the line hold a yard."""
    told = []
    for use, search in yards_by_use(results).items():
        title = results.resolved.scenario.uses[use].title.both()
        told.append(
            both(
                "leads.fits_of_use",
                use=title,
                holds=f"{search.holds:,}",
                untold=f"{search.untold:,}",
                of=f"{search.places:,}",
            )
        )
    if not told:
        return None
    doubled = [
        section.title.both()
        for section in results.resolved.scenario.rail.values()
        if section.double_in(results.resolved.scenario.year)
    ]
    lines = joined(doubled, ", ") if doubled else both("leads.single_track")
    return both("leads.yard_fits", lines=lines, told=joined(told, "; "))


_MAKERS: Mapping[Answer, Maker] = {
    "where": _where,
    "outside_the_mine": leads_land.outside_the_mine,
    "first_moves": leads_land.first_moves,
    "papers_by": leads_land.papers_by,
    "land_ended": leads_land.land_ended,
    "land_opens": leads_land.land_opens,
    "gap": leads_land.gap,
    "restored": leads_land.restored,
    "land_left": _land_left,
    "land_declared": _land_declared,
    "work": leads_estate.work,
    "smallest_estate": leads_estate.smallest_estate,
    "first_phase": leads_estate.first_phase,
    "binds_first": leads_estate.binds_first,
    "siding": leads_estate.siding,
    "switch": leads_estate.switch,
    "power_land": leads_land.power_land,
    "yard_fits": _yard_fits,
}
