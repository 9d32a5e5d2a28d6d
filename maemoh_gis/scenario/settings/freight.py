"""What a scenario may say about freight: tables, places, how senders choose, what a yard costs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pydantic

from maemoh_gis.core import units
from maemoh_gis.core.errors import FormatError
from maemoh_gis.documents.schema import Confidence, Name, Strict, YearBE, custom_error
from maemoh_gis.scenario.settings.parts import Positive, Selection, Share

NotNegative = Annotated[float, pydantic.Field(ge=0)]


def _year(written: str) -> str:
    if not written.isdigit():
        raise custom_error("wrong_value", expected='"2569"')
    try:
        units.check_year_be(int(written))
    except FormatError as error:
        fault = error.faults[0]
        raise custom_error(fault.code, **fault.values) from error
    return written


Year = Annotated[str, pydantic.AfterValidator(_year)]
"""A Buddhist Era year as the key of a row that holds from then on."""


class Exit(Strict):
    """Where a main road leaves the mapped region."""

    lon: Annotated[float, pydantic.Field(ge=-180, le=180)]
    """Longitude, degrees."""
    lat: Annotated[float, pydantic.Field(ge=-90, le=90)]
    """Latitude, degrees."""
    toward: Annotated[list[Name], pydantic.Field(min_length=1)]
    """Gateways and railheads that are reached over it."""


class Anchor(Strict):
    """The place that the long road distances are counted from."""

    origin: str
    """Its key among the origins."""
    place: str
    """Its name in the table of distances."""


class FreightGateway(Strict):
    """What the layer of gateways does not say."""

    place: str
    """Its name in the table of distances."""
    joins_km_post: NotNegative = 0
    """Kilometre post at which trains to it leave the line; 0 for what lies beyond its start."""
    share: Annotated[dict[Year, Share], pydantic.Field(min_length=1)]
    """Of the demand, from each year on."""


class PlaceOnLine(Strict):
    """Where a railhead stands."""

    place: str
    """Its name in the table of distances."""
    km_post: NotNegative
    """Its kilometre post, or that of the junction of its branch."""
    branch_km: NotNegative = 0
    """From that junction along a new, double-track branch."""
    off_map: bool = False
    """Beyond the mapped roads: reached over an exit."""
    other_teu: NotNegative = 0
    """TEU a year of other freight in its trains, as far as known."""


class Part(Strict):
    """A part of the line."""

    from_km_post: NotNegative
    """Begin."""
    to_km_post: NotNegative
    """End, farther from Bangkok."""
    basis: str
    """Source of these numbers, or ASSUMPTION with the reason."""


class Grades(Part):
    """How steep a part of the line is."""

    south_per_mille: NotNegative | None = None
    """Steepest grade against a southbound train; absent where unknown."""
    north_per_mille: NotNegative | None = None
    """Steepest grade against a northbound train."""


class NewLine(Strict):
    """A line that is being built, with the gateways and railheads that need it."""

    open_from: YearBE
    """Year from which trains run."""
    opens: Annotated[list[Name], pydantic.Field(min_length=1)]
    """Gateways and railheads on it."""
    basis: str
    """Source of the year."""


class Fleet(Strict):
    """Container wagons."""

    wagons: Annotated[dict[Year, NotNegative], pydantic.Field(min_length=1)]
    """Wagons of the whole railway, from each year on."""
    share: Share
    """Of them that may serve this region."""
    basis: str
    """Source of these numbers, or ASSUMPTION with the reason."""


class YardCost(Strict):
    """What a new yard costs beside running it; land, tracks and machines are priced by tariff."""

    rai: Positive
    """Land laid out."""
    years: Positive
    """Life of the yard."""
    interest: Annotated[float, pydantic.Field(ge=0, le=1)]
    """Interest a year."""
    stackers: NotNegative
    """Reach stackers."""
    stacker_years: Positive
    """Life of a reach stacker."""
    basis: str
    """Source of these numbers, or ASSUMPTION with the reason."""


class MoreDemand(Strict):
    """A demand beside the table, such as a new estate."""

    origin: str
    """Key of the origin."""
    box: Literal["heavy_20", "light_20", "box_40"]
    """Class of box."""
    direction: Literal["out", "in"]
    """Leaving the origin, or coming to it."""
    teu: Annotated[list[NotNegative], pydantic.Field(min_length=3, max_length=3)]
    """TEU a year, low, central, high."""
    from_year: YearBE | None = None
    """Year from which it counts."""
    confidence: Confidence
    """Trust in the numbers."""
    basis: str
    """Source of the numbers, or ASSUMPTION with the reason."""

    @pydantic.model_validator(mode="after")
    def _rising(self) -> MoreDemand:
        if self.teu != sorted(self.teu):
            raise custom_error("freight_teu", found=", ".join(f"{teu:g}" for teu in self.teu))
        return self


class Freight(Strict):
    """Freight by road and rail, and what a new yard would bring."""

    tariffs: Name
    """Table of rates with low, central and high."""
    distances: Name
    """Table of long distances."""
    demand: Name
    """Table of demand by origin, commodity and class of box."""
    origins: Selection
    """Points where freight begins or ends, with the column that names them."""
    origin_column: str
    """Column of their keys."""
    roads: Name
    """Roads between origins and railheads."""
    least_part_km: Positive | None = None
    """Parts of the roads shorter than this, joined to nothing, are left out."""
    railway: Name
    """Sections of the line, with `km_post_start` and `km_post_end`."""
    most_siding_m: Positive
    """Farthest a place for a yard may lie from the line."""
    gateways_layer: Name
    """Points with `key`, `role`, `rail_open_year_be`."""
    railheads_layer: Name
    """Points of the rival railheads, with `key`, `role`, `open_year_be`."""
    most_m: Positive
    """Farthest a place may lie from the roads; the straight way there is added to the road."""
    anchor: Anchor
    """Where long road distances are counted from."""
    own_distances: dict[str, str] = {}
    """Origins with a road distance of their own: key and name in the table of distances."""
    exits: Annotated[dict[Name, Exit], pydantic.Field(min_length=1)]
    """Where main roads leave the region."""
    gateways: Annotated[dict[Name, FreightGateway], pydantic.Field(min_length=1)]
    """By their key in the layer."""
    railheads: dict[Name, PlaceOnLine]
    """Rivals, by their key in the layer."""
    on_line: dict[Name, PlaceOnLine] = {}
    """Further places on the line that the table of distances names."""
    tracks: dict[Name, Part] = {}
    """Parts of the line that may become double track, by their key in `rail`, which tells when."""
    grades: Annotated[dict[Name, Grades], pydantic.Field(min_length=1)]
    """Grades, part by part."""
    new_lines: dict[Name, NewLine] = {}
    """Lines being built."""
    more_demand: dict[Name, MoreDemand] = {}
    """Demand beside the table, by commodity."""
    choice: Literal["least", "logit"]
    """All by the cheapest way, or shares by logit with the scale of the tariffs."""
    empties: Literal["balanced", "tariff", "none"]
    """Boxes balance over the demand; by the share of the tariffs; or the loaded way alone."""
    match_back: Share = 1.0
    """Where boxes balance: share of those that could come back loaded which do, by lorry and by
    train alike; the rest goes empty both ways."""
    departures_a_week: NotNegative
    """Least trains a week each way that a railhead must fill."""
    double_track_kph: Positive | None = None
    """Average speed of trains on double track, km/h; that of the tariffs if absent."""
    fleet: Fleet
    """Wagons."""
    yard: YardCost
    """What a new yard costs."""
    basis: str
    """Source of what is not said elsewhere, or ASSUMPTION with the reason."""

    def layers(self) -> tuple[str, ...]:
        """List the layers it reads, each once."""
        return tuple(dict.fromkeys(self.layers_by_key().values()))

    def layers_by_key(self) -> dict[str, str]:
        """Give the layers it reads, by the key that names them."""
        return {
            "tariffs": self.tariffs,
            "distances": self.distances,
            "demand": self.demand,
            "origins": self.origins.layer,
            "roads": self.roads,
            "railway": self.railway,
            "gateways_layer": self.gateways_layer,
            "railheads_layer": self.railheads_layer,
        }

    def shares_in(self, year_be: int) -> dict[str, float]:
        """Give the share of each gateway in a year."""
        return {key: row_in(gateway.share, year_be) for key, gateway in self.gateways.items()}


def row_in(row: dict[str, Any], year_be: int) -> float:
    """Give what a row by year holds in a year; 0 before its first."""
    known = [year for year in row if int(year) <= year_be]
    return float(row[max(known, key=int)]) if known else 0.0
