"""
Causes planted in a made-up land, each worked out by hand before the ledger is asked.

A square of 100 x 100 cells of 100 m. A plant stands on 20 x 10 cells in its south-west until A
is gone; an estate may be asked for there five years later. Within 500 m of one thing land goes;
the score is the distance to it over 1,000 m, 1 at most.
"""

import math
from itertools import combinations

import numpy as np
import pytest
import shapely

from maemoh_gis.ask.ledger import ledger
from maemoh_gis.ask.ledger_words import LedgerTold
from maemoh_gis.files import sha256_of, write_csv
from maemoh_gis.runs.finished import open_run
from maemoh_gis.runs.run import run
from tests.shared import once
from tests.tiny import SOUTH, WEST, write_project

CELLS, CELL_M = 100, 100.0
CELL_RAI = CELL_M**2 / 1600
MIDDLE = (WEST + 5000.0, SOUTH + 5000.0)
PLANT = shapely.box(WEST, SOUTH, WEST + 2000, SOUTH + 1000)
# Ten by ten cells, half of them of the plant.
FLOOD = shapely.box(WEST + 1500, SOUTH, WEST + 2500, SOUTH + 1000)
USE = "estate"

TABLE = """  {id}:
    title: {{th: ทดสอบ, en: {id}}}
    kind: table
    path: {id}.csv
    nature: assumed
    confidence: H
    complete_within: none
    source: made for a test
    licence: CC0-1.0
    as_of: 2569
    retrieved: "2569-11-21"
    caution: {{th: ทดสอบ, en: A test}}
    sha256: "{sha256}"
    columns:
"""
EXACT = "{{low: {0}, central: {0}, high: {0}, confidence: H, basis: A test}}".format
LIMIT = """  {id}:
    title: {{th: ทดสอบ, en: {id}}}
    ground: law
    basis: {{th: ทดสอบ, en: A test}}
    outcome: removed
    layer: {layer}
    test: {test}
"""
PAPERS = """
    basis:
      - title: {th: ทดสอบ, en: A paper}
        date: "2569-01-01"
        covers: [forest_return_or_permit, closure_accepted]"""


def scenario(
    *, year=2569, last_year=2575, near_m=500, flood=False, pace=10, far_m=1000, papers=False
):
    """Write the scenario with some of its entries changed."""
    limits = LIMIT.format(id="near", layer="things", test=f"{{within_m: {near_m}}}")
    if flood:
        limits += LIMIT.format(id="flooded", layer="flood", test="{inside: true}")
    return f"""version: 1
id: tiny
title: {{th: เล็ก, en: Tiny}}
question: {{th: ทดสอบ, en: A test}}
year: {year}
seed: 1
grid: {{crs: "EPSG:32647", cell_m: 100}}
area: {{layer: study}}
view: {{layer: study}}
limits:
{limits}uses:
  estate:
    title: {{th: นิคม, en: Estate}}
    land:
      {{area_rai: 100, least_rai: 50, least_score: 0.1, conditional: true, sites: 2, basis: A test}}
    criteria:
      far:
        title: {{th: ไกล, en: Far}}
        basis: A test
        confidence: H
        measure: {{distance_to: things}}
        value: {{unit: m, points: [[0, 0], [{far_m}, 1]]}}
viewpoint: only
viewpoints:
  only:
    title: {{th: เดียว, en: Only}}
    basis: A test
    weights: {{estate: {{far: 1}}}}
timeline:
  layer: units
  reference_year: 2569
  units:
    A: {{last_year: {last_year}, confidence: H, basis: A test}}
  coefficients:
    full_load_hours: {EXACT(5000)}
    lignite_t_per_mwh: {EXACT(1)}
    ultra_supercritical_share: {EXACT(1)}
    fly_ash_t_per_t: {EXACT(0.2)}
    gypsum_t_per_t: {EXACT(0.1)}
    fly_ash_carried_share: {EXACT(1)}
    gypsum_carried_share: {EXACT(1)}
    water_mm3_per_mw: {EXACT(0.02)}
    jobs_per_mw: {EXACT(2)}
after_use: {{layer: after}}
zones:
  plant:
    title: {{th: โรงไฟฟ้า, en: Plant}}
    kind: plant
    land_class: block
    layer: plant
    units: [A]
    needs: [forest_return_or_permit]{PAPERS if papers else ""}
    confidence: H
    source: {{th: ทดสอบ, en: A test}}
estate:
  title: {{th: นิคม, en: Estate}}
  place: {{title: {{th: นิคม, en: Estate}}, lon: 99.7, lat: 18.2}}
  rai: 10000
  sold_share: {EXACT(1)}
  first_year: 2569
  take_up_rai: {EXACT(pace)}
  industries:
    all:
      title: {{th: ทั้งหมด, en: All}}
      share: 1
      factories_per_100_rai: {EXACT(4)}
      jobs_per_rai: {EXACT(8)}
      water_m3_per_rai_day: {EXACT(5)}
      mw_per_rai: {EXACT(0.1)}
      teu_per_rai: {EXACT(12)}
      share_in: 0.5
      boxes: {{heavy_20: 1}}
      basis: A test
  water_days: 300
  trains: {{teu_a_train: {EXACT(50)}, weeks: 50, filled: 0.7}}
  steps:
    none: {{title: {{th: ศูนย์, en: None}}, needs: {{th: ไม่มี, en: Nothing}}, pairs_a_week: 0}}
  basis: A test
"""


CHANGES = {
    "year": {"year": 2585},
    "timeline": {"last_year": 2560},
    "limits.near": {"near_m": 300},
    "limits.flooded": {"flood": True},
    "estate": {"pace": 20},
    "uses.estate": {"far_m": 4000},
    "zones.plant": {"papers": True},
}
"""Each cause by its key, and how the scenario is changed by it alone."""
ALL = {name: value for change in CHANGES.values() for name, value in change.items()}
HOLD = {"limits.near", "limits.flooded", "year", "timeline", "zones.plant"}
"""Causes that move which land is open or allowed."""


def write(folder, **changes):
    project = write_project(
        folder, [shapely.Point(MIDDLE)], complete="extent", plant=[PLANT], flood=[FLOOD]
    )
    units = ("id", "name_th", "name_en", "gross_mw", "technology", "start_year_be", "status")
    after = ("class", "title_th", "title_en", "use", "years_low", "years_central", "years_high",
             "papers", "only_if_named", "confidence", "basis_th", "basis_en", "source")  # fmt: skip
    tables = {
        "units": (units, [("A", "ก", "A", 100, "subcritical", 2540, "operating")]),
        "after": (after, [("block", "บริเวณ", "Block", "estate", 5, 5, 5, "closure_accepted", "",
                           "H", "ทดสอบ", "A test", "A test")]),
    }  # fmt: skip
    catalog = project.layers / "catalog.yaml"
    words = catalog.read_text("utf-8")
    for id, (columns, rows) in tables.items():
        sha256 = write_csv(project.layers / f"{id}.csv", columns, rows)
        assert sha256 == sha256_of(project.layers / f"{id}.csv")
        words += TABLE.format(id=id, sha256=sha256)
        words += "".join(f"      {name}: {{th: ทดสอบ, en: A test}}\n" for name in columns)
    catalog.write_text(words, encoding="utf-8")
    file = project.scenarios / "tiny.yaml"
    file.write_text(scenario(**changes), encoding="utf-8")
    return project


@pytest.fixture(scope="module")
def found(of_all):
    def make(root):
        for name, changes in (("plain", {}), ("all", ALL)):
            run(write(root / name, **changes), "tiny", root / "runs" / name, pages=False)

    folder = once(of_all / "planted_causes", make)
    catalog = write(folder / "read").catalog()
    runs = [open_run(folder / "runs" / name, catalog) for name in ("plain", "all")]
    return ledger(*runs), *runs


def alone(found):
    return {one.cause.key: one.moved for one in found[0].entries}


# What the hand works out. Rows go from north to south.
def centres():
    east = WEST + CELL_M * (np.arange(CELLS) + 0.5)
    north = SOUTH + CELL_M * (np.arange(CELLS)[::-1] + 0.5)
    return np.meshgrid(east, north)


def inside(box):
    x, y = centres()
    west, south, east, north = box.bounds
    return (x > west) & (x < east) & (y > south) & (y < north)


def state(*, year=2569, last_year=2575, near_m=500, flood=False, papers=False, far_m=1000, pace=10):
    """Work out which cells are open, which of them allowed, and the score."""
    x, y = centres()
    away = np.hypot(x - MIDDLE[0], y - MIDDLE[1])
    asked = year >= last_year + 1 + 5
    closed = (away <= near_m) | (inside(FLOOD) if flood else False)
    opened = ~closed & (~inside(PLANT) | asked)
    allowed = opened & ~(inside(PLANT) & (not papers))
    return opened, allowed, np.where(opened, np.minimum(away / far_m, 1), np.nan)


def figures(*, year=2569, last_year=2575, pace=10, **_):
    runs, occupied = year <= last_year, pace * max(0, year - 2568)
    # The unit counts as gone only where it still ran in the reference year.
    gone = 100 if last_year >= 2569 and not runs else 0
    return {"mw": 100 * runs, "jobs_exposed": 2 * gone, "water_freed_mm3": 0.02 * gone,
            "occupied_rai": occupied, "estate_factories": 0.04 * occupied,
            "estate_jobs": 8 * occupied, "estate_water_mm3": occupied * 5 * 300 / 1e6,
            "estate_mw": 0.1 * occupied, "estate_teu": 12 * occupied}  # fmt: skip


def rai(cells):
    return float(np.sum(cells)) * CELL_RAI


def by_hand(**changes):
    before, after = state(), state(**changes)
    (open0, allowed0, score0), (open1, allowed1, score1) = before, after
    with np.errstate(invalid="ignore"):
        other = ~((score0 == score1) | (np.isnan(score0) & np.isnan(score1)))
        good = [opened & (score >= 0.6) for opened, _, score in (before, after)]
    return {
        "opened": open1 & ~open0, "closed": open0 & ~open1, "good": good,
        "changed": (open0 != open1) | (allowed0 != allowed1) | (other & open0 & open1),
        "allowed": rai(allowed1) - rai(allowed0),
    }  # fmt: skip


def test_every_planted_cause_is_found_and_no_other(found):
    assert set(alone(found)) == set(CHANGES)


@pytest.mark.parametrize("cause", CHANGES)
def test_each_cause_alone_moves_the_land_worked_out_by_hand_and_not_a_cell_elsewhere(found, cause):
    moved, hand = alone(found)[cause], by_hand(**CHANGES[cause])
    assert moved.opened_rai[USE] == pytest.approx(rai(hand["opened"]))
    assert moved.closed_rai[USE] == pytest.approx(rai(hand["closed"]))
    assert moved.allowed_rai[USE] == pytest.approx(hand["allowed"])
    before, after = hand["good"]
    assert moved.good_rai[USE] == pytest.approx(rai(after) - rai(before))
    assert (moved.changed[USE] == hand["changed"]).all()


def test_the_directions_are_those_that_were_planted(found):
    moved = alone(found)
    assert rai(by_hand(**CHANGES["year"])["opened"]) == 200 * CELL_RAI
    assert (moved["year"].opened_rai[USE], moved["year"].closed_rai[USE]) == (200 * CELL_RAI, 0)
    assert moved["limits.near"].opened_rai[USE] > 0 == moved["limits.near"].closed_rai[USE]
    # Half of the flooded cells are plant land, which is closed already.
    assert moved["limits.flooded"].closed_rai[USE] == 50 * CELL_RAI
    assert moved["uses.estate"].good_rai[USE] < 0 == moved["uses.estate"].opened_rai[USE]
    assert moved["zones.plant"].nothing
    assert moved["estate"].land_rai == 0


@pytest.mark.parametrize("cause", CHANGES)
def test_each_cause_alone_moves_the_figures_worked_out_by_hand_and_no_other(found, cause):
    before, after = figures(), figures(**CHANGES[cause])
    wanted = {name: after[name] - before[name] for name in before}
    assert alone(found)[cause].figures == pytest.approx(wanted)


def test_twice_the_occupied_land_at_the_same_mix_sends_twice_the_boxes(found):
    before = figures()
    moved = alone(found)["estate"].figures
    for name in ("occupied_rai", "estate_teu", "estate_jobs", "estate_water_mm3", "estate_mw"):
        assert moved[name] == pytest.approx(before[name])


def test_all_causes_together_are_their_sum_and_the_interaction(found):
    told, hand = found[0], by_hand(**ALL)
    net = rai(hand["opened"]) - rai(hand["closed"])
    each = [by_hand(**change) for change in CHANGES.values()]
    sums = math.fsum(rai(one["opened"]) - rai(one["closed"]) for one in each)
    assert told.together.opened_rai[USE] - told.together.closed_rai[USE] == pytest.approx(net)
    # The plant opens by the year or by the unit: once, not twice; and half the flood lies on it.
    assert net - sums == pytest.approx(-(200 + 50) * CELL_RAI)
    assert told.interaction_rai(USE) == pytest.approx(net - sums)
    assert (told.together.changed[USE] == hand["changed"]).all()


def test_the_land_in_common_is_that_of_the_hand_and_falls_with_it(found):
    (before, _, _), (after, _, _) = state(), state(**ALL)
    share = np.sum(before & after) / np.sum(before | after)
    assert found[0].jaccard(USE) == pytest.approx(share)
    assert share < 1
    said = LedgerTold(*found).first_sentence()
    assert f"{math.floor(share * 10_000) / 10_000:.4f}" in said["en"]


def test_no_pair_of_causes_is_told_as_one(found):
    """Two causes move other cells, unless both open the plant."""
    cells = {key: moved.changed[USE] for key, moved in alone(found).items() if key in HOLD}
    for one, other in combinations(cells, 2):
        same = (cells[one] == cells[other]).all() and cells[one].any()
        assert bool(same) == ({one, other} == {"year", "timeline"})


def test_land_whose_papers_are_wanting_is_said_to_be_asked_for_and_not_open(found):
    told = {line["en"].partition(",")[0]: line["en"] for line in LedgerTold(*found).lines()}
    asked = told["year asked for"]
    assert "may be asked for, papers wanting" in asked
    near = next(line for line in told.values() if "limit near" in line)
    assert "open" in near
    assert "may be asked for" not in near
