"""What the popup of a site tells on the map, beyond the table of sites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from maemoh_gis.core.messages import LANGUAGES, Language, Text, both, text
from maemoh_gis.exposure.outputs import with_popup_lines
from maemoh_gis.pages.content import Column
from maemoh_gis.questions.questions import popup_columns
from maemoh_gis.sites.result import sites_of
from maemoh_gis.suitability.caveats import CONFIDENCES, UNSCORED, confidence_shares
from maemoh_gis.suitability.known_land import KnownLand
from maemoh_gis.yard_choice.popups import in_words, with_freight

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.engine.results import Results


def site_popup(results: Results, use: str) -> tuple[gpd.GeoDataFrame, Sequence[Column]]:
    """Say what the popup of a site tells beyond the table of sites."""
    scenario = results.resolved.scenario
    sites, touched = with_popup_lines(sites_of(results, use), scenario.exposure)
    if sites.empty:
        return sites, touched
    touched = [*touched, *popup_columns(scenario, use, sites)]
    shares = [f"{100 * share:.0f}" for share in sites["scored_share"]]
    columns = [f"weight_{grade.lower()}" for grade in CONFIDENCES]
    by_grade = [
        dict(zip(CONFIDENCES, row, strict=True)) for row in sites[columns].to_numpy().tolist()
    ]
    trust = [one | {UNSCORED: 1 - sum(one.values())} for one in by_grade]
    told = sites.assign(
        **in_words("rests_on", lambda x: [text("popup.rests_on", x, percent=p) for p in shares]),
        **in_words("trust", lambda x: [_trust(one, x) for one in trust]),
    )
    told_columns = [
        Column("near", both("popup.title.near")),
        Column("rests_on", both("popup.title.rests_on")),
        Column("trust", both("popup.title.trust")),
    ]
    if scenario.uses[use].yard is not None:
        told, freight = with_freight(results, told)
        told_columns += freight
    return told, [*told_columns, *touched]


def trust_of(results: Results, use: str) -> Text:
    """
    Say what share of the weight of a use rests on which confidence, on the land that stays open.

    Returns
    -------
    Text
        The shares in percent, best first, and what is not scored.
    """
    shares = confidence_shares(
        results.resolved.scenario, use, results.gathered_as(KnownLand).scored(use)
    )
    return {language: _trust(shares, language) for language in LANGUAGES}


def _trust(shares: Mapping[str, float], language: Language) -> str:
    """List the shares of the weight by confidence, the best first; what is nothing is left out."""
    named = [
        (text("popup.not_scored" if grade == UNSCORED else f"confidence.{grade}", language), share)
        for grade, share in shares.items()
    ]
    return ", ".join(f"{name} {100 * share:.0f} %" for name, share in named if share >= 0.005)
