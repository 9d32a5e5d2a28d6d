"""What a batch would take, before it is run."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from maemoh_gis.batch.run import LOG, is_finished
from maemoh_gis.cache.store import NO_CACHE, Store
from maemoh_gis.core.errors import FileError
from maemoh_gis.engine.cached_stages import left_to_run, shelf_of
from maemoh_gis.engine.stages import keys_of
from maemoh_gis.engine.strips import strips_of, usual_rows
from maemoh_gis.engine.study import study_grid
from maemoh_gis.files import read_json
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.run import table_with_outputs, wanted_of
from maemoh_gis.runs.stage_table import stage_table
from maemoh_gis.scenario.resolve import Resolved

if TYPE_CHECKING:
    from maemoh_gis.core.grid import Grid
    from maemoh_gis.engine.cached_stages import StageCache
    from maemoh_gis.engine.stages import Stage

# Until a run of this folder has been timed: measured on two cores of an AMD EPYC (Zen 4) for the
# baseline, seconds for any run and for a cell and use of it. ASSUMPTION for other machines.
_START_S, _CELL_USE_S = 8.0, 0.6e-6
# Share of that for a run most of whose stages are kept. ASSUMPTION, as above.
_KEPT_SHARE = 0.3


@dataclass(frozen=True)
class Cost:
    """What a batch would take."""

    runs: int
    finished: int
    """Runs that need not be made again."""
    stages: int
    """Stages of the others."""
    alike: int
    """Stages among them that an earlier run of the batch has too, with the same result."""
    kept: int
    """Stages that need not be run, as the cache has them or what rests on them; those of earlier
    runs of the batch not counted."""
    cells: int
    """Cells of the grids of the runs to make."""
    seconds: float
    """How long they would take one after another; an estimate."""
    timed: int
    """Earlier runs of this folder the estimate rests on; 0: on an assumption."""


@dataclass
class _Sum:
    """What is added up over the runs to make."""

    stages: int = 0
    alike: int = 0
    kept: int = 0
    cells: int = 0
    seconds: float = 0.0


def cost_of(
    scenarios: Mapping[str, Resolved],
    catalog: Catalog,
    root: Path,
    store: Store = NO_CACHE,
    *,
    pages: bool = True,
) -> Cost:
    """Estimate what a batch would take."""
    layers, seen, total, finished = Layers(catalog), set[str](), _Sum(), 0
    rates = {kept: list(_rates(root / LOG, kept=kept)) for kept in (False, True)}
    for label, resolved in scenarios.items():
        if is_finished(root / label, resolved, layers, pages=pages):
            finished += 1
            continue
        scenario = resolved.scenario
        grid = study_grid(scenario, layers)
        table = stage_table(scenario, catalog)
        told = table_with_outputs(scenario, catalog, table, grid)
        keys, shelf = keys_of(told, layers, grid), shelf_of(store, told, layers, grid)
        left = _left(told, shelf, grid, set())
        run = {stage.id: keys[stage.id] for stage in table}
        total.stages += len(run)
        total.alike += len(set(run.values()) & seen)
        total.kept += len(run.keys() - left)
        total.cells += grid.rows * grid.cols
        mostly = 2 * len(_left(told, shelf, grid, seen)) < len(told)
        total.seconds += _seconds(grid, len(scenario.uses), mostly=mostly, timed=rates)
        seen |= set(keys.values())
    return Cost(len(scenarios), finished, **vars(total), timed=sum(map(len, rates.values())))


def _left(told: Sequence[Stage], shelf: StageCache, grid: Grid, seen: set[str]) -> set[str]:
    """Find the stages to run where some are kept already, or will be by then."""
    strips = list(strips_of(grid, usual_rows(grid)))
    return left_to_run(
        told,
        wanted_of(told).__contains__,
        lambda s: shelf.names.get(s.id) in seen or shelf.has(s, strips),
    )[0]


def _seconds(
    grid: Grid, uses: int, *, mostly: bool, timed: Mapping[bool, Sequence[float]]
) -> float:
    """Estimate the time of a run, `mostly` from the cache or not, from those timed like it."""
    cells = grid.rows * grid.cols
    if timed[mostly]:
        return cells * statistics.median(timed[mostly])
    whole = _START_S + cells * uses * _CELL_USE_S
    if timed[False]:
        whole = cells * statistics.median(timed[False])
    return whole * _KEPT_SHARE if mostly else whole


def _rates(log: Path, *, kept: bool) -> Iterator[float]:
    """Give the seconds a cell of earlier runs took, of those mostly from the cache or not."""
    for path in sorted(log.glob("*.json")):
        try:
            timed = read_json(path)
            if timed.get("from_cache", False) == kept:
                yield timed["seconds"] / timed["cells"]
        except (FileError, KeyError, TypeError, ZeroDivisionError):
            continue
