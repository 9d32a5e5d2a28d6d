"""
Every way the switches of a scenario may stand together.

Plain combinations and what turns between them: nothing here knows what a switch moves. A world is
named by the setting of each switch; that of the scenario holds the first setting of all.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

World = tuple[str, ...]
"""Setting of each switch, in the order of the switches."""
Settings = Mapping[str, Sequence[str]]
"""Settings by switch, that of the scenario first."""


def worlds_of(settings: Settings) -> list[World]:
    """List every world, that of the scenario first."""
    return list(itertools.product(*settings.values()))


def moved_in(world: World, settings: Settings) -> dict[str, str]:
    """Give the switches that stand otherwise than in the scenario, with their setting."""
    return {
        id: setting
        for (id, known), setting in zip(settings.items(), world, strict=True)
        if setting != known[0]
    }


def least_sets(verdicts: Mapping[World, bool], settings: Settings) -> list[World]:
    """
    Find the worlds whose verdict differs from the first one's, of which no part alone turns it.

    Those with the fewest switches moved come first; worlds without a verdict are left out.
    """
    if not verdicts:
        return []
    base = next(iter(verdicts.values()))
    turned = [world for world, verdict in verdicts.items() if verdict != base]
    turned.sort(key=lambda world: len(moved_in(world, settings)))
    least: list[World] = []
    found: list[frozenset[tuple[str, str]]] = []
    for world in turned:
        moved = frozenset(moved_in(world, settings).items())
        if not any(known <= moved for known in found):
            least.append(world)
            found.append(moved)
    return least


def of_size(least: Sequence[World], settings: Settings, size: int) -> list[World]:
    """Keep the sets in which so many switches are moved."""
    return [world for world in least if len(moved_in(world, settings)) == size]


def moving(settings: Settings, *moved: tuple[str, str]) -> World:
    """Name the world in which these switches stand otherwise and all others as in the scenario."""
    other = dict(moved)
    return tuple(other.get(id, known[0]) for id, known in settings.items())
