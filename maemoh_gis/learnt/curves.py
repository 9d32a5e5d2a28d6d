"""
A model as curves: each measure pushes the likeness of a cell up or down, and the pushes add up.

Curves are plain numbers, so a model is kept, drawn and explained without the library that fitted
it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from maemoh_gis.core.types import FloatArray
from maemoh_gis.learnt.sample import Measured, Sample

# Values beyond these shares of the land are as those at its end: few cells bend no curve.
_ENDS = (0.02, 0.98)
_LEAST_SHARE_OF_A_CLASS = 0.01
DECIMALS = 6
"""Of pushes. Coarser than any difference between machines, finer than anything that is told."""


@dataclass(frozen=True)
class Form:
    """How far curves may bend, and how strongly they are held near level."""

    id: str
    bends: tuple[float, ...]
    """Shares of the land at which a curve may bend."""
    strength: float
    """Inverse strength of the penalty on squared slopes: the more, the less they are held."""


FORMS = (
    Form("held", (), 1.0),
    Form("straight", (), 10.0),
    Form("bent", (0.25, 0.5, 0.75), 3.0),
)
"""From the simplest to the one that can follow most."""


@dataclass(frozen=True)
class Curve:
    """What a measure adds to the logarithm of the likeness."""

    measure: Measured
    at: tuple[float, ...]
    """Values of the measure, rising, or codes of classes."""
    push: tuple[float, ...]
    """What it adds there; straight between, level beyond; 0 is what it adds to land on average."""
    elsewhere: float = 0.0
    """What a class adds that is not named, as it holds next to no land."""

    def pushes(self, values: FloatArray) -> FloatArray:
        """Give what it adds at values of the measure; NaN where they are unknown."""
        if not self.measure.classed:
            return np.asarray(np.interp(values, self.at, self.push))
        found = np.full(values.shape, self.elsewhere)
        for code, push in zip(self.at, self.push, strict=True):
            found[values == code] = push
        found[np.isnan(values)] = np.nan
        return found

    def moved(self, by: float) -> Curve:
        """Add as much everywhere."""
        return replace(
            self,
            push=tuple(round(push + by, DECIMALS) for push in self.push),
            elsewhere=round(self.elsewhere + by, DECIMALS),
        )


@dataclass(frozen=True)
class Model:
    """All curves, in the order of the measures."""

    form: str
    curves: tuple[Curve, ...]

    def pushes(self, values: FloatArray) -> FloatArray:
        """Give what each measure adds at cells, (cells, measures) both."""
        parts = [curve.pushes(values[:, k]) for k, curve in enumerate(self.curves)]
        return np.column_stack(parts)

    def likeness(self, values: FloatArray) -> FloatArray:
        """Give the logarithm of the likeness of cells, (cells,); the order of sums is fixed."""
        total = np.zeros(len(values))
        for k, curve in enumerate(self.curves):
            total += curve.pushes(values[:, k])
        return total


@dataclass(frozen=True)
class Ramps:
    """How a measure becomes columns of a regression: one for each straight piece, or class."""

    measure: Measured
    at: tuple[float, ...]
    """Where the curve may bend, and its ends; or codes of classes."""

    def columns(self, values: FloatArray) -> list[FloatArray]:
        """Give the columns at values, each (cells,), from 0 to 1."""
        if self.measure.classed:
            return [(values == code).astype(np.float64) for code in self.at]
        pieces = zip(self.at[:-1], self.at[1:], strict=True)
        return [np.clip((values - low) / (high - low), 0.0, 1.0) for low, high in pieces]

    def width(self) -> int:
        """Count the columns."""
        return len(self.at) if self.measure.classed else len(self.at) - 1

    def curve(self, slopes: Sequence[float]) -> Curve:
        """Put the curve together from what each column adds."""
        if self.measure.classed:
            return Curve(self.measure, self.at, tuple(slopes))
        return Curve(self.measure, self.at, (0.0, *np.cumsum(slopes).tolist()))


def ramps_of(sample: Sample, form: Form) -> list[Ramps]:
    """Choose where curves may bend, by the land of a sample alone; places have no say."""
    land = sample.values[sample.is_land]
    return [_ramps(one, land[:, k], form) for k, one in enumerate(sample.measures)]


def _ramps(measure: Measured, land: FloatArray, form: Form) -> Ramps:
    if measure.classed:
        codes, cells = np.unique(land, return_counts=True)
        return Ramps(measure, tuple(codes[cells >= _LEAST_SHARE_OF_A_CLASS * len(land)].tolist()))
    low, high = _ENDS
    # Beyond what is told a distance is infinite: its share of the land is a share all the same.
    told = land[np.isfinite(land)]
    shares = np.array([low, *form.bends, high])
    at = np.quantile(land, shares, method="lower")
    at = np.unique(np.minimum(at, told.max(initial=0.0)))
    return Ramps(measure, tuple(at.tolist()) if len(at) > 1 else (float(at[0]), float(at[0]) + 1))


def columns_of(ramps: Sequence[Ramps], values: FloatArray) -> FloatArray:
    """Give the columns of a regression, (cells, columns)."""
    return np.column_stack(
        [column for k, ramp in enumerate(ramps) for column in ramp.columns(values[:, k])]
    )


def model_of(
    form: Form, ramps: Sequence[Ramps], slopes: Sequence[float], land: FloatArray
) -> Model:
    """Put a model together from slopes; each curve adds 0 to land on average."""
    curves, first = [], 0
    for k, ramp in enumerate(ramps):
        curve = ramp.curve(slopes[first : first + ramp.width()])
        curves.append(curve.moved(-float(curve.pushes(land[:, k]).mean())))
        first += ramp.width()
    return Model(form.id, tuple(curves))
