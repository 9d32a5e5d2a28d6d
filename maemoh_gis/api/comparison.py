"""A comparison of runs as an object."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from maemoh_gis.api.folder import RecordedFolder
from maemoh_gis.api.markup import box, language, line, table
from maemoh_gis.api.tables import read_bands, read_features, read_table
from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import Text, text

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    import xarray as xr

_RECORD, _PIECES, _CAUSES = "compare.json", "pieces.gpkg", "ledger.csv"


class Comparison(RecordedFolder):
    """
    What moves between runs.

    Parameters
    ----------
    folder : Path
        Folder of the comparison.

    Raises
    ------
    RunError
        If it is no comparison.

    Examples
    --------
    >>> compared
    <Comparison of 2 runs: quick, villagers>
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / _RECORD).is_file():
            raise RunError(Fault("not_a_comparison", str(folder), expected=_RECORD))
        super().__init__(folder, _RECORD, "comparison.html")

    @property
    def runs(self) -> tuple[str, ...]:
        """
        List the runs by name, the one compared with first.

        Examples
        --------
        >>> compared.runs
        ('quick', 'villagers')
        """
        return tuple(run["run"] for run in self.record["runs"])

    @property
    def first(self) -> Text:
        """
        Say in one sentence what moved and why, in both languages.

        Examples
        --------
        >>> sorted(compared.first)
        ['en', 'th']
        """
        return dict(self.record["first"])

    @cached_property
    def causes(self) -> pd.DataFrame:
        """
        Give what each cause moves alone; empty where nobody worked it out.

        Examples
        --------
        >>> list(compared.causes["cause"].unique())
        ['viewpoint', 'uses.container_yard', 'all', 'interaction']
        """
        import pandas as pd

        if _CAUSES not in self.record["outputs"]:
            return pd.DataFrame()
        return read_table(self.folder / _CAUSES)

    @cached_property
    def pieces(self) -> gpd.GeoDataFrame:
        """
        Give the sites that any run proposes, with the runs that propose them.

        Examples
        --------
        >>> compared.pieces.crs.to_epsg(), list(compared.pieces.columns[:4])
        (32647, ['piece', 'use', 'found_by', 'runs'])
        """
        return read_features(self.folder / _PIECES, "sites", {})

    def rasters(self, use: str) -> xr.Dataset:
        """
        Read where the runs agree on good land for a use.

        Parameters
        ----------
        use : str
            Id of the use.

        Returns
        -------
        xarray.Dataset
            Bands of `consensus_USE.tif`.

        Examples
        --------
        >>> agreed = compared.rasters("green_estate")
        >>> agreed.attrs["crs"]
        'EPSG:32647'
        """
        crs = str(self.record["grid"]["crs"])
        return read_bands(self.folder / f"consensus_{use}.tif", crs, {"use": use})

    def __repr__(self) -> str:
        return f"<Comparison of {len(self.runs)} runs: {', '.join(self.runs)}>"

    def _repr_html_(self) -> str:
        spoken = language()
        parts: list[str] = [line(self.first[spoken])]
        parts += [line(note[spoken], "warn") for note in self.record["caveats"][:2]]
        heads = [text("api.run", spoken), text("state.allowed", spoken),
                 text("state.conditional", spoken), text("api.good", spoken),
                 text("api.good_surely", spoken)]  # fmt: skip
        for use in self.record["uses"].values():
            rows = [
                (run, *(land[f"{name}_rai"] for name in
                        ("allowed", "conditional", "good", "good_surely")))
                for run, land in use["land"].items()
            ]  # fmt: skip
            parts += [line(f"{use['title'][spoken]} ({text('unit.rai', spoken)})"),
                      table(heads, rows)]  # fmt: skip
        grid = self.record["grid"]
        parts.append(
            line(text("api.compared", spoken, crs=grid["crs"], cell=f"{grid['cell_m']:g}",
                      score=f"{self.record['good_score']:g}", alerts=len(self.record["alerts"])),
                 "quiet")
        )  # fmt: skip
        return box(text("compare.page.title", spoken, n=len(self.runs)), *parts)
