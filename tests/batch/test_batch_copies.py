"""Processes that make runs of a sweep begin as copies of the one that made the first."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import shapely

from maemoh_gis.batch.batch import run_batch
from maemoh_gis.batch.copies import may_be_copied, native_threads
from maemoh_gis.batch.plan import plan, prepared
from tests.batch.copies_driver import ASKED
from tests.batch.test_batch import contents
from tests.paths import ROOT
from tests.tiny import SOUTH, WEST, write_project

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiny")
    return write_project(folder, [shapely.Point(WEST + 3_000, SOUTH + 3_000)], complete="extent")


def driver(what, project, root):
    return [sys.executable, "-m", "tests.batch.copies_driver", what, str(project.scenarios),
            str(project.layers), str(root)]  # fmt: skip


def asked_alone(code):
    """Ask a process that has no threads but its own."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True,
                          check=False, timeout=120)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.slow
@pytest.mark.parametrize("what", ["sweep", "killed"])
def test_a_sweep_with_copies_gives_what_one_run_after_another_does(project, tmp_path, what):
    """Also where each copy is killed at its first run."""
    root = tmp_path / "runs"
    done = subprocess.run(driver(what, project, root), cwd=ROOT, capture_output=True, text=True,
                          check=False, timeout=300)  # fmt: skip
    assert done.returncode == 0, done.stderr
    catalog = project.catalog()
    run_batch(prepared(plan(ASKED), project, catalog), catalog, tmp_path / "alone", pages=False)
    assert contents(root) == contents(tmp_path / "alone")


@pytest.mark.slow
def test_copies_end_with_the_process_that_was_killed(project, tmp_path):
    with subprocess.Popen(
        driver("orphan", project, tmp_path / "runs"), cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        copies = [int(parent.stdout.readline()) for _ in range(2)]
        assert all(is_there(copy) for copy in copies)
        parent.send_signal(signal.SIGKILL)
        end = time.monotonic() + 30
        while any(is_there(copy) for copy in copies) and time.monotonic() < end:
            time.sleep(0.05)
        left = [copy for copy in copies if is_there(copy)]
        for copy in left:
            os.kill(copy, signal.SIGKILL)
        assert not left


def is_there(process):
    """Say whether a process runs; one that ended and that nobody asked after does not."""
    try:
        about = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return about.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.slow
def test_a_bar_of_progress_does_not_hinder_a_copy_and_a_thread_does():
    said = asked_alone("""
import io, threading
from rich.console import Console
from rich.progress import Progress
from maemoh_gis.batch.copies import may_be_copied, native_threads
before = native_threads()
print(may_be_copied(before))
console = Console(file=io.StringIO(), force_terminal=True)
with Progress(console=console, redirect_stdout=False):
    print(threading.active_count(), may_be_copied(before))
waits = threading.Event()
threading.Thread(target=waits.wait, daemon=True).start()
print(may_be_copied(before))
""")
    assert said == ["True", "2", "True", "False"]


@pytest.mark.slow
def test_a_process_in_which_gdal_has_threads_is_not_copied():
    """They stay once a large raster was packed; GDAL would wait for them in a copy for ever."""
    said = asked_alone("""
import tempfile
from pathlib import Path
import numpy as np
from maemoh_gis.files import write_raster
from maemoh_gis.core.grid import Grid
from maemoh_gis.batch.copies import may_be_copied, native_threads
before = native_threads()
for cells in (500, 3_200):
    with tempfile.TemporaryDirectory() as folder:
        band = {"a": np.zeros((cells, cells), np.float32)}
        grid = Grid("EPSG:32647", 30, 0, 0, cells, cells)
        write_raster(Path(folder) / "a.tif", band, grid, nodata=None)
    print(may_be_copied(before))
""")
    assert said == ["True", "False"]


def test_where_processes_are_not_copied_none_is(monkeypatch):
    assert not may_be_copied(None)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert native_threads() is None
