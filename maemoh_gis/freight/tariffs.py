"""
What freight pays: rates with a low, a central and a high value, and prices taken from them.

Most rates are assumptions, so nothing is computed with one number only. Three cases move every
price together (low, central, high). Since a road and a rail price that are both low largely cancel,
two more move them apart: `favours_rail` takes rail cheap and road dear, `favours_road` the reverse.
What a lorry emits or a wagon weighs is no price and moves with none: see `Tariffs.factors`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault

Level = Literal["low", "central", "high"]
"""Which of three values of a number."""
Case = Literal["low", "central", "high", "favours_rail", "favours_road"]
"""Which values of all prices together."""
LEVELS: tuple[Level, ...] = get_args(Level)
CASES: tuple[Case, ...] = get_args(Case)

Prices = Mapping[str, float]
"""One number for each item, in the unit of `ITEMS`."""

_TRUST = ("H", "M", "L", "ASSUMPTION")


@dataclass(frozen=True)
class Item:
    """A rate that freight needs."""

    unit: str
    side: Literal["road", "rail"] | None
    """The way of transport that it burdens more: waiting burdens rail, which is slower. None for
    what is no price: it is central in every case of prices."""
    more_is_better: bool = False
    """True for speeds and train lengths, whose low value is the dear one."""


ITEMS: Mapping[str, Item] = {
    "road_container_heavy_teu_km": Item("THB per TEU-km", "road"),
    "road_container_light_teu_km": Item("THB per TEU-km", "road"),
    "road_backhaul_discount": Item("factor on the road rate", "road"),
    "road_average_speed_long_haul": Item("km per hour", "road", more_is_better=True),
    "transit_time_road_mae_mo_laem_chabang": Item("days", "road"),
    "drayage_base_within_25_km": Item("THB per box", "rail"),
    "drayage_beyond_25_km": Item("THB per box-km", "rail"),
    "inland_yard_lift": Item("THB per lift", "rail"),
    "laem_chabang_rail_terminal_lift": Item("THB per box", "rail"),
    "rail_wagon_shunting_and_documents": Item("THB per box", "rail"),
    "gate_and_documents": Item("THB per box", "rail"),
    "rail_linehaul_loaded_teu_km": Item("THB per TEU-km", "rail"),
    "rail_linehaul_empty_teu_km": Item("THB per TEU-km", "rail"),
    "rail_commercial_speed_freight": Item("km per hour", "rail", more_is_better=True),
    "transit_time_rail_mae_mo_laem_chabang": Item("days", "rail"),
    "value_of_time": Item("THB per TEU-day", "rail"),
    "logit_scale": Item("per THB per TEU", "rail"),
    "empty_share_of_moves": Item("share", "rail"),
    "rail_share_ceiling": Item("share of containerised flow", "rail", more_is_better=True),
    "truck_heavy_teu_km": Item("kg CO2 per TEU-km", None),
    "truck_light_teu_km": Item("kg CO2 per TEU-km", None),
    "rail_teu_km_loaded": Item("kg CO2 per TEU-km", None),
    "lift_emission": Item("kg CO2 per lift", None),
    "container_tare_20ft": Item("t", None),
    "container_wagon_tare": Item("t", None),
    "teu_per_train_flat_line": Item("TEU", "rail", more_is_better=True),
    "block_train_minimum": Item("TEU per departure", "rail"),
    "viable_yard_minimum": Item("TEU handled per year", "rail"),
    "yard_capex": Item("M THB per rai", "rail"),
    "reach_stacker": Item("M THB each", "rail"),
}
"""Items that must be there, as the bundled table names them."""
EMISSION_FACTORS = tuple(item for item, about in ITEMS.items() if about.unit.startswith("kg CO2"))
"""Items that say what is emitted."""


@dataclass(frozen=True)
class Rate:
    """A rate with its range."""

    item: str
    unit: str
    low: float
    central: float
    high: float
    confidence: str
    """H, M, L or ASSUMPTION."""
    source: str


@dataclass(frozen=True)
class Tariffs:
    """Checked rates by item."""

    rates: Mapping[str, Rate]

    @cached_property
    def _by_case(self) -> Mapping[str, Mapping[str, float]]:
        return {
            case: {item: _value(self.rates[item], about, case) for item, about in ITEMS.items()}
            for case in get_args(Case)
        }

    def prices(self, case: Case = "central") -> dict[str, float]:
        """Take one value of every rate."""
        return dict(self._by_case[case])

    def factors(self, level: Level) -> dict[str, float]:
        """Take one value of every emission factor."""
        return {item: float(getattr(self.rates[item], level)) for item in EMISSION_FACTORS}


def read_tariffs(rows: Iterable[Mapping[str, str]], *, file: str | None = None) -> Tariffs:
    """
    Check a table of tariffs; `file` is how faults name it.

    A row with a central value only has no range: it is taken for all three. Rows of other items are
    left alone.
    """
    faults: list[Fault] = []
    rates: dict[str, Rate] = {}
    for line, row in enumerate(rows, start=2):
        item = str(row.get("item", ""))
        if item not in ITEMS:
            continue
        if item in rates:
            faults.append(Fault("tariff_twice", file, line, item, found=item))
            continue
        found = list(_faults_of(row, item, file, line))
        faults += found
        low, central, high = (1.0, 1.0, 1.0) if found else _numbers(row)
        rates[item] = Rate(
            item, ITEMS[item].unit, low, central, high, row["confidence"], str(row.get("source"))
        )
    faults += [
        Fault("tariff_missing", file, None, item, found=item, expected=about.unit)
        for item, about in ITEMS.items()
        if item not in rates
    ]
    if faults:
        raise LayerError(faults)
    return Tariffs(rates)


def _value(rate: Rate, about: Item, case: Case) -> float:
    if case == "central" or about.side is None:
        return rate.central
    favoured = case.removeprefix("favours_")
    cheap = about.side == favoured if case.startswith("favours_") else case == "low"
    return rate.low if cheap != about.more_is_better else rate.high


def _faults_of(row: Mapping[str, str], item: str, file: str | None, line: int) -> Iterator[Fault]:
    unit = ITEMS[item].unit
    if row.get("unit") != unit:
        yield Fault("tariff_unit", file, line, item, found=row.get("unit"), expected=unit)
    if row.get("confidence") not in _TRUST:
        yield Fault("tariff_confidence", file, line, item, found=row.get("confidence"),
                    expected=", ".join(_TRUST))  # fmt: skip
    numbers: dict[Level, float] = {}
    for level in LEVELS:
        written = str(row.get(level) or "").strip()
        if not written and level != "central":
            continue
        try:
            numbers[level] = float(written)
        except ValueError:
            yield Fault("tariff_not_a_number", file, line, item, found=written or "–",
                        values={"column": level})  # fmt: skip
            continue
        if not 0 <= numbers[level] < float("inf"):
            yield Fault(
                "tariff_negative", file, line, item, found=written, values={"column": level}
            )
    in_order = [numbers[level] for level in LEVELS if level in numbers]
    if in_order != sorted(in_order):
        yield Fault("tariff_order", file, line, item, found=" / ".join(f"{n:g}" for n in in_order))


def _numbers(row: Mapping[str, str]) -> tuple[float, float, float]:
    central = float(row["central"])
    low, high = (float(row[level]) if (row.get(level) or "").strip() else central
                 for level in ("low", "high"))  # fmt: skip
    return low, central, high
