"""The layers a scenario names, whatever for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from maemoh_gis.scenario.settings.scenario import Scenario


@runtime_checkable
class _NamesLayers(Protocol):
    """A section of a scenario that names layers; those that have none need say nothing."""

    def layers(self) -> Iterable[str]:
        """List the layers."""


def layers_named(scenario: Scenario) -> list[str]:
    """List the layers a scenario names."""
    return list(dict.fromkeys([*_of_land(scenario), *_of_uses(scenario), *_of_the_rest(scenario)]))


def layers_needed(scenario: Scenario) -> list[str]:
    """List the layers without which a scenario cannot be worked out: those of limits, decisions and
    criteria may be unknown, all others must be there.
    """
    needed = [scenario.area.layer, scenario.view.layer]
    needed += [zone.layer for zone in scenario.zones.values() if zone.layer is not None]
    for use in scenario.uses.values():
        needed += use.yard.layers() if use.yard is not None else ()
    return list(dict.fromkeys([*needed, *_of_the_rest(scenario)]))


def layers_if_there(scenario: Scenario) -> list[str]:
    """List the layers a scenario names that are read where the catalog has them."""
    homes = () if scenario.exposure is None else scenario.exposure.layers_if_there()
    yards = (use.yard for use in scenario.uses.values() if use.yard is not None)
    tracks = (layer for yard in yards for layer in yard.layers_if_there())
    links = () if scenario.links is None else scenario.links.layers_if_there()
    return list(dict.fromkeys([*homes, *tracks, *links]))


def _of_land(scenario: Scenario) -> Iterator[str]:
    yield scenario.area.layer
    yield scenario.view.layer
    for limit in scenario.limits.values():
        if limit.layer is not None:
            yield limit.layer
        if limit.only_where is not None:
            yield limit.only_where.layer
        if limit.declared_in is not None:
            yield from (limit.declared_in.layer, limit.declared_in.areas)
    yield from (inclusion.layer for inclusion in scenario.inclusions.values())
    yield from (zone.layer for zone in scenario.zones.values() if zone.layer is not None)


def _of_uses(scenario: Scenario) -> Iterator[str]:
    for use in scenario.uses.values():
        for measure in (c.measure for c in use.criteria.values() if c.measure):
            yield from measure.layers()
        if use.yard is not None:
            yield from use.yard.layers()


def _of_the_rest(scenario: Scenario) -> Iterator[str]:
    for network in scenario.networks.values():
        yield from network.layers()
    if scenario.choice is not None:
        yield from scenario.choice.layers()
    if scenario.freight is not None:
        yield from scenario.freight.layers()
    if scenario.timeline is not None:
        yield scenario.timeline.layer
        if scenario.timeline.lignite is not None:
            yield scenario.timeline.lignite.layer
    for question in scenario.questions.values():
        yield from question.layers()
    for asked in scenario.learnt.values():
        yield from asked.layers()
    for name in type(scenario).model_fields:
        section = getattr(scenario, name)
        if isinstance(section, _NamesLayers):
            yield from section.layers()
