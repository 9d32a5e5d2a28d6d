"""
How much land of the study area each limit is known on and each criterion is scored on.

That a layer exists says little: what counts is the land on which it settles something. So cells are
counted while a run passes strip by strip, and only counts leave a strip.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.cells.distance import cells_inside
from maemoh_gis.core.messages import LANGUAGES, Language
from maemoh_gis.engine.stages import Stage, StageContext
from maemoh_gis.suitability.limit_doubt import doubt_tallies
from maemoh_gis.suitability.limits import State

if TYPE_CHECKING:
    from maemoh_gis.core.types import BoolArray, IntArray
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.layers.load import Layers
    from maemoh_gis.scenario.settings.criterion import Criterion
    from maemoh_gis.scenario.settings.limit import Limit
    from maemoh_gis.scenario.settings.parts import Selection
    from maemoh_gis.scenario.settings.scenario import Scenario
    from maemoh_gis.suitability.limits import LimitCells

Text = dict[Language, str]

_PREFIX = "tallied:"
_LIMITS = f"{_PREFIX}limits"
_MEMBERS = f"{_PREFIX}members:"
_READ_AT_THE_CELL = ("value_of", "class_of")
"""Kinds of measure whose value is of one member of a stack, whatever lies around."""
_ZONES = "zones"


@dataclass(frozen=True)
class Coverage:
    """On how many cells it is known whether a limit holds."""

    known: int
    """Cells of the study area on which it is known."""
    cells: int
    """Cells of the study area."""
    by_zone: tuple[tuple[int, int], ...]
    """Known cells and all cells of each polygon of the study area, in file order."""
    zones: tuple[Text, ...]
    """Names of these polygons; empty where they have none."""
    open_land: Mapping[str, tuple[int, int]]
    """Known cells and all cells of the land that stays open, by use the limit applies to."""

    @property
    def share(self) -> float:
        """Share of the study area."""
        return self.known / self.cells if self.cells else 0.0

    def whole_zones(self) -> list[Text]:
        """Name the polygons of the study area on all of which it is known."""
        return [
            name
            for name, (known, cells) in zip(self.zones, self.by_zone, strict=True)
            if 0 < cells == known and all(name.values())
        ]


@dataclass(frozen=True)
class ScoredLand:
    """On how many cells the criteria of a use are scored."""

    open_cells: int
    """Cells that are allowed or conditional."""
    on_open: Mapping[str, int]
    """Those on which each criterion is scored, in the order of the use."""
    on_study: Mapping[str, int]
    """Cells of the study area on which it is scored."""
    by_member: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Open cells on which a criterion is scored by the member of the stack they are read from, in
    the order of `Catalog.read_from`; only criteria that read one stack of rasters at the cell."""

    def share(self, criterion: str) -> float:
        """Give the share of the open land on which a criterion is scored; 0 if no land is open."""
        return self.on_open[criterion] / self.open_cells if self.open_cells else 0.0


@dataclass
class KnownLand:
    """Gathers the counts of a run; filled while it passes strip by strip."""

    scenario: Scenario
    counts: dict[str, IntArray] = field(default_factory=dict)
    """Sums by stage."""
    zones: tuple[Text, ...] = ()
    """Names of the polygons of the study area, in file order."""

    def wanted(self, stage: str) -> bool:
        """Say whether a stage must be shown strip by strip."""
        return stage.startswith(_PREFIX)

    def add(self, results: Mapping[str, Any]) -> None:
        """Count a strip."""
        for stage, counted in results.items():
            if stage.startswith(_PREFIX):
                self.counts[stage] = self.counts.get(stage, np.zeros_like(counted)) + counted

    def coverage(self) -> dict[str, Coverage]:
        """Say on how much land it is known whether each limit holds."""
        counts = self.counts[_LIMITS]
        cells, zones = int(counts[0].sum()), counts[0, 1:].tolist()
        tested = list(_tested(self.scenario))
        found = {}
        for id in in_force(self.scenario):
            row = counts[1 + tested.index(id)] if id in tested else np.zeros_like(counts[0])
            by_zone = tuple(zip(row[1:].tolist(), zones, strict=True))
            names = self.zones or tuple({"th": "", "en": ""} for _ in zones)
            found[id] = Coverage(int(row.sum()), cells, by_zone, names, self._open_land(id))
        return found

    def _open_land(self, limit: str) -> dict[str, tuple[int, int]]:
        """Count open land by use; nothing where the uses were not looked at."""
        found = {}
        for use in self.scenario.uses:
            counts, declared = self.counts.get(f"{_PREFIX}{use}"), self.scenario.limits_of(use)
            if counts is not None and limit in declared:
                tested = [id for id, one in declared.items() if one.test]
                first = 1 + len(self.scenario.uses[use].criteria)
                known = int(counts[first + tested.index(limit), 0]) if limit in tested else 0
                found[use] = (known, int(counts[0, 0]))
        return found

    def scored(self, use: str) -> ScoredLand:
        """Say on how much land the criteria of a use are scored."""
        counts = self.counts[f"{_PREFIX}{use}"]
        rows = dict(zip(self.scenario.uses[use].criteria, counts[1:].tolist(), strict=False))
        return ScoredLand(
            int(counts[0, 0]),
            {id: on_open for id, (on_open, _) in rows.items()},
            {id: on_study for id, (_, on_study) in rows.items()},
            self._by_member(use),
        )

    def _by_member(self, use: str) -> dict[str, tuple[int, ...]]:
        rows = self.counts.get(f"{_MEMBERS}{use}")
        if rows is None:
            return {}
        criteria = self.scenario.uses[use].criteria
        return {id: tuple(row.tolist()) for id, row in zip(criteria, rows, strict=True) if any(row)}


def zone_names(scenario: Scenario, layers: Layers) -> tuple[Text, ...]:
    """Name the polygons of the study area."""
    frame = layers.features(scenario.area.layer, scenario.grid.crs, scenario.area.where)
    columns = {
        language: [str(name or "") for name in frame[f"name_{language}"]]
        if f"name_{language}" in frame
        else [""] * len(frame)
        for language in LANGUAGES
    }
    return tuple({x: columns[x][k] for x in LANGUAGES} for k in range(len(frame)))


def in_force(scenario: Scenario) -> dict[str, Limit]:
    """Give the limits in force for any use, in the order of the scenario."""
    applied = {id for use in scenario.uses for id in scenario.limits_of(use)}
    return {id: limit for id, limit in scenario.limits.items() if id in applied}


def _tested(scenario: Scenario) -> dict[str, Limit]:
    return {id: limit for id, limit in in_force(scenario).items() if limit.test}


def is_evident(limit: Limit, catalog: Catalog) -> bool:
    """Say whether the layers of a limit can prove anything."""
    parts: list[Selection | Limit] = [limit, *([limit.only_where] if limit.only_where else [])]
    return not any(part.layer and catalog[part.layer].modelled for part in parts)


def settled_on(limit: Limit, cells: LimitCells, catalog: Catalog) -> BoolArray:
    """
    Find the cells on which it is known whether a limit holds.

    Returns
    -------
    bool array (rows, cols)
        Nowhere where a layer it stands on is modelled or assumed.
    """
    return cells.settled if is_evident(limit, catalog) else np.zeros_like(cells.hit)


def with_tallies(scenario: Scenario, catalog: Catalog, stages: Sequence[Stage]) -> list[Stage]:
    """Put behind a table the stages that count known land, and land taken within an error."""
    limits = limit_tallies(scenario, catalog)
    uses = [_use_tally(use, scenario, catalog) for use in scenario.uses]
    members = list(_member_tallies(scenario, catalog))
    return [*stages, *limits, *uses, *members, *doubt_tallies(scenario)]


def limit_tallies(scenario: Scenario, catalog: Catalog) -> list[Stage]:
    """Give the stages that count on how much land limits are known."""
    return [_zones_stage(scenario), _limits_tally(scenario, catalog)]


def _zones_stage(scenario: Scenario) -> Stage:
    area = scenario.area

    def run(context: StageContext, _: Mapping[str, Any]) -> IntArray:
        shapes = context.layers.shapes(area.layer, context.grid.crs, area.where)
        zone = np.zeros(context.grid.shape, dtype=np.int32)
        for number, shape in enumerate(shapes, start=1):
            zone[cells_inside(np.array([shape], dtype=object), context.grid)] = number
        return zone

    return Stage(_ZONES, run, "local", layers=(area.layer,), params={"where": dict(area.where)})


def _limits_tally(scenario: Scenario, catalog: Catalog) -> Stage:
    tested, area = _tested(scenario), scenario.area

    def run(context: StageContext, inputs: Mapping[str, Any]) -> IntArray:
        study = inputs["study"]
        zones = 1 + len(context.layers.shapes(area.layer, context.grid.crs, area.where))
        zone = inputs[_ZONES][study]
        rows = [np.bincount(zone, minlength=zones)]
        for id, limit in tested.items():
            known = settled_on(limit, inputs[f"limit:{id}"], catalog)[study]
            rows.append(np.bincount(zone[known], minlength=zones))
        return np.array(rows, dtype=np.int64)

    inputs = ("study", _ZONES, *(f"limit:{id}" for id in tested))
    evident = {id: is_evident(limit, catalog) for id, limit in tested.items()}
    return Stage(_LIMITS, run, "local", inputs, layers=(area.layer,), params={"evident": evident})


def _use_tally(use: str, scenario: Scenario, catalog: Catalog) -> Stage:
    """Count criteria that are scored and limits that are known, on open land and on all."""
    criteria = scenario.uses[use].criteria
    scored = {id: f"criterion:{use}.{id}" for id, one in criteria.items() if one.measure}
    tested = {id: limit for id, limit in scenario.limits_of(use).items() if limit.test}

    def run(_: StageContext, inputs: Mapping[str, Any]) -> IntArray:
        study, state = inputs["study"], inputs[f"state:{use}"].state
        opened = ((state == State.ALLOWED) | (state == State.CONDITIONAL)) & study
        nowhere = np.zeros_like(study)
        found = [study]
        found += [
            ~np.isnan(inputs[scored[id]].value) & study if id in scored else nowhere
            for id in criteria
        ]
        found += [
            settled_on(one, inputs[f"limit:{id}"], catalog) & study for id, one in tested.items()
        ]
        return np.array([[int((one & opened).sum()), int(one.sum())] for one in found])

    evident = {id: is_evident(limit, catalog) for id, limit in tested.items()}
    inputs = ("study", f"state:{use}", *scored.values(), *(f"limit:{id}" for id in tested))
    return Stage(f"{_PREFIX}{use}", run, "local", inputs,
                 params={"criteria": list(criteria), "evident": evident})  # fmt: skip


def _member_tallies(scenario: Scenario, catalog: Catalog) -> Iterator[Stage]:
    """Count scored land by the member of a stack it is read from; nothing where none is read."""
    stacks = {use: _stacks_read(scenario.uses[use].criteria, catalog) for use in scenario.uses}
    for layer in dict.fromkeys(one for found in stacks.values() for one in found.values()):
        yield _members_stage(layer)
    for use, found in stacks.items():
        if found:
            yield _members_tally(use, scenario, catalog, found)


def _stacks_read(criteria: Mapping[str, Criterion], catalog: Catalog) -> dict[str, str]:
    """Name the stack of several rasters a criterion is read from at the cell, by criterion."""
    return {
        id: one.measure.layer
        for id, one in criteria.items()
        if one.measure is not None
        and one.measure.kind in _READ_AT_THE_CELL
        and len(catalog.read_from(one.measure.layer)) > 1
    }


def _members_stage(layer: str) -> Stage:
    def run(context: StageContext, _: Mapping[str, Any]) -> IntArray:
        return context.layers.members(layer, context.grid)

    return Stage(f"members:{layer}", run, "local", layers=(layer,))


def _members_tally(
    use: str, scenario: Scenario, catalog: Catalog, stacks: Mapping[str, str]
) -> Stage:
    criteria = list(scenario.uses[use].criteria)
    most = max(len(catalog.read_from(layer)) for layer in stacks.values())

    def run(_: StageContext, inputs: Mapping[str, Any]) -> IntArray:
        state = inputs[f"state:{use}"].state
        opened = ((state == State.ALLOWED) | (state == State.CONDITIONAL)) & inputs["study"]
        counts = np.zeros((len(criteria), most), dtype=np.int64)
        for id, layer in stacks.items():
            scored = opened & ~np.isnan(inputs[f"criterion:{use}.{id}"].value)
            # A cell that no member has is not scored; its place would be -1.
            members = inputs[f"members:{layer}"][scored]
            counts[criteria.index(id)] = np.bincount(members, minlength=most)
        return counts

    read = dict.fromkeys(f"members:{layer}" for layer in stacks.values())
    inputs = ("study", f"state:{use}", *read, *(f"criterion:{use}.{id}" for id in stacks))
    return Stage(f"{_MEMBERS}{use}", run, "local", inputs,
                 params={"criteria": criteria, "stacks": dict(stacks)})  # fmt: skip
