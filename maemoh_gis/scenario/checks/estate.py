"""Whether the estate of a scenario and the gates before its uses fit together."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maemoh_gis.scenario.checks.checker import unknown

if TYPE_CHECKING:
    from maemoh_gis.core.faults import Fault
    from maemoh_gis.documents.yaml import Document
    from maemoh_gis.scenario.settings.scenario import Scenario


def estate_faults(scenario: Scenario, document: Document) -> Iterator[Fault]:
    """Find commitments the estate has no land for, and gates that wait for a step it lacks."""
    estate = scenario.estate
    if estate is not None:
        bound = math.fsum(one.rai for one in estate.commitments.values())
        most = estate.rai * estate.sold_share.high
        if bound > most:
            yield document.fault(
                "commitments_too_large",
                ("estate", "commitments"),
                found=f"{bound:,.0f}",
                expected=f"{most:,.0f}",
            )
    steps = () if estate is None else tuple(estate.steps)
    for use, of_use in scenario.gates.items():
        if of_use.demand_step is not None:
            path = ("gates", use, "demand_step")
            yield from unknown(document, "unknown_step", path, of_use.demand_step, steps)
