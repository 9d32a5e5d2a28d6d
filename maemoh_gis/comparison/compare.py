"""Comparing finished runs: from run folders to a folder of tables, rasters and a record."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from maemoh_gis.comparison.alerts import Indicator, declared
from maemoh_gis.comparison.land import Overlap, overlap_of_cells
from maemoh_gis.comparison.land_pass import compare_land
from maemoh_gis.comparison.land_use import takings_of, zonal_sums
from maemoh_gis.comparison.model import GOOD_SCORE, Comparison, UseComparison, Why
from maemoh_gis.comparison.pieces import Piece, payoffs_of, pieces_of
from maemoh_gis.comparison.runs import ComparedRun, differences, groups_of, open_runs
from maemoh_gis.comparison.zones import read_zones
from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.engine.same_question import require_own_folder, require_same_runs
from maemoh_gis.files import whole_folder
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.layers.load import Layers
from maemoh_gis.presentation.compared_files import RECORD
from maemoh_gis.sites.names import Names

Explain = Callable[[ComparedRun, ComparedRun], Why | None]
"""Says why the second run differs from the first; None where it cannot or should not."""


def compare(
    folders: Sequence[Path],
    catalog: Catalog,
    out: Path,
    *,
    at_least: float = GOOD_SCORE,
    alerts: Mapping[str, float] | None = None,
    replace: bool = False,
    explain: Explain = lambda _one, _other: None,
) -> Path:
    """
    Compare finished runs and write what was found.

    `explain` is asked once for each run but the first, after all runs were found whole.
    """
    from maemoh_gis.comparison.outputs import write_outputs

    indicators = declared(alerts or {})
    if not 0.0 < at_least <= 1.0:
        raise RunError(Fault("bad_score", key="--score", found=f"{at_least:g}", expected="0.6"))
    runs = open_runs(folders)
    require_own_folder(out, RECORD, "not_a_comparison")
    require_same_runs(out, RECORD, [run.label for run in runs], replace=replace)
    whys = [explain(runs[0], run) for run in runs[1:]]
    with whole_folder(out) as draft:
        found = dataclasses.replace(
            _compare(runs, catalog, at_least, indicators, draft), folder=out, whys=whys
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
    words = Names.of(Layers(catalog), grid.crs)
    pieces = {use: pieces_of(use, runs, words) for use in names}
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
    beneath = zonal_sums([p for found in sites.values() for p in found], catalog, cells)
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
