"""Slides from blocks of a report: one thought a slide, set as large as it fits."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maemoh_gis.core.messages import Text
from maemoh_gis.office.columns import shares_of
from maemoh_gis.office.frame import lines_of
from maemoh_gis.office.packed import AUTHOR, FIXED_DAY, repacked
from maemoh_gis.office.thai import FONT, TAGS, Speech
from maemoh_gis.office.word import Image
from maemoh_gis.pages.report_content import Items, Paragraph, Table

if TYPE_CHECKING:
    from pptx.oxml.xmlchemy import BaseOxmlElement
    from pptx.presentation import Presentation
    from pptx.slide import Slide as Sheet
    from pptx.text.text import TextFrame, _Run

_WIDE_PT, _HIGH_PT = 960.0, 540.0
_MARGIN_PT, _TITLE_PT, _TOP_PT, _FOOT_PT = 42.0, 32.0, 112.0, 30.0
_ROOM_PT = (_WIDE_PT - 2 * _MARGIN_PT, _HIGH_PT - _TOP_PT - _FOOT_PT - 14)
_SIZES_PT = (36.0, 32.0, 28.0, 26.0, 24.0, 22.0, 20.0, 18.0, 16.0)
_FULL_PT = 24.0
"""A list that is longer in this size stands on several slides."""
_TABLE_PT = (22.0, 20.0, 18.0, 16.0, 14.0, 12.0)
_LINE = 1.4
"""Height of a line by the size of its letters."""
_TITLE_ONLY = 5
"""Layout of the template that has a title and nothing else."""
_LEAD_PT = 40.0
_RAISED_PT = 34.0
"""How much higher a picture begins than words: its title has one line."""
_CAUTION, _QUIET, _INK = "9A1B1B", "4A565C", "1F2A2E"


@dataclass(frozen=True)
class Slide:
    """One thought: words, a table or a picture under a title."""

    title: Text
    body: Paragraph | Items | Table | Image
    lead: bool = False
    """True for the first slide, with larger words."""


@dataclass(frozen=True)
class Deck:
    """Slides with what stands at the foot of each."""

    title: Text
    foot: Text
    slides: Sequence[Slide]


def presentation(deck: Deck, say: Speech) -> bytes:
    """Write slides as .pptx."""
    import pptx

    made = pptx.Presentation()
    made.slide_width, made.slide_height = _emu(_WIDE_PT), _emu(_HIGH_PT)
    for number, slide in enumerate(_fitting(deck.slides, say), start=1):
        _Sheet(made, say).write(slide, deck.foot, number)
    _properties(made, deck, say)
    written = io.BytesIO()
    made.save(written)
    return repacked(written.getvalue(), {})


def _fitting(slides: Sequence[Slide], say: Speech) -> Iterator[Slide]:
    """Spread lists that are too long for a slide over several."""
    for slide in slides:
        if isinstance(slide.body, Items):
            for part in _parts(slide.body.items, say):
                yield Slide(slide.title, Items(part), slide.lead)
        else:
            yield slide


def _parts(items: Sequence[Text], say: Speech) -> Iterator[list[Text]]:
    part: list[Text] = []
    for item in items:
        if part and _height([*part, item], say, _FULL_PT) > _ROOM_PT[1]:
            yield part
            part = []
        part.append(item)
    if part:
        yield part


def _height(items: Sequence[Text], say: Speech, size: float) -> float:
    """Say how high words stand that are set in one size, in points."""
    lines = sum(len(lines_of(say(item), _ROOM_PT[0] - 24, size)) for item in items)
    return lines * size * _LINE + len(items) * size * 0.4


class _Sheet:
    """One slide being written."""

    def __init__(self, made: Presentation, say: Speech) -> None:
        self.say = say
        self.sheet: Sheet = made.slides.add_slide(made.slide_layouts[_TITLE_ONLY])

    def write(self, slide: Slide, foot: Text, number: int) -> None:
        """Write title, body and foot."""
        body = slide.body
        self._title(slide.title, _LEAD_PT if slide.lead else _TITLE_PT)
        if isinstance(body, Table):
            self._table(body)
        elif isinstance(body, Image):
            self._image(body)
        else:
            self._words(body, lead=slide.lead)
        self._foot(foot, number)

    def _title(self, title: Text, size: float) -> None:
        shape = self.sheet.shapes.title
        assert shape is not None, "the layout has a title"
        shape.left, shape.top = _emu(_MARGIN_PT), _emu(20)
        shape.width, shape.height = _emu(_ROOM_PT[0]), _emu(_TOP_PT - 30)
        words = self.say(title)
        lines = len(lines_of(words, _ROOM_PT[0], size))
        size = size if lines <= 2 else size * 2 / lines
        self._set(shape.text_frame, [words], size, bold=True)
        shape.text_frame.paragraphs[0].alignment = _left()

    def _words(self, body: Paragraph | Items, *, lead: bool) -> None:
        items = body.items if isinstance(body, Items) else [body.text]
        size = next(
            (x for x in _SIZES_PT if _height(items, self.say, x) <= _ROOM_PT[1]), _SIZES_PT[-1]
        )
        frame = self._box(_TOP_PT, _ROOM_PT[1])
        listed = isinstance(body, Items) and len(items) > 1 and not lead
        words = [("• " if listed else "") + self.say(item) for item in items]
        caution = isinstance(body, Paragraph) and body.tone == "caution"
        self._set(frame, words, size, colour=_CAUTION if caution else _INK)

    def _table(self, table: Table) -> None:
        rows = [[head.title for head in table.heads], *table.rows]
        shares = shares_of([[self.say(words) for words in row] for row in rows])
        widths = [share * _ROOM_PT[0] for share in shares]
        size = next(
            (x for x in _TABLE_PT if _table_height(rows, widths, self.say, x) <= _ROOM_PT[1]),
            _TABLE_PT[-1],
        )
        shape = self.sheet.shapes.add_table(
            len(rows), len(widths), _emu(_MARGIN_PT), _emu(_TOP_PT), _emu(_ROOM_PT[0]), _emu(10)
        )
        for column, width in zip(shape.table.columns, widths, strict=True):
            column.width = _emu(width)
        for at, row in enumerate(rows):
            for place, words in enumerate(row):
                cell = shape.table.cell(at, place)
                colour = "FFFFFF" if at == 0 else _INK
                self._set(cell.text_frame, [self.say(words)], size, bold=at == 0, colour=colour)

    def _image(self, image: Image) -> None:
        wide, high = _ROOM_PT[0], _ROOM_PT[1] + _RAISED_PT
        scale = min(wide / image.width, high / image.height)
        width, height = image.width * scale, image.height * scale
        left = _MARGIN_PT + (wide - width) / 2
        shape = self.sheet.shapes.add_picture(
            io.BytesIO(image.png), _emu(left), _emu(_TOP_PT - _RAISED_PT), _emu(width), _emu(height)
        )
        shape._element.nvPicPr.cNvPr.set("descr", image.title)

    def _foot(self, foot: Text, number: int) -> None:
        frame = self._box(_HIGH_PT - _FOOT_PT, _FOOT_PT - 6)
        self._set(frame, [f"{self.say(foot)}   {number}"], 12, colour=_QUIET)

    def _box(self, top: float, height: float) -> TextFrame:
        shape = self.sheet.shapes.add_textbox(
            _emu(_MARGIN_PT), _emu(top), _emu(_ROOM_PT[0]), _emu(height)
        )
        shape.text_frame.word_wrap = True
        return shape.text_frame

    def _set(
        self,
        frame: TextFrame,
        words: Sequence[str],
        size: float,
        *,
        bold: bool = False,
        colour: str = _INK,
    ) -> None:
        from pptx.util import Pt

        for place, line in enumerate(words):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            paragraph.space_after = Pt(size * 0.35) if len(words) > 1 else Pt(0)
            run = paragraph.add_run()
            run.text = line
            self._look(run, size, bold=bold, colour=colour)

    def _look(self, run: _Run, size: float, *, bold: bool, colour: str) -> None:
        """Set one look for both scripts."""
        from pptx.dml.color import RGBColor
        from pptx.util import Pt

        run.font.size, run.font.bold = Pt(size), bold
        run.font.color.rgb = RGBColor.from_string(colour)
        properties = run._r.get_or_add_rPr()
        properties.set("lang", TAGS[self.say.language])
        _named(properties, "a:latin")
        _named(properties, "a:cs")


def _left() -> object:
    from pptx.enum.text import PP_ALIGN

    return PP_ALIGN.LEFT


def _named(properties: BaseOxmlElement, script: str) -> None:
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls

    properties.append(parse_xml(f'<{script} {nsdecls("a")} typeface="{FONT}"/>'))


def _table_height(
    rows: Sequence[Sequence[Text]], widths: Sequence[float], say: Speech, size: float
) -> float:
    return sum(
        max(
            len(lines_of(say(words), width - 15, size))
            for words, width in zip(row, widths, strict=True)
        )
        * size
        * _LINE
        + 8
        for row in rows
    )


def _emu(points: float) -> int:
    return round(points * 12_700)


def _properties(made: Presentation, deck: Deck, say: Speech) -> None:
    known = made.core_properties
    known.title, known.author, known.last_modified_by = say(deck.title), AUTHOR, AUTHOR
    known.created = known.modified = FIXED_DAY.replace(tzinfo=None)
    known.language, known.revision = TAGS[say.language], 1
