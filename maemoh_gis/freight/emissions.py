"""
CO2 of freight by road and by rail, with and without a new yard.

The boxes of the central demand take the ways the freight stage found; the range is that of the
emission factors alone, and its middle the CO2 of every other table of freight, whatever the prices.
Bulk (ash, gypsum, cement, lignite) is left out: nobody knows its way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.core.messages import both
from maemoh_gis.files import write_csv
from maemoh_gis.freight.engine import ways_of
from maemoh_gis.freight.result import Emission, freight_of
from maemoh_gis.freight.tariffs import EMISSION_FACTORS, LEVELS, Case, Level, Tariffs
from maemoh_gis.phase_out.path import Amount, least

if TYPE_CHECKING:
    from pathlib import Path

    from maemoh_gis.core.types import FloatArray
    from maemoh_gis.documents.schema import Confidence
    from maemoh_gis.engine.results import Results
    from maemoh_gis.freight.engine import FreightResult
    from maemoh_gis.freight.result import FreightReport

EMISSIONS = "freight_emissions.csv"
COLUMNS = (
    "yard", "yard_th", "yard_en", "case", "way", "way_th", "way_en", "teu", "lorry_km",
    "co2_t_low", "co2_t_central", "co2_t_high", "confidence",
)  # fmt: skip
_KG_PER_T = 1000.0
_COLUMNS_OF = {"road": slice(0, 1), "rail": slice(1, None), "all": slice(0, None)}


def emissions_of(
    flows: Mapping[tuple[str, Case], FreightResult], tariffs: Tariffs
) -> tuple[Emission, ...]:
    """Add up the CO2 of the boxes of every case."""
    found = [one for key, flow in flows.items() for one in emissions_by_way(key, flow, tariffs)]
    return (*found, *_changes(found))


def emissions_by_way(
    key: tuple[str, str], flow: FreightResult, tariffs: Tariffs
) -> Iterator[Emission]:
    """Add up the CO2 of the boxes of one case by way."""
    trust: Confidence = least([_trust(tariffs.rates[item].confidence) for item in EMISSION_FACTORS])
    by_level = {level: _co2_kg(flow, tariffs, level) for level in LEVELS}
    lorry = flow.carried * np.nan_to_num(flow.ways.truck_km)
    for way, cols in _COLUMNS_OF.items():
        tonnes = {level: float(kg[:, cols].sum()) / _KG_PER_T for level, kg in by_level.items()}
        yield Emission(
            *key, way, float(flow.carried[:, cols].sum()), float(lorry[:, cols].sum()),
            Amount(tonnes["low"], tonnes["central"], tonnes["high"], trust),
        )  # fmt: skip


def _trust(written: str) -> Confidence:
    known: dict[str, Confidence] = {"H": "H", "M": "M", "L": "L"}
    return known.get(written, "ASSUMPTION")


def _co2_kg(flow: FreightResult, tariffs: Tariffs, level: Level) -> FloatArray:
    """Give kg CO2 a year of each flow by each way, with emission factors at a level."""
    priced = {**flow.prices, **tariffs.factors(level)}
    each = ways_of(flow.world, priced, flow.terms).co2_kg
    return np.asarray(flow.carried * np.nan_to_num(each))


def _changes(found: list[Emission]) -> Iterator[Emission]:
    """Take what is emitted without a new yard from what is with one, factor by factor."""
    without = {one.case: one for one in found if one.way == "all" and not one.yard}
    for one in found:
        if one.way != "all" or not one.yard:
            continue
        old = without[one.case]
        ends = [getattr(one.co2_t, x) - getattr(old.co2_t, x) for x in ("low", "high")]
        change = Amount(
            min(ends), one.co2_t.central - old.co2_t.central, max(ends), one.co2_t.confidence
        )
        yield Emission(
            one.yard, one.case, "change", one.teu - old.teu, one.lorry_km - old.lorry_km, change
        )


def write_emissions(results: Results, folder: Path) -> dict[str, str]:
    """Write the CO2 of freight."""
    report = freight_of(results)
    if report is None:
        return {}
    note = both("freight.emissions_note")
    rows: list[tuple[object, ...]] = [("note", note["th"], note["en"], *[""] * (len(COLUMNS) - 3))]
    rows += [_row(one, report) for one in report.emissions]
    path = folder / EMISSIONS
    return {EMISSIONS: write_csv(path, COLUMNS, rows, for_excel=True)}


def emissions_on_record(results: Results) -> dict[str, Any] | None:
    """Say for `run.json` what freight emits at central prices."""
    report = freight_of(results)
    if report is None:
        return None
    found = [one for one in report.emissions if one.case == "central"]
    told: dict[str, Any] = {"note": both("freight.emissions_note"), "best_yard": None}
    for one in found:
        told["best_yard"] = one.yard or told["best_yard"]
        side = "with_best_yard" if one.yard else "without_a_new_yard"
        told.setdefault(side, {})[one.way] = {
            "teu": round(one.teu, 1),
            **{f"co2_t_{level}": _tonnes(one.co2_t, level) for level in LEVELS},
            "confidence": one.co2_t.confidence,
        }
    return told


def _row(one: Emission, report: FreightReport) -> tuple[object, ...]:
    way = both(f"freight.emissions_by.{one.way}")
    return (
        one.yard, *report.name_of(one.yard).values(), one.case, one.way, *way.values(),
        round(one.teu, 1) + 0.0, round(one.lorry_km) + 0,
        *(_tonnes(one.co2_t, level) for level in LEVELS), one.co2_t.confidence,
    )  # fmt: skip


def _tonnes(amount: Amount, level: Level) -> float:
    return round(float(getattr(amount, level)), 1) + 0.0
