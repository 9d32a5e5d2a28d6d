"""
What causes move that is neither land nor a figure of the year: read from the records of both runs.

Terms of freight, places for a yard, sites of uses that share the land and likeness learnt from land
in use take no part in what a cell may be or scores. Both runs worked them out, with all causes at
once, so what moved is told of the cause that decides about it, and that others may share in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from maemoh_gis.core.messages import Text, both, joined, same

Record = Mapping[str, Any]


def beside(key: str, first: Record, second: Record, *, alone: bool) -> Text | None:
    """
    Say what an entry moved between two records; None where land and figures say all of it.

    `key` is the entry's, dotted; `alone` says that the runs differ in nothing else.
    """
    section, _, id = key.partition(".")
    if section == "uses":
        told, what = list(_sites(first, second, [id])), "mix"
    elif section in _TELLERS:
        told, what = list(_TELLERS[section](first, second)), section
    else:
        return None
    if not told:
        return both("ledger.beside_same", what=both(f"ledger.beside.{what}"))
    moved = joined(told, "; ")
    return moved if alone else both("ledger.beside_shared", moved=moved)


def moved_beside(first: Record, second: Record) -> list[Text]:
    """List all that moved between two records beside land and figures."""
    return [told for tell in _TELLERS.values() for told in tell(first, second)]


def _freight(first: Record, second: Record) -> Iterator[Text]:
    """Say which step a yard is at, how many of its boxes go by rail, and over which yard."""
    one, other = (record.get("ladder") or {} for record in (first, second))
    for when in ("now", "full"):
        before, after = (_step(r, when) for r in (first, second))
        if before != after:
            yield _changed(both(f"ledger.beside.step_{when}"), before, after)
    before, after = (_percent(found.get("share_by_rail")) for found in (one, other))
    if before != after:
        yield _changed(both("ledger.beside.by_rail"), before, after)
    key = "best_yard_where_prices_favour_rail"
    yards = [(record.get("freight") or {}).get(key) for record in (first, second)]
    if yards[0] != yards[1]:
        before, after = (_place(r, id) for r, id in zip((first, second), yards, strict=True))
        yield _changed(both("ledger.beside.best_yard"), before, after)


def _step(record: Record, when: str) -> Text:
    """Name a step with its range."""
    found = (record.get("ladder") or {}).get(when)
    if not found:
        return same("–")
    steps = record["resolved"]["estate"]["steps"]
    order = list(steps)
    low, high = (order.index(found[level]) for level in ("low", "high"))
    title = steps[found["central"]]["title"]
    return joined([same(f"{order.index(found['central'])} ({low}–{high})"), title], " ")


def _percent(shares: Mapping[str, float] | None) -> Text:
    if not shares:
        return same("–")
    low, central, high = (f"{100 * shares[level]:.0f}" for level in ("low", "central", "high"))
    return same(f"{central} % ({low}–{high} %)")


def _place(record: Record, id: str | None) -> Text:
    places = (record["resolved"].get("choice") or {}).get("places", {})
    return places[id]["title"] if id in places else same(id or "–")


def _choice(first: Record, second: Record) -> Iterator[Text]:
    """Say how many places for a yard the facts leave in the best class, and whether others."""
    best = [_best(record) for record in (first, second)]
    if best[0] != best[1]:
        counts = [same("–" if one is None else str(len(one))) for one in best]
        yield _changed(both("ledger.beside.best_places"), *counts)


def _best(record: Record) -> frozenset[str] | None:
    """Name the places of the best class; None in a run that compares none."""
    found = record.get("choice")
    if found is None:
        return None
    return frozenset(id for id, of in found["classes"].items() if of == "A")


def _mix(first: Record, second: Record) -> Iterator[Text]:
    yield from _sites(first, second, list(first["sites"]))


def _sites(first: Record, second: Record, uses: Sequence[str]) -> Iterator[Text]:
    """Say how many sites each use has, where sites are others."""
    files = [record["outputs"].get("sites.gpkg") for record in (first, second)]
    if files[0] == files[1]:
        return
    counts = [record["sites"] for record in (first, second)]
    for use in uses:
        if use in counts[0] and use in counts[1]:
            sites = both("ledger.beside.sites", use=second["resolved"]["uses"][use]["title"])
            yield _changed(sites, *(same(str(of[use])) for of in counts))


def _learnt(first: Record, second: Record) -> Iterator[Text]:
    """Say of each use on which something is learnt whether that is another."""
    one, other = (record.get("learnt") or {} for record in (first, second))
    for use in dict.fromkeys([*one, *other]):
        if one.get(use) != other.get(use):
            known = first if use in first["resolved"]["uses"] else second
            title = known["resolved"]["uses"][use]["title"]
            says = other[use]["says"] if use in other else both("ledger.beside.not_learnt")
            yield joined([title, says], ": ")


def _changed(what: Text, was: Text, becomes: Text) -> Text:
    return both("ledger.beside_moved", what=what, was=was, becomes=becomes)


_TELLERS: Mapping[str, Callable[[Record, Record], Iterator[Text]]] = {
    "freight": _freight,
    "choice": _choice,
    "mix": _mix,
    "learnt": _learnt,
}
