"""A comparison of runs as an object."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.api.markup import Page, box, language, line, table
from maemoh_gis.api.tables import read_bands, read_features, read_table
from maemoh_gis.errors import Fault, RunError
from maemoh_gis.files import read_json
from maemoh_gis.language import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd
    import xarray as xr

_RECORD, _PAGE, _PIECES = "compare.json", "comparison.html", "pieces.gpkg"


class Comparison:
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
        self.folder = folder
        if not (folder / _RECORD).is_file():
            raise RunError(Fault("not_a_comparison", str(folder), expected=_RECORD))
        self.record: Mapping[str, Any] = read_json(folder / _RECORD)

    @property
    def runs(self) -> tuple[str, ...]:
        """List the runs by name, the one compared with first."""
        return tuple(run["run"] for run in self.record["runs"])

    @property
    def tables(self) -> tuple[str, ...]:
        """List its tables by name."""
        return tuple(sorted(path.stem for path in self.folder.glob("*.csv")))

    def table(self, name: str) -> pd.DataFrame:
        """
        Read one of its tables.

        Parameters
        ----------
        name : str
            One of `tables`.

        Returns
        -------
        pandas.DataFrame
            Areas in rai and hectares; units in `attrs`.

        Raises
        ------
        FileError
            If there is no such table.

        Examples
        --------
        >>> "land" in compared.tables
        True
        >>> land = compared.table("land")  # weights move no limit
        >>> land.groupby("use")["allowed_rai"].nunique().tolist()
        [1, 1]
        """
        return read_table(self.folder / f"{name}.csv")

    @cached_property
    def pieces(self) -> gpd.GeoDataFrame:
        """Give the sites that any run proposes, with the runs that propose them."""
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

    def map(self, height: int = 640) -> Page:
        """
        Show the page with two maps in step.

        Parameters
        ----------
        height : int
            Height in the notebook, pixels.

        Returns
        -------
        Page
            Opens without a network; `path` is the file.
        """
        return Page(self.folder / _PAGE, height)

    def __repr__(self) -> str:
        return f"<Comparison of {len(self.runs)} runs: {', '.join(self.runs)}>"

    def _repr_html_(self) -> str:
        spoken = language()
        parts: list[str] = [line(note[spoken], "warn") for note in self.record["caveats"][:2]]
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
