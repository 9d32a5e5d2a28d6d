"""The gates of each use: met, not met or not known, with the paper, the office and the year."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maemoh_gis.core.messages import Text, both
from maemoh_gis.decision.ladder import teu_of_pairs
from maemoh_gis.scenario.settings.gate import GATES

if TYPE_CHECKING:
    from maemoh_gis.decision.land_right import LandRight
    from maemoh_gis.scenario.settings.estate import Commitment, Estate
    from maemoh_gis.scenario.settings.gate import Gate, GateName, Gates, GateState
    from maemoh_gis.scenario.settings.scenario import Scenario


@dataclass(frozen=True)
class Passed:
    """How one gate of one use stands."""

    use: str
    gate: GateName
    state: GateState
    about: Gate
    committed: tuple[float, float] | None = None
    """What is committed and what is asked, in TEU a year or in rai, where the gate counts it."""
    right: LandRight | None = None
    """What the register of land tells, where the gate is read from it."""

    @property
    def elsewhere(self) -> GateState | None:
        """Give the state on land outside the register, where the gate is read from the register.

        Of that land nobody has said who owns it or which paper it needs.
        """
        return None if self.right is None else "unknown"


def state_words(one: Passed) -> Text:
    """Name the state of a gate; what the register tells is said of its land alone."""
    state = both(f"gate.state.{one.state}")
    if one.elsewhere is None:
        return state
    return both("gate.state.of_register", state=state, other=both(f"gate.state.{one.elsewhere}"))


def passed(scenario: Scenario, rights: Mapping[str, LandRight] = {}) -> Iterator[Passed]:
    """
    Say how every gate of a scenario stands, in the order in which they are decided.

    `rights` is what the register of land tells of each use; a gate the scenario itself calls met or
    not met stands as it says.
    """
    for use, of_use in scenario.gates.items():
        for name in GATES:
            gate = of_use.gates[name]
            counted = _committed(of_use, scenario) if name == "demand" else None
            right = rights.get(use) if name == "land_right" and gate.state == "unknown" else None
            state = _state(gate, counted) if right is None else right.state
            yield Passed(use, name, state, gate, counted, right)


def _state(gate: Gate, counted: tuple[float, float] | None) -> GateState:
    # Nothing bound to is no paper, even where nothing is asked.
    if counted is None or not any(counted):
        return gate.state
    bound, asked = counted
    return "met" if bound >= asked else "not_met"


def _committed(of_use: Gates, scenario: Scenario) -> tuple[float, float] | None:
    """Count what tenants have bound themselves to, against what the gate asks; None if it asks
    nothing that is counted.
    """
    estate = scenario.estate
    if estate is None:
        return None
    bound = [one for one in estate.commitments.values() if one.from_year <= scenario.year]
    if of_use.demand_rai is not None:
        return math.fsum(one.rai for one in bound), of_use.demand_rai
    if of_use.demand_step is not None:
        step = estate.steps[of_use.demand_step]
        return math.fsum(_teu(estate, one) for one in bound), teu_of_pairs(
            estate, step.pairs_a_week
        )
    return None


def _teu(estate: Estate, commitment: Commitment) -> float:
    if commitment.teu is not None:
        return commitment.teu
    return commitment.rai * estate.industries[commitment.industry].teu_per_rai.low
