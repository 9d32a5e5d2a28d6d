"""
The alternatives worth arguing about: those that no other beats in one thing and equals in the rest.

No weights are needed to leave the others out. An alternative with an unknown indicator cannot be
compared: it beats nobody, nobody beats it, and it is shown apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.types import BoolArray, FloatArray


@dataclass(frozen=True)
class Front:
    """Which alternatives stand on the front."""

    on_front: BoolArray
    """No other alternative beats it, bool (alternatives,); of equal ones all or none."""
    unknown: BoolArray
    """An indicator is NaN, so it was not compared, bool (alternatives,); never on the front."""


def pareto_front(indicators: FloatArray, less_is_better: Sequence[bool]) -> Front:
    """
    Find the alternatives that no other equals in everything and beats in something.

    Parameters
    ----------
    indicators : float array (alternatives, indicators)
        Each indicator in its own unit; NaN is unknown.
    less_is_better : sequence of bool
        Direction of each indicator.

    Examples
    --------
    Cost and people exposed, less is better, of three sites.

    >>> pareto_front(np.array([[3.0, 10], [2.0, 20], [3.0, 30]]), [True, True]).on_front
    array([ True,  True, False])
    """
    table = np.asarray(indicators, dtype=np.float64)
    count = len(less_is_better)
    if table.ndim != 2 or table.shape[1] != count or count == 0:
        raise RunError(Fault("indicators_do_not_fit", found=str(table.shape),
                             expected=f"(alternatives, {count})"))  # fmt: skip
    unknown: BoolArray = np.asarray(np.isnan(table).any(axis=1))
    burden = np.where(np.asarray(less_is_better, dtype=bool), table, -table)
    one, other = burden[:, None], burden[None]
    # NaN is neither less nor equal, so an unknown alternative beats nobody.
    beats = (one <= other).all(axis=2) & (one < other).any(axis=2)
    return Front(~unknown & ~beats.any(axis=0), unknown)
