"""What everyone must know of a way to measure: the layers it reads, its unit, how far it looks."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self

from maemoh_gis.documents.schema import Name, Strict
from maemoh_gis.scenario.settings.parts import Where

if TYPE_CHECKING:
    from maemoh_gis.layers.catalog import Catalog


@dataclass(frozen=True)
class LayerRead:
    """A layer that a measure reads, and what it must hold to be read."""

    layer: str
    kinds: frozenset[str]
    """Kinds of layer it may be, as the catalog names them."""
    key: tuple[str, ...] = ()
    """Where the file names the layer, below the measure; empty where the measure is its name."""
    where: Where = field(default_factory=dict)
    """Only features with these attribute values; stands beside the name."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Columns that must hold numbers, by the key beside the name that asks for them."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Columns it must have, whatever they hold, by the key beside the name that asks for them."""
    classes: Sequence[str] = ()
    """Classes it must have; `classes` beside the name."""

    def beside(self, key: str) -> tuple[str, ...]:
        """Give the place of another key of the same block."""
        return (*self.key[:-1], key)


class MeasureKind(Strict):
    """
    One way to read a number off layers at every cell.

    Checks, keys of stages, caveats and the record ask it; none of them keeps a list of its own.
    """

    chosen_by_attributes: ClassVar[bool] = False
    """Whether the measure's own `where` chooses among its features."""
    from_origins: ClassVar[bool] = True
    """Whether its network must have origins and a walk."""
    of_people: ClassVar[bool] = False
    """Whether it counts people as `exposure` places them, whose layers are that section's own."""
    of_zones: ClassVar[bool] = False
    """Whether it reads the zones of the scenario, whose layers are their own."""

    @classmethod
    def of(cls, written: Any) -> Self:
        """Make it of what the file says under its name."""
        assert isinstance(written, cls)
        return written

    @abstractmethod
    def reads(self) -> tuple[LayerRead, ...]:
        """List every layer it reads, the one that is measured first; a network's are its own."""

    @abstractmethod
    def unit(self, catalog: Catalog, /) -> str | None:
        """Give the unit its numbers come in; None for classes and for columns without one."""

    def layers(self) -> tuple[str, ...]:
        """List the layers it reads, each once: a change of any changes the measure."""
        return tuple(dict.fromkeys(read.layer for read in self.reads()))

    def reach_m(self) -> float | None:
        """Give how far a count of features looks, in metres; None for what counts none."""
        return None

    def by_network(self) -> str | None:
        """Name the network it is travelled on; None for what is read off layers alone."""
        return None


class PlainLayer(MeasureKind):
    """A measure of which a file says nothing but the layer."""

    layer: Name

    @classmethod
    def of(cls, written: Any) -> Self:
        """Make it of the name of the layer."""
        return cls(layer=written)


def column_unit(layer: str, column: str, catalog: Catalog) -> str | None:
    """Give the unit of a column; None where there is no such layer, column or unit."""
    described = catalog.layers.get(layer)
    found = described.columns.get(column) if described else None
    return found.unit if found else None
