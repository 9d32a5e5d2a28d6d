"""The page is one file in two languages that fetches nothing and runs nothing from a layer."""

import base64
import dataclasses
import hashlib
import json
import re
from html.parser import HTMLParser
from importlib import resources

import geopandas as gpd
import pytest
from shapely import Point

from maemoh_gis.core.errors import LayerError
from maemoh_gis.pages.map_page import page_html, write_page
from maemoh_gis.pages.offline import (
    COMPARISON_SCRIPTS,
    PAGE_SCRIPTS,
    TILES,
    json_block,
    page_folder,
    page_script,
)
from maemoh_gis.pages.report_page import SCRIPTS as REPORT_SCRIPTS
from maemoh_gis.pages.still_picture import Frame, layer_names
from maemoh_gis.pages.wording import Wording, plain
from tests.pages.example import both, example, layer, use

FETCHING = {"src", "href", "xlink:href", "data", "poster", "srcset", "action", "background"}


class Reader(HTMLParser):
    """What a browser would find in the page."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.texts, self.blocks, self._open = [], [], [], None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in {"script", "style"}:
            self._open = (tag, dict(attrs), [])

    def handle_data(self, data):
        (self._open[2] if self._open else self.texts).append(data)

    def handle_endtag(self, tag):
        if self._open and tag == self._open[0]:
            self.blocks.append((tag, self._open[1], "".join(self._open[2])))
            self._open = None

    def elements(self, name):
        return [attributes for tag, attributes in self.tags if tag == name]

    def data(self):
        return json.loads(next(b for t, a, b in self.blocks if a.get("id") == "data"))


@pytest.fixture(scope="module")
def read(html):
    return Reader(html)


def test_no_attribute_leads_out_of_the_page(read):
    for _, attributes in read.tags:
        for name, value in attributes.items():
            if name in FETCHING:
                assert value.startswith(("data:", "#")), (name, value[:80])


def test_no_style_leads_out_of_the_page(read):
    styles = [body for tag, _, body in read.blocks if tag == "style"]
    addresses = re.findall(r"url\(\s*[\"']?([^)\"']+)", "".join(styles))
    assert addresses
    assert all(address.startswith("data:font/woff2;base64,") for address in addresses)
    assert "@import" not in "".join(styles)


def test_no_script_names_a_source_map(html):
    assert "sourceMappingURL" not in html


def test_every_policy_names_the_scripts_and_styles_and_nothing_else(read):
    assert_policies(read)


def assert_policies(read):
    """The script in the head chooses between two policies; without scripts a third one holds."""
    bodies = {tag: [body for t, a, body in read.blocks if t == tag and not a.get("type")]
              for tag in ("script", "style")}  # fmt: skip
    first, *later = bodies["script"]
    tiles, closed = (
        json.loads(found)
        for found in re.findall(r"\"(?:[^\"\\\\]|\\\\.)*default-src(?:[^\"\\\\]|\\\\.)*\"", first)
    )
    without = next(
        a["content"]
        for a in read.elements("meta")
        if a.get("http-equiv") == "Content-Security-Policy"
    )
    for policy, scripts in ((closed, later), (tiles, later), (without, [])):
        rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
        for written, rule in ((scripts, "script-src"), (bodies["style"], "style-src")):
            hashes = {
                "'sha256-" + base64.b64encode(hashlib.sha256(b.encode()).digest()).decode() + "'"
                for b in written
            }
            assert set(rules[rule].split()) == (hashes or {"'none'"})
        assert rules["default-src"] == "'none'"
        assert "unsafe" not in policy
        assert rules["img-src"] == ("data: " + TILES.origin if policy == tiles else "data:")
    assert tiles.replace(f" {TILES.origin}", "") == closed


def test_no_element_carries_script_or_style_of_its_own(read):
    for tag, attributes in read.tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], tag


def test_the_same_content_gives_the_same_bytes(tmp_path, html, wording):
    one = write_page(example(), tmp_path / "one.html", messages=wording.messages)
    two = write_page(example(), tmp_path / "two.html", messages=wording.messages)
    assert one == two == hashlib.sha256(html.encode()).hexdigest()


def test_every_message_stands_in_both_languages():
    messages = Wording.of_package().messages
    assert set(messages["th"]) == set(messages["en"])
    assert all(words.strip() for language in messages.values() for words in language.values())


def test_every_id_the_page_names_has_a_message():
    messages = Wording.of_package().messages["en"]
    script, template = page_script(), page_folder().joinpath("page.html").read_text("utf-8")
    named = re.findall(r'\bsay\(["`](\w+)["`]', script + template)
    named += re.findall(r'"(zoom_in|zoom_out|language_name|metres|kilometres)"', script)
    named += [f"state_{state}" for state in range(5)]
    named += [f"confidence_{code}" for code in ("H", "M", "L", "ASSUMPTION")]
    assert {f"page.{id}" for id in named if not id.endswith("_")} <= set(messages)


def test_each_message_names_the_same_values_in_both_languages():
    messages = Wording.of_package().messages
    for id, english in messages["en"].items():
        thai = messages["th"][id]
        # The Common Era year is for readers of English only.
        names = set(re.findall(r"\{(\w+)\}", english)) - {"year_ce"}
        assert names == set(re.findall(r"\{(\w+)\}", thai)) - {"year_ce"}, id


def test_what_can_be_read_without_a_script_is_all_there(read):
    text = " ".join(read.texts)
    for words in (
        "แม่เมาะหลังถ่านหิน", "Mae Moh after coal", "ใช้เพื่อการคัดกรองเบื้องต้นเท่านั้น",
        "6 of 9 legal limits checked", "ตรวจสอบแล้ว 6 จาก 9 ข้อ", "ต้องขออนุญาต",
        "0.70–0.90", "Source of rail", "CC0-1.0", "2574",
    ):  # fmt: skip
        assert words in text, words


def test_the_still_picture_of_each_use_holds_its_score(read):
    images = read.elements("image")
    assert len(images) == len(example().uses)
    assert all(image["href"].startswith("data:image/png;base64,") for image in images)


def test_areas_stand_in_rai_with_hectares_beside(wording):
    assert wording.area(6250.0) == both("6,250 ไร่ (1,000 เฮกตาร์)", "6,250 rai (1,000 ha)")


def test_a_page_without_sites_says_so(wording):
    empty = use("yard", "ลาน", "Yard", [(99.8, 18.3)])
    empty = dataclasses.replace(empty, sites=empty.sites.iloc[:0])
    text = " ".join(Reader(page_html(example(uses=[empty]), wording)).texts)
    assert wording("no_sites")["en"] in text


def test_a_layer_without_a_crs_is_refused(wording):
    lost = layer("lost", [Point(99.7, 18.3)], "x", "x")
    lost = dataclasses.replace(lost, frame=gpd.GeoDataFrame(geometry=[Point(99.7, 18.3)]))
    with pytest.raises(LayerError):
        page_html(example(layers=[lost]), wording)


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "</style></title><!--",
    "\"'><svg/onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "${alert(1)} `x` \\u003c",
    "line\u2028break\u2029and\nnew\rline",
    "\u202eright to left\u2066",
    "\x00\x07\ud800 broken",
    "name " * 2000,
    "ำ" * 400,
]


@pytest.fixture(scope="module")
def hostile_html(wording):
    def evil(text):
        return both(text.replace("\ud800", ""), text.replace("\ud800", ""))

    layers = [
        layer(f"l{i}", [Point(99.7 + i / 100, 18.3)], text, text, source=text, licence=text,
              title=evil(text), caution=evil(text))
        for i, text in enumerate(HOSTILE)
    ]  # fmt: skip
    uses = example().uses
    sites = uses[0].sites.assign(subject_to_th=HOSTILE[1], subject_to_en=HOSTILE[0])
    uses = [dataclasses.replace(uses[0], sites=sites, title=evil(HOSTILE[2]))]
    content = example(
        layers=layers, uses=uses, title=evil(HOSTILE[2]), question=evil(HOSTILE[1]),
        caveats=[evil(text) for text in HOSTILE], provenance=evil(HOSTILE[0]),
    )  # fmt: skip
    return page_html(content, wording)


def test_hostile_text_adds_no_element_and_no_handler(html, hostile_html):
    ours, theirs = Reader(html), Reader(hostile_html)
    assert {tag for tag, _ in theirs.tags} <= {tag for tag, _ in ours.tags}
    assert len(theirs.elements("script")) == len(ours.elements("script"))
    assert theirs.elements("img") == []
    assert not [a for _, attributes in theirs.tags for a in attributes if a.startswith("on")]


def test_hostile_text_reaches_the_script_as_plain_text(hostile_html):
    names = [entry["features"][0]["name"] for entry in Reader(hostile_html).data()["layers"]]
    assert names[:2] == HOSTILE[:2]


def test_a_page_never_holds_turned_or_endless_names(hostile_html):
    assert "\u202e" not in json.dumps(Reader(hostile_html).data()["layers"], ensure_ascii=False)
    assert len(plain("a" * 10_000)) == 300
    assert plain("a\nb\x00\ud800\u202e") == "a b"


def test_scripts_do_not_change_with_the_content(html, hostile_html):
    def scripts(page):
        return [b for t, a, b in Reader(page).blocks if t == "script" and a.get("id") != "data"]

    assert scripts(html) == scripts(hostile_html)


def test_data_cannot_close_its_element():
    data = {"a": "</script><!-- \u2028 &"}
    block = json_block(data)
    assert not set("<>&\u2028") & set(block)
    assert json.loads(block) == data


PAGES = pytest.mark.parametrize("files", [PAGE_SCRIPTS, COMPARISON_SCRIPTS], ids=["map", "compare"])


@PAGES
def test_page_scripts_import_only_from_files_before_them(files):
    folder = resources.files("maemoh_gis") / "pages" / "page"
    seen = set()
    for name in files:
        text = folder.joinpath(name).read_text("utf-8")
        assert set(re.findall(r'from "\./([\w.]+)"', text)) <= seen
        assert text.count("import ") == text.count('} from "./'), (
            "only imports that joining removes"
        )
        seen.add(name)


def test_every_script_file_belongs_to_a_page():
    folder = resources.files("maemoh_gis") / "pages" / "page"
    files = {f.name for f in folder.iterdir() if f.name.endswith(".js")}
    assert files == {*PAGE_SCRIPTS, *COMPARISON_SCRIPTS, *REPORT_SCRIPTS}


@PAGES
def test_joined_scripts_use_no_name_twice(files):
    script = page_script(files)
    names = re.findall(r"^(?:async )?(?:function|const|let|class) (\w+)", script, re.MULTILINE)
    assert len(names) == len(set(names))
    assert not re.search(r"^(import|export) ", script, re.MULTILINE)


@PAGES
def test_page_scripts_never_build_markup_from_text(files):
    script = page_script(files)
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
    ):
        assert word not in script


def test_a_still_picture_names_of_many_points_those_that_matter_first(wording):
    named = layer("places", [Point(99.7, 18.25), Point(99.8, 18.35)], "โรงพยาบาล", "Hospital")
    frame = named.frame.assign(
        name_th=["โรงพยาบาล", "วัด"], name_en=["Hospital", "Temple"], later=[0, 1]
    )
    window = Frame.around((99.6, 18.2, 99.9, 18.4))

    def names(one):
        return {name.text["en"] for name in layer_names([one], window, wording)}

    assert names(dataclasses.replace(named, frame=frame)) == {"Hospital", "Temple"}
    assert names(dataclasses.replace(named, frame=frame, label_later="later")) == {"Hospital"}
