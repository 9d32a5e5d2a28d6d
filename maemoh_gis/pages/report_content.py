"""
What a printed report shows: sections of plain blocks, without any idea of how they were found.

Every text is in both languages, escaped when it is rendered; a block holds words and numbers that
are already written, so a report can say nothing of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from maemoh_gis.core.messages import Text

if TYPE_CHECKING:
    from maemoh_gis.pages.report_map import MapFigure

Tone = Literal["plain", "quiet", "caution", "lead"]
Look = Literal["plain", "number", "wide", "code"]
"""How a column stands: numbers to the right, sentences with the room they need, checksums and file
names with letters of one width.
"""
RowT = TypeVar("RowT")


@dataclass(frozen=True)
class Paragraph:
    """Some sentences."""

    text: Text
    tone: Tone = "plain"


@dataclass(frozen=True)
class Items:
    """A list of sentences."""

    items: Sequence[Text]


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    text: Text


@dataclass(frozen=True)
class Head:
    """The head of a column."""

    title: Text
    look: Look = "plain"


@dataclass(frozen=True)
class Table:
    """A table of words; `table_of` writes one."""

    heads: Sequence[Head]
    rows: Sequence[Sequence[Text]]
    """A cell for each head."""


@dataclass(frozen=True)
class Column(Generic[RowT]):
    """A column of a table before it is written: all that must be known of it in one place."""

    title: Text
    write: Callable[[RowT], Text]
    """Gives the cell of a row."""
    look: Look = "plain"


def table_of(columns: Sequence[Column[RowT]], rows: Iterable[RowT]) -> Table:
    """Write every row in every column."""
    heads = [Head(column.title, column.look) for column in columns]
    return Table(heads, [[column.write(row) for column in columns] for row in rows])


@dataclass(frozen=True)
class Bar:
    """One bar made of parts that lie one behind the other."""

    label: Text
    parts: Sequence[tuple[float, int]]
    """Length and number of the colour, from the left."""
    span: tuple[float, float] | None
    """Least and greatest value, drawn as a thin line; None for none."""
    value: Text


@dataclass(frozen=True)
class Bars:
    """Bars over one scale from 0 to `full`."""

    bars: Sequence[Bar]
    legend: Sequence[tuple[Text, int]]
    """What each colour stands for."""
    full: float
    alt: Text
    ticks: Sequence[float] = ()


@dataclass(frozen=True)
class Picture:
    """A picture that stands by itself."""

    uri: str
    """`data:` address that holds the whole picture."""
    alt: Text
    width: int
    height: int


@dataclass(frozen=True)
class Facts:
    """Answers beside their questions."""

    pairs: Sequence[tuple[Text, Text]]
    long: bool = False
    """True for sentences, one below the other, around what stands at the side."""


@dataclass(frozen=True)
class Map:
    """A map as it stands on paper."""

    figure: MapFigure
    caption: Text
    small: bool = False
    """True where it shares a sheet of paper with much else."""


Block = Paragraph | Items | Heading | Table | Bars | Picture | Facts | Map


@dataclass(frozen=True)
class Section:
    """A part of a report with a heading of its own."""

    id: str
    title: Text
    blocks: Sequence[Block]
    own_page: bool = False
    """True if it begins a new sheet of paper."""
    dense: bool = False
    """True if it must fit on one sheet of paper."""
    annex: bool = False
    """True if it stands behind what is read first, and may be left out when printed."""
    details: Sequence[Block] = ()
    """What belongs to it and stands in the annex under the same title."""


@dataclass(frozen=True)
class ReportContent:
    """Everything a report or a set of sheets shows."""

    title: Text
    subtitle: Text
    notices: Sequence[Text]
    """What must be read before anything else."""
    facts: Sequence[tuple[Text, Text]]
    """Short answers at the head: scenario, year, viewpoint."""
    sections: Sequence[Section]
    footer: Text
    """Words at the foot of every printed page."""
    numbered: bool = True
    """True if sections have numbers and a list of them stands at the head."""
    links: Sequence[tuple[Text, str]] = field(default=())
    """Files beside this one: name and address."""
    one_page: bool = False
    """True if all of it is to stand on one sheet: set close, without a list of sections."""
