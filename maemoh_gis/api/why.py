"""Why a yard fits at a station or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maemoh_gis.api.result import Result
from maemoh_gis.api.scenario import Scenario
from maemoh_gis.api.verbs import Place, open_run

if TYPE_CHECKING:
    import pandas as pd


def why(place: str, of: Result | Scenario | Place, *, layers: Place | None = None) -> pd.DataFrame:
    """
    Say why a yard fits at a station or not, and the least that would have to give way.

    Parameters
    ----------
    place : str
        Name of a station in Thai or English.
    of : Result, Scenario, str or Path
        A finished run or its folder, or a checked scenario, which is then computed as far as
        needed.
    layers : str or Path, optional
        Folder of layers, where a folder is given.

    Returns
    -------
    pandas.DataFrame
        A row for each use and test at the place that comes nearest to a yard: value, error, limit
        and margin in the test's unit, and what that tells; the columns of `why_tests.csv`, numbers
        missing where nothing is known. `attrs` holds the rows of the station (`station`) and of
        what would have to give way (`relaxations`), as those of the tables of a run.

    Raises
    ------
    RunError
        If no use asks for a yard, or no station has that name.

    Examples
    --------
    >>> import maemoh_gis as mm
    >>> told = mm.why("Mae Mo", "runs/quick")
    >>> told.attrs["station"][0]["station_th"]
    'แม่เมาะ'
    >>> told["test"].tolist()[:3]
    ['straight', 'grade', 'tracks']
    """
    import pandas as pd

    from maemoh_gis.ask.station import stations_of_run, stations_of_scenario, told_at
    from maemoh_gis.runs.report import finished

    if isinstance(of, Scenario):
        tables = stations_of_scenario(of.resolved, of.catalog)
    else:
        result = of if isinstance(of, Result) else open_run(of, layers=layers)
        tables = stations_of_run(finished(result.folder, result.catalog))
    told = told_at(tables, place)
    table = pd.DataFrame([row for one in told for row in one.tests])
    numbers = ["value", "error", "limit", "margin"]
    table[numbers] = table[numbers].apply(pd.to_numeric)
    table.attrs["station"] = [dict(one.station) for one in told]
    table.attrs["relaxations"] = [dict(row) for one in told for row in one.relaxations]
    return table
