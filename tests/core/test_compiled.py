"""Compiled loops where nothing can be kept."""

import os
import subprocess
import sys

from tests.paths import ROOT

CODE = """
import numba.core.caching as caching
caching.CacheImpl._locator_classes = []  # as where neither package nor home can be written
import numpy as np
from maemoh_gis.core.compiled import kernel

@kernel()
def twice(a):
    return 2 * a

print(twice(np.array([1.0, 2.0])).tolist())
"""


def test_where_nothing_can_be_kept_loops_are_compiled_anew(tmp_path):
    (tmp_path / "code.py").write_text(CODE)
    done = subprocess.run(
        [sys.executable, tmp_path / "code.py"], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("[2.0, 4.0]\n", "")


def test_every_compiled_loop_says_so_in_one_way():
    """Elsewhere numba would stop the program where it finds no place to keep what it compiled."""
    package = ROOT / "maemoh_gis"
    named = [p for p in package.rglob("*.py") if "numba.njit" in p.read_text(encoding="utf-8")]
    assert named == [package / "core" / "compiled.py"]
