"""What a room holds important together and apart, and what of the sites that would change."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.mcda.group_ahp import concordance
from maemoh_gis.pages.wording import is_missing
from maemoh_gis.presentation.run_files import rows_of
from maemoh_gis.workshop.answers import Answer

if TYPE_CHECKING:
    from maemoh_gis.presentation.run_files import RunFiles

TOGETHER = "together"


@dataclass(frozen=True)
class Difference:
    """The criterion on which people are furthest apart."""

    criterion: str
    lowest: float
    lowest_by: str
    highest: float
    highest_by: str


@dataclass(frozen=True)
class Agreement:
    """What was said of one use."""

    use: str
    people: Mapping[str, Mapping[str, float]]
    """Weights by person."""
    groups: Mapping[str, Mapping[str, float]]
    """Mean weights of each group, and of all people under `TOGETHER`, which stands first."""
    concordance: float | None
    """Kendall's W: 1 if all order the criteria alike, 0 if there is no common order."""
    apart: Difference | None
    """None with one person, or where all say the same."""


def agreements(answers: Sequence[Answer]) -> list[Agreement]:
    """Gather what was said of each use; every person counts the same."""
    uses = dict.fromkeys(answer.use for answer in answers)
    return [_agreement(use, [one for one in answers if one.use == use]) for use in uses]


def _agreement(use: str, answers: Sequence[Answer]) -> Agreement:
    criteria = list(answers[0].weights)
    people = {one.person: {name: one.weights[name] for name in criteria} for one in answers}
    members: dict[str, list[str]] = {TOGETHER: list(people)}
    for one in answers:
        if one.group and one.group != TOGETHER:
            members.setdefault(one.group, []).append(one.person)
    groups = {
        group: {name: math.fsum(people[one][name] for one in of) / len(of) for name in criteria}
        for group, of in members.items()
    }
    table = np.array([[weights[name] for name in criteria] for weights in people.values()])
    return Agreement(use, people, groups, concordance(table), _apart(people))


def _apart(people: Mapping[str, Mapping[str, float]]) -> Difference | None:
    """Find where the greatest and the least weight lie furthest from each other."""
    found: Difference | None = None
    for criterion in next(iter(people.values())):
        low = min(people, key=lambda one, name=criterion: people[one][name])  # type: ignore[misc]
        high = max(people, key=lambda one, name=criterion: people[one][name])  # type: ignore[misc]
        lowest, highest = people[low][criterion], people[high][criterion]
        if highest > lowest and (found is None or highest - lowest > found.highest - found.lowest):
            found = Difference(criterion, lowest, low, highest, high)
    return found


@dataclass(frozen=True)
class SiteUnder:
    """The score of a site under somebody's weights."""

    number: int
    score: float | None
    """From the criteria that are known alone; None where none of them weighs."""
    low: float
    """If all that is not known were bad."""
    high: float
    """If all that is not known were good."""


def sites_under(
    sites: Sequence[Mapping[str, Any]], weights: Mapping[str, float]
) -> list[SiteUnder]:
    """Score the sites of a run under other weights, best known score first; the sites stay."""
    found = [_site_under(site, weights) for site in sites]
    return sorted(
        found, key=lambda one: (-(one.score if one.score is not None else -1), one.number)
    )


def _site_under(site: Mapping[str, Any], weights: Mapping[str, float]) -> SiteUnder:
    known = {
        name: float(site[f"{name}_mean"])
        for name in weights
        if not is_missing(site.get(f"{name}_mean"))
    }
    gained = math.fsum(weights[name] * score for name, score in known.items())
    weighed = math.fsum(weights[name] for name in known)
    score = gained / weighed if weighed > 0 else None
    return SiteUnder(int(site["number"]), score, gained, gained + max(1.0 - weighed, 0.0))


def tell_apart(sites: Sequence[SiteUnder]) -> bool:
    """Say whether some site is better than another whatever is not known."""
    return bool(sites) and max(one.low for one in sites) > min(one.high for one in sites)


def site_rows_of(run: RunFiles, use: str) -> list[Mapping[str, Any]]:
    """Read the sites of a use as rows."""
    found = run.features("sites.gpkg", f"sites_{use}")
    return list(rows_of(found))
