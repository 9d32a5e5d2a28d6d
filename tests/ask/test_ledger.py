"""Why two runs differ: each cause alone, worked out again on the rasters of runs."""

import copy
import html
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import rasterio

from maemoh_gis.ask.ledger import ledger
from maemoh_gis.ask.ledger_words import COLUMNS, FIGURES, LedgerTold
from maemoh_gis.ask.why import explainer, told_ledger
from maemoh_gis.cache.store import Store
from maemoh_gis.comparison.compare import compare
from maemoh_gis.core.errors import RunError
from maemoh_gis.files import read_csv, read_json
from maemoh_gis.runs.finished import open_run
from maemoh_gis.runs.project import Project
from maemoh_gis.runs.run import run
from maemoh_gis.scenario.causes import causes_between
from tests.few_roads import copy_scenarios
from tests.paths import LAYERS
from tests.shared import once

HEAD = """version: 1
id: {id}
extends: baseline
title: {{th: ทดสอบ, en: A test}}
question: {{th: ทดสอบ, en: A test?}}
{year}change:
  grid: {{crs: "EPSG:32647", cell_m: 400}}
  area: {{layer: districts, where: {{code: 5202}}}}
  freight: null
  choice: null
  links: null
  uses.container_yard.yard: null
{more}"""
STEEP = "  limits.steep_land.test.above: 5\n"
HOMES = "  limits.settlement_core.test.within_m: 3000\n"
ESTATE = "  estate.rai: 2000\n  estate.first_year: 2569\n"
RUNS = {
    "plain": "",
    "steep": STEEP,
    "homes": HOMES,
    "both": STEEP + HOMES,
    "estate": ESTATE,
    "same": "",
    "all": STEEP + HOMES + ESTATE,
    "no_estate": "  estate: null\n  gates: {}\n",
    "no_units": "  timeline: null\n  zones: {}\n",
}


@pytest.fixture(scope="module")
def folder(of_all, shared_store):
    def make(root):
        copy_scenarios(root / "scenarios")
        for id, more in RUNS.items():
            path = root / "scenarios" / f"{id}.yaml"
            path.write_text(HEAD.format(id=id, year="", more=more), encoding="utf-8")
            project = Project(LAYERS, root / "scenarios")
            run(project, id, root / "runs" / id, store=shared_store, pages=False)

    return once(of_all / "ledger", make) / "runs"


@pytest.fixture(scope="module")
def opened(folder):
    catalog = Project(LAYERS, folder).catalog()
    return {id: open_run(folder / id, catalog) for id in RUNS}


@pytest.fixture(scope="module")
def store(of_all):
    """Give what ledgers keep; nothing of the runs they are held against."""
    folder = of_all / "kept_of_ledgers"
    folder.mkdir(mode=0o700, exist_ok=True)
    return Store(folder)


@pytest.fixture(scope="module")
def between(store):
    """Work a ledger out; what several need is computed once."""
    return partial(ledger, store=store)


@pytest.fixture(scope="module")
def of_all_causes(opened, between):
    return between(opened["plain"], opened["all"])


def states(run, use="green_estate"):
    with rasterio.open(run.folder / f"limits_{use}.tif") as raster:
        return raster.read(1)


def net_rai(before, after):
    opened = [np.isin(state, (1, 2)).sum() for state in (before, after)]
    return (int(opened[1]) - int(opened[0])) * 400**2 / 1600


def test_causes_are_the_entries_in_which_scenarios_differ():
    first = {
        "id": "a",
        "year": 2569,
        "limits": {"x": {"a": 1}, "y": {"a": 1}},
        "estate": {"rai": 1},
    }
    second = {"id": "b", "year": 2593, "limits": {"x": {"a": 2}, "z": {"a": 1}},
              "estate": {"rai": 1}}  # fmt: skip
    found = {one.key: (one.was, one.becomes) for one in causes_between(first, second)}
    assert found == {
        "year": (2569, 2593),
        "limits.x": ({"a": 1}, {"a": 2}),
        "limits.y": ({"a": 1}, None),
        "limits.z": (None, {"a": 1}),
    }


def test_what_is_said_of_a_use_of_one_scenario_only_is_no_cause():
    first = {"uses": {"a": {}, "b": {}}, "limits": {"x": {"test": 1}}, "viewpoints": {"v": {
        "weights": {"a": {"m": 1}}}}}  # fmt: skip
    second = {"uses": {"a": {}, "b": {}, "c": {}}, "limits": {"x": {"test": 1, "uses": ["a", "b"]}},
              "viewpoints": {"v": {"weights": {"a": {"m": 1}, "c": {"m": 1}}}}}  # fmt: skip
    assert causes_between(first, second) == []
    second["limits"]["x"]["uses"] = ["a"]
    assert [one.key for one in causes_between(first, second)] == ["limits.x"]
    second["viewpoints"]["v"]["weights"]["a"] = {"m": 2}
    assert [one.key for one in causes_between(first, second)][-1] == "viewpoints"


def test_the_interaction_stands_in_a_column_of_its_own(of_all_causes, opened):
    told = LedgerTold(of_all_causes, opened["plain"], opened["all"])
    columns = (*COLUMNS, *FIGURES)
    (row,) = [
        dict(zip(columns, row, strict=True))
        for row in told.rows()
        if row[0] == "interaction" and row[3] == "green_estate"
    ]
    assert row["interaction_rai"] == round(of_all_causes.interaction_rai("green_estate"), 1) > 0
    assert {row[name] for name in columns if name.endswith("_rai") and name != "interaction_rai"} \
        == {""}  # fmt: skip


def test_land_is_good_from_the_score_that_is_asked_for(opened, between):
    def good(at_least):
        found = between(opened["plain"], opened["steep"], at_least=at_least)
        return int(found.before.good["green_estate"].sum())

    score = rasterio.open(opened["plain"].folder / "score_green_estate.tif").read(1)
    state = np.isin(states(opened["plain"]), (1, 2))
    for at_least in (0.6, 0.7):
        assert good(at_least) == int((state & (score >= at_least)).sum())
    assert good(0.7) < good(0.6)


def test_a_ledger_is_worked_out_once_and_told_again_alike(opened, tmp_path):
    store = Store(tmp_path / "kept")
    store.folder.mkdir()
    seen = []
    runs = (opened["plain"], opened["steep"])
    first = told_ledger(*runs, seen.append, store)
    assert len(seen) == 3
    assert told_ledger(*runs, seen.append, store) == first
    assert len(seen) == 3
    # Another score for good land is another question.
    told_ledger(*runs, seen.append, store, at_least=0.7)
    assert len(seen) == 6


@pytest.fixture(scope="module")
def compared(folder, of_all, store):
    def make(root):
        catalog = Project(LAYERS, folder).catalog()

        def between(*ids, asked=None):
            explain = explainer(catalog, asked=asked, store=store)
            compare([folder / id for id in ids], catalog, root / "-".join(ids), explain=explain)

        between("plain", "all")
        between("plain", "same")
        between("plain", "steep", asked=False)
        between("plain", "steep", "same")
        between("plain", "homes", "steep", asked=True)

    return once(of_all / "compared_ledgers", make)


def record_of(folder):
    return read_json(folder / "compare.json")


def test_a_comparison_of_two_opens_with_the_sentence_of_their_ledger(compared, opened, between):
    record = record_of(compared / "plain-all")
    told = LedgerTold(between(opened["plain"], opened["all"]), opened["plain"], opened["all"])
    assert record["first"] == told.first_sentence()
    assert record["causes"][0][0] == told.most()
    page = (compared / "plain-all" / "comparison.html").read_text("utf-8")
    said = html.escape(record["first"]["th"])
    assert said in page
    # Before everything else in the panel; on the bar above stands that this is no permit.
    assert page.index('class="notice"') < page.index(said) < page.index('class="caveats"')
    assert page.index('class="caveats"') < page.index('id="table-causes"')
    rows = read_csv(compared / "plain-all" / "ledger.csv")
    assert {row["run"] for row in rows} == {"all"}
    assert len(rows) == len(list(told.rows()))


def test_no_difference_between_compared_runs_is_said_with_what_still_binds(compared):
    said = record_of(compared / "plain-same")["first"]
    assert said["th"].startswith("ที่ดินและตัวเลขไม่ต่างกัน เพราะ")
    assert "alone removes" in said["en"]


def test_without_a_ledger_the_sentence_says_what_land_moved_and_in_what_they_differ(compared):
    record = record_of(compared / "plain-steep")
    assert record["causes"] == []
    assert "ledger.csv" not in record["outputs"]
    land = record["uses"]["green_estate"]["land"]
    moved = land["steep"]["allowed_rai"] - land["plain"]["allowed_rai"]
    assert moved < 0
    assert f"allowed {moved:+,.0f} rai" in record["first"]["en"]
    assert "Slope above" in record["first"]["en"]


def test_several_runs_open_with_one_sentence_too(compared):
    said = record_of(compared / "plain-steep-same")["first"]["en"]
    assert said.startswith("Against A test")
    assert "1 runs move no land" in said
    assert "Slope above" in said
    assert said.count(". ") == 0


def test_a_ledger_that_is_asked_for_is_told_of_every_run(compared):
    rows = read_csv(compared / "plain-homes-steep" / "ledger.csv")
    assert {(row["run"], row["cause"]) for row in rows if "." in row["cause"]} == {
        ("homes", "limits.settlement_core"), ("steep", "limits.steep_land"),
    }  # fmt: skip


def test_every_run_of_several_is_told_against_the_first_in_a_sentence_of_its_own(
    compared, opened, between
):
    record = record_of(compared / "plain-homes-steep")
    told = [
        LedgerTold(between(opened["plain"], opened[id]), opened["plain"], opened[id])
        for id in ("homes", "steep")
    ]
    assert record["firsts"] == [one.first_sentence() for one in told]
    page = (compared / "plain-homes-steep" / "comparison.html").read_text("utf-8")
    table = page.partition('id="table-firsts"')[2].partition("</section>")[0]
    for said in record["firsts"]:
        assert html.escape(said["th"]) in table
    causes = page.partition('id="table-causes"')[2].partition("</section>")[0]
    assert "A test (homes)" in causes
    assert "A test (steep)" in causes


def test_unasked_runs_are_told_in_their_order_as_long_as_few_causes_lie_between_them(
    folder, opened, monkeypatch
):
    monkeypatch.setattr("maemoh_gis.ask.why.MOST_CAUSES", 2)
    asked = []
    monkeypatch.setattr("maemoh_gis.ask.why.told_ledger", lambda _, other, *__: asked.append(other))
    monkeypatch.setattr("maemoh_gis.ask.why._why", lambda _: "told")
    explain = explainer(opened["plain"].catalog, asked=None)

    def of(id):
        return SimpleNamespace(folder=folder / id, record=opened[id].record)

    found = [explain(of("plain"), of(id)) for id in ("steep", "all", "homes", "estate")]
    # One cause, three, one, one: two in all.
    assert found == ["told", None, "told", None]
    assert [run.folder.name for run in asked] == ["steep", "homes"]


def test_a_comparison_is_not_kept_from_runs_whose_layers_are_others_now(opened):
    explain = explainer(opened["plain"].catalog, asked=None)
    one = SimpleNamespace(folder=Path("gone"), record=opened["plain"].record)
    other = SimpleNamespace(folder=Path("gone"), record=opened["steep"].record)
    assert explain(one, other) is None
    with pytest.raises(RunError):
        explainer(opened["plain"].catalog, asked=True)(one, other)


def test_a_comparison_names_runs_uses_and_facts_by_title_and_not_by_id(compared):
    page = (compared / "plain-steep" / "comparison.html").read_text("utf-8")
    for table in ("land", "zones", "indicators", "differences"):
        told = page.partition(f'id="table-{table}"')[2].partition("</section>")[0]
        assert "A test (steep)" in told, table
        assert "<bdi>steep" not in told, table
    told = page.partition('id="table-differences"')[2].partition("</section>")[0]
    assert "limits.steep_land" not in told
    assert "ข้อจำกัด ความลาดชันเกินร้อยละ" in told


def test_each_cause_alone_moves_what_a_run_of_it_alone_moves(of_all_causes, opened):
    plain = states(opened["plain"])
    moved = {one.cause.key: one.moved for one in of_all_causes.entries}
    assert set(moved) == {"limits.steep_land", "limits.settlement_core", "estate"}
    for key, name in (("limits.steep_land", "steep"), ("limits.settlement_core", "homes")):
        alone = states(opened[name])
        one = moved[key]
        net = one.opened_rai["green_estate"] - one.closed_rai["green_estate"]
        assert net == pytest.approx(net_rai(plain, alone))
        differs = plain != alone
        assert differs.any()
        # Not one cell elsewhere changes its state.
        assert (one.changed["green_estate"] | ~differs).all()


def test_the_estate_moves_figures_and_not_a_cell(of_all_causes):
    (estate,) = [one for one in of_all_causes.entries if one.cause.key == "estate"]
    assert estate.moved.land_rai == 0
    # 43 rai a year from 2569 on, in place of none until 2577
    assert estate.moved.figures["occupied_rai"] == pytest.approx(43)
    assert estate.moved.figures["estate_teu"] == pytest.approx(430)


def test_alone_and_together_differ_by_the_interaction_that_is_told(of_all_causes, opened):
    plain, both = states(opened["plain"]), states(opened["both"])
    net = {name: net_rai(plain, states(opened[name])) for name in ("steep", "homes")}
    interaction = net_rai(plain, both) - sum(net.values())
    # Land that is both steep and near a village is lost once, not twice.
    assert interaction > 0
    assert of_all_causes.interaction_rai("green_estate") == pytest.approx(interaction)


def test_the_share_of_land_in_common_is_that_of_the_rasters(of_all_causes, opened):
    one, other = (np.isin(states(opened[id]), (1, 2)) for id in ("plain", "all"))
    wanted = (one & other).sum() / (one | other).sum()
    assert of_all_causes.jaccard("green_estate") == pytest.approx(float(wanted))


def test_causes_stand_in_the_order_of_the_land_they_move(of_all_causes):
    land = [one.moved.land_rai for one in of_all_causes.entries]
    assert land == sorted(land, reverse=True)


def test_no_difference_is_said_with_the_limit_that_still_binds(opened, folder, between):
    found = between(opened["plain"], opened["same"])
    assert found.entries == ()
    told = LedgerTold(found, opened["plain"], opened["same"]).first_sentence()
    assert told["th"].startswith("ที่ดินและตัวเลขไม่ต่างกัน เพราะ")
    assert "alone removes" in told["en"]


def test_what_moves_no_land_says_so(opened, between):
    found = between(opened["plain"], opened["estate"])
    told = LedgerTold(found, opened["plain"], opened["estate"]).first_sentence()
    assert told["en"].startswith("No land moves")
    assert "occupied rai of the estate +43" in told["en"]


def test_rows_hold_what_is_told(of_all_causes, opened):
    told = LedgerTold(of_all_causes, opened["plain"], opened["all"])
    rows = [dict(zip((*COLUMNS, *FIGURES), row, strict=True)) for row in told.rows()]
    assert {row["cause"] for row in rows} == {
        "limits.steep_land", "limits.settlement_core", "estate", "all", "interaction",
    }  # fmt: skip
    steep = next(row for row in rows if row["cause"] == "limits.steep_land")
    assert steep["closed_rai"] > 0
    assert steep["subdistricts_th"]
    assert all(len(row) == len(COLUMNS) + len(FIGURES) for row in rows)


def test_runs_on_different_grids_are_refused(opened):
    from dataclasses import replace

    other = replace(opened["same"], grid=replace(opened["same"].grid, rows=1))
    with pytest.raises(RunError) as refused:
        ledger(opened["plain"], other)
    assert [fault.code for fault in refused.value.faults] == ["ledger_grids"]


def test_the_verb_tells_and_writes_and_spares_a_file(maemoh, folder, tmp_path):
    table = tmp_path / "ledger.csv"
    asked = ("ledger", folder / "plain", folder / "steep", "--out", table, "--layers", LAYERS)
    code, out, _ = maemoh(*asked)
    assert code == 0
    assert "Slope above" in out
    assert table.read_text(encoding="utf-8-sig").startswith("cause,")
    code, _, err = maemoh(*asked)
    assert code == 2
    assert "--replace" in err


def test_an_estate_in_one_run_only_moves_its_figures(opened, between):
    found = between(opened["no_estate"], opened["estate"])
    rai = opened["estate"].record["estate"]["occupied_rai"]["central"]
    assert rai > 0
    assert found.together.figures["occupied_rai"] == pytest.approx(rai)
    said = LedgerTold(found, opened["no_estate"], opened["estate"]).first_sentence()
    assert "No difference" not in said["en"]
    assert f"{rai:+,.0f}" in said["en"]


def test_a_figure_of_one_run_only_is_no_number(opened, between):
    told = LedgerTold(between(opened["plain"], opened["no_units"]), opened["plain"],
                      opened["no_units"])  # fmt: skip
    assert "No difference" not in told.first_sentence()["en"]
    columns = (*COLUMNS, *FIGURES)
    (row, *_) = [row for row in told.rows() if row[0] == "timeline"]
    assert row[columns.index("mw")] == ""
    assert "known in only one" in " ".join(line["en"] for line in told.lines())


def test_land_that_only_all_causes_together_move_is_not_said_to_stay(opened, of_all_causes):
    alone = [replace(one, moved=None) for one in of_all_causes.entries]
    found = replace(of_all_causes, entries=tuple(alone))
    said = LedgerTold(found, opened["plain"], opened["all"]).first_sentence()
    assert "No land moves" not in said["en"]
    assert "together" in said["en"]


def test_a_viewpoint_the_other_run_brings_with_it_cannot_stand_alone(opened, between):
    other = copy.deepcopy(dict(opened["plain"].record))
    resolved = other["resolved"]
    resolved["viewpoints"]["own"] = resolved["viewpoints"]["villagers"]
    resolved["viewpoint"] = "own"
    found = between(opened["plain"], replace(opened["plain"], record=other))
    moved = {one.cause.key: one.moved for one in found.entries}
    assert moved["viewpoint"] is None
    assert moved["viewpoints"].nothing
    assert not found.together.nothing


def test_a_run_that_lost_its_table_of_removed_land_is_told_of_all_the_same(
    opened, tmp_path, between
):
    lost = replace(opened["same"], folder=tmp_path)
    said = LedgerTold(between(opened["plain"], opened["same"]), opened["plain"], lost)
    assert "No difference" in said.first_sentence()["en"]
