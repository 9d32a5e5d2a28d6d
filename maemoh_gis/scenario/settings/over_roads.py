"""What a scenario may say about what is reached by road, read at points of the land."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from maemoh_gis.documents.schema import Name
from maemoh_gis.scenario.settings.measure_kind import LayerRead, MeasureKind, column_unit
from maemoh_gis.scenario.settings.parts import Positive

if TYPE_CHECKING:
    from maemoh_gis.layers.catalog import Catalog

_TABLE = frozenset({"table"})
_POINTS = frozenset({"points"})


class OverRoads(MeasureKind):
    """
    What is reached by the roads of a network, measured at points of the land some way apart.

    A point, and a place that counts, go straight to the junction or end of a road that is nearest
    to them; cells between points take what lies straight between these.
    """

    from_origins: ClassVar[bool] = False

    network: Name
    """Network of the scenario; its roads alone count."""
    walk_kph: Positive
    """Speed straight across the land to the nearest junction, km/h."""
    most_walk_m: Positive
    """Farthest that junction may lie; land farther off is not measured."""
    every_m: Positive
    """How far apart the points are."""

    def by_network(self) -> str | None:
        """Travel on the network."""
        return self.network


class PeopleWithin(OverRoads):
    """
    People who reach a cell by road within some minutes, placed as `exposure` places them.

    Between the counts of subdistricts they are gathered into blocks, each at the middle of its
    people.
    """

    of_people: ClassVar[bool] = True

    minutes: Positive
    """The farthest that is within reach."""
    block_m: Positive
    """Side of a block."""

    def reads(self) -> tuple[LayerRead, ...]:
        """Read nothing but what the network and `exposure` are made of."""
        return ()

    def unit(self, _: Catalog, /) -> str | None:
        """Count people."""
        return "people"


class Potential(OverRoads):
    """
    Amounts that stand at places, each the less the more minutes away by road (Hansen 1959).

    The amounts are rows of a table; those of unknown size, and those whose place is not among the
    points, may add without end.
    """

    to: Name
    """Points of the places."""
    code: str
    """Column of the points that names them."""
    amounts: Name
    """Table of the amounts."""
    by: str
    """Its column that names the place of each."""
    weight: str
    """Its column of the amounts, such as boxes a year; empty is unknown."""
    half_minutes: Positive
    """Minutes away at which an amount counts half; at twice as many a quarter, and so on."""

    def reads(self) -> tuple[LayerRead, ...]:
        """Read the places and what stands at each."""
        weight = {"weight": self.weight}
        return (
            LayerRead(self.amounts, _TABLE, ("amounts",), columns=weight, names={"by": self.by}),
            LayerRead(self.to, _POINTS, ("to",), names={"code": self.code}),
        )

    def unit(self, catalog: Catalog, /) -> str | None:
        """Take the unit of the amounts."""
        return column_unit(self.amounts, self.weight, catalog)
