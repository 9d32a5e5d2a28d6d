"""Files of freight: flows, what each yard would bring, and what the record of a run says."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from maemoh_gis.core import units
from maemoh_gis.core.messages import both, joined, same
from maemoh_gis.files import write_csv, write_geopackage
from maemoh_gis.freight.area import COST_COLUMNS
from maemoh_gis.freight.boxes import BOXES
from maemoh_gis.freight.emissions import emissions_on_record, write_emissions
from maemoh_gis.freight.result import freight_of
from maemoh_gis.freight.words import findings, headline

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from maemoh_gis.engine.results import Results
    from maemoh_gis.freight.engine import FreightResult
    from maemoh_gis.freight.result import FreightReport

FLOWS = "flows.csv"
YARDS = "freight_yards.csv"
COSTS = "freight_costs.csv"
AREAS = "freight_areas.gpkg"
FLOW_COLUMNS = (
    "yard", "case", "origin", "origin_th", "origin_en", "commodity", "commodity_th",
    "commodity_en", "box_class", "direction", "gateway", "gateway_th", "gateway_en", "way",
    "way_th", "way_en", "teu", "thb", "co2_kg", "truck_km", "road_gap", "confidence",
)  # fmt: skip
_YARD_NUMBERS = (
    "teu", "thb_saved", "co2_t_saved", "truck_km_avoided", "trains_a_week", "wagons_needed",
    "single_train_km_a_week", "fixed_thb", "teu_to_justify",
)  # fmt: skip
YARD_COLUMNS = (
    "yard", "yard_th", "yard_en", "railhead", "demand", "case", "teu",
    *(f"teu_{box}" for box in BOXES), *_YARD_NUMBERS[1:], "justified", "reason_th", "reason_en",
    "unknown_flows", "unreached_flows", "drayage_gaps", "drayage_gaps_th", "drayage_gaps_en",
    "confidence",
)  # fmt: skip


def write_all(results: Results, folder: Path) -> dict[str, str]:
    """Write what a run found of freight, where its scenario asks."""
    found = freight_of(results)
    if found is None:
        return {}
    return {**write_freight(found, folder), **write_emissions(results, folder)}


def all_on_record(results: Results) -> dict[str, Any]:
    """Say in the record of a run what it found of freight; None where its scenario does not ask."""
    found = freight_of(results)
    return {
        "freight": None if found is None else freight_on_record(found),
        "freight_emissions": emissions_on_record(results),
    }


def write_freight(report: FreightReport, folder: Path) -> dict[str, str]:
    """Write the tables of freight."""
    rows = [
        row
        for (yard, case), result in report.flows.items()
        for row in _flow_rows(yard, case, result, report)
    ]
    yards = [row for key in report.indicators for row in _yard_rows(key, report)]
    layers = {"market_areas": named_areas(report)} if len(report.areas) else {}
    if len(report.lines):
        layers["flows"] = report.lines.assign(confidence="ASSUMPTION")
    return {
        **({AREAS: write_geopackage(folder / AREAS, layers)} if layers else {}),
        COSTS: write_csv(folder / COSTS, COST_COLUMNS, report.costs, for_excel=True),
        FLOWS: write_csv(folder / FLOWS, FLOW_COLUMNS, rows, for_excel=True),
        YARDS: write_csv(folder / YARDS, YARD_COLUMNS, yards, for_excel=True),
    }


def freight_on_record(report: FreightReport) -> dict[str, Any]:
    """Say in the record of a run what freight there is and what a yard would bring."""
    now = report.flows["", "central"]
    known = now.teu[now.teu == now.teu]
    return {
        "findings": findings(report),
        "headline": headline(report),
        "confidence": "ASSUMPTION",
        "teu": round(float(known.sum()), 1),
        "flows_of_unknown_size": now.unknown_flows,
        "flows_without_a_way": now.unreached_flows,
        "teu_without_a_way": round(now.unreached_teu, 1),
        "wagons_for_the_region": round(report.wagons, 1),
        "best_yard_where_prices_favour_rail": report.best,
        "best_yard_without_rivals": None
        if report.alone is None
        else {name: _plain(value) for name, value in report.alone.row().items()},
        "places_no_train_can_reach": list(report.left_out),
        "places_no_recorded_road_reaches": list(report.unreached),
        "yards": {
            key: {name: _plain(value) for name, value in one.row().items()}
            for key, one in report.indicators.items()
        },
        "break_even_km": [
            {
                "box_class": one.box,
                "case": one.case,
                "loaded_way_alone": _plain(one.one_way_km),
                "with_the_empty_by_rail": _plain(one.balanced_km),
            }
            for one in report.break_even
        ],
    }


def named_areas(report: FreightReport) -> gpd.GeoDataFrame:
    """Put names on the market areas."""
    areas = report.areas
    names = [report.names.get(key, same(key)) for key in areas["railhead"]]
    return areas.assign(
        name_th=[name["th"] for name in names],
        name_en=[name["en"] for name in names],
        area_rai=[round(units.rai_from_m2(m2), 1) for m2 in areas["area_m2"]],
        confidence="ASSUMPTION",
    )


def _flow_rows(
    yard: str, case: str, result: FreightResult, report: FreightReport
) -> Iterator[tuple[object, ...]]:
    """Give a row for each flow and way that carries any of it; one of unknown size has no TEU."""
    names = {key: tuple(name.values()) for key, name in report.names.items()}
    names["road"] = tuple(both("freight.road").values())
    keys = ["road", *(railhead.key for railhead in result.world.railheads)]
    for row, flow in enumerate(result.world.flows):
        demand = flow.demand
        about = (
            yard, case, demand.origin, *names.get(demand.origin, ("", "")), demand.commodity,
            *names.get(demand.commodity, ("", "")), demand.box, demand.direction, flow.gateway,
            *names.get(flow.gateway, ("", "")),
        )  # fmt: skip
        for col, way in enumerate(keys):
            share = result.shares[row, col]
            if not share > 0:
                continue
            teu = float(result.teu[row] * share)
            each = (result.ways.thb, result.ways.co2_kg, result.ways.truck_km)
            yield (
                *about, way, *names.get(way, ("", "")),
                _cell(teu, 2), *(_cell(teu * float(table[row, col]), 0) for table in each),
                _gap(report, demand.origin, flow.gateway if way == "road" else way),
                demand.confidence,
            )  # fmt: skip


def _yard_rows(key: str, report: FreightReport) -> Iterator[tuple[object, ...]]:
    found = report.indicators[key]
    gaps = report.gap_senders(key)
    gap_names = joined([report.names[one] for one in gaps]).values() if gaps else ("", "")
    for case in found.cases:
        reason = both(f"freight.reason.{case.reason}").values()
        yield (
            key, *report.name_of(key).values(), found.key, case.level, case.case,
            _cell(case.teu, 1),
            *(_cell(teu, 1) for teu in case.teu_by_box.values()),
            *(_cell(getattr(case, name), 1) for name in _YARD_NUMBERS[1:]),
            "yes" if case.justified else "no", *reason, found.unknown_flows,
            found.unreached_flows, len(gaps), *gap_names, found.confidence,
        )  # fmt: skip


def _gap(report: FreightReport, origin: str, end: str) -> str:
    return "yes" if (origin, end) in report.gaps else "no"


def _cell(value: float, decimals: int) -> object:
    """Leave unknown numbers empty."""
    if math.isnan(value):
        return ""
    rounded = round(value, decimals)
    return int(rounded) if decimals == 0 else rounded + 0.0


def _plain(value: Any) -> Any:
    if not isinstance(value, float):
        return value
    return round(value, 3) + 0.0 if math.isfinite(value) else None
