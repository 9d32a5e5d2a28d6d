"""Whether what a scenario asks to learn fits its uses and the catalog."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maemoh_gis.core.faults import Fault
    from maemoh_gis.scenario.checks.checker import Checker
    from maemoh_gis.scenario.settings.learnt import Learnt
    from maemoh_gis.scenario.settings.scenario import Scenario

_LEAST_MEASURES = 2


def learnt_faults(scenario: Scenario, checker: Checker) -> Iterator[Fault]:
    """Find uses, layers and criteria that do not exist, and uses with too little to learn from."""
    for use, asked in scenario.learnt.items():
        path = ("learnt", use)
        yield from checker.selection(asked.presence, (*path, "presence"), {"points", "polygons"})
        if use in scenario.uses:
            yield from _criteria(scenario, use, asked, checker)
        else:
            yield from checker.name("unknown_use", path, use, scenario.uses)


def _criteria(scenario: Scenario, use: str, asked: Learnt, checker: Checker) -> Iterator[Fault]:
    criteria, path = scenario.uses[use].criteria, ("learnt", use, "leave_out")
    for name in asked.leave_out:
        yield from checker.name("unknown_criterion", path, name, criteria)
    measured = [
        id
        for id, one in criteria.items()
        if one.measure and not one.measure.of.of_zones and id not in asked.leave_out
    ]
    if len(measured) < _LEAST_MEASURES:
        yield checker.document.fault(
            "too_little_to_learn",
            ("learnt", use),
            found=str(len(measured)),
            expected=str(_LEAST_MEASURES),
        )
