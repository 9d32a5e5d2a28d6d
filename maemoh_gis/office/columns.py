"""How wide the columns of a table stand, by the words in them."""

from __future__ import annotations

from collections.abc import Sequence

_LONGEST = 24
"""Letters beyond which a column gets no more room: longer words are set in several lines."""
_LEAST = 0.09
"""Share of the table that every column has."""


def shares_of(rows: Sequence[Sequence[str]]) -> list[float]:
    """Share the width of a table among its columns, by the longest words of each."""
    if not rows or not rows[0]:
        return []
    longest = [max(1, *(min(len(row[k]), _LONGEST) for row in rows)) for k in range(len(rows[0]))]
    rest = 1.0 - _LEAST * len(longest)
    return [_LEAST + rest * one / sum(longest) for one in longest]
