"""
The whole way of learning put to the test: on blocks held out, and on places put elsewhere.

Even the form of the curves is chosen without the blocks that are held out, so what is told of them
is told of the way of choosing too (Roberts et al. 2017, Ecography 40).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from maemoh_gis.core.types import FloatArray
from maemoh_gis.learnt.curves import DECIMALS, Model
from maemoh_gis.learnt.fitting import Design, designs_of, fit_chosen, folds_of, gains
from maemoh_gis.learnt.sample import Measured, Sample
from maemoh_gis.learnt.skill import cell_ranks, mean_by_place, place_ranks

BANDS = (0.5, 0.75, 0.9, 1.0)
"""Upper ends of bands of land, from the least alike; the last is the best tenth."""
BEST = {"tenth": 0.9, "quarter": 0.75}
_SHUFFLES = 5


@dataclass(frozen=True)
class Block:
    """What was found in a block while it was held out."""

    number: int
    places: int
    rank: float
    """Mean rank of its places among the land held out with it."""


@dataclass(frozen=True)
class Band:
    """A band of land by likeness, with the places the model and the facts put there."""

    upto: float
    """Upper end of its ranks."""
    land: float
    """Share of all land it is."""
    foretold: float
    """Share of places by the model."""
    found: float
    """Share of the places that were held out."""


@dataclass(frozen=True)
class FormTried:
    """What a form gained on blocks held out, and how often it was chosen."""

    id: str
    mean: float
    """Mean over folds; see `gain`."""
    spread: float
    """Standard deviation over folds."""
    chosen: int


@dataclass(frozen=True)
class Importance:
    """How much is lost on land held out when a measure is shuffled."""

    measure: Measured
    mean: float
    """Loss of mean rank."""
    spread: float
    """Standard deviation over folds."""


@dataclass(frozen=True)
class HeldOut:
    """What places held out say of the way of learning."""

    ranks: FloatArray
    """Rank of each place, in the order of their numbers, (places,)."""
    blocks: tuple[Block, ...]
    bands: tuple[Band, ...]
    importance: tuple[Importance, ...]
    forms: tuple[str, ...]
    """Form chosen without each fold."""

    @property
    def mean(self) -> float:
        """Give the mean rank: the area under the ROC curve."""
        return float(np.round(self.ranks.mean(), DECIMALS))

    def within(self, rank: float) -> float:
        """Give the share of places on land of this rank and better."""
        return float((self.ranks >= rank).mean())


@dataclass(frozen=True)
class _Fold:
    model: Model
    part: Sample
    likeness: FloatArray


def held_out(sample: Sample, folds: int, seed: Sequence[int]) -> HeldOut:
    """Learn without each fold in turn, and look for its places."""
    tried = _tried(designs_of(sample), folds)
    numbers = np.concatenate([one.part.places for one in tried])
    ranks = np.concatenate([place_ranks(one.part, one.likeness) for one in tried])
    in_order = ranks[np.argsort(numbers, kind="stable")]
    return HeldOut(
        in_order,
        _blocks(sample, in_order),
        _bands(tried),
        _importance(sample, tried, seed),
        tuple(one.model.form for one in tried),
    )


def ranks_elsewhere(samples: Iterable[Sample], folds: int) -> tuple[float, ...]:
    """Give the mean rank found in the same way in each sample with its places put elsewhere."""
    found = []
    for sample in samples:
        tried = _tried(designs_of(sample), folds)
        ranks = [place_ranks(one.part, one.likeness) for one in tried]
        found.append(round(float(np.concatenate(ranks).mean()), DECIMALS))
    return tuple(found)


def forms_tried(sample: Sample, folds: int, held: HeldOut) -> tuple[FormTried, ...]:
    """Tell what each form gains by blocks."""
    split, times = folds_of(sample, np.arange(len(sample.place)), folds), Counter(held.forms)
    found = [(one.form.id, gains(one, split)) for one in designs_of(sample)]
    return tuple(
        FormTried(id, float(one.mean()), float(one.std(ddof=1)), times[id]) for id, one in found
    )


def _tried(designs: Sequence[Design], folds: int) -> list[_Fold]:
    """Learn without each fold; the form is chosen by one fold less."""
    sample, found = designs[0].sample, list[_Fold]()
    for kept, held in folds_of(sample, np.arange(len(sample.place)), folds):
        model, part = fit_chosen(designs, kept, folds - 1), sample.of(held)
        found.append(_Fold(model, part, model.likeness(part.values)))
    return found


def _blocks(sample: Sample, ranks: FloatArray) -> tuple[Block, ...]:
    first = np.searchsorted(sample.place[~sample.is_land], sample.places)
    block = sample.block[~sample.is_land][first]
    return tuple(
        Block(int(one), int((block == one).sum()), float(ranks[block == one].mean()))
        for one in sample.blocks
    )


def _bands(tried: Sequence[_Fold]) -> tuple[Band, ...]:
    """Set the places foretold in each band beside those found, each place counting once."""
    lows = (0.0, *BANDS[:-1])
    foretold, found, places = np.zeros(len(BANDS)), np.zeros(len(BANDS)), 0
    for fold in tried:
        count = len(fold.part.places)
        foretold += count * _foretold(fold.likeness[fold.part.is_land])
        found += _found(fold)
        places += count
    return tuple(
        Band(upto, upto - low, float(one / places), float(other / places))
        for upto, low, one, other in zip(BANDS, lows, foretold, found, strict=True)
    )


def _foretold(land: FloatArray) -> FloatArray:
    """Give the share of places by band that the likeness of all land stands for."""
    times = np.exp(np.sort(land) - land.max())
    at = (np.arange(len(land)) + 0.5) / len(land)
    return np.asarray(np.bincount(_band_of(at), times, len(BANDS)) / times.sum())


def _found(fold: _Fold) -> FloatArray:
    numbers = fold.part.place[~fold.part.is_land]
    band = _band_of(cell_ranks(fold.part, fold.likeness))
    shares = [mean_by_place(numbers, (band == k).astype(np.float64)) for k in range(len(BANDS))]
    return np.array([share.sum() for share in shares])


def _band_of(ranks: FloatArray) -> np.ndarray:
    return np.searchsorted(BANDS[:-1], ranks, side="right")


def _importance(
    sample: Sample, tried: Sequence[_Fold], seed: Sequence[int]
) -> tuple[Importance, ...]:
    found = []
    for k, measure in enumerate(sample.measures):
        lost = np.array(
            [
                _lost(fold, k, np.random.default_rng((*seed, k, number)))
                for number, fold in enumerate(tried)
            ]
        )
        places = np.array([len(fold.part.places) for fold in tried])
        mean = float(np.average(lost, weights=places))
        found.append(Importance(measure, mean, float(lost.std(ddof=1)) if len(lost) > 1 else 0.0))
    return tuple(found)


def _lost(fold: _Fold, measure: int, draw: np.random.Generator) -> float:
    """Give what is lost of the mean rank when a measure is shuffled among the cells of a fold."""
    part, curve = fold.part, fold.model.curves[measure]
    rest = fold.likeness - curve.pushes(part.values[:, measure])
    whole = float(place_ranks(part, fold.likeness).mean())
    shuffled = [
        float(
            place_ranks(part, rest + curve.pushes(draw.permutation(part.values[:, measure]))).mean()
        )
        for _ in range(_SHUFFLES)
    ]
    return whole - float(np.mean(shuffled))
