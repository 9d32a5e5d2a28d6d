"""The path after coal on a page: what its script takes, and the years when something changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from maemoh_gis.core.messages import Text
from maemoh_gis.pages.content import Style
from maemoh_gis.pages.features import compact, style_data
from maemoh_gis.pages.wording import Wording

# Of a zone, `open` is a state of its own.
_BECOMES = ("runs", "in_force", "no_longer_in_force", "may_be_asked", "opens")


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
        "zones": [_zone(zone, path["uses"]) for zone in path["zones"]],
        "land": {"free": land["no_longer_in_use_rai"], "closed": land["closed_rai"]},
        "states": {
            state: {"title": compact(one["title"]), "style": style_data(_zone_style(state, one))}
            for state, one in path["states"].items()
        },
        "turns": [
            {"year": turn["year"], "title": compact(turn["title"]),
             "becomes": compact(_becomes(turn, path, wording))}
            for turn in path["turning_points"]
        ],
        "uses": {
            use: {
                id: {"left": zone["left_rai"], "from": _first(zone)}
                for id, zone in held["zones"].items()
            }
            for use, held in path["uses"].items()
        },
    }  # fmt: skip


@dataclass(frozen=True)
class ZoneState:
    """A state that land has in some year of the path, as the legend names it."""

    title: Text
    style: Style


def zone_states(path: Mapping[str, Any]) -> list[ZoneState]:
    """Give the states that zones with an outline have in any year, in the path's order."""
    held = {state for zone in path["zones"] if zone["outline"] for state in zone["states"]}
    states = path["states"].items()
    return [ZoneState(one["title"], _zone_style(id, one)) for id, one in states if id in held]


def _zone_style(state: str, named: Mapping[str, Any]) -> Style:
    """Land in use is only outlined: what stands on it must stay in sight."""
    colour, in_use = named["colour"], state == "in_use"
    return Style(colour, colour, 0.0 if in_use else 0.45, 2.2, "4 4" if in_use else None)


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
    if state in _BECOMES or turn["kind"] == "network":
        return wording(f"path_becomes_{state}")
    title: Text = path["states"][state]["title"]
    return title


def _zone(zone: Mapping[str, Any], uses: Mapping[str, Any]) -> dict[str, Any]:
    for_use = {use: of["zones"].get(zone["id"], {}).get("open_from") for use, of in uses.items()}
    return {
        "id": zone["id"],
        "title": compact(zone["title"]),
        "kind": zone["kind"],
        "states": zone["states"],
        "shape": zone["outline"],
        "rai": zone["area_rai"],
        "returnsTo": compact(zone["returns_to"]),
        "papers": [
            {
                "title": compact(paper["title"]),
                "office": compact(paper["office"]),
                "from": paper["from"],
            }
            for paper in zone["papers"]
        ],
        "opens": [
            {"title": compact(uses[use]["title"]), "from": year}
            for use, year in for_use.items()
            if year is not None
        ],
        "next": compact(zone["next_step"]),
        "confidence": zone["confidence"],
        "source": compact(zone["source"]),
    }


def _first(zone: Mapping[str, Any]) -> int | None:
    """Give the first year in which a use may be asked for or is allowed."""
    years = [year for year in (zone["asked_from"], zone["open_from"]) if year is not None]
    return min(years, default=None)
