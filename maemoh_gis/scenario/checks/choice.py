"""Whether the choice of a yard fits the uses and layers it names."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maemoh_gis.documents.schema import nearest
from maemoh_gis.scenario.settings.choice import MOST_SETS, UNITS, YardChoice

if TYPE_CHECKING:
    from maemoh_gis.core.faults import Fault
    from maemoh_gis.documents.yaml import Document
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.scenario.settings.scenario import Scenario


def choice_faults(scenario: Scenario, document: Document, catalog: Catalog) -> Iterator[Fault]:
    """Find what the choice of a yard names wrongly, beside the features of its places."""
    choice = scenario.choice
    if choice is None:
        return
    if choice.use not in scenario.uses:
        expected = nearest(choice.use, scenario.uses) or ", ".join(scenario.uses)
        yield document.fault("unknown_use", ("choice", "use"), found=choice.use, expected=expected)
    elif scenario.uses[choice.use].yard is None:
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
        if id not in choice.places:
            yield document.fault(
                "unknown_choice_place", ("choice", "capacity", "places", id), found=id,
                expected=nearest(id, choice.places) or ", ".join(choice.places),
            )  # fmt: skip
    yield from _home_faults(choice, document, catalog)


def _home_faults(choice: YardChoice, document: Document, catalog: Catalog) -> Iterator[Fault]:
    path, id = ("choice", "homes"), choice.homes.layer
    if id not in catalog.layers:
        yield document.fault("unknown_layer", (*path, "layer"), found=id, expected=catalog.near(id))
        return
    layer = catalog[id]
    if layer.kind != "raster" or not layer.classes:
        yield document.fault(
            "wrong_layer_kind", (*path, "layer"), found=layer.kind, expected="raster"
        )
        return
    keys = [c.key for c in layer.classes.values()]
    for name in choice.homes.classes:
        if name not in keys:
            yield document.fault("unknown_class", (*path, "classes"), found=name,
                                 expected=nearest(name, keys) or ", ".join(keys))  # fmt: skip
