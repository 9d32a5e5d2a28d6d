"""What a report says of a comparison: the numbers of its tables, and which order is firm."""

import dataclasses
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import shapely

from maemoh_gis.cli import build_app
from maemoh_gis.comparison.compare import compare
from maemoh_gis.comparison.report import _firm
from maemoh_gis.comparison.robustness import families, robustness_rows, standings
from maemoh_gis.comparison.runs import ComparedRun
from maemoh_gis.core.errors import RunError
from maemoh_gis.core.messages import text
from maemoh_gis.files import read_csv, read_json, read_text
from maemoh_gis.presentation.compared_files import comparisons_beside
from maemoh_gis.runs.report import report_again
from maemoh_gis.runs.run import run
from tests.runs.test_report import numbers, pairs_of
from tests.tiny import SOUTH, WEST, write_project

MIDDLE = (WEST + 5000.0, SOUTH + 5000.0)


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """Ask one question from two viewpoints that fix another score, and compare."""
    folder = tmp_path_factory.mktemp("robust")
    project = write_project(folder / "one", [shapely.Point(MIDDLE)], complete="extent")
    run(project, "tiny", folder / "runs" / "first")
    file = project.scenarios / "tiny.yaml"
    words = file.read_text("utf-8")
    file.write_text(words.replace("[1000, 1]", "[4000, 1]"), encoding="utf-8")
    run(project, "tiny", folder / "runs" / "wider")
    catalog = project.catalog()
    runs = [folder / "runs" / name for name in ("first", "wider")]
    compare(runs, catalog, folder / "runs" / "comparison")
    return folder / "runs", catalog


def section(html, id):
    return html.partition(f'<section id="{id}"')[2].partition("</section>")[0]


def words_of(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_report_tells_the_comparison_with_the_numbers_of_its_tables(compared, tmp_path):
    folder, catalog = compared
    made = report_again(folder / "wider", catalog, tmp_path, comparison=folder / "comparison")
    assert made.missing == ()
    told = section(read_text(tmp_path / "report.html"), "comparison")
    land = next(
        row for row in read_csv(folder / "comparison" / "overlap.csv") if row["what"] == "good_land"
    )
    pieces = [
        row for row in read_csv(folder / "comparison" / "pieces.csv") if row["run"] == "wider"
    ]
    best = next(row for row in pieces if row["rank"] == "1")
    for value in (land["jaccard"], best["payoff"], best["greatest_regret"]):
        assert f"{float(value):.3f}" in told
    for pair in pairs_of(told):
        assert numbers(pair["th"]) == numbers(pair["en"]), pair


def test_a_report_tells_which_order_is_firm(compared, tmp_path):
    folder, catalog = compared
    report_again(folder / "first", catalog, tmp_path, comparison=folder / "comparison")
    told = words_of(section(read_text(tmp_path / "report.html"), "robustness"))
    rows = read_csv(folder / "comparison" / "robustness.csv")
    assert rows
    assert {row["runs"] for row in rows} == {"2"}
    assert {row["varied"] for row in rows} == {"uses.estate.criteria.far.value.points"}
    assert "uses.estate.criteria.far.value.points" in told
    for row in rows:
        name = row["name_en"]
        assert (f"{row['first_in']} of {row['ranked_in']}" in told) or row["first_in"] == "0"
        assert (name in told) == (row["first_in"] != "0")


def test_without_a_comparison_both_sections_say_so_in_one_line(compared):
    folder, _ = compared
    html = read_text(folder / "first" / "report.html")
    for id, message in (
        ("comparison", "report.not_compared"), ("robustness", "report.robustness_unknown")
    ):  # fmt: skip
        told = section(html, id)
        assert told.count("<p") == 1
        assert "<table" not in told
        for language in ("th", "en"):
            assert text(message, language) in told


def test_what_is_no_comparison_of_the_run_is_refused_with_its_name(compared, tmp_path):
    folder, catalog = compared
    with pytest.raises(RunError) as none:
        report_again(folder / "first", catalog, tmp_path / "a", comparison=tmp_path)
    assert [fault.code for fault in none.value.faults] == ["no_comparison"]
    shutil.copytree(folder / "first", tmp_path / "other")
    record = tmp_path / "other" / "run.json"
    record.write_text(read_text(record).replace('"seed": 1', '"seed": 2'), encoding="utf-8")
    with pytest.raises(RunError) as other:
        report_again(tmp_path / "other", catalog, tmp_path / "b", comparison=folder / "comparison")
    assert [fault.code for fault in other.value.faults] == ["comparison_without_run"]
    assert other.value.faults[0].found == "first, wider"
    assert not (tmp_path / "a").exists()
    assert not (tmp_path / "b").exists()


def test_a_table_that_is_gone_is_named_and_the_rest_is_told(compared, tmp_path):
    folder, catalog = compared
    shutil.copytree(folder / "comparison", tmp_path / "comparison")
    (tmp_path / "comparison" / "zones.csv").unlink()
    (tmp_path / "comparison" / "robustness.csv").write_text("spoilt", encoding="utf-8")
    report_again(folder / "first", catalog, tmp_path / "r", comparison=tmp_path / "comparison")
    html = read_text(tmp_path / "r" / "report.html")
    missing = text("report.missing_part", "en", file="zones.csv")
    assert missing in section(html, "comparison")
    assert text("report.missing_part", "en", file="robustness.csv") in section(html, "robustness")
    assert "zones.csv, robustness.csv" in html or "robustness.csv, zones.csv" in html
    assert text("report.compared.regret", "en") in section(html, "comparison")


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_verb_takes_the_comparison_that_stands_beside(compared, tmp_path, capsys, language):
    folder, catalog = compared
    assert comparisons_beside(folder / "first") == [(folder / "comparison").resolve()]
    ask = ["report", str(folder / "first"), "--out", str(tmp_path / "r"),
           "--layers", str(catalog.folder)]  # fmt: skip
    build_app(language)(ask, standalone_mode=False)
    said = capsys.readouterr().out
    assert text("cli.report_compared", language, folder=str(folder / "comparison")) in said
    assert "<table" in section(read_text(tmp_path / "r" / "report.html"), "comparison")
    shutil.copytree(folder / "comparison", folder / "again")
    try:
        build_app(language)(ask, standalone_mode=False)
        said = capsys.readouterr().out
        assert text("cli.report_several", language, folders="again, comparison") in said
        assert "<table" not in section(read_text(tmp_path / "r" / "report.html"), "comparison")
    finally:
        shutil.rmtree(folder / "again")


def test_the_comparison_leads_to_reports_that_stand_beside_it(compared, tmp_path):
    folder, catalog = compared
    page = read_text(folder / "comparison" / "comparison.html")
    for name in ("first", "wider"):
        assert f'<a href="../{name}/report.html">' in page
        assert (folder / "comparison" / f"../{name}/report.html").is_file()
    assert 'id="table-robustness"' in page
    runs = [folder / name for name in ("first", "wider")]
    compare(runs, catalog, tmp_path / "elsewhere")
    assert '/report.html">' not in read_text(tmp_path / "elsewhere" / "comparison.html")


def test_charts_draw_what_the_tables_hold(compared):
    folder, _ = compared
    page = read_text(folder / "comparison" / "comparison.html")
    chart = page.partition('id="chart-first_site"')[2].partition("</section>")[0]
    sites = read_csv(folder / "comparison" / "first_sites.csv")
    assert [row["run"] for row in sites] == ["first", "wider"]
    for row in sites:
        low, high = float(row["score_low"]), float(row["score_high"])
        assert f"{float(row['score']):.2f} ({low:.2f}–{high:.2f})" in chart
    chart = page.partition('id="chart-good_land"')[2].partition("</section>")[0]
    for row in read_csv(folder / "comparison" / "land.csv"):
        good = float(row["good_allowed_rai"]) + float(row["good_conditional_rai"])
        assert f"{good:,.0f} ({float(row['good_surely_rai']):,.0f}–" in chart


def asked(label, *, scenario="a", year=2569, layer="1", **facts):
    record = {
        "scenario": scenario, "year": year, "resolved": {"viewpoint": "town", **facts},
        "inputs": {"layers": {"roads": {"sha256": layer}}}, "outputs": {}, "software": {},
    }  # fmt: skip
    return ComparedRun(label, Path(label), record, label)


def test_a_question_is_one_scenario_and_year_on_the_same_layers_asked_in_other_ways():
    runs = [
        asked("a", slope=1), asked("same", slope=1), asked("sweep", slope=2),
        asked("seen", slope=1, viewpoint="town"), asked("later", slope=1, year=2574),
        asked("data", slope=1, layer="2"), asked("b", scenario="b", slope=1),
    ]  # fmt: skip
    runs[3] = dataclasses.replace(
        runs[3], record={**runs[3].record, "resolved": {"viewpoint": "field", "slope": 1}}
    )
    assert families(runs) == [((0, 2, 3), ("slope", "viewpoint"))]
    assert families(runs[3:]) == []


def test_firsts_and_ranks_are_counted_run_by_run():
    # Scores of three sites in two runs. The last two are level in the second run, so both come
    # first there; nobody knows what the last one is worth in the first run.
    payoffs = np.array([[0.9, 0.5], [0.6, 0.7], [np.nan, 0.7]])
    pieces = [
        SimpleNamespace(
            id=f"x-site-0{k}",
            kind="site",
            lat=18.0,
            lon=99.0,
            area_m2=1600.0,
            found_by={0: k},
            named=SimpleNamespace(name={"th": f"แปลง {k}", "en": f"Site {k}"}),
        )
        for k in (1, 2, 3)
    ]
    use = SimpleNamespace(pieces=pieces, payoffs=payoffs, land=SimpleNamespace(runs=(0, 1)))
    found = SimpleNamespace(
        runs=(asked("one", slope=1), asked("two", slope=2)), uses={"x": use}
    )  # fmt: skip
    told = {one.id: one for one in standings(found)}
    assert [(id, one.first_in, dict(one.ranked)) for id, one in told.items()] == [
        ("x-site-03", (1,), {1: 1}),
        ("x-site-02", (1,), {0: 2, 1: 1}),
        ("x-site-01", (0,), {0: 1, 1: 3}),
    ]
    first = next(iter(robustness_rows(found)))
    assert first[:4] == ("a", 2569, "slope", 2)
    assert first[-6:] == (1, 1, 1, 1, "two", "one: 3")
    assert first[7:9] == ("แปลง 3", "Site 3")
    assert first[11:13] == (1.0, 0.16)


def test_a_comparison_records_both_new_tables(compared):
    folder, _ = compared
    outputs = read_json(folder / "comparison" / "compare.json")["outputs"]
    assert {"places.csv", "robustness.csv"} <= set(outputs)


def test_a_place_that_stays_first_is_not_called_sure_where_the_facts_leave_it_open():
    row = {"use": "", "kind": "place", "id": "a", "name_th": "ก", "name_en": "A", "runs": "2",
           "first_in": "2", "ranked_in": "2", "first_runs": "one, two"}  # fmt: skip

    def said(settled):
        places = [{"run": run, "order_settled": yes} for run, yes in settled.items()]
        compared = SimpleNamespace(run="one", table=lambda _: places)
        return [words["en"] for words in _firm(SimpleNamespace(uses={}), compared, [row])]

    first = "Place for the yard: A comes first in all 2 runs."
    assert said({"one": "yes", "two": "yes"}) == [first]
    assert said({"one": "yes", "two": ""}) == [first, text("report.not_settled", "en")]


def test_several_that_come_first_equally_often_are_all_named():
    rows = [
        {"use": "x", "kind": "site", "id": f"x-site-0{k}", "runs": "2", "first_in": first,
         "ranked_in": "2", "first_runs": run, "found_by_with_rank": f"one: {k}, two: 9"}
        for k, first, run in ((1, "1", "one"), (2, "1", "two"), (3, "0", ""))
    ]  # fmt: skip
    run = SimpleNamespace(uses={"x": {"title": {"th": "นิคม", "en": "Estate"}}})
    compared = SimpleNamespace(run="one", table=lambda _: [])
    [told] = _firm(run, compared, rows)
    assert told["en"] == (
        "Estate: sites: the order is not firm. Most often first, in 1 of 2 runs: "
        "site-01 (no. 1 of this run), site-02 (no. 2 of this run)."
    )
