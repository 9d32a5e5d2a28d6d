"""One command runs every benchmark, says what was not measured, and goes on after a failure."""

import json
import time
from pathlib import Path

import pytest

from benchmarks import all as every
from tests.paths import ROOT

FOUND = {
    "name": "cost", "size": "S", "ours_s": 0.5, "peer": "scipy", "peer_s": 2.0, "ratio": 4.0,
    "spread": [3.5, 4.5], "equal": True, "difference": None, "goal": 4.0,
}  # fmt: skip


def answers(monkeypatch, **by_name):
    """Let each benchmark answer as is said here, the rest with nothing."""

    def ask(arguments, most_s):
        return by_name.get(arguments[1].removeprefix("benchmarks."), ("", 0, ""))

    monkeypatch.setattr(every, "ask", ask)


def printed(monkeypatch, capsys, *options):
    monkeypatch.setattr("sys.argv", ["all", *options])
    every.main()
    return capsys.readouterr().out


def test_every_benchmark_is_in_the_one_run():
    there = {path.stem for path in Path(ROOT, "benchmarks").glob("*.py")}
    assert there == {*every.WITH_PEERS, *every.ALONE} | every.NOT_BENCHMARKS


def test_findings_stand_in_one_table_and_what_is_missing_below_it(monkeypatch, capsys):
    skipped = {"name": "masks", "size": "S", "skipped": "skimage is not installed"}
    answers(
        monkeypatch,
        cost_distance=(json.dumps(FOUND) + "\n" + json.dumps(skipped), 0, ""),
        many_to_many=(json.dumps({**FOUND, "name": "half"}) + "\n", None, ""),
        startup=("", 1, "Traceback\nMemoryError: too much"),
    )
    out = printed(monkeypatch, capsys)
    assert "cost  S     scipy  4.0    3.5 to 4.5  0.50    2.00    yes, goal 4 met" in out
    assert "half" in out
    assert "not measured: masks (cost_distance): skimage is not installed" in out
    assert "not measured: startup (startup): MemoryError: too much" in out
    assert "not measured: many_to_many (many_to_many): stopped after 30 minutes" in out


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"ratio": 1.2, "goal": None}, "a tie"),
        ({"ratio": 3.9}, "goal 4 MISSED"),
        ({"equal": False, "difference": "by 3"}, "NO: by 3"),
    ],
)
def test_nothing_is_made_to_look_better_than_it_is(monkeypatch, capsys, changed, expected):
    answers(monkeypatch, cost_distance=(json.dumps(FOUND | changed), 0, ""))
    assert expected in printed(monkeypatch, capsys, "--only", "cost_distance")


def test_for_scripts_there_is_one_object_a_comparison(monkeypatch, capsys):
    answers(monkeypatch, cost_distance=(json.dumps(FOUND), 0, ""), many_to_many=("", 1, "no"))
    out = printed(monkeypatch, capsys, "--json").splitlines()
    assert [json.loads(line)["benchmark"] for line in out] == ["cost_distance", "many_to_many"]
    assert json.loads(out[0])["ratio"] == 4.0


def test_what_takes_too_long_is_stopped_with_all_it_started(tmp_path):
    sign = tmp_path / "sign"
    child = f"import time, pathlib; time.sleep(2); pathlib.Path({str(sign)!r}).touch()"
    parent = (
        "import subprocess, sys; print('half', flush=True); "
        f"subprocess.run([sys.executable, '-c', {child!r}])"
    )
    told, code, _ = every.ask(["-c", parent], 1.0)
    time.sleep(3)
    assert code is None
    assert told in {"half\n", ""}
    assert not sign.exists()


def test_a_benchmark_without_peers_has_its_line_whatever_it_calls_itself(monkeypatch, capsys):
    found = {"benchmark": "batch_weights --jobs 2", "min_s": 1, "median_s": 2, "max_s": 3}
    answers(monkeypatch, batch_weights=(json.dumps(found), 0, ""))
    assert "batch_weights" in (out := printed(monkeypatch, capsys, "--only", "batch_weights"))
    assert "2.00 (1.00 to 3.00)" in out
