"""The rasters of a run, packed while its tables are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.files import write_raster
from maemoh_gis.workflow.caveats import checked_line, limit_statuses
from maemoh_gis.workflow.kept_files import kept_files

if TYPE_CHECKING:
    from maemoh_gis.scratch import Raster
    from maemoh_gis.workflow.run import Results, UseResult


@contextmanager
def rasters_beside(results: Results, folder: Path) -> Iterator[Callable[[], dict[str, str]]]:
    """
    Write scores and limits of every use in a thread of its own.

    Parameters
    ----------
    results : Results
        What was computed; sites are not looked at.
    folder : Path
        Run folder.

    Yields
    ------
    callable
        Waits for them and gives the checksum of each file by its name.
    """
    with ThreadPoolExecutor(1) as thread:
        packing = [
            thread.submit(_write_rasters, results, one, folder) for one in results.uses.values()
        ]
        yield lambda: {name: sha for one in packing for name, sha in one.result().items()}


def _tags(results: Results, use: str) -> dict[str, str]:
    """Say in the raster itself what it is and what it does not know."""
    scenario = results.resolved.scenario
    line = checked_line(limit_statuses(scenario, results.catalog, use))
    return {
        "scenario": scenario.id,
        "use": use,
        "year_be": str(scenario.year),
        "viewpoint": scenario.viewpoint,
        "caveat_th": line.th,
        "caveat_en": line.en,
    }


@dataclass(frozen=True)
class _Masked:
    """A float raster that is unknown outside the study area."""

    of: Raster
    study: Raster

    @property
    def shape(self) -> tuple[int, ...]:
        return self.of.shape

    @property
    def dtype(self) -> np.dtype[np.floating]:
        return np.dtype(np.float32)

    def __getitem__(self, rows: slice) -> np.ndarray:
        return np.where(self.study[rows], self.of[rows], np.float32(np.nan))


@dataclass(frozen=True)
class _Widened:
    """Codes as wide as the other bands of their file."""

    of: Raster

    @property
    def shape(self) -> tuple[int, ...]:
        return self.of.shape

    @property
    def dtype(self) -> np.dtype[np.unsignedinteger]:
        return np.dtype(np.uint32)

    def __getitem__(self, rows: slice) -> np.ndarray:
        return np.asarray(self.of[rows].astype(np.uint32))


def _write_rasters(results: Results, result: UseResult, folder: Path) -> dict[str, str]:
    """Write scores and limits of a use, or take those of an earlier run."""
    use, keys, tags = result.use, results.keys, _tags(results, result.use)
    score, limits = f"score_{use}.tif", f"limits_{use}.tif"
    return {
        **kept_files(
            results.store, folder,
            lambda place: {score: _write_score(results, result, tags, place / score)},
            score, keys["study"], keys[f"score:{use}"], tags,
        ),
        **kept_files(
            results.store, folder,
            lambda place: {limits: _write_limits(results, result, tags, place / limits)},
            limits, keys["study"], keys[f"state:{use}"], tags, _bit_names(results, use),
        ),
    }  # fmt: skip


def _write_score(results: Results, result: UseResult, tags: dict[str, str], path: Path) -> str:
    score, study = result.score, results.study
    bands = {
        "score": score.value,
        "score_low": score.low,
        "score_high": score.high,
        "scored_share": score.scored_share,
    }
    masked = {name: _Masked(band, study) for name, band in bands.items()}
    told = {**tags, "unit": "0 (bad) to 1 (good)"}
    return write_raster(path, masked, results.grid, nodata=float("nan"), tags=told)


def _write_limits(results: Results, result: UseResult, tags: dict[str, str], path: Path) -> str:
    states = result.states
    bands = {
        "state": _Widened(states.state),
        "removed_by": states.removed_by,
        "conditional_by": states.conditional_by,
    }
    states_of = "0 outside,1 allowed,2 conditional,3 removed,4 unknown"
    told = {**tags, "states": states_of, **_bit_names(results, result.use)}
    return write_raster(path, bands, results.grid, nodata=0, tags=told, categorical=True)


def _bit_names(results: Results, use: str) -> dict[str, str]:
    """Name what each bit of `removed_by` and `conditional_by` stands for."""
    scenario = results.resolved.scenario
    tested = [s for s in limit_statuses(scenario, results.catalog, use) if s.limit.test]
    removed, conditional = (
        [s.id for s in tested if s.limit.outcome == outcome]
        for outcome in ("removed", "conditional")
    )
    conditional += [f"inclusion:{id}" for id in scenario.conditions_of(use)]
    return {
        "removed_by_bits": ",".join(removed),
        "conditional_by_bits": ",".join(conditional),
    }
