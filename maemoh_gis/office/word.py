"""Blocks of a report as a document for Word: words, tables and pictures, nothing of its own."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maemoh_gis.core.messages import Text
from maemoh_gis.office.columns import shares_of
from maemoh_gis.office.packed import AUTHOR, FIXED_DAY, repacked
from maemoh_gis.office.thai import FONT, OTHER_FONT, TAGS, Speech
from maemoh_gis.pages.report_content import (
    Bars,
    Block,
    Facts,
    Heading,
    Items,
    Map,
    Paragraph,
    Picture,
    ReportContent,
    Table,
)

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.table import Table as Grid
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph as Written

_PAGE_MM, _MARGIN_MM = (210.0, 297.0), 18.0
_TEXT_MM = _PAGE_MM[0] - 2 * _MARGIN_MM
_HIGHEST_MM, _MAP_HIGHEST_MM = 225.0, 130.0
# Government papers are set in 16 points; TH Sarabun New is small for its points.
_BODY_PT, _TABLE_PT = 16.0, 14.0
_SIZES_PT = {
    "Normal": _BODY_PT,
    "List Bullet": _BODY_PT,
    "Title": 26.0,
    "Heading 1": 18.0,
    "Heading 2": 16.0,
    "Caption": 14.0,
    "Footer": 12.0,
}
# A brief stands on two pages; the chart of the years has one behind them.
_DENSE_PT, _DENSE_TABLE_PT, _DENSE_MAP_MM, _DENSE_MARGIN_MM = 14.0, 12.0, 56.0, 14.0
_BOLD = frozenset({"Title", "Heading 1", "Heading 2"})
_CAUTION, _QUIET = "9A1B1B", "4A565C"
_COLOURS = {"caution": _CAUTION, "quiet": _QUIET}
_SHADE = "E8ECEA"


@dataclass(frozen=True)
class Image:
    """A picture of a document."""

    png: bytes
    title: str
    """What it shows, for those who cannot see it."""
    width: float
    height: float
    """In any one unit: they tell its shape."""


MapMaker = Callable[[Map], Image]


def word_document(
    content: ReportContent, say: Speech, draw: MapMaker, charts: Sequence[Image] = ()
) -> bytes:
    """Write a report as .docx, its charts on pages behind it."""
    return _Writer(say, draw).write(content, charts)


class _Writer:
    """One document being written."""

    def __init__(self, say: Speech, draw: MapMaker) -> None:
        from docx import Document

        self.say, self.draw = say, draw
        self.dense = False
        self.document: Document = Document()

    def write(self, content: ReportContent, charts: Sequence[Image]) -> bytes:
        """Write everything and give the file."""
        self.dense = content.one_page and any(one.dense for one in content.sections)
        _set_page(self.document, _DENSE_MARGIN_MM if self.dense else _MARGIN_MM)
        _set_styles(self.document, _DENSE_PT / _BODY_PT if self.dense else 1.0)
        self._head(content)
        for section in content.sections:
            self.document.add_heading(self.say(section.title), 1)
            for block in section.blocks:
                self._block(block)
        for chart in charts:
            self.document.add_page_break()
            self._image(chart, _HIGHEST_MM)
        self._foot(content.footer)
        self._properties(content)
        made = io.BytesIO()
        self.document.save(made)
        return repacked(made.getvalue(), {"word/fontTable.xml": _FONT_TABLE})

    def _head(self, content: ReportContent) -> None:
        self.document.add_heading(self.say(content.title), 0)
        self._words(content.subtitle, "quiet")
        for notice in content.notices:
            self._words(notice, "caution")
        if content.facts:
            self._facts(Facts(content.facts))

    def _block(self, block: Block) -> None:
        if isinstance(block, Paragraph):
            self._words(block.text, block.tone)
        elif isinstance(block, Heading):
            self.document.add_heading(self.say(block.text), 2)
        elif isinstance(block, Items):
            for item in block.items:
                self.document.add_paragraph(self.say(item), "List Bullet")
        elif isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Facts):
            self._facts(block)
        elif isinstance(block, Map):
            self._image(self.draw(block), _DENSE_MAP_MM if self.dense else _MAP_HIGHEST_MM)
            self.document.add_paragraph(self.say(block.caption), "Caption")
        else:
            self._told(block)

    def _told(self, block: Bars | Picture) -> None:
        """Tell in words what is drawn for pages only."""
        self._words(block.alt)
        if isinstance(block, Bars):
            self._facts(Facts([(bar.label, bar.value) for bar in block.bars]))

    def _words(self, text: Text, tone: str = "plain") -> None:
        run = self.document.add_paragraph().add_run(self.say(text))
        if tone in _COLOURS:
            _colour(run._element.get_or_add_rPr(), _COLOURS[tone])
        if tone in {"caution", "lead"}:
            _bold(run._element.get_or_add_rPr())

    def _facts(self, facts: Facts) -> None:
        table = self.document.add_table(0, 2, "Table Grid")
        for name, value in facts.pairs:
            cells = table.add_row().cells
            self._cell(cells[0], name, head=True)
            self._cell(cells[1], value)

    def _table(self, block: Table) -> None:
        table = self.document.add_table(1, len(block.heads), "Table Grid")
        _repeated(table.rows[0]._tr)
        for cell, head in zip(table.rows[0].cells, block.heads, strict=True):
            self._cell(cell, head.title, head=True)
        for row in block.rows:
            added = table.add_row()
            _add(added._tr.get_or_add_trPr(), "w:cantSplit")
            cells = added.cells
            for cell, words, head in zip(cells, row, block.heads, strict=True):
                self._cell(cell, words, right=head.look == "number")
        texts = [[head.title for head in block.heads], *block.rows]
        _set_widths(table, shares_of([[self.say(words) for words in row] for row in texts]))
        # A table sticks to what follows unless a line stands between them.
        _close(self.document.add_paragraph())

    def _cell(self, cell: _Cell, text: Text, *, head: bool = False, right: bool = False) -> None:
        paragraph = cell.paragraphs[0]
        _close(paragraph)
        if right:
            paragraph.alignment = _right()
        run = paragraph.add_run(self.say(text))
        properties = run._element.get_or_add_rPr()
        if head:
            _bold(properties)
            _add(cell._tc.get_or_add_tcPr(), "w:shd", val="clear", fill=_SHADE)
        _size(properties, _DENSE_TABLE_PT if self.dense else _TABLE_PT)

    def _image(self, image: Image, highest_mm: float) -> None:
        """Put a picture as wide as the words, if it is not too high then."""
        from docx.shared import Mm

        width_mm = min(_TEXT_MM, highest_mm * image.width / image.height)
        paragraph = self.document.add_paragraph()
        shape = paragraph.add_run().add_picture(io.BytesIO(image.png), width=Mm(width_mm))
        shape._inline.docPr.set("descr", image.title)

    def _foot(self, footer: Text) -> None:
        paragraph = self.document.sections[0].footer.paragraphs[0]
        paragraph.add_run(self.say(footer) + "   ")
        _page_number(paragraph)

    def _properties(self, content: ReportContent) -> None:
        known = self.document.core_properties
        known.title, known.subject = self.say(content.title), self.say(content.subtitle)
        known.author = known.last_modified_by = AUTHOR
        known.created = known.modified = FIXED_DAY.replace(tzinfo=None)
        known.language, known.comments, known.revision = TAGS[self.say.language], "", 1


def _set_page(document: Document, margin_mm: float) -> None:
    from docx.shared import Mm

    page = document.sections[0]
    page.page_width, page.page_height = (Mm(x) for x in _PAGE_MM)
    page.left_margin = page.right_margin = Mm(_MARGIN_MM)
    page.top_margin = page.bottom_margin = Mm(margin_mm)
    page.header_distance = page.footer_distance = Mm(margin_mm / 2)


def _set_styles(document: Document, share: float) -> None:
    """Set the fonts of both scripts, sizes and boldness of every style that is used."""
    from docx.oxml.ns import qn

    for language in document.styles.element.iter(qn("w:lang")):
        # Latin letters and digits are English in Thai too: LibreOffice breaks a line inside a
        # number that it takes for Thai.
        _attributes(language, val=TAGS["en"], bidi=TAGS["th"])
    for name, size_pt in _SIZES_PT.items():
        style = document.styles[name].element
        properties = style.get_or_add_rPr()
        _fonts(properties)
        if name in _BOLD:
            _bold(properties)
        _size(properties, size_pt * share)
        _colour(properties, "000000")
        heading = name.startswith("Heading")
        _spacing(style.get_or_add_pPr(), before=6.0 * share**3 if heading else 0.0, dense=share < 1)


def _fonts(properties: BaseOxmlElement) -> None:
    """Name the font for every script; a theme's name would win over it."""
    element = _only(properties, "w:rFonts")
    element.attrib.clear()
    _attributes(element, ascii=FONT, hAnsi=FONT, eastAsia=FONT, cs=FONT)


def _size(properties: BaseOxmlElement, points: float) -> None:
    for name in ("w:sz", "w:szCs"):
        _attributes(_only(properties, name), val=f"{2 * points:.0f}")


def _bold(properties: BaseOxmlElement) -> None:
    for name in ("w:b", "w:bCs"):
        _only(properties, name)


def _colour(properties: BaseOxmlElement, colour: str) -> None:
    element = _only(properties, "w:color")
    element.attrib.clear()
    _attributes(element, val=colour)


def _spacing(properties: BaseOxmlElement, before: float, *, dense: bool) -> None:
    element = _only(properties, "w:spacing")
    element.attrib.clear()
    _attributes(element, before=f"{20 * before:.0f}", after="20" if dense else "60", line="240",
                lineRule="auto")  # fmt: skip


def _set_widths(table: Grid, shares: Sequence[float]) -> None:
    """Set the columns: every cell says its width, or some programs ignore it."""
    from docx.shared import Mm

    table.autofit = False
    for share, column in zip(shares, table.columns, strict=True):
        width = Mm(share * _TEXT_MM)
        column.width = width
        for cell in column.cells:
            cell.width = width


def _close(paragraph: Written) -> None:
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = 0


def _right() -> object:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    return WD_ALIGN_PARAGRAPH.RIGHT


def _repeated(row: BaseOxmlElement) -> None:
    """Repeat a row at the head of every page its table reaches."""
    _add(row.get_or_add_trPr(), "w:tblHeader")


def _page_number(paragraph: Written) -> None:
    _add(paragraph._p, "w:fldSimple", instr="PAGE")


def _only(parent: BaseOxmlElement, name: str) -> BaseOxmlElement:
    """Give a child by name, made where it belongs if it is not there."""
    from docx.oxml.ns import qn

    found = parent.find(qn(name))
    return found if found is not None else _in_order(parent, name)


# The order a reader asks of what says how letters look.
_ORDER = (
    "w:rStyle",
    "w:rFonts",
    "w:b",
    "w:bCs",
    "w:i",
    "w:iCs",
    "w:color",
    "w:spacing",
    "w:kern",
    "w:sz",
    "w:szCs",
    "w:u",
    "w:lang",
)


def _in_order(parent: BaseOxmlElement, name: str) -> BaseOxmlElement:
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    element = OxmlElement(name)
    later = {qn(one) for one in _ORDER[_ORDER.index(name) + 1 :]}
    after = next((child for child in parent if child.tag in later), None)
    if after is None:
        parent.append(element)
    else:
        after.addprevious(element)
    return element


def _add(parent: BaseOxmlElement, name: str, **attributes: str) -> None:
    from docx.oxml.parser import OxmlElement

    element = OxmlElement(name)
    _attributes(element, **attributes)
    parent.append(element)


def _attributes(element: BaseOxmlElement, **attributes: str) -> None:
    from docx.oxml.ns import qn

    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)


_FONT_TABLE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    f'<w:font w:name="{FONT}"><w:altName w:val="{OTHER_FONT}"/><w:family w:val="swiss"/>'
    '<w:pitch w:val="variable"/></w:font></w:fonts>'
)
