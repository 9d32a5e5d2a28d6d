"""One scenario from files to a run folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from maemoh_gis.cache.store import NO_CACHE, NotKeptError, Store
from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.garbage import rarely_collected
from maemoh_gis.core.grid import Grid
from maemoh_gis.core.locks import HIDDEN, workshop
from maemoh_gis.engine import provenance
from maemoh_gis.engine.cached_stages import StageCache, shelf_of
from maemoh_gis.engine.results import RECORD, Results
from maemoh_gis.engine.same_question import asked_by, require_own_folder, require_same_run
from maemoh_gis.engine.stages import Event, Stage, StageContext, keys_of, no_events
from maemoh_gis.engine.strips import Engine, execute_in_strips, in_threads
from maemoh_gis.engine.study import study_grid
from maemoh_gis.engine.tasks import Room
from maemoh_gis.files import sha256_of, write_json, write_text
from maemoh_gis.files.scratch import Scratch
from maemoh_gis.layers.audit.gate import require_sound
from maemoh_gis.layers.cached import CachedLayers
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.layers.load import Layers
from maemoh_gis.phase_out.units import units_of
from maemoh_gis.runs import outputs
from maemoh_gis.runs.compile_ahead import compiling_ahead
from maemoh_gis.runs.layers_read import layers_read
from maemoh_gis.runs.project import Project, prepare
from maemoh_gis.runs.stage_table import stage_table
from maemoh_gis.scenario.resolve import Resolved
from maemoh_gis.scenario.settings.scenario import Scenario
from maemoh_gis.suitability.cell_parts import CellParts
from maemoh_gis.suitability.histograms import Histograms, with_counting
from maemoh_gis.suitability.known_land import KnownLand, with_tallies, zone_names

_GATHERED = ("packed:", "counted:", "tallied:")
"""Stages whose results are gathered strip by strip."""
# Rasters of three uses over the province at 100 m; those of larger runs lie in files.
_BYTES_IN_MEMORY = 192 << 20
_BYTES_A_CELL = 40


@rarely_collected()
def compute(
    resolved: Resolved,
    catalog: Catalog,
    *,
    engine: Engine = in_threads,
    watch: Callable[[Event], None] = no_events,
    room: Room = np.empty,
    store: Store = NO_CACHE,
    layers: Layers | None = None,
) -> Results:
    """
    Run the stages of a scenario over its study area.

    Scores, states and land of the sites by use, which `site_table.with_sites` describes. Criteria
    are never whole in memory, measures only where something is learnt from them.
    """
    scenario = resolved.scenario
    require_sound(catalog, layers_read(scenario, catalog))
    units_of(resolved, catalog)
    layers = layers or CachedLayers(Layers(catalog))
    grid = study_grid(scenario, layers)
    stages = stage_table(scenario, catalog)
    keys = keys_of(stages, layers, grid)
    context = StageContext(scenario, layers, grid)
    told = table_with_outputs(scenario, catalog, stages, grid)
    shelf = shelf_of(store, told, layers, grid)
    for one in (shelf, shelf, replace(shelf, blind=True)):
        try:
            found, gathered = _passed(told, context, engine, watch, room, one)
            break
        except NotKeptError:
            # Gone or spoilt since it was looked for; it is removed now. One may be chance.
            continue
    store.trim()
    return Results(resolved, catalog, layers, grid, found, gathered, keys, tuple(stages), store)


def table_with_outputs(
    scenario: Scenario, catalog: Catalog, stages: Sequence[Stage], grid: Grid
) -> list[Stage]:
    """Give the table of a run with the stages that pack and count what its outputs tell."""
    packing = CellParts(scenario, grid).with_packing(stages, catalog)
    return with_tallies(scenario, catalog, with_counting(scenario, packing))


def whole_of(stages: Iterable[Stage]) -> frozenset[str]:
    """Name the stages of a table at whose whole results outputs look."""
    return frozenset(stage.id for stage in stages if stage.whole)


def wanted_of(stages: Sequence[Stage]) -> frozenset[str]:
    """Name the stages of a table at whose results outputs look, whole or strip by strip."""
    gathered = frozenset(stage.id for stage in stages if stage.id.startswith(_GATHERED))
    return whole_of(stages) | gathered


def _passed(
    stages: Sequence[Stage],
    context: StageContext,
    engine: Engine,
    watch: Callable[[Event], None],
    room: Room,
    shelf: StageCache,
) -> tuple[dict[str, Any], tuple[object, ...]]:
    """Run a table once; give the results to keep, and what was gathered as strips passed."""
    histograms, parts = Histograms(), CellParts(context.scenario, context.grid)
    known = KnownLand(context.scenario, zones=zone_names(context.scenario, context.layers))

    def listen(strip: Grid, results: Mapping[str, Any]) -> None:
        histograms.add(results)
        parts.add(strip, results)
        known.add(results)

    found = execute_in_strips(
        stages,
        context,
        keep=whole_of(stages).__contains__,
        show=lambda stage: histograms.wanted(stage) or parts.wanted(stage) or known.wanted(stage),
        each=listen,
        engine=engine,
        watch=watch,
        room=room,
        shelf=shelf,
    )
    return found, (histograms, parts, known)


def run(
    project: Project,
    name: str,
    folder: Path,
    *,
    engine: Engine = in_threads,
    watch: Callable[[Event], None] = no_events,
    store: Store = NO_CACHE,
    pages: bool = True,
    replace: bool = False,
) -> Path:
    """Run a scenario and write its run folder."""
    with compiling_ahead():
        resolved, catalog = prepare(project, name)
        return run_resolved(
            resolved, catalog, folder, engine=engine, watch=watch, store=store, pages=pages,
            replace=replace,
        )  # fmt: skip


@rarely_collected()
def run_resolved(
    resolved: Resolved,
    catalog: Catalog,
    folder: Path,
    *,
    engine: Engine = in_threads,
    watch: Callable[[Event], None] = no_events,
    drafts: Path | None = None,
    store: Store = NO_CACHE,
    pages: bool = True,
    layers: Layers | None = None,
    replace: bool = False,
) -> Path:
    """Run a checked scenario and write its run folder."""
    require_own_folder(folder, RECORD, "not_a_run_folder")
    asked = asked_by(resolved.scenario.id, [vars(change) for change in resolved.changes])
    require_same_run(folder, RECORD, asked, replace=replace)
    beside = drafts or folder.parent
    with workshop(beside, HIDDEN):
        pass  # A folder that takes nothing is told of before anything is computed.
    layers = layers or CachedLayers(Layers(catalog))
    _require_room(beside, resolved.scenario, layers)
    log = provenance.Log()

    def note_and_tell(event: Event) -> None:
        log.note(event)
        watch(event)

    with Scratch(beside, _BYTES_IN_MEMORY) as scratch:
        results = compute(
            resolved, catalog, engine=engine, watch=note_and_tell, room=scratch.raster,
            store=store, layers=layers,
        )  # fmt: skip
        with workshop(beside, HIDDEN) as drafting:
            draft = drafting / folder.name
            draft.mkdir()
            write_json(draft / RECORD, outputs.write_all(results, draft, pages=pages))
            log.write(draft / "log")
            write_text(draft / "log" / provenance.CHECKSUM, sha256_of(draft / RECORD) + "\n")
            _move_into_place(draft, folder)
    return folder


def _require_room(folder: Path, scenario: Scenario, layers: Layers) -> None:
    """Refuse a run whose rasters the disk cannot hold while it lasts."""
    grid = study_grid(scenario, layers)
    needed = _BYTES_A_CELL * grid.rows * grid.cols
    free = shutil.disk_usage(folder).free
    if needed > _BYTES_IN_MEMORY and needed > free:
        raise RunError(
            Fault("disk_too_small", str(folder), found=f"{free / 2**30:.1f}",
                  expected=f"{needed / 2**30:.1f}")
        )  # fmt: skip


def _move_into_place(draft: Path, folder: Path) -> None:
    """Swap the new run in; the old one goes only when the new one stands in its place."""
    if not folder.exists():
        draft.replace(folder)
        return
    aside = draft.with_name(f"{folder.name}-old")
    folder.replace(aside)
    try:
        draft.replace(folder)
    except OSError:
        aside.replace(folder)
        raise
