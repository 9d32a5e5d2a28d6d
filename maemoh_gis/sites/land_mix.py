"""
A mix of land uses: several uses share the land, and no cell belongs to two of them.

Every use first proposes sites as if it were alone. The choice among them is exact: of all choices
without overlap it has the greatest worth, more pressing uses first. Uses that still lack sites then
look again at the land that is left. The order in which uses are named changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from maemoh_gis.core.solver_notes import notes_beside_answers
from maemoh_gis.core.types import BoolArray, IntArray
from maemoh_gis.files.scratch import Raster, blocks_of
from maemoh_gis.sites.available_land import AvailableLand, Ground, Piece, RestingLand, SiteNeeds
from maemoh_gis.sites.cells import SiteCells, numbered_cells
from maemoh_gis.suitability.limits import State

# What becomes of land without a site, in the order in which it is asked.
_WITHOUT_SITE = {
    "open": State.ALLOWED,
    "conditional": State.CONDITIONAL,
    "unknown": State.UNKNOWN,
}
# Sites a use proposes beyond those it wants, so that it has a choice where others want the same
# land: as many again, at most this many. ASSUMPTION.
_MOST_SPARE = 12


class Seeker(Ground, Protocol):
    """A use that looks for land."""

    @property
    def priority(self) -> int:
        """Rank of the use: lower numbers choose first, those with the same are weighed together."""


@dataclass(frozen=True)
class UseShare:
    """What one use got."""

    cells: SiteCells
    """Cells of its sites by number."""
    alone: int
    """Sites it would have if no other use took land, at most those it wants."""
    moved: int
    """Sites it has that it would not have chosen alone."""
    missing: int
    """Sites it wants and did not get."""

    @property
    def label(self) -> IntArray:
        """Number of the site, int32 (rows, cols); 0 where there is none of this use."""
        return self.cells.label

    @property
    def filled(self) -> BoolArray:
        """Which cells of its sites are filled holes, bool (rows, cols)."""
        return self.cells.filled


@dataclass(frozen=True)
class BalanceRow:
    """One part of the study area; the parts add up to it to one cell."""

    part: str
    """`site` of a use; `open`, `conditional`, `unknown` or `removed` land without a site: allowed
    for at least one use; else with a permit; else unknown for at least one; else removed for
    all."""
    use: str | None
    """The use, for sites."""
    cells: int
    conditional_cells: int
    """Of them, cells on which this use needs a permit, for sites."""
    hole_cells: int
    """Of them, filled holes, for sites."""


def mix_uses(contenders: Mapping[str, Seeker]) -> dict[str, UseShare]:
    """Share the land among uses."""
    uses = sorted(contenders)
    if not uses:
        return {}
    first = {use: _proposals(contenders[use]) for use in uses}
    proposed = {use: first[use].pieces for use in uses}
    chosen: dict[str, list[Piece]] = {use: [] for use in uses}
    shape = first[uses[0]].shape
    taken = np.zeros(shape, dtype=bool)
    for priority in sorted({c.priority for c in contenders.values()}):
        tier = [use for use in uses if contenders[use].priority == priority]
        free = {use: [p for p in proposed[use] if not _touches(p, taken)] for use in tier}
        picked = _best_choice(free, {use: contenders[use].needs for use in tier})
        for use in tier:
            chosen[use] = picked[use]
            _mark(taken, picked[use])
        _look_again({use: contenders[use] for use in tier}, chosen, taken)
    shares = {}
    for use in contenders:
        wanted = contenders[use].needs.count
        first_choice = {id(piece) for piece in proposed[use][:wanted]}
        shares[use] = UseShare(
            numbered_cells(chosen[use], shape, first[use].hole_places),
            alone=len(first_choice),
            moved=sum(id(piece) not in first_choice for piece in chosen[use]),
            missing=wanted - len(chosen[use]),
        )
    return shares


def balance_table(
    study: Raster, states: Mapping[str, Raster], shares: Mapping[str, UseShare]
) -> list[BalanceRow]:
    """Say what becomes of every cell of the study area, by its `State` and each use's share."""
    parts: list[tuple[str, str | None]] = [("site", use) for use in shares]
    parts += [(part, None) for part in (*_WITHOUT_SITE, "removed")]
    cells = np.zeros((len(parts), 3), dtype=np.int64)
    for rows in blocks_of(study.shape):
        here = {use: state[rows] for use, state in states.items()}
        cells += _balance_in(rows, study[rows], here, shares)
    return [
        BalanceRow(part, use, *(int(n) for n in counts))
        for (part, use), counts in zip(parts, cells, strict=True)
    ]


def _balance_in(
    rows: slice, study: BoolArray, states: Mapping[str, IntArray], shares: Mapping[str, UseShare]
) -> IntArray:
    """Count cells, those that need a permit and those of holes, by part, on some rows."""
    counts = []
    without_site = study.copy()
    for use, share in shares.items():
        site = (share.cells.label_in(rows) > 0) & study
        without_site &= ~site
        permit = site & (states[use] == State.CONDITIONAL)
        hole = share.cells.filled_in(rows) & site
        counts.append((site.sum(), permit.sum(), hole.sum()))
    for state in _WITHOUT_SITE.values():
        some = np.zeros_like(study)
        for state_of_use in states.values():
            some |= state_of_use == state
        some &= without_site
        without_site &= ~some
        counts.append((some.sum(), 0, 0))
    counts.append((without_site.sum(), 0, 0))
    return np.array(counts, dtype=np.int64)


@dataclass(frozen=True)
class _Proposals:
    """What a use would like, as if it were alone."""

    pieces: list[Piece]
    """The best pieces, those it would have alone first."""
    shape: tuple[int, int]
    hole_places: IntArray


def _proposals(seeker: Seeker) -> _Proposals:
    land, needs = AvailableLand(seeker), seeker.needs
    pieces: list[Piece] = []
    most = needs.count + min(needs.count, _MOST_SPARE)
    while len(pieces) < most and (piece := land.best_piece()) is not None:
        land.take(piece, needs.spacing_cells)
        pieces.append(piece)
    return _Proposals(pieces, land.shape, land.hole_places())


def _best_choice(
    proposed: Mapping[str, Sequence[Piece]], needs: Mapping[str, SiteNeeds]
) -> dict[str, list[Piece]]:
    """
    Choose the pieces of greatest worth together, no two overlapping.

    A set packing problem, solved exactly by HiGHS.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    pieces = [(use, piece) for use in proposed for piece in proposed[use]]
    if not pieces:
        return {use: [] for use in proposed}
    worth = np.array([_worth(piece, needs[use]) for use, piece in pieces])
    rows: list[list[int]] = [
        [k for k, (owner, _) in enumerate(pieces) if owner == use] for use in proposed
    ]
    most = [needs[use].count for use in proposed]
    for pair in _overlaps([piece for _, piece in pieces]):
        rows.append(list(pair))
        most.append(1)
    at = np.array([(i, k) for i, row in enumerate(rows) for k in row]).T
    matrix = coo_array((np.ones(at.shape[1]), (at[0], at[1])), shape=(len(rows), len(pieces)))
    with notes_beside_answers():
        answer = milp(
            -worth,
            integrality=np.ones(len(pieces), dtype=np.int64),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(matrix.tocsr(), ub=np.array(most, dtype=float)),
            options={"mip_rel_gap": 0.0},
        )
    # Choosing nothing is always possible, so there is an answer.
    assert answer.x is not None
    picked = answer.x > 0.5
    return {
        use: [p for k, (owner, p) in enumerate(pieces) if owner == use and picked[k]]
        for use in proposed
    }


def _worth(piece: Piece, needs: SiteNeeds) -> float:
    # A site without score still is a site.
    return (piece.mean + 1e-6) * min(piece.counted / needs.cells, 1.0)


def _overlaps(pieces: Sequence[Piece]) -> list[tuple[int, int]]:
    """List the pairs of pieces that share a cell."""
    boxes = [(p.rows.min(), p.rows.max(), p.cols.min(), p.cols.max()) for p in pieces]
    width = 1 + max((int(box[3]) for box in boxes), default=0)
    cells = [p.rows * width + p.cols for p in pieces]
    return [
        (i, j)
        for i, a in enumerate(boxes)
        for j, b in enumerate(boxes[:i])
        if a[0] <= b[1] and b[0] <= a[1] and a[2] <= b[3] and b[2] <= a[3]
        and np.intersect1d(cells[i], cells[j], assume_unique=True).size
    ]  # fmt: skip


def _look_again(
    tier: Mapping[str, Seeker], chosen: dict[str, list[Piece]], taken: BoolArray
) -> None:
    """Let uses that lack sites take the best of what is left, the piece of most worth first."""
    lacking = [use for use in tier if len(chosen[use]) < tier[use].needs.count]
    if not lacking:
        return
    land = {}
    best: dict[str, Piece | None] = {}
    for use in lacking:
        land[use] = _Waiting(AvailableLand(tier[use], taken).rest())
        for piece in chosen[use]:
            land[use].take(piece, tier[use].needs.spacing_cells)
        best[use] = land[use].best_piece()
    while offers := {use: piece for use, piece in best.items() if piece is not None}:
        use = max(sorted(offers), key=lambda u: _worth(offers[u], tier[u].needs))
        piece = offers[use]
        chosen[use].append(piece)
        _mark(taken, [piece])
        for other, was in list(best.items()):
            if len(chosen[other]) == tier[other].needs.count:
                best[other] = None
                continue
            land[other].take(piece, tier[use].needs.spacing_cells if other == use else 0.0)
            if other == use or (was is not None and _touches(was, taken)):
                best[other] = land[other].best_piece()


@dataclass
class _Waiting:
    """Land that rests while others choose, and what they take of it meanwhile."""

    land: RestingLand
    taken: list[tuple[Piece, float]] = field(default_factory=list)

    def take(self, piece: Piece, gap: float) -> None:
        """Remember what is to be taken."""
        self.taken.append((piece, gap))

    def best_piece(self) -> Piece | None:
        """Wake the land, take from it what is to be taken, and find its best piece."""
        awake = self.land.wake()
        for piece, gap in self.taken:
            awake.take(piece, gap)
        best = awake.best_piece()
        self.land, self.taken = awake.rest(), []
        return best


def _mark(taken: BoolArray, pieces: Sequence[Piece]) -> None:
    for piece in pieces:
        taken[piece.rows, piece.cols] = True


def _touches(piece: Piece, taken: BoolArray) -> bool:
    return bool(taken[piece.rows, piece.cols].any())
