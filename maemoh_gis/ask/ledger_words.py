"""What is said of why two runs differ: one sentence first, then each cause, and its table."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.comparison.zones import read_zones
from maemoh_gis.core.errors import FileError
from maemoh_gis.core.messages import LANGUAGES, Text, both, joined, same
from maemoh_gis.files import read_csv
from maemoh_gis.presentation.run_files import land

if TYPE_CHECKING:
    from maemoh_gis.ask.ledger import Cause, Entry, Ledger, Moved
    from maemoh_gis.core.types import BoolArray
    from maemoh_gis.runs.finished import Run

TABLE = "ledger.csv"
COLUMNS = (
    "cause", "cause_th", "cause_en", "use", "allowed_rai", "opened_rai", "closed_rai",
    "good_rai", "changed_rai", "subdistricts_th", "subdistricts_en", "jaccard",
)  # fmt: skip
FIGURES = ("mw", "jobs_exposed", "water_freed_mm3", "occupied_rai", "estate_jobs",
           "estate_water_mm3", "estate_mw", "estate_teu")  # fmt: skip
"""Figures told of each cause, as further columns of the table."""
_MOST_PLACES = 3
_MOST_CAUSES = 3
_WHOLE_FROM = 100


class LedgerTold:
    """The words and rows of a ledger."""

    def __init__(self, found: Ledger, base: Run, other: Run) -> None:
        self.found, self.base, self.other = found, base, other
        zones = read_zones(base.catalog, base.grid.crs)
        self._zones = zones.zones.get("subdistrict", ())
        self._cells = zones.numbered(base.grid).numbers.get("subdistrict")

    def first_sentence(self) -> Text:
        """Say in one sentence what moved most, or that nothing did and which limits still bind."""
        together = self.found.together
        if together.nothing:
            return both("ledger.nothing", binding=self._binding(self.found.uses))
        moving = [one for one in self.found.entries if one.moved and one.moved.land_rai]
        if not moving and together.land_rai:
            moved = [self._use_moved(together, use) for use in self.found.uses
                     if together.changed_rai[use]]  # fmt: skip
            return both("ledger.only_together", moved=joined(moved, "; "))
        if not moving:
            figures = joined(list(_figure_words(together)), ", ")
            return both("ledger.only_figures", figures=figures,
                        binding=self._binding(self.found.uses))  # fmt: skip
        causes = [
            joined([self.title(one.cause), self._most(one)], " – ") for one in moving[:_MOST_CAUSES]
        ]
        said = both("ledger.first", causes=joined(causes, "; "))
        still = [use for use in self.found.uses if not together.changed_rai[use]]
        if not still:
            return said
        uses = joined([self._use(use) for use in still], ", ")
        same_for = both("ledger.same_for", uses=uses, binding=self._binding(still))
        return joined([said, same_for], " ")

    def lines(self) -> list[Text]:
        """Say what each cause moves alone, then what all move together."""
        said = [self._line(one) for one in self.found.entries]
        return [*said, self._together()]

    def rows(self) -> Iterator[tuple[object, ...]]:
        """Give a row for each cause and use, then one for all together, and the interaction."""
        for entry in self.found.entries:
            titles = tuple(self.title(entry.cause).values())
            if entry.moved is None:
                empty = [""] * (len(COLUMNS) - 3 + len(FIGURES))
                yield (entry.cause.key, *titles, *empty)
                continue
            yield from self._rows(entry.cause.key, titles, entry.moved)
        all_of = tuple(both("ledger.all").values())
        yield from self._rows("all", all_of, self.found.together, jaccard=True)
        interaction = tuple(both("ledger.interaction").values())
        for use in self.found.uses:
            net = round(self.found.interaction_rai(use), 1)
            yield ("interaction", *interaction, use, "", net, *[""] * (6 + len(FIGURES)))

    def title(self, cause: Cause) -> Text:
        """Name a cause by what stands under its key."""
        section, _, id = cause.key.partition(".")
        if section == "year":
            return both("ledger.year", was=cause.was, becomes=cause.becomes)
        known = cause.becomes or cause.was
        named = known.get("title") if isinstance(known, Mapping) else None
        name = named if isinstance(named, Mapping) else same(id or section)
        kind = both(f"ledger.kind.{section}") if section in _KINDS else same(section)
        return joined([kind, dict(name)], " ") if id or named else kind

    def _rows(
        self, key: str, titles: Sequence[str], moved: Moved, *, jaccard: bool = False
    ) -> Iterator[tuple[object, ...]]:
        figures = [_cell(moved.figures.get(name, 0.0)) for name in FIGURES]
        for use in self.found.uses:
            numbers = (moved.allowed_rai, moved.opened_rai, moved.closed_rai, moved.good_rai,
                       moved.changed_rai)  # fmt: skip
            places = self._places(moved.changed[use])
            yield (
                key, *titles, use, *(round(of[use], 1) + 0.0 for of in numbers),
                *(places.values() if places else ("", "")),
                round(self.found.jaccard(use), 4) if jaccard else "", *figures,
            )  # fmt: skip

    def _line(self, entry: Entry) -> Text:
        title = self.title(entry.cause)
        if entry.moved is None:
            return both("ledger.not_alone", cause=title)
        if entry.moved.nothing:
            return both("ledger.moves_nothing", cause=title)
        told = [self._use_moved(entry.moved, use) for use in self.found.uses
                if entry.moved.changed_rai[use]]  # fmt: skip
        told += list(_figure_words(entry.moved))
        return both("ledger.line", cause=title, moved=joined(told, "; "))

    def _together(self) -> Text:
        parts = [
            both("ledger.together", use=self._use(use),
                 jaccard=f"{self.found.jaccard(use):.3f}",
                 changed=land(self.found.together.changed_rai[use]),
                 interaction=_signed(self.found.interaction_rai(use)))
            for use in self.found.uses
        ]  # fmt: skip
        return joined(parts, "; ")

    def _most(self, entry: Entry) -> Text:
        """Say what a cause moves for the use of which it moves most."""
        assert entry.moved is not None
        of_use = entry.moved.changed_rai
        return self._use_moved(entry.moved, max(of_use, key=lambda use: of_use[use]))

    def _use_moved(self, moved: Moved, use: str) -> Text:
        places = self._places(moved.changed[use])
        return both(
            "ledger.moved",
            use=self._use(use),
            opened=land(moved.opened_rai[use]),
            closed=land(moved.closed_rai[use]),
            allowed=_signed(moved.allowed_rai[use]),
            changed=land(moved.changed_rai[use]),
            places=places or same("–"),
        )

    def _use(self, use: str) -> Text:
        return self.base.scenario.uses[use].title.both()

    def _places(self, changed: BoolArray) -> Text | None:
        """Name the subdistricts with the most changed land; None where none has any."""
        if self._cells is None or not changed.any():
            return None
        counts = np.bincount(self._cells[changed], minlength=len(self._zones) + 1)
        order = [int(k) for k in np.argsort(-counts, kind="stable") if k and counts[k]]
        names = [self._zones[k - 1].name for k in order[:_MOST_PLACES]]
        told = joined([{x: name[x] for x in LANGUAGES} for name in names], ", ") if names else None
        if told and len(order) > _MOST_PLACES:
            return both("ledger.and_more", places=told, n=len(order) - _MOST_PLACES)
        return told

    def _binding(self, uses: Sequence[str]) -> Text:
        """Name the limit that alone keeps the most land removed for each use."""
        try:
            rows = read_csv(self.other.folder / "removed.csv")
        except FileError:
            # Lost since the run: what was worked out is told all the same.
            rows = []
        told = []
        for use in uses:
            mine = [row for row in rows if row["use"] == use and row["limit"] != "all"]
            mine = [row for row in mine if row["alone_rai"] and float(row["alone_rai"]) > 0]
            most = max(mine, key=lambda row: float(row["alone_rai"]), default=None)
            if most is not None:
                title = {x: most[f"title_{x}"] for x in LANGUAGES}
                told.append(both("ledger.binds", use=self._use(use), limit=title,
                                 rai=land(float(most["alone_rai"]))))  # fmt: skip
        return joined(told, "; ")


_KINDS = frozenset({
    "limits", "inclusions", "zones", "uses", "rail", "gates", "timeline", "estate", "freight",
    "viewpoint", "viewpoints", "networks", "exposure", "choice", "questions", "grid", "area",
    "after_use",
})  # fmt: skip


def _cell(change: float) -> float | str:
    return "" if math.isnan(change) else round(change, 3) + 0.0


def _figure_words(moved: Moved) -> Iterator[Text]:
    for name in FIGURES:
        change = moved.figures.get(name, 0.0)
        if math.isnan(change):
            yield both("ledger.figure.in_one", figure=both(f"ledger.figure.{name}"))
        elif change:
            yield joined([both(f"ledger.figure.{name}"), same(_signed(change))], " ")


def _signed(value: float) -> str:
    whole = abs(value) >= _WHOLE_FROM or value == round(value)
    return f"{value + 0.0:+,.0f}" if whole else f"{value:+,.2f}"


def on_record(told: LedgerTold) -> dict[str, Any]:
    """Give a ledger as plain data."""
    columns = (*COLUMNS, *FIGURES)
    return {
        "first": told.first_sentence(),
        "causes": told.lines(),
        "rows": [dict(zip(columns, row, strict=True)) for row in told.rows()],
    }
