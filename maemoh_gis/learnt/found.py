"""What is learnt of a use, or why nothing is, as plain data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from maemoh_gis.core.types import FloatArray, IntArray
from maemoh_gis.learnt.curves import FORMS, Model
from maemoh_gis.learnt.dependence import Dependence, dependence
from maemoh_gis.learnt.fitting import designs_of, fit_chosen
from maemoh_gis.learnt.held_out import FormTried, HeldOut, forms_tried, held_out, ranks_elsewhere
from maemoh_gis.learnt.sample import Sample

Verdict = Literal["told", "too_few_places", "too_few_blocks", "chance"]
"""Whether likeness is told, or what keeps it from being told."""


@dataclass(frozen=True)
class Asked:
    """How much there must be to learn from, and how it is tested."""

    least_places: int
    least_blocks: int
    folds: int
    seed: int


@dataclass(frozen=True)
class Tested:
    """A model and all that is known of how good it is."""

    model: Model
    held: HeldOut
    forms: tuple[FormTried, ...]
    elsewhere: tuple[float, ...]
    """Mean rank found with places put elsewhere, each time."""
    dependence: tuple[Dependence, ...]
    likeness: FloatArray
    """Of the cells that stand for all land, float64 (cells,)."""

    @property
    def as_good(self) -> int:
        """Count how often places put elsewhere were found as well."""
        return sum(one >= self.held.mean for one in self.elsewhere)


@dataclass(frozen=True)
class Learnt:
    """What was learnt of where a use stands."""

    verdict: Verdict
    places: int
    """Places that were learnt from, or would have been."""
    blocks: int
    """Blocks that hold them."""
    outside: int
    """Places off the study area."""
    unknown: int
    """Places on which a measure is not known."""
    land: IntArray
    """Cells that stand for all land, int64 (cells,), read row by row."""
    tested: Tested | None = None
    """None where there was too little to learn from."""

    @property
    def model(self) -> Model | None:
        """Give the model; None where likeness is not told."""
        return self.tested.model if self.tested and self.verdict == "told" else None


def verdict_before(sample: Sample, asked: Asked) -> Verdict:
    """Say whether there is enough to learn from."""
    if len(sample.places) < asked.least_places:
        return "too_few_places"
    return "too_few_blocks" if len(sample.blocks) < asked.least_blocks else "told"


def tested_on(sample: Sample, elsewhere: Iterable[Sample], asked: Asked) -> Tested:
    """Learn from a sample, and test the whole way of learning on it and on others put elsewhere."""
    held = held_out(sample, asked.folds, (asked.seed,))
    model = fit_chosen(designs_of(sample, FORMS), np.arange(len(sample.place)), asked.folds)
    return Tested(
        model,
        held,
        forms_tried(sample, asked.folds, held),
        ranks_elsewhere(elsewhere, asked.folds),
        tuple(dependence(model, sample)),
        model.likeness(sample.values[sample.is_land]),
    )
