"""
A land use map that agrees with published totals where no observed map exists.

**Modelled, not observed.** The amounts are published figures; the places are plausible, no more.
Any observed land cover map must replace it.

1. Reservoirs, pit and dumps keep the cells of their outlines.
2. In each district the farm classes and built-up land get exactly their quotas, rounded to whole
   cells; what is left stays with the residual. Of all ways to do so the one with the largest sum of
   scores is taken (`assign`), so no class goes first and their order does not matter.
3. The residual is shared between forest and other land in the same way, over the whole area at
   once.

Scores are log odds from slope, height above drainage and distances, plus seeded patchy noise
(`odds`). This is the frame of CLUE-S (Verburg et al. 2002: suitability by location factors, demand
met exactly) with an exact assignment in place of its iterations, and assumed odds in place
of fitted ones. The grid must hold whole districts: the quotas of a district are those of all of it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.core.errors import LayerError, raise_if_blocked
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.units import m2_from_rai, rai_from_m2
from pack.land_use.assign import assign
from pack.land_use.odds import FIELD_NOISE, ODDS, VILLAGE_NOISE, log_odds, patchy_noise

if TYPE_CHECKING:
    from maemoh_gis.core.grid import Grid
    from maemoh_gis.core.types import BoolArray, FloatArray, IntArray

OUTSIDE = 0
CODES: Mapping[str, int] = MappingProxyType(
    {
        "water": 1,
        "mine": 2,
        "dump": 3,
        "paddy": 4,
        "field_crops": 5,
        "orchards": 6,
        "vegetables": 7,
        "other_agriculture": 8,
        "built_up": 9,
        "forest": 10,
        "other": 11,
    }
)
"""Class codes of the map; 0 is outside the study area."""
FIXED = ("water", "mine", "dump")
FARM = ("paddy", "field_crops", "orchards", "vegetables", "other_agriculture")

Quotas = Mapping[str, Mapping[str, float]]
"""Rai by class, by district code."""


@dataclass(frozen=True)
class QuotaRow:
    """How one class of one district came out."""

    district: str
    """Code of the district, or of the whole area."""
    land_use: str
    """Class, as `CODES` names it."""
    quota_rai: float | None
    """Area asked for, in rai; None where nothing was asked."""
    quota_cells: int | None
    """The same in whole cells of the grid."""
    modelled_cells: int
    """Cells the map has."""
    modelled_rai: float
    """The same in rai."""

    @property
    def difference_cells(self) -> int | None:
        """Count the cells the map has too many (or, below 0, too few)."""
        return None if self.quota_cells is None else self.modelled_cells - self.quota_cells

    @property
    def difference_rai(self) -> float | None:
        """Rai the map has too many: on coarse grids rounding to whole cells shows here."""
        return None if self.quota_rai is None else self.modelled_rai - self.quota_rai


def class_scores(
    grid: Grid, drivers: Mapping[str, FloatArray], *, seed: int
) -> dict[str, FloatArray]:
    """
    Score every cell for every class that has odds, and for other land.

    Parameters
    ----------
    grid : Grid
        Grid of the drivers.
    drivers : mapping of str to float array (rows, cols)
        As `drivers.measure_drivers` gives them.
    seed : int
        Seed of the noise.

    Returns
    -------
    dict of str to float array (rows, cols)
        Log odds plus noise by class. Other land has noise only: it takes what forest wants least.
    """
    scores = {
        name: log_odds(drivers, odds)
        + patchy_noise(
            grid, name, seed=seed, spacing_m=VILLAGE_NOISE if name == "built_up" else FIELD_NOISE
        )
        for name, odds in ODDS.items()
    }
    return {**scores, "other": patchy_noise(grid, "other", seed=seed)}


def cells_from_rai(area_rai: float, cell_m: float) -> int:
    """Round an area in rai to whole cells, halves up."""
    return math.floor(m2_from_rai(area_rai) / (cell_m * cell_m) + 0.5)


def allocate(
    scores: Mapping[str, FloatArray],
    district: IntArray,
    fixed: IntArray,
    quotas: Quotas,
    *,
    forest_rai: float,
    cell_m: float,
) -> IntArray:
    """
    Share the cells among the classes so that every quota is met to the cell.

    Parameters
    ----------
    scores : mapping of str to float array (rows, cols)
        As `class_scores` gives them: every class of the quotas, forest and other.
    district : int array (rows, cols)
        Number of the district in the order of `quotas`, -1 outside.
    fixed : int array (rows, cols)
        Code of reservoirs, pit and dumps, 0 elsewhere.
    quotas : mapping of str to mapping of str to float
        Rai by class, by district code.
    forest_rai : float
        Forest of the whole area, in rai.
    cell_m : float
        Side of a cell in metres.

    Returns
    -------
    uint8 array (rows, cols)
        Class codes; 0 outside.

    Raises
    ------
    LayerError
        With every quota that is not an area (`quota_not_area`) or does not fit
        (`quota_infeasible`).
    """
    land_use = np.where(district >= 0, fixed, OUTSIDE).astype(np.uint8)
    free = (district >= 0) & (fixed == 0)
    raise_if_blocked(_faults(district, free, quotas, forest_rai, cell_m), LayerError)
    residual = np.zeros(district.shape, dtype=bool)
    for number, wanted_rai in enumerate(quotas.values()):
        here = free & (district == number)
        # Sorted, so that the order in which a file names the classes cannot matter.
        names = [name for name in sorted(wanted_rai) if wanted_rai[name] > 0]
        wanted = [cells_from_rai(wanted_rai[name], cell_m) for name in names]
        owner = _share(scores, [*names, "forest"], [*wanted, -1], here)
        residual[here] = owner == len(names)
        codes = np.array([*(CODES[name] for name in names), OUTSIDE], dtype=np.uint8)
        land_use[here] = codes[owner]
    owner = _share(scores, ["forest", "other"], [cells_from_rai(forest_rai, cell_m), -1], residual)
    land_use[residual] = np.where(owner == 0, CODES["forest"], CODES["other"])
    return land_use


def quota_report(
    land_use: IntArray,
    district: IntArray,
    quotas: Quotas,
    *,
    whole: str,
    whole_rai: Mapping[str, float],
    cell_m: float,
) -> list[QuotaRow]:
    """
    Compare a land use map on any grid with the quotas.

    Parameters
    ----------
    land_use, district : int arrays (rows, cols)
        Class codes and district numbers in the order of `quotas`, -1 outside.
    quotas : mapping of str to mapping of str to float
        Rai by class, by district code.
    whole : str
        Code under which the whole area is reported.
    whole_rai : mapping of str to float
        Rai asked of the whole area, by class.
    cell_m : float
        Side of a cell in metres.

    Returns
    -------
    list of QuotaRow
        Every quota of every district in order, then every class of the whole area.
    """
    rows = []
    for number, (code, wanted) in enumerate(quotas.items()):
        counts = np.bincount(land_use[district == number], minlength=len(CODES) + 1)
        rows += [
            _report_row(code, name, wanted[name], counts, cell_m)
            for name in CODES
            if name in wanted
        ]
    counts = np.bincount(land_use[district >= 0], minlength=len(CODES) + 1)
    rows += [_report_row(whole, name, whole_rai.get(name), counts, cell_m) for name in CODES]
    return rows


def split_by_households(total_rai: float, households: Mapping[str, int]) -> dict[str, float]:
    """
    Split a total among districts by their households.

    Parameters
    ----------
    total_rai : float
        Area to split, in rai.
    households : mapping of str to int
        Households by district code.

    Returns
    -------
    dict of str to float
        Rai by district code. ASSUMPTION: every household comes with the same built-up area.
    """
    everyone = sum(households.values())
    return {code: total_rai * count / everyone for code, count in households.items()}


def _share(
    scores: Mapping[str, FloatArray],
    names: Sequence[str],
    wanted: Sequence[int],
    here: BoolArray,
) -> IntArray:
    """Share the cells `here` among classes; a class that wants -1 cells takes the rest."""
    taken = sum(count for count in wanted if count >= 0)
    counts = [count if count >= 0 else int(here.sum()) - taken for count in wanted]
    return assign(np.stack([scores[name][here] for name in names]), np.array(counts))


def _faults(
    district: IntArray, free: BoolArray, quotas: Quotas, forest_rai: float, cell_m: float
) -> list[Fault]:
    """Find quotas that are no areas, and quotas with more cells than there is free land."""
    land = np.bincount(district[free], minlength=len(quotas))
    faults: list[Fault] = []
    taken = 0
    for cells, (code, wanted) in zip(land, quotas.items(), strict=True):
        good = {name: rai for name, rai in wanted.items() if math.isfinite(rai) and rai >= 0}
        faults += [
            _fault("quota_not_area", code, name, str(wanted[name]), "0")
            for name in sorted(wanted.keys() - good.keys())
        ]
        counts = {name: cells_from_rai(rai, cell_m) for name, rai in good.items()}
        faults += _too_much(code, counts, int(cells))
        taken += sum(counts.values())
    # Forest is weighed only against sound quotas, or it would be blamed for theirs.
    forest = {"forest": cells_from_rai(forest_rai, cell_m)}
    return faults or _too_much("", forest, int(land.sum()) - taken)


def _too_much(code: str, counts: Mapping[str, int], land: int) -> list[Fault]:
    """Name the classes that alone want more cells than there are, or else all that do together."""
    total = sum(counts.values())
    alone = {name: count for name, count in sorted(counts.items()) if count > land}
    if not alone and total > land:
        alone = {" + ".join(sorted(counts)): total}
    return [
        _fault("quota_infeasible", code, names, str(count), str(land))
        for names, count in alone.items()
    ]


def _fault(kind: str, code: str, names: str, found: str, expected: str) -> Fault:
    key = f"{code}.{names}" if code else names
    return Fault(
        kind, key=key, found=found, expected=expected, values={"district": code, "land_use": names}
    )


def _report_row(
    code: str, name: str, wanted_rai: float | None, counts: IntArray, cell_m: float
) -> QuotaRow:
    cells = int(counts[CODES[name]])
    wanted = None if wanted_rai is None else cells_from_rai(wanted_rai, cell_m)
    return QuotaRow(code, name, wanted_rai, wanted, cells, rai_from_m2(cells * cell_m * cell_m))
