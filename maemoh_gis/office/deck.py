"""The slides of a run: the committee's brief, thought by thought, with every map of a use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from maemoh_gis.core.messages import Text, both, joined
from maemoh_gis.office.slides import Deck, Slide
from maemoh_gis.office.word import Image
from maemoh_gis.pages.report_content import Items, Paragraph, ReportContent, Section, Table

_ANSWER = both("brief.conclusion")
_BEFORE = [both("brief.proposal"), _ANSWER]
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
    for block in section.blocks:
        if isinstance(block, Items) and section.title == _ANSWER:
            # Each sentence of the answer is a thought of its own.
            of = len(block.items)
            for n, item in enumerate(block.items, start=1):
                title = both("office.slide_of", title=section.title, n=n, of=of)
                yield Slide(title if of > 1 else section.title, Paragraph(item))
        elif isinstance(block, Paragraph | Items | Table):
            yield Slide(section.title, block)
