"""Plain figures of a table, with Thai glyphs and without a plotting library."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from maemoh_gis.api.markup import Picture

if TYPE_CHECKING:
    import pandas as pd


def draw_ranges(
    table: pd.DataFrame,
    title: str,
    unit: str,
    *,
    low: str = "low",
    central: str = "central",
    high: str = "high",
) -> Picture:
    """
    Draw the values of a table as dots on the line of their range.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a value; the index names it.
    title : str
        What is drawn.
    unit : str
        Unit of the values.
    low, central, high : str
        Columns.

    Returns
    -------
    Picture
        Drawn from top to bottom; unknown values are left out.

    Examples
    --------
    >>> sites = result.sites_of("green_estate").set_index("id")
    >>> ends = {"low": "score_low", "central": "score_mean", "high": "score_high"}
    >>> mm.draw_ranges(sites, "Sites", "score", **ends).alt
    'Sites'
    """
    from maemoh_gis.pictures.figures import Range, ranges_svg

    rows = [
        Range(str(name), _number(row[low]), _number(row[central]), _number(row[high]))
        for name, row in table.iterrows()
    ]
    return Picture(ranges_svg(title, unit, rows), title)


def draw_places(
    table: pd.DataFrame,
    title: str,
    x: tuple[str, str],
    y: tuple[str, str],
    *,
    mark: str | None = None,
) -> Picture:
    """
    Draw the rows of a table as places by two measures.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a place; the index names it.
    title : str
        What is drawn.
    x, y : tuple of str
        Column, and the measure with its unit in words.
    mark : str, optional
        Column of bool: places that are drawn to stand out.

    Returns
    -------
    Picture
        A place without both measures is told below the axes.

    Examples
    --------
    >>> sites = result.sites_of("green_estate").set_index("id")
    >>> mm.draw_places(sites, "Sites", ("area_rai", "rai"), ("score_mean", "score")).alt
    'Sites'
    """
    from maemoh_gis.pictures.figures import Spot, spots_svg

    spots = [
        Spot(
            str(name), _number(row[x[0]]), _number(row[y[0]]), mark is not None and bool(row[mark])
        )
        for name, row in table.iterrows()
    ]
    return Picture(spots_svg(title, x[1], y[1], spots), title)


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)
