"""How alike land is to where a use stands today, as an object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from maemoh_gis.api.markup import box, language, line, table
from maemoh_gis.core.messages import text

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    import xarray as xr

    from maemoh_gis.api.scenario import Scenario
    from maemoh_gis.engine.results import Results

_BASIS = "ASSUMPTION: asked from Python"


def learn(
    scenario: Scenario,
    use: str,
    layer: str,
    where: Mapping[str, Any] | None = None,
    *,
    leave_out: Sequence[str] = (),
    **asked: float,
) -> Likeness:
    """
    Learn from where a use stands today how alike land is to that, beside the score.

    It is evidence, never the ranking: no score, class or order of sites changes.

    Parameters
    ----------
    scenario : Scenario
        Scenario with the use, whose criteria say what is measured.
    use : str
        Id of the use.
    layer : str
        Layer of polygons or points where the use, or what is most like it, stands.
    where : mapping of str to value or list, optional
        Only features with these attribute values.
    leave_out : sequence of str
        Criteria not to learn from, as their measures follow from the places themselves.
    **asked : float
        `block_km`, `folds`, `least_places`, `least_blocks`, `land_cells` or `permutations`, as
        under `learnt` of a scenario.

    Returns
    -------
    Likeness
        What was found, or with which numbers it was declined.

    Raises
    ------
    MaeMohError
        If layer, columns, use or criteria do not exist, or a number is not allowed.

    Examples
    --------
    >>> works = {"land_use": ["industrial", "commercial"]}
    >>> mm.learn(scenario, "green_estate", "land_use_outlines", works, leave_out=["present_use"])
    <Likeness green_estate: too_few_places, 1 place in 1 block>
    """
    from maemoh_gis.runs.learn import learnt_alone

    section = {
        "presence": {"layer": layer, "where": dict(where or {})},
        "leave_out": list(leave_out),
        "basis": _BASIS,
        **asked,
    }
    return Likeness(learnt_alone(scenario.resolved, scenario.catalog, use, section), use)


class Likeness:
    """
    What was learnt of where a use stands.

    Parameters
    ----------
    results : Results
        What was computed.
    use : str
        Id of the use.

    Examples
    --------
    >>> found = mm.learn(scenario, "green_estate", "substations")
    >>> found.verdict
    'too_few_places'
    """

    def __init__(self, results: Results, use: str) -> None:
        from maemoh_gis.learnt.outputs import learnt_on_record

        self._results, self.use = results, use
        self.figures: Mapping[str, Any] = learnt_on_record(results)["learnt"][use]

    @property
    def verdict(self) -> str:
        """
        Whether likeness is told, or what keeps it from being told.

        Examples
        --------
        >>> found.verdict
        'too_few_places'
        """
        return str(self.figures["verdict"])

    @property
    def says(self) -> str:
        """
        Sum up what was found, or why nothing is told, in the reader's language.

        Examples
        --------
        >>> found.says.startswith("Not told")
        True
        """
        return str(self.figures["says"][language()])

    @property
    def caution(self) -> str:
        """
        Say which way it leans and what it is not, in the reader's language.

        Examples
        --------
        >>> found.caution.split(",")[0]
        'Modelled'
        """
        return str(self.figures["caution"][language()])

    def table(self, kind: str | None = None) -> pd.DataFrame:
        """
        Give what is told as a table, as `learnt.csv` of a run has it.

        Parameters
        ----------
        kind : str, optional
            One kind of rows: `verdict`, `skill`, `block`, `form`, `band`, `importance`,
            `dependence` or `patch`; all if not given.

        Returns
        -------
        pandas.DataFrame
            One row a figure, without columns that hold nothing.

        Examples
        --------
        >>> found.table()["name"].tolist()
        ['too_few_places']
        """
        import pandas as pd

        from maemoh_gis.learnt.table import COLUMNS, rows_of

        frame = pd.DataFrame(list(rows_of(self._results, self.use)), columns=list(COLUMNS[1:]))
        if kind is not None:
            frame = frame[frame["kind"] == kind].reset_index(drop=True)
        return frame.dropna(axis="columns", how="all")

    def rasters(self) -> xr.Dataset | None:
        """
        Give likeness beside the score as rasters.

        Returns
        -------
        xarray.Dataset or None
            `learnt`, `difference` and `push` (y, x) at cell centres; NaN where unknown. None where
            likeness is not told.

        Examples
        --------
        >>> found.rasters() is None
        True
        """
        import xarray as xr

        from maemoh_gis.learnt.outputs import bands_of, tags_of
        from maemoh_gis.learnt.stages import beside_of

        beside, grid = beside_of(self._results, self.use), self._results.grid
        if beside is None:
            return None
        bands = {name: (("y", "x"), band) for name, band in bands_of(beside).items()}
        about = {"crs": grid.crs, "cell_m": grid.cell_m, **tags_of(self._results, self.use)}
        return xr.Dataset(bands, {"y": grid.y, "x": grid.x}, about)

    def disagreement(self) -> gpd.GeoDataFrame:
        """
        Give the pieces of open land on which likeness and score disagree most.

        Returns
        -------
        geopandas.GeoDataFrame
            `above` (more alike than its score has it), `land_rai`, mean `rank` and `score`, and
            `push`, the criteria whose measures push most; in the CRS of the scenario, empty where
            likeness is not told.

        Examples
        --------
        >>> len(found.disagreement())
        0
        """
        import geopandas as gpd

        from maemoh_gis.learnt.table import patches_told

        found = patches_told(self._results, self.use)
        patches, names = found.told if found else (), self.figures["measures"]
        rows = {
            "above": [one.above for one in patches],
            "land_rai": [one.land_rai for one in patches],
            "rank": [one.rank for one in patches],
            "score": [one.score for one in patches],
            "push": [", ".join(names[k] for k in one.pushes) for one in patches],
        }
        shapes = [one.shape for one in patches]
        return gpd.GeoDataFrame(rows, geometry=shapes, crs=self._results.grid.crs)

    def __repr__(self) -> str:
        places, blocks = (
            f"{n} {word}" if n == 1 else f"{n} {word}s"
            for n, word in ((self.figures["places"], "place"), (self.figures["blocks"], "block"))
        )
        return f"<Likeness {self.use}: {self.verdict}, {places} in {blocks}>"

    def _repr_html_(self) -> str:
        spoken = language()
        skill = self.table("skill")
        rows = (
            [] if skill.empty else list(zip(skill[f"title_{spoken}"], skill["figure"], strict=True))
        )
        heads = [
            text("report.column.learnt_what", spoken),
            text("report.column.learnt_figure", spoken),
        ]
        told = [table(heads, rows)] if rows else []
        title = text("report.section.learnt", spoken)
        return box(title, line(self.caution, "warn"), line(self.says), *told)
