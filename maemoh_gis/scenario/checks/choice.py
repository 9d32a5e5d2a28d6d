"""Whether the choice of a yard fits the uses and layers it names."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maemoh_gis.scenario.settings.choice import MOST_SETS, UNITS, YardChoice

if TYPE_CHECKING:
    from maemoh_gis.core.faults import Fault
    from maemoh_gis.scenario.checks.checker import Checker
    from maemoh_gis.scenario.settings.scenario import Scenario


def choice_faults(scenario: Scenario, checker: Checker) -> Iterator[Fault]:
    """Find what the choice of a yard names wrongly, beside the features of its places."""
    choice, document = scenario.choice, checker.document
    if choice is None:
        return
    yield from checker.name("unknown_use", ("choice", "use"), choice.use, scenario.uses)
    if choice.use in scenario.uses and scenario.uses[choice.use].yard is None:
        yield document.fault("choice_without_yard", ("choice", "use"), found=choice.use)
    for name, indicator in choice.indicators.items():
        if indicator.value.unit != UNITS[name]:
            yield document.fault(
                "wrong_unit", ("choice", "indicators", name, "value", "unit"),
                found=indicator.value.unit, expected=UNITS[name],
            )  # fmt: skip
    for number in choice.yards:
        if (sets := math.comb(len(choice.places), number)) > MOST_SETS:
            yield document.fault(
                "too_many_yard_sets", ("choice", "yards"), found=f"{sets:,}",
                expected=f"{MOST_SETS:,}",
                values={"yards": number, "places": len(choice.places)},
            )  # fmt: skip
    for id in choice.capacity.places if choice.capacity else ():
        path = ("choice", "capacity", "places", id)
        yield from checker.name("unknown_choice_place", path, id, choice.places)
    yield from _home_faults(choice, checker)


def _home_faults(choice: YardChoice, checker: Checker) -> Iterator[Fault]:
    path = ("choice", "homes")
    layer = yield from checker.read_layer(choice.homes.layer, (*path, "layer"), {"raster"})
    if layer is None or layer.kind != "raster":
        return
    if not layer.classes:
        yield checker.document.fault(
            "wrong_layer_kind", (*path, "layer"), found=layer.kind, expected="raster"
        )
        return
    yield from checker.classes(layer, choice.homes.classes, (*path, "classes"))
