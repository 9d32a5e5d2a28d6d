"""What a scenario may say about accessibility: how much can be reached by road."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pydantic

from maemoh_gis.documents.schema import Name, custom_error
from maemoh_gis.scenario.settings.measure_kind import LayerRead, MeasureKind, column_unit
from maemoh_gis.scenario.settings.parts import Positive, Selection, Where

if TYPE_CHECKING:
    from maemoh_gis.layers.catalog import Catalog

_TERMS = {
    "gravity": ("decay", "rate"),
    "cumulative": ("within_minutes",),
    "catchment": ("within_minutes", "demand"),
}
_EVERY_TERM = ("decay", "rate", "within_minutes", "demand")
_PLACES = "places"
_NO_UNIT = "1"


class Demand(Selection):
    """Who asks for what the destinations offer: points."""

    weight: str | None = None
    """Column of how many ask at each, such as people; without it, 1 each."""


class Access(MeasureKind):
    """
    How much can be reached from a cell by the roads of a network.

    Minutes run as travel minutes do: straight from the cell to whichever place on the roads makes
    the whole quickest, at the network's `walk_kph` and up to its `most_walk_m`, then along the
    roads to each destination. Trains and stated ways beyond the drawn roads do not count.
    """

    network: Name
    """Network of the scenario, with origins and a walk."""
    kind: Literal["gravity", "cumulative", "catchment"]
    """Weight over minutes, weight within reach, or supply a head of those who can reach it."""
    to: Name
    """Points of the destinations."""
    where: Where = {}
    """Only destinations with these attribute values."""
    weight: str | None = None
    """Column of what each offers; without it, 1 each."""
    most_m: Positive
    """Farthest a destination, or a place that asks, may stand off the road; that way is not in the
    minutes."""
    decay: Literal["power", "exponential"] | None = None
    """Gravity: an amount counts `minutes ** -rate`, or `exp(-rate * minutes)`."""
    rate: Positive | None = None
    """Gravity: how fast that falls."""
    within_minutes: Positive | None = None
    """Cumulative and catchment: the farthest that is within reach."""
    demand: Demand | None = None
    """Catchment: who shares what is offered."""

    @pydantic.model_validator(mode="after")
    def _terms_of_its_kind(self) -> Access:
        given = [term for term in _EVERY_TERM if getattr(self, term) is not None]
        needed = _TERMS[self.kind]
        if set(given) != set(needed):
            raise custom_error("access_terms", kind=self.kind, needed=", ".join(needed),
                               given=", ".join(given) or "–")  # fmt: skip
        return self

    def reads(self) -> tuple[LayerRead, ...]:
        """Read the destinations, and the places that ask; the network reads its own."""
        to = _points(self.to, self.where, self.weight, ("to",))
        if self.demand is None:
            return (to,)
        asked = self.demand
        return (to, _points(asked.layer, asked.where, asked.weight, ("demand", "layer")))

    def unit(self, catalog: Catalog, /) -> str | None:
        """Count what is offered: by minutes, or by those who ask for it."""
        offered = _amounts(self.to, self.weight, catalog)
        if self.demand is not None:
            asked = _amounts(self.demand.layer, self.demand.weight, catalog)
            return "share" if offered == asked else f"{offered} per {asked}"
        if self.decay != "power":
            return offered
        return f"{offered} per minute" + ("" if self.rate == 1 else f"^{self.rate:g}")

    def by_network(self) -> str | None:
        """Travel on the network."""
        return self.network


def _points(layer: str, where: Where, weight: str | None, key: tuple[str, ...]) -> LayerRead:
    columns = {"weight": weight} if weight is not None else {}
    return LayerRead(layer, frozenset({"points"}), key, where, columns)


def _amounts(layer: str, weight: str | None, catalog: Catalog) -> str:
    """Give the unit of what stands at each place; without a column each counts one."""
    return _PLACES if weight is None else column_unit(layer, weight, catalog) or _NO_UNIT
