"""How wide the columns of a table stand, by the words in them."""

from __future__ import annotations

from collections.abc import Sequence

from maemoh_gis.core.lines import columns

_LEAST = 0.08
"""Share of the table that every column has."""
_GROWTH = 0.6
"""Words twice as long get 1.5 times the room: they are set in more lines as well."""


def shares_of(rows: Sequence[Sequence[str]]) -> list[float]:
    """Share the width of a table among its columns, by the longest words of each."""
    if not rows or not rows[0]:
        return []
    longest = [max(1, *(columns(row[k]) for row in rows)) for k in range(len(rows[0]))]
    asked = [one**_GROWTH for one in longest]
    rest = 1.0 - _LEAST * len(longest)
    return [_LEAST + rest * one / sum(asked) for one in asked]
