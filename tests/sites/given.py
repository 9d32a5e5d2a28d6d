"""Sites on land whose arrays are given whole."""

from dataclasses import dataclass

import numpy as np

from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
from maemoh_gis.sites.delineate import SiteNeeds, Sites, sites_on


@dataclass(frozen=True)
class Given:
    """Land and what is asked of it."""

    score: FloatArray
    usable: BoolArray
    needs: SiteNeeds
    priority: int = 1
    barrier: BoolArray | None = None
    fillable: BoolArray | None = None


def delineate(
    score: np.ndarray,
    usable: np.ndarray,
    needs: SiteNeeds,
    *,
    barrier: np.ndarray | None = None,
    fillable: np.ndarray | None = None,
) -> Sites:
    """Grow sites best first."""
    return sites_on(Given(score, usable, needs, barrier=barrier, fillable=fillable))


def grow_sites(score, usable, needs, **more) -> IntArray:
    """Grow sites best first and give their numbers alone."""
    return delineate(score, usable, needs, **more).label
