"""
The alternatives worth arguing about: those that no other beats in one thing and equals in the rest.

No weights are needed to leave the others out. An alternative with an unknown indicator cannot be
compared: it beats nobody, nobody beats it, and it is shown apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from maemoh_gis.core.compiled import kernel
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

    References
    ----------
    Kung, Luccio and Preparata 1975, Journal of the ACM 22: after sorting, only earlier ones beat.

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
    known = np.flatnonzero(~unknown)
    order = known[np.lexsort(burden[known].T[::-1])]
    on_front = np.zeros(len(table), dtype=bool)
    on_front[order[_unbeaten(np.ascontiguousarray(burden[order]))]] = True
    return Front(on_front, unknown)


@kernel()
def _unbeaten(burden: FloatArray) -> BoolArray:
    """Mark the rows no earlier row beats; who beats a beaten row beats what that row beats."""
    rows, columns = burden.shape
    unbeaten = np.zeros(rows, dtype=np.bool_)
    front = np.empty(rows, dtype=np.int64)
    size = 0
    for r in range(rows):
        beaten = False
        for f in range(size):
            worse, better = False, False
            for c in range(columns):
                if burden[front[f], c] > burden[r, c]:
                    worse = True
                    break
                if burden[front[f], c] < burden[r, c]:
                    better = True
            if better and not worse:
                beaten = True
                break
        if not beaten:
            unbeaten[r] = True
            front[size] = r
            size += 1
    return unbeaten
