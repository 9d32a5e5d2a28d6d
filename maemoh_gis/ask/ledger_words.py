"""What is said of why two runs differ: one sentence first, then each cause, and its table."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.comparison.opening import binding, binding_in_short
from maemoh_gis.comparison.zones import read_zones
from maemoh_gis.core.messages import LANGUAGES, Text, both, joined, same
from maemoh_gis.presentation.run_files import land

if TYPE_CHECKING:
    from maemoh_gis.ask.ledger import Entry, Ledger, Moved
    from maemoh_gis.core.types import BoolArray
    from maemoh_gis.runs.finished import Run

TABLE = "ledger.csv"
COLUMNS = (
    "cause", "cause_th", "cause_en", "use", "allowed_rai", "opened_rai", "closed_rai",
    "good_rai", "changed_rai", "subdistricts_th", "subdistricts_en", "jaccard", "interaction_rai",
)  # fmt: skip
FIGURES = ("mw", "jobs_exposed", "water_freed_mm3", "occupied_rai", "estate_jobs",
           "estate_water_mm3", "estate_mw", "estate_teu")  # fmt: skip
"""Figures told of each cause, as further columns of the table."""
_MOST_PLACES = 3
_MOST_CAUSES = 2
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
        if self.found.together.nothing and not self.found.beside:
            return both("ledger.nothing", binding=self._binding(self.found.uses))
        return joined([self._of_causes(), self._open_in_both()], " ")

    def _of_causes(self) -> Text:
        together = self.found.together
        if together.nothing:
            return both("ledger.only_beside", moved=joined(list(self.found.beside), "; "))
        moving = [one for one in self.found.entries if one.moved and one.moved.land_rai]
        if not moving and together.land_rai:
            moved = [self._use_moved(together, use) for use in self.found.uses
                     if together.changed_rai[use]]  # fmt: skip
            return both("ledger.only_together", moved=joined(moved, "; "))
        if not moving:
            figures = joined(list(_figure_words(together)), ", ")
            return both("ledger.only_figures", figures=figures)
        causes = [
            both("ledger.most", cause=one.cause.title, moved=self._most(one))
            for one in moving[:_MOST_CAUSES]
        ]
        return both("ledger.first", causes=joined(causes, "; "))

    def _open_in_both(self) -> Text:
        """Print how much of the open land is the same; where all is, say which limit binds."""
        shares = {use: self.found.jaccard(use) for use in self.found.uses}
        told = [
            joined([self._use(use), same(share_words(share))], " ")
            for use, share in shares.items() if share < 1
        ]  # fmt: skip
        still = [use for use, share in shares.items() if share >= 1]
        if still:
            uses = {use: self._use(use) for use in still}
            limits = binding_in_short(self.other.folder, uses)
            named = joined(list(uses.values()), ", ")
            told.append(both("ledger.still_the_same", uses=named, binding=limits))
        return both("ledger.jaccard", told=joined(told, "; "))

    def lines(self) -> list[Text]:
        """Say what each cause moves alone, then what all move together."""
        said = [self._line(one) for one in self.found.entries]
        return [*said, self._together()]

    def most(self) -> Text | None:
        """Name the cause that moves most land; None where none moves any alone."""
        moving = [one for one in self.found.entries if one.moved and one.moved.land_rai]
        return moving[0].cause.title if moving else None

    def effects(self) -> Iterator[tuple[Text, str | None, Text, Text]]:
        """Give cause, use, what it moves alone and where; what moves nothing in one row."""
        still = []
        for entry in self.found.entries:
            title, moved = entry.cause.title, entry.moved
            if entry.beside is not None:
                yield title, None, entry.beside, same("–")
            elif moved is None:
                yield title, None, both("ledger.with_others"), same("–")
            elif moved.nothing:
                still.append(title)
            else:
                yield from self._effects(title, moved)
        if still:
            yield joined(still, "; "), None, both("ledger.alone_nothing"), same("–")
        if len(self.found.entries) > 1 and not self.found.together.nothing:
            yield from self._effects(both("ledger.all"), self.found.together)
            yield from self._interactions()

    def _interactions(self) -> Iterator[tuple[Text, str | None, Text, Text]]:
        """Tell the interaction of every use that has one, or that none has."""
        nets = [(use, self.found.interaction_rai(use)) for use in self.found.uses]
        none: list[tuple[str | None, float]] = [(None, 0.0)]
        for use, net in [one for one in nets if one[1]] or none:
            yield both("ledger.interaction"), use, both("ledger.net", rai=_signed(net)), same("–")

    def _effects(self, title: Text, moved: Moved) -> Iterator[tuple[Text, str | None, Text, Text]]:
        for use in self.found.uses:
            if moved.changed_rai[use]:
                told = joined(list(_land_words(moved, use)), ", ")
                yield title, use, told, self._places(moved.changed[use]) or same("–")
        figures = list(_figure_words(moved))
        if figures:
            yield title, None, joined(figures, "; "), same("–")

    def rows(self) -> Iterator[tuple[object, ...]]:
        """Give a row for each cause and use, then one for all together, and the interaction."""
        for entry in self.found.entries:
            titles = tuple(entry.cause.title.values())
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
            yield ("interaction", *interaction, use, *[""] * 8, net, *[""] * len(FIGURES))

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
                round(self.found.jaccard(use), 4) if jaccard else "", "", *figures,
            )  # fmt: skip

    def _line(self, entry: Entry) -> Text:
        title = entry.cause.title
        if entry.beside is not None:
            return both("ledger.line_beside", cause=title, moved=entry.beside)
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
                 jaccard=share_words(self.found.jaccard(use)),
                 changed=land(self.found.together.changed_rai[use]),
                 interaction=_signed(self.found.interaction_rai(use)))
            for use in self.found.uses
        ]  # fmt: skip
        return joined(parts, "; ")

    def _most(self, entry: Entry) -> Text:
        """Say in short what a cause moves for the use of which it moves most."""
        assert entry.moved is not None
        of_use = entry.moved.changed_rai
        use = max(of_use, key=lambda use: of_use[use])
        told = next(_land_words(entry.moved, use, _rai))
        places = self._places(entry.moved.changed[use]) or same("–")
        return both("ledger.moved", use=self._use(use), told=told, places=places)

    def _use_moved(self, moved: Moved, use: str) -> Text:
        places = self._places(moved.changed[use])
        told = joined(list(_land_words(moved, use)), ", ")
        return both("ledger.moved", use=self._use(use), told=told, places=places or same("–"))

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
        return binding(self.other.folder, {use: self._use(use) for use in uses})


def share_words(share: float) -> str:
    """Write a share of land in common: 1.000 only where not one cell is another."""
    if share >= 1:
        return "1.000"
    # Rounded down: 68 rai of a million would read as none.
    return f"{math.floor(share * 10_000) / 10_000:.4f}"


def _rai(area_rai: float) -> Text:
    return both("ledger.rai", rai=f"{area_rai:,.0f}")


def _cell(change: float) -> float | str:
    return "" if math.isnan(change) else round(change, 3) + 0.0


def _land_words(moved: Moved, use: str, area: Callable[[float], Text] = land) -> Iterator[Text]:
    """Say what becomes of land, and nothing of what stays as it is."""
    opened, closed = moved.opened_rai[use], moved.closed_rai[use]
    if opened:
        # Land that only may be asked for is not open to whoever reads the word.
        asked = not moved.allowed_rai[use]
        yield both("ledger.may_be_asked" if asked else "ledger.opens", rai=area(opened))
    if closed:
        yield both("ledger.closes", rai=area(closed))
    if moved.allowed_rai[use] and moved.allowed_rai[use] != opened - closed:
        yield both("ledger.allowed", rai=_signed(moved.allowed_rai[use]))
    if moved.good_rai[use]:
        yield both("ledger.good", rai=_signed(moved.good_rai[use]))
    if moved.changed_rai[use] > max(opened + closed, abs(moved.allowed_rai[use])):
        yield both("ledger.another", rai=area(moved.changed_rai[use]))


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
        "most": told.most(),
        "causes": told.lines(),
        "effects": [list(one) for one in told.effects()],
        "rows": [dict(zip(columns, row, strict=True)) for row in told.rows()],
    }
