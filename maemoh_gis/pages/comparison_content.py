"""What a page that compares runs shows, without any idea of how it was computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.grid import Bounds
from maemoh_gis.core.messages import Text
from maemoh_gis.pages.content import ContextLayer
from maemoh_gis.pages.raster_image import Placement

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class PageRun:
    """A run as the reader chooses it."""

    name: Text
    """Its title, with its folder where another run has the same."""
    title: Text
    year_be: int
    viewpoint: Text
    path: int | None = None
    """Number of its path after coal in `paths`; None for a run without one."""
    report: str | None = None
    """Address of its report, from the folder of the page; None where it does not stand beside."""


@dataclass(frozen=True)
class PagePiece:
    """A piece of land that some run proposes."""

    id: str
    name: Text
    """Its name at length."""
    shape: BaseGeometry
    """Outline in WGS 84 degrees."""
    area_rai: float
    found_by: Sequence[int]
    """Numbers of the runs that propose it."""
    payoffs: Sequence[float | None]
    """Mean score in each run, None unknown."""


@dataclass(frozen=True)
class PageUse:
    """One use under all runs."""

    id: str
    title: Text
    pictures: Sequence[int | None]
    """Number of the picture of each run; None where the run does not hold the use."""
    pieces: Sequence[PagePiece]


@dataclass(frozen=True)
class PageRow:
    """A row of a table."""

    cells: Sequence[Text]
    use: int | None = None
    """Use it is about, None for all."""
    runs: Sequence[int] = ()
    """Runs it is about: it is shown while all of them are; none for always."""


@dataclass(frozen=True)
class PageTable:
    """A table beside the maps."""

    id: str
    title: Text
    columns: Sequence[Text]
    rows: Sequence[PageRow]
    note: Text | None = None
    folded: bool = False
    """True if the table is opened by the reader."""


@dataclass(frozen=True)
class PageBar:
    """One bar of a chart: a value, and what it may lie between."""

    label: Text
    words: Text
    """The value and its range, written out: the chart says nothing that is only drawn."""
    use: int | None
    """Use it is about, None for all."""
    value: float
    low: float
    high: float
    full: float
    """Value at the right end of the axis; the left end is 0. The same for all bars of a use."""
    full_words: Text
    """That value, written out."""


@dataclass(frozen=True)
class PageChart:
    """Bars by run."""

    id: str
    title: Text
    note: Text
    bars: Sequence[PageBar]
    """Those of one use stand together."""

    def by_use(self) -> list[list[PageBar]]:
        """Give the bars that share an axis."""
        return [list(bars) for _, bars in groupby(self.bars, key=lambda bar: bar.use)]


@dataclass(frozen=True)
class PageFigure:
    """Small pictures on axes of one kind, with one key for all."""

    title: Text
    note: Text
    key: Sequence[tuple[str, Text]]
    """Colour and what it stands for."""
    panels: Sequence[str]
    """SVG of each, without a font of its own."""


@dataclass(frozen=True)
class ComparisonContent:
    """Everything a page that compares runs shows."""

    title: Text
    first: Text
    """One sentence: what moved and why."""
    runs: Sequence[PageRun]
    """The run to compare with first."""
    good_from: float
    """Land at this score or above is good."""
    view: Bounds
    """West, south, east, north in degrees: what is in sight when the page opens."""
    cell_m: float
    """Side of a cell of the runs."""
    placement: Placement
    """Of every picture."""
    pictures: Sequence[str]
    """`data:` addresses of the score pictures, each once."""
    uses: Sequence[PageUse]
    layers: Sequence[ContextLayer]
    tables: Sequence[PageTable]
    caveats: Sequence[Text]
    provenance: Text
    years: PageFigure | None = None
    """All runs through the years."""
    steps: Sequence[Text] = ()
    """Which step to a yard the runs find, with its range, and what it hinges on."""
    charts: Sequence[PageChart] = ()
    """Small charts above the tables."""
    links: Sequence[tuple[Text, str]] = ()
    """Briefs beside the page: name and address."""
    paths: Sequence[Mapping[str, Any]] = ()
    """The paths after coal as `timeline.json` holds them, each once."""
