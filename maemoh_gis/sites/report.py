"""Sites on paper: which there are, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maemoh_gis.core.messages import Text, both, joined, same
from maemoh_gis.pages.report_content import (
    Bar,
    Bars,
    Block,
    Column,
    Heading,
    Paragraph,
    Section,
    Table,
    table_of,
)
from maemoh_gis.pages.wording import is_missing
from maemoh_gis.presentation.run_files import (
    RunFiles,
    column,
    figure,
    land,
    rows_of,
    site_name,
    site_place,
)
from maemoh_gis.presentation.words import percent_of
from maemoh_gis.sites.declared_report import acts_of_sites
from maemoh_gis.sites.words import sites_told


def sites(run: RunFiles) -> Section:
    """Tell about every site: where, how large, how good, from what, subject to what."""
    blocks: list[Block] = [Paragraph(both("report.sites_note"))]
    details: list[Block] = []
    if not run.has("sites.gpkg"):
        blocks.append(Paragraph(both("report.missing_part", file="sites.gpkg"), "caution"))
    for use, definition in run.uses.items():
        found = list(rows_of(run.features("sites.gpkg", f"sites_{use}")))
        blocks.append(Heading(definition["title"]))
        if not found:
            blocks.append(Paragraph(both("report.no_sites")))
            continue
        blocks.append(Paragraph(sites_told(definition["title"], found), "lead"))
        blocks.append(_site_table(found))
        blocks.append(
            Paragraph(both("report.subject_to", names=_common(found, "subject_to")), "quiet")
        )
        details += [Heading(definition["title"]), site_bars(run, use, found)]
        details += acts_of_sites(run, use)
    return Section("sites", both("report.section.sites"), blocks, details=details)


def _site_table(found: Sequence[Mapping[str, Any]]) -> Table:
    columns: list[Column[Mapping[str, Any]]] = [
        column("rank", lambda site: figure(site["number"])),
        column("place", site_place),
        column("score_range", score_of, "number"),
        column("scored", lambda site: percent_of(site["scored_share"]), "number"),
        column("class", lambda site: same(site["class"])),
        column("area", lambda site: land(site["area_rai"]), "number"),
        column("conditional", lambda site: land(site["conditional_rai"]), "number"),
        column("topsis", lambda site: figure(site.get("topsis"), 2), "number"),
    ]
    return table_of(columns, found)


def score_of(site: Mapping[str, Any]) -> Text:
    """Write what the facts allow the score of a site to be."""
    return same(f"{site['score_low']:.2f}–{site['score_high']:.2f}")


def _common(found: Sequence[Mapping[str, Any]], stem: str) -> Text:
    """Join the words that stand in a column, each once, in the order they appear."""
    pairs = dict.fromkeys(
        pair
        for site in found
        for pair in zip(
            str(site[f"{stem}_th"]).split("; "), str(site[f"{stem}_en"]).split("; "), strict=False
        )
        if pair != ("", "")
    )
    return joined([{"th": th, "en": en} for th, en in pairs])


def site_bars(run: RunFiles, use: str, found: Sequence[Mapping[str, Any]]) -> Bars:
    """Draw what each criterion gives to the score of a site."""
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
            Bar(site_name(site), parts,
                (float(site["score_low"]), float(site["score_high"])), score_of(site))
        )  # fmt: skip
    legend = [(criteria[id]["title"], colours[id]) for id, drawn in seen.items() if drawn]
    return Bars(bars, legend, 1.0, both("report.bars_alt", use=run.uses[use]["title"]),
                ticks=(0.25, 0.5, 0.75))  # fmt: skip
