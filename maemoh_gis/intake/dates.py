"""Years in the columns of a file: Buddhist Era or Common Era, and the newest of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maemoh_gis.core.messages import Text, both
from maemoh_gis.core.units import EARLIEST_BE, LATEST_BE, be_from_ce

if TYPE_CHECKING:
    import pandas as pd

_DATE = re.compile(r"(?:\d{1,2}[/.-]\d{1,2}[/.-](\d{4})|(\d{4})[/.-]\d{1,2}[/.-]\d{1,2}.*)")
_YEAR = re.compile(r"(\d{4})(?:\.0)?")
_OF_YEARS = re.compile(r"(?i)year|date|_be$|^be$|ปี|วันที่|พ\.?ศ")
"""Names of columns in which a bare number of four digits is a year."""
_FIRST_CE, _LAST_CE = 1900, 2100


@dataclass(frozen=True)
class YearsTold:
    """Years that a column tells."""

    column: str
    era: str
    """`be` or `ce`, as they stand in the file."""
    first_be: int
    last_be: int

    @property
    def words(self) -> Text:
        """Say of which era the years are, and which they are in the Buddhist Era."""
        first, last = self.first_be, self.last_be
        years = str(first) if first == last else f"{first}–{last}"
        return both(f"intake.years_{self.era}", column=self.column, years=years)


def years_in(frame: pd.DataFrame) -> Iterator[YearsTold]:
    """Go through the columns that hold dates or years, each of one era."""
    for name in frame.columns:
        values = [str(value).strip() for value in frame[name].dropna().unique()]
        years = list(_years_of(values, bare=bool(_OF_YEARS.search(str(name)))))
        if not values or len(years) < len(values):
            continue
        if all(EARLIEST_BE <= year <= LATEST_BE for year in years):
            yield YearsTold(str(name), "be", min(years), max(years))
        elif all(_FIRST_CE <= year <= _LAST_CE for year in years):
            yield YearsTold(str(name), "ce", be_from_ce(min(years)), be_from_ce(max(years)))


def _years_of(values: Iterable[str], *, bare: bool) -> Iterator[int]:
    for value in values:
        found = _DATE.fullmatch(value)
        if found is not None:
            yield int(found[1] or found[2])
        elif bare and (alone := _YEAR.fullmatch(value)) is not None:
            yield int(alone[1])
