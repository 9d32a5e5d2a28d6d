"""Limits and criteria that wait for a map, put to the layer that says it is that map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.messages import LANGUAGES, Text
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.layers.entries import Layer
from maemoh_gis.scenario.change import Change

_LONGEST_NAME = 63


def answered(data: Mapping[str, Any], catalog: Catalog) -> list[Change]:
    """List what layers of the catalog bring into a scenario, given as plain data."""
    return [*answered_limits(data, catalog), *answered_criteria(data, catalog)]


def answering(new: Mapping[str, Any]) -> str:
    """Name the layer that a limit or criterion was put to."""
    if "measure" not in new:
        return str(new["layer"])
    measure = new["measure"]
    return str(measure["zone"]["layer"] if "zone" in measure else measure["distance_to"])


def answered_limits(data: Mapping[str, Any], catalog: Catalog) -> list[Change]:
    """
    List the limits that layers of the catalog bring into a scenario, given as plain data.

    The first layer answers a limit that waits. All others stand beside it as limits of their own,
    so that no record of one is lost by another. An entry at fault that answers one stops the
    scenario: its limit would go untested unseen.
    """
    limits = data.get("limits")
    if not isinstance(limits, dict):
        return []
    _require_sound_answers(limits, catalog)
    found: dict[str, Change] = {}
    for layer, entry in catalog.layers.items():
        block = limits.get(entry.answers) if entry.answers is not None else None
        if not isinstance(block, dict):
            continue
        key, source = f"limits.{entry.answers}", catalog.document.file
        if _waits(block) and key not in found:
            found[key] = Change(key, block, _tested_on(block, layer), source)
        else:
            key = f"limits.{f'{entry.answers}_{layer}'[:_LONGEST_NAME]}"
            found[key] = Change(key, None, _beside(block, layer, entry.title.both()), source)
    return list(found.values())


def _require_sound_answers(limits: Mapping[str, Any], catalog: Catalog) -> None:
    entries = catalog.document.data.get("layers", {})
    at_fault = [
        fault
        for id, faults in catalog.withheld.items()
        if isinstance(entry := entries.get(id), dict) and str(entry.get("answers")) in limits
        for fault in faults
    ]
    if at_fault:
        raise LayerError(at_fault)


def answered_criteria(data: Mapping[str, Any], catalog: Catalog) -> list[Change]:
    """
    List the criteria that layers of the catalog score, in every use in which they wait for a map.

    The first layer scores a criterion; a name that is a limit's is the limit's. A layer that does
    not say how it becomes a score stops the scenario, as an entry at fault does.
    """
    waiting = waiting_criteria(data)
    _require_sound_answers(dict.fromkeys(waiting), catalog)
    found: dict[str, Change] = {}
    for layer, entry in catalog.layers.items():
        if entry.answers not in waiting:
            continue
        if entry.scores is None:
            place = ("layers", layer, "answers")
            raise LayerError(
                catalog.document.fault("answers_without_scores", place, found=entry.answers)
            )
        for key, block in _waiting_criteria(data):
            if key.rpartition(".")[2] == entry.answers and key not in found:
                new = _scored_on(block, layer, entry)
                found[key] = Change(key, block, new, catalog.document.file)
    return list(found.values())


def waiting_criteria(data: Mapping[str, Any]) -> list[str]:
    """List the criteria of a scenario, given as plain data, that wait for a map, each once."""
    limits = data.get("limits")
    taken = set(limits) if isinstance(limits, dict) else set()
    names = (key.rpartition(".")[2] for key, _ in _waiting_criteria(data))
    return [name for name in dict.fromkeys(names) if name not in taken]


def _waiting_criteria(data: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Go through the criteria that wait, by key."""
    uses = data.get("uses")
    for use, of_use in uses.items() if isinstance(uses, dict) else ():
        criteria = of_use.get("criteria") if isinstance(of_use, dict) else None
        for id, block in criteria.items() if isinstance(criteria, dict) else ():
            if isinstance(block, dict) and "needs" in block and "measure" not in block:
                yield f"uses.{use}.criteria.{id}", block


def _scored_on(block: Mapping[str, Any], layer: str, entry: Layer) -> dict[str, Any]:
    """Put a criterion to a layer, trusted as the layer is."""
    scores = entry.scores
    assert scores is not None
    points = [list(pair) for pair in scores.points]
    rest = {key: value for key, value in block.items() if key != "needs"}
    named = rest.get("basis")
    if isinstance(named, str):
        rest["basis"] = f"{named}. Scored by the layer {layer} as its entry says"
    if scores.column is None:
        measure: dict[str, Any] = {"distance_to": layer}
        unit = "m"
    else:
        measure = {"zone": {"layer": layer, "column": scores.column}}
        column = entry.columns.get(scores.column)
        unit = (column.unit if column else None) or ""
    value = {"unit": unit, "points": points}
    return {**rest, "confidence": entry.confidence, "measure": measure, "value": value}


def waiting_limits(data: Mapping[str, Any]) -> list[str]:
    """List the limits of a scenario, given as plain data, that wait for a map."""
    limits = data.get("limits")
    named = limits if isinstance(limits, dict) else {}
    return [id for id, block in named.items() if isinstance(block, dict) and _waits(block)]


def _waits(block: Mapping[str, Any]) -> bool:
    return "needs" in block and "layer" not in block


def _tested_on(block: Mapping[str, Any], layer: str) -> dict[str, Any]:
    """Put the layer where the limit said which one it needs; the acts it stands on are told on."""
    rest = {key: value for key, value in block.items() if key not in {"needs", "layer", "where"}}
    return {**rest, "layer": layer, "test": rest.get("test") or {"inside": True}}


def _beside(block: Mapping[str, Any], layer: str, title: Text) -> dict[str, Any]:
    """Put the test of a limit to one more layer, by whose title it is told apart."""
    found = _tested_on(block, layer)
    named = found.get("title")
    if isinstance(named, dict):
        found["title"] = {x: f"{named.get(x)} · {_bare(title[x])}" for x in LANGUAGES}
    return found


def _bare(words: str) -> str:
    """Take the braces out of a title that comes from elsewhere: in a scenario they name keys."""
    return words.replace("{", "(").replace("}", ")")
