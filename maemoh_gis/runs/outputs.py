"""Writing what a run found: rasters, the files of its features, the map, the report."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.engine.results import MAP
from maemoh_gis.files import write_xlsx
from maemoh_gis.runs import features
from maemoh_gis.runs.raster_outputs import rasters_beside, shown_bands
from maemoh_gis.sites.result import sites_by_use
from maemoh_gis.suitability.removed_table import REMOVED_COLUMNS, removed_table
from maemoh_gis.yards.result import yards_of
from maemoh_gis.yards.words import fits_in_words, stretches_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maemoh_gis.engine.results import Results


def write_all(results: Results, folder: Path, *, pages: bool = True) -> dict[str, Any]:
    """Write every output of a run but its record."""
    from maemoh_gis.runs.map_content import cells_of_map, write_map
    from maemoh_gis.runs.record import content
    from maemoh_gis.runs.report import write_reports

    # Rasters need no sites and cells of the map no tables; packing either leaves the interpreter
    # free for the rest.
    with rasters_beside(results, folder) as packed, ThreadPoolExecutor(1) as beside:
        results = features.described(results)
        cells = beside.submit(cells_of_map, results) if pages else None
        results = features.told_near(results)
        written = _write_tables(results, folder)
        if cells is not None:
            written[MAP] = write_map(results, folder / MAP, cells.result)
        written |= packed()
    told = content(results, written)
    if not pages:
        return told
    written |= write_reports(
        folder, told, results.layers, bands=shown_bands(results), store=results.store
    )
    return {**told, "outputs": dict(sorted(written.items()))}


def _write_tables(results: Results, folder: Path) -> dict[str, str]:
    """Write everything but rasters and pages."""
    written = {"tables.xlsx": _write_workbook(results, folder / "tables.xlsx")}
    for feature in features.FEATURES:
        written |= feature.write(results, folder)
    return written


def _write_workbook(results: Results, path: Path) -> str:
    """Write sites, yards and removed land as one workbook, for people without a GIS."""
    sheets: dict[str, tuple[Sequence[str], Sequence[tuple[object, ...]]]] = {}
    for use, sites in sites_by_use(results).items():
        frames = {f"sites_{use}": sites}
        if (search := yards_of(results, use)) is not None:
            frames[f"yards_{use}"] = fits_in_words(search)
            frames[f"yards_open_{use}"] = stretches_in_words(search)
        for name, frame in frames.items():
            columns = [str(c) for c in frame.columns if c != "geometry"]
            sheets[name] = (columns, list(frame[columns].itertuples(index=False, name=None)))
    sheets["removed"] = (REMOVED_COLUMNS, removed_table(results))
    return write_xlsx(path, sheets)
