"""The rasters of a run, packed while its tables are written."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis.cache.derived import by_content, cached_files
from maemoh_gis.engine.results import STUDY
from maemoh_gis.files import room_for, write_raster, write_tags
from maemoh_gis.suitability.caveats import checked_line
from maemoh_gis.suitability.known_land import KnownLand
from maemoh_gis.suitability.result import score_of, states_of

if TYPE_CHECKING:
    from maemoh_gis.cache.derived import Keyed
    from maemoh_gis.core.grid import Grid
    from maemoh_gis.engine.results import Results
    from maemoh_gis.files.scratch import Raster
    from maemoh_gis.mcda.combine import Score
    from maemoh_gis.suitability.limits import Availability

_STATES = "0 outside,1 allowed,2 conditional,3 removed,4 unknown"


def shown_bands(results: Results) -> dict[str, Raster]:
    """Give the rasters a report draws as they lie in memory."""
    found: dict[str, Raster] = {}
    for use in results.resolved.scenario.uses:
        found[f"score_{use}.tif"] = _Masked(score_of(results, use).value, results.study)
        found[f"limits_{use}.tif"] = _Widened(states_of(results, use).state)
    return found


@contextmanager
def rasters_beside(results: Results, folder: Path) -> Iterator[Callable[[], dict[str, str]]]:
    """Write scores and limits of every use in a thread of its own."""
    with ThreadPoolExecutor(1) as thread:
        packing = [
            thread.submit(_write_rasters, results, use, folder)
            for use in results.resolved.scenario.uses
        ]
        yield lambda: {name: sha for one in packing for name, sha in one.result().items()}


def _tags(results: Results, use: str) -> dict[str, str]:
    """Say in the raster itself what it is and what it does not know."""
    scenario = results.resolved.scenario
    line = checked_line(scenario, results.catalog, results.gathered_as(KnownLand), use)
    return {
        "scenario": scenario.id,
        "use": use,
        "year_be": str(scenario.year),
        "viewpoint": scenario.viewpoint,
        "caveat_th": line["th"],
        "caveat_en": line["en"],
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


def _write_rasters(results: Results, use: str, folder: Path) -> dict[str, str]:
    """Write scores and limits of a use, or take those of an earlier run."""
    score, states, study = map(results.keyed, (f"score:{use}", f"state:{use}", STUDY))
    tags = _tags(results, use)
    score_tags = {**tags, "unit": "0 (bad) to 1 (good)"}
    limit_tags = {**tags, "states": _STATES, **_bit_names(results, use)}
    return {
        **_tagged(results, folder / f"score_{use}.tif", score_tags, _pack_score, score, study),
        **_tagged(results, folder / f"limits_{use}.tif", limit_tags, _pack_limits, states),
    }


def _tagged(
    results: Results, path: Path, tags: Mapping[str, str],
    pack: Callable[..., dict[str, str]], *rasters: Keyed[object],
) -> dict[str, str]:  # fmt: skip
    """Pack bands unless any scenario had the same, and write this one's tags into the file."""
    bands = (by_content(results.store, one) for one in rasters)
    room = room_for(tags)
    cached_files(results.store, path.parent, pack, path.name, results.grid, room, *bands)
    return {path.name: write_tags(path, tags)}


def _pack_score(
    folder: Path, name: str, grid: Grid, room: Mapping[str, str], score: Score, study: Raster
) -> dict[str, str]:
    bands = {
        "score": _Masked(score.value, study),
        "score_low": _Masked(score.low, study),
        "score_high": _Masked(score.high, study),
        "scored_share": _Masked(score.scored_share, study),
    }
    return {name: write_raster(folder / name, bands, grid, nodata=math.nan, tags=room)}


def _pack_limits(
    folder: Path, name: str, grid: Grid, room: Mapping[str, str], states: Availability
) -> dict[str, str]:
    bands: dict[str, Raster] = {
        "state": _Widened(states.state),
        "removed_by": states.removed_by,
        "conditional_by": states.conditional_by,
    }
    path = folder / name
    return {name: write_raster(path, bands, grid, nodata=0, tags=room, categorical=True)}


def _bit_names(results: Results, use: str) -> dict[str, str]:
    """Name what each bit of `removed_by` and `conditional_by` stands for."""
    scenario = results.resolved.scenario
    tested = {id: limit for id, limit in scenario.limits_of(use).items() if limit.test}
    removed, conditional = (
        [id for id, limit in tested.items() if limit.outcome == outcome]
        for outcome in ("removed", "conditional")
    )
    conditional += [f"inclusion:{id}" for id in scenario.conditions_of(use)]
    return {
        "removed_by_bits": ",".join(removed),
        "conditional_by_bits": ",".join(conditional),
    }
