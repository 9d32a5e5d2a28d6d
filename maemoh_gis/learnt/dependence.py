"""How likeness changes with one measure, all else as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from maemoh_gis.core.types import FloatArray
from maemoh_gis.learnt.curves import Curve, Model
from maemoh_gis.learnt.sample import Measured, Sample

_SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Shares of the land at whose values it is told, beside those at which its curve may bend."""


@dataclass(frozen=True)
class Dependence:
    """Likeness of all land if it had a value of a measure."""

    measure: Measured
    value: float
    times: float
    """How many times as dense places would be as they are on average."""


def dependence(model: Model, sample: Sample) -> Iterator[Dependence]:
    """Tell how likeness depends on each measure, over the land of a sample."""
    land = sample.values[sample.is_land]
    likeness = model.likeness(land)
    average = float(np.exp(likeness).mean())
    for k, curve in enumerate(model.curves):
        rest = np.exp(likeness - curve.pushes(land[:, k]))
        for value in _told_at(curve, land[:, k]):
            push = float(curve.pushes(np.array([value]))[0])
            times = float(rest.mean()) * float(np.exp(push)) / average
            yield Dependence(curve.measure, value, times)


def _told_at(curve: Curve, land: FloatArray) -> list[float]:
    if curve.measure.classed:
        return list(curve.at)
    at = np.concatenate([np.quantile(land, _SHARES, method="lower"), curve.at])
    return [float(one) for one in np.unique(at[np.isfinite(at)])]
