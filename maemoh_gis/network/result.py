"""The networks of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maemoh_gis.network.stages import BuiltNetwork

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results


def network_of(results: Results, id: str) -> BuiltNetwork:
    """Give a network by its id."""
    built = results.found_as(f"network:{id}", BuiltNetwork)
    assert built is not None
    return built


def networks_of(results: Results) -> dict[str, BuiltNetwork]:
    """Give the networks by id, in the order of the scenario."""
    return {id: network_of(results, id) for id in results.resolved.scenario.networks}
