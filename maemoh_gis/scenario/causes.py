"""The entries in which two scenarios differ, each a possible cause of another answer."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from maemoh_gis.core.messages import Text, both, has_text, joined, same

_BY_ENTRY = ("limits", "inclusions", "zones", "uses", "rail", "gates")
"""Sections of which each entry is a cause of its own."""
_NO_CAUSE = frozenset(
    {
        "version",
        "id",
        "extends",
        "title",
        "question",
        "leads_to",
        "holds",
        "seed",
        "view",
        "switches",
        "links",
        "programme",
    }
)
"""Keys that name a run or what it looks for, or are asked about apart, and move no land."""


@dataclass(frozen=True)
class Cause:
    """One entry in which two scenarios differ."""

    key: str
    """Dotted, as under `change` of a scenario."""
    was: Any
    """What it was; None where there was none."""
    becomes: Any

    @property
    def title(self) -> Text:
        """Name it by what stands under its key."""
        section, _, id = self.key.partition(".")
        if section == "year":
            return both("ledger.year", was=self.was, becomes=self.becomes)
        known = self.becomes or self.was
        named = known.get("title") if isinstance(known, Mapping) else None
        name = named if isinstance(named, Mapping) else same(id or section)
        kind = f"ledger.kind.{section}"
        return both(kind, name=dict(name)) if has_text(kind, "en") else same(self.key)


def key_title(key: str, first: Mapping[str, Any], second: Mapping[str, Any]) -> Text:
    """Name a dotted key: the entry by its title, and what of it is told."""
    parts = key.split(".")
    whole = 2 if parts[0] in _BY_ENTRY else 1
    was, becomes = (_under(one, parts[:whole]) for one in (first, second))
    title = Cause(".".join(parts[:whole]), was, becomes).title
    rest = ".".join(parts[whole:])
    return joined([title, same(rest)], " · ") if rest else title


def _under(scenario: Mapping[str, Any], parts: Sequence[str]) -> Any:
    value: Any = scenario
    for part in parts:
        value = (value or {}).get(part)
    return value


def causes_between(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[Cause]:
    """
    List the entries in which two scenarios differ, in the order of the second.

    What says something only of a use that one of them alone has is no cause: it tells nothing of
    the land that both ask for.
    """
    shared = set(first.get("uses") or {}) & set(second.get("uses") or {})
    return [
        cause
        for cause in _differences(first, second)
        if _of_uses(cause.key, cause.was, shared) != _of_uses(cause.key, cause.becomes, shared)
    ]


def _differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> Iterator[Cause]:
    for key in dict.fromkeys([*second, *first]):
        was, becomes = first.get(key), second.get(key)
        if key in _NO_CAUSE:
            continue
        if key not in _BY_ENTRY:
            yield Cause(key, was, becomes)
            continue
        for id in dict.fromkeys([*(becomes or {}), *(was or {})]):
            yield Cause(f"{key}.{id}", (was or {}).get(id), (becomes or {}).get(id))


def _of_uses(key: str, value: Any, shared: Collection[str]) -> Any:
    """Leave of an entry what it says of the uses that both scenarios have."""
    section, _, id = key.partition(".")
    if section == "uses":
        return value if id in shared else None
    if section in {"limits", "inclusions"} and isinstance(value, Mapping):
        named = value.get("uses")
        return {**value, "uses": sorted(shared if named is None else {*named} & {*shared})}
    if section == "exposure" and isinstance(value, Mapping):
        return {**value, "uses": _among(value.get("uses"), shared)}
    if section == "viewpoints" and isinstance(value, Mapping):
        return {
            name: {**one, "weights": _among(one.get("weights"), shared)}
            if isinstance(one, Mapping)
            else one
            for name, one in value.items()
        }
    return value


def _among(by_use: Any, shared: Collection[str]) -> Any:
    if not isinstance(by_use, Mapping):
        return by_use
    return {use: one for use, one in by_use.items() if use in shared}
