"""What is asked of a scenario before a run, and of a place or land of one's own after it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.api.markup import language
from maemoh_gis.api.result import Result
from maemoh_gis.api.verbs import Place, load_scenario, open_run
from maemoh_gis.core.messages import describe

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from maemoh_gis.api.explanation import Explanation
    from maemoh_gis.ask.explain import Explanation as OfUse


def check(
    name: Place, *, layers: Place | None = None, scenarios: Place | None = None
) -> pd.DataFrame:
    """
    Check a scenario against the layers, without a run.

    Parameters
    ----------
    name : str or Path
        Scenario by id or file.
    layers, scenarios : str or Path, optional
        Folders to read, as for `maemoh-gis check`.

    Returns
    -------
    pandas.DataFrame
        Limits in force by id: title, ground, whether they are checked, and `share`, on about how
        much of the study area. `attrs["warnings"]` lists what was found that blocks nothing.

    Raises
    ------
    MaeMohError
        With every fault of the catalog, the scenario, or the two together.

    Examples
    --------
    >>> import maemoh_gis as mm
    >>> mm.check("quick").loc["reserved_forest", "status"]
    'not_checked'
    """
    import pandas as pd

    from maemoh_gis.layers.load import Layers
    from maemoh_gis.runs.coverage_ahead import statuses_ahead
    from maemoh_gis.scenario.checks.check import faults_of

    read, spoken = load_scenario(name, layers=layers, scenarios=scenarios), language()
    ahead = statuses_ahead(read.resolved.scenario, read.catalog, Layers(read.catalog))
    rows = [
        (one.id, one.limit.title[spoken], one.limit.ground, one.status, one.coverage.share)
        for one in ahead
    ]
    names = ["limit", "title", "ground", "status", "share"]
    table = pd.DataFrame(rows, columns=names).set_index("limit")
    faults = faults_of(read.resolved, read.catalog)
    table.attrs["warnings"] = [describe(fault, spoken) for fault in faults]
    return table


def explain(run: Result | Place, lat: float, lon: float) -> Explanation:
    """
    Say why a place scores as it does in a finished run, and what keeps it out.

    Parameters
    ----------
    run : Result, str or Path
        The run, or its folder.
    lat, lon : float
        WGS 84 latitude and longitude in degrees.

    Returns
    -------
    Explanation
        As `Result.explain` gives it.

    Examples
    --------
    >>> import maemoh_gis as mm
    >>> mm.explain("runs/quick", 18.335, 99.735)
    <Explanation 18.335, 99.735: container_yard removed, green_estate removed>
    """
    return _result(run).explain(lat, lon)


def assess(
    run: Result | Place,
    land: gpd.GeoDataFrame | Place,
    datum_operation: str | None = None,
    *,
    table: str | None = None,
    encoding: str | None = None,
) -> gpd.GeoDataFrame:
    """
    Score land of one's own in a finished run.

    Parameters
    ----------
    run : Result, str or Path
        The run, or its folder.
    land : geopandas.GeoDataFrame, str or Path
        Polygons with a CRS, or a file of them.
    datum_operation : str, optional
        The way to WGS 84 as EPSG code, where the land is on a datum from which there are several,
        such as Indian 1975.
    table : str, optional
        Layer inside the file, where it holds several.
    encoding : str, optional
        Code page of its texts, where it states none.

    Returns
    -------
    geopandas.GeoDataFrame
        The land in its own CRS and columns with `area_rai`, `cells`, and of every use `_verdict`,
        `_score`, `_low`, `_high` and `_limits`, the limits that hold on some of it. It draws with
        `plot()` and `explore()`.

    Raises
    ------
    MaeMohError
        With every fault of the land.

    Examples
    --------
    >>> import geopandas, shapely
    >>> import maemoh_gis as mm
    >>> square = shapely.box(99.70, 18.26, 99.71, 18.27)
    >>> plots = geopandas.GeoDataFrame({"name": ["by the road"]}, geometry=[square], crs=4326)
    >>> found = mm.assess("runs/quick", plots)
    >>> found.loc[0, ["name", "green_estate_verdict"]].tolist()
    ['by the road', 'allowed']
    """
    from maemoh_gis.ask.explain import assess_features
    from maemoh_gis.files import read_vector
    from maemoh_gis.runs.finished import open_run as open_finished

    result, name = _result(run), "GeoDataFrame"
    if isinstance(land, str | Path):
        name, land = str(land), read_vector(Path(land), table, encoding)
    opened = open_finished(result.folder, result.catalog)
    answers = assess_features(opened, land, name, datum_operation)
    found = land.copy()
    for number, (attributes, uses) in enumerate(answers):
        told = {key: attributes[key] for key in ("area_rai", "cells")}
        for use in uses:
            told |= _columns(use)
        for column, value in told.items():
            found.loc[found.index[number], column] = value
    return found


def _columns(of: OfUse) -> dict[str, Any]:
    held = [part.id for part in of.limits if part.area_m2 > 0]
    return {
        f"{of.use}_verdict": of.verdict,
        f"{of.use}_score": of.score,
        f"{of.use}_low": of.low,
        f"{of.use}_high": of.high,
        f"{of.use}_limits": ", ".join(held),
    }


def _result(run: Result | Place) -> Result:
    return run if isinstance(run, Result) else open_run(run)
