"""What a criterion may measure: the ways there are, each with all that must be known of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

import pydantic

from maemoh_gis.documents.schema import Name, Strict, custom_error
from maemoh_gis.scenario.settings.access import Access
from maemoh_gis.scenario.settings.measure_kind import (
    LayerRead,
    MeasureKind,
    PlainLayer,
    column_unit,
)
from maemoh_gis.scenario.settings.over_roads import PeopleWithin, Potential
from maemoh_gis.scenario.settings.parts import VECTORS, Positive, Where, only_one

if TYPE_CHECKING:
    from maemoh_gis.layers.catalog import Catalog

_BLOCK = ("layer",)
_RASTER = frozenset({"raster"})


class DistanceTo(PlainLayer):
    """Straight-line distance to the nearest feature."""

    chosen_by_attributes: ClassVar[bool] = True

    def reads(self) -> tuple[LayerRead, ...]:
        """Read the features."""
        return (LayerRead(self.layer, VECTORS),)

    def unit(self, _: Catalog, /) -> str | None:
        """Count in metres."""
        return "m"


class ValueOf(PlainLayer):
    """Value of a raster of numbers."""

    def reads(self) -> tuple[LayerRead, ...]:
        """Read the raster."""
        return (LayerRead(self.layer, _RASTER),)

    def unit(self, catalog: Catalog, /) -> str | None:
        """Take the raster's unit."""
        return catalog[self.layer].unit


class ClassOf(PlainLayer):
    """Class of a categorical raster."""

    def reads(self) -> tuple[LayerRead, ...]:
        """Read the raster."""
        return (LayerRead(self.layer, _RASTER),)

    def unit(self, _: Catalog, /) -> str | None:
        """Give none: classes are no numbers."""
        return None


class Gravity(MeasureKind):
    """Weight of features divided by the time to reach them, summed over all within reach."""

    chosen_by_attributes: ClassVar[bool] = True

    layer: Name
    """Points, lines or polygons that attract."""
    weight: str
    """Column that holds what they weigh, such as tonnes a year."""
    kph: Positive
    """Speed in a straight line, kilometres an hour, where no network gives minutes."""
    within_m: Positive
    """Features farther than this do not count."""

    def reads(self) -> tuple[LayerRead, ...]:
        """Read the features and what they weigh."""
        return (LayerRead(self.layer, VECTORS, _BLOCK, columns={"weight": self.weight}),)

    def unit(self, catalog: Catalog, /) -> str | None:
        """Count what they weigh in a minute."""
        return f"{column_unit(self.layer, self.weight, catalog)} per minute"

    def reach_m(self) -> float | None:
        """Look as far as features count."""
        return self.within_m


class Density(MeasureKind):
    """Features around a cell: points counted, lines measured."""

    chosen_by_attributes: ClassVar[bool] = True

    layer: Name
    """Points (a km2) or lines (km a km2)."""
    within_m: Positive
    """Radius of the disc around the cell."""

    def reads(self) -> tuple[LayerRead, ...]:
        """Read the features."""
        return (LayerRead(self.layer, VECTORS - {"polygons"}, _BLOCK),)

    def unit(self, catalog: Catalog, /) -> str | None:
        """Count kilometres of lines, or points, to the square kilometre."""
        return "km per km2" if catalog[self.layer].kind == "lines" else "per km2"

    def reach_m(self) -> float | None:
        """Look to the edge of the disc."""
        return self.within_m


class ShareOf(MeasureKind):
    """Share of the land around a cell that is of some classes."""

    layer: Name
    """Categorical raster."""
    classes: Annotated[list[Name], pydantic.Field(min_length=1)]
    """Classes that count."""
    within_m: Positive
    """Radius of the disc around the cell."""

    def reads(self) -> tuple[LayerRead, ...]:
        """Read the classes of the raster."""
        return (LayerRead(self.layer, _RASTER, _BLOCK, classes=self.classes),)

    def unit(self, _: Catalog, /) -> str | None:
        """Count in shares of one."""
        return "share"


class ZoneFigure(MeasureKind):
    """A figure of the zone a cell lies in, the same for the whole zone."""

    layer: Name
    """Polygons."""
    column: str
    """Column that holds the figure."""

    def reads(self) -> tuple[LayerRead, ...]:
        """Read the zones and their figure."""
        polygons = frozenset({"polygons"})
        return (LayerRead(self.layer, polygons, _BLOCK, columns={"column": self.column}),)

    def unit(self, catalog: Catalog, /) -> str | None:
        """Take the column's unit."""
        return column_unit(self.layer, self.column, catalog)


class Minutes(MeasureKind):
    """Travel minutes of a network, or handed in under a name."""

    network: Name

    @classmethod
    def of(cls, written: Any) -> Self:
        """Make it of the name of the network."""
        return cls(network=written)

    def reads(self) -> tuple[LayerRead, ...]:
        """Read nothing but what the network is made of."""
        return ()

    def unit(self, _: Catalog, /) -> str | None:
        """Count in minutes."""
        return "minutes"

    def by_network(self) -> str | None:
        """Travel on the network."""
        return self.network


class Reopened(MeasureKind):
    """
    Land of a zone whose use has ended and that is open for the use, by years and papers.

    One where every zone over the cell is open for it in the year of the scenario, zero where one is
    not; no number outside the drawn zones.
    """

    of_zones: ClassVar[bool] = True

    @classmethod
    def of(cls, _: Any) -> Self:
        """Make it; there is nothing more to say of it."""
        return cls()

    def reads(self) -> tuple[LayerRead, ...]:
        """Read nothing but what the zones are drawn by."""
        return ()

    def unit(self, _: Catalog, /) -> str | None:
        """Count in shares of one."""
        return "share"


MEASURES: Mapping[str, type[MeasureKind]] = MappingProxyType(
    {
        "distance_to": DistanceTo,
        "value_of": ValueOf,
        "class_of": ClassOf,
        "gravity": Gravity,
        "density": Density,
        "share_of": ShareOf,
        "zone": ZoneFigure,
        "minutes": Minutes,
        "access": Access,
        "people_within": PeopleWithin,
        "potential": Potential,
        "reopened": Reopened,
    }
)
"""Every way to measure, by the key a file gives it under; each is a field of `Measure`."""


class Measure(Strict):
    """A number read off layers at every cell: exactly one of the ways."""

    distance_to: Name | None = None
    """Straight-line distance to the nearest feature of a layer, in metres."""
    value_of: Name | None = None
    """Value of a raster, in the layer's unit."""
    class_of: Name | None = None
    """Class of a categorical raster."""
    gravity: Gravity | None = None
    """Weight within reach over minutes, in the column's unit per minute."""
    density: Density | None = None
    """Features a square kilometre."""
    share_of: ShareOf | None = None
    """Share of classes around the cell, 0 to 1."""
    zone: ZoneFigure | None = None
    """Figure of the zone, in the column's unit."""
    minutes: Name | None = None
    """Travel minutes handed in under this name by the network."""
    access: Access | None = None
    """How much can be reached by the roads of a network."""
    people_within: PeopleWithin | None = None
    """People who reach the cell by road within some minutes."""
    potential: Potential | None = None
    """Amounts of a table, each the less the more minutes away by road."""
    reopened: Literal[True] | None = None
    """Whether the zones over the cell are open for the use in the year of the scenario."""
    where: Where = {}
    """Only features with these attribute values, for distances, gravity and density."""
    plus_minus: Positive | None = None
    """Standard error of a value, in its unit, carried into the score's interval."""
    plus_minus_share: Positive | None = None
    """Standard error that grows with the value, as a share of it; adds to `plus_minus`."""

    @pydantic.model_validator(mode="after")
    def _exactly_one(self) -> Measure:
        only_one(self, MEASURES)
        if self.where and not MEASURES[self.kind].chosen_by_attributes:
            raise custom_error("where_needs_distance")
        return self

    @property
    def kind(self) -> str:
        """Which of the ways is given."""
        return next(kind for kind in MEASURES if getattr(self, kind) is not None)

    @property
    def of(self) -> MeasureKind:
        """The way that is given, with all that must be known of it."""
        return MEASURES[self.kind].of(getattr(self, self.kind))

    @property
    def layer(self) -> str:
        """The layer that is measured; others it reads beside it are in `layers`."""
        return self.layers()[0]

    def layers(self) -> tuple[str, ...]:
        """List the layers it reads, each once; those of its network are the network's own."""
        return self.of.layers()
