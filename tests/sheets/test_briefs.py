"""The three briefs: what they say is what the other outputs say, and villagers read no score."""

import re

import pytest

from maemoh_gis.files import read_csv, read_json, read_text

BRIEFS = ("committee", "egat", "villagers")


def words(run, id):
    text = read_text(run / f"brief_{id}.html")
    body = text[text.index("<body") : text.index("</body>")]
    return re.sub(r"\s+", " ", re.sub(r"<(svg|script|style)\b.*?</\1>|<[^>]+>", " ", body,
                                      flags=re.DOTALL))  # fmt: skip


def squeezed(text):
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("id", BRIEFS)
def test_each_is_there_in_both_languages(id, small_run):
    said = words(small_run, id)
    assert re.search("[\u0e00-\u0e7f]{20}", said)
    assert re.search(r"[A-Za-z]+ [a-z]+ [a-z]+", said)


def test_the_committee_reads_the_step_the_record_tells(small_run):
    first = read_json(small_run / "run.json")["ladder"]["findings"][0]
    assert squeezed(first["th"]) in squeezed(words(small_run, "committee"))
    assert squeezed(first["en"]) in squeezed(words(small_run, "committee"))


def test_the_gates_are_those_of_the_table(small_run):
    said = squeezed(words(small_run, "committee"))
    for row in read_csv(small_run / "gates.csv"):
        if row["use"] == "green_estate":
            assert squeezed(row["office_th"]) in said


def test_figures_by_year_are_those_of_the_tables(small_run):
    said = words(small_run, "committee")
    mw = {row["year_be"]: row for row in read_csv(small_run / "timeline.csv") if row["id"] == "mw"}
    assert f"{float(mw['2575']['central']):,.0f}" in said
    jobs = [row for row in read_csv(small_run / "estate.csv") if row["quantity"] == "jobs"]
    in_2593 = next(row for row in jobs if row["year_be"] == "2593")
    assert f"{float(in_2593['central']):,.0f}" in said


def test_villagers_read_no_score_no_rank_and_no_outline(small_run):
    said = words(small_run, "villagers")
    assert "คะแนน" not in said
    assert "score" not in said.lower()
    assert "class A" not in said
    assert "<path" not in read_text(small_run / "brief_villagers.html").split("</style>")[1]


def test_nobody_is_told_that_something_is_decided(small_run):
    assert "ยังไม่มีการอนุมัติโครงการ" in words(small_run, "villagers")
    assert "มิใช่การขออนุมัติโครงการ" in words(small_run, "committee")
