"""Comparing finished runs: from run folders to a folder of tables, rasters and a record."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from maemoh_gis._types import FloatArray
from maemoh_gis.errors import Fault, RunError
from maemoh_gis.files import whole_folder
from maemoh_gis.grid import Grid
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.scenarios.compare_alerts import Indicator, declared
from maemoh_gis.scenarios.compare_land import Overlap, overlap_of_cells
from maemoh_gis.workflow.compared_land import UseLand, compare_land
from maemoh_gis.workflow.compared_pieces import Piece, payoffs_of, pieces_of
from maemoh_gis.workflow.compared_runs import (
    ComparedRun,
    Difference,
    differences,
    groups_of,
    open_runs,
)
from maemoh_gis.workflow.compared_takings import Taking, land_beneath, takings_of
from maemoh_gis.workflow.compared_zones import Zones, read_zones
from maemoh_gis.workflow.same_question import require_same_runs

RECORD = "compare.json"
GOOD_SCORE = 0.6
"""Land at this score or above is good, unless the reader fixes another. ASSUMPTION."""


@dataclass(frozen=True)
class UseComparison:
    """What the runs say about one use."""

    land: UseLand
    pieces: Sequence[Piece]
    """Sites and yards of all runs."""
    payoffs: FloatArray
    """What each piece brings in each run, float array (pieces, runs), NaN unknown."""
    elsewhere: Mapping[str, FloatArray]
    """What its sites would bring to every other use, float array (sites, runs) by use."""
    site_overlaps: Mapping[tuple[int, int], Overlap]
    """Sites of each pair of runs, in cells."""


@dataclass(frozen=True)
class Comparison:
    """Everything a comparison found."""

    runs: tuple[ComparedRun, ...]
    """The runs, the one to compare with first."""
    groups: Mapping[str, Sequence[int]]
    """Numbers of the runs that weigh alike, by viewpoint."""
    differences: Sequence[Difference]
    """In what the runs differ from the first."""
    at_least: float
    """Land at this score or above is good."""
    indicators: Sequence[Indicator]
    catalog: Catalog
    zones: Zones
    uses: Mapping[str, UseComparison]
    takings: Mapping[int, Mapping[str, Mapping[str, tuple[Taking, ...]]]]
    """What sites stand on: by run, use and level; see `takings_of`."""
    folder: Path
    """Where the comparison will stand when it is whole."""

    @property
    def grid(self) -> Grid:
        """The grid all runs stand on."""
        return self.runs[0].grid

    def group_of(self, number: int) -> str:
        """Name the group of a run."""
        return next(name for name, members in self.groups.items() if number in members)

    def together(self, use: str) -> dict[str, list[int]]:
        """List the runs that weigh alike and hold a use, where there are at least two."""
        held = self.uses[use].land.runs
        inside = {name: [n for n in held if n in members] for name, members in self.groups.items()}
        return {name: members for name, members in inside.items() if len(members) > 1}


def compare(
    folders: Sequence[Path],
    catalog: Catalog,
    out: Path,
    *,
    at_least: float = GOOD_SCORE,
    alerts: Mapping[str, float] | None = None,
    replace: bool = False,
) -> Path:
    """
    Compare finished runs and write what was found.

    Parameters
    ----------
    folders : sequence of Path
        Run folders, the one to compare with first.
    catalog : Catalog
        Layers of districts, subdistricts, land use and people.
    out : Path
        Where the folder of the comparison belongs. An earlier comparison of the same runs there is
        replaced when the new one is whole; any other folder is left alone.
    at_least : float
        Land at this score or above is good.
    alerts : mapping of str to float, optional
        Thresholds of indicators by id, in place of the declared ones.
    replace : bool
        Replace an earlier comparison of other runs too.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    MaeMohError
        With every fault found; nothing is written then.
    """
    from maemoh_gis.workflow.comparison_outputs import write_outputs

    indicators = declared(alerts or {})
    if not 0.0 < at_least <= 1.0:
        raise RunError(Fault("bad_score", key="--score", found=f"{at_least:g}", expected="0.6"))
    runs = open_runs(folders)
    _require_replaceable(out)
    require_same_runs(out, RECORD, [run.label for run in runs], replace=replace)
    with whole_folder(out) as draft:
        found = dataclasses.replace(
            _compare(runs, catalog, at_least, indicators, draft), folder=out
        )
        write_outputs(found, draft)
    return out


def _compare(
    runs: tuple[ComparedRun, ...],
    catalog: Catalog,
    at_least: float,
    indicators: Sequence[Indicator],
    folder: Path,
) -> Comparison:
    grid, groups = runs[0].grid, groups_of(runs)
    zones = read_zones(catalog, grid.crs)
    cells = zones.numbered(grid)
    names = list(dict.fromkeys(use for run in runs for use in run.uses))
    pieces = {use: pieces_of(use, runs) for use in names}
    sites = {use: [p for p in found if p.kind == "site"] for use, found in pieces.items()}
    uses = {
        use: UseComparison(
            compare_land(use, runs, groups, zones, cells, at_least, folder),
            pieces[use],
            payoffs_of(pieces[use], use, runs),
            {other: payoffs_of(sites[use], other, runs) for other in names if other != use},
            _site_overlaps(sites[use], use, runs),
        )
        for use in names
    }
    beneath = land_beneath([p for found in sites.values() for p in found], catalog, cells)
    takings = {
        number: takings_of({use: sites[use] for use in run.uses}, number, beneath, zones)
        for number, run in enumerate(runs)
    }
    return Comparison(
        runs,
        groups,
        list(differences(runs)),
        at_least,
        indicators,
        catalog,
        zones,
        uses,
        takings,
        folder,
    )


def _site_overlaps(
    sites: Sequence[Piece], use: str, runs: Sequence[ComparedRun]
) -> dict[tuple[int, int], Overlap]:
    grid = runs[0].grid
    none = np.empty(0, dtype=np.int64)
    held = [number for number, run in enumerate(runs) if use in run.uses]
    cells = {
        number: np.unique(
            np.concatenate([none, *(p.cells(grid) for p in sites if number in p.found_by)])
        )
        for number in held
    }
    return {
        (one, other): overlap_of_cells(cells[one], cells[other])
        for place, one in enumerate(held)
        for other in held[place + 1 :]
    }


def _require_replaceable(folder: Path) -> None:
    """Refuse to write over anything that is not an earlier comparison."""
    if folder.exists() and not (folder / RECORD).is_file() and any(folder.iterdir()):
        raise RunError(Fault("not_a_comparison", str(folder), expected=RECORD))
