"""The choice of a yard on the map page: its places as a layer, its verdict as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from maemoh_gis.core.messages import LANGUAGES, Text, both, joined, text
from maemoh_gis.freight.result import freight_of
from maemoh_gis.freight.words import findings as freight_findings
from maemoh_gis.freight.words import headline as freight_headline
from maemoh_gis.pages.content import Column, ContextLayer, Style
from maemoh_gis.sites.result import site_rows, sites_by_use
from maemoh_gis.sites.words import sites_told
from maemoh_gis.yard_choice.outputs import candidates_table
from maemoh_gis.yard_choice.popups import freight_words, place_bars
from maemoh_gis.yard_choice.result import contest_of, found_sets
from maemoh_gis.yard_choice.set_words import set_words
from maemoh_gis.yard_choice.words import headline, verdict

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results


def findings(results: Results) -> list[Text]:
    """
    Give what was found of the yard and of the sites, a sentence each; empty where nothing was.

    The first one stays in sight above the map, of which a phone must still show half a screen. So
    it says in few words which places nobody beats for certain, whether the facts tell them apart,
    and whether freight justifies a yard at all; the others say it in full, the sites first.
    """
    report = freight_of(results)
    head = [] if report is None else freight_headline(report)
    said = [] if report is None else freight_findings(report)
    asked, contest = results.resolved.scenario.choice, contest_of(results)
    told = [
        sites_told(results.resolved.scenario.uses[use].title.both(), site_rows(results, use))
        for use, sites in sites_by_use(results).items()
        if len(sites)
    ]
    if asked is not None and contest is not None:
        head = [*headline(contest), *head]
        said = [*verdict(contest, asked), *set_words(found_sets(results), contest), *said]
    if not head:
        head, told = told[:1], told[1:]
    return [*([joined(head, " ")] if head else []), *told, *said]


def choice_layers(results: Results) -> list[ContextLayer]:
    """Draw the places that compete for the yard, numbered as in the list."""
    asked, contest = results.resolved.scenario.choice, contest_of(results)
    if asked is None or contest is None or contest.choice is None:
        return []
    frame = candidates_table(results)
    for language in LANGUAGES:
        frame[f"label_{language}"] = [
            text("choice.map_label", language, number=number, name=name)
            for number, name in zip(frame["number"], frame[f"name_{language}"], strict=True)
        ]
        frame[f"class_words_{language}"] = [
            letter or text("choice.not_eligible", language) for letter in frame["class"]
        ]
    order = [int(k) for k in contest.choice.order]
    bars: Any = place_bars(results, order)
    frame["bars"] = bars
    frame["range_low"], frame["range_high"] = frame["score_least"], frame["score_greatest"]
    columns = [
        Column("range", both("choice.column.score"), "score_range"),
        Column("class_words", both("choice.column.class")),
        Column("number", both("choice.column.number"), "number"),
        Column("people_words", asked.indicators["people"].title.both()),
    ]
    if (report := freight_of(results)) is not None:
        for language in LANGUAGES:
            frame[f"freight_words_{language}"] = [
                freight_words(report, contest.contestants[k].id, language) for k in order
            ]
        columns.append(Column("freight_words", both("popup.title.freight")))
    columns.append(Column("open_questions", both("choice.column.open_questions")))
    caution = both("choice.caution")
    return [
        ContextLayer(
            id="yard_choice",
            title=both("choice.layer"),
            frame=frame,
            style=Style("#0b5d3b", "#ffd54a", 0.95, 1.8, radius_px=7),
            confidence="L",
            caution=caution,
            licence="ODbL-1.0",
            source="maemoh_gis",
            label="label",
            group="found",
            columns=columns,
            bars="bars",
            bars_note=both("popup.choice_gains_note"),
        )
    ]
