"""
One content written in many ways: it must be read as the same thing, or be refused by name.

A test file registers its ways with `Ways.way`, asks `outcome` for each pair of a layer and a way,
and prints what came out as one table of layers by ways (`pytest -s`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from maemoh_gis.core.errors import MaeMohError

SAME = "same"
NOT_FOR_IT = "-"
"""What a table shows where a way cannot be taken for a layer."""


@dataclass(frozen=True)
class Way:
    """A way to write a content otherwise."""

    name: str
    rewrite: Callable[[Any, Path], Any]
    """Takes what is to be written and an empty folder; gives what is to be read, or None where the
    content cannot be written so."""
    refused: tuple[str, ...] = ()
    """Codes of the faults by which it is refused; none where it must be read as the same."""


@dataclass
class Ways:
    """The ways one kind of layer may be written in."""

    all: dict[str, Way] = field(default_factory=dict)

    def way(
        self, *refused: str
    ) -> Callable[[Callable[[Any, Path], Any]], Callable[[Any, Path], Any]]:
        """Register a function as a way, named after it; `refused` are codes of its faults."""

        def register(rewrite: Callable[[Any, Path], Any]) -> Callable[[Any, Path], Any]:
            name = rewrite.__name__.strip("_").replace("_", " ")
            assert name not in self.all, name
            self.all[name] = Way(name, rewrite, refused)
            return rewrite

        return register

    def __iter__(self) -> Iterator[Way]:
        return iter(self.all.values())


def outcome(
    way: Way,
    original: Any,
    folder: Path,
    answer: Callable[[Any], Any],
    differences: Callable[[Any], str | None],
) -> str:
    """
    Write a content in a way, ask for the answer, and demand the same one or the named refusal.

    `differences` says in words how an answer differs from that of the original, or None.
    """
    rewritten = way.rewrite(original, folder)
    if rewritten is None:
        return NOT_FOR_IT
    codes: list[str] = []
    try:
        found = answer(rewritten)
    except MaeMohError as error:
        codes = sorted({fault.code for fault in error.faults if fault.blocks})
        said = str(error)
    if codes:
        assert set(codes) <= set(way.refused), f"{way.name}: refused by {codes}: {said}"
        return f"refused: {', '.join(codes)}"
    assert not way.refused, f"{way.name}: read, though it should be refused by {way.refused}"
    unlike = differences(found)
    assert unlike is None, f"{way.name}: {unlike}"
    return SAME


def as_table(outcomes: Mapping[tuple[str, str], str]) -> str:
    """Write outcomes by (layer, way) as one table, ways down and layers across."""
    layers = list(dict.fromkeys(layer for layer, _ in outcomes))
    ways = list(dict.fromkeys(way for _, way in outcomes))
    rows = [["", *layers]]
    rows += [[way, *(outcomes.get((layer, way), "") for layer in layers)] for way in ways]
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
