"""What is asked of a site, checked before any land is looked at."""

from __future__ import annotations

import math

from maemoh_gis.core import units
from maemoh_gis.core.faults import Fault


def contradictions(
    area_rai: float, least_rai: float, least_width_m: float, fill_holes_rai: float
) -> list[Fault]:
    """Find demands on a site that contradict each other whatever the land; empty where none do."""
    faults = []
    circle_rai = units.rai_from_m2(math.pi / 4 * least_width_m**2)
    if circle_rai > area_rai:
        faults.append(
            Fault("width_needs_more_land", key="least_width_m", found=f"{area_rai:g}",
                  expected=f"{circle_rai:.0f}", values={"width": f"{least_width_m:g}"})
        )  # fmt: skip
    if fill_holes_rai >= least_rai:
        faults.append(
            Fault("holes_as_large_as_sites", key="fill_holes_rai", found=f"{fill_holes_rai:g}",
                  expected=f"{least_rai:g}")
        )  # fmt: skip
    return faults
