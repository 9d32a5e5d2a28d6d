"""
What a box pays between two named places: whole costs, so that road and rail can be compared.

To or from a gateway a box goes by road all the way, or over the station where that costs least;
both costs hold all that its sender pays, as those of `freight_costs.csv`, an empty box going back
for each loaded one. Between places of the region a lorry brings a box to a railhead or home:
drayage, there and back. No row has both kinds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from maemoh_gis.freight.boxes import (
    BOXES,
    ONE_WAY,
    Waiting,
    WayBack,
    rail_parts,
    road_parts,
    total,
    waiting_of,
)
from maemoh_gis.freight.stages import terms_of
from maemoh_gis.freight.tariffs import LEVELS
from maemoh_gis.phase_out.path import least

if TYPE_CHECKING:
    from maemoh_gis.access.distances import Way
    from maemoh_gis.documents.schema import Confidence
    from maemoh_gis.freight.engine import Terms
    from maemoh_gis.freight.layers import FreightLayers
    from maemoh_gis.freight.tariffs import Level, Tariffs
    from maemoh_gis.freight.world import Spread

_BALANCED = WayBack(1.0)
_RATES = (
    "road_container_heavy_teu_km", "road_container_light_teu_km", "drayage_base_within_25_km",
    "drayage_beyond_25_km", "rail_linehaul_loaded_teu_km", "rail_linehaul_empty_teu_km",
)  # fmt: skip
COST_COLUMNS = (
    *(f"road_thb_{box}_{level}" for box in BOXES for level in LEVELS),
    *(f"rail_thb_{box}_{level}" for box in BOXES for level in LEVELS),
    "rail_over_th",
    "rail_over_en",
    "rail_over_drayage_km",
    "rail_over_rail_km",
    "rail_over_gap",
    *(f"drayage_thb_{level}" for level in LEVELS),
    "cost_confidence",
)
_WHOLE, _OVER = len(BOXES) * len(LEVELS), 5


@dataclass(frozen=True)
class Over:
    """The station over which a box would go by rail."""

    name_th: str
    name_en: str
    drayage_km: float
    """By road between it and the other end; 0 at the station itself."""
    rail: Way
    gap: bool = False
    """Whether the layer must be taken to lack a road between them."""


class BoxCosts:
    """Costs of boxes between places."""

    def __init__(self, tariffs: Tariffs, terms: Terms) -> None:
        self.terms = terms
        self.prices = {level: tariffs.prices(level) for level in LEVELS}
        self.trust = least([cast("Confidence", tariffs.rates[item].confidence) for item in _RATES])

    @classmethod
    def of(cls, source: FreightLayers) -> BoxCosts:
        """Take tariffs and terms from the freight of a scenario."""
        return cls(source.tariffs, terms_of(source.freight, source.year_be))

    def to_gateway(self, road: Spread, over: Over | None) -> list[object]:
        """Cost a box to or from a gateway by road all the way, and over a station."""
        boxes = [(box, level) for box in BOXES for level in LEVELS]
        by_road = [self._by_road(box, level, road.at(level)) for box, level in boxes]
        if over is None:
            rail: list[object] = [""] * (_WHOLE + _OVER)
        else:
            thb = [self.by_rail(box, level, over) for box, level in boxes]
            km = (round(over.drayage_km, 1), round(over.rail.km.central, 1))
            gap = "yes" if over.gap else "no"
            rail = [*_cells(thb), over.name_th, over.name_en, *km, gap]
        return [*_cells(by_road), *rail, *[""] * len(LEVELS), self.trust]

    def within(self, road_km: float) -> list[object]:
        """
        Give the cells of `COST_COLUMNS` for the drayage of a box within the region.

        THB for the round trip; NaN km are no way.
        """
        box, none = BOXES["heavy_20"], Waiting(0.0, 0.0)
        thb = [
            float(rail_parts(box, road_km, 0.0, self.prices[level], ONE_WAY, none)["drayage"])
            for level in LEVELS
        ]
        return [*[""] * (2 * _WHOLE + _OVER), *_cells(thb), self.trust]

    def _by_road(self, box: str, level: Level, km: float) -> float:
        prices = self.prices[level]
        return float(total(road_parts(BOXES[box], km, prices, _BALANCED, self._waiting(level))))

    def by_rail(self, box: str, level: Level, over: Over) -> float:
        """Cost a box over a station, THB per loaded box."""
        km, track = over.rail.km.at(level), over.rail.track
        parts = rail_parts(
            BOXES[box], over.drayage_km, km, self.prices[level], _BALANCED, self._waiting(level),
            faster_km=min(km, track.double_km) if track else 0.0, faster_kph=self.terms.faster_kph,
        )  # fmt: skip
        return float(total(parts))

    def _waiting(self, level: Level) -> Waiting:
        terms = self.terms
        return waiting_of(self.prices[level], terms.stated_road_km, terms.stated_rail_km)


def _cells(thb: Sequence[float]) -> list[object]:
    """Round to whole baht; leave what is not known empty."""
    return ["" if np.isnan(one) else round(one) for one in thb]
