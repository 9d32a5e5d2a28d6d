"""What a batch would take, before it is run."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from maemoh_gis.errors import FileError
from maemoh_gis.files import read_json
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.layers.load import Layers
from maemoh_gis.scenarios.resolve import Resolved
from maemoh_gis.workflow.batch import LOG, is_finished
from maemoh_gis.workflow.run import study_grid
from maemoh_gis.workflow.stages import keys_of
from maemoh_gis.workflow.table import stage_table

# Until a run of this folder has been timed: measured on two cores of an AMD EPYC (Zen 4) for the
# baseline, seconds for any run and for a cell and use of it. ASSUMPTION for other machines.
_START_S, _CELL_USE_S = 8.0, 0.6e-6


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
    cells: int
    """Cells of the grids of the runs to make."""
    seconds: float
    """How long they would take one after another; an estimate."""
    timed: int
    """Earlier runs of this folder the estimate rests on; 0: on an assumption."""


def cost_of(scenarios: Mapping[str, Resolved], catalog: Catalog, root: Path) -> Cost:
    """
    Estimate what a batch would take.

    Parameters
    ----------
    scenarios : mapping of str to Resolved
        Checked scenarios by label.
    catalog : Catalog
        Their layers.
    root : Path
        Folder of the runs.

    Returns
    -------
    Cost
        Counts are exact; the time is an estimate.
    """
    layers = Layers(catalog)
    seen: set[str] = set()
    finished = stages = alike = cells = uses = 0
    for label, resolved in scenarios.items():
        if is_finished(root / label, resolved, catalog):
            finished += 1
            continue
        grid = study_grid(resolved.scenario, layers)
        keys = set(keys_of(stage_table(resolved.scenario, catalog), layers, grid).values())
        stages, alike = stages + len(keys), alike + len(keys & seen)
        seen |= keys
        cells += grid.rows * grid.cols
        uses += grid.rows * grid.cols * len(resolved.scenario.uses)
    rates = list(_rates(root / LOG))
    todo = len(scenarios) - finished
    seconds = cells * statistics.median(rates) if rates else todo * _START_S + uses * _CELL_USE_S
    return Cost(len(scenarios), finished, stages, alike, cells, seconds, len(rates))


def _rates(log: Path) -> list[float]:
    """Give the seconds a cell of earlier runs took."""
    found = []
    for path in sorted(log.glob("*.json")):
        try:
            timed = read_json(path)
            found.append(timed["seconds"] / timed["cells"])
        except (FileError, KeyError, TypeError, ZeroDivisionError):
            continue
    return found
