"""
A scenario with some of its keys set to other values, as a sweep sets them.

A key is dotted, as under `change` in a file. `weights.ID` stands for the share of a criterion in
every use that has it, from the scenario's own viewpoint; the others keep their ratios.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.documents.schema import nearest, validate
from maemoh_gis.documents.yaml import Document
from maemoh_gis.scenario.change import Change
from maemoh_gis.scenario.in_year import in_its_year
from maemoh_gis.scenario.resolve import Resolved, missing_key
from maemoh_gis.scenario.settings.scenario import Scenario
from maemoh_gis.scenario.worded import worded

_WEIGHTS = "weights."
_SOURCE = "--set"


def varied(resolved: Resolved, values: Mapping[str, Any]) -> Resolved:
    """Set keys of a scenario to other values."""
    if not values:
        return resolved
    data = copy.deepcopy(resolved.raw)
    places = dict(resolved.document.places)
    changes = list(resolved.changes)
    written, document = resolved.written, resolved.document
    faults: list[Fault] = []
    for key, value in values.items():
        try:
            pairs = list(_meant(written, data, key, value))
        except RunError as error:
            faults += error.faults
            continue
        for dotted, new in pairs:
            *above, last = dotted.split(".")
            target = data
            for part in above:
                target = target[part]
            changes.append(Change(dotted, target[last], new, _SOURCE))
            target[last] = new
            path = tuple(dotted.split("."))
            places = {k: p for k, p in places.items() if k[: len(path)] != path}
        document = worded(Document(data, places, resolved.document.file))
        written = validate(Scenario, document)
    if faults:
        raise RunError(faults)
    return replace(
        resolved, scenario=in_its_year(written, resolved.rules), written=written,
        document=document,
        changes=tuple(changes), unworded=data,
    )  # fmt: skip


def _meant(
    scenario: Scenario, data: dict[str, Any], key: str, value: Any
) -> Iterator[tuple[str, Any]]:
    """Give the dotted keys and values that one key of a sweep stands for."""
    if not key.startswith(_WEIGHTS):
        fault = missing_key(data, key)
        if fault is not None:
            found, expected = fault["found"], fault["expected"]
            raise RunError(Fault("unknown_set_key", key=_SOURCE, found=found, expected=expected))
        yield key, value
        return
    id, view = key.removeprefix(_WEIGHTS), scenario.viewpoint
    weights = {use: w.resolved() for use, w in scenario.viewpoints[view].weights.items()}
    having = [use for use, shares in weights.items() if id in shares]
    if not having:
        known = sorted({name for shares in weights.values() for name in shares})
        near = nearest(id, known)
        expected = _WEIGHTS + near if near else ", ".join(known)
        raise RunError(Fault("unknown_set_key", key=_SOURCE, found=key, expected=expected))
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1:
        raise RunError(
            Fault("weight_not_share", key=_SOURCE, found=f"{key}={value}", expected="0 … < 1")
        )
    for use in having:
        yield f"viewpoints.{view}.weights.{use}", _with_share(weights[use], id, float(value))


def _with_share(shares: Mapping[str, float], id: str, share: float) -> dict[str, float]:
    """Give one criterion a share of the weight and leave the ratios of the others as they are."""
    rest = sum(weight for name, weight in shares.items() if name != id)
    if rest <= 0:
        raise RunError(Fault("weight_stands_alone", key=_SOURCE, found=_WEIGHTS + id, expected="1"))
    scale = (1.0 - share) / rest
    return {
        name: round(share if name == id else weight * scale, 12) for name, weight in shares.items()
    }
