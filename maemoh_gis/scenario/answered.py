"""Limits that wait for a map, tested on the layer of the catalog that says it is that map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.messages import LANGUAGES, Text
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.scenario.change import Change

_LONGEST_NAME = 63


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
