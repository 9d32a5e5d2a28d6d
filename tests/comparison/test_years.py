"""Runs side by side through the years: what is drawn and listed is what the run folders say."""

import json
import math
import re
from types import SimpleNamespace

import pytest

from maemoh_gis.comparison.years import (
    QUANTITIES,
    YEAR_COLUMNS,
    courses,
    year_figure,
    year_picture,
    year_rows,
    year_table,
)

YEARS = [2568, 2569, 2570]
ESTATE = """year_be,quantity,low,central,high,confidence
2569,jobs,1,2,3,ASSUMPTION
2570,jobs,10,20,30,ASSUMPTION
2570,teu,100,200,300,ASSUMPTION
2570,occupied_rai,5,5,5,ASSUMPTION
"""


def path_after_coal(mw):
    amount = {"low": [None, 1.0, 2.0], "central": [None, 2.0, 4.0], "high": [None, 4.0, 8.0],
              "confidence": [None, "L", "L"]}  # fmt: skip
    land = {name: [0.0, 5.0, 9.0] for name in QUANTITIES if name.endswith("_rai")}
    return {"years": YEARS, "capacity": {"mw": mw, "confidence": ["H"] * 3}, "land": land,
            "amounts": {"jobs_exposed": amount, "water_freed_mm3": amount}}  # fmt: skip


def compared(folder, *mws):
    """Runs of some capacities; None for one that follows no years."""
    runs, names = [], []
    for k, mw in enumerate(mws):
        home = folder / f"run{k}"
        home.mkdir()
        outputs = {}
        if mw is not None:
            (home / "timeline.json").write_text(json.dumps(path_after_coal(mw)), encoding="utf-8")
            (home / "estate.csv").write_text(ESTATE, encoding="utf-8")
            outputs = {"timeline.json": "", "estate.csv": ""}
        record = {"outputs": outputs, "year": 2569}
        runs.append(SimpleNamespace(label=f"run{k}", folder=home, record=record))
        names.append({"th": f"ฉากที่ {k}", "en": f"Case {k}"})
    return SimpleNamespace(runs=runs, names=names)


@pytest.fixture
def two(tmp_path):
    return compared(tmp_path, [2400.0, 1200.0, 0.0], [2400.0, 2400.0, 600.0])


def test_every_quantity_of_every_run_and_year_is_listed_and_no_year_without_a_value(two):
    rows = [dict(zip(YEAR_COLUMNS, row, strict=True)) for row in year_rows(two)]
    told = {(row["run"], row["quantity"], row["year_be"]): row for row in rows}
    assert told["run1", "mw", 2570]["central"] == 600.0
    assert told["run0", "estate_jobs", 2570] | {"low": 10.0, "high": 30.0} \
        == told["run0", "estate_jobs", 2570]  # fmt: skip
    assert told["run0", "jobs_exposed", 2569]["confidence"] == "L"
    assert ("run0", "jobs_exposed", 2568) not in told
    assert ("run0", "estate_occupied_rai", 2570) not in told
    assert {row["quantity"] for row in rows} == set(QUANTITIES) - {"estate_water_mm3"}


def test_a_line_stands_at_the_height_of_its_value(two):
    figure = year_figure(two)
    panel = figure.panels[0]
    first, second = (
        [tuple(map(float, pair)) for pair in re.findall(r"[ML]([\d.]+) ([\d.]+)", path)]
        for path in re.findall(r'<path d="(M[^"]*L[^"]*)" fill="none" stroke="#\w+" stroke-width',
                               panel)
    )  # fmt: skip
    top, bottom = first[0][1], first[2][1]
    assert first[1][1] == pytest.approx((top + bottom) / 2, abs=0.1)
    assert second[2][1] == pytest.approx(bottom - (bottom - top) / 4, abs=0.1)
    assert [x for x, _ in first] == [x for x, _ in second]
    # What both runs share is said, since one line lies upon the other; capacity is not shared.
    assert "the same in all runs" not in panel
    assert "the same in all runs" in figure.panels[1]


def test_what_is_not_defined_is_not_drawn(two):
    (jobs,) = [one for one in courses(two) if (one.run, one.quantity) == (0, "jobs_exposed")]
    assert math.isnan(jobs.central[0])
    (drawn, _) = re.findall(r'<path d="(M[^"]*)" fill="none" stroke="#\w+" stroke-width',
                            year_figure(two).panels[1])  # fmt: skip
    assert len(re.findall(r"[ML]", drawn)) == 2


def test_a_run_without_a_path_of_years_says_so(tmp_path):
    found = compared(tmp_path, [1.0, 1.0, 1.0], None)
    figure = year_figure(found)
    assert "Without a path of years, and so not drawn: Case 1." in figure.note["en"]
    assert "ฉากที่ 1" in figure.note["th"]
    assert [name["en"] for _, name in figure.key] == ["Case 0"]
    assert "ฉากที่ 1" in year_picture(found)
    none = tmp_path / "none"
    none.mkdir()
    nothing = year_figure(compared(none, None, None))
    assert (list(nothing.panels), list(nothing.key)) == ([], [])


def test_more_runs_than_colours_are_counted(tmp_path):
    figure = year_figure(compared(tmp_path, *([1.0, 1.0, 1.0],) * 10))
    assert len(figure.key) == 8
    assert "2 more runs stand in years.csv only" in figure.note["en"]


def test_the_table_says_in_words_what_is_drawn(two):
    table = year_table(two)
    (mw, *_), (other, *_) = ([cell["en"] for cell in row.cells][2:] for row in table.rows)
    assert (mw, other) == ("1,200", "2,400")
    assert "2 (1–4)" in [cell["en"] for cell in table.rows[0].cells]
