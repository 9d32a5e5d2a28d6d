"""
What a map page can say of every cell of the study area, and how little room that takes.

Scores are kept in steps of 1/1,022. A score that follows from its measure alone, as most do where a
layer is complete, needs no plane of its own: a table from measure to score says the same in less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.cache.derived import cached, later
from maemoh_gis.core.messages import Text
from maemoh_gis.pages.cell_planes import pack_mask, pack_plane
from maemoh_gis.pages.content import (
    CellCriterion,
    CellFacts,
    CellGround,
    CellLimit,
    CellNumber,
    CellUse,
    CellViewpoint,
)
from maemoh_gis.presentation.words import unit_words
from maemoh_gis.suitability.cell_parts import (
    FINE,
    NOT_SCORED,
    STEPS,
    CellParts,
    measures_of,
    scores_of,
    study_of,
)
from maemoh_gis.suitability.grounds import ground_words, grounds_of, members_over
from maemoh_gis.suitability.known_land import KnownLand
from maemoh_gis.suitability.limit_status import limit_statuses

if TYPE_CHECKING:
    from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
    from maemoh_gis.engine.results import Results
    from maemoh_gis.scenario.settings.criterion import Criterion
    from maemoh_gis.scenario.settings.limit import Limit
    from maemoh_gis.scenario.settings.scenario import Scenario
    from maemoh_gis.suitability.cell_parts import PackedScores, PackedValues, Span
    from maemoh_gis.suitability.limit_status import LimitStatus

SCORE_STEPS = 1_022
"""With the codes of cells without a score a little more than ten bits."""
GREATEST_ERROR = 0.5 / SCORE_STEPS + 0.5 / FINE
"""How far any score of the page may be from the run's."""

# A little less than `GREATEST_ERROR`, because scores are gathered in fine steps.
_TABLE_ERROR = 0.00045


def cell_facts(results: Results, site_cells: Callable[[str], list[list[int]]]) -> CellFacts:
    """Gather what a page can say of every cell, with the cells of each site of a use."""
    packer = _Packer(results)
    uses = {use: _use(use, results, packer, site_cells) for use in results.resolved.scenario.uses}
    rows, cols = packer.study.shape
    scenario, step = results.resolved.scenario, results.gathered_as(CellParts).sample.step
    return CellFacts(
        scenario.id, scenario.viewpoint, step, rows, cols, pack_mask(packer.study), packer.planes,
        GREATEST_ERROR, uses, _viewpoints(scenario, list(uses)), _grounds(results, packer),
    )  # fmt: skip


@dataclass(frozen=True)
class _Packed:
    """A number at every cell, with its plane itself."""

    number: CellNumber
    plane: str | None = None
    """None where the number needs none, or has that of its measure."""
    of_measure: bool = False


class _Packer:
    """Packs each raster once, however many uses and scenarios ask for it."""

    def __init__(self, results: Results) -> None:
        self.parts = results.gathered_as(CellParts)
        self.planes: list[str] = []
        self._store = results.store
        self._inside = later(study_of, self.parts.packed("study"))
        self.study: BoolArray = self._inside.value
        self._places: dict[str, int] = {}
        self._spans = self.parts.spans(results.stages)
        self._measures: dict[str, _Packed] = {}

    def plane(self, codes: IntArray) -> int:
        """Pack a plane, unless the same one is there."""
        return self._place_of(cached(self._store, pack_plane, codes, self._inside))

    def members(self, id: str, results: Results) -> IntArray:
        """Give the member of a stack that cells are read from, from 1; 0 from none."""
        members = members_over(results.layers, id, results.grid)
        kept: IntArray = self.parts.sample.of(members, results.grid)[self.study]
        return kept.astype(np.int64) + 1

    def measure(self, source: str) -> CellNumber:
        """Give what a stage measures."""
        return self._placed(self._measure(source), None)

    def scores(self, stage: str, source: str | None) -> list[CellNumber | None]:
        """Give value, low and high of a stage; a table of what it measures where that says all."""
        measured, given = None, list[object]()
        if source is not None:
            self.measure(source)
            measured = self._measure(source)
            given = [self.parts.packed(source), self._spans[source]]
        found = cached(self._store, _scores, self._inside, self.parts.packed(stage), *given)
        return [None if one is None else self._placed(one, measured) for one in found]

    def _placed(self, packed: _Packed, measured: _Packed | None) -> CellNumber:
        plane = measured.plane if measured is not None and packed.of_measure else packed.plane
        if plane is None:
            return packed.number
        return replace(packed.number, plane=self._place_of(plane))

    def _place_of(self, packed: str) -> int:
        if packed not in self._places:
            self._places[packed] = len(self.planes)
            self.planes.append(packed)
        return self._places[packed]

    def _measure(self, source: str) -> _Packed:
        if source not in self._measures:
            self._measures[source] = cached(
                self._store, _measured, self._inside, self.parts.packed(source), self._spans[source]
            )
        return self._measures[source]


def _measured(study: BoolArray, parts: Sequence[PackedValues], span: Span) -> _Packed:
    values, codes = measures_of(parts, span)
    number = (
        CellNumber(first=span.first, step=span.step, last=STEPS)
        if values is None
        else CellNumber(table=_plain(values, 4))
    )
    return _Packed(number, pack_plane(codes, study))


def _scores(
    study: BoolArray, parts: Sequence[PackedScores],
    measured: Sequence[PackedValues] | None = None, span: Span | None = None,
) -> list[_Packed | None]:  # fmt: skip
    packed: list[_Packed | None] = []
    codes = None if measured is None or span is None else measures_of(measured, span)[1]
    value: IntArray | None = None
    for name, fine in scores_of(parts):
        value = fine if name == "value" else value
        # The page takes a bound that is not given from the score itself.
        given = fine is not None and (name == "value" or not _follows(fine, value, name))
        packed.append(_score(fine, codes, study) if fine is not None and given else None)
    return packed


def _score(fine: IntArray, measured: IntArray | None, study: BoolArray) -> _Packed:
    if (fine == fine[0]).all():
        return _Packed(CellNumber(_score_of(int(fine[0]))))
    if measured is not None:
        table = _table(measured, fine)
        if table is not None:
            return _Packed(CellNumber(table=table), of_measure=True)
    codes = np.rint(fine * (SCORE_STEPS / FINE)).astype(np.uint16)
    codes[fine == NOT_SCORED] = SCORE_STEPS + 3
    return _Packed(CellNumber(step=1 / SCORE_STEPS, last=SCORE_STEPS), pack_plane(codes, study))


def _follows(bound: IntArray, value: IntArray | None, name: str) -> bool:
    """Say whether a bound is the score itself, and its worst or best where there is none."""
    if value is None:
        return False
    otherwise = 0 if name == "low" else FINE
    return np.array_equal(bound, np.where(value == NOT_SCORED, otherwise, value))


def _table(codes: IntArray, fine: IntArray) -> list[float | None] | None:
    """Give the score of each code of a measure; None where one code stands for several scores."""
    size = int(codes.max()) + 1
    least = np.full(size, NOT_SCORED, dtype=np.uint16)
    greatest = np.zeros(size, dtype=np.uint16)
    np.minimum.at(least, codes, fine)
    np.maximum.at(greatest, codes, fine)
    apart = greatest.astype(np.int32) - least
    if (apart > 2 * _TABLE_ERROR * FINE).any():
        return None
    # A code that no cell has stands for nothing.
    unknown = (least == NOT_SCORED) | (apart < 0)
    middle = (greatest.astype(np.float64) + least) / (2 * FINE)
    return _plain(np.where(unknown, np.nan, middle), 5)


def _use(
    use: str, results: Results, packer: _Packer, site_cells: Callable[[str], list[list[int]]]
) -> CellUse:
    scenario = results.resolved.scenario
    sources = {stage.id: stage.inputs[0] for stage in results.stages if stage.inputs}
    weights = scenario.weights(use)
    criteria = []
    for id, criterion in scenario.uses[use].criteria.items():
        stage = f"criterion:{use}.{id}"
        measure, value, low, high = CellNumber(), CellNumber(), None, None
        unit = criterion.value.unit if criterion.value else None
        if stage in sources:
            found = packer.scores(stage, sources[stage])
            value, low, high = found[0] or CellNumber(), found[1], found[2]
            measure = packer.measure(sources[stage])
        named = None if unit is None else unit_words(unit)
        title = criterion.title.both()
        classes = _classes(results, criterion)
        criteria.append(
            CellCriterion(id, title, weights[id], named, measure, value, low, high, classes)
        )
    score = None
    if not results.gathered_as(CellParts).is_mean(use):
        score = [number or CellNumber() for number in packer.scores(f"score:{use}", None)]
    statuses = limit_statuses(scenario, results.gathered_as(KnownLand).coverage(), use)
    kinds, codes = packer.parts.states(use)
    limits, conditions = _limits(statuses, scenario, use)
    tested = [s for s in statuses if s.limit.test]
    in_part = [s for s in tested if s.status == "partly"]
    place = {tested.index(s): k for k, s in enumerate(in_part)}
    return CellUse(
        criteria,
        score,
        state=CellNumber(plane=packer.plane(codes), last=len(kinds)),
        states=[
            (
                state,
                _bits(removed),
                [conditions + k for k in _bits(conditional)],
                [place[k] for k in _bits(unsure) if k in place],
            )
            for state, removed, conditional, unsure in kinds
        ],
        limits=limits,
        not_checked=[_named(s.limit) for s in statuses if s.status == "not_checked"],
        known_in_part=[_named(s.limit) for s in in_part],
        sites=site_cells(use) if results.gathered_as(CellParts).sample.step == 1 else [],
    )


def _grounds(results: Results, packer: _Packer) -> list[CellGround]:
    """Say from which layer the rasters of the scenario and its people are read, cell by cell."""
    catalog, found = results.catalog, []
    for id in grounds_of(results.resolved.scenario, catalog):
        member, words = CellNumber(0), ground_words(catalog, id)
        if id in catalog.stacks and catalog.stacks[id].kind == "raster" and len(words) > 1:
            places: list[float | None] = [None, *range(len(words))]
            member = CellNumber(plane=packer.plane(packer.members(id, results)), table=places)
        found.append(CellGround(words, member))
    return found


def _classes(results: Results, criterion: Criterion) -> dict[int, Text]:
    """Name the classes a criterion is read from; nothing where it is read from something else."""
    if criterion.measure is None or criterion.measure.kind != "class_of":
        return {}
    layer = results.catalog[criterion.measure.layer]
    return {int(code): named.both() for code, named in layer.classes.items()}


def _viewpoints(scenario: Scenario, uses: Sequence[str]) -> list[CellViewpoint]:
    """Give the weights of every viewpoint of the scenario, in the order of the criteria."""
    return [
        CellViewpoint(id, viewpoint.title.both(), {
            use: _in_order(viewpoint.weights[use].resolved(), scenario.uses[use].criteria)
            for use in uses if use in viewpoint.weights
        })
        for id, viewpoint in scenario.viewpoints.items()
    ]  # fmt: skip


def _in_order(weights: Mapping[str, float], criteria: Iterable[str]) -> list[float]:
    return [weights[id] for id in criteria]


def _limits(
    statuses: Sequence[LimitStatus], scenario: Scenario, use: str
) -> tuple[list[CellLimit], int]:
    """Name what removes land, then what asks for a permit, in the order of bits; count the former.

    Decisions that leave land conditional come last.
    """
    tested = [s.limit for s in statuses if s.limit.test]
    removing = [_named(limit) for limit in tested if limit.outcome == "removed"]
    asking = [_named(limit) for limit in tested if limit.outcome == "conditional"]
    decided = [
        CellLimit(i.title.both(), i.reason.both()) for i in scenario.conditions_of(use).values()
    ]
    return [*removing, *asking, *decided], len(removing)


def _named(limit: Limit) -> CellLimit:
    return CellLimit(limit.title.both(), limit.basis.both())


def _bits(number: int) -> list[int]:
    return [k for k in range(64) if number >> k & 1]


def _score_of(fine: int) -> float | None:
    return None if fine == NOT_SCORED else round(fine / FINE, 5)


def _plain(values: FloatArray, decimals: int) -> list[float | None]:
    return [None if np.isnan(v) else round(float(v), decimals) for v in values]
