"""What a run found of steps and gates, read from its results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maemoh_gis.decision.gates import Passed, passed
from maemoh_gis.decision.ladder import Ladder, ladder
from maemoh_gis.decision.land_right import LandRight, land_right
from maemoh_gis.freight.result import freight_of

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results
    from maemoh_gis.freight.result import FreightReport


def ladder_of(results: Results) -> tuple[Ladder, FreightReport] | None:
    """Find the steps of a run; None without an estate, or without freight of it."""
    scenario, report = results.resolved.scenario, freight_of(results)
    if scenario.estate is None or report is None or report.estate is None:
        return None
    return ladder(scenario.estate, report.estate.prices, scenario.year), report


def gates_of(results: Results) -> list[Passed]:
    """Say how every gate of a run stands, the right to land by the register of its year."""
    return list(passed(results.resolved.scenario, rights_of(results)))


def rights_of(results: Results) -> dict[str, LandRight]:
    """Read the register of land for every use that has gates."""
    scenario, rules = results.resolved.scenario, results.resolved.rules
    found = {use: land_right(scenario, use, rules, results.layers) for use in scenario.gates}
    return {use: right for use, right in found.items() if right is not None}
