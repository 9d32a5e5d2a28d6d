"""
Faults nobody thought of: thousands of files spoilt by chance, each told in words or harmless.

Every case is drawn by Hypothesis from a fixed seed. CI tries some hundreds; set MAEMOH_FAULTS to a
number for more of each kind, and MAEMOH_FAULTS_SEED to another number for others. Whatever the file
says, the command line ends with 0, 1 or 2, in time, prints no control character, and leaves nothing
outside the folder it may write to.
"""

import copy
import os
import random
import re
import shutil
import signal
import sys
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
import yaml
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from maemoh_gis import cli
from maemoh_gis.files import sha256_of, write_geojson
from tests.paths import LAYERS, SCENARIOS
from tests.tiny import ENTRY, SCENARIO, SIDE, SOUTH, UTM, WEST

TRIES = int(os.environ.get("MAEMOH_FAULTS", "30"))
SEED = int(os.environ.get("MAEMOH_FAULTS_SEED", "0"))
SECONDS = 60
pytestmark = pytest.mark.slow

HOSTILE = [
    "",
    " ",
    "~",
    "null",
    "true",
    "no",
    "0",
    "-1",
    "1e400",
    "-0.0",
    "9" * 400,
    ".nan",
    ".inf",
    "12:30",
    "010",
    "0x1F",
    "2026",
    "2569-11-30",
    "=1+1",
    "@SUM(A1)",
    "\x00",
    "\x1b[31m",
    "\u202e",
    "\ufeff",
    "ก" * 300,
    "แม่เมาะ",
    "a" * 70_000,
    "../../etc/passwd",
    "/etc/passwd",
    "~root",
    "/vsicurl/http://127.0.0.1:9/x",
    "C:\\x",
    "con",
    "<script>",
    "{{7*7}}",
    "%s%n",
    "{found}",
    "[",
    "{",
    "- - -",
    "&a b",
    "*a",
    "!!python/object:os.system",
    "<<",
    "#",
    "'",
    '"',
    "|",
    ">",
    "EPSG:4326",
    "EPSG:24047",
    "EPSG:99999",
    "4,861",
    "300 MW",
    "๓๐๐",
    "NaN",
    "inf",
    "-5",
    "1e-300",
]
settled = settings(
    max_examples=TRIES, deadline=None, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@contextmanager
def in_time(seconds):
    """End a case that hangs, where the system can."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def late(*_):
        raise AssertionError(f"no answer within {seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture
def told(monkeypatch, capsys, tmp_path):
    """Run a command line in a folder; demand an answer in words, in time, and nothing elsewhere."""
    monkeypatch.setattr(cli, "_log", pytest.fail)
    here = tmp_path / "work"
    here.mkdir()

    def call(*arguments):
        beside = sorted(tmp_path.iterdir())
        with pytest.MonkeyPatch.context() as patch, in_time(SECONDS):
            patch.chdir(here)
            patch.setattr(sys, "argv", ["maemoh-gis", *map(str, arguments)])
            with pytest.raises(SystemExit) as ended:
                cli.main()
        printed = capsys.readouterr()
        said = call.said = printed.out + printed.err
        assert ended.value.code in (0, 1, 2), said[-3000:]
        assert "Traceback" not in said
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", said)
        assert ended.value.code != 2 or printed.err.strip()
        assert sorted(tmp_path.iterdir()) == beside
        return ended.value.code

    call.folder = tmp_path
    return call


def emptied(folder):
    """Give an empty folder; Hypothesis tries many cases within one test."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def spoilt_text(content, draw, most=3):
    """Change a text at some places: a token, a line, a character, the end, the indentation."""
    for _ in range(draw(st.integers(1, most))):
        lines = content.split("\n")
        at = draw(st.integers(0, len(lines) - 1))
        what = draw(st.sampled_from(["value", "value", "value", "drop", "twice", "indent", "cut",
                                     "letter", "key", "swap"]))  # fmt: skip
        if what == "value":
            tokens = list(re.finditer(r"[^\s:,\[\]{}]+", lines[at]))
            if tokens:
                token = tokens[draw(st.integers(0, len(tokens) - 1))]
                new = draw(st.sampled_from(HOSTILE))
                lines[at] = lines[at][: token.start()] + new + lines[at][token.end() :]
        elif what == "drop":
            del lines[at]
        elif what == "twice":
            lines.insert(at, lines[at])
        elif what == "indent":
            lines[at] = draw(st.sampled_from(["  ", "\t", " "])) + lines[at]
        elif what == "cut":
            lines = [*lines[:at], lines[at][: draw(st.integers(0, 20))]]
        elif what == "letter" and lines[at]:
            place = draw(st.integers(0, len(lines[at]) - 1))
            letter = draw(st.sampled_from(list("\x00\x07\x1b:{}[]&*!|>'\"%@`#,-0ก\u200b")))
            lines[at] = lines[at][:place] + letter + lines[at][place + 1 :]
        elif what == "key":
            lines[at] = lines[at].replace(":", "x:", 1)
        elif what == "swap":
            other = draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
        content = "\n".join(lines)
    return content


def places_of(data, path=()):
    """List the place of every value of plain data."""
    yield path
    if isinstance(data, dict | list):
        for key in data if isinstance(data, dict) else range(len(data)):
            yield from places_of(data[key], (*path, key))


VALUES = [None, True, False, 0, -1, 1, 2026, 1e308, 10**40, "", "x", "=1", [], {}, [[]], {"a": 1},
          [None], "ก", "../x", {"th": "ก"}, [1, 2, 3], {"within_m": -1}]  # fmt: skip


def spoilt_data(data, draw):
    """Put another value, or none, in the place of one of plain data; rename or move a key."""
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from([path for path in places_of(data) if path]))
        inside = data
        for key in place[:-1]:
            inside = inside[key]
        what = draw(st.sampled_from(["value", "value", "drop", "rename"]))
        if what == "value":
            inside[place[-1]] = copy.deepcopy(draw(st.sampled_from(VALUES)))
        elif what == "drop" or isinstance(inside, list):
            del inside[place[-1]]
        else:
            inside[draw(st.sampled_from(["x", "", "th", "limits", "=a"]))] = inside.pop(place[-1])
        if not data:
            break
    return data


def tiny_project(folder):
    """Write a square of land, a few points, a zone and a raster, with a scenario of all of them."""
    import rasterio
    from affine import Affine

    layers = emptied(folder / "layers")
    emptied(folder / "scenarios")
    study = shapely.box(WEST, SOUTH, WEST + SIDE, SOUTH + SIDE).buffer(-0.01, join_style="mitre")
    points = [shapely.Point(WEST + 1000 * k, SOUTH + 2000 + 700 * k) for k in range(1, 6)]
    zone = shapely.box(WEST + 2000, SOUTH + 2000, WEST + 5000, SOUTH + 4000)
    catalog = "version: 1\nlayers:\n"
    for id, kind, shapes in (("study", "polygons", [study]), ("things", "points", points),
                             ("zone", "polygons", [zone])):  # fmt: skip
        frame = gpd.GeoDataFrame({"n": range(len(shapes))}, geometry=shapes, crs=UTM)
        write_geojson(layers / f"{id}.geojson", frame, decimals=9)
        catalog += ENTRY.format(id=id, kind=kind, complete="extent",
                                sha256=sha256_of(layers / f"{id}.geojson"))  # fmt: skip
    heights = np.linspace(0, 30, 2500, dtype=np.float32).reshape(50, 50)
    with rasterio.open(
        layers / "slope.tif", "w", driver="GTiff", width=50, height=50, count=1, dtype="float32",
        crs=UTM, transform=Affine(200, 0, WEST, 0, -200, SOUTH + SIDE), nodata=-9999,
    ) as raster:  # fmt: skip
        raster.write(heights, 1)
    entry = ENTRY.format(id="slope", kind="raster", complete="extent",
                         sha256=sha256_of(layers / "slope.tif"))  # fmt: skip
    catalog += entry.replace("slope.geojson", "slope.tif").replace(
        "crs: EPSG:4326", f"crs: {UTM}\n    unit: percent\n    resampling: bilinear"
    )
    (layers / "catalog.yaml").write_text(catalog, encoding="utf-8")
    scenario = SCENARIO.format(test="{within_m: 500}", ground="law").replace(
        "cell_m: 100", "cell_m: 500"
    )
    scenario = scenario.replace(
        "uses:\n",
        "  in_zone: {title: {th: เขต, en: Zone}, ground: law, basis: {th: ก, en: b},\n"
        "    outcome: conditional, layer: zone, test: {inside: true}}\n"
        "  steep: {title: {th: ชัน, en: Steep}, ground: physics, basis: {th: ก, en: b},\n"
        "    outcome: removed, layer: slope, test: {above: 25, unit: percent}}\nuses:\n", 1,
    )  # fmt: skip
    (folder / "scenarios" / "tiny.yaml").write_text(scenario, encoding="utf-8")
    return ["--layers", layers, "--scenarios", folder / "scenarios"]


def test_the_project_that_is_spoilt_is_sound(told):
    options = tiny_project(told.folder / "project")
    assert told("check", "tiny", *options) == 0, told.said
    assert told("run", "tiny", "--no-pages", "--no-cache", *options) == 0


@seed(SEED + 2569)
@settled
@given(data=st.data())
def test_a_scenario_spoilt_as_text(told, data):
    options = tiny_project(told.folder / "project")
    path = options[3] / "tiny.yaml"
    path.write_text(spoilt_text(path.read_text(encoding="utf-8"), data.draw), encoding="utf-8")
    told("check", "tiny", *options)


@seed(SEED + 2570)
@settled
@given(data=st.data())
def test_a_shipped_scenario_spoilt_as_text(told, data):
    name = data.draw(st.sampled_from(sorted(path.stem for path in SCENARIOS.glob("*.yaml"))))
    folder = emptied(told.folder / "scenarios")
    for path in SCENARIOS.glob("*.yaml"):
        shutil.copy(path, folder)
    path = folder / f"{name}.yaml"
    path.write_text(spoilt_text(path.read_text(encoding="utf-8"), data.draw), encoding="utf-8")
    told("check", name, "--layers", LAYERS, "--scenarios", folder)


@seed(SEED + 2571)
@settled
@given(data=st.data())
def test_a_scenario_spoilt_as_data(told, data):
    options = tiny_project(told.folder / "project")
    path = options[3] / "tiny.yaml"
    content = spoilt_data(yaml.safe_load(path.read_text(encoding="utf-8")), data.draw)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    if told("check", "tiny", *options) == 0:
        told("run", "tiny", "--no-pages", "--no-cache", *options)


@seed(SEED + 2572)
@settled
@given(data=st.data())
def test_a_catalog_spoilt_as_text_or_data(told, data):
    options = tiny_project(told.folder / "project")
    path = options[1] / "catalog.yaml"
    content = path.read_text(encoding="utf-8")
    if data.draw(st.booleans()):
        content = spoilt_text(content, data.draw)
    else:
        content = yaml.safe_dump(spoilt_data(yaml.safe_load(content), data.draw))
    path.write_text(content, encoding="utf-8")
    told("layers", "audit", "--layers", options[1])
    if told("check", "tiny", *options) == 0:
        told("run", "tiny", "--no-pages", "--no-cache", *options)


def with_its_checksum(options, id, suffix="geojson"):
    path = options[1] / f"{id}.{suffix}"
    catalog = (options[1] / "catalog.yaml").read_text(encoding="utf-8")
    start = catalog.index(f"  {id}:\n")
    catalog = catalog[:start] + re.sub(
        r'sha256: "[0-9a-f]{64}"', f'sha256: "{sha256_of(path)}"', catalog[start:], count=1
    )
    (options[1] / "catalog.yaml").write_text(catalog, encoding="utf-8")


@seed(SEED + 2573)
@settled
@given(data=st.data())
def test_features_spoilt_as_text_or_data(told, data):
    options = tiny_project(told.folder / "project")
    id = data.draw(st.sampled_from(["study", "things", "zone"]))
    path = options[1] / f"{id}.geojson"
    content = path.read_text(encoding="utf-8")
    if data.draw(st.booleans()):
        content = spoilt_text(content, data.draw)
    else:
        content = str(yaml.safe_dump(spoilt_data(yaml.safe_load(content), data.draw),
                                     default_flow_style=True, width=10**6))  # fmt: skip
    path.write_text(content, encoding="utf-8")
    with_its_checksum(options, id)
    told("layers", "audit", "--layers", options[1])
    if told("check", "tiny", *options) == 0:
        told("run", "tiny", "--no-pages", "--no-cache", *options)


COORDINATES = [0.0, 1e9, -1e9, 99.7, 18.3, 180.0, 90.0, 1e308, float("nan"), float("inf")]


@seed(SEED + 2574)
@settled
@given(data=st.data())
def test_features_spoilt_in_their_geometry(told, data):
    import json

    options = tiny_project(told.folder / "project")
    id = data.draw(st.sampled_from(["study", "things", "zone"]))
    path = options[1] / f"{id}.geojson"
    content = json.loads(path.read_text(encoding="utf-8"))
    for _ in range(data.draw(st.integers(1, 3))):
        feature = content["features"][data.draw(st.integers(0, len(content["features"]) - 1))]
        where = data.draw(st.sampled_from([p for p in places_of(feature["geometry"]) if p]))
        inside = feature["geometry"]
        for key in where[:-1]:
            inside = inside[key]
        value = st.sampled_from([*COORDINATES, None, [], "x", "Point", "Polygon", "LineString",
                                 "GeometryCollection", "MultiPolygon"])  # fmt: skip
        inside[where[-1]] = copy.deepcopy(data.draw(value))
        if not feature["geometry"]:
            break
    path.write_text(json.dumps(content), encoding="utf-8")
    with_its_checksum(options, id)
    told("layers", "audit", "--layers", options[1])
    if told("check", "tiny", *options) == 0:
        told("run", "tiny", "--no-pages", "--no-cache", *options)


@pytest.mark.parametrize("far", [1e308, -1e308, 1e9])
@pytest.mark.parametrize("places", [[(3, 1)], [(0, 0), (4, 0)], [(0, 0), (0, 1), (4, 0), (4, 1)]])
@pytest.mark.parametrize("id", ["study", "zone"])
def test_corners_beyond_all_places_are_told_in_words(told, id, places, far):
    import json

    options = tiny_project(told.folder / "project")
    path = options[1] / f"{id}.geojson"
    content = json.loads(path.read_text(encoding="utf-8"))
    for corner, axis in places:
        content["features"][0]["geometry"]["coordinates"][0][corner][axis] = far
    path.write_text(json.dumps(content), encoding="utf-8")
    with_its_checksum(options, id)
    assert told("layers", "audit", "--layers", options[1]) == 1
    assert told("check", "tiny", *options) == 2


def test_a_signalling_nan_in_a_raster_is_read_as_any_other(told):
    options = tiny_project(told.folder / "project")
    path = options[1] / "slope.tif"
    heights = np.linspace(0, 30, 2500, dtype=np.float32)
    content = path.read_bytes()
    place = content.index(heights[1200:1203].tobytes()) + 4
    spoilt = content[:place] + np.uint32(0x7F800001).tobytes() + content[place + 4 :]
    path.write_bytes(spoilt)
    with_its_checksum(options, "slope", "tif")
    assert told("layers", "audit", "--layers", options[1]) == 0
    assert told("run", "tiny", "--no-pages", "--no-cache", *options) == 0


@seed(SEED + 2575)
@settled
@given(data=st.data())
def test_bytes_of_a_layer_spoilt(told, data):
    options = tiny_project(told.folder / "project")
    id, suffix = data.draw(st.sampled_from([("slope", "tif"), ("zone", "geojson")]))
    path = options[1] / f"{id}.{suffix}"
    content = bytearray(path.read_bytes())
    chance = random.Random(data.draw(st.integers(0, 2**32)))
    for _ in range(data.draw(st.integers(1, 20))):
        # Headers decide more than cells.
        most = data.draw(st.sampled_from([8, 300, len(content)]))
        content[chance.randrange(min(most, len(content)))] = chance.randrange(256)
    if data.draw(st.integers(0, 4)) == 0:
        del content[chance.randrange(len(content)) :]
    path.write_bytes(content)
    with_its_checksum(options, id, suffix)
    told("layers", "audit", "--layers", options[1])
    if told("check", "tiny", *options) == 0:
        told("run", "tiny", "--no-pages", "--no-cache", *options)


TABLES = sorted(path.name for path in LAYERS.glob("*.csv") if path.name != "sources.csv")


@seed(SEED + 2576)
@settled
@given(data=st.data())
def test_cells_of_a_bundled_table_spoilt(told, data):
    layers = told.folder / "layers"
    if not layers.exists():
        shutil.copytree(LAYERS, layers)
    name = data.draw(st.sampled_from(TABLES))
    lines = (LAYERS / name).read_text(encoding="utf-8").split("\n")
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, min(len(lines) - 1, 40)))
        cells = lines[at].split(",")
        what = data.draw(st.sampled_from(["cell", "cell", "cell", "row", "drop", "separator"]))
        if what == "cell":
            cells[data.draw(st.integers(0, len(cells) - 1))] = data.draw(st.sampled_from(HOSTILE))
            lines[at] = ",".join(cells)
        elif what == "row":
            lines.insert(at, lines[at])
        elif what == "drop":
            lines[at] = ",".join(cells[:-1])
        else:
            lines[at] = ";".join(cells)
    (layers / name).write_text("\n".join(lines), encoding="utf-8")
    catalog = (LAYERS / "catalog.yaml").read_text(encoding="utf-8")
    catalog = catalog.replace(sha256_of(LAYERS / name), sha256_of(layers / name))
    (layers / "catalog.yaml").write_text(catalog, encoding="utf-8")
    try:
        told("check", "baseline", "--layers", layers, "--scenarios", SCENARIOS)
    finally:
        shutil.copy(LAYERS / name, layers / name)


@seed(SEED + 2577)
@settled
@given(words=st.lists(st.sampled_from(
    ["run", "check", "explain", "assess", "compare", "report", "verify", "rerun", "bundle",
     "layers", "network", "cache", "schema", "tiny", "runs/tiny", "--at", "--set", "--years",
     "--viewpoints", "--matrix", "--out", "--json", "--no-pages", "--dry-run", "--help",
     "audit", "show", "list", "isochrone", "closure", "--to", "--jobs", "weights.far=2",
     *HOSTILE[:40]],
), max_size=6))  # fmt: skip
def test_any_words_on_the_command_line(told, words):
    options = tiny_project(told.folder / "project")
    if {"fetch", "desk", "baseline"} & set(words):
        return
    told(*[word.replace("\x00", "") for word in words], *options)


def test_every_kind_is_tried_as_often_as_asked():
    assert TRIES >= 1
    assert Path(__file__).read_text(encoding="utf-8").count("@settled") == 9 + 1
