"""The sheets of the Eco Industrial Town and of the Smart City: aspects, and what can be told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from maemoh_gis.core.messages import Text, both, joined, same
from maemoh_gis.core.units import number
from maemoh_gis.exposure.words import people_near
from maemoh_gis.pages.report_content import Block, Column, Paragraph, Section, table_of
from maemoh_gis.presentation.run_files import (
    NOT_KNOWN,
    RunFiles,
    column,
    figure,
    land,
    of_row,
    range_of,
    rows_of,
    span,
    trust,
)

if TYPE_CHECKING:
    Told = tuple[Text, Text]
    """What can be told, and its confidence."""

ECO_TOWN, SMART_CITY = "eco_town_aspects", "smart_city_aspects"
STATISTICS = "province_statistics"


def town_sheet(run: RunFiles, layer: str) -> Sequence[Section]:
    """
    Write the sheet of a town programme: one table a dimension.

    One for all dimensions; empty where the catalog has no such table.
    """
    aspects = run.layer_table(layer)
    if not aspects:
        return []
    told = {row["number"]: _figure(run, row["figure"]) for row in aspects}
    known = sum(value is not None for value in told.values())
    nothing: Told = (both("report.not_computable"), NOT_KNOWN)
    blocks: list[Block] = [
        Paragraph(both("report.aspects_told", n=known, m=len(aspects)), "lead"),
        Paragraph(run.catalog[layer].caution.both(), "caution"),
    ]
    columns: list[Column[Mapping[str, str]]] = [
        column("number", lambda row: same(row["number"])),
        column("aspect", lambda row: of_row(row, "title")),
        column("told", lambda row: (told[row["number"]] or nothing)[0], "wide"),
        column("confidence", lambda row: (told[row["number"]] or nothing)[1]),
    ]
    sections = [Section(layer, run.catalog[layer].title.both(), blocks)]
    for dimension in dict.fromkeys(row["dimension"] for row in aspects):
        of = [row for row in aspects if row["dimension"] == dimension]
        title = of_row(of[0], "dimension")
        sections.append(Section(f"{layer}-{dimension}", title, [table_of(columns, of)]))
    return sections


def _figure(run: RunFiles, wanted: str) -> Told | None:
    """Work out what an aspect asks for; None where nothing is known."""
    kind, _, rest = wanted.partition(" ")
    if kind == "statistic":
        return _statistic(run, *rest.split())
    return _OF_RUN[rest](run) if kind == "run" else None


def _statistic(run: RunFiles, topic: str, item: str, year: str) -> Told | None:
    """Take a figure of the province, with its year."""
    for row in run.layer_table(STATISTICS):
        if (row["topic"], row["item"], row["year_be"]) == (topic, item, year) and row["value"]:
            unit = both(f"report.unit.{_slug(row['unit'])}")
            words = both("report.told.statistic", name=of_row(row, "name"), year=year,
                        value=figure(row["value"]), unit=unit)  # fmt: skip
            return words, trust(row["confidence"])
    return None


def _slug(unit: str) -> str:
    return unit.replace(" ", "_")


def _sites(run: RunFiles) -> Told | None:
    found = [
        both("report.told.sites", use=definition["title"], n=len(sites),
            area=land(sum(site["area_rai"] for site in sites)))
        for use, definition in run.uses.items()
        for sites in [list(rows_of(run.features("sites.gpkg", f"sites_{use}")))]
    ]  # fmt: skip
    return (joined(found), trust("L")) if found else None


def _removed(run: RunFiles) -> Told | None:
    found = [
        both("report.told.removed", use=run.uses[row["use"]]["title"], area=land(row["at_all_rai"]))
        for row in run.table("removed.csv")
        if row["limit"] == "all" and row["outcome"] == "removed"
    ]
    return (joined(found), trust("L")) if found else None


def _laws(run: RunFiles) -> Told | None:
    legal = run.record["legal_limits"]
    id = "caveat.checked" if legal["checked"] else "caveat.none_checked"
    return both(id, n=len(legal["checked"]), m=legal["of"]), trust("H")


def _freight(run: RunFiles) -> Told | None:
    found = run.record.get("freight")
    return (found["findings"][0], trust(found["confidence"])) if found else None


def _coal(run: RunFiles) -> Told | None:
    found = run.record.get("timeline")
    if not found:
        return None
    words = both("report.told.coal", year=found["year"], mw=number(found["mw"]),
                unsure=number(found["mw_not_certain"]))  # fmt: skip
    return words, trust(found["confidence"])


def _amounts(*names: str) -> Callable[[RunFiles], Told | None]:
    """Give a function that tells amounts of the path after coal."""

    def told(run: RunFiles) -> Told | None:
        found = run.record.get("timeline")
        amounts = {name: found["amounts"].get(name) for name in names} if found else {}
        known = {name: amount for name, amount in amounts.items() if amount}
        if not known:
            return None
        words = joined(
            [both("report.told.amount", name=both(f"timeline.{name}"),
                 value=range_of(a["low"], a["central"], a["high"], 2),
                 unit=both("timeline.unit.mt")) for name, a in known.items()]
        )  # fmt: skip
        return words, trust(next(iter(known.values()))["confidence"])

    return told


def _first(run: RunFiles) -> Mapping[str, str]:
    rows = [row for row in run.table("exposure.csv") if row["kind"] == "first_of_each_use"]
    return rows[0] if rows else {}


def _balances(*names: str) -> Callable[[RunFiles], Told | None]:
    """Give a function that tells what the sites that head the lists need and bring together."""

    def told(run: RunFiles) -> Told | None:
        row = _first(run)
        known = [name for name in names if row.get(f"{name}_central")]
        if not known:
            return None
        words = joined(
            [both("report.told.amount", name=both(f"report.balance.{name}"),
                 value=span(row, name, 0 if name.startswith("jobs") else 2),
                 unit=both("report.unit.jobs" if name.startswith("jobs")
                          else "report.unit.million_m3")) for name in known]
        )  # fmt: skip
        return words, trust(row[f"{known[-1]}_confidence"])

    return told


def _people(run: RunFiles) -> Told | None:
    row = _first(run)
    if not row.get("people_5000_m_central"):
        return None
    return both("report.told.people", people=people_near(row, "5000")), trust("L")


def _farm(run: RunFiles) -> Told | None:
    row = _first(run)
    if not row.get("farm_rai"):
        return None
    return both("report.told.farm", area=land(row["farm_rai"])), trust(row["farm_confidence"])


def _questions(run: RunFiles) -> Told | None:
    """Tell how near the sites that head the lists come to what open legal questions turn on."""
    told = []
    for id, question in run.record.get("questions", {}).items():
        rows = [row for row in run.table("questions.csv")
                if (row["question"], row["kind"], row["number"]) == (id, "site", "1")]  # fmt: skip
        if rows:
            row = min(rows, key=lambda one: float(one["distance_m"]))
            told.append(
                both("report.told.question", title=question["title"], band=of_row(row, "band"),
                    km=number(float(row["distance_m"]) / 1000, 1), ask=question["ask"])
            )  # fmt: skip
    return (joined(told), trust("M")) if told else None


def _households(run: RunFiles) -> Told | None:
    told = [
        both("report.told.households", title=question["title"], n=figure(people["households"]),
            villages=people["villages"], moved=people["moved"])
        for question in run.record.get("questions", {}).values()
        if (people := question["people"])["households"] is not None
    ]  # fmt: skip
    return (joined(told), trust("H")) if told else None


def _air(run: RunFiles) -> Told | None:
    row = _first(run)
    if not row.get("air_station_m"):
        return None
    km = number(float(row["air_station_m"]) / 1000, 1)
    return both("report.told.air", name=of_row(row, "air_station"), km=km), trust("M")


_OF_RUN: Mapping[str, Callable[[RunFiles], Told | None]] = {
    "estate_sites": _sites,
    "removed_land": _removed,
    "laws_checked": _laws,
    "freight": _freight,
    "coal_mw": _coal,
    "lignite": _amounts("lignite_mt"),
    "by_products": _amounts("fly_ash_mt", "gypsum_mt"),
    "water_balance": _balances("water_demand_mm3", "water_freed_mm3", "water_balance_mm3"),
    "jobs": _balances("jobs_at_stake", "jobs_gained"),
    "people": _people,
    "farm": _farm,
    "ruling": _questions,
    "resettlement": _households,
    "air_station": _air,
}
