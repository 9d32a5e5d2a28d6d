"""A click in the page says what the verb `explain` says, cell by cell."""

import random
import re

import pytest
from pyproj import Transformer

from maemoh_gis.ask.explain import explain_at
from maemoh_gis.runs.finished import open_run

pytestmark = pytest.mark.browser

# Waits for the answer of the click, then reads each use: verdict, sums, criteria and limits.
CLICK = """(async () => {{
  map_maemoh.fire("click", {{latlng: L.latLng({lat}, {lon})}});
  const box = document.getElementById("answer");
  await new Promise((done) => {{
    const look = () => box.hasAttribute("aria-busy") ? setTimeout(look, 20) : done();
    setTimeout(look, 20);
  }});
  const text = (node) => node?.textContent ?? null;
  return Object.fromEntries([...box.querySelectorAll("details[data-use]")].map((use) => [
    use.dataset.use,
    {{
      said: text(use.querySelector(".answer > p")),
      held: text(use.querySelector(".answer > p.small:not(.unscored)")),
      unscored: text(use.querySelector(".unscored")),
      criteria: Object.fromEntries([...use.querySelectorAll("tr[data-criterion]")].map((row) => [
        row.dataset.criterion, [...row.querySelectorAll("th, td")].map(text)])),
      removed: [...use.querySelectorAll(".limit_removed li")].map(text),
      conditional: [...use.querySelectorAll(".limit_conditional li")].map(text),
      notChecked: [...use.querySelectorAll(".limit_not_checked li")].map(text),
    }},
  ]));
}})()"""
VERDICTS = {
    "allowed": "Passed screening", "conditional": "Conditional", "removed": "Removed",
    "unknown": "No data",
}  # fmt: skip


@pytest.fixture(scope="module")
def opened(small_project, small_run):
    return open_run(small_run, small_project.catalog())


@pytest.fixture(scope="module")
def clicked(browser, opened):
    """Click five cells drawn by lot and one outside; give each with its answer."""
    grid = opened.grid
    lonlat = Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True)
    browser.open(opened.folder / "map.html", language="en")
    lot = random.Random(2569)
    answers = []
    while len(answers) < 5:
        x, y = lot.choice(grid.x.tolist()), lot.choice(grid.y.tolist())
        # Not the middle of the cell: anywhere in it says the same.
        shift = 0.45 * grid.cell_m
        lon, lat = lonlat.transform(x + lot.uniform(-shift, shift), y + lot.uniform(-shift, shift))
        expected = explain_at(opened, lat, lon)
        if expected[0].verdict != "outside":
            answers.append((expected, browser.run(CLICK.format(lat=lat, lon=lon))))
    assert browser.complaints == []
    return answers


def number(text):
    return float(text.replace("−", "-").replace(",", ""))


def test_the_verdict_and_the_score_are_those_of_explain(clicked):
    for expected, found in clicked:
        assert set(found) == {explanation.use for explanation in expected}
        for said in expected:
            text = found[said.use]["said"]
            assert text.startswith(VERDICTS[said.verdict])
            score, low, high = map(number, re.findall(r"\d\.\d{3}", text))
            assert score == pytest.approx(said.score, abs=1e-3)
            assert low == pytest.approx(said.low, abs=1e-3)
            assert high == pytest.approx(said.high, abs=1e-3)


def test_every_criterion_has_title_score_weight_and_contribution(clicked, opened):
    for expected, found in clicked:
        for said in expected:
            titles = opened.scenario.uses[said.use].criteria
            rows = found[said.use]["criteria"]
            assert list(rows) == [part.id for part in said.criteria]
            for part in said.criteria:
                title, _, score, weight, adds = rows[part.id]
                assert title == titles[part.id].title.en
                assert number(weight.rstrip(" %")) == pytest.approx(100 * part.weight, abs=0.051)
                if part.score is None:
                    assert score == f"not scored ({part.low:.2f}–{part.high:.2f})"
                    assert adds == "–"
                else:
                    assert number(score.split(" ")[0]) == pytest.approx(part.score, abs=1e-3)
                    assert number(adds) == pytest.approx(part.contribution, abs=1e-3)


def test_measures_are_those_of_explain_as_exactly_as_they_are_kept(clicked):
    told = named = 0
    for expected, found in clicked:
        for said in expected:
            for part in said.criteria:
                measure = found[said.use]["criteria"][part.id][1]
                if part.kind is not None:
                    named += 1
                    assert measure == part.kind["en"]
                elif part.measure is None:
                    assert measure == "–" or measure.startswith((">", "<"))
                elif not measure.startswith(">"):
                    told += 1
                    # Steps are 1/4,092 of the span, here 20 km at most.
                    assert number(measure.split(" ")[0]) == pytest.approx(part.measure, abs=3.1)
    assert told >= 5
    assert named >= 5, "a class goes by its name"


def test_where_a_criterion_is_not_scored_the_page_says_why(clicked):
    for expected, found in clicked:
        for said in expected:
            missing = any(part.score is None for part in said.criteria)
            assert bool(found[said.use]["unscored"]) == missing


def test_contributions_add_up_to_the_score(clicked):
    for _, found in clicked:
        for said in found.values():
            score = number(re.search(r"\d\.\d{3}", said["said"])[0])
            parts = [number(row[4]) for row in said["criteria"].values() if row[4] != "–"]
            held = number(said["held"].split(" ")[-1]) if said["held"] else 0.0
            assert sum(parts) + held == pytest.approx(score, abs=0.0005 * (len(parts) + 2))


def test_what_removes_a_cell_is_named_with_its_law(clicked, opened):
    limits = opened.scenario.limits
    for expected, found in clicked:
        for said in expected:
            for outcome, words in (("removed", "Removed"), ("conditional", "Permit needed")):
                holds = [
                    f"{words}: {limits[p.id].title.en} — {limits[p.id].basis.en}"
                    for p in said.limits
                    if p.outcome == outcome and p.area_m2 > 0
                ]
                assert found[said.use][outcome] == holds
            missing = [
                f"{limits[p.id].title.en} — {limits[p.id].basis.en}"
                for p in said.limits
                if p.status == "not_checked"
            ]
            assert found[said.use]["notChecked"] == missing


def test_outside_the_study_area_the_page_says_nothing_is_known(browser, opened):
    browser.open(opened.folder / "map.html", language="en")
    assert browser.run(CLICK.format(lat=19.9, lon=99.7)) == {}
    assert "Outside the study area" in browser.run("document.getElementById('answer').innerText")


def test_the_explanation_follows_the_language_and_the_use(browser, opened):
    browser.open(opened.folder / "map.html", language="th")
    browser.run(CLICK.format(lat=18.33, lon=99.72))
    first = "document.querySelector('#answer details[open] > summary').innerText"
    assert browser.run(first) == opened.scenario.uses["container_yard"].title.th
    heads = "[...document.querySelectorAll('#answer details[open] th')].map((one) => one.innerText)"
    assert browser.run(heads)[1] == "ค่าที่วัดได้"
    browser.run("document.querySelector('#languages button[lang=en]').click()")
    browser.drawn()
    browser.run("document.querySelector('input[name=use][value=\"1\"]').click()")
    assert browser.run(first) == opened.scenario.uses["green_estate"].title.en
    shown = browser.run("document.getElementById('answer').innerText")
    assert not {letter for letter in shown if "\u0e00" <= letter <= "\u0e7f"}


def test_enter_explains_the_middle_of_the_map(browser, opened):
    browser.open(opened.folder / "map.html", language="en")
    browser.run("map_maemoh.getContainer().focus()")
    browser.run(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', bubbles: true}))"
    )
    browser.run("new Promise((done) => setTimeout(done, 500))")
    assert browser.run("document.querySelectorAll('#answer details[data-use]').length") == 2


def test_a_browser_that_cannot_unpack_says_so(browser, opened):
    old = browser.send(
        "Page.addScriptToEvaluateOnNewDocument", source="delete window.DecompressionStream"
    )
    browser.open(opened.folder / "map.html", language="en")
    browser.send("Page.removeScriptToEvaluateOnNewDocument", identifier=old["identifier"])
    for id in ("answer", "weights-body"):
        assert "too old" in browser.run(f"document.getElementById('{id}').innerText")
    browser.run("map_maemoh.fire('click', {latlng: L.latLng(18.33, 99.72)}); 0")
    browser.run("new Promise((done) => setTimeout(done, 200))")
    assert "Selected place" in browser.run("document.querySelector('.leaflet-popup').innerText")
    assert browser.complaints == []
