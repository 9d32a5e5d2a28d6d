"""The verb `run`, for one scenario, many, or all of them crossed with years, viewpoints, values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from maemoh_gis.commands import answers
from maemoh_gis.core import units
from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import text

if TYPE_CHECKING:
    from maemoh_gis.batch.plan import Asked
    from maemoh_gis.batch.run import Ended
    from maemoh_gis.cache.store import Store
    from maemoh_gis.commands.terminal import Terminal
    from maemoh_gis.engine.strips import Engine
    from maemoh_gis.runs.project import Project
    from maemoh_gis.scenario.resolve import Resolved

DEFAULT_SCENARIO = "baseline"
FOLDER = Path("runs")


def add_to(app: typer.Typer, terminal: Terminal) -> None:
    """Add the verb to a command line."""
    language = terminal.language

    def option(default: Any, name: str, id: str, metavar: str | None = None) -> Any:
        return typer.Option(default, name, help=text(f"cli.opt.{id}", language), metavar=metavar)

    @app.command("run", help=text("cli.run", language))
    def run(
        scenario: list[str] = typer.Argument(None, help=text("cli.arg.scenarios", language)),
        all_: bool = option(False, "--all", "all"),
        set_: list[str] = option([], "--set", "set", "KEY=A:B:N"),
        years: str = option("", "--years", "years", "2569,2574"),
        viewpoints: str = option("", "--viewpoints", "viewpoints", "ID,ID"),
        matrix: Path = option(None, "--matrix", "matrix"),
        jobs: int = option(1, "--jobs", "jobs"),
        dry_run: bool = option(False, "--dry-run", "dry_run"),
        log_json: bool = option(False, "--log-json", "log_json"),
        out: Path = option(None, "--out", "out"),
        replace: bool = terminal.replace_option(),
        scheduler: str = option(None, "--scheduler", "scheduler", "tcp://HOST:PORT"),
        cache: Path = option(None, "--cache", "cache", "DIR"),
        no_cache: bool = option(False, "--no-cache", "no_cache"),
        pages: bool = option(None, "--pages/--no-pages", "pages"),
        layers: Path = terminal.layers_option(),
        scenarios: Path = terminal.scenarios_option(),
        as_json: bool = terminal.json_option(),
    ) -> Any:
        from maemoh_gis.batch.plan import Asked
        from maemoh_gis.cache.store import NO_CACHE, open_store

        store = NO_CACHE if no_cache else open_store(cache)
        project = terminal.project(layers, scenarios)
        names = project.scenario_names() if all_ else (scenario or [DEFAULT_SCENARIO])
        asked = Asked(names, _years(years), _parts(viewpoints), set_, matrix)
        swept = asked.years or asked.viewpoints or asked.sets or matrix
        engine = _engine(scheduler, jobs)
        if len(names) == 1 and not (all_ or swept or dry_run or log_json):
            folder = out or FOLDER / Path(names[0]).stem
            how = _How(engine, store, pages is not False, replace)
            return _one(terminal, project, names[0], folder, how, as_json=as_json)
        way = _Way(out or FOLDER, jobs, dry_run, log_json, as_json, store, pages, replace)
        return _many(terminal, project, asked, engine, way)


@dataclass(frozen=True)
class _How:
    """How one run is made."""

    engine: Engine
    store: Store
    pages: bool
    replace: bool


@dataclass(frozen=True)
class _Way:
    """How a batch is run and told of."""

    root: Path
    jobs: int
    dry_run: bool
    log_json: bool
    as_json: bool
    store: Store
    pages: bool | None
    replace: bool


def _engine(scheduler: str | None, jobs: int) -> Engine:
    from maemoh_gis.engine.strips import in_threads
    from maemoh_gis.runs.cluster import engine_at

    if jobs < 1:
        raise RunError(Fault("bad_jobs", key="--jobs", found=str(jobs), expected=">= 1"))
    if scheduler is None:
        return in_threads
    if jobs > 1:
        raise RunError(Fault("bad_jobs", key="--jobs", found=str(jobs), expected="1"))
    return engine_at(scheduler)


def _parts(written: str) -> list[str]:
    return [part.strip() for part in written.split(",") if part.strip()]


def _years(written: str) -> list[int]:
    try:
        return [int(part) for part in _parts(written)]
    except ValueError:
        raise RunError(
            Fault("bad_set", key="--years", found=written, expected="2569,2574")
        ) from None


def _one(
    terminal: Terminal,
    project: Project,
    name: str,
    folder: Path,
    how: _How,
    *,
    as_json: bool,
) -> None:
    from maemoh_gis.engine.results import MAP, RECORD
    from maemoh_gis.files import read_json
    from maemoh_gis.runs.run import run as run_scenario

    with terminal.progress() as watch:
        run_scenario(
            project, name, folder, engine=how.engine, watch=watch, store=how.store, pages=how.pages,
            replace=how.replace,
        )  # fmt: skip
    record = read_json(folder / RECORD)
    if as_json:
        page = str(folder / MAP) if how.pages else None
        terminal.data({"folder": str(folder), "map": page, **record})
        return
    answers.show_run(terminal, record, folder)


def _many(terminal: Terminal, project: Project, asked: Asked, engine: Engine, way: _Way) -> int:
    from maemoh_gis.batch.batch import INDEX, run_batch
    from maemoh_gis.batch.plan import plan, prepared, sweeps_values

    catalog = project.catalog()
    planned = plan(asked)
    scenarios = prepared(planned, project, catalog)
    pages = not sweeps_values(planned) if way.pages is None else way.pages
    if way.dry_run:
        from maemoh_gis.batch.cost import cost_of

        cost = cost_of(scenarios, catalog, way.root, way.store, pages=pages)
        if way.as_json:
            terminal.data({"runs": list(scenarios), "cost": vars(cost)})
            return 0
        for label in scenarios:
            terminal.line(label)
        terminal.say("cli.batch.cost", runs=cost.runs, finished=cost.finished,
                     stages=cost.stages, alike=cost.alike, kept=cost.kept,
                     cells=units.number(cost.cells),
                     minutes=units.number(max(cost.seconds / 60, 0.1), 1))  # fmt: skip
        terminal.say("cli.batch.timed" if cost.timed else "cli.batch.assumed", n=cost.timed)
        return 0
    with _told(terminal, scenarios, way) as tell:
        ended = run_batch(
            scenarios, catalog, way.root,
            jobs=way.jobs, engine=engine, tell=tell, store=way.store, pages=pages,
            copying=True, replace=way.replace,
        )  # fmt: skip
    _show(terminal, ended, way.root / INDEX, way)
    if not (pages or way.as_json or way.log_json):
        terminal.say("cli.batch.no_pages")
    return 1 if any(one.state == "failed" for one in ended) else 0


@contextmanager
def _told(
    terminal: Terminal, scenarios: Mapping[str, Resolved], way: _Way
) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """Tell of a batch: a line an event, or a bar with the time left."""
    if way.log_json:
        yield terminal.event
        return
    with terminal.runs_progress(len(scenarios)) as update:

        def tell(event: Mapping[str, Any]) -> None:
            if event["event"] == "stage":
                update(None, f"{event['run']} {event['stage']}")
            elif "ended" in event:
                update(event["ended"], event["run"])

        yield tell


def _show(terminal: Terminal, ended: Sequence[Ended], index: Path, way: _Way) -> None:
    if way.log_json:
        return
    if way.as_json:
        states = {one.label: one.state for one in ended}
        terminal.data({"folder": str(way.root), "index": str(index), "runs": states})
        return
    for one in ended:
        terminal.line(f"{one.label}: {text(f'cli.batch.{one.state}', terminal.language)}")
        terminal.faults(one.faults)
    terminal.say("cli.batch.index", path=str(index.resolve()))
