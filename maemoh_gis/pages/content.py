"""What a map page shows, without any idea of how it was computed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from maemoh_gis.core.grid import Bounds, Grid
from maemoh_gis.core.messages import Text
from maemoh_gis.pages.degrees import in_degrees, rows_of

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.files.scratch import Raster

Confidence = Literal["H", "M", "L", "ASSUMPTION"]
Group = Literal["place", "transport", "energy", "nature", "found"]
"""Places and borders, transport, energy and mine, water and nature, what the run found."""
ValueKind = Literal["text", "number", "area_rai", "year_be", "confidence", "score_range"]


@dataclass(frozen=True)
class Column:
    """One property of a feature, as a line of its popup or a column of the table."""

    key: str
    """
    Column of the frame. Where the frame has `<key>_th` and `<key>_en` instead, each language takes
    its own.
    """
    title: Text
    kind: ValueKind = "text"
    decimals: int = 0
    unit: Text | None = None
    values: Mapping[str, Text] = field(default_factory=dict)
    """Words for the codes the column holds; a code that is not here is shown as it is."""


@dataclass(frozen=True)
class Style:
    """How the features of a layer are drawn."""

    colour: str = "#333333"
    """Line colour, `#rrggbb`."""
    fill: str | None = None
    """Colour of areas and points; None leaves areas empty."""
    fill_opacity: float = 0.25
    width_px: float = 1.5
    dash: str | None = None
    """Lengths of dash and gap in pixels, as `6 4`; None draws a full line."""
    radius_px: float = 5.0
    """Radius of points."""

    def __post_init__(self) -> None:
        """Catch a colour or dash that is not one; both are our own code's mistake."""
        for colour in (self.colour, self.fill):
            assert colour is None or re.fullmatch(r"#[0-9a-f]{6}", colour), colour
        assert self.dash is None or re.fullmatch(r"\d+( \d+)*", self.dash), self.dash


@dataclass(frozen=True)
class Bar:
    """What one thing gives a feature of what it could, in the feature's popup."""

    title: Text
    gained: float | None
    """Part of the score it gives; None where it is not known."""
    possible: float
    """The most it could give."""


@dataclass(frozen=True)
class ContextLayer:
    """A layer that helps to read the map: districts, railway, mine, stations."""

    id: str
    title: Text
    frame: gpd.GeoDataFrame
    """Features in any CRS that is stated."""
    style: Style
    confidence: Confidence
    caution: Text
    licence: str
    source: str
    label: str | None = None
    """
    Column that names a feature on the map, or the stem of `<label>_th` and `<label>_en`; None for
    no names.
    """
    columns: Sequence[Column] = ()
    """What a popup tells, in this order."""
    shown: bool = True
    """True if the layer is switched on when the page opens."""
    label_from_zoom: int = 11
    """Zoom level from which the names stand on the map."""
    from_zoom: int = 0
    """Zoom level from which the features are drawn."""
    label_later: str | None = None
    """Column of how many zoom levels nearer the name of a feature waits; None: none does."""
    group: Group = "place"
    """Heading under which the layer stands."""
    bars: str | None = None
    """Column that holds a list of `Bar` for each feature; None for no bars."""
    bars_note: Text | None = None
    """What the bars are."""

    @cached_property
    def lonlat(self) -> gpd.GeoDataFrame:
        """Give features with a shape, in WGS 84 degrees; LayerError without a stated CRS."""
        return in_degrees(self.frame, self.id)

    @cached_property
    def rows(self) -> Sequence[tuple[Mapping[str, Any], BaseGeometry]]:
        """Give the same as properties by column and shape."""
        return rows_of(self.lonlat)

    @cached_property
    def shapes(self) -> np.ndarray:
        """Give their shapes alone, object array (n,)."""
        return np.asarray(self.lonlat.geometry.array, dtype=object)


@dataclass(frozen=True)
class LayerPart:
    """What of a layer lies in a view, as a still picture draws it."""

    style: Style
    label: str | None
    label_from_zoom: int
    from_zoom: int
    shown: bool
    shapes: np.ndarray
    """In WGS 84 degrees, object array (n,)."""
    rows: Sequence[tuple[Mapping[str, Any], BaseGeometry]]
    """The same as properties by column and shape; empty where nothing is named."""


Drawn = ContextLayer | LayerPart
"""What a still picture draws."""


@dataclass(frozen=True)
class Use:
    """One use of the land: where it could go, how well, and the sites that were found."""

    id: str
    title: Text
    score: Raster
    """float32 array (rows, cols), 0 bad to 1 good, NaN unknown."""
    state: Raster
    """uint8 array (rows, cols): 0 outside, 1 allowed, 2 conditional, 3 removed, 4 unknown."""
    sites: gpd.GeoDataFrame
    """Sites in the order of their numbers, in any CRS that is stated; may be empty."""
    columns: Sequence[Column] = ()
    """Columns of the site table; none for number, score, class, area and conditions."""
    popup: Sequence[Column] = ()
    """What the popup of a site tells beyond the table."""
    confidence: Text | None = None
    """How sure the score is, for the legend."""
    told: Text | None = None
    """What is said above the table of sites: whether the facts tell them apart."""

    @cached_property
    def lonlat(self) -> gpd.GeoDataFrame:
        """Give features with a shape, in WGS 84 degrees; LayerError without a stated CRS."""
        return in_degrees(self.sites, self.id)

    @cached_property
    def rows(self) -> Sequence[tuple[Mapping[str, Any], BaseGeometry]]:
        """Give the same as properties by column and shape."""
        return rows_of(self.lonlat)


@dataclass(frozen=True)
class CellNumber:
    """A number at every cell of the study area: one for all, or the code of a plane in words."""

    constant: float | None = None
    """The number of every cell, None where it is not known; only looked at without a plane."""
    plane: int | None = None
    """Place in `CellFacts.planes`."""
    table: Sequence[float | None] | None = None
    """Number of each code; codes beyond the table are steps from `first`."""
    first: float = 0.0
    step: float = 1.0
    last: int = 0
    """Greatest code that is a step; one more means below, two more beyond, three more unknown."""


@dataclass(frozen=True)
class CellCriterion:
    """One criterion of a use as a page explains it."""

    id: str
    title: Text
    weight: float
    """Share of the weight of all criteria."""
    unit: Text | None
    """Unit of the measure; None where the measure is not a number."""
    measure: CellNumber
    value: CellNumber
    """Score from 0 to 1, None where it is not scored."""
    low: CellNumber | None
    high: CellNumber | None
    """Least and greatest score; if not given the value, or 0 and 1 where it is None."""
    classes: Mapping[int, Text] = field(default_factory=dict)
    """Names of what the measure holds, where it is the code of a class."""


@dataclass(frozen=True)
class CellLimit:
    """A limit, or a decision that makes land conditional, as a page names it."""

    title: Text
    basis: Text


@dataclass(frozen=True)
class CellUse:
    """What a page can say of one use at every cell."""

    criteria: Sequence[CellCriterion]
    score: Sequence[CellNumber] | None
    """Value, low and high; None where it is the weighted mean of the criteria."""
    state: CellNumber
    """Place in `states`."""
    states: Sequence[tuple[int, Sequence[int], Sequence[int], Sequence[int]]]
    """State, places in `limits` of those that remove and of those that ask for a permit, and places
    in `known_in_part` of those of which it is not known whether they hold."""
    limits: Sequence[CellLimit]
    not_checked: Sequence[CellLimit]
    known_in_part: Sequence[CellLimit]
    """Limits whose layer may miss features or is a model, on some of the land at least."""
    sites: Sequence[Sequence[int]]
    """Cells of each site, best first, filled holes left out, counted within the study area."""


@dataclass(frozen=True)
class CellViewpoint:
    """A set of weights that a reader can try."""

    id: str
    title: Text
    weights: Mapping[str, Sequence[float]]
    """Shares by id of the use, in the order of its criteria."""


@dataclass(frozen=True)
class CellGround:
    """From which layer something is read at every cell, and what kind of knowledge that is."""

    layers: Sequence[Text]
    """Title, nature and confidence of each layer it may be read from."""
    member: CellNumber
    """Place among them; none where no layer knows the cell."""


@dataclass(frozen=True)
class CellFacts:
    """What a page can say of every cell of the study area, packed by `cell_planes`."""

    scenario: str
    viewpoint: str
    """Ids, for a scenario that changes the weights."""
    step: int
    """One cell of each square of this many by this many is explained: its middle one."""
    rows: int
    cols: int
    """Size of the raster of explained cells."""
    mask: str
    planes: Sequence[str]
    greatest_error: float
    """How far any score may be from the run's."""
    uses: Mapping[str, CellUse]
    """By id of the use."""
    viewpoints: Sequence[CellViewpoint] = ()
    """Those of the scenario, the run's own among them."""
    grounds: Sequence[CellGround] = ()
    """What cells rest on."""


@dataclass(frozen=True)
class Relief:
    """The shape of the land as a picture below the scores."""

    uri: str
    """`data:` address that holds the whole PNG."""
    bounds_lonlat: Bounds
    """West, south, east, north in WGS 84 degrees."""
    bounds_3857: Bounds
    """The same corners in EPSG:3857 metres."""
    caution: Text | None = None
    """What the heights can be trusted for."""


@dataclass(frozen=True)
class Place:
    """A place that a reader can look for by name, though no layer on the page draws it."""

    name: Text
    kind: Text
    """What it is, such as a subdistrict."""
    at: tuple[float, float]
    """Longitude and latitude."""


@dataclass(frozen=True)
class PageContent:
    """Everything a map page shows."""

    title: Text
    question: Text
    """What the map answers, in one sentence."""
    year_be: int
    """Year the answer holds for, Buddhist Era."""
    view: Bounds
    """West, south, east, north in degrees: what is in sight when the page opens."""
    grid: Grid
    uses: Sequence[Use]
    layers: Sequence[ContextLayer]
    caveats: Sequence[Text]
    """What the reader must know before the map: limits not checked, layers that are modelled."""
    provenance: Text
    """Where the page comes from: scenario, run, versions."""
    findings: Sequence[Text] = ()
    """What the run found in full, a sentence each; one tap away."""
    lead: Text | None = None
    """What it leads to in one sentence, above everything else it found."""
    answers: Sequence[tuple[str, Text, Text]] = ()
    """What a planner asks: an id, the question, what the run says to it; they head the page."""
    terms: Sequence[Text] = ()
    """What words and counts of the answer mean, in short, below it."""
    links: Sequence[tuple[Text, str]] = ()
    """Files beside the page: name and address."""
    cells: CellFacts | None = None
    """What can be said of any cell; None where the page only shows pictures."""
    chart: str | None = None
    """The path after coal as SVG that needs no fonts or styles of its own; None without a path."""
    places: Sequence[Place] = ()
    """What the search finds beside the features of the layers."""
    relief: Relief | None = None
    """Hillshade; None where there are no heights."""
    path: Mapping[str, Any] | None = None
    """The path after coal as `timeline.json` holds it; None for a scenario without one."""
