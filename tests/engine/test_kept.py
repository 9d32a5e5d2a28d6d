"""Runs with kept results: the same bytes, and only what a change decides is computed again."""

import json
from dataclasses import replace

import pandas as pd
import pytest
import shapely

from maemoh_gis.batch.batch import run_batch
from maemoh_gis.batch.cost import cost_of
from maemoh_gis.batch.plan import Asked, plan, prepared
from maemoh_gis.cache.entry import pieces_of, result_of
from maemoh_gis.cache.store import NO_CACHE, NotKeptError, Store
from maemoh_gis.engine import stages as table
from maemoh_gis.engine.stages import keys_of
from maemoh_gis.engine.study import study_grid
from maemoh_gis.files import read_json
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.project import prepare
from maemoh_gis.runs.stage_table import stage_table
from maemoh_gis.scenario.vary import varied
from tests.batch.test_batch import contents
from tests.computed import run_watched
from tests.tiny import SOUTH, WEST, write_project


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiny")
    return write_project(folder, [shapely.Point(WEST + 3_000, SOUTH + 3_000)], complete="extent")


def made(resolved, catalog, folder, store):
    """Run a scenario; give its files, and the stages that were computed."""
    computed = run_watched(resolved, catalog, folder, store)
    return contents(folder), computed


@pytest.fixture(scope="module")
def small(small_project, small_kept, tmp_path_factory):
    """Mae Mo at 400 m with an empty cache, and with the one it filled."""
    store, folder = Store(small_kept / "kept"), tmp_path_factory.mktemp("two") / "warm"
    resolved, catalog = prepare(small_project, "small")
    cold = contents(small_kept / "cold"), read_json(small_kept / "computed.json")
    warm = made(resolved, catalog, folder, store)
    return store, resolved, catalog, (cold, warm), (small_kept / "cold", folder)


def test_a_run_has_the_same_bytes_with_no_cache_a_cold_one_and_a_warm_one(small, small_run):
    _, _, _, ((cold, all_), (warm, nothing)), _ = small
    assert contents(small_run) == cold == warm
    lines = (small_run / "log" / "stages.jsonl").read_text(encoding="utf-8").splitlines()
    assert sorted(json.loads(line)["stage"] for line in lines) == sorted(all_)
    assert nothing == []


def test_whatever_a_run_keeps_can_be_loaded(small):
    store, *_ = small
    names = [path.parent.name + path.stem for path in store.folder.glob("??/*.kept")]
    assert len(names) > 50
    assert {why for name in names if (why := refused(store, name))} == set()


def refused(store, name):
    try:
        store.load(name)
    except NotKeptError as error:
        return str(error.__cause__)
    return None


def test_another_weight_computes_scores_and_what_rests_on_them_only(small, tmp_path):
    store, resolved, catalog, *_ = small
    other = varied(resolved, {"weights.road_access": 0.4})
    found, computed = made(other, catalog, tmp_path / "kept", store)
    # Only the container yard has this criterion; the estate's score stays.
    assert set(computed) <= {
        "score:container_yard", "sites:container_yard", "sites:green_estate",
        "yard_land:container_yard", "yards:container_yard", "contestants", "places",
        "freight_year", "flows", "freight", "choice", "yard_sets",
        "near_misses:container_yard", "earthworks:container_yard",
    }  # fmt: skip
    assert "score:container_yard" in computed
    assert found == made(other, catalog, tmp_path / "none", NO_CACHE)[0]


def test_log_lines_say_what_came_from_the_cache(small):
    cold, warm = (folder / "log" / "stages.jsonl" for folder in small[-1])
    lines = warm.read_text().splitlines()
    assert lines
    assert all('"from": "cache"' in line for line in lines)
    assert '"from"' not in cold.read_text()


def spoil(store, how):
    for path in store.folder.glob("??/*.kept"):
        how(path)


def cut(path):
    path.write_bytes(path.read_bytes()[:-7])


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("how", [cut, flip])
def test_spoilt_entries_are_computed_again(tiny, tmp_path, how):
    resolved, catalog = prepare(tiny, "tiny")
    store = Store(tmp_path / "cache")
    store.folder.mkdir()
    first, computed = made(resolved, catalog, tmp_path / "first", store)
    spoil(store, how)
    again, computed_again = made(resolved, catalog, tmp_path / "again", store)
    assert first == again
    assert set(computed) <= set(computed_again)
    assert made(resolved, catalog, tmp_path / "third", store) == (first, [])


@pytest.mark.slow
def test_whichever_entry_is_spoilt_the_bytes_stay(tiny, tmp_path):
    resolved, catalog = prepare(tiny, "tiny")
    store = Store(tmp_path)
    first, _ = made(resolved, catalog, tmp_path / "first", store)
    for path in store.folder.glob("??/*.kept"):
        flip(path)
        assert made(resolved, catalog, tmp_path / "again", store)[0] == first


def test_another_version_of_the_table_or_of_a_layer_finds_nothing(tiny, tmp_path, monkeypatch):
    resolved, catalog = prepare(tiny, "tiny")
    store = Store(tmp_path)
    _, all_ = made(resolved, catalog, tmp_path / "first", store)
    layer = catalog["things"].model_copy(update={"caution": catalog["study"].title})
    described = replace(catalog, layers={**catalog.layers, "things": layer})
    computed = made(resolved, described, tmp_path / "again", store)[1]
    # The study area and its other measures do not look at this layer.
    assert "study" not in computed
    assert {"distance:things", "criterion:estate.far", "score:estate"} <= set(computed)
    monkeypatch.setattr(table, "TABLE_VERSION", 10**6)
    assert sorted(made(resolved, catalog, tmp_path / "third", store)[1]) == sorted(all_)


def test_a_byte_of_a_layer_changes_the_keys_of_what_reads_it(tiny):
    resolved, catalog = prepare(tiny, "tiny")

    class Other(Layers):
        def checksum(self, id):
            return "0" * 64 if id == "things" else super().checksum(id)

    stages, grid = (
        stage_table(resolved.scenario, catalog),
        study_grid(resolved.scenario, Layers(catalog)),
    )
    before, after = (keys_of(stages, of(catalog), grid) for of in (Layers, Other))
    changed = {id for id in before if before[id] != after[id]}
    assert changed == set(before) - {"study"}


def test_two_criteria_that_change_places_have_another_key(small_project):
    resolved, catalog = prepare(small_project, "small")
    scenario = resolved.scenario
    use = scenario.uses["green_estate"]
    one, other = [id for id, c in use.criteria.items() if c.measure is not None][:2]
    swapped = {one: use.criteria[other], other: use.criteria[one]}
    named = {id: swapped.get(id, c) for id, c in use.criteria.items()}
    changed = scenario.model_copy(
        update={"uses": {**scenario.uses, "green_estate": use.model_copy(
            update={"criteria": named})}}
    )  # fmt: skip
    layers = Layers(catalog)
    grid = study_grid(scenario, layers)
    keys = [keys_of(stage_table(s, catalog), layers, grid) for s in (scenario, changed)]
    assert keys[0]["score:green_estate"] != keys[1]["score:green_estate"]
    assert keys[0]["score:container_yard"] == keys[1]["score:container_yard"]


def test_runs_side_by_side_share_what_is_kept_and_equal_those_in_turn(tiny, tmp_path):
    catalog = tiny.catalog()
    sets = ["limits.near.test.within_m=400,500"]
    scenarios = prepared(plan(Asked(["tiny"], sets=sets)), tiny, catalog)
    store = Store(tmp_path / "cache")
    store.folder.mkdir()
    ended = run_batch(scenarios, catalog, tmp_path / "two", jobs=2, store=store)
    assert [one.state for one in ended] == ["done"] * 2
    cost = cost_of(scenarios, catalog, tmp_path / "other", store)
    assert (cost.finished, cost.kept) == (0, cost.stages)
    run_batch(scenarios, catalog, tmp_path / "one")
    assert contents(tmp_path / "two") == contents(tmp_path / "one")


def test_the_cost_of_a_sweep_counts_what_is_kept(tiny, tmp_path):
    catalog = tiny.catalog()
    asked = Asked(["tiny"], sets=["uses.estate.land.sites=1,2"])
    scenarios = prepared(plan(asked), tiny, catalog)
    store = Store(tmp_path)
    empty = cost_of(scenarios, catalog, tmp_path / "runs", store)
    assert empty.kept == 0
    assert empty.alike == empty.stages // 2 - 1
    first = dict(list(scenarios.items())[:1])
    run_batch(first, catalog, tmp_path / "other", store=store)
    half = cost_of(scenarios, catalog, tmp_path / "runs", store)
    assert half.kept == empty.stages - 1
    assert half.seconds < empty.seconds


def test_strings_that_pyarrow_holds_are_kept_as_pandas_alone_has_them():
    pytest.importorskip("pyarrow")
    held = pd.Series(["ลำปาง", None], dtype=pd.StringDtype("pyarrow", na_value=float("nan")))
    kept = result_of(pieces_of(held))
    assert kept.dtype.storage == "python"
    assert kept[0] == "ลำปาง"
    assert pd.isna(kept[1])
