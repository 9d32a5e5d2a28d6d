"""Pictures of a run: what stands in them, and that Thai is drawn with no font of the system."""

import re
import struct
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from maemoh_gis.core.errors import FormatError, RunError
from maemoh_gis.core.messages import text
from maemoh_gis.office import extra, png
from maemoh_gis.office.charts import chart_drawing, in_one_language
from maemoh_gis.office.frame import Around, Drawing, framed
from maemoh_gis.office.pictures import RunPictures, write_pictures
from maemoh_gis.office.target import outside
from maemoh_gis.runs.report import finished

WIDTH_PX = 640


@pytest.fixture(scope="module")
def files(small_run, small_project):
    return finished(small_run, small_project.catalog())


@pytest.fixture(scope="module", params=["th", "en"])
def pictures(request, files):
    return request.param, list(RunPictures(files, request.param).each())


def written(svg):
    """Give the words of a picture, in one line."""
    root = ET.fromstring(svg)
    return " ".join(
        "".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")
    )


def squeezed(words):
    return re.sub(r"[\s\u200b]+", "", words)


def test_every_use_has_its_maps_every_site_a_close_up_and_every_chart_is_there(pictures, files):
    _, drawn = pictures
    names = [one.name for one in drawn]
    assert len(names) == len(set(names))
    sites = files.record["sites"]
    for use in files.uses:
        assert any(name.startswith(f"map_{use}_") for name in names)
        assert sum(name.startswith(f"site_{use}_") for name in names) == sites[use]
        assert f"values_{use}" in names
    assert {"timeline", "estate"} <= set(names)


def test_each_says_what_it_is_of_which_year_and_that_it_is_a_screening(pictures, files):
    language, drawn = pictures
    notice = squeezed(text("page.screening_only", language) + text("page.not_a_permit", language))
    for one in drawn:
        said = squeezed(written(one.svg))
        assert notice in said, one.name
        assert squeezed(one.title) in said, one.name
        assert squeezed(files.record["title"][language]) in said, one.name
        assert str(files.record["year"]) in said, one.name


def test_maps_have_scale_north_legend_and_sources(pictures):
    language, drawn = pictures
    for one in drawn:
        if one.name.startswith(("map_", "site_")):
            said = written(one.svg)
            for id in ("page.report_km", "page.report_north", "page.sites"):
                assert text(id, language) in said, (one.name, id)
            assert "OpenStreetMap contributors" in said
    score = written(next(one.svg for one in drawn if one.name.startswith("map_")))
    assert text("page.state_2", language) in score


def test_a_map_speaks_one_language(pictures):
    """The number of a rural road is Thai in English too."""
    language, drawn = pictures
    other = "en" if language == "th" else "th"
    for one in drawn:
        if one.name.startswith("map_"):
            assert text("page.state_2", other) not in written(one.svg)
            assert text("page.screening_only", other) not in written(one.svg)


def test_nothing_is_fetched(pictures):
    for one in pictures[1]:
        addresses = re.findall(r'(?:href|src)="([^"]*)"|url\(([^)]*)\)', one.svg)
        found = [a or b for a, b in addresses]
        assert [x for x in found if not x.startswith(("data:", "#"))] == []


def test_a_chart_keeps_the_words_of_one_language():
    body = (
        '<text><tspan lang="th">น้ำ</tspan><tspan class="between"> · </tspan>'
        '<tspan lang="en">water</tspan></text><text lang="en" x="1">note</text>'
    )
    assert "น้ำ" not in in_one_language(body, "en")
    assert "water" not in in_one_language(body, "th")
    assert "note" not in in_one_language(body, "th")
    assert "·" not in in_one_language(body, "en")


def test_a_chart_is_taken_with_its_own_size():
    chart = '<svg xmlns="x" viewBox="0 0 300 120.5" width="300"><style>a{}</style><g/></svg>\n'
    assert chart_drawing(chart, "th") == Drawing(300, 120.5, "<g/>")


def test_words_from_elsewhere_are_words():
    around = Around("</text><script>x</script>", "a & b", "\"'<", ("<i>", "c"))
    svg = framed(Drawing(100, 50, ""), around)
    root = ET.fromstring(svg)
    assert not [element for element in root.iter() if element.tag.endswith("script")]
    assert "a & b" in written(svg)


def test_long_titles_are_broken_into_lines():
    around = Around("คำ " * 60, "", "", ())
    svg = framed(Drawing(300, 50, ""), around)
    assert svg.count("<text") > 5
    assert squeezed(written(svg)) == "คำ" * 60


# PNG.


def test_a_png_is_as_wide_as_asked_and_as_high_as_the_picture(files):
    pytest.importorskip("resvg_py")
    one = next(RunPictures(files, "th").charts())
    content = png.png_of(one.svg, WIDTH_PX)
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", content[16:24])
    across, down = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', one.svg).groups())
    assert width == WIDTH_PX
    assert height == pytest.approx(WIDTH_PX * down / across, abs=1)


def drawn_word(word):
    body = f'<text x="20" y="60" font-size="40">{word}</text>'
    return png.png_of(framed(Drawing(200, 90, body), Around("", "", "")), 300)


def test_thai_is_drawn_with_its_marks_by_the_fonts_of_the_package(monkeypatch):
    pytest.importorskip("resvg_py")
    words = ["", "ท", "ข", "ที", "ที่", "ปี", "ป่", "กำ", "บ"]
    shapes = [drawn_word(word) for word in words]
    # No box stands for every letter, and no mark is lost.
    assert len(set(shapes)) == len(words)
    monkeypatch.setattr(png, "_FACES", ())
    assert {drawn_word(word) for word in words} == {shapes[0]}


def test_the_bold_face_is_another_than_the_regular_one():
    pytest.importorskip("resvg_py")
    bold = '<tspan font-weight="700">ที่ดิน</tspan>'
    assert drawn_word(bold) != drawn_word("ที่ดิน")


def test_the_same_run_gives_the_same_bytes(files):
    pytest.importorskip("resvg_py")
    first, second = (next(RunPictures(files, "th").maps()) for _ in range(2))
    assert png.png_of(first.svg, WIDTH_PX) == png.png_of(second.svg, WIDTH_PX)


# Files.


def only_charts(files):
    """Give the run as one that found no site and no raster, so that few pictures are drawn."""
    kept = {name: sum for name, sum in files.record["outputs"].items() if name == "timeline.svg"}
    return replace(files, record={**files.record, "outputs": kept}, _seen={})


def test_files_are_written_in_a_language_and_never_over_others(files, tmp_path):
    run = only_charts(files)
    (made,) = write_pictures(run, tmp_path, language="th", format="svg")
    assert made.name == "timeline_th.svg"
    (tmp_path / "timeline_th.svg").write_text("mine", encoding="utf-8")
    with pytest.raises(RunError) as refused:
        write_pictures(run, tmp_path, language="th", format="svg")
    assert [fault.code for fault in refused.value.faults] == ["out_exists"]
    assert made.read_text(encoding="utf-8") == "mine"
    write_pictures(run, tmp_path, language="th", format="svg", over=True)
    assert made.read_text(encoding="utf-8").startswith("<svg")


def test_all_that_is_wrong_with_what_was_asked_is_told_at_once(files, tmp_path):
    with pytest.raises(FormatError) as refused:
        write_pictures(files, tmp_path / "none", language="fr", format="gif", width_px=9)
    codes = ["unknown_language", "unknown_format", "picture_width"]
    assert [fault.code for fault in refused.value.faults] == codes
    assert not (tmp_path / "none").exists()


def test_a_missing_library_is_named_with_the_way_to_install_it(monkeypatch):
    monkeypatch.setattr(extra, "find_spec", lambda name: None)
    with pytest.raises(RunError) as refused:
        extra.require("resvg_py", "docx")
    (fault,) = refused.value.faults
    assert (fault.code, fault.found) == ("extra_missing", "resvg_py, docx")
    assert "pip install" in str(refused.value)
    assert ".[office]" in str(refused.value)


def test_pictures_do_not_go_into_a_run_folder(small_run, tmp_path):
    with pytest.raises(RunError):
        outside(small_run, small_run)
    assert outside(small_run, tmp_path) == tmp_path
