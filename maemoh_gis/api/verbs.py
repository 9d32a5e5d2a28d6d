"""The verbs: read layers and scenarios, run, look again, compare, follow the years."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.api.catalog import Catalog
from maemoh_gis.api.comparison import Comparison
from maemoh_gis.api.result import Result
from maemoh_gis.api.scenario import Scenario
from maemoh_gis.api.timeline import Timeline
from maemoh_gis.core.errors import RunError
from maemoh_gis.engine.stages import no_events
from maemoh_gis.runs.project import find_project

if TYPE_CHECKING:
    import pandas as pd

    from maemoh_gis.engine.stages import Event

Place = str | Path
RUNS = Path("runs")


def open_catalog(layers: Place | None = None) -> Catalog:
    """
    Open the catalog of a layers folder.

    Parameters
    ----------
    layers : str or Path, optional
        Folder with `catalog.yaml`; by default `layers/` of the folder one works in, else the
        bundled one.

    Returns
    -------
    Catalog
        What each layer is, how far it can be trusted, and its content.

    Raises
    ------
    MaeMohError
        With every fault of the catalog.

    Examples
    --------
    >>> import maemoh_gis as mm
    >>> catalog = mm.open_catalog()
    >>> catalog.layers.loc["land_use", "nature"]
    'modelled'
    """
    return Catalog(find_project(_path(layers)).catalog())


def load_scenario(
    name: Place,
    values: Mapping[str, Any] | None = None,
    *,
    layers: Place | None = None,
    scenarios: Place | None = None,
) -> Scenario:
    """
    Read a scenario and check it against the layers.

    Parameters
    ----------
    name : str or Path
        Scenario by id or file.
    values : mapping of str to value, optional
        Keys to set otherwise, by dotted key, as `--set` does.
    layers, scenarios : str or Path, optional
        Folders to read, as for `maemoh-gis run`.

    Returns
    -------
    Scenario
        The checked scenario.

    Raises
    ------
    MaeMohError
        With every fault of the catalog, the scenario, or the two together.

    Examples
    --------
    >>> import maemoh_gis as mm
    >>> mm.load_scenario("quick", {"grid.cell_m": 800})
    <Scenario quick--cell_m-800: B.E. 2569, EPSG:32647, cells of 800 m>
    """
    project = find_project(_path(layers), _path(scenarios))
    return Scenario.read(project, str(name), values or {})


def run(
    scenario: Scenario | Place,
    folder: Place | None = None,
    *,
    values: Mapping[str, Any] | None = None,
    again: bool = False,
    layers: Place | None = None,
    scenarios: Place | None = None,
    watch: Callable[[Event], None] = no_events,
    pages: bool = True,
    cache: Place | bool = True,
    replace: bool = False,
) -> Result:
    """
    Run a scenario, or take the run that stands already.

    Parameters
    ----------
    scenario : Scenario, str or Path
        Scenario, or its id or file.
    folder : str or Path, optional
        Run folder; by default `runs/` and the name of the scenario with what was set.
    values : mapping of str to value, optional
        Keys to set otherwise, by dotted key, as `--set` does.
    again : bool
        Compute even where `folder` holds the whole answer to this very question: same scenario,
        stages, layers and programs, and every output with its checksum.
    layers, scenarios : str or Path, optional
        Folders to read, where `scenario` is a name.
    watch : callable
        Told of every stage that is computed.
    pages : bool
        Write the map, the report and its sheets too; without them `Result.map` has nothing to show.
    cache : bool, str or Path
        Whether to take results of earlier runs where nothing has changed that decides them, and
        keep new ones; or the folder they lie in. By default those of the command line.
    replace : bool
        Replace an earlier run of another question in `folder` too.

    Returns
    -------
    Result
        The run; the same files as `maemoh-gis run` writes.

    Raises
    ------
    MaeMohError
        With every fault found; nothing is written then.

    Examples
    --------
    >>> import maemoh_gis as mm
    >>> result = mm.run("quick")
    >>> result.folder.as_posix()
    'runs/quick'
    >>> result.uses
    ('container_yard', 'green_estate')
    """
    from maemoh_gis.batch.run import LOG, is_finished
    from maemoh_gis.cache.store import NO_CACHE, open_store
    from maemoh_gis.core.locks import held, workshop
    from maemoh_gis.layers.load import Layers
    from maemoh_gis.runs.run import run_resolved

    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario, values, layers=layers, scenarios=scenarios)
    elif values:
        scenario = scenario.having(values)
    place = Path(folder) if folder is not None else RUNS / scenario.label
    log = place.parent / LOG
    # The same locks as a batch: two notebooks that want one run make it once.
    with held(log / "locks" / place.name, wait=True), workshop(log) as drafts:
        read = Layers(scenario.catalog)
        if again or not is_finished(place, scenario.resolved, read, pages=pages):
            store = (
                NO_CACHE if cache is False else open_store(None if cache is True else Path(cache))
            )
            run_resolved(
                scenario.resolved, scenario.catalog, place,
                watch=watch, drafts=drafts, store=store, pages=pages, replace=replace,
            )  # fmt: skip
    return Result(place, scenario.catalog)


def open_run(folder: Place, *, layers: Place | None = None) -> Result:
    """
    Open a finished run.

    Parameters
    ----------
    folder : str or Path
        Run folder.
    layers : str or Path, optional
        Folder with the layers it was run with.

    Returns
    -------
    Result
        The run.

    Raises
    ------
    RunError
        If it is no run folder.

    Examples
    --------
    >>> import maemoh_gis as mm
    >>> mm.open_run("runs/quick").year
    2569
    """
    return Result(Path(folder), find_project(_path(layers)).catalog())


def compare(
    *runs: Result | Place,
    folder: Place | None = None,
    good_score: float | None = None,
    alerts: Mapping[str, float] | None = None,
    layers: Place | None = None,
    replace: bool = False,
    ledger: bool | None = None,
) -> Comparison:
    """
    Compare finished runs.

    Parameters
    ----------
    *runs : Result, str or Path
        Runs or their folders, the one to compare with first; all on one grid.
    folder : str or Path, optional
        Where the comparison belongs; `runs/comparison` by default. An earlier one of the same runs
        is replaced.
    good_score : float, optional
        Land at this score or above is good; 0.6, an assumption, by default.
    alerts : mapping of str to float, optional
        Thresholds of indicators in place of the declared ones.
    layers : str or Path, optional
        Folder of layers, where no run is given as a `Result`.
    replace : bool
        Replace an earlier comparison of other runs too.
    ledger : bool, optional
        Whether to work out what each cause moves alone, some seconds a cause; by default of
        runs in their order while no more than eight causes lie between them.

    Returns
    -------
    Comparison
        Tables, pieces of land and the page.

    Raises
    ------
    MaeMohError
        With every fault found: fewer than two runs, one that is not whole, another grid.

    Examples
    --------
    >>> import maemoh_gis as mm
    >>> mm.compare("runs/quick", "runs/villagers")
    <Comparison of 2 runs: quick, villagers>
    """
    from maemoh_gis.ask.why import explainer
    from maemoh_gis.cache.store import open_store
    from maemoh_gis.comparison.compare import compare as compare_folders
    from maemoh_gis.comparison.model import GOOD_SCORE

    given = [one.catalog for one in runs if isinstance(one, Result)]
    catalog = find_project(_path(layers)).catalog() if layers or not given else given[0]
    out = RUNS / "comparison" if folder is None else Path(folder)
    places = [one.folder if isinstance(one, Result) else Path(one) for one in runs]
    at_least = GOOD_SCORE if good_score is None else good_score
    explain = explainer(catalog, asked=ledger, at_least=at_least, store=open_store())
    compare_folders(
        places, catalog, out, at_least=at_least, alerts=alerts, replace=replace, explain=explain
    )
    return Comparison(out)


def ledger(
    base: Result | Place,
    other: Result | Place,
    *,
    good_score: float | None = None,
    layers: Place | None = None,
) -> pd.DataFrame:
    """
    Say why two finished runs differ: what each cause moves alone, and all of them together.

    Parameters
    ----------
    base, other : Result, str or Path
        Run to start from and run to explain, or their folders; both on one grid.
    good_score : float, optional
        Land at this score or above is good; 0.6, an assumption, by default.
    layers : str or Path, optional
        Folder of layers, where no run is given as a `Result`.

    Returns
    -------
    pandas.DataFrame
        A row for each cause and use, the cause that moves most land first; areas in rai, water in
        million m3 a year. `attrs` holds the sentence that opens it (`first`) and what is said of
        each cause (`causes`), in both languages.

    Raises
    ------
    RunError
        If the grids differ, or no use is in both runs.

    Examples
    --------
    >>> import maemoh_gis as mm
    >>> why = mm.ledger("runs/quick", "runs/villagers")
    >>> list(why["cause"].unique())
    ['viewpoint', 'uses.container_yard', 'all', 'interaction']
    """
    import pandas as pd

    from maemoh_gis.ask.why import told_ledger
    from maemoh_gis.cache.store import open_store
    from maemoh_gis.comparison.model import GOOD_SCORE
    from maemoh_gis.runs.finished import open_run as open_finished

    given = [one.catalog for one in (base, other) if isinstance(one, Result)]
    catalog = find_project(_path(layers)).catalog() if layers or not given else given[0]
    folders = [one.folder if isinstance(one, Result) else Path(one) for one in (base, other)]
    first, second = (open_finished(folder, catalog) for folder in folders)
    at_least = GOOD_SCORE if good_score is None else good_score
    told = told_ledger(first, second, store=open_store(), at_least=at_least)
    table = pd.DataFrame(told["rows"])
    table.attrs |= {"first": told["first"], "causes": told["causes"]}
    return table


def timeline(
    scenario: Scenario | Place,
    *,
    layers: Place | None = None,
    scenarios: Place | None = None,
) -> Timeline:
    """
    Follow a scenario's path after coal from B.E. 2560 to 2600, without a run.

    Parameters
    ----------
    scenario : Scenario, str or Path
        Scenario, or its id or file.
    layers, scenarios : str or Path, optional
        Folders to read, where `scenario` is a name.

    Returns
    -------
    Timeline
        Capacity, lignite, ash, water, jobs, railway and zones by year.

    Raises
    ------
    RunError
        If the scenario has no timeline.

    Examples
    --------
    >>> import maemoh_gis as mm
    >>> path = mm.timeline("full_phase_out_2593")
    >>> float(path.of("mw").loc[2593, "central"])
    0.0
    """
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario, layers=layers, scenarios=scenarios)
    if scenario.resolved.scenario.timeline is None:
        raise RunError(scenario.resolved.document.fault("no_timeline", ("timeline",)))
    return Timeline(scenario)


def _path(place: Place | None) -> Path | None:
    return None if place is None else Path(place)
