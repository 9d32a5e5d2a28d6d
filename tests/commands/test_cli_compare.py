"""What a comparison prints: pairs with the first run only, those of one value together."""

from pathlib import Path

from maemoh_gis.commands.compare import _alert_lines, _show, _with_the_first
from maemoh_gis.commands.terminal import Terminal


def test_pairs_of_one_value_stand_on_one_line_and_others_are_left_to_the_tables():
    pairs = [
        {"runs": ["a", "b"], "jaccard": 1.0},
        {"runs": ["a", "c"], "jaccard": 0.98},
        {"runs": ["a", "d"], "jaccard": 1.0},
        {"runs": ["b", "c"], "jaccard": 0.5},
    ]
    assert _with_the_first(pairs, "jaccard") == {
        ("1.000",): ("a", ["b", "d"]),
        ("0.980",): ("a", ["c"]),
    }
    assert _with_the_first([], "jaccard") == {}


def test_ranks_of_sites_and_yards_are_kept_apart_and_unknown_tau_is_a_dash():
    pairs = [
        {"runs": ["a", "b"], "kind": "site", "pieces": 12, "tau_b": None},
        {"runs": ["a", "b"], "kind": "yard", "pieces": 3, "tau_b": 1.0},
    ]
    assert _with_the_first(pairs, "kind", "pieces", "tau_b") == {
        ("site", "12", "–"): ("a", ["b"]),
        ("yard", "3", "1.000"): ("a", ["b"]),
    }


def test_alerts_stand_on_one_line_an_indicator_with_few_runs_named_and_many_counted():
    runs = ["a", "b", "c", "d", "e"]
    land = {run: {} for run in runs}
    record = {
        "runs": [{"run": run} for run in runs],
        "uses": {
            "yard": {"title": {"en": "Yard", "th": "ลาน"}, "land": land},
            "estate": {"title": {"en": "Estate", "th": "นิคม"}, "land": land},
            "solar": {"title": {"en": "Solar", "th": "แสงอาทิตย์"}, "land": {"a": {}, "b": {}}},
        },
        "alerts": [
            *({"indicator": "farm_share", "use": "yard", "run": run} for run in runs[:4]),
            *({"indicator": "farm_share", "use": "estate", "run": run} for run in runs[:4]),
            {"indicator": "farm_share", "use": "solar", "run": "b"},
            {"indicator": "tau", "use": "yard", "run": "d"},
        ],
    }
    assert list(_alert_lines(record, "en")) == [
        ("Farm land among the land of sites", "4 of 5 runs (Yard, Estate); b (Solar)"),
        ("Ranks of sites, Kendall's tau", "d (Yard)"),
    ]
    assert next(iter(_alert_lines(record, "th")))[1] == "4 จาก 5 ผล (ลาน, นิคม); b (แสงอาทิตย์)"


def test_hundreds_of_runs_are_counted_and_not_named_one_by_one(capsys):
    runs = [f"tiny--within_m-{m}" for m in range(100, 300)]
    first, others = runs[0], runs[1:]
    title = {"th": "นิคม", "en": "Estate"}
    land = {"allowed_rai": 10.0, "conditional_rai": 0.0, "good_rai": 5.0}
    use = {
        "title": title,
        "land": dict.fromkeys(runs, land),
        "consensus": {"all": {"runs": len(runs), "good_in_all_rai": 5.0}},
        "good_overlap": [{"runs": [first, run], "jaccard": 1.0} for run in others],
        "tau": [
            {"runs": [first, run], "kind": "site", "pieces": 2, "tau_b": 1.0} for run in others
        ],
        "least_regret": [],
    }
    record = {
        "first": {"th": "ไม่ต่าง", "en": "Nothing moved."},
        "causes": [[title] * 4],
        "caveats": [title, title],
        "runs": [{"run": run} for run in runs],
        "differences": {run: {"layer": 0, "fact": 1} for run in others},
        "uses": {"estate": use},
        "good_score": 0.6,
        "alerts": [],
        "outputs": {"brief_committee.html": "0"},
    }
    _show(Terminal("en"), record, Path("comparison"))
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2].startswith("Brief: ")
    assert lines[-2].endswith("brief_committee.html")
    assert lines[:2] == ["Nothing moved.", "- Estate – Estate – Estate – Estate"]
    assert len(lines) < 22
    assert max(map(len, lines[:-2])) < 200
    assert f"199 of 200 runs against {first}" in "\n".join(lines)
    assert "Jaccard 1.000" in "\n".join(lines)
