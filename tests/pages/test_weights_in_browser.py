"""Sliders in the page rank the run's sites as the engine would over the same cells."""

import dataclasses
import itertools
import re
import shutil
import time
from functools import partial

import numpy as np
import pytest
from pyproj import Transformer

from maemoh_gis.engine.stages import StageContext, local_stages
from maemoh_gis.engine.strips import execute_in_strips
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.map_content import cells_of_map, write_map
from maemoh_gis.runs.project import Project, prepare
from maemoh_gis.runs.stage_table import stage_table
from maemoh_gis.sites.result import land_of, sites_of
from maemoh_gis.suitability import cell_parts
from maemoh_gis.suitability.map_cells import GREATEST_ERROR
from maemoh_gis.suitability.result import score_of

pytestmark = pytest.mark.browser

USE = "document.querySelector('input[name=use][value=\"{}\"]').click()"
MOVE = """(async () => {{
  for (const [id, value] of Object.entries({moves})) {{
    const slider = document.querySelector(`[data-weight="${{id}}"]`);
    slider.value = value;
    slider.dispatchEvent(new Event("input", {{bubbles: true}}));
  }}
  const rows = () => [...document.querySelectorAll("[data-listed]")];
  while (rows().length === 0) {{
    await new Promise((done) => setTimeout(done, 20));
  }}
  await new Promise((done) => setTimeout(done, 200));
  return rows().map((row) => [row.dataset.listed, ...[...row.cells].map((c) => c.textContent)]);
}})()"""
BUTTON = "document.querySelectorAll('#weights .buttons button')[{}]"


@pytest.fixture(scope="module")
def results(small_results):
    return small_results


@pytest.fixture(scope="module")
def map_page(results, tmp_path_factory):
    path = tmp_path_factory.mktemp("weights") / "map.html"
    write_map(results, path, partial(cells_of_map, results))
    return path


def saved(browser, folder):
    """Press the button that saves, and give the file the browser wrote."""
    browser.send("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))
    browser.run(BUTTON.format(1) + ".click()")
    for _ in range(100):
        found = [path for path in folder.iterdir() if path.suffix == ".yaml"]
        if found and found[0].stat().st_size:
            return found[0]
        time.sleep(0.05)
    raise AssertionError("no file was saved")


def engine_means(results, scenario, use):
    """Score the sites of a run under other weights, over the same cells."""
    near = local_stages(results.stages)
    stages = [s for s in near if not s.id.startswith(("score:", "state:"))]
    score = next(s for s in stage_table(scenario, results.catalog) if s.id == f"score:{use}")
    context = StageContext(scenario, Layers(results.catalog), results.grid)
    found = execute_in_strips([*stages, score], context, keep=lambda id: id == score.id)[score.id]
    share = land_of(results, use)
    cells = [(share.label == k) & ~share.filled for k in range(1, len(sites_of(results, use)) + 1)]
    return [
        [float(np.mean(band[c], dtype=np.float64)) for band in (found.value, found.low, found.high)]
        for c in cells
    ]


@pytest.mark.parametrize(
    ("place", "use", "moves"),
    [
        (0, "container_yard", {"road_access": 90, "present_use": 0}),
        (1, "green_estate", {"slope_terrain": 70, "transport_rail_cy": 5, "water_supply": 0}),
    ],
)
def test_sites_that_differ_in_the_engine_keep_their_order(
    browser, map_page, results, small_project, tmp_path, place, use, moves
):
    browser.open(map_page, language="en")
    browser.run(USE.format(place))
    rows = browser.run(MOVE.format(moves=moves))
    # The weights come back from the file the page saves: it must be a scenario that fits.
    file = saved(browser, tmp_path)
    scenarios = tmp_path / "scenarios"
    shutil.copytree(small_project.scenarios, scenarios)
    shutil.copy(file, scenarios / file.name)
    resolved, _ = prepare(Project(small_project.layers, scenarios), file.stem)
    assert [change.key for change in resolved.changes][-1] == f"viewpoints.starting.weights.{use}"
    weights, before = resolved.scenario.weights(use), results.resolved.scenario.weights(use)
    raw = {id: moves.get(id, 100 * weight) for id, weight in before.items()}
    assert weights == pytest.approx({k: v / sum(raw.values()) for k, v in raw.items()}, abs=1e-5)

    exact = engine_means(results, resolved.scenario, use)
    assert len(rows) == len(exact) >= 3
    # The list goes by what is certain: the least the facts allow.
    at = {int(row[0]): line for line, row in enumerate(rows)}
    for one, other in itertools.permutations(range(len(exact)), 2):
        if exact[one][1] > exact[other][1] + 0.002:
            assert at[one] < at[other]
    for row in rows:
        span, score = row[2].rstrip(")").split(" (")
        assert float(score) == pytest.approx(exact[int(row[0])][0], abs=GREATEST_ERROR + 0.0005)
        low, high = (float(end) for end in span.split("–"))
        assert row[3] in {"A", "B", "C"}
        assert (low, high) == pytest.approx(tuple(exact[int(row[0])][1:]), abs=0.0056)
    assert browser.complaints == []


def test_a_viewpoint_scores_the_sites_as_the_engine_would_with_it(browser, map_page, results):
    scenario = results.resolved.scenario
    browser.open(map_page, language="en")
    browser.run(USE.format(1))
    browser.run(
        "(() => { const box = document.getElementById('viewpoint'); box.value = 'villagers';"
        " box.dispatchEvent(new Event('change')); })()"
    )
    rows = browser.run(MOVE.format(moves={}))
    other = scenario.model_copy(update={"viewpoint": "villagers"})
    exact = engine_means(results, other, "green_estate")
    shown = browser.run("[...document.querySelectorAll('.weigh output')].map((o) => o.textContent)")
    assert shown == [f"{100 * weight:.1f} %" for weight in other.weights("green_estate").values()]
    for row in rows:
        score = float(row[2].rstrip(")").split(" (")[1])
        assert score == pytest.approx(exact[int(row[0])][0], abs=0.001)
    heads = browser.run(
        "[...document.querySelectorAll('.viewpoints th')].map((h) => h.textContent)"
    )
    titles = [viewpoint.title.en for viewpoint in scenario.viewpoints.values()]
    own = scenario.viewpoints[scenario.viewpoint].title.en
    assert heads[1 : len(titles) + 1] == [
        f"{title} ({'this run' if title == own else 'preview'})" for title in titles
    ]
    assert browser.complaints == []


def test_the_preview_says_how_far_it_can_be_off_and_that_it_is_one(browser, map_page):
    browser.open(map_page, language="en")
    said = browser.run("document.querySelector('#weights p').innerText")
    assert said.startswith("A preview only")
    assert f"{GREATEST_ERROR:.4f}" in said


def test_the_run_s_own_weights_come_back_with_a_button(browser, map_page, results):
    browser.open(map_page, language="en")
    assert browser.run(BUTTON.format(0) + ".disabled && " + BUTTON.format(1) + ".disabled")
    browser.run(MOVE.format(moves={"road_access": 0}))
    assert browser.run(f"!{BUTTON.format(0)}.disabled")
    browser.run(BUTTON.format(0) + ".click()")
    browser.run("new Promise((done) => setTimeout(done, 200))")
    shown = browser.run("[...document.querySelectorAll('.weigh output')].map((o) => o.textContent)")
    weights = results.resolved.scenario.weights("container_yard")
    assert shown == [f"{100 * weight:.1f} %" for weight in weights.values()]
    scores = browser.run(
        "[...document.querySelectorAll('[data-listed]')].map((r) => [r.dataset.listed,"
        " r.cells[1].textContent.split(' (')[1].slice(0, -1), r.className])"
    )
    sites = sites_of(results, "container_yard")
    for place, score, moved in scores:
        mean = sites["score_mean"].iloc[int(place)]
        assert float(score) == pytest.approx(mean, abs=0.00105)
        assert moved == ""


def test_a_page_of_a_fine_grid_explains_the_middle_cells_and_says_so(
    browser, results, tmp_path, monkeypatch
):
    grid = results.grid
    monkeypatch.setattr(cell_parts, "MOST_CELLS", grid.rows * grid.cols // 8)
    context = StageContext(results.resolved.scenario, Layers(results.catalog), grid)
    parts = cell_parts.CellParts(context.scenario, grid)
    near = local_stages(results.stages)
    execute_in_strips(
        parts.with_packing(near, results.catalog),
        context,
        keep=lambda _: False,
        show=parts.wanted,
        each=parts.add,
    )
    path = tmp_path / "map.html"
    parted = with_parts(results, parts)
    write_map(parted, path, partial(cells_of_map, parted))
    browser.open(path, language="en")
    assert "of every square of 1,200 m" in browser.run(
        "document.getElementById('explain').innerText"
    )
    said = browser.run("document.getElementById('weights-body').innerText")
    assert said.startswith("No preview of weights: the grid is too fine")
    # The middle cell of a square answers for its neighbour to the south-east too.
    score = score_of(results, "green_estate").value
    kept = [
        (row, col)
        for row in range((1 - grid.row0) % 3, grid.rows - 1, 3)
        for col in range((1 - grid.col0) % 3, grid.cols - 1, 3)
        if results.study[row, col] and not np.isnan(score[row, col])
    ]
    row, col = kept[len(kept) // 2]
    x, y = grid.x[col] + grid.cell_m, grid.y[row] - grid.cell_m
    lonlat = Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True)
    lon, lat = lonlat.transform(x, y)
    browser.run(f"map_maemoh.fire('click', {{latlng: L.latLng({lat}, {lon})}}); 0")
    browser.run("new Promise((done) => setTimeout(done, 400))")
    text = browser.run(
        "document.querySelector('#answer details[data-use=green_estate] .answer p').textContent"
    )
    found = float(re.search(r"\d\.\d{3}", text)[0])
    assert found == pytest.approx(float(score[row, col]), abs=1e-3)


def test_without_any_weight_there_is_nothing_to_rank(browser, map_page):
    browser.open(map_page, language="en")
    browser.run(
        "document.querySelectorAll('[data-weight]').forEach((s) => { s.value = 0;"
        " s.dispatchEvent(new Event('input')); })"
    )
    browser.run("new Promise((done) => setTimeout(done, 600))")
    said = browser.run("document.getElementById('weights-body').innerText")
    assert "No criterion has any weight" in said
    assert "NaN" not in said


def test_sliders_have_names_and_move_by_keyboard(browser, map_page):
    browser.open(map_page, language="th")
    browser.run("document.querySelector('[data-weight=hazard]').focus()")
    for kind in ("keyDown", "keyUp"):
        browser.send("Input.dispatchKeyEvent", type=kind, key="ArrowRight", code="ArrowRight",
                     windowsVirtualKeyCode=39)  # fmt: skip
    assert browser.run("document.activeElement.value") == "7"
    named = browser.run("document.activeElement.labels[0].querySelector('bdi').innerText")
    assert named == "ระยะห่างจากรอยเลื่อนมีพลัง"


def with_parts(results, parts):
    """Give the results with other parts of cells."""
    others = [one for one in results.gathered if not isinstance(one, type(parts))]
    return dataclasses.replace(results, gathered=(parts, *others))
