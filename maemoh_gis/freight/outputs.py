"""Files of freight: flows, what each yard would bring, and what the record of a run says."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from maemoh_gis.core import units
from maemoh_gis.core.messages import Text, both, joined, same
from maemoh_gis.files import write_csv, write_geopackage
from maemoh_gis.freight.area import COST_COLUMNS
from maemoh_gis.freight.boxes import BOXES
from maemoh_gis.freight.emissions import emissions_on_record, write_emissions
from maemoh_gis.freight.result import freight_of

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from maemoh_gis.engine.results import Results
    from maemoh_gis.freight.engine import FreightResult
    from maemoh_gis.freight.result import FreightReport
    from maemoh_gis.freight.yard_worth import YardCase

FLOWS = "flows.csv"
YARDS = "freight_yards.csv"
COSTS = "freight_costs.csv"
AREAS = "freight_areas.gpkg"
FLOW_COLUMNS = (
    "yard", "case", "origin", "origin_th", "origin_en", "commodity", "commodity_th",
    "commodity_en", "box_class", "direction", "gateway", "gateway_th", "gateway_en", "way",
    "way_th", "way_en", "teu", "thb", "co2_kg", "truck_km", "road_gap", "confidence",
)  # fmt: skip
_NEARLY = 0.95
"""Share of the greatest saving from which on prices so uncertain tell no two yards apart."""
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


def findings(report: FreightReport) -> list[Text]:
    """Say in a few sentences what freight means for a yard."""
    now = report.flows["", "central"]
    heavy = next(one for one in report.break_even if (one.box, one.case) == ("heavy_20", "central"))
    said = [_verdict_words(report)] if report.indicators else []
    if report.best is not None:
        case = report.indicators[report.best].at("central", "favours_rail")
        said.append(both("freight.best", **_best_values(report, case)))
        if like := _like_the_best(report):
            said.append(both("freight.best_like", names=_listed(report, like)))
    # Of a verdict that hangs on the rivals its first sentence tells this already.
    if report.alone is not None and _hinges(report) is None:
        case = report.alone.at("central", "favours_rail")
        verdict = both(f"freight.alone_{_yes_or_no(case)}")
        said.append(both("freight.alone", **_best_values(report, case), verdict=verdict))
    one_way, balanced = _km(heavy.one_way_km), _km(heavy.balanced_km)
    said.append(both("freight.break_even", one_way=one_way, balanced=balanced))
    said.append(both("freight.unknown", n=now.unknown_flows, m=len(now.world.flows),
                     left=len(report.left_out)))  # fmt: skip
    said += _gap_words(report)
    if report.unreached:
        said.append(both("freight.unreached", names=_listed(report, report.unreached)))
    return said


def _verdict_words(report: FreightReport) -> Text:
    """Say whether a yard is justified; of a "no" also on which assumptions it hangs."""
    verdict, hinges = _verdict(report), _hinges(report)
    if verdict == "no" and hinges is not None:
        return both("freight.verdict_no_if", **hinges)
    return both(f"freight.verdict_{verdict}")


def _hinges(report: FreightReport) -> dict[str, object] | None:
    """Tell both sides of the two assumptions a "no" hangs on; None where they are not made."""
    alone, loaded, best = report.alone, report.loaded_alone, report.best
    if alone is None or loaded is None or best is None or _verdict(report) != "no":
        return None
    beside = report.indicators[best].at("central", "favours_rail")
    cases = {
        "empty": alone.at("central", "central"),
        "full": loaded.at("central", "central"),
        "beside": beside,
        "alone": alone.at("central", "favours_rail"),
    }
    values: dict[str, object] = {n: f"{one.thb_saved / 1e6:,.1f}" for n, one in cases.items()}
    for n in ("full", "alone"):
        values[f"{n}_fixed"] = f"{cases[n].fixed_thb / 1e6:,.1f}"
        values[f"{n}_verdict"] = both(f"freight.hinge_{_yes_or_no(cases[n])}")
    return {**values, "name": report.name_of(best)}


def _like_the_best(report: FreightReport) -> list[str]:
    """List the other places that save nearly as much as the best where prices favour rail."""
    found = report.indicators
    saved = {id: one.at("central", "favours_rail").thb_saved for id, one in found.items()}
    least = _NEARLY * max(saved.values())
    return [id for id, thb in saved.items() if id != report.best and thb >= least]


def _gap_words(report: FreightReport) -> Iterator[Text]:
    """Name the yards whose figures rest on drives for which the layer must lack a road."""
    of_yard = {id: len(report.gap_senders(id)) for id in report.indicators}
    gaps = {id: count for id, count in of_yard.items() if count}
    if gaps:
        total = len(report.senders)
        yards = [both("freight.gap_yard", name=_called(report, id), n=count, m=total)
                 for id, count in gaps.items()]  # fmt: skip
        yield both("freight.gaps", yards=joined(yards))


def _listed(report: FreightReport, ids: Sequence[str]) -> Text:
    return joined([_called(report, id) for id in ids])


def _called(report: FreightReport, id: str) -> Text:
    """Name a place, by its id where it has no name."""
    return {language: name or id for language, name in report.name_of(id).items()}


def headline(report: FreightReport) -> list[Text]:
    """Say in few words whether freight justifies a yard."""
    return [both(f"freight.headline_{_verdict(report)}")] if report.indicators else []


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


def _verdict(report: FreightReport) -> str:
    verdicts = {one.justified for one in report.indicators.values()}
    if verdicts == {"no"}:
        return "no"
    return "yes" if "yes" in verdicts else "unknown"


def _yes_or_no(case: YardCase) -> str:
    return "yes" if case.justified else "no"


def _best_values(report: FreightReport, case: YardCase) -> dict[str, object]:
    assert report.best is not None
    return {
        "name": report.name_of(report.best),
        "teu": f"{case.teu:,.0f}",
        "saved": f"{case.thb_saved / 1e6:,.1f}",
        "fixed": f"{case.fixed_thb / 1e6:,.1f}",
        "needed": f"{case.teu_to_justify:,.0f}"
        if math.isfinite(case.teu_to_justify)
        else both("freight.never"),
    }


def _km(value: float) -> object:
    return f"{value:,.0f}" if math.isfinite(value) else both("freight.never")


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
