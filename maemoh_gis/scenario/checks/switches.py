"""Whether the switches of a scenario move what is there, and no land."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maemoh_gis.scenario.checks.checker import unknown
from maemoh_gis.scenario.resolve import missing_key

if TYPE_CHECKING:
    from maemoh_gis.core.faults import Fault
    from maemoh_gis.documents.yaml import Document, KeyPath
    from maemoh_gis.scenario.settings.scenario import Scenario
    from maemoh_gis.scenario.settings.switches import Setting

MOVABLE = ("freight", "estate", "rail")
"""Sections a switch may change: what rests on them is worked out without the land."""
MOST_WORLDS = 5_000
"""Ways the switches may stand together; some minutes."""


def switch_faults(scenario: Scenario, document: Document) -> Iterator[Fault]:
    """Find switches that name what is not there, or that are too many together."""
    # A scenario that drops freight or its estate keeps the switches it inherits, and has no use of
    # them; whoever asks for their worlds is told.
    if scenario.switches is None or scenario.freight is None or scenario.estate is None:
        return
    priced = scenario.switches.priced_step
    if priced is not None:
        where = ("switches", "priced_step")
        yield from unknown(document, "unknown_step", where, priced, scenario.estate.steps)
    worlds = 1
    for id, switch in scenario.switches.by.items():
        worlds *= len(switch.settings)
        for name, setting in switch.settings.items():
            path = ("switches", "by", id, "settings", name)
            yield from _setting_faults(scenario, document, setting, path)
    if worlds > MOST_WORLDS:
        yield document.fault(
            "too_many_worlds", ("switches", "by"), found=f"{worlds:,}", expected=f"{MOST_WORLDS:,}"
        )


def _setting_faults(
    scenario: Scenario, document: Document, setting: Setting, path: KeyPath
) -> Iterator[Fault]:
    for key in setting.change:
        at = (*path, "change", key)
        if key.partition(".")[0] not in MOVABLE:
            yield document.fault("switch_moves_land", at, found=key, expected=", ".join(MOVABLE))
        elif (fault := missing_key(document.data, key)) is not None:
            yield document.fault("unknown_change", at, **fault)
    assert scenario.freight is not None
    assert scenario.estate is not None
    railheads = scenario.freight.railheads
    for key in setting.shut:
        yield from unknown(document, "unknown_railhead", (*path, "shut"), key, railheads)
    if setting.link is not None:
        where = (*path, "link", "to")
        yield from unknown(document, "unknown_railhead", where, setting.link.to, railheads)
    if setting.step is not None:
        steps = scenario.estate.steps
        yield from unknown(document, "unknown_step", (*path, "step"), setting.step, steps)
