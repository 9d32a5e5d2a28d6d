"""
The land of several runs side by side: one pass over their rasters, strip by strip.

Only one strip of each run is in memory at a time, and what leaves it are counts and finished rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.comparison import land
from maemoh_gis.comparison.runs import ComparedRun
from maemoh_gis.comparison.zones import ZoneCells, Zones
from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.grid import Grid
from maemoh_gis.core.types import FloatArray, IntArray
from maemoh_gis.files import open_raster, raster_in_strips, sha256_of

if TYPE_CHECKING:
    from rasterio.io import DatasetReader

# As high as the blocks of a run's rasters, so that each is unpacked once.
_STRIP_ROWS = 512
_OUTSIDE = 255
_Writer = Callable[[int, Sequence[np.ndarray]], None]


@dataclass(frozen=True)
class UseLand:
    """What the runs say about the land of one use."""

    use: str
    runs: tuple[int, ...]
    """Numbers of the runs that hold it."""
    areas: Mapping[int, land.LandAreas]
    """Study area by run."""
    zone_areas: Mapping[int, Mapping[str, tuple[land.LandAreas, ...]]]
    """By run and level, one entry a zone; the zones in the order of `Zones`."""
    overlaps: Mapping[tuple[int, int], land.Overlap]
    """Good land of each pair of runs."""
    consensus: Mapping[str, land.Consensus]
    """Over all runs under `all`, and over the runs of each viewpoint that has several."""
    rasters: Mapping[str, str]
    """Checksums of the rasters written, by name."""


@dataclass(frozen=True)
class OneRun:
    """The rasters of one use of one run, open."""

    scores: DatasetReader
    limits: DatasetReader

    def read(self, window: Any) -> tuple[IntArray, FloatArray, FloatArray, FloatArray]:
        """Read state (uint8), score, least and greatest (float32, NaN unknown) of a window."""
        state = self.limits.read(_band(self.limits, "state"), window=window)
        bands = [_band(self.scores, name) for name in ("score", "score_low", "score_high")]
        score, low, high = self.scores.read(bands, window=window)
        return state.astype(np.uint8), score, low, high

    def look(self, window: Any) -> tuple[IntArray, FloatArray]:
        """Read state and score alone; see `read`."""
        state = self.limits.read(_band(self.limits, "state"), window=window)
        return state.astype(np.uint8), self.scores.read(_band(self.scores, "score"), window=window)


def open_use(stack: ExitStack, run: ComparedRun, use: str) -> OneRun:
    """Open the rasters of a use of a run."""
    return OneRun(
        stack.enter_context(open_raster(run.folder / f"score_{use}.tif")),
        stack.enter_context(open_raster(run.folder / f"limits_{use}.tif")),
    )


def compare_land(
    use: str,
    runs: Sequence[ComparedRun],
    groups: Mapping[str, Sequence[int]],
    zones: Zones,
    cells: ZoneCells,
    at_least: float,
    folder: Path,
) -> UseLand:
    """Compare the land of one use and write its rasters."""
    held = [number for number, run in enumerate(runs) if use in run.uses]
    together = _together(held, groups)
    tally = _Tally(held, together, zones)
    grid, first = runs[0].grid, runs[held[0]]
    with ExitStack() as stack:
        opened = {number: open_use(stack, runs[number], use) for number in held}
        writers = {
            number: stack.enter_context(_difference_writer(folder, use, first, runs[number]))
            for number in held[1:]
        }
        agreed = None
        if len(held) > 1:
            agreed = stack.enter_context(_consensus_writer(folder, use, runs, held, at_least))
        for row in range(0, grid.rows, _STRIP_ROWS):
            strip = _strip(grid, row)
            _compare_strip(strip, row, opened, tally, cells, at_least, writers, agreed)
    names = [_difference_name(use, runs[number]) for number in held[1:]] + [f"consensus_{use}.tif"]
    return tally.result(use, {name: sha256_of(folder / name) for name in names if len(held) > 1})


def _compare_strip(
    strip: Grid,
    row: int,
    opened: Mapping[int, OneRun],
    tally: _Tally,
    cells: ZoneCells,
    at_least: float,
    writers: Mapping[int, _Writer],
    agreed: _Writer | None,
) -> None:
    from rasterio.windows import Window

    window = Window(0, row, strip.cols, strip.rows)
    zone = cells.inside(strip)
    first_score = None
    goods = {}
    for number, run in opened.items():
        state, score, low, high = run.read(window)
        goods[number] = land.good_land(state, score, at_least)
        part = land.parts_of(state, goods[number], low, high, at_least)
        tally.count(number, part, zone)
        if first_score is None:
            first_score = score
        else:
            writers[number](row, [land.score_difference(first_score, score)])
    for one, other in tally.crossed:
        tally.crossed[one, other] += land.cross_count(goods[one], goods[other])
    for name, members in tally.together.items():
        good, unknown, study = land.agreement([goods[number] for number in members])
        tally.agreed[name] += land.consensus_counts(good, unknown, study, len(members))
        if name == "all" and agreed is not None:
            agreed(
                row, [np.where(study, band, _OUTSIDE).astype(np.uint8) for band in (good, unknown)]
            )


class _Tally:
    """Counts that grow strip by strip."""

    def __init__(
        self, held: Sequence[int], together: Mapping[str, Sequence[int]], zones: Zones
    ) -> None:
        self.held, self.together, self.zones = tuple(held), together, zones
        self.parts = {
            number: {level: np.zeros((n + 1, land.PARTS), np.int64) for level, n in zones.sizes()}
            for number in held
        }
        self.crossed = {
            (one, other): np.zeros((4, 4), np.int64)
            for place, one in enumerate(held)
            for other in held[place + 1 :]
        }
        self.agreed = {
            name: np.zeros(len(members) + 2, np.int64) for name, members in together.items()
        }

    def count(self, number: int, part: IntArray, zone: Mapping[str, IntArray]) -> None:
        """Count a strip of a run by zone."""
        tables = self.parts[number]
        for level, zones in self.zones.sizes():
            tables[level] += land.count_parts(part, zone[level], zones + 1)

    def result(self, use: str, rasters: Mapping[str, str]) -> UseLand:
        """Read the counts."""
        whole = {n: next(iter(tables.values())).sum(axis=0) for n, tables in self.parts.items()}
        return UseLand(
            use,
            self.held,
            {number: land.areas_of(count) for number, count in whole.items()},
            {
                number: {
                    level: tuple(map(land.areas_of, table[1:])) for level, table in tables.items()
                }
                for number, tables in self.parts.items()
            },
            {pair: land.overlap_of_good(table) for pair, table in self.crossed.items()},
            {name: land.consensus_of(count) for name, count in self.agreed.items()},
            rasters,
        )


def _together(held: Sequence[int], groups: Mapping[str, Sequence[int]]) -> dict[str, list[int]]:
    """Name the sets of runs that are asked for land good in all of them."""
    together = {"all": list(held)}
    for name, members in groups.items():
        inside = [number for number in members if number in held]
        if 1 < len(inside) < len(held):
            together[name] = inside
    return together


def _strip(grid: Grid, row: int) -> Grid:
    rows = min(_STRIP_ROWS, grid.rows - row)
    return Grid(grid.crs, grid.cell_m, grid.col0, grid.row0 + row, rows, grid.cols)


def _band(dataset: DatasetReader, name: str) -> int:
    """Find a band by its name."""
    names = list(dataset.descriptions)
    if name not in names:
        raise RunError(Fault("band_missing", dataset.name, found=str(names), expected=name))
    return names.index(name) + 1


def _difference_name(use: str, run: ComparedRun) -> str:
    return f"difference_{use}_{run.label}.tif"


def _difference_writer(folder: Path, use: str, first: ComparedRun, run: ComparedRun) -> Any:
    tags = {
        "use": use,
        "unit": "score of the second run minus score of the first, -1 to 1; NaN unknown in either",
        "first": first.label,
        "second": run.label,
        "viewpoint_first": first.viewpoint,
        "viewpoint_second": run.viewpoint,
        **_caveats(first, run),
    }
    path = folder / _difference_name(use, run)
    return raster_in_strips(
        path, ["score_difference"], run.grid, dtype="float32", nodata=float("nan"), tags=tags
    )


def _consensus_writer(
    folder: Path, use: str, runs: Sequence[ComparedRun], held: Sequence[int], at_least: float
) -> Any:
    tags = {
        "use": use,
        "unit": f"runs of {len(held)} in which the cell is open land scored {at_least:g} or more",
        "runs": ", ".join(runs[number].label for number in held),
        **_caveats(*(runs[number] for number in held)),
    }
    return raster_in_strips(
        folder / f"consensus_{use}.tif", ["runs_good", "runs_unknown"], runs[0].grid,
        dtype="uint8", nodata=_OUTSIDE, tags=tags, categorical=True,
    )  # fmt: skip


def _caveats(*runs: ComparedRun) -> dict[str, str]:
    """Say in a raster what the runs say first: screening only, and which laws were not checked."""
    return {
        f"caveat_{code}": " ".join(
            dict.fromkeys(line[code] for run in runs for line in run.record["caveats"][:2])
        )
        for code in ("th", "en")
    }
