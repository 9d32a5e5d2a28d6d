"""What a first run finds compiled is what it calls, and nothing is left running."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from maemoh_gis.runs import compile_ahead
from maemoh_gis.runs.compile_ahead import LOOPS, compiling_ahead, loop_of
from tests.paths import ROOT

# Whatever tests called before in this process has other types, so the run is made in another.
CODE = """
import sys
from pathlib import Path
from numba.core.sigutils import normalize_signature
from maemoh_gis.runs.compile_ahead import LOOPS, loop_of
from maemoh_gis.runs.project import Project
from maemoh_gis.runs.run import run

layers, scenarios, out = map(Path, sys.argv[1:])
run(Project(layers, scenarios), "small", out, pages=False)
for name, handed in LOOPS.items():
    compiled = {normalize_signature(f"({handed},)")[0]}
    print(name, set(loop_of(name).signatures) <= compiled, len(loop_of(name).signatures))
"""


@pytest.mark.slow
def test_a_run_hands_loops_the_types_they_were_compiled_for(small_project, tmp_path):
    paths = (small_project.layers, small_project.scenarios, tmp_path / "out")
    done = subprocess.run(
        [sys.executable, "-c", CODE, *paths], capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True,
    )  # fmt: skip
    told = [line.split() for line in done.stdout.splitlines()]
    assert [(name, same) for name, same, _ in told] == [(name, "True") for name in LOOPS]
    # Its sites are a cell wide, which no loop need grow.
    assert sum(called == "0" for *_, called in told) <= 6


@pytest.fixture
def begun(monkeypatch):
    """List the processes that are begun."""
    found, begin = [], subprocess.Popen

    def noted(*given, **named):
        found.append(begin(*given, **named))
        return found[-1]

    monkeypatch.setattr(compile_ahead.subprocess, "Popen", noted)
    return found


def kept_in(folder, monkeypatch):
    loop = SimpleNamespace(stats=SimpleNamespace(cache_path=folder and str(folder)))
    monkeypatch.setattr(compile_ahead, "loop_of", lambda _: loop)


def test_nothing_compiled_is_compiled_beside_the_run_and_ends_with_it(begun, monkeypatch, tmp_path):
    kept_in(tmp_path, monkeypatch)
    with compiling_ahead():
        assert [process.poll() for process in begun] == [None]
    assert begun[0].returncode is not None


def test_what_is_kept_or_cannot_be_is_not_compiled_ahead(begun, monkeypatch, tmp_path):
    for loop in LOOPS:
        module, name = loop.rpartition(".")[2].split(":")
        (tmp_path / f"{module}.{name}-90.py311.nbi").touch()
    for folder in (tmp_path, None):
        kept_in(folder, monkeypatch)
        with compiling_ahead():
            pass
    assert begun == []


def test_where_no_process_may_be_begun_a_run_goes_on(monkeypatch, tmp_path):
    def refused(*_, **__):
        raise PermissionError

    kept_in(tmp_path, monkeypatch)
    monkeypatch.setattr(compile_ahead.subprocess, "Popen", refused)
    with compiling_ahead():
        pass


def test_inside_another_program_a_run_compiles_by_itself(begun, monkeypatch, tmp_path):
    kept_in(tmp_path, monkeypatch)
    monkeypatch.setattr(compile_ahead.sys, "executable", None)
    with compiling_ahead():
        pass
    assert begun == []


def test_where_compiling_is_turned_off_nothing_is_compiled_ahead(begun, monkeypatch):
    monkeypatch.setattr(compile_ahead, "loop_of", lambda _: len)
    with compiling_ahead():
        pass
    assert begun == []


def test_every_loop_is_there():
    assert all(hasattr(loop_of(name), "signatures") for name in LOOPS)
