"""Facts of the future tried against each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.api.scenario import Scenario
from maemoh_gis.api.verbs import Place, load_scenario
from maemoh_gis.engine.stages import no_events

if TYPE_CHECKING:
    import pandas as pd

    from maemoh_gis.engine.stages import Event


def switches(
    scenario: Scenario | Place,
    folder: Place | None = None,
    *,
    values: Mapping[str, Any] | None = None,
    layers: Place | None = None,
    scenarios: Place | None = None,
    watch: Callable[[Event], None] = no_events,
) -> pd.DataFrame:
    """
    Say what the verdict on a yard hinges on: every combination of a scenario's switches.

    Parameters
    ----------
    scenario : Scenario, str or Path
        Scenario with switches, freight, an estate and a choice of places, or its id or file.
    folder : str or Path, optional
        Where to write the page, the table and the picture; nothing is written without.
    values : mapping of str to value, optional
        Keys to set otherwise, by dotted key, as `--set` does.
    layers, scenarios : str or Path, optional
        Folders to read, where `scenario` is a name.
    watch : callable
        Told of every stage of the run of the land, and of the worlds.

    Returns
    -------
    pandas.DataFrame
        A row for each world, that of the scenario first: the setting of each switch, whether boxes
        fill the trains of the step asked for, TEU, baht, days, CO2 and lorry-km a year with their
        range, and the regret of building, reserving and waiting in baht. What cannot be told is
        missing. `attrs` holds the sentences that open the page (`findings`) and the fewest switches
        that turn the verdict (`turns_trains`, `turns_paying`). A count of rows is no likelihood.

    Raises
    ------
    MaeMohError
        With every fault of the scenario and its switches.

    Examples
    --------
    >>> import maemoh_gis as mm
    >>> try:
    ...     mm.switches("quick")
    ... except Exception as error:
    ...     [fault.code for fault in error.faults]
    ['switches_need', 'switches_need']
    """
    import pandas as pd

    from maemoh_gis.cache.store import open_store
    from maemoh_gis.hinges.outputs import columns_of, record_of, require_place, rows_of, write_study
    from maemoh_gis.hinges.run import studied

    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario, values, layers=layers, scenarios=scenarios)
    elif values:
        scenario = scenario.having(values)
    if folder is not None:
        require_place(Path(folder), scenario.resolved, replace=True)
    found = studied(scenario.resolved, scenario.catalog, store=open_store(), watch=watch)
    if folder is not None:
        write_study(found, Path(folder))
    record = record_of(found)
    table = pd.DataFrame(rows_of(found), columns=columns_of(found)).replace("", None)
    kept = ("findings", "turns_trains", "turns_paying", "untold", "year")
    table.attrs |= {name: record[name] for name in kept}
    return table
