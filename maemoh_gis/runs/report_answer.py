"""The first page of a report: what the run answers."""

from __future__ import annotations

from maemoh_gis.core.messages import both, joined
from maemoh_gis.decision.report import answer as decision
from maemoh_gis.decision.report import answered, led_to, tells_money
from maemoh_gis.pages.report_content import Block, Items, Paragraph, Section
from maemoh_gis.presentation.run_files import RunFiles, land, rows_of
from maemoh_gis.sites.words import sites_told
from maemoh_gis.suitability.report import checked_words


def answer(run: RunFiles) -> Section:
    """Say in a few sentences what the run found."""
    record = run.record
    places = {f"where.{use}" for use in run.uses}
    head: list[Block] = [
        *(Paragraph(one, "lead") for one in led_to(record)),
        *answered(record, without=places),
    ]
    items = [checked_words(run)]
    for use, definition in run.uses.items():
        sites = list(rows_of(run.features("sites.gpkg", f"sites_{use}")))
        if not sites:
            items.append(both("report.answer_none", use=definition["title"]))
            continue
        together = both("report.answer_sites", area=land(sum(site["area_rai"] for site in sites)))
        items.append(joined([sites_told(definition["title"], sites), together], " "))
    if record.get("choice"):
        items += record["choice"]["verdict"][:1]
    if tells_money(record) or not record.get("answers"):
        items += decision(record)
    return Section("answer", both("report.section.answer"), [*head, Items(items)])
