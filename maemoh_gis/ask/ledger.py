"""
Why two runs differ: each cause alone, in the order of the land it moves, and what they do together.

A cause is an entry of the scenario in which the runs differ: its year, the years of units, the
papers of a zone, a limit, the estate. Each is put alone into the first run's scenario and its land
is computed again by the same stages, so the ledger cannot disagree with a run; what all together
move beyond the sum of each alone is told as their interaction.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from maemoh_gis.ask.beside import beside, moved_beside
from maemoh_gis.cache.store import NO_CACHE, Store
from maemoh_gis.comparison.model import GOOD_SCORE
from maemoh_gis.core import units
from maemoh_gis.core.errors import MaeMohError, RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import Text
from maemoh_gis.core.types import BoolArray, FloatArray
from maemoh_gis.documents.schema import validate
from maemoh_gis.documents.yaml import Document
from maemoh_gis.estate.growth import NEEDS, in_year
from maemoh_gis.layers.cached import CachedLayers
from maemoh_gis.layers.load import Layers
from maemoh_gis.phase_out.path import Amount
from maemoh_gis.phase_out.units import path_of
from maemoh_gis.runs.finished import Run
from maemoh_gis.runs.run import compute
from maemoh_gis.scenario.after_use import rules_of
from maemoh_gis.scenario.causes import Cause, causes_between
from maemoh_gis.scenario.in_year import in_its_year
from maemoh_gis.scenario.resolve import Resolved
from maemoh_gis.scenario.settings.scenario import Scenario
from maemoh_gis.suitability.limits import State
from maemoh_gis.suitability.result import score_of, states_of

_OPEN = (State.ALLOWED, State.CONDITIONAL)


@dataclass(frozen=True)
class Land:
    """What a scenario leaves of the land, by use."""

    allowed: Mapping[str, BoolArray]
    """Cells no limit removes and no paper is wanting for, bool (rows, cols)."""
    open: Mapping[str, BoolArray]
    """These, and cells a paper is wanting for."""
    good: Mapping[str, BoolArray]
    """Open cells of a good score."""
    state: Mapping[str, np.ndarray]
    score: Mapping[str, FloatArray]
    figures: Mapping[str, float]
    """MW, jobs exposed, water freed, and what the estate occupies, needs and sends; central."""
    cell_rai: float


@dataclass(frozen=True)
class Moved:
    """What one cause moves, alone."""

    allowed_rai: Mapping[str, float]
    """Land that becomes allowed less land that no longer is."""
    opened_rai: Mapping[str, float]
    """Land that becomes allowed or conditional."""
    closed_rai: Mapping[str, float]
    """Land that no longer is either."""
    good_rai: Mapping[str, float]
    """Good land gained less good land lost."""
    changed: Mapping[str, BoolArray]
    """Cells whose state or score is another."""
    changed_rai: Mapping[str, float]
    figures: Mapping[str, float]
    """Change of each figure; NaN where only one of both has it."""

    @property
    def land_rai(self) -> float:
        """Give the land of which the state or the score is another, over uses."""
        return sum(self.changed_rai.values())

    @property
    def nothing(self) -> bool:
        """Say whether no cell and no figure is another."""
        return not self.land_rai and not any(self.figures.values())


@dataclass(frozen=True)
class Entry:
    """A cause with what it moves; None where it cannot stand alone."""

    cause: Cause
    moved: Moved | None
    beside: Text | None = None
    """What it decides about beside land and figures; see `beside`."""


@dataclass(frozen=True)
class Ledger:
    """Why two runs differ."""

    uses: tuple[str, ...]
    entries: tuple[Entry, ...]
    """The one that moves most land first."""
    together: Moved
    """What all causes move."""
    before: Land
    after: Land
    beside: tuple[Text, ...] = ()
    """What moved between the two runs beside land and figures."""

    def interaction_rai(self, use: str) -> float:
        """Give the net open land that all together move beyond the sum of each alone."""
        alone = sum(
            one.moved.opened_rai[use] - one.moved.closed_rai[use]
            for one in self.entries
            if one.moved is not None
        )
        return self.together.opened_rai[use] - self.together.closed_rai[use] - alone

    def jaccard(self, use: str) -> float:
        """Give the share of the land open in either run that is open in both; 1 where none is."""
        one, other = self.before.open[use], self.after.open[use]
        either = int((one | other).sum())
        return int((one & other).sum()) / either if either else 1.0


def ledger(
    base: Run,
    other: Run,
    watch: Callable[[Text], None] = lambda _: None,
    store: Store = NO_CACHE,
    at_least: float = GOOD_SCORE,
) -> Ledger:
    """
    Work out what each difference between two runs of one grid moves.

    Land scored `at_least` or above is good. Raises RunError where the grids differ, or no use is in
    both.
    """
    if base.grid != other.grid:
        raise RunError(Fault("ledger_grids", str(other.folder), key="grid"))
    first, second = base.record["resolved"], other.record["resolved"]
    uses = tuple(use for use in base.scenario.uses if use in other.scenario.uses)
    if not uses:
        raise RunError(Fault("ledger_uses", str(other.folder), key="uses"))
    layers = CachedLayers(Layers(base.catalog))
    causes = causes_between(first, second)

    def land(data: Mapping[str, Any]) -> Land:
        return _land(data, base, uses, layers, store, at_least)

    watch(base.record["title"])
    before = land(first)
    watch(other.record["title"])
    after = land(_with(first, causes))
    entries = []
    for cause in causes:
        watch(cause.title)
        try:
            moved = moved_between(before, land(_with(first, [cause])))
        except MaeMohError:
            # Half of a change that goes together, as weights of a criterion that is not there.
            moved = None
        told = beside(cause.key, base.record, other.record, alone=len(causes) == 1)
        entries.append(Entry(cause, moved, told if moved is None or moved.nothing else None))
    entries.sort(key=lambda one: -(one.moved.land_rai if one.moved else 0.0))
    moved_so = tuple(moved_beside(base.record, other.record))
    return Ledger(uses, tuple(entries), moved_between(before, after), before, after, moved_so)


def _with(data: Mapping[str, Any], causes: Sequence[Cause]) -> dict[str, Any]:
    changed: dict[str, Any] = copy.deepcopy(dict(data))
    for cause in causes:
        *above, last = cause.key.split(".", maxsplit=1)
        target = changed
        for part in above:
            target[part] = target.get(part) or {}
            target = target[part]
        if cause.becomes is None:
            target.pop(last, None)
        else:
            target[last] = copy.deepcopy(cause.becomes)
    return changed


def _land(
    data: Mapping[str, Any],
    run: Run,
    uses: Sequence[str],
    layers: Layers,
    store: Store,
    at_least: float,
) -> Land:
    """Compute the land of a scenario, without what reads land but moves none."""
    document = Document(data, {}, str(run.folder))
    written = validate(Scenario, document)
    if written.viewpoint not in written.viewpoints:
        # A viewpoint of the other run's own, without its weights.
        known = ", ".join(written.viewpoints)
        told = {"found": written.viewpoint, "expected": known}
        raise RunError(document.fault("unknown_viewpoint", ("viewpoint",), **told))
    rules = rules_of(written, run.catalog)
    scenario = in_its_year(written, rules)
    only = {id: use.model_copy(update={"yard": None}) for id, use in scenario.uses.items()}
    asked = {id: use for id, use in only.items() if id in uses}
    bare = {"uses": asked, "freight": None, "choice": None, "learnt": {}, "mix": False}
    resolved = Resolved(scenario, written, document, (), {}, rules=rules)
    looked = replace(resolved, scenario=scenario.model_copy(update=bare))
    results = compute(looked, run.catalog, layers=layers, store=store)
    states = {use: states_of(results, use).state for use in uses}
    scores = {use: score_of(results, use).value for use in uses}
    allowed = {use: state == State.ALLOWED for use, state in states.items()}
    opened = {use: np.isin(state, _OPEN) for use, state in states.items()}
    good = {use: opened[use] & (scores[use] >= at_least) for use in uses}
    cell_rai = units.rai_from_m2(results.grid.cell_area_m2)
    return Land(allowed, opened, good, states, scores, _figures(resolved, run), cell_rai)


def _figures(resolved: Resolved, run: Run) -> dict[str, float]:
    scenario, found = resolved.scenario, dict[str, float]()
    if scenario.timeline is not None:
        (year,) = path_of(resolved, run.catalog, [scenario.year])
        found["mw"] = year.mw
        for quantity in ("jobs_exposed", "water_freed_mm3"):
            found[quantity] = _central(year.amounts[quantity])
    estate = scenario.estate
    now = None if estate is None else in_year(estate, scenario.year)
    # Without an estate nothing is occupied; without a timeline nobody knows what runs.
    found["occupied_rai"] = 0.0 if now is None else now.occupied_rai.central
    found |= {f"estate_{need}": 0.0 if now is None else now.needs[need].central for need in NEEDS}
    return found


def _central(amount: Amount | None) -> float:
    return 0.0 if amount is None else amount.central


def moved_between(before: Land, after: Land) -> Moved:
    """Measure what is another after than before."""
    rai = before.cell_rai
    uses = list(before.open)
    changed = {use: _changed(before, after, use) for use in uses}
    return Moved(
        {use: rai * (int(after.allowed[use].sum()) - int(before.allowed[use].sum()))
         for use in uses},
        {use: rai * int((after.open[use] & ~before.open[use]).sum()) for use in uses},
        {use: rai * int((before.open[use] & ~after.open[use]).sum()) for use in uses},
        {use: rai * (int(after.good[use].sum()) - int(before.good[use].sum())) for use in uses},
        changed,
        {use: rai * int(cells.sum()) for use, cells in changed.items()},
        {name: after.figures.get(name, math.nan) - before.figures.get(name, math.nan)
         for name in dict.fromkeys([*before.figures, *after.figures])},
    )  # fmt: skip


def _changed(before: Land, after: Land, use: str) -> BoolArray:
    one, other = before.score[use], after.score[use]
    same = (one == other) | (np.isnan(one) & np.isnan(other))
    states = before.state[use], after.state[use]
    # Land that stays removed has a score nobody sees.
    there = (states[0] != State.REMOVED) & (states[1] != State.REMOVED)
    return np.asarray((states[0] != states[1]) | (there & ~same))
