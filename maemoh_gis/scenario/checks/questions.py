"""Whether the open questions of a scenario, and the sentence it leads to, fit the rest of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maemoh_gis.layers.table_schemas import VILLAGES

if TYPE_CHECKING:
    from maemoh_gis.core.faults import Fault
    from maemoh_gis.scenario.checks.checker import Checker
    from maemoh_gis.scenario.settings.scenario import Scenario


def question_faults(scenario: Scenario, checker: Checker) -> Iterator[Fault]:
    """Find layers, columns, uses and limits that do not exist."""
    for id, question in scenario.questions.items():
        where = ("questions", id)
        for selection in question.distance_to:
            path = (*where, "distance_to")
            yield from checker.selection(selection, path, {"points", "lines", "polygons"})
        for use in question.uses or ():
            yield from checker.name("unknown_use", (*where, "uses"), use, scenario.uses)
        if question.villages is not None:
            path = (*where, "villages")
            yield from checker.read_layer(question.villages, path, {"table"}, VILLAGES.needs)
    for limit in scenario.leads_to.limits if scenario.leads_to else ():
        yield from checker.name("unknown_limit", ("leads_to", "limits"), limit, scenario.limits)
