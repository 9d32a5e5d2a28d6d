"""What somebody has set by the controls, as values of a scenario and as a file of its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from maemoh_gis.core.messages import LANGUAGES, Text
from maemoh_gis.desk.offer import Offer

_HASH_DIGITS = 8


@dataclass(frozen=True)
class Wish:
    """Where the controls stand."""

    year: int
    viewpoint: str
    points: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Points of the criteria, by use; of a use that is left out those of the viewpoint."""
    numbers: Mapping[str, float] = field(default_factory=dict)
    """Numbers by dotted key; of a key that is left out the scenario's."""

    def weighing(self, use: str, points: Mapping[str, float]) -> Wish:
        """Give the same with other points for a use."""
        return replace(self, points={**self.points, use: points})

    def counting(self, key: str, value: float) -> Wish:
        """Give the same with another number."""
        return replace(self, numbers={**self.numbers, key: value})


def wish_of(offer: Offer) -> Wish:
    """Give the wish of somebody who has touched nothing."""
    return Wish(offer.year, offer.viewpoint)


def values_of(wish: Wish, offer: Offer) -> dict[str, Any]:
    """Give what is set otherwise than the scenario has it, by dotted key, as `--set` takes it."""
    values: dict[str, Any] = {}
    if wish.year != offer.year:
        values["year"] = wish.year
    if wish.viewpoint != offer.viewpoint:
        values["viewpoint"] = wish.viewpoint
    shown = offer.points.get(wish.viewpoint, {})
    for use, points in wish.points.items():
        if dict(points) != dict(shown.get(use, {})):
            key = f"viewpoints.{wish.viewpoint}.weights.{use}"
            values[key] = {id: plain(one) for id, one in points.items()}
    stand = {one.key: one.value for one in (*offer.limits, *offer.sizes)}
    for key, value in wish.numbers.items():
        if value != stand.get(key):
            values[key] = plain(value)
    return values


def plain(number: float) -> float | int:
    """Write a whole number without its point."""
    return int(number) if float(number).is_integer() else number


def label_of(scenario: str, values: Mapping[str, Any]) -> str:
    """Name the run folder of a scenario with what was set: equal questions have one."""
    if not values:
        return scenario
    written = json.dumps(values, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(written.encode("utf-8")).hexdigest()
    return f"{scenario}--desk-{digest[:_HASH_DIGITS]}"


def document_of(
    offer: Offer, values: Mapping[str, Any], id: str, title: str = ""
) -> dict[str, Any]:
    """Give the scenario as a file says it: what it extends, and what it changes there."""
    named: Text = {x: title or f"{offer.title[x]} ({id})" for x in LANGUAGES}
    change = {key: value for key, value in values.items() if key != "year"}
    return {
        "version": 1,
        "id": id,
        "extends": offer.scenario,
        "title": dict(named),
        "question": dict(offer.question),
        "year": values.get("year", offer.year),
        **({"change": change} if change else {}),
    }
