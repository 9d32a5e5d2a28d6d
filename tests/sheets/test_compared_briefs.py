"""Briefs of a comparison: what all runs say is said once, and villagers read no score."""

import re
from types import SimpleNamespace

import geopandas as gpd
import pytest
import shapely

from maemoh_gis.core.messages import same
from maemoh_gis.layers.load import Layers
from maemoh_gis.pages.report_content import Items, Table
from maemoh_gis.pages.report_page import report_html
from maemoh_gis.pages.wording import Wording
from maemoh_gis.presentation.run_files import open_files
from maemoh_gis.runs.project import Project
from maemoh_gis.sheets.compared_briefs import Beside, compared_brief
from tests.paths import LAYERS, SCENARIOS


class Told:
    """A run that says of its tables something else than its files do."""

    def __init__(self, run, **tables):
        self.run, self.tables = run, tables

    def __getattr__(self, name):
        return getattr(self.run, name)

    def table(self, name):
        found = self.run.table(name)
        return self.tables.get(name.partition(".")[0], lambda rows: rows)(found)


@pytest.fixture(scope="module")
def run(small_run):
    from maemoh_gis.files import read_json

    layers = Layers(Project(LAYERS, SCENARIOS).catalog())
    return open_files(small_run, read_json(small_run / "run.json"), layers, checked=False)


def sites(run):
    """Two sites that both runs have and one of the second alone."""
    west, south = run.grid.bounds[:2]
    shapes = [
        shapely.box(west + 1000 * k, south, west + 1000 * k + 500, south + 500) for k in (1, 2, 3)
    ]
    places = {
        "place_th": ["ต.สบป้าด", "ต.นาสัก", "ต.สบป้าด"],
        "place_en": ["Sop Pat", "Na Sak", "Sop Pat"],
    }
    rows = {"number": [1, 2, 3], "found_by": [[0, 1], [0, 1], [1]], **places}
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=run.grid.crs)


def beside(run, other=None, held=None):
    held = {use: sites(run) for use in run.uses} if held is None else held
    names = [same("first"), same("second")]
    return Beside([run, other or run], names, [same("nothing moves")], [], held)


def words(content, language="en"):
    page = report_html(content, Wording.of_package())
    other = "th" if language == "en" else "en"
    body = re.sub(
        rf'<(bdi|text|span) lang="{other}"[^>]*>.*?</\1>',
        " ",
        page[page.index("<body") :],
        flags=re.DOTALL,
    )
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def items(content):
    return [one["en"] for section in content.sections for block in section.blocks
            if isinstance(block, Items) for one in block.items]  # fmt: skip


def test_sites_are_told_run_by_run_with_the_numbers_of_the_comparison(run):
    told = items(compared_brief(beside(run), "committee"))
    [first] = [one for one in told if one.startswith("first: Green")]
    [second] = [one for one in told if one.startswith("second: Green")]
    assert "2 candidate sites, in Sop Pat (1), Na Sak (2)" in first
    assert "3 candidate sites, in Sop Pat (1, 3), Na Sak (2)" in second


def test_what_all_runs_have_is_told_once(run):
    alike = {use: sites(run).iloc[:2] for use in run.uses}
    told = items(compared_brief(beside(run, held=alike), "committee"))
    assert [one for one in told if one.startswith(("first", "second"))] == []
    assert any(one.startswith("In every run: Green") for one in told)


def test_amounts_that_differ_stand_by_run_and_the_others_once(run):
    def without_coal(rows):
        seven = {"low": "7", "central": "7", "high": "7"}
        return [{**row, **seven} if (row["id"], row["year_be"]) == ("mw", "2575") else row
                for row in rows]  # fmt: skip

    other = Told(run, timeline=without_coal)
    content = compared_brief(beside(run, other), "committee")
    tables = [
        block
        for section in content.sections
        for block in section.blocks
        if isinstance(block, Table)
    ]
    [differing] = [
        one
        for one in tables
        if [head.title for head in one.heads[2:]] == [same("first"), same("second")]
    ]
    assert len(differing.rows) == 1
    assert differing.rows[0][-1]["en"] == "7.0"
    alike = next(one for one in tables if one.heads[0].title["en"] == "The same in every run")
    assert all("coal" not in row[0]["en"] for row in alike.rows)


@pytest.mark.parametrize("language", ["th", "en"])
def test_villagers_read_no_score_and_no_outline(run, language):
    page = report_html(compared_brief(beside(run), "villagers"), Wording.of_package())
    told = words(compared_brief(beside(run), "villagers"), language)
    assert "<path" not in page.split("</style>")[1]
    assert not re.search(r"score|class A|คะแนน|กลุ่ม A|nothing moves", told)
    assert ("ยังไม่ได้เลือกแนวทางใด" if language == "th" else "none of them has been chosen") in told


@pytest.mark.parametrize("id", ["committee", "egat", "villagers"])
def test_many_runs_are_counted_where_a_page_has_no_room(run, id):
    many = Beside([run] * 6, [same(f"run {k}") for k in range(6)], [same("x")], [], {})
    about = compared_brief(many, id).subtitle["en"]
    assert about.endswith("run 0; run 1; run 2; run 3 and 2 more")


def test_a_use_one_run_lacks_is_told_of_the_other(run):
    use = next(iter(run.uses))
    poorer = SimpleNamespace(
        **{n: getattr(run, n) for n in ("record", "table", "scenario", "missing", "layers", "grid")}
    )
    poorer.uses = {}
    told = items(
        compared_brief(
            beside(run, poorer, {use: sites(run).iloc[:1].assign(found_by=[[0]])}), "committee"
        )
    )
    assert [one for one in told if one.startswith("second: ") and "candidate" in one] == []
