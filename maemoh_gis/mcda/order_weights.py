"""
Attitudes to risk for ordered weighted averaging: how much the best and the worst part count.

An attitude is kept as a quantifier: the share of the result that the best-scoring share of the
criteria decides. A quantifier works for any number of criteria and any weights, so a criterion
that cannot be scored at one place does not upset the rest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from maemoh_gis.core.errors import FormatError
from maemoh_gis.core.faults import Fault
from maemoh_gis.mcda.weights import weights_from_points


@dataclass(frozen=True)
class Quantifier:
    """A rising function from 0 at 0 to 1 at 1."""

    exponent: float = 1.0
    """The function is this power, 0 for the best part alone, infinity for the worst part alone;
    unless steps are given."""
    steps: tuple[float, ...] = ()
    """Values at evenly spaced points from 0 to 1, straight lines between."""


def quantifier_of_orness(orness: float) -> Quantifier:
    """
    Make the quantifier of an attitude to risk.

    References
    ----------
    Yager 1996, International Journal of Intelligent Systems 11, 49-73; in land suitability by
    Malczewski 2006, International Journal of Applied Earth Observation and Geoinformation 8,
    270-277.

    Examples
    --------
    >>> quantifier_of_orness(0.5).exponent, quantifier_of_orness(0.25).exponent
    (1.0, 3.0)
    """
    if not 0 <= orness <= 1:
        raise FormatError(Fault("wrong_value", key="orness", found=f"{orness:g}", expected="0–1"))
    return Quantifier(math.inf if orness == 0 else (1 - orness) / orness)


def quantifier_of_order_weights(order_weights: Sequence[float], criteria: int) -> Quantifier:
    """
    Make the quantifier of a list of order weights.

    References
    ----------
    Straight lines as in the weighted OWA operator: Torra 1997, International Journal of
    Intelligent Systems 12, 153-166.
    """
    if len(order_weights) != criteria:
        found, expected = str(len(order_weights)), str(criteria)
        raise FormatError(Fault("order_weights_count", found=found, expected=expected))
    running = [0.0]
    for share in _shares(order_weights):
        running.append(running[-1] + share)
    running[-1] = 1.0
    return Quantifier(steps=tuple(min(value, 1.0) for value in running))


def _shares(order_weights: Sequence[float]) -> list[float]:
    named = {f"order_weights.{place}": weight for place, weight in enumerate(order_weights, 1)}
    return list(weights_from_points(named).values())
