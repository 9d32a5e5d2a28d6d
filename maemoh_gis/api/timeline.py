"""The path after coal of a scenario, year by year."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from maemoh_gis.api.markup import Picture, box, language, line, table
from maemoh_gis.core.messages import text

if TYPE_CHECKING:
    import pandas as pd

    from maemoh_gis.api.scenario import Scenario


class Timeline:
    """
    What every year from B.E. 2560 to 2600 leaves of coal at Mae Moh under a scenario.

    From the reference year on, years rest on plans that may move; amounts are proportional to the
    megawatts that run, with low, central and high coefficients.

    Parameters
    ----------
    scenario : Scenario
        A scenario with a timeline.

    Examples
    --------
    >>> path
    <Timeline quick: B.E. 2560-2600>
    >>> float(path.of("mw").loc[2569, "central"])
    2455.0
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    @cached_property
    def table(self) -> pd.DataFrame:
        """
        One row a year and fact: capacity, amounts, railway, zones; with range and confidence.

        Returns
        -------
        pandas.DataFrame
            Years B.E.; `low`, `central` and `high` in `unit`.

        Examples
        --------
        >>> sorted(path.table["kind"].unique())
        ['amount', 'capacity', 'rail', 'zone']
        """
        import pandas as pd

        from maemoh_gis.phase_out.outputs import COLUMNS, timeline_rows

        rows = timeline_rows(self.scenario.resolved, self.scenario.catalog)
        frame = pd.DataFrame(rows, columns=list(COLUMNS)).replace("", None)
        for name in ("low", "central", "high", "area_ha"):
            frame[name] = frame[name].astype(float)
        frame.attrs["caveat"] = text("timeline.note", language())
        return frame

    @cached_property
    def units(self) -> pd.DataFrame:
        """
        Generating units with capacity, first year and the last they run to the end of.

        Returns
        -------
        pandas.DataFrame
            By id of the unit; MW gross, years B.E., whether it counts, confidence of its last year.
            Until `unsure_to` it is not certain that it is gone.

        Examples
        --------
        >>> int(path.units.loc["MM-8", "last_year"])
        2574
        """
        import pandas as pd

        from maemoh_gis.phase_out.units import units_of

        rows = [
            (unit.id, *unit.title.values(), unit.mw, unit.start, unit.last_year,
             unit.unsure_to, unit.never, unit.counted, unit.confidence)
            for unit in units_of(self.scenario.resolved, self.scenario.catalog)
        ]  # fmt: skip
        names = ["id", "title_th", "title_en", "mw", "start", "last_year", "unsure_to", "never",
                 "counted", "confidence"]  # fmt: skip
        frame = pd.DataFrame(rows, columns=names).set_index("id")
        years = ["last_year", "unsure_to"]
        frame[years] = frame[years].astype("Int64")
        frame.attrs["units"] = {"mw": "MW"} | dict.fromkeys(["start", *years], "year B.E.")
        return frame

    def of(self, id: str) -> pd.DataFrame:
        """
        Follow one fact through the years.

        Parameters
        ----------
        id : str
            For example `mw`, `lignite_mt`, `jobs_exposed`, or the id of a zone.

        Returns
        -------
        pandas.DataFrame
            By year B.E.

        Examples
        --------
        >>> path.of("lignite_mt").loc[2569, "unit"]
        'million tonnes'
        """
        return self.table[self.table["id"] == id].set_index("year_be")

    def picture(self) -> Picture:
        """
        Draw the whole path: capacity by unit, what follows from it, land in use, railway.

        Returns
        -------
        Picture
            In both languages.

        Examples
        --------
        >>> path.picture().svg[:4]
        '<svg'
        """
        from maemoh_gis.phase_out.outputs import timeline_picture

        drawn = timeline_picture(self.scenario.resolved, self.scenario.catalog)
        return Picture(drawn, self.scenario.title)

    def __repr__(self) -> str:
        years = self.table["year_be"]
        return f"<Timeline {self.scenario.id}: B.E. {years.min()}-{years.max()}>"

    def _repr_html_(self) -> str:
        spoken = language()
        now = self.table[self.table["year_be"] == self.scenario.year]
        numbers = now[now["kind"].isin(["capacity", "amount"])]
        rows = [
            (row[f"title_{spoken}"], row["low"], row["central"], row["high"], row["unit"],
             row["confidence"])
            for _, row in numbers.iterrows()
        ]  # fmt: skip
        heads = [
            text("api.year", spoken, year=self.scenario.year), text("api.low", spoken),
            text("api.central", spoken), text("api.high", spoken), text("api.unit", spoken),
            text("cli.layer.confidence", spoken),
        ]  # fmt: skip
        return box(
            self.scenario.title,
            table(heads, rows),
            line(text("timeline.note", spoken), "quiet"),
        )
