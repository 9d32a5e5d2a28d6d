"""What the popups of rectangles for a yard and of compared places tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.core import units
from maemoh_gis.core.messages import LANGUAGES, Language, both, text
from maemoh_gis.exposure.outputs import exposure_told, with_popup_lines
from maemoh_gis.freight.result import freight_of
from maemoh_gis.pages.content import Bar, Column
from maemoh_gis.questions.questions import popup_columns, with_bands
from maemoh_gis.yard_choice.result import contest_of
from maemoh_gis.yard_choice.words import gains

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.engine.results import Results
    from maemoh_gis.freight.result import FreightReport


def yard_popup(
    results: Results, use: str, fits: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, Sequence[Column]]:
    """Say whom and what a rectangle for a yard touches, and what freight says of it."""
    exposure = exposure_told(results)
    rows = [] if exposure is None else [
        row for row in exposure.rows if (row["kind"], row["use"]) == ("yard", use)
    ]  # fmt: skip
    touched: Sequence[Column] = ()
    if len(rows) == len(fits):
        known: dict[str, Any] = {key: [None if row[key] == "" else row[key] for row in rows]
                 for key in (rows[0] if rows else ()) if key not in fits}  # fmt: skip
        fits = fits.assign(**known)
        fits, touched = with_popup_lines(fits, results.resolved.scenario.exposure)
    if not fits.empty:
        fits = with_bands(results, use, fits)
        touched = [*touched, *popup_columns(results.resolved.scenario, use, fits)]
    told, freight = with_freight(results, fits)
    return told, [*freight, *touched]


def with_freight(
    results: Results, places: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, Sequence[Column]]:
    """Say what freight says of the compared place nearest to each of some places."""
    report, contest = freight_of(results), contest_of(results)
    if report is None or contest is None:
        return places, ()
    compared = [one for one in contest.contestants if one.id in report.indicators]
    if not compared or places.empty:
        return places, ()
    at = np.array([place.place for place in compared])
    middles = places.geometry.representative_point()
    nearest = []
    for x, y in zip(middles.x, middles.y, strict=True):
        apart = np.hypot(at[:, 0] - x, at[:, 1] - y)
        k = int(apart.argmin())
        nearest.append((compared[k], float(apart[k]) / 1000.0))

    def sentences(language: Language) -> list[str]:
        return [
            text("popup.freight_near", language, name=place.title[language], km=f"{km:.1f}",
                 freight=freight_words(report, place.id, language))
            for place, km in nearest
        ]  # fmt: skip

    told = places.assign(**in_words("freight_words", sentences))
    return told, [Column("freight_words", both("popup.title.freight_near"))]


def freight_words(report: FreightReport, id: str, language: Language) -> str:
    """
    Write what a yard at a place would bring, with the range over all cases.

    Returns
    -------
    str
        TEU and baht a year at the central case with the least and the greatest of all cases of
        price and demand, and whether a yard is justified; or why freight says nothing of it.
    """
    found = report.indicators.get(id)
    if id in report.unreached:
        return text("popup.no_road", language)
    if found is None:
        return text("popup.no_train", language)
    central = found.at("central", "central")
    teu = [case.teu for case in found.cases]
    saved = [case.thb_saved / 1e6 for case in found.cases]
    said = text(
        "popup.freight", language,
        teu=units.number(central.teu, 0), least_teu=units.number(min(teu), 0),
        most_teu=units.number(max(teu), 0), saved=units.number(central.thb_saved / 1e6, 1),
        least_saved=units.number(min(saved), 1), most_saved=units.number(max(saved), 1),
        verdict=text(f"popup.justified_{found.justified}", language),
    )  # fmt: skip
    gaps = len(report.gap_senders(id))
    if not gaps:
        return said
    return text("popup.freight_gaps", language, freight=said, n=gaps, m=len(report.senders))


def place_bars(results: Results, places: Sequence[int]) -> list[list[Bar]]:
    """Draw what each indicator gives each compared place of what it could."""
    asked, contest = results.resolved.scenario.choice, contest_of(results)
    assert asked is not None
    assert contest is not None
    return [
        [Bar(title, gained, possible) for title, gained, possible in gains(contest, k, asked)]
        for k in places
    ]


def in_words(stem: str, write: Callable[[Language], Sequence[str]]) -> dict[str, Any]:
    """Make a column of words in each language."""
    return {f"{stem}_{language}": list(write(language)) for language in LANGUAGES}
