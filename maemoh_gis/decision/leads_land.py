"""What a run leads to where the question is of land after coal: which is open, since when, why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from maemoh_gis.core import units
from maemoh_gis.core.messages import Text, both, joined, same
from maemoh_gis.phase_out.path import Quantity
from maemoh_gis.phase_out.register import apart, land_by_state, land_of_zone, open_uses
from maemoh_gis.phase_out.units import path_of
from maemoh_gis.presentation.run_files import land, range_of
from maemoh_gis.scenario.after_use import is_open, open_from, outstanding, rule_for, year_to_ask
from maemoh_gis.scenario.in_year import free_year, level_of, zone_state
from maemoh_gis.scenario.settings.phase_out import FILLED_OR_DUG, Need, ZoneState
from maemoh_gis.sites.result import sites_by_use

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results
    from maemoh_gis.phase_out.path import Amount
    from maemoh_gis.scenario.settings.phase_out import Zone

FOREST = "reclamation_forest"
_MOST_PLACES = 3
_WAITING: tuple[ZoneState, ...] = ("ended_not_returned", "closed", "restoration", "conditional")
"""States of land whose use has ended and which no paper has opened."""


def places_of(results: Results, uses: Iterable[str]) -> Text:
    """Name the subdistricts the candidate land of uses lies in, the first sites' first."""
    named: list[Text] = []
    for use, sites in sites_by_use(results).items():
        if use in uses and len(sites):
            pairs = zip(sites["place_th"], sites["place_en"], strict=True)
            named += [{"th": th, "en": en} for th, en in pairs]
    places = list({place["th"]: place for place in named}.values())
    told = joined(places[:_MOST_PLACES], "; ")
    more = len(places) - _MOST_PLACES
    return both("ledger.and_more", places=told, n=more) if more > 0 else told


class _Register(NamedTuple):
    """What the register tells of the scenario's year."""

    by_state: Mapping[ZoneState, float]
    not_drawn: int

    @property
    def waiting_rai(self) -> float:
        """Give the land whose use has ended and which is open for nothing."""
        return sum(self.by_state.get(state, 0.0) for state in _WAITING)

    @property
    def open_rai(self) -> float:
        return self.by_state.get("open", 0.0)


def _register(results: Results) -> _Register | None:
    scenario, rules = results.resolved.scenario, results.resolved.rules
    if not scenario.zones:
        return None
    told = land_by_state(scenario, rules, results.layers)
    by_state = {state: rai or 0.0 for state, rai in told["by_state_rai"].items()}
    return _Register(by_state, len(told["not_drawn"]))


def outside_the_mine(results: Results) -> Text | None:
    """Say whether land of mine and plant is open for another use, and if candidates lie outside."""
    told = _register(results)
    if told is None:
        return None
    year = results.resolved.scenario.year
    if told.open_rai:
        return both("leads.inside_too", year=year, rai=land(told.open_rai))
    if not any(len(sites) for sites in sites_by_use(results).values()):
        return both("leads.outside_nowhere", year=year)
    return both("leads.outside_the_mine", year=year)


def first_moves(results: Results) -> Text | None:
    """Say what coal leaves before land does, and which papers land waits for."""
    scenario, told = results.resolved.scenario, _register(results)
    if told is None or scenario.timeline is None:
        return None
    jobs, water = amounts(results, "jobs_exposed", "water_freed_mm3")
    about: dict[str, object] = {
        "year": scenario.year,
        "jobs": _range(jobs),
        "water": _range(water, 1),
    }
    if told.open_rai:
        return both("leads.land_moves_too", **about, rai=land(told.open_rai))
    if jobs is None or not jobs.high:
        return both("leads.nothing_moves", **about)
    papers = _papers_wanted(results)
    return both("leads.first_moves", **about, rai=land(told.waiting_rai), papers=papers)


def papers_by(results: Results) -> Text | None:
    """Say by when papers must be begun for the first land and for the last."""
    scenario = results.resolved.scenario
    ahead = scenario.after_use.prepare_years if scenario.after_use else None
    ends = {id: free_year(zone, scenario) for id, zone in scenario.zones.items() if zone.units}
    known = {id: year for id, year in ends.items() if year is not None}
    if ahead is None or not known:
        return None

    def begun(year: int) -> Text:
        return range_of(year - ahead.high, year - ahead.central, year - ahead.low)

    first, last = min(known.values()), max(known.values())
    return both(
        "leads.papers_by",
        first=_year_range(begun(first)),
        last=_year_range(begun(last)),
        first_end=first,
        last_end=last,
        papers=_papers_wanted(results),
    )


def land_ended(results: Results) -> Text | None:
    """Say how much land has ended its use and is open for nothing."""
    told = _register(results)
    if told is None:
        return None
    about: dict[str, object] = {
        "year": results.resolved.scenario.year,
        "rai": land(told.waiting_rai),
        "opened": land(told.open_rai),
        "n": told.not_drawn,
    }
    if not told.waiting_rai:
        return both("leads.none_ended", **about)
    return both("leads.some_open" if told.open_rai else "leads.land_ended", **about)


def land_opens(results: Results) -> Text | None:
    """Say which land is open for which use since when: plant land and the like, and dumps."""
    scenario, told = results.resolved.scenario, _register(results)
    if told is None:
        return None
    dumps, others = _opened(results, FILLED_OR_DUG), _opened(results, ())
    if not dumps and not others:
        return both("leads.none_opens", year=scenario.year, papers=_papers_wanted(results))
    parts = [_opened_words(results, "leads.opens_plant", others)] if others else []
    parts.append(
        _opened_words(results, "leads.opens_dump", dumps) if dumps else both("leads.dumps_closed")
    )
    supposed = any(one.supposed for zone in scenario.zones.values() for one in zone.basis)
    id = "leads.land_opens_supposed" if supposed else "leads.land_opens"
    return both(id, year=scenario.year, told=joined(parts, "; "))


def _opened(results: Results, kinds: Iterable[str]) -> dict[str, list[str]]:
    """List the drawn zones open for some use, of some kinds or of all but pits and dumps."""
    scenario, rules = results.resolved.scenario, results.resolved.rules
    found = {}
    for id, zone in scenario.zones.items():
        mine = zone.kind in kinds if kinds else zone.kind not in FILLED_OR_DUG
        if mine and zone.layer is not None and (uses := open_uses(zone, scenario, rules)):
            found[id] = uses
    return found


def _opened_words(results: Results, id: str, opened: Mapping[str, Sequence[str]]) -> Text:
    scenario = results.resolved.scenario
    uses = [use for use in scenario.uses if any(use in of for of in opened.values())]
    years = [
        year
        for zone, of in opened.items()
        for use in of
        if (year := _open_from(results, scenario.zones[zone], use)) is not None
    ]
    titles = joined([scenario.uses[use].title.both() for use in uses], ", ")
    rai = _rai_of(results, opened, is_open=True)
    return both(id, rai=land(rai), uses=titles, year=min(years))


def _rai_of(results: Results, zones: Iterable[str], *, is_open: bool) -> float:
    """Measure zones of known outline, each place once; open land only where nothing holds it."""
    import shapely

    scenario, rules = results.resolved.scenario, results.resolved.rules
    drawn = {
        id: land_of_zone(zone, results.grid.crs, results.layers)
        for id, zone in scenario.zones.items()
    }
    lands = {id: shape for id, shape in drawn.items() if shape is not None}
    mine = shapely.union_all([lands[id] for id in zones if id in lands])
    if is_open:
        states = [zone_state(scenario.zones[id], scenario, rules, scenario.year) for id in lands]
        mine = shapely.intersection(mine, apart(states, list(lands.values()))["open"])
    return units.rai_from_m2(float(mine.area))


def _open_from(results: Results, zone: Zone, use: str) -> int | None:
    scenario = results.resolved.scenario
    ended, level = free_year(zone, scenario), level_of(scenario)
    return open_from(zone, use, results.resolved.rules, ended, level)


def _is_open(results: Results, zone: Zone, use: str) -> bool:
    scenario = results.resolved.scenario
    ended, level = free_year(zone, scenario), level_of(scenario)
    return is_open(zone, use, results.resolved.rules, ended, level, scenario.year)


def gap(results: Results) -> Text | None:
    """Say how many years lie between the year a use may be asked for and its papers."""
    scenario, told = results.resolved.scenario, _register(results)
    if told is None or scenario.timeline is None:
        return None
    (jobs,) = amounts(results, "jobs_exposed")
    years = sorted(_gaps(results))
    about: dict[str, object] = {"jobs": _range(jobs), "year": scenario.year}
    if not years:
        return both("leads.no_papers", **about, papers=_papers_wanted(results))
    span = same(f"{years[0]}–{years[-1]}" if years[0] != years[-1] else f"{years[0]}")
    if told.open_rai:
        return both("leads.gap_some", **about, span=span, rai=land(told.open_rai))
    return both("leads.gap_none", **about, span=span)


def _gaps(results: Results) -> Iterator[int]:
    """Give the years that each use waits for its papers on each zone, where any are dated."""
    scenario, rules = results.resolved.scenario, results.resolved.rules
    for zone in scenario.zones.values():
        for use in scenario.uses:
            ended, level = free_year(zone, scenario), level_of(scenario)
            asked = year_to_ask(zone, use, rules, ended, level)
            opened = _open_from(results, zone, use)
            if asked is not None and opened is not None:
                yield opened - asked


def restored(results: Results) -> Text | None:
    """Say how much land goes back to forest, and where estate and yard would have to go."""
    scenario, rules = results.resolved.scenario, results.resolved.rules
    if not scenario.zones:
        return None
    told = land_by_state(scenario, rules, results.layers)
    forest = told["open_for_rai"].get(FOREST) or 0.0
    waiting = sum(told["by_state_rai"].get(state) or 0.0 for state in _WAITING)
    others = [use for use, sites in sites_by_use(results).items() if use != FOREST and len(sites)]
    parts = [
        both("leads.use_at", use=scenario.uses[use].title.both(), places=places_of(results, [use]))
        for use in others
    ]
    where = joined(parts, "; ") if parts else both("leads.nowhere")
    return both(
        "leads.restored" if forest else "leads.not_restored",
        year=scenario.year,
        forest=land(forest),
        waiting=land(waiting),
        where=where,
    )


def power_land(results: Results) -> Text | None:
    """Say what megawatts each class of land would bear now and later, and what is not known."""
    scenario, rules = results.resolved.scenario, results.resolved.rules
    solar = next(((use, of) for use, of in scenario.gates.items() if of.rai_per_mw), None)
    load = next((of for of in scenario.gates.values() if of.load), None)
    if solar is None or load is None or not scenario.zones:
        return None
    use, of_use = solar
    opened: dict[str, list[str]] = {}
    later: dict[str, list[str]] = {}
    for id, zone in scenario.zones.items():
        name = zone.land_class or ""
        if zone.layer is None or name in of_use.no_mw_on or rule_for(zone, use, rules) is None:
            continue
        into = opened if _is_open(results, zone, use) else later
        into.setdefault(name, []).append(id)
    assert of_use.rai_per_mw is not None
    assert load.load is not None
    per_mw, asked = of_use.rai_per_mw, load.load.mw

    def borne(by_class: Mapping[str, Sequence[str]], *, is_open: bool) -> Text:
        parts = [
            both(
                "leads.mw_on",
                mw=range_of(rai / per_mw.high, rai / per_mw.central, rai / per_mw.low),
                land=rules.titles[name],
            )
            for name, zones in by_class.items()
            for rai in [_rai_of(results, zones, is_open=is_open)]
        ]
        return joined(parts, ", ") if parts else both("leads.no_mw")

    wanted = both("leads.load_unsaid") if asked is None else both("leads.load", mw=f"{asked:,.0f}")
    return both(
        "leads.power_land",
        year=scenario.year,
        opened=borne(opened, is_open=True),
        later=borne(later, is_open=False),
        load=wanted,
    )


def amounts(results: Results, *quantities: Quantity) -> list[Amount | None]:
    """Give what the path after coal tells of the scenario's year."""
    year = results.resolved.scenario.year
    (now,) = path_of(results.resolved, results.catalog, [year])
    return [now.amounts[quantity] for quantity in quantities]


def _papers_wanted(results: Results) -> Text:
    """Name the papers that land no longer in use is still wanting; else those of all land."""
    scenario, rules = results.resolved.scenario, results.resolved.rules
    year = scenario.year
    ended = [
        zone
        for zone in scenario.zones.values()
        if zone_state(zone, scenario, rules, year) in _WAITING
    ]
    wanted: dict[Need, None] = {}
    for zone in ended or scenario.zones.values():
        uses = [use for use in scenario.uses if rule_for(zone, use, rules) is not None]
        wanted |= dict.fromkeys(outstanding(zone, uses, rules, year) if uses else [])
    return joined([both(f"zone.need.{need}") for need in wanted], ", ")


def _range(amount: Amount | None, decimals: int = 0) -> Text:
    if amount is None:
        return both("leads.figure_unknown")
    return range_of(amount.low, amount.central, amount.high, decimals)


def _year_range(years: Text) -> Text:
    """Write years without the comma of thousands."""
    return {language: words.replace(",", "") for language, words in years.items()}
