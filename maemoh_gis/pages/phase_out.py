"""The path after coal on a page: what its script takes, and the years when something changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maemoh_gis.core.messages import Text, both
from maemoh_gis.pages.features import compact
from maemoh_gis.pages.wording import Wording

_BECOMES = ("runs", "in_force", "no_longer_in_force", "open")


def path_data(path: Mapping[str, Any] | None, wording: Wording) -> dict[str, Any] | None:
    """
    Give the path after coal as the page's script takes it.

    Plain values, ready for JSON; None for a scenario without a path.
    """
    if path is None:
        return None
    land = path["land"]
    return {
        "years": [path["years"][0], path["years"][-1]],
        "year": path["year"],
        "units": [
            {"id": unit["id"], "title": compact(unit["title"]), "mw": unit["mw"],
             "start": unit["start"], "last": unit["last_year"], "unsureTo": unit["unsure_to"],
             "never": unit["never"], "counted": unit["counted"]}
            for unit in path["units"]
        ],
        "mw": path["capacity"]["mw"],
        "unsure": path["capacity"]["mw_not_certain"],
        "confidence": path["capacity"]["confidence"],
        "amounts": [
            {"title": compact(one["title"]), "unit": compact(one["unit"]), "low": one["low"],
             "central": one["central"], "high": one["high"], "confidence": one["confidence"],
             "observed": one["observed"]}
            for one in path["amounts"].values()
        ],
        "rail": [{"title": compact(one["title"]), "states": one["states"]} for one in path["rail"]],
        "zones": [_zone(zone) for zone in path["zones"]],
        "land": {"free": land["no_longer_in_use_rai"], "closed": land["closed_rai"]},
        "states": {
            state: {"title": compact(one["title"]), "colour": one["colour"]}
            for state, one in path["states"].items()
        },
        "turns": [
            {"year": turn["year"], "title": compact(turn["title"]),
             "becomes": compact(_becomes(turn, path, wording))}
            for turn in path["turning_points"]
        ],
        "uses": {
            use: {id: {"left": zone["left_rai"]} for id, zone in held["zones"].items()}
            for use, held in path["uses"].items()
        },
    }  # fmt: skip


def turning_rows(path: Mapping[str, Any], wording: Wording) -> list[tuple[int, list[Text]]]:
    """Say in words what changes in which year."""
    rows: dict[int, list[Text]] = {}
    for turn in path["turning_points"]:
        becomes = _becomes(turn, path, wording)
        line = wording("path_turn", title=turn["title"], becomes=becomes)
        rows.setdefault(turn["year"], []).append(line)
    return sorted(rows.items())


def _becomes(turn: Mapping[str, Any], path: Mapping[str, Any], wording: Wording) -> Text:
    state = turn["becomes"]
    unsure = {unit["id"] for unit in path["units"] if not unit["counted"]}
    if turn["kind"] == "unit" and turn["id"] in unsure:
        if state == "runs":
            return wording("path_becomes_unsure")
        return wording("path_becomes_unsure_gone", year=turn["year"] - 1)
    if state == "gone":
        return wording("path_becomes_gone", year=turn["year"] - 1)
    if state in _BECOMES:
        return wording(f"path_becomes_{state}")
    title: Text = path["states"][state]["title"]
    return title


def _zone(zone: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": zone["id"],
        "title": compact(zone["title"]),
        "kind": zone["kind"],
        "states": zone["states"],
        "shape": zone["outline"],
        "rai": zone["area_rai"],
        "returnsTo": compact(zone["returns_to"]),
        "outstanding": [compact(need) for need in _needs(zone["outstanding"])],
        "confidence": zone["confidence"],
        "source": compact(zone["source"]),
    }


def _needs(needs: Sequence[str]) -> list[Text]:
    return [both(f"zone.need.{need}") for need in needs]
