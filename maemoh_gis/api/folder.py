"""What a run and a comparison have in common: a folder with a record, tables and a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.api.markup import Page
from maemoh_gis.api.tables import read_table
from maemoh_gis.files import read_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


class RecordedFolder:
    """
    A folder that was written as a whole, with its record.

    Parameters
    ----------
    folder : Path
        The folder.
    record : str
        Name of its record.
    page : str
        Name of its page with maps.
    """

    def __init__(self, folder: Path, record: str, page: str) -> None:
        self.folder = folder
        self._page = folder / page
        self.record: Mapping[str, Any] = read_json(folder / record)

    @property
    def tables(self) -> tuple[str, ...]:
        """
        List its tables by name.

        Examples
        --------
        >>> "removed" in result.tables, "land" in compared.tables
        (True, True)
        """
        return tuple(sorted(path.stem for path in self.folder.glob("*.csv")))

    def table(self, name: str) -> pd.DataFrame:
        """
        Read one of its tables.

        Parameters
        ----------
        name : str
            One of `tables`, such as `removed` or `yard_choice` of a run, `land` of a comparison.

        Returns
        -------
        pandas.DataFrame
            With the units that names of columns state in `attrs`.

        Raises
        ------
        FileError
            If there is no such table.

        Examples
        --------
        >>> result.table("removed").attrs["units"]["at_all_rai"]
        'rai'
        >>> land = compared.table("land")  # weights move no limit
        >>> land.groupby("use")["allowed_rai"].nunique().tolist()
        [1, 1]
        """
        frame = read_table(self.folder / f"{name}.csv")
        frame.attrs |= self._about()
        return frame

    def map(self, height: int = 640) -> Page:
        """
        Show its page with maps in the notebook, without a network.

        Parameters
        ----------
        height : int
            Height in the notebook, pixels.

        Returns
        -------
        Page
            The page, which can be sent to anyone; `path` is the file.

        Raises
        ------
        RunError
            If the page was not written.

        Examples
        --------
        >>> result.map().path.as_posix(), compared.map().path.name
        ('runs/quick/map.html', 'comparison.html')
        """
        return Page(self._page, height)

    def _about(self) -> dict[str, Any]:
        """Give what is known of everything in the folder."""
        return {}
