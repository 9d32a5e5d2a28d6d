"""
A mix of land uses: several uses share the land, and no cell belongs to two of them.

Every use first proposes sites as if it were alone. The choice among them is exact: of all choices
without overlap it has the greatest worth, more pressing uses first. Uses that still lack sites then
look again at the land that is left. The order in which uses are named changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from maemoh_gis._types import BoolArray, FloatArray, IntArray
from maemoh_gis.suitability.limits import State
from maemoh_gis.suitability.open_land import OpenLand, Piece, SiteNeeds
from maemoh_gis.suitability.sites import label_of

# Sites a use proposes beyond those it wants, so that it has a choice where others want the same
# land: as many again, at most this many. ASSUMPTION.
_MOST_SPARE = 12


@dataclass(frozen=True)
class Contender:
    """A use that looks for land."""

    score: FloatArray
    """Suitability from 0 to 1, float (rows, cols); NaN is unknown."""
    usable: BoolArray
    """Land its sites may hold, bool (rows, cols)."""
    needs: SiteNeeds
    """What it asks of a site."""
    priority: int = 1
    """Uses with a lower number choose first; those with the same number are weighed together."""
    barrier: BoolArray | None = None
    """Cells no site of it may hold or reach across."""
    fillable: BoolArray | None = None
    """Land that may lie in its filled holes."""


@dataclass(frozen=True)
class UseShare:
    """What one use got."""

    label: IntArray
    """Rank of the site, int32 (rows, cols); 0 where there is none of this use."""
    filled: BoolArray
    """Cells of its sites that are filled holes."""
    alone: int
    """Sites it would have if no other use took land, at most those it wants."""
    moved: int
    """Sites it has that it would not have chosen alone."""
    missing: int
    """Sites it wants and did not get."""


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


def mix_uses(contenders: Mapping[str, Contender]) -> dict[str, UseShare]:
    """
    Share the land among uses.

    Parameters
    ----------
    contenders : mapping of str to Contender
        Uses by id, all on one grid.

    Returns
    -------
    dict of str to UseShare
        In the order of `contenders`. Nowhere do two uses share a cell; every site meets the needs
        of its use. The worth of a site is its mean score times the share of the wanted cells that
        it has, so a small use weighs as much as a large one.

    Raises
    ------
    RunError
        If a circle of the least width of a use is larger than a whole site.
    """
    uses = sorted(contenders)
    if not uses:
        return {}
    shape = contenders[uses[0]].score.shape
    land = {use: _open_land(contenders[use]) for use in uses}
    holes = {use: land[use].holes for use in uses}
    proposed = {use: _proposals(land[use], contenders[use].needs) for use in uses}
    chosen: dict[str, list[Piece]] = {use: [] for use in uses}
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
        label = label_of(chosen[use], shape)
        shares[use] = UseShare(
            label,
            holes[use] & (label > 0),
            alone=len(first_choice),
            moved=sum(id(piece) not in first_choice for piece in chosen[use]),
            missing=wanted - len(chosen[use]),
        )
    return shares


def balance_table(
    study: BoolArray, states: Mapping[str, IntArray], shares: Mapping[str, UseShare]
) -> list[BalanceRow]:
    """
    Say what becomes of every cell of the study area.

    Parameters
    ----------
    study : bool array (rows, cols)
        The study area.
    states : mapping of str to uint8 array (rows, cols)
        `State` of each cell by use.
    shares : mapping of str to UseShare
        What each use got.

    Returns
    -------
    list of BalanceRow
        Sites by use in the order given, then the land without a site; cells add up to the study
        area exactly.
    """
    rows = []
    without_site = study.copy()
    for use, share in shares.items():
        site = (share.label > 0) & study
        without_site &= ~site
        permit = site & (states[use] == State.CONDITIONAL)
        hole = int((share.filled & site).sum())
        rows.append(BalanceRow("site", use, int(site.sum()), int(permit.sum()), hole))
    for part, state in (
        ("open", State.ALLOWED),
        ("conditional", State.CONDITIONAL),
        ("unknown", State.UNKNOWN),
    ):
        some = np.zeros_like(study)
        for state_of_use in states.values():
            some |= state_of_use == state
        some &= without_site
        without_site &= ~some
        rows.append(BalanceRow(part, None, int(some.sum()), 0, 0))
    rows.append(BalanceRow("removed", None, int(without_site.sum()), 0, 0))
    return rows


def _open_land(contender: Contender, taken: BoolArray | None = None) -> OpenLand:
    free = contender.usable if taken is None else contender.usable & ~taken
    fillable = contender.fillable
    if fillable is not None and taken is not None:
        fillable = fillable & ~taken
    return OpenLand(
        contender.score, free, contender.needs, barrier=contender.barrier, fillable=fillable
    )


def _proposals(land: OpenLand, needs: SiteNeeds) -> list[Piece]:
    """List the best pieces for a use, those it would have alone first."""
    pieces: list[Piece] = []
    most = needs.count + min(needs.count, _MOST_SPARE)
    while len(pieces) < most and (piece := land.best_piece()) is not None:
        land.take(piece, needs.spacing_cells)
        pieces.append(piece)
    return pieces


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
    tier: Mapping[str, Contender], chosen: dict[str, list[Piece]], taken: BoolArray
) -> None:
    """Let uses that lack sites take the best of what is left, the piece of most worth first."""
    lacking = [use for use in tier if len(chosen[use]) < tier[use].needs.count]
    if not lacking:
        return
    land = {use: _open_land(tier[use], taken) for use in lacking}
    for use in lacking:
        for piece in chosen[use]:
            land[use].take(piece, tier[use].needs.spacing_cells)
    best = {use: land[use].best_piece() for use in lacking}
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


def _mark(taken: BoolArray, pieces: Sequence[Piece]) -> None:
    for piece in pieces:
        taken[piece.rows, piece.cols] = True


def _touches(piece: Piece, taken: BoolArray) -> bool:
    return bool(taken[piece.rows, piece.cols].any())
