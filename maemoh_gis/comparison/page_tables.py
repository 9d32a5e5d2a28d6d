"""The tables beside the maps of a comparison, in words; the full ones stand in the CSV files."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from maemoh_gis.comparison.choice_tables import choices
from maemoh_gis.comparison.figures import readings
from maemoh_gis.comparison.model import Comparison
from maemoh_gis.comparison.opening import layer_title
from maemoh_gis.comparison.robustness import PLACE, Standing, standings
from maemoh_gis.comparison.runs import Difference
from maemoh_gis.comparison.zones import People
from maemoh_gis.core import units
from maemoh_gis.core.messages import LANGUAGES, Text, both, joined, same, text
from maemoh_gis.pages.comparison_content import PageRow, PageTable
from maemoh_gis.scenario.causes import key_title
from maemoh_gis.scenario.value_words import value_words


def page_tables(found: Comparison) -> list[PageTable]:
    """Put the tables of a comparison into words."""
    return [
        _table("land", ("run", "allowed", "conditional", "good", "surely"), _land(found)),
        _table("agreement", ("measure", "value", "of"), _agreement(found)),
        _table("consensus", ("group", "runs", "good_in_all", "possibly"), _consensus(found)),
        _table("pieces", ("piece", "run", "payoff", "rank", "regret", "greatest"), _pieces(found),
               folded=True),
        *_asked_otherwise(found),
        _table("zones", ("zone", "run", "good_change", "site", "farm", "people"), _zones(found),
               folded=True),
        _table("indicators", ("indicator", "run", "value", "threshold", "alert"),
               _indicators(found), folded=True),
        _table("differences", ("run", "key", "first", "second"), _differences(found), folded=True),
    ]  # fmt: skip


def _table(
    id: str, columns: Sequence[str], rows: Iterable[PageRow], *, folded: bool = False
) -> PageTable:
    return PageTable(
        id,
        both(f"compare.table.{id}"),
        [both(f"compare.column.{column}") for column in columns],
        list(rows),
        both(f"compare.about.{id}"),
        folded,
    )


def _land(found: Comparison) -> Iterator[PageRow]:
    for use, one in enumerate(found.uses.values()):
        for number in one.land.runs:
            land = one.land.areas[number]
            cells = (land.allowed, land.conditional, land.good, land.good_surely)
            areas = [_area(found, count) for count in cells]
            yield PageRow([found.names[number], *areas], use)


def _agreement(found: Comparison) -> Iterator[PageRow]:
    taus = list(choices(found))
    for use, (id, one) in enumerate(found.uses.items()):
        for pair in one.land.overlaps:
            for what, overlap in (
                ("good_overlap", one.land.overlaps[pair]),
                ("site_overlap", one.site_overlaps[pair]),
            ):
                cells = [both(f"compare.indicator.{what}"), _number(overlap.jaccard),
                         _area(found, overlap.both)]  # fmt: skip
                yield PageRow(cells, use, pair)
            for choice in taus:
                if choice.use == id and set(pair) <= set(choice.runs):
                    tau = choice.tau(*(choice.runs.index(number) for number in pair))
                    name = both(f"compare.tau.{choice.kind}")
                    yield PageRow([name, _number(tau.tau), same(str(tau.pieces))], use, pair)


def _consensus(found: Comparison) -> Iterator[PageRow]:
    for use, one in enumerate(found.uses.values()):
        for group, agreed in one.land.consensus.items():
            name = both("compare.all_runs") if group == "all" else found.group_title(group)
            cells = [name, same(str(len(agreed.by_runs) - 1)), _area(found, agreed.good_in_all),
                     _area(found, agreed.possible)]  # fmt: skip
            yield PageRow(cells, use)


def _pieces(found: Comparison) -> Iterator[PageRow]:
    order = list(found.uses)
    for choice in choices(found):
        for k, piece in enumerate(choice.pieces):
            best = "● " if k in choice.regret.chosen else ""
            for place, number in enumerate(choice.runs):
                rank = int(choice.ranks[k, place])
                cells = [
                    {code: best + piece.named.name[code] for code in LANGUAGES},
                    found.names[number],
                    _number(choice.payoffs[k, place]),
                    same(str(rank) if rank else "–"),
                    _number(choice.regret.regret[k, place]),
                    _number(choice.regret.greatest[k]),
                ]
                yield PageRow(cells, order.index(choice.use), (number,))


def _asked_otherwise(found: Comparison) -> Iterator[PageTable]:
    """Give the table of what stays first, where runs put one question in several ways."""
    rows = _robustness(found)
    if rows:
        columns = ("piece", "kind", "asked", "first_in", "ranks", "first_runs")
        yield _table("robustness", columns, rows)


def _robustness(found: Comparison) -> list[PageRow]:
    """List what comes first in any run of a question; the others are in the CSV file."""
    order = list(found.uses)
    rows = []
    for one in standings(found):
        if one.first_in:
            ranks = dict.fromkeys((min(one.ranked.values()), max(one.ranked.values())))
            counted = {"n": len(one.first_in), "of": len(one.ranked)}
            cells = [
                one.name,
                both("report.kind.place" if one.kind == PLACE else f"compare.kind.{one.kind}"),
                _asked(found, one),
                both("report.in_of", **counted),
                same("–".join(map(str, ranks))),
                joined([found.names[number] for number in one.first_in], ", "),
            ]
            rows.append(PageRow(cells, order.index(one.use) if one.use else None))
    return rows


def _zones(found: Comparison) -> Iterator[PageRow]:
    """List zones where good land changes or a site stands; the others are in the CSV file."""
    for level, zones in found.zones.zones.items():
        for place, zone in enumerate(zones):
            people = found.zones.people.get(zone.code, People(None))
            counted = "–" if people.count is None else f"{people.count:,} ({people.year_be})"
            name = {code: text(f"compare.zone.{level}", code, name=zone.name[code])
                    for code in LANGUAGES}  # fmt: skip
            for use, (id, one) in enumerate(found.uses.items()):
                areas = one.land.zone_areas
                before = areas[one.land.runs[0]][level][place].good
                for number in one.land.runs:
                    taking = found.takings[number][id][level][place + 1]
                    change = areas[number][level][place].good - before
                    if change or taking.site:
                        farm = math.nan if taking.unknown else float(taking.farm)
                        cells = [name, found.names[number], _signed(found, change),
                                 _area(found, taking.site), _area(found, farm),
                                 same(counted)]  # fmt: skip
                        yield PageRow(cells, use, (number,))


def _indicators(found: Comparison) -> Iterator[PageRow]:
    order = list(found.uses)
    labels = [run.label for run in found.runs]
    for run, use, reading in readings(found):
        one = reading.indicator
        digits = 3 if one.unit in {"share", "tau"} else 1 if one.unit == "percent" else 0
        unit = " %" if one.unit == "percent" else ""
        sign = {"above": "> ", "below": "< ", "beyond": "± "}[one.side]
        alert = {True: "compare.alert.yes", False: "compare.alert.no",
                 None: "compare.alert.unknown"}[reading.alert]  # fmt: skip
        cells = [
            both(f"compare.indicator.{one.id}"),
            found.names[labels.index(run)],
            same(units.number(reading.value, digits) + unit),
            same(f"{sign}{one.threshold:g}{unit}"),
            both(alert),
        ]
        yield PageRow(cells, order.index(use), (labels.index(run),))


def _differences(found: Comparison) -> Iterator[PageRow]:
    labels = [run.label for run in found.runs]
    for one in found.differences:
        number = labels.index(one.run)
        cells = [
            found.names[number],
            _what(found, one, number),
            _shown(one.first),
            _shown(one.second),
        ]
        yield PageRow(cells, None, (number,))


def _what(found: Comparison, one: Difference, number: int) -> Text:
    """Name what differs by its title; software has none."""
    if one.kind == "layer":
        return layer_title(found, one.key)
    if one.kind != "fact":
        return same(one.key)
    return key_title(one.key, *(found.runs[k].record["resolved"] for k in (0, number)))


def _asked(found: Comparison, one: Standing) -> Text:
    """Name a question by its scenario, and what was varied by its titles."""
    first = found.runs[one.runs[0]].record
    facts = [found.runs[number].record["resolved"] for number in one.runs[:2]]
    varied = joined([key_title(key, *facts) for key in one.varied], ", ")
    return joined([first["title"], varied], ": ")


def _shown(value: object) -> Text:
    """Write a fact of a scenario; a block goes by its title."""
    return {code: value_words(value, code) for code in LANGUAGES}


def _area(found: Comparison, cells: float) -> Text:
    if math.isnan(cells):
        return same("–")
    area_m2 = cells * found.grid.cell_area_m2
    return {code: units.area(area_m2, code) for code in LANGUAGES}


def _signed(found: Comparison, cells: int) -> Text:
    sign = "+" if cells > 0 else ""
    return {code: sign + words for code, words in _area(found, cells).items()}


def _number(value: float) -> Text:
    return same(units.number(value, 3))
