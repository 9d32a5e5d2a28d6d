"""The slides of a run: the committee's brief, thought by thought, with every map of a use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from maemoh_gis.core.messages import Text, both, joined
from maemoh_gis.office.slides import Deck, Slide
from maemoh_gis.office.word import Image
from maemoh_gis.pages.report_content import Facts, Items, Paragraph, ReportContent, Section, Table

_BEFORE = [both("brief.proposal"), both("brief.conclusion")]
_BEHIND = [
    both("brief.changes"),
    both("report.section.gates"),
    both("brief.choices"),
    both("brief.people"),
    both("brief.limits"),
    both("brief.orders"),
]
"""Sections of the brief that are slides, before the maps and behind them."""


def deck_of(content: ReportContent, maps: Sequence[tuple[Text, Image]]) -> Deck:
    """Make slides of a brief and of maps of its uses."""
    notice = joined(content.notices, " ")
    slides = [
        Slide(content.title, Items([content.subtitle, *content.notices]), lead=True),
        *_of(content, _BEFORE),
        *(Slide(title, image) for title, image in maps),
        *_of(content, _BEHIND),
    ]
    return Deck(content.title, notice, slides)


def _of(content: ReportContent, wanted: Sequence[Text]) -> Iterator[Slide]:
    """Make a slide of each block of words in the sections asked for."""
    by_title = {section.title["en"]: section for section in content.sections}
    for title in wanted:
        section = by_title.get(title["en"])
        if section is not None:
            yield from _slides(section)


def _slides(section: Section) -> Iterator[Slide]:
    """Make slides of a section; each answer is a thought of its own, under its question."""
    n, of = 0, sum(isinstance(block, Paragraph | Items | Table) for block in section.blocks)
    for block in section.blocks:
        if isinstance(block, Facts):
            for asked, told in block.pairs:
                yield Slide(asked, Paragraph(told))
        elif isinstance(block, Paragraph | Items | Table):
            n += 1
            numbered = both("office.slide_of", title=section.title, n=n, of=of)
            yield Slide(numbered if of > 1 else section.title, block)
