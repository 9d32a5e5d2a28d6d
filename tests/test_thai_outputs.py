"""Thai that a planner sees holds no English code: outputs of a run and answers in the terminal."""

import csv
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pyogrio
import pytest

from tests.paths import LAYERS, SCENARIOS

VOID = {"meta", "link", "br", "hr", "img", "input", "col", "source", "wbr"}

# What may stand in Latin letters, and why; a longer reason comes before one that begins it.
ALLOWED = {
    "commands to be typed": r"maemoh-gis (?:run|compare|report)|--[a-z-]+|RUN|FOLDER|run|explain"
    r"|assess",
    "files": r"[\w-]*\.(?:csv|gpkg|geojson|tif|yaml|html)",
    "checksums": r"[0-9a-f]{12,64}",
    "abbreviations that officers write": r"CY|TEU|GIS|GPP|FGD|EIA|ICD|CO2|PM2\.5|CR|AHP|TOPSIS",
    "classes of a list": r"[ABC]",
    "sizes of paper": r"A[34]",
    "names of schemes, as the ministries write them": r"Eco Industrial Town|Mae Moh Smart City",
    "solar farms known by the number of a list only": r"GEM [IVXLC]+",
    "keys of a keyboard": r"Enter|Backspace|Escape",
    "formats that other programs name so": r"GeoJSON",
    "names of coordinate systems and axes": r"EPSG:\d+|WGS 84|UTM|(?<=\d )[EN]",
    "units beside figures of the grid": r"(?<=\d )m",
    "maps, software and licences, by name": r"OpenStreetMap|Leaflet|Sarabun|QGIS|SHA-256"
    r"|(?:CC|CC-BY|CC-BY-SA|CC0|ODbL|BSD|OFL)-[\w.-]+|maemoh_gis"
    r"|(?:maemoh-gis|python|numpy|scipy|numba|shapely|pyproj|rasterio|geopandas|pyogrio) [\d.]+",
    "ids and values a reader types": r"(?:grid|area)\.\w+|small|baseline|gates\.\w+\.load\.mw"
    r"|timeline\.(?:ponds|work)|"
    r"networks\.lampang\.roads\.layer|(?:freight|uses\.container_yard\.yard)\.roads|roads|road_(?:lines|network)|MM-\d+|MMRP\d"
    r"|\{code: \d+\}",
}
LATIN = re.compile(r"[A-Za-z][\w.\-]*")


class _Thai(HTMLParser):
    """Collect what a page shows in Thai: not scripts, nor English, nor titles as published."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, bool]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag, attrs):
        held = dict(attrs)
        hidden = (
            tag in {"script", "style", "title", "code", "nav"}
            or held.get("lang") == "en"
            or held.get("class") in {"published", "second"}
        )
        if tag not in VOID:
            self.open.append((tag, hidden))

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        for at in range(len(self.open) - 1, -1, -1):
            if self.open[at][0] == tag:
                del self.open[at:]
                return

    def handle_data(self, data):
        if data.strip() and not any(hidden for _, hidden in self.open):
            self.texts.append(data.strip())


def of_page(path: Path) -> Iterator[str]:
    page = _Thai()
    page.feed(path.read_text(encoding="utf-8"))
    yield from page.texts
    data = re.search(
        r'<script type="application/json" id="data">(.*?)</script>',
        path.read_text("utf-8"),
        re.DOTALL,
    )
    if data:
        yield from _of_data(json.loads(data[1]))


def _of_data(held: object) -> Iterator[str]:
    if isinstance(held, dict):
        thai = held.get("th")
        if isinstance(thai, str):
            yield thai
        elif isinstance(thai, dict):
            yield from (re.sub(r"\{\w+\}", "", one) for one in thai.values())
        else:
            for one in held.values():
                yield from _of_data(one)
    elif isinstance(held, list):
        for one in held:
            yield from _of_data(one)


def of_tables(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.glob("*.csv")):
        for row in csv.DictReader(path.read_text("utf-8-sig").splitlines()):
            yield from ((path.name, v) for k, v in row.items() if k and k.endswith("_th") and v)
    for path in sorted(folder.glob("*.gpkg")):
        for layer, _ in pyogrio.list_layers(path):
            frame = pyogrio.read_dataframe(path, layer=layer, read_geometry=False)
            for column in (name for name in frame.columns if name.endswith("_th")):
                yield from ((f"{path.name}:{layer}", str(v)) for v in frame[column].dropna())


def foreign(text: str) -> list[str]:
    """Give the Latin words of a text that no reason allows."""
    allowed = "|".join(f"(?:{one})" for one in ALLOWED.values())
    return LATIN.findall(re.sub(f"(?<![A-Za-z])(?:{allowed})(?![A-Za-z])", " ", text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ย่านกองเก็บตู้สินค้า (CY) 4,026 TEU", []),
        ("ความน่าเชื่อถือ [L]", ["L"]),
        ("ASSUMPTION: ระยะ", ["ASSUMPTION"]),
        ("Highway 1 ใกล้ เถิน", ["Highway"]),
        ("green_estate-site-07", ["green_estate-site-07"]),
        ("สถานะ removed", ["removed"]),
    ],
)
def test_what_is_refused(text, words):
    assert foreign(text) == words


def test_thai_columns_hold_thai(small_run):
    found = {(where, text) for where, text in of_tables(small_run) if foreign(text)}
    assert found == set()


@pytest.mark.parametrize(
    "name",
    [
        "map",
        "report",
        "site_sheets",
        "eco_town",
        "smart_city",
        "villages",
        "brief_committee",
        "brief_egat",
        "brief_villagers",
    ],
)
def test_pages_hold_no_english_code(small_run, name):
    found = {text[:200]: foreign(text) for text in of_page(small_run / f"{name}.html")}
    assert {text: words for text, words in found.items() if words} == {}


@pytest.mark.parametrize(
    ("arguments", "few"),
    [
        (("network", "closure", "--top", "4"), False),
        # Each of thousands of stretches would be shut in turn.
        (("network", "closure", "--freight", "--top", "6"), True),
    ],
)
def test_closures_name_roads_and_stations_in_thai(maemoh, small_project, arguments, few):
    scenarios = small_project.scenarios if few else SCENARIOS
    folders = ("--layers", LAYERS, "--scenarios", scenarios)
    code, out, _ = maemoh("--lang", "th", *arguments, *folders)
    assert code == 0
    assert foreign(out) == []


def test_explain_and_check_answer_in_thai(maemoh, small_run):
    code, out, _ = maemoh("--lang", "th", "explain", small_run, "--at", "18.296,99.752")
    assert code == 0
    assert foreign(out) == []
    folders = ("--layers", LAYERS, "--scenarios", SCENARIOS)
    code, out, _ = maemoh("--lang", "th", "check", "baseline", *folders)
    assert code == 0
    assert foreign(out) == []
