"""On how many numbers a verdict rests, and how many of them are assumptions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, cast

from maemoh_gis.freight.boxes import PRICED_BY
from maemoh_gis.freight.tariffs import read_tariffs

if TYPE_CHECKING:
    from maemoh_gis.decision.gates import Passed
    from maemoh_gis.documents.schema import Confidence
    from maemoh_gis.engine.results import Results
    from maemoh_gis.scenario.settings.estate import Estate
    from maemoh_gis.scenario.settings.phase_out import Coefficient
    from maemoh_gis.scenario.settings.scenario import Scenario

Counted = tuple[int, int]
"""Assumptions, and all numbers they are among."""


def counted(trust: Sequence[str]) -> Counted:
    """Count the assumptions among numbers of some confidence."""
    return list(trust).count("ASSUMPTION"), len(trust)


def share_words(found: Counted) -> dict[str, object]:
    """Give the count for a sentence: how many of how many, and how much that is."""
    n, m = found
    return {"n": n, "m": m, "percent": f"{100 * n / m:.0f}" if m else "0"}


def behind_steps(results: Results) -> list[Confidence]:
    """List how well every number is known that decides about the steps to a yard."""
    estate = results.resolved.scenario.estate
    boxes = [] if estate is None else [one.confidence for one in numbers_behind(estate)]
    return [*boxes, *_behind_prices(results)]


def numbers_behind(estate: Estate) -> list[Coefficient]:
    """List the numbers that decide how many boxes an estate sends, and the trains they fill."""
    rates = [one.teu_per_rai for one in estate.industries.values()]
    return [estate.sold_share, estate.take_up_rai, *rates, estate.trains.teu_a_train]


def _behind_prices(results: Results) -> list[Confidence]:
    """List the rates that price a box by lorry and by train."""
    freight = results.resolved.scenario.freight
    if freight is None:
        return []
    rates = read_tariffs(results.layers.rows(freight.tariffs)).rates
    return [cast("Confidence", rates[item].confidence) for item in PRICED_BY]


def behind_gate(scenario: Scenario, one: Passed) -> list[Confidence]:
    """
    List how well every number is known that decides about a gate.

    Nothing where no number does: a gate that waits for a paper rests on that paper alone.
    """
    if one.right is not None:
        return list(one.right.rests_on)
    estate, of_use = scenario.estate, scenario.gates[one.use]
    if one.committed is None or estate is None or of_use.demand_step is None:
        return []
    by_rate = [
        estate.industries[bound.industry].teu_per_rai.confidence
        for bound in estate.commitments.values()
        if bound.teu is None and bound.from_year <= scenario.year
    ]
    return [estate.trains.teu_a_train.confidence, *by_rate]


def of_gates(scenario: Scenario, gates: Iterable[Passed]) -> list[Confidence]:
    """List the numbers behind all gates of a run."""
    return [trust for one in gates for trust in behind_gate(scenario, one)]
