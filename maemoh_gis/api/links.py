"""How rails, a road and power could reach the places of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maemoh_gis.api.result import Result
from maemoh_gis.api.verbs import Place, open_run

if TYPE_CHECKING:
    import geopandas as gpd


def links(of: Result | Place, *, layers: Place | None = None) -> gpd.GeoDataFrame:
    """
    Find how rails, a road and power could reach every site, rectangle for a yard and station.

    Parameters
    ----------
    of : Result, str or Path
        A finished run or its folder.
    layers : str or Path, optional
        Folder of layers, where a folder is given.

    Returns
    -------
    geopandas.GeoDataFrame
        A row a place and way, in the CRS of the grid: the columns of `links.csv`, kilometres, rai,
        counts of crossings, the line; no line where `outcome` is `no_route`, with what shuts the
        place in. `attrs` holds `not_checked`, the limits no map tells, and `credit`.

    Raises
    ------
    RunError
        If the scenario asks for no ways, or a layer has changed since the run.

    Examples
    --------
    >>> import maemoh_gis as mm
    >>> ways = mm.links("runs/quick")
    >>> sorted(set(ways["way"]))
    ['power', 'road', 'siding']
    >>> bool((ways.length[ways["outcome"] == "route"] > 0).any())
    True
    """
    from maemoh_gis.linking.outputs import links_of, provenance_of
    from maemoh_gis.linking.study import study
    from maemoh_gis.runs.finished import open_run as opened

    result = of if isinstance(of, Result) else open_run(of, layers=layers)
    found = study(opened(result.folder, result.catalog))
    frame = links_of(found)
    frame.attrs |= {"not_checked": found.not_checked, "credit": provenance_of(found).credit}
    return frame
