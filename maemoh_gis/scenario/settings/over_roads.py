"""What a scenario may say about what is reached by road, read at points of the land."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from maemoh_gis.documents.schema import Name
from maemoh_gis.scenario.settings.measure_kind import LayerRead, MeasureKind
from maemoh_gis.scenario.settings.parts import Positive

if TYPE_CHECKING:
    from maemoh_gis.layers.catalog import Catalog


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
