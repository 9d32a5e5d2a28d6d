"""
What each criterion and limit says of every cell, kept small while a run passes strip by strip.

A page explains any cell of the study area, but criteria are never whole in memory. So each stage
whose result a page needs is followed by one that rounds it and deflates it for its strip; only that
is gathered. It is put together when the page is written, one raster at a time.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.cells.numbering import numbered
from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
from maemoh_gis.engine.stages import Stage, StageContext
from maemoh_gis.suitability.known_land import is_evident, settled_on

if TYPE_CHECKING:
    from maemoh_gis.core.grid import Grid
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.scenario.settings.limit import Limit
    from maemoh_gis.scenario.settings.scenario import Scenario

MOST_CELLS = 4_000_000
"""Cells of a grid, inside the study area or not, that a page can explain one by one."""
FINE = 65_534
"""Scores are gathered in steps of 1/65,534."""
NOT_SCORED = 65_535
"""Code of a cell without a score."""
MOST_VALUES = 2_048
"""Different values of a measure up to which each is kept as it is."""
STEPS = 4_092
"""Steps of a measure that takes more values than that."""

_QUICKLY = 1
_GLANCE = 10_000
_PREFIX = "packed:"


@dataclass(frozen=True)
class Span:
    """The measures over which the scores of a source change."""

    first: float
    last: float

    @property
    def step(self) -> float:
        """Measure of one step."""
        return (self.last - self.first) / STEPS


@dataclass(frozen=True)
class Sample:
    """Which cells are kept: every one, or the middle one of each square of `step` by `step`."""

    step: int

    def of(self, raster: Any, grid: Grid) -> Any:
        """
        Take every `step`-th row and column of a raster on the run's grid or a strip of it.

        They are counted from the origin of the CRS.
        """
        at = self.step // 2
        row, col = (at - grid.row0) % self.step, (at - grid.col0) % self.step
        return raster[row :: self.step, col :: self.step]


@dataclass(frozen=True)
class PackedValues:
    """A measure in one strip: codes of the study area's cells, deflated."""

    values: FloatArray | None
    """Value of each code, rising, NaN last; None where codes are steps of the span."""
    codes: bytes


@dataclass(frozen=True)
class PackedScores:
    """Value, least and greatest score in one strip, each deflated; None as in `CriterionScore`."""

    value: bytes | None
    low: bytes | None
    high: bytes | None


@dataclass(frozen=True)
class PackedStates:
    """
    States in one strip: deflated codes into a list of kinds.

    A kind is state, bits of the limits that remove and of those that ask for a permit, and bits of
    the limits of which it is not known whether they hold, in the order in which they are tested.
    """

    kinds: tuple[tuple[int, int, int, int], ...]
    codes: bytes


@dataclass
class CellParts:
    """Gathers what pages explain; the packed strips of every stage by its id."""

    scenario: Scenario
    grid: Grid
    strips: dict[str, dict[int, Any]] = field(default_factory=dict)
    """By stage, then by first row of the strip."""

    @property
    def sample(self) -> Sample:
        """Which cells are kept; every one where the grid is small enough."""
        cells = self.grid.rows * self.grid.cols
        return Sample(max(math.ceil(math.sqrt(cells / MOST_CELLS)), 1))

    def with_packing(self, stages: Sequence[Stage], catalog: Catalog) -> list[Stage]:
        """Put behind each stage that pages explain one that packs its result."""
        spans = self.spans(stages)
        table = []
        for stage in stages:
            table.append(stage)
            kind, _, rest = stage.id.partition(":")
            if stage.id in spans:
                table.append(_measure_packing(stage.id, spans[stage.id], self.sample))
            elif kind == "criterion" or (kind == "score" and not self.is_mean(rest)):
                table.append(_score_packing(stage.id, self.sample))
            elif kind == "state":
                limits = self.scenario.limits_of(rest)
                tested = {id: limit for id, limit in limits.items() if limit.test}
                table.append(_state_packing(stage.id, self.sample, tested, catalog))
        return table

    def is_mean(self, use: str) -> bool:
        """Say whether the score of a use is the weighted mean of its criteria."""
        return self.scenario.uses[use].combine.method == "weighted_sum"

    def wanted(self, stage: str) -> bool:
        """Say whether a stage must be shown strip by strip."""
        return stage == "study" or stage.startswith(_PREFIX)

    def add(self, strip: Grid, results: Mapping[str, Any]) -> None:
        """Keep the packed results of a strip."""
        for id, result in results.items():
            if id == "study":
                kept = self.sample.of(result, strip)
                self.strips.setdefault(id, {})[strip.row0] = kept
            elif id.startswith(_PREFIX):
                self.strips.setdefault(id.removeprefix(_PREFIX), {})[strip.row0] = result

    def spans(self, stages: Sequence[Stage]) -> dict[str, Span]:
        """Find for each stage that measures the span over which any criterion's score changes."""
        sources = {stage.id: stage.inputs[0] for stage in stages if stage.inputs}
        spans: dict[str, Span] = {}
        for use, definition in self.scenario.uses.items():
            for id, criterion in definition.criteria.items():
                value = criterion.value
                if value is None:
                    continue
                first, last = 0.0, 255.0
                if value.classes is None:
                    first = min(0.0, value.points[0][0]) if value.points else 0.0
                    last = max(value.shape().last, first + 1.0)
                source = sources[f"criterion:{use}.{id}"]
                was = spans.get(source, Span(first, last))
                spans[source] = Span(min(first, was.first), max(last, was.last))
        return spans

    def packed(self, stage: str) -> list[Any]:
        """Give what was packed of a stage, strip by strip from the first row on."""
        return [part for _, part in sorted(self.strips[stage].items())]

    def states(self, use: str) -> tuple[list[tuple[int, int, int, int]], IntArray]:
        """Give the kinds of state of a use, in order, and the number of each cell's (cells,)."""
        parts = self.packed(f"state:{use}")
        kinds = sorted({kind for part in parts for kind in part.kinds})
        number = {kind: k for k, kind in enumerate(kinds)}
        codes = [
            np.array([number[kind] for kind in part.kinds], dtype=np.uint16)[_unpack(part.codes)]
            for part in parts
            if part.kinds
        ]
        return kinds, np.concatenate(codes)


def _measure_packing(source: str, span: Span, sample: Sample) -> Stage:
    def run(context: StageContext, inputs: Mapping[str, Any]) -> PackedValues:
        study = sample.of(inputs["study"], context.grid)
        measured = sample.of(inputs[source], context.grid)[study].astype(np.float64)
        measured[~np.isfinite(measured)] = np.nan
        # Most distances take too many values, which a part of the cells shows without sorting all.
        if len(np.unique(measured[:: max(len(measured) // _GLANCE, 1)])) <= MOST_VALUES:
            values, codes = np.unique(measured, return_inverse=True)
            if len(values) <= MOST_VALUES:
                return PackedValues(values, _pack(codes))
        return PackedValues(None, _pack(_steps(measured, span)))

    params = {"span": [span.first, span.last], "sample": sample.step}
    return Stage(f"{_PREFIX}{source}", run, "local", (source, "study"), params=params)


def _score_packing(stage: str, sample: Sample) -> Stage:
    def run(context: StageContext, inputs: Mapping[str, Any]) -> PackedScores:
        study, score = sample.of(inputs["study"], context.grid), inputs[stage]

        def packed(part: FloatArray | None, otherwise: float) -> bytes | None:
            if part is None:
                return None
            here = sample.of(part, context.grid)[study].astype(np.float64)
            here[np.isnan(here)] = otherwise
            fine = np.rint(here * FINE)
            fine[np.isnan(fine)] = NOT_SCORED
            return _pack(fine)

        # A bound that is missing counts as the worst or the best, as combining counts it.
        return PackedScores(
            packed(score.value, np.nan), packed(score.low, 0.0), packed(score.high, 1.0)
        )

    params = {"sample": sample.step}
    return Stage(f"{_PREFIX}{stage}", run, "local", (stage, "study"), params=params)


def _state_packing(
    stage: str, sample: Sample, tested: Mapping[str, Limit], catalog: Catalog
) -> Stage:
    def run(context: StageContext, inputs: Mapping[str, Any]) -> PackedStates:
        study, states = sample.of(inputs["study"], context.grid), inputs[stage]
        code: IntArray = np.zeros(int(study.sum()), dtype=np.int64)
        unsure = np.zeros(code.shape, dtype=np.uint64)
        for k, (id, limit) in enumerate(tested.items()):
            known = sample.of(settled_on(limit, inputs[f"limit:{id}"], catalog), context.grid)[
                study
            ]
            unsure |= (~known).astype(np.uint64) << np.uint64(k)
        parts = [sample.of(part, context.grid)[study] for part in
                 (states.state, states.removed_by, states.conditional_by)]  # fmt: skip
        parts.append(unsure)
        for part in parts:
            values, which = numbered(part)
            # Renumbered each time, so that the product never grows past what a number holds.
            _, code = numbered(code * max(len(values), 1) + which)
        first = np.zeros(code.max(initial=-1) + 1, dtype=np.int64)
        first[code[::-1]] = np.arange(len(code))[::-1]
        columns = [part[first].tolist() for part in parts]
        kinds = tuple((s, r, c, u) for s, r, c, u in zip(*columns, strict=True))
        return PackedStates(kinds, _pack(code))

    evident = {id: is_evident(limit, catalog) for id, limit in tested.items()}
    inputs = (stage, "study", *(f"limit:{id}" for id in tested))
    params = {"sample": sample.step, "evident": evident}
    return Stage(f"{_PREFIX}{stage}", run, "local", inputs, params=params)


def study_of(parts: Sequence[BoolArray]) -> BoolArray:
    """Give the study area's cells that are kept, bool (rows, cols) of the sample."""
    return np.concatenate(parts)


def scores_of(parts: Sequence[PackedScores]) -> Iterator[tuple[str, IntArray | None]]:
    """Give value, low and high of packed scores one by one as fine codes (cells,), or None."""
    for name in ("value", "low", "high"):
        packed = [getattr(part, name) for part in parts]
        yield name, None if packed[0] is None else np.concatenate([_unpack(p) for p in packed])


def measures_of(parts: Sequence[PackedValues], span: Span) -> tuple[FloatArray | None, IntArray]:
    """Give the values a measure takes, NaN last, or None for steps of its span; and codes."""
    known = [part.values for part in parts if part.values is not None]
    values = np.unique(np.concatenate(known)) if len(known) == len(parts) else None
    if values is not None and len(values) <= MOST_VALUES:
        places = (np.searchsorted(values, own) for own in known)
        codes = [at[_unpack(part.codes)] for at, part in zip(places, parts, strict=True)]
        return values, np.concatenate(codes).astype(np.uint16)
    return None, np.concatenate([_as_steps(part, span) for part in parts])


def _steps(measured: FloatArray, span: Span) -> IntArray:
    """Give each measure its step; past the last stand below the span, beyond it, and unknown."""
    with np.errstate(invalid="ignore"):
        steps = np.rint((measured - span.first) / span.step)
        codes = np.where(measured < span.first, STEPS + 1, steps)
        codes = np.where(measured > span.last, STEPS + 2, codes)
    return np.where(np.isnan(measured), STEPS + 3, codes).astype(np.uint16)


def _as_steps(part: PackedValues, span: Span) -> IntArray:
    codes = _unpack(part.codes)
    return codes if part.values is None else _steps(part.values, span)[codes]


def _pack(codes: Any) -> bytes:
    """Deflate the differences of neighbours; quickly, because it is unpacked again soon."""
    steps = np.diff(codes.astype(np.uint16), prepend=np.uint16(0))
    return zlib.compress(steps.tobytes(), _QUICKLY)


def _unpack(packed: bytes) -> IntArray:
    steps = np.frombuffer(zlib.decompress(packed), dtype=np.uint16)
    return np.add.accumulate(steps, dtype=np.uint16)
