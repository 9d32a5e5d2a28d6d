"""Documents and slides opened again: they say what the briefs say, word for word."""

import io
import re
import zipfile
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from maemoh_gis.core.errors import FormatError, RunError
from maemoh_gis.core.messages import same, text
from maemoh_gis.core.units import thai_digits
from maemoh_gis.office import documents
from maemoh_gis.office.columns import shares_of
from maemoh_gis.office.documents import RunDocuments, write_documents
from maemoh_gis.office.slides import Deck, Slide, presentation
from maemoh_gis.office.thai import FONT, Speech
from maemoh_gis.office.word import word_document
from maemoh_gis.pages.report_content import (
    Facts,
    Head,
    Heading,
    Items,
    Map,
    Paragraph,
    ReportContent,
    Section,
    Table,
)
from maemoh_gis.runs.report import finished, footer
from maemoh_gis.sheets.briefs import BRIEFS, brief

docx = pytest.importorskip("docx")
pptx = pytest.importorskip("pptx")
pytest.importorskip("resvg_py")

HOSTILE = "</w:t><script>alert(1)</script> & \x01\ufffe <b>"
LANGUAGES = ("th", "en")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@pytest.fixture(scope="module")
def files(small_run, small_project):
    return finished(small_run, small_project.catalog())


@pytest.fixture(scope="module", params=LANGUAGES)
def written(request, files):
    """Write everything of a run once a language."""
    return request.param, dict(RunDocuments(files, Speech(request.param)).each())


def opened(content):
    return docx.Document(io.BytesIO(content))


def words_of(document):
    """List every paragraph and every cell of a document."""
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs] + cells


def words_on(slides):
    """List every text of slides, those of tables too."""
    found = []
    for slide in slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found += [paragraph.text for paragraph in shape.text_frame.paragraphs]
            if shape.has_table:
                found += [cell.text for row in shape.table.rows for cell in row.cells]
    return found


def said_in(content, language):
    """List what a brief says in a language, block by block."""
    said = [content.title, content.subtitle, *content.notices]
    for section in content.sections:
        said.append(section.title)
        for block in section.blocks:
            if isinstance(block, Paragraph | Heading):
                said.append(block.text)
            elif isinstance(block, Items):
                said += block.items
            elif isinstance(block, Table):
                said += [head.title for head in block.heads]
                said += [cell for row in block.rows for cell in row]
            elif isinstance(block, Facts):
                said += [one for pair in block.pairs for one in pair]
            elif isinstance(block, Map):
                said.append(block.caption)
    return [Speech(language)(one) for one in said]


@pytest.mark.parametrize("id", BRIEFS)
def test_a_document_says_every_sentence_and_number_of_its_brief_and_no_other(id, written, files):
    language, made = written
    wanted = said_in(brief(files, id, footer(files)), language)
    found = words_of(opened(made[f"brief_{id}_{language}.docx"]))
    assert sorted(filter(None, found)) == sorted(filter(None, wanted))


def test_the_committee_has_a_map_and_every_brief_the_path_after_coal(written):
    language, made = written
    pictures = {id: len(opened(made[f"brief_{id}_{language}.docx"]).inline_shapes) for id in BRIEFS}
    assert pictures == {"committee": 2, "egat": 1, "villagers": 1}


def test_pictures_are_told_to_those_who_cannot_see_them(written):
    for name, content in written[1].items():
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [archive.read(x).decode() for x in archive.namelist() if x.endswith(".xml")]
        told = re.findall(r'<(?:wp:docPr|p:cNvPr)[^>]* descr="([^"]*)"', "".join(parts))
        assert told, name
        assert all(told), name


def test_villagers_read_no_score_no_rank_and_see_no_outline(written):
    language, made = written
    document = opened(made[f"brief_villagers_{language}.docx"])
    said = " ".join(words_of(document)).lower()
    for word in ("คะแนน", "score", "class a", "อันดับ", "rank"):
        assert word not in said
    # The one picture is the path after coal, which shows no land.
    (picture,) = document.inline_shapes
    assert picture._inline.docPr.get("descr") == text("report.timeline_alt", language)


def test_slides_hold_the_answer_the_gates_the_years_and_whom_to_ask(written, files):
    language, made = written
    slides = pptx.Presentation(io.BytesIO(made[f"slides_{language}.pptx"])).slides
    found = {one.removeprefix("• ") for one in words_on(slides)}
    content = brief(files, "committee", footer(files))
    titles = {section.title["en"]: section for section in content.sections}
    ids = (
        "brief.conclusion",
        "brief.changes",
        "report.section.gates",
        "brief.choices",
        "brief.orders",
    )
    for id in ids:
        section = titles[text(id, "en")]
        blocks = [block for block in section.blocks if not isinstance(block, Map)]
        wanted = said_in(replace(content, sections=[replace(section, blocks=blocks)]), language)
        # Slides of a section with several are numbered.
        alone = {text(id, language)} if id in {"brief.conclusion", "brief.changes"} else set()
        assert set(filter(None, wanted)) - alone <= found, id


def test_no_two_slides_of_the_answer_have_one_title(written):
    language, made = written
    slides = pptx.Presentation(io.BytesIO(made[f"slides_{language}.pptx"])).slides
    titles = [slide.shapes.title.text for slide in slides]
    answers = [one for one in titles if one.startswith(text("brief.conclusion", language))]
    assert len(answers) == len(set(answers)) > 1


def test_each_use_has_a_slide_with_its_map_and_each_slide_a_title_and_the_notice(written, files):
    language, made = written
    slides = pptx.Presentation(io.BytesIO(made[f"slides_{language}.pptx"])).slides
    assert all(slide.shapes.title.text for slide in slides)
    pictures = [slide for slide in slides if any(s.shape_type == 13 for s in slide.shapes)]
    titles = " ".join(slide.shapes.title.text for slide in pictures)
    assert len(pictures) == len(files.uses)
    for use in files.uses.values():
        assert use["title"][language] in titles
    for slide in slides:
        assert text("brief.screening", language) in " ".join(words_on([slide]))


def test_each_answer_has_a_slide_under_its_question(written, files):
    language, made = written
    slides = pptx.Presentation(io.BytesIO(made[f"slides_{language}.pptx"])).slides
    answer = brief(files, "committee", footer(files)).sections[1]
    (facts,) = [block for block in answer.blocks if isinstance(block, Facts)]
    told = {slide.shapes.title.text: " ".join(words_on([slide])) for slide in slides}
    assert len(facts.pairs) > 3
    for asked, said in facts.pairs:
        assert said[language] in told[asked[language]]


def test_years_are_of_the_buddhist_era(written, files):
    _, made = written
    for name, content in made.items():
        if name.endswith("docx"):
            years = re.findall(r"\b(19\d\d|20\d\d)\b", " ".join(words_of(opened(content))))
            assert years == [], name


# Thai.


def test_every_letter_of_a_document_has_the_font_and_size_of_both_scripts(written):
    language, made = written
    document = opened(made[f"brief_committee_{language}.docx"])
    for name in ("Normal", "Title", "Heading 1", "List Bullet"):
        properties = document.styles[name].element.rPr
        fonts = properties.find(f"{W}rFonts")
        assert {fonts.get(f"{W}{x}") for x in ("ascii", "hAnsi", "cs")} == {FONT}
        assert not [key for key in fonts if "Theme" in key]
        sizes = {properties.find(f"{W}{x}").get(f"{W}val") for x in ("sz", "szCs")}
        assert len(sizes) == 1
        bold = [properties.find(f"{W}{x}") is not None for x in ("b", "bCs")]
        assert len(set(bold)) == 1
    spoken = next(document.styles.element.iter(f"{W}lang"))
    assert (spoken.get(f"{W}val"), spoken.get(f"{W}bidi")) == ("en-GB", "th-TH")


def test_every_run_of_a_slide_names_the_font_of_both_scripts(written):
    language, made = written
    with zipfile.ZipFile(io.BytesIO(made[f"slides_{language}.pptx"])) as archive:
        sheets = [x for x in archive.namelist() if re.fullmatch(r"ppt/slides/slide\d+\.xml", x)]
        runs = [
            run.find(f"{A}rPr")
            for name in sheets
            for run in ET.fromstring(archive.read(name)).iter(f"{A}r")
        ]
    assert runs
    for properties in runs:
        for script in ("latin", "cs"):
            assert properties.find(f"{A}{script}").get("typeface") == FONT
        assert properties.get("lang") == {"th": "th-TH", "en": "en-GB"}[language]


def test_thai_digits_are_a_way_to_show_thai_and_no_other(files):
    words = {"th": "พ.ศ. 2569 ไฟล์ brief_1", "en": "B.E. 2569"}
    assert Speech("th", thai_numerals=True)(words) == thai_digits(words["th"])
    assert Speech("en", thai_numerals=True)(words) == "B.E. 2569"


# What comes from elsewhere.


def simple(*blocks):
    content = ReportContent(
        title=same("title"), subtitle=same(""), notices=[], facts=[],
        sections=[Section("one", same("section"), blocks)], footer=same("foot"),
    )  # fmt: skip
    return word_document(content, Speech("th"), lambda block: pytest.fail("no map"))


def test_words_from_elsewhere_are_words_in_a_document():
    table = Table([Head(same(HOSTILE))], [[same(HOSTILE)]])
    content = simple(Paragraph(same(HOSTILE)), Items([same(HOSTILE)]), table)
    shown = Speech("th")(same(HOSTILE))
    assert "<script>" in shown
    assert words_of(opened(content)).count(shown) == 4


def test_words_from_elsewhere_are_words_on_a_slide():
    body = Table([Head(same(HOSTILE))], [[same(HOSTILE)]])
    deck = Deck(same("x"), same(HOSTILE), [Slide(same(HOSTILE), body)])
    slides = pptx.Presentation(io.BytesIO(presentation(deck, Speech("th")))).slides
    assert words_on(slides).count(Speech("th")(same(HOSTILE))) == 3


def test_a_long_list_goes_on_on_another_slide_and_loses_nothing():
    items = [same(f"{n} " + "word " * 40) for n in range(12)]
    deck = Deck(same("x"), same("foot"), [Slide(same("title"), Items(items))])
    slides = pptx.Presentation(io.BytesIO(presentation(deck, Speech("en")))).slides
    assert len(slides) > 1
    found = [one.removeprefix("• ").split()[0] for one in words_on(slides) if "word" in one]
    assert found == [str(n) for n in range(12)]


def test_a_table_that_says_nothing_has_no_columns():
    assert shares_of([]) == []


def test_columns_share_the_width_by_their_longest_words():
    shares = shares_of([["a", "b" * 30], ["aa", "b"]])
    assert sum(shares) == pytest.approx(1.0)
    assert 0.08 < shares[0] < 0.3 < shares[1]


# Files.


def test_the_same_run_gives_the_same_bytes(written, files):
    language, made = written
    again = dict(RunDocuments(files, Speech(language)).each())
    assert {name: made[name] == again[name] for name in made} == dict.fromkeys(made, True)


def test_nothing_of_the_present_stands_in_a_file(written):
    for name, content in written[1].items():
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
            known = archive.read("docProps/core.xml").decode()
        assert set(re.findall(r"\d{4}-\d\d-\d\d", known)) == {"2000-01-01"}, name


def test_a_high_picture_is_made_as_small_as_a_page_and_keeps_its_shape(files):
    (image,) = RunDocuments(files, Speech("th"))._charts
    content = ReportContent(same("t"), same(""), [], [], [], same("f"))
    document = opened(word_document(content, Speech("th"), lambda _: image, [image]))
    (shape,) = document.inline_shapes
    assert shape.height.mm <= 225.5
    assert shape.height / shape.width == pytest.approx(image.height / image.width, rel=0.01)


def test_four_files_are_written_and_none_over_another(files, tmp_path, monkeypatch):
    monkeypatch.setattr(RunDocuments, "document", lambda self, id: id.encode())
    monkeypatch.setattr(RunDocuments, "slides", lambda self: b"slides")
    made = write_documents(files, tmp_path, language="th")
    assert [path.name for path in made] == [
        "brief_committee_th.docx", "brief_egat_th.docx", "brief_villagers_th.docx",
        "slides_th.pptx",
    ]  # fmt: skip
    with pytest.raises(RunError) as refused:
        write_documents(files, tmp_path, language="th")
    assert [fault.code for fault in refused.value.faults] == ["out_exists"] * 4
    write_documents(files, tmp_path, language="th", over=True)


def test_a_language_that_is_none_is_refused(files, tmp_path):
    with pytest.raises(FormatError) as refused:
        write_documents(files, tmp_path, language="fr")
    assert [fault.code for fault in refused.value.faults] == ["unknown_language"]


def test_without_the_extra_nothing_is_begun(files, tmp_path, monkeypatch):
    def refuse(*modules):
        raise RunError(())

    monkeypatch.setattr(documents, "require", refuse)
    with pytest.raises(RunError):
        write_documents(files, tmp_path / "none", language="th")
    assert not (tmp_path / "none").exists()
