"""The ledger of two runs in words, worked out once and kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from maemoh_gis.ask.ledger import ledger
from maemoh_gis.ask.ledger_words import COLUMNS, FIGURES, LedgerTold, on_record
from maemoh_gis.cache.derived import cached
from maemoh_gis.cache.store import NO_CACHE, Store
from maemoh_gis.comparison.model import GOOD_SCORE, Effect, Why
from maemoh_gis.core.errors import MaeMohError
from maemoh_gis.runs.finished import Run, open_run
from maemoh_gis.scenario.causes import causes_between

if TYPE_CHECKING:
    from maemoh_gis.comparison.compare import Explain
    from maemoh_gis.comparison.runs import ComparedRun
    from maemoh_gis.core.messages import Text
    from maemoh_gis.layers.catalog import Catalog

MOST_CAUSES = 8
"""Causes that are worked out unasked; each computes the land of its runs again."""


@dataclass(frozen=True)
class Pair:
    """Two runs whose ledger is wanted, and how it is worked out."""

    base: Run
    other: Run
    at_least: float
    """Land at this score or above is good."""
    watch: Callable[[Text], None]
    store: Store

    def cache_key(self) -> list[object]:
        """Go by the records, which hold what was read and written, and the layers as they are."""
        layers = sorted((id, str(one.sha256)) for id, one in self.base.catalog.layers.items())
        return [self.base.record, self.other.record, self.at_least, layers]


def told_of(pair: Pair) -> dict[str, Any]:
    """Work a ledger out and put it into words."""
    found = ledger(pair.base, pair.other, pair.watch, pair.store, pair.at_least)
    return on_record(LedgerTold(found, pair.base, pair.other))


def told_ledger(
    base: Run,
    other: Run,
    watch: Callable[[Text], None] = lambda _: None,
    store: Store = NO_CACHE,
    at_least: float = GOOD_SCORE,
) -> dict[str, Any]:
    """Give a ledger as plain data, kept from an earlier time where nothing is another."""
    return cached(store, told_of, Pair(base, other, at_least, watch, store))


def explainer(
    catalog: Catalog,
    *,
    asked: bool | None,
    at_least: float = GOOD_SCORE,
    watch: Callable[[Text], None] = lambda _: None,
    store: Store = NO_CACHE,
) -> Explain:
    """
    Give what tells a comparison why one run differs from another.

    Where nobody asked for it or against it, runs are told in their order as long as they have few
    causes between them, and what cannot be worked out is left out.
    """
    left = MOST_CAUSES

    def explain(one: ComparedRun, other: ComparedRun) -> Why | None:
        nonlocal left
        causes = causes_between(one.record["resolved"], other.record["resolved"])
        if asked is False or (asked is None and len(causes) > left):
            return None
        left -= len(causes)
        try:
            first, second = (open_run(run.folder, catalog) for run in (one, other))
            return _why(told_ledger(first, second, watch, store, at_least))
        except MaeMohError:
            if asked:
                raise
            return None

    return explain


def _why(told: dict[str, Any]) -> Why:
    return Why(
        told["first"],
        told["most"],
        [Effect(*one) for one in told["effects"]],
        (*COLUMNS, *FIGURES),
        [tuple(row.values()) for row in told["rows"]],
    )
