"""
All worlds of a scenario: what the yard brings in each, the verdict, and what turns it.

A world's freight is worked out once, whatever step is asked for; the land is that of one run.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from maemoh_gis.core.errors import MaeMohError, RunError
from maemoh_gis.decision.ladder import step_reached
from maemoh_gis.estate.growth import LEVELS, Level, in_year
from maemoh_gis.freight.layers import FreightLayers, RoadDistances, new_yard
from maemoh_gis.freight.tariffs import ITEMS
from maemoh_gis.hinges.freight_worlds import Brought, Ground, YardWorld, yard_world
from maemoh_gis.hinges.regret import CHOICES, Choice, Span, regrets
from maemoh_gis.hinges.worlds import World, least_sets, worlds_of
from maemoh_gis.scenario.vary import varied
from maemoh_gis.yard_choice.result import contest_of

if TYPE_CHECKING:
    from maemoh_gis.core.faults import Fault
    from maemoh_gis.engine.results import Results
    from maemoh_gis.phase_out.path import Amount
    from maemoh_gis.scenario.resolve import Resolved
    from maemoh_gis.scenario.settings.estate import Estate
    from maemoh_gis.scenario.settings.scenario import Scenario
    from maemoh_gis.scenario.settings.switches import Setting, Switches

_PLACES: Mapping[Level, Level] = {"low": "high", "central": "central", "high": "low"}
"""Few boxes before long trains, many before short ones: the widest range."""


@dataclass(frozen=True)
class Told:
    """What is told of one world."""

    world: World
    step: str
    """Step that is asked for."""
    yard: str
    """Key of the yard; empty without one."""
    carried: Mapping[Level, bool]
    """Whether boxes fill the trains of the step in the year asked for."""
    first_year: int | None
    """First year in which they do, central; None where they never do up to then."""
    teu: Mapping[Level, float]
    """Loaded TEU a year over the yard in the year asked for."""
    brought: Mapping[Level, Brought]
    pays: Mapping[Level, bool] | None
    """Whether trains fill and senders save in that year at least what the yard costs; None where
    nobody has said what the step costs."""
    jobs: Amount
    """On the land tenants occupy in the year asked for; they do not hang on the yard."""
    regret_thb: Mapping[Choice, Mapping[Level, float]] | None
    """None where nobody has said what the step costs."""


Shares = Mapping[Level, Callable[[int], float]]
"""What an estate sends by year, as a share of what it sends in the year asked for, by level."""


@dataclass(frozen=True)
class Part:
    """What of a world does not hang on the step that is asked for."""

    scenario: Scenario
    shares: Shares
    found: YardWorld


@dataclass(frozen=True)
class Study:
    """All worlds of a scenario and what turns the verdict between them."""

    resolved: Resolved
    switches: Switches
    worlds: Mapping[World, Told]
    """That of the scenario first."""
    least: Sequence[World]
    """Fewest switches that together turn whether trains fill, see `least_sets`."""
    least_paying: Sequence[World]
    """The same of whether the yard pays, where its cost is known."""

    @property
    def base(self) -> Told:
        """Give the world of the scenario."""
        return next(iter(self.worlds.values()))

    @property
    def settings(self) -> dict[str, list[str]]:
        """Give the settings by switch."""
        return settings_of(self.switches)


def settings_of(switches: Switches) -> dict[str, list[str]]:
    """Give the settings of each switch, that of the scenario first."""
    return {id: list(switch.settings) for id, switch in switches.by.items()}


def study(results: Results, watch: Callable[[int, int], None] = lambda _n, _of: None) -> Study:
    """Work out every world of a scenario whose land has been run."""
    resolved = results.resolved
    switches = resolved.scenario.switches
    assert switches is not None
    settings = settings_of(switches)
    found: dict[World, Told] = {}
    freights = _freights(results, switches)
    worlds = worlds_of(settings)
    parts: dict[World, Part] = {}
    for number, world in enumerate(worlds, start=1):
        key = _without_step(switches, world)
        if key not in parts:
            parts[key] = freights(_settings(switches, world))
            watch(number, len(worlds))
        found[world] = _told(switches, world, parts[key])
    fill = {world: told.carried["central"] for world, told in found.items()}
    pay = {world: told.pays["central"] for world, told in found.items() if told.pays is not None}
    return Study(resolved, switches, found, least_sets(fill, settings), least_sets(pay, settings))


def require_switches(resolved: Resolved) -> None:
    """Refuse a scenario that has none, or whose switches do not fit what they change."""
    scenario, document = resolved.scenario, resolved.document
    if scenario.switches is None:
        raise RunError(document.fault("no_switches", ("switches",)))
    parts = {"freight": scenario.freight, "estate": scenario.estate, "choice": scenario.choice}
    absent = [part for part, there in parts.items() if there is None]
    if absent:
        raise RunError(document.fault("switches_need", (one,), found=one) for one in absent)
    faults = [
        fault
        for id, switch in scenario.switches.by.items()
        for name, setting in switch.settings.items()
        for fault in _setting_faults(resolved, setting, ("switches", "by", id, "settings", name))
    ]
    if faults:
        raise RunError(faults)


def _setting_faults(resolved: Resolved, setting: Setting, path: tuple[str, ...]) -> Iterator[Fault]:
    """Find rates that are none, and values that what they change cannot take."""
    document, known = resolved.document, ", ".join(ITEMS)
    for item in setting.rates:
        if item not in ITEMS:
            yield document.fault("switch_rate", (*path, "rates", item), found=item, expected=known)
    try:
        varied(resolved, setting.change)
    except MaeMohError as error:
        place = document.place((*path, "change"))
        for fault in error.faults:
            yield replace(fault, file=place.file, line=place.line, key=".".join(path))


def _freights(results: Results, switches: Switches) -> Callable[[Sequence[Setting]], Part]:
    """Make ready what all worlds share; give the function that works out one."""
    from maemoh_gis.engine.stages import StageContext

    resolved = results.resolved
    late = resolved.scenario.model_copy(update={"year": switches.year})
    source = FreightLayers.of(StageContext(late, results.layers, results.grid))
    contest = contest_of(results)
    assert contest is not None
    planned = [
        new_yard(source, one.id, one.place, one.open_year)
        for one in contest.contestants
        if "off_rail" not in one.to_settle
    ]
    places = source.reached(planned)
    ground = Ground(source, places, RoadDistances(source, places))
    changed: dict[str, tuple[Scenario, Shares]] = {}

    def of(settings: Sequence[Setting]) -> Part:
        values = {key: value for one in settings for key, value in one.change.items()}
        key = repr(sorted(values.items()))
        if key not in changed:
            scenario = varied(resolved, values).scenario
            changed[key] = scenario, _shares(scenario, switches.year)
        scenario, shares = changed[key]
        return Part(scenario, shares, yard_world(ground, scenario, settings))

    return of


def _settings(switches: Switches, world: World) -> list[Setting]:
    return [
        switch.settings[setting]
        for switch, setting in zip(switches.by.values(), world, strict=True)
    ]


def _without_step(switches: Switches, world: World) -> World:
    """Name what of a world decides freight."""
    return tuple(
        setting
        for switch, setting in zip(switches.by.values(), world, strict=True)
        if switch.settings[setting].step is None
    )


def _shares(scenario: Scenario, year: int) -> Shares:
    """Make ready how the boxes of an estate grow; a year is worked out once for all worlds."""
    estate = scenario.estate
    assert estate is not None

    def at(level: Level) -> Callable[[int], float]:
        def teu(of: int) -> float:
            return float(getattr(in_year(estate, of).needs["teu"], level))

        whole = teu(year)
        return cache(lambda of: teu(of) / whole if whole else 0.0)

    return {level: at(level) for level in LEVELS}


def _told(switches: Switches, world: World, part: Part) -> Told:
    scenario, found, estate = part.scenario, part.found, part.scenario.estate
    assert estate is not None
    step = next(one.step for one in _settings(switches, world) if one.step is not None)
    teu = {level: _teu_by_year(part, level) for level in LEVELS}
    carried = {level: _carried(estate, step, teu[level], level) for level in LEVELS}
    years = range(scenario.year, switches.year + 1)
    fill = {level: carried[level](switches.year) for level in LEVELS}
    priced = step == switches.priced_step
    return Told(
        world,
        step,
        found.yard,
        fill,
        next((year for year in years if carried["central"](year)), None),
        {level: teu[level](switches.year) for level in LEVELS},
        found.brought,
        _pays(found, fill) if priced else None,
        in_year(estate, switches.year).needs["jobs"],
        _regret(switches, part, carried) if priced and found.brought else None,
    )


def _teu_by_year(part: Part, level: Level) -> Callable[[int], float]:
    """Give TEU over the yard by year: the estate's by what it sends, all others' as they are."""
    if not part.found.brought:
        return lambda _: 0.0
    brought, share = part.found.brought[level], part.shares[level]
    return lambda year: brought.teu_other + brought.teu_estate * share(year)


def _carried(
    estate: Estate, step: str, teu: Callable[[int], float], level: Level
) -> Callable[[int], bool]:
    order = list(estate.steps)

    @cache
    def carried(year: int) -> bool:
        reached = step_reached(estate, teu, year, _PLACES[level])
        return order.index(reached) >= order.index(step)

    return carried


def _pays(found: YardWorld, fill: Mapping[Level, bool]) -> Mapping[Level, bool]:
    """Say whether a yard pays; where no place has a train it does not."""
    return {
        level: fill[level]
        and level in found.brought
        and found.brought[level].thb_saved >= found.brought[level].fixed_thb
        for level in LEVELS
    }


def _regret(
    switches: Switches, part: Part, carried: Mapping[Level, Callable[[int], bool]]
) -> Mapping[Choice, Mapping[Level, float]]:
    """Give the regret of each choice at every level."""
    freight = part.scenario.freight
    assert freight is not None
    span = Span(part.scenario.year, switches.year, switches.works_years, freight.yard.interest)

    def at(level: Level) -> Mapping[Choice, float]:
        one, share = part.found.brought[level], part.shares[level]
        return regrets(
            span,
            carried[level],
            lambda year: one.thb_other + one.thb_estate * share(year),
            one.fixed_thb,
            switches.reserve_thb,
        )

    found = {level: at(level) for level in LEVELS}
    return {choice: {level: found[level][choice] for level in LEVELS} for choice in CHOICES}


def greatest_regret(worlds: Mapping[World, Told]) -> dict[Choice, tuple[float, World]]:
    """Give the greatest central regret of each choice over all priced worlds, and where it is."""
    found: dict[Choice, tuple[float, World]] = {}
    for world, told in worlds.items():
        for choice, by_level in (told.regret_thb or {}).items():
            thb = by_level["central"]
            if not math.isnan(thb) and (choice not in found or thb > found[choice][0]):
                found[choice] = (thb, world)
    return found


def moved_settings(settings: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """List every setting but those of the scenario, with its switch."""
    return [(id, one) for id, known in settings.items() for one in known[1:]]
