"""
What a container costs from its door to the gateway, by road and by rail.

Costs are THB per loaded box, part by part, and boxes come back empty. A lorry brings the empty box
on the way there, so the road rate holds its return. A train must carry the empty box as well, with
its own lifts: leaving that out makes rail look about a third cheaper than it is::

    road  haul + gate + days x value of time
    rail  drayage + two yard lifts + shunting + line-haul + port lift + gate + days x value of time
          + for each empty box: two yard lifts + shunting + empty line-haul + port lift
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault

if TYPE_CHECKING:
    from maemoh_gis.core.types import FloatArray
    from maemoh_gis.freight.tariffs import Prices

PRICED_BY = (
    "road_container_heavy_teu_km", "road_container_light_teu_km", "road_backhaul_discount",
    "road_average_speed_long_haul", "transit_time_road_mae_mo_laem_chabang",
    "drayage_base_within_25_km", "drayage_beyond_25_km", "inland_yard_lift",
    "laem_chabang_rail_terminal_lift", "rail_wagon_shunting_and_documents", "gate_and_documents",
    "rail_linehaul_loaded_teu_km", "rail_linehaul_empty_teu_km", "rail_commercial_speed_freight",
    "transit_time_rail_mae_mo_laem_chabang", "value_of_time",
)  # fmt: skip
"""Rates of the tariffs that price a box by lorry and by train."""
_DRAYAGE_BASE_KM = 25.0
_YARD_LIFTS = 2
"""Lorry to stack and stack to wagon, or the reverse."""
_WAGON_TEU = 2.0
_HOURS = 24.0


@dataclass(frozen=True)
class BoxClass:
    """Containers of one size and weight."""

    key: str
    teu: float
    """Length in twenty-foot units."""
    trucks: float
    """Lorries a box takes on the long way: two light 20 ft ride on one."""
    cargo_t: float
    """Load of a box, t."""
    road_item: str
    """Its road rate among the tariffs."""
    co2_item: str
    """Its emission by road among the tariffs."""
    lift_factor: float
    """Price of lifting it against that of a 20 ft."""


# Loads are those of the road rates. Lifting a 40 ft costs 1.7 of a 20 ft in two port tariffs
# (425 / 250 THB, 850 / 500 THB).
BOXES: Mapping[str, BoxClass] = {
    box.key: box
    for box in (
        BoxClass("heavy_20", 1, 1, 18, "road_container_heavy_teu_km", "truck_heavy_teu_km", 1),
        BoxClass("light_20", 1, 0.5, 10, "road_container_light_teu_km", "truck_light_teu_km", 1),
        BoxClass("box_40", 2, 1, 20, "road_container_light_teu_km", "truck_light_teu_km", 1.7),
    )
}


@dataclass(frozen=True)
class WayBack:
    """How boxes and lorries come back, per loaded box."""

    empty: float
    """Empty boxes that a train carries."""
    return_loads: float = 0.0
    """Share of lorries that find a load on the way back."""


ONE_WAY = WayBack(0.0)
"""The loaded way alone; no real service runs like that."""


@dataclass(frozen=True)
class Waiting:
    """Days a box spends at ends and terminals, whatever the distance."""

    road_days: float
    rail_days: float


def way_back_of(loaded: float, other_way: float, matched: float = 1.0) -> WayBack:
    """
    Balance boxes over the year: what goes out full must have come in, full or empty.

    `loaded` and `other_way` are loaded TEU a year in the direction meant and in the other one; of
    the boxes that could so be used both ways the share `matched` is, the rest goes empty both ways.

    Examples
    --------
    >>> way_back_of(1000, 250)
    WayBack(empty=0.75, return_loads=0.25)
    """
    back = matched * min(1.0, other_way / loaded) if loaded > 0 else 0.0
    return WayBack(1.0 - back, back)


def way_back_of_share(empty_share: float) -> WayBack:
    """
    Balance boxes by the share of empties among all moves.

    Empty boxes per loaded one; more than one where boxes also come and go empty.
    """
    if not 0 <= empty_share < 1:
        raise LayerError(Fault("empty_share", key="empty_share_of_moves", found=str(empty_share)))
    empty = empty_share / (1.0 - empty_share)
    return WayBack(empty, max(0.0, 1.0 - empty))


def waiting_of(prices: Prices, road_km: float, rail_km: float) -> Waiting:
    """
    Take the way at its speed out of the days that the tariffs state for one known distance.

    Never below zero.
    """
    road = road_km / prices["road_average_speed_long_haul"] / _HOURS
    rail = rail_km / prices["rail_commercial_speed_freight"] / _HOURS
    return Waiting(
        max(0.0, prices["transit_time_road_mae_mo_laem_chabang"] - road),
        max(0.0, prices["transit_time_rail_mae_mo_laem_chabang"] - rail),
    )


def road_parts(
    box: BoxClass, road_km: FloatArray | float, prices: Prices, back: WayBack, waiting: Waiting
) -> dict[str, FloatArray]:
    """
    Cost a loaded box from door to gateway on a lorry, one way; NaN km are no way.

    THB per box, float64 in the shape of the km: `haul` (with the way back), `gate`, `time`.
    """
    km = np.asarray(road_km, dtype=np.float64)
    discount = 1.0 - back.return_loads * (1.0 - prices["road_backhaul_discount"])
    days = waiting.road_days + km / prices["road_average_speed_long_haul"] / _HOURS
    return {
        "haul": km * prices[box.road_item] * box.teu * discount,
        "gate": np.full_like(km, prices["gate_and_documents"]),
        "time": days * prices["value_of_time"] * box.teu,
    }


def rail_parts(
    box: BoxClass,
    drayage_km: FloatArray | float,
    rail_km: FloatArray | float,
    prices: Prices,
    back: WayBack,
    waiting: Waiting,
    *,
    faster_km: FloatArray | float = 0.0,
    faster_kph: float | None = None,
) -> dict[str, FloatArray]:
    """
    Cost a loaded box from door to gateway on a train, with the empties that go with it.

    `drayage_km` is by road from the door to the yard, `rail_km` from there to the gateway, of these
    `faster_km` on double track at `faster_kph` (that of the tariffs if absent); NaN is no way or no
    train. THB per loaded box, float64 in the shape of the km: `drayage`, `yard_lifts`, `shunting`,
    `linehaul`, `port_lift`, `gate`, `empty_lifts`, `empty_shunting`, `empty_linehaul`, `time`.
    """
    road, rail, faster = np.broadcast_arrays(
        *(np.asarray(km, dtype=np.float64) for km in (drayage_km, rail_km, faster_km))
    )
    days = rail_days(rail, prices, waiting, faster_km=faster, faster_kph=faster_kph)
    yard = _YARD_LIFTS * prices["inland_yard_lift"] * box.lift_factor
    port = prices["laem_chabang_rail_terminal_lift"] * box.lift_factor
    beyond = np.maximum(road - _DRAYAGE_BASE_KM, 0.0)
    shunting = prices["rail_wagon_shunting_and_documents"]
    # A part that does not depend on the way is still unknown where there is none.
    there = road * 0.0 + rail * 0.0 + 1.0
    return {
        "drayage": there * prices["drayage_base_within_25_km"]
        + prices["drayage_beyond_25_km"] * beyond,
        "yard_lifts": there * yard,
        "shunting": there * shunting,
        "linehaul": there * rail * prices["rail_linehaul_loaded_teu_km"] * box.teu,
        "port_lift": there * port,
        "gate": there * prices["gate_and_documents"],
        "empty_lifts": there * back.empty * (yard + port),
        "empty_shunting": there * back.empty * shunting,
        "empty_linehaul": there * back.empty * rail * box.teu
        * prices["rail_linehaul_empty_teu_km"],
        "time": there * days * prices["value_of_time"] * box.teu,
    }  # fmt: skip


def rail_days(
    rail_km: FloatArray | float,
    prices: Prices,
    waiting: Waiting,
    *,
    faster_km: FloatArray | float = 0.0,
    faster_kph: float | None = None,
) -> FloatArray:
    """Give the days from yard to gateway with terminals; parameters as for `rail_parts`."""
    rail, faster = np.asarray(rail_km, dtype=np.float64), np.asarray(faster_km, dtype=np.float64)
    kph = prices["rail_commercial_speed_freight"]
    hours = (rail - faster) / kph + faster / max(kph, faster_kph or 0.0)
    return np.asarray(waiting.rail_days + hours / _HOURS)


def total(parts: Mapping[str, FloatArray]) -> FloatArray:
    """Add up the parts of a cost, in their order."""
    return np.asarray(sum(parts.values()), dtype=np.float64)


def road_co2_kg(box: BoxClass, road_km: FloatArray | float, prices: Prices) -> FloatArray:
    """Give CO2 of a loaded box by road, kg, the empty way back included."""
    return np.asarray(road_km, dtype=np.float64) * prices[box.co2_item] * box.teu


def rail_co2_kg(
    box: BoxClass,
    drayage_km: FloatArray | float,
    rail_km: FloatArray | float,
    prices: Prices,
    back: WayBack,
) -> FloatArray:
    """
    Give CO2 of a loaded box by rail, drayage, lifts and empties included; km as for `rail_parts`.

    An empty emits by its weight with the wagon. Float64 in the shape of the km.
    """
    loaded = prices["rail_teu_km_loaded"] * box.teu
    light = weight_t(box, prices, loaded=False) / weight_t(box, prices, loaded=True)
    lifts = (_YARD_LIFTS + 1) * (1.0 + back.empty) * prices["lift_emission"]
    rail = np.asarray(rail_km, dtype=np.float64) * loaded * (1.0 + back.empty * light)
    # On a short way each box has a lorry of its own, laden one way as on the long way.
    drayage = road_co2_kg(box, drayage_km, prices) / box.trucks
    return np.asarray(rail + lifts + drayage)


def weight_t(box: BoxClass, prices: Prices, *, loaded: bool) -> float:
    """Give the weight of a box on the train with its share of the wagon, t."""
    tare = prices["container_tare_20ft"] + prices["container_wagon_tare"] / _WAGON_TEU
    return tare * box.teu + (box.cargo_t if loaded else 0.0)


def truck_km(box: BoxClass, road_km: Any, drayage_km: Any = None) -> FloatArray:
    """
    Give the lorry-km of a loaded box, there and back, float64 in the shape of the km.

    Where `drayage_km` is given, a lorry goes to the yard for each box and the long way is ignored.
    """
    if drayage_km is not None:
        return 2.0 * np.asarray(drayage_km, dtype=np.float64)
    return 2.0 * box.trucks * np.asarray(road_km, dtype=np.float64)


def break_even_km(
    box: BoxClass,
    prices: Prices,
    back: WayBack,
    waiting: Waiting,
    *,
    rail_per_road_km: float = 1.0,
    drayage_km: float = 0.0,
) -> float:
    """
    Solve for the road distance, km, from which rail is cheaper on a straight corridor.

    Both costs are straight lines over the distance, so this is fixed cost of rail above road,
    divided by what each km of road costs above rail. NaN if rail never becomes cheaper.
    """
    km = np.array([0.0, 1.0])
    rail = rail_parts(box, drayage_km, km * rail_per_road_km, prices, back, waiting)
    at_start, after_1_km = total(rail) - total(road_parts(box, km, prices, back, waiting))
    gained = float(at_start - after_1_km)
    return max(0.0, float(at_start)) / gained if gained > 0 else float("nan")
