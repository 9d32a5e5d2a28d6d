"""The middle of a report: sites and why, yards, the choice of a place, freight."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from maemoh_gis.language import LANGUAGES
from maemoh_gis.maps.report_content import (
    Bar,
    Bars,
    Block,
    Heading,
    Items,
    Paragraph,
    Section,
    Table,
)
from maemoh_gis.maps.wording import is_missing, same
from maemoh_gis.workflow.report_source import (
    NOT_KNOWN,
    RunFiles,
    figure,
    joined,
    land,
    of_row,
    range_of,
    rows_of,
    say,
    trust,
)
from maemoh_gis.workflow.site_words import sites_told
from maemoh_gis.workflow.yard_outputs import yards_found

if TYPE_CHECKING:
    from maemoh_gis.maps.content import Text

CASES = ("low", "central", "high", "favours_rail", "favours_road")
_MILLION = 1e6


def sites(run: RunFiles) -> Section:
    """Tell about every site: where, how large, how good, from what, subject to what."""
    blocks: list[Block] = [Paragraph(say("report.sites_note"))]
    if not run.has("sites.gpkg"):
        blocks.append(Paragraph(say("report.missing_part", file="sites.gpkg"), "caution"))
    for use, definition in run.uses.items():
        found = list(rows_of(run.features("sites.gpkg", f"sites_{use}")))
        blocks.append(Heading(definition["title"]))
        if not found:
            blocks.append(Paragraph(say("report.no_sites")))
            continue
        blocks.append(Paragraph(sites_told(definition["title"], found).both(), "lead"))
        blocks += [_site_table(found), site_bars(run, use, found)]
        blocks.append(Paragraph(
            say("report.subject_to", names=_common(found, "subject_to")), "quiet"))  # fmt: skip
    return Section("sites", say("report.section.sites"), blocks)


def _site_table(found: Sequence[Mapping[str, Any]]) -> Table:
    columns = (
        "rank",
        "place",
        "score_range",
        "scored",
        "class",
        "area",
        "conditional",
        "type",
        "topsis",
    )
    rows = [
        (figure(site["number"]), same(f"{site['lat']:.5f}, {site['lon']:.5f}"),
         score_of(site), percent_of(site["scored_share"]), same(site["class"]),
         land(site["area_rai"]), land(site["conditional_rai"]), figure(site.get("type")),
         figure(site.get("topsis"), 2))
        for site in found
    ]  # fmt: skip
    return Table([say(f"report.column.{c}") for c in columns], rows,
                 numbers=frozenset({2, 3, 5, 6, 7, 8}))  # fmt: skip


def score_of(site: Mapping[str, Any]) -> Text:
    """Write what the facts allow the score of a site to be."""
    return same(f"{site['score_low']:.2f}–{site['score_high']:.2f}")


def percent_of(share: Any) -> Text:
    """Write a share that may be missing as a percentage."""
    if is_missing(share) or share == "":
        return NOT_KNOWN
    return say("report.percent", value=f"{100 * float(share):.0f}")


def _common(found: Sequence[Mapping[str, Any]], stem: str) -> Text:
    """Join the words that stand in a column, each once, in the order they appear."""
    pairs = dict.fromkeys(
        pair
        for site in found
        for pair in zip(str(site[f"{stem}_th"]).split("; "), str(site[f"{stem}_en"]).split("; "),
                        strict=False)
        if pair != ("", "")
    )  # fmt: skip
    return joined([{"th": th, "en": en} for th, en in pairs])


def site_bars(run: RunFiles, use: str, found: Sequence[Mapping[str, Any]]) -> Bars:
    """
    Draw what each criterion gives to the score of a site.

    Parameters
    ----------
    run : RunFiles
        The run.
    use : str
        Id of the use.
    found : sequence of mapping
        Sites with the mean score of each criterion.

    Returns
    -------
    Bars
        Parts are weight times score over the whole weight; the thin line is what the facts allow.
        Criteria without a score have no part.
    """
    criteria = run.uses[use]["criteria"]
    weights = run.record["weights"][use]["weights"]
    colours = {id: k for k, id in enumerate(criteria)}
    bars, seen = [], dict.fromkeys(colours, False)
    for site in found:
        parts = []
        for id in criteria:
            mean = site.get(f"{id}_mean")
            if is_missing(mean) or mean is None:
                continue
            seen[id] = True
            parts.append((weights.get(id, 0.0) * float(mean), colours[id]))
        bars.append(
            Bar(say("report.site_n", n=site["number"]), parts,
                (float(site["score_low"]), float(site["score_high"])), score_of(site))
        )  # fmt: skip
    legend = [(criteria[id]["title"], colours[id]) for id, drawn in seen.items() if drawn]
    return Bars(bars, legend, 1.0, say("report.bars_alt", use=run.uses[use]["title"]),
                ticks=(0.25, 0.5, 0.75))  # fmt: skip


def yards(run: RunFiles) -> Section | None:
    """Tell which rectangles fit beside the line, and how the places for the yard compare."""
    if not run.record.get("yards"):
        return None
    blocks: list[Block] = []
    for use, counts in run.record["yards"].items():
        fits = list(rows_of(run.features("yards.gpkg", f"yards_{use}")))
        blocks += [
            Heading(run.uses[use]["title"]),
            Paragraph(yards_found(counts)),
            Paragraph(say("report.yards_not_proven"), "caution"),
        ]
        if fits:
            blocks += [Heading(say("report.yards_rectangles")), _yard_table(fits)]
        blocks += _yard_stations(run, use)
        blocks += _yard_tests(run, use)
    blocks += _choice(run)
    return Section("yards", say("report.section.yards"), blocks)


def _yard_table(fits: Sequence[Mapping[str, Any]]) -> Table:
    columns = ("number", "near_station", "settled", "area", "siding", "grade", "longest_siding",
               "mean_score", "free")  # fmt: skip
    yes_no = {True: say("map.yes"), False: say("map.no")}
    rows = [
        (figure(fit["rank"]), of_row(fit, "station"), of_row(fit, "outcome"),
         land(fit["area_rai"]),
         figure(fit["siding_m"]),
         same(_with_error(fit["grade_permille"], fit["grade_error_permille"])),
         same(f"{fit['longest_siding_m']:,.0f}: " + _with_error(
             fit["longest_siding_grade_permille"], fit["longest_siding_grade_error_permille"])),
         figure(fit["score_mean"], 2), yes_no[bool(fit["expansion_free"])])
        for fit in fits
    ]  # fmt: skip
    return Table([say(f"report.column.{c}") for c in columns], rows,
                 numbers=frozenset({3, 4, 5, 6, 7}))  # fmt: skip


def _with_error(reading: float | str, error: float | str) -> str:
    """Write a grade with its error; a dash where it is not known."""
    known = [f"{float(value):.1f}" if _is_number(value) else "–" for value in (reading, error)]
    return "–" if known[0] == "–" else f"{known[0]} (±{known[1]})"


def _is_number(value: float | str) -> bool:
    return value not in {"", None} and not math.isnan(float(value))


def _yard_stations(run: RunFiles, use: str) -> Iterator[Block]:
    """Tell of each station of the line what fits near it, cannot be told, or certainly fails."""
    stations = [row for row in run.table("yards_stations.csv") if row["use"] == use]
    if not stations:
        return
    nowhere = [row for row in stations if row["fails"] == row["places"]]
    columns = ("station", "holds", "cannot_be_told", "stretches", "grade", "best_score",
               "certainly_fails", "fails_by")  # fmt: skip
    rows = [
        (of_row(row, "station"), figure(row["holds"]),
         figure(row["cannot_be_told"]), figure(row["stretches"]),
         same(_with_error(row["grade_permille"], row["grade_error_permille"])),
         figure(row["score_best"], 2) if row["score_best"] else same("–"),
         figure(row["fails"]), of_row(row, "reason"))
        for row in stations
        if row not in nowhere
    ]  # fmt: skip
    yield Heading(say("report.yards_stations"))
    yield Table([say(f"report.column.{c}") for c in columns], rows,
                numbers=frozenset(range(1, 7)))  # fmt: skip
    yield Paragraph(say("report.yards_stations_note"), "quiet")
    if nowhere:
        names = {x: ", ".join(row[f"station_{x}"] for row in nowhere) for x in LANGUAGES}
        yield Paragraph(say("report.yards_nowhere", stations=names), "quiet")
    at = [row for row in run.table("yards_open.csv") if row["use"] == use and row["at_station_en"]]
    if at:
        names = {x: ", ".join(dict.fromkeys(row[f"at_station_{x}"] for row in at))
                 for x in LANGUAGES}  # fmt: skip
        yield Paragraph(say("report.yards_stations_asked", stations=names), "quiet")


def _yard_tests(run: RunFiles, use: str) -> Iterator[Block]:
    """Tell what each test settles, and what it leaves open."""
    tests = [row for row in run.table("yards_turned_down.csv") if row["use"] == use]
    if not tests:
        return
    columns = ("turned_down", "certainly_fails", "places_alone", "cannot_be_told", "read_beyond")
    counts = ("at_all", "alone", "cannot_be_told", "read_beyond")
    rows = [[of_row(row, "title"), *(figure(row[c]) for c in counts)] for row in tests]
    yield Heading(say("report.yards_tests"))
    yield Table([say(f"report.column.{c}") for c in columns], rows,
                numbers=frozenset(range(1, 5)))  # fmt: skip
    yield Paragraph(say("report.yards_tests_note"), "quiet")


def _choice(run: RunFiles) -> Iterator[Block]:
    choice = run.record.get("choice")
    if not choice:
        return
    yield Heading(say("report.choice"))
    yield Items(choice["verdict"])
    rows = run.table("yard_choice.csv")
    if not rows:
        return
    indicators = run.scenario["choice"]["indicators"]
    columns = [say(f"report.column.{c}") for c in ("name", "score_range", "class")]
    columns += [found["title"] for found in indicators.values()]
    table = [
        [of_row(row, "name"), _range_of(row), same(row["class"] or "–"),
         *(_indicator(row, name) for name in indicators)]
        for row in rows
    ]  # fmt: skip
    yield Table(columns, table, numbers=frozenset({1, *range(3, len(columns))}))
    yield Paragraph(
        joined([say("report.named_trust", title=found["title"], trust=trust(found["confidence"]))
                for found in indicators.values()]), "quiet")  # fmt: skip


def _range_of(row: Mapping[str, str]) -> Text:
    ends = (row["score_least"], row["score_greatest"])
    if not all(ends):
        return NOT_KNOWN
    # Halves go up, as in the sentences above the table: 0.075 is 0.08 in both.
    return same(
        "–".join(f"{Decimal(end).quantize(Decimal('0.01'), ROUND_HALF_UP)}" for end in ends)
    )


def _indicator(row: Mapping[str, str], name: str) -> Text:
    ends = [row[f"{name}_low"], row[name], row[f"{name}_high"]]
    scale, decimals = (_MILLION, 1) if name == "saved_thb" else (1.0, 2 if "score" in name else 0)
    if row[name] == "" and row[f"{name}_high"] == "":
        return NOT_KNOWN
    low, central, high = (float(end) / scale if end else None for end in ends)
    words = range_of(low, central, high, decimals)
    return say("report.million_thb", value=words) if name == "saved_thb" else words


def freight(run: RunFiles) -> Section | None:
    """Tell what freight a yard would take and save, at every case of prices and demand."""
    found = run.record.get("freight")
    if not found:
        return None
    blocks: list[Block] = [
        Paragraph(say("report.freight_assumed", trust=trust(found["confidence"])), "caution"),
        Items(found["findings"]),
    ]
    rows = run.table("freight_yards.csv")
    if rows:
        blocks += [Heading(say("report.freight_verdicts")), _verdict_table(rows)]
        blocks += [Heading(say("report.freight_central")), *_freight_tables(rows)]
    else:
        blocks.append(Paragraph(say("report.missing_part", file="freight_yards.csv"), "caution"))
    blocks += [Heading(say("report.break_even")), _break_even(found["break_even_km"])]
    blocks.append(Paragraph(say("report.break_even_note"), "quiet"))
    return Section("freight", say("report.section.freight"), blocks)


def _verdict_table(rows: Sequence[Mapping[str, str]]) -> Table:
    """Say for every yard whether it is justified, by case of prices at central demand."""
    yards = dict.fromkeys(row["yard"] for row in rows)
    said = {
        (row["yard"], row["case"]): row for row in rows if row["demand"] == "central"
    }  # fmt: skip
    by_demand = {(row["yard"], row["demand"]): row for row in rows if row["case"] == "central"}
    columns = [say("report.column.name"), say("report.column.demand_low"),
               say("report.column.demand_high"),
               *(say(f"report.case.{case}") for case in CASES)]  # fmt: skip
    table = [
        [of_row(next(row for row in rows if row["yard"] == yard), "yard"),
         *(_justified(by_demand.get((yard, demand))) for demand in ("low", "high")),
         *(_justified(said.get((yard, case))) for case in CASES)]
        for yard in yards
    ]  # fmt: skip
    return Table(columns, table)


def _justified(row: Mapping[str, str] | None) -> Text:
    if row is None or not row["justified"]:
        return NOT_KNOWN
    return say(f"report.justified.{row['justified']}")


def _freight_tables(rows: Sequence[Mapping[str, str]]) -> list[Table]:
    by_yard: dict[str, dict[str, Mapping[str, str]]] = {}
    for row in rows:
        if row["demand"] == "central":
            by_yard.setdefault(row["yard"], {})[row["case"]] = row
    carried, money = [], []
    for cases in by_yard.values():
        central = cases.get("central")
        if central is None:
            continue
        name = of_row(central, "yard")
        ends = [cases.get(case, {}) for case in ("favours_road", "central", "favours_rail")]
        carried.append(
            (name, _over(ends, "teu"), _over(ends, "trains_a_week", 1.0, 1),
             _over(ends, "co2_t_saved"), _over(ends, "truck_km_avoided"))
        )  # fmt: skip
        money.append(
            (name, _over(ends, "thb_saved", _MILLION, 1),
             figure(_scaled(central["fixed_thb"], _MILLION), 1), _over(ends, "teu_to_justify"),
             of_row(central, "reason"))
        )  # fmt: skip
    tables = (("name", "teu", "trains", "co2", "truck_km"), carried), (
        ("name", "saved", "fixed_cost", "teu_to_justify", "reason"), money)  # fmt: skip
    return [
        Table([say(f"report.column.{c}") for c in columns], told, numbers=frozenset({1, 2, 3}))
        for columns, told in tables
    ]


def _over(
    ends: Sequence[Mapping[str, str]], column: str, scale: float = 1.0, decimals: int = 0
) -> Text:
    """Write a figure at central prices with what prices in favour of road and of rail make it."""
    road, central, rail = (figure(_scaled(end.get(column, ""), scale), decimals) for end in ends)
    if road == central == rail:
        return central
    return {x: f"{central[x]} ({road[x]} … {rail[x]})" for x in central}


def _scaled(written: str, scale: float) -> float | None:
    return float(written) / scale if written else None


def _break_even(rows: Sequence[Mapping[str, Any]]) -> Table:
    boxes = dict.fromkeys(row["box_class"] for row in rows)
    found = {(row["box_class"], row["case"]): row for row in rows}
    table = [
        [say(f"report.box.{box}"), *(_break_even_words(found.get((box, case))) for case in CASES)]
        for box in boxes
    ]
    columns = [say("report.column.box"), *(say(f"report.case.{case}") for case in CASES)]
    return Table(columns, table, numbers=frozenset(range(1, len(columns))))


def _break_even_words(row: Mapping[str, Any] | None) -> Text:
    if row is None:
        return NOT_KNOWN
    ways = [row["loaded_way_alone"], row["with_the_empty_by_rail"]]
    written = [figure(km) if km is not None else say("report.never") for km in ways]
    return joined(written, " / ")
