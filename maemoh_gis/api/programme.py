"""A programme of parcels over the years."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from maemoh_gis.api.result import Result
from maemoh_gis.api.verbs import Place
from maemoh_gis.runs.project import find_project

if TYPE_CHECKING:
    import pandas as pd

    from maemoh_gis.phasing.study import Objective


def programme(
    *runs: Result | Place,
    budget: float,
    objective: Objective = "job_years",
    discount: float | None = None,
    sites_from: int | None = None,
    yard_first: bool = True,
    folder: Place | None = None,
    layers: Place | None = None,
) -> pd.DataFrame:
    """
    Programme parcels over the years, in the world of each finished run.

    Parameters
    ----------
    *runs : Result, str or Path
        Runs or their folders, one for each path of retirement and papers.
    budget : float
        Most that works may cost in a year, million THB of constant value.
    objective : {"job_years", "rai_years", "teu"}
        What is to be most.
    discount : float, optional
        What a year later counts less; that of the scenario by default.
    sites_from : int, optional
        Year, B.E., from which land of sites is supposed to be usable where nobody says; without it
        such sites are in no programme.
    yard_first : bool
        Whether a yard must begin before or with the estate.
    folder : str or Path, optional
        Where to write the page and the tables; nothing is written without.
    layers : str or Path, optional
        Folder of layers, where no run is given as a `Result`.

    Returns
    -------
    pandas.DataFrame
        A row for each parcel and world: the year works begin, rai laid out, million THB of works,
        or why it is in no programme. `attrs` holds what recurs (`findings`) and, for each world,
        what it is worth with its range, the bound and the gap (`worlds`).

    Raises
    ------
    MaeMohError
        With every fault found: no budget, no such objective, a run that is not whole.

    Examples
    --------
    >>> import maemoh_gis as mm
    >>> table = mm.programme("runs/quick", budget=300)
    >>> sorted(table["why_not"].dropna().unique())
    ['land_right', 'not_drawn', 'too_small']
    """
    import pandas as pd

    from maemoh_gis.phasing.outputs import COLUMNS, record_of, require_place, rows_of, write_study
    from maemoh_gis.phasing.study import Asked, study
    from maemoh_gis.runs.finished import open_runs

    given = [one.catalog for one in runs if isinstance(one, Result)]
    catalog = (
        find_project(Path(layers) if layers else None).catalog()
        if layers or not given
        else given[0]
    )
    folders = [one.folder if isinstance(one, Result) else Path(one) for one in runs]
    asked = Asked(budget, objective, discount, sites_from, yard_first)
    opened = open_runs(folders, catalog)
    if folder is not None:
        require_place(Path(folder), opened, asked, replace=True)
    found = study(opened, asked)
    if folder is not None:
        write_study(found, Path(folder))
    record = record_of(found)
    table = pd.DataFrame(rows_of(found), columns=list(COLUMNS)).replace("", None)
    table.attrs |= {name: record[name] for name in ("findings", "worlds", "asked")}
    return table
