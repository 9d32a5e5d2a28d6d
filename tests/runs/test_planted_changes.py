"""Every input of a small run is changed, one by one: what rests on it is another, and no more."""

import json

import pytest
import shapely

from maemoh_gis.cache.store import NO_CACHE, Store
from maemoh_gis.runs.project import prepare
from tests.engine.test_kept import made
from tests.tiny import SOUTH, WEST, write_project

THING = shapely.Point(WEST + 3_000, SOUTH + 3_000)
TOWN = shapely.box(WEST + 6_000, SOUTH + 6_000, WEST + 7_000, SOUTH + 7_000)
IN_TOWN = """limits:
  town:
    title: {th: เมือง, en: Town}
    ground: planning
    basis: {th: ทดสอบ, en: A test}
    outcome: conditional
    layer: town
    test: {inside: true}
"""


def project_of(folder, *changes, things=THING, town=TOWN, unread=THING):
    """Write the small run, with words of its scenario exchanged or a layer another."""
    project = write_project(folder, [things], complete="extent", town=[town], unread=[unread])
    path = project.scenarios / "tiny.yaml"
    told = path.read_text(encoding="utf-8").replace("limits:\n", IN_TOWN)
    for old, new in changes:
        assert told.count(old) == 1, old
        told = told.replace(old, new)
    path.write_text(told, encoding="utf-8")
    return project


OF_LIMIT = {"limit:near", "state:estate", "sites:estate"}
# A cell is unknown where a criterion lacks its input, so its state rests on the criteria too.
OF_SCORE = {"criterion:estate.far", "score:estate", "state:estate", "sites:estate"}
REMOVED = {"law_coverage.csv", "removed.csv", "tables.xlsx"}
BY_DISTRICT = "removed_by_district.csv"
PAGES = {"map.html", "report.html", "run.json"}
SHEETS = {
    "eco_town.html", "site_sheets.html", "smart_city.html", "villages.html",
    "brief_committee.html", "brief_egat.html", "brief_villagers.html",
}  # fmt: skip
# What is changed; the stages and the files that rest on it, beside pages where a scenario is told.
CHANGES = {
    "layer things": (
        {"things": shapely.Point(WEST + 3_550, SOUTH + 3_000)},
        {"distance:things", *OF_LIMIT, *OF_SCORE},
        {"limits_estate.tif", "score_estate.tif", "values_estate.svg", BY_DISTRICT, *REMOVED},
    ),
    "layer town": (
        {"town": TOWN.buffer(200)},
        {"inside:town", "limit:town", "state:estate", "sites:estate"},
        {"limits_estate.tif", "removed.csv", "tables.xlsx"},
    ),
    "layer unread": ({"unread": shapely.Point(WEST, SOUTH)}, set(), set()),
    "title": (("en: Tiny}", "en: Small}"), set(), set()),
    "question": (("question: {th: ทดสอบ", "question: {th: อื่น"), set(), set()),
    "year": (("year: 2569", "year: 2570"), set(), {"limits_estate.tif", "score_estate.tif"}),
    "seed": (("seed: 1", "seed: 2"), set(), set()),
    "grid": (("cell_m: 100", "cell_m: 200"), {"every stage"}, {"every file"}),
    "view": (("view: {layer: study}", "view: {layer: town}"), set(), set()),
    "limit": (
        ("{within_m: 500}", "{within_m: 600}"),
        OF_LIMIT,
        {"limits_estate.tif", BY_DISTRICT, *REMOVED},
    ),
    "words of a limit": (("en: Near}", "en: Close}"), set(), REMOVED),
    "land": (("least_rai: 50", "least_rai: 60"), {"sites:estate"}, set()),
    "words of a use": (
        ("en: Estate}", "en: Works}"),
        set(),
        {"values_estate.svg", "law_coverage.csv"},
    ),
    "words of a criterion": (("en: Far}", "en: Away}"), set(), {"values_estate.svg"}),
    "trust": (
        ("confidence: H\n        m", "confidence: M\n        m"),
        set(),
        {"sites.gpkg", "tables.xlsx"},
    ),
    "value": (("[0, 0]", "[0, 0.1]"), OF_SCORE, {"score_estate.tif", "values_estate.svg"}),
    "words of a viewpoint": (("en: Only}", "en: One}"), set(), set()),
}


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """Give the run before any change, and the store it filled."""
    root = tmp_path_factory.mktemp("before")
    store = Store(root)
    resolved, catalog = prepare(project_of(root / "project"), "tiny")
    return store, made(resolved, catalog, root / "run", store)[0]


@pytest.mark.parametrize("change", CHANGES)
def test_what_rests_on_a_change_is_another_and_nothing_else(before, tmp_path, change):
    (store, old), (planted, stages, files) = before, CHANGES[change]
    layers, words = (planted, ()) if isinstance(planted, dict) else ({}, (planted,))
    resolved, catalog = prepare(project_of(tmp_path / "project", *words, **layers), "tiny")
    new, computed = made(resolved, catalog, tmp_path / "warm", store)
    assert new == made(resolved, catalog, tmp_path / "cold", NO_CACHE)[0]
    keys = [json.loads(files["run.json"])["stages"] for files in (old, new)]
    other = {id for id in keys[0] if keys[0][id] != keys[1][id]}
    assert other == (set(keys[0]) if stages == {"every stage"} else stages)
    assert other & set(computed) == other
    assert other or not computed
    differ = {name for name in old if old[name] != new[name]} - PAGES - SHEETS
    assert differ == (set(old) - PAGES - SHEETS if files == {"every file"} else files)
