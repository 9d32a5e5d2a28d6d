"""Tables of choices: pieces ranked under every run, Kendall's tau, regret over sites and uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.comparison.pieces import KINDS, Kind, Piece
from maemoh_gis.core import units
from maemoh_gis.core.messages import LANGUAGES
from maemoh_gis.core.types import FloatArray, IntArray
from maemoh_gis.core.units import known
from maemoh_gis.mcda.rankings import Regret, Tau, kendall_tau, minimax_regret, ranks

if TYPE_CHECKING:
    from maemoh_gis.comparison.model import Comparison

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Choice:
    """The pieces of one use and kind under the runs of one viewpoint."""

    use: str
    kind: Kind
    group: str
    runs: tuple[int, ...]
    """Numbers of the runs."""
    pieces: tuple[Piece, ...]
    payoffs: FloatArray
    """float array (pieces, runs), NaN unknown."""
    ranks: IntArray
    """int array (pieces, runs), 0 unknown."""
    regret: Regret

    def tau(self, first: int, second: int) -> Tau:
        """Compare the ranking of two runs, by their place in `runs`."""
        return kendall_tau(self.payoffs[:, first], self.payoffs[:, second])


@dataclass(frozen=True)
class UseChoice:
    """Which use a site suits with least regret under the runs of one viewpoint."""

    group: str
    piece: Piece
    uses: tuple[str, ...]
    runs: tuple[int, ...]
    payoffs: FloatArray
    """float array (uses, runs), NaN unknown."""
    regret: Regret


def choices(found: Comparison) -> Iterator[Choice]:
    """Rank the pieces of every use under the runs that weigh alike."""
    for use, one in found.uses.items():
        for group, members in found.together(use).items():
            for kind in KINDS:
                at = [k for k, piece in enumerate(one.pieces) if piece.kind == kind]
                if at:
                    payoffs = one.payoffs[np.ix_(at, members)]
                    ranked = np.column_stack([ranks(column) for column in payoffs.T])
                    yield Choice(
                        use, kind, group, tuple(members), tuple(one.pieces[k] for k in at),
                        payoffs, ranked, minimax_regret(payoffs),
                    )  # fmt: skip


def use_choices(found: Comparison) -> Iterator[UseChoice]:
    """Ask of every site which use gives up least."""
    for group, members in found.groups.items():
        uses = [u for u, one in found.uses.items() if set(members) <= set(one.land.runs)]
        if len(members) < 2 or len(uses) < 2:
            continue
        for owner in uses:
            sites = [p for p in found.uses[owner].pieces if p.kind == "site"]
            for number, piece in enumerate(sites):
                one = found.uses[owner]
                brings = {**one.elsewhere, owner: one.payoffs}  # sites stand before yards
                payoffs = np.array([brings[use][number, members] for use in uses])
                yield UseChoice(
                    group, piece, tuple(uses), tuple(members), payoffs, minimax_regret(payoffs)
                )


def _piece_rows(found: Comparison) -> Iterator[Row]:
    for choice in choices(found):
        for k, piece in enumerate(choice.pieces):
            by = ", ".join(f"{found.runs[n].label}: {rank}" for n, rank in piece.found_by.items())
            for place, number in enumerate(choice.runs):
                rank, before = int(choice.ranks[k, place]), int(choice.ranks[k, 0])
                yield (
                    piece.id, *_words(piece), choice.use, choice.kind, piece.lat, piece.lon,
                    round(units.rai_from_m2(piece.area_m2), 2),
                    round(units.ha_from_m2(piece.area_m2), 2), by, choice.group,
                    found.runs[number].label, known(choice.payoffs[k, place]), rank or None,
                    rank - before if rank and before else None,
                    known(choice.regret.regret[k, place]), known(choice.regret.greatest[k]),
                    "yes" if k in choice.regret.chosen else "",
                )  # fmt: skip


def _words(piece: Piece) -> list[str | None]:
    """Give the name of a piece and how far it lies from a known place, in both languages."""
    named = piece.named
    return [one[code] if one else None for one in (named.name, named.near) for code in LANGUAGES]


def _tau_rows(found: Comparison) -> Iterator[Row]:
    for choice in choices(found):
        for first in range(len(choice.runs)):
            for second in range(first + 1, len(choice.runs)):
                tau = choice.tau(first, second)
                labels = (found.runs[choice.runs[place]].label for place in (first, second))
                yield choice.use, choice.kind, choice.group, *labels, tau.pieces, known(tau.tau)


def _use_regret_rows(found: Comparison) -> Iterator[Row]:
    for choice in use_choices(found):
        for k, use in enumerate(choice.uses):
            for place, number in enumerate(choice.runs):
                yield (
                    choice.group, choice.piece.id, use, found.runs[number].label,
                    known(choice.payoffs[k, place]), known(choice.regret.regret[k, place]),
                    known(choice.regret.greatest[k]), "yes" if k in choice.regret.chosen else "",
                )  # fmt: skip


CHOICE_TABLES: dict[str, tuple[Sequence[str], Any]] = {
    "pieces": (
        ("piece", "name_th", "name_en", "near_th", "near_en", "use", "kind", "lat", "lon",
         "area_rai", "area_ha", "found_by_with_rank", "group", "run", "payoff", "rank",
         "rank_change", "regret", "greatest_regret", "least_regret"),
        _piece_rows,
    ),
    "tau": (
        ("use", "kind", "group", "run_first", "run_second", "pieces", "tau_b"),
        _tau_rows,
    ),
    "use_regret": (
        ("group", "piece", "use", "run", "payoff", "regret", "greatest_regret", "least_regret"),
        _use_regret_rows,
    ),
}  # fmt: skip
"""Tables of choices by name: columns and what makes the rows."""
