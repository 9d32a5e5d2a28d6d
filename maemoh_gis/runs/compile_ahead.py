"""
Loops of a first run, compiled in a process beside it while it still reads layers.

Compiling takes as long as half a run, and numba lets one thread of a process do it at a time.
The process beside the run begins with the loops the run needs last, so that the two meet in the
middle and none is compiled twice; what either did is kept for all.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

LOOPS = {
    "cells.interiors:_fill": "b1[:,::1], i2[:,::1], f8[::1], f8[::1], f8[:,::1]",
    "cells.segments:_measure": "f4[:,::1], f8[::1], f8[::1], f8[:,::1], f8",
    "mcda.aggregate:_sums": "f8[::1], f4[:,:,::1], f4[::1], f4[::1], f4[::1], f4[::1]",
    "sites.land_masks:take_scored": "f4[:,::1], f4, i4[:,::1], b1[:,::1]",
    "sites.shape:_where_fits": "b1[:,::1], i8[:,::1]",
    "sites.shape:_covered": "b1[:,::1], i8[:,::1]",
    "sites.land_masks:_square_sums": "i8[:,::1], i8, i8",
    "sites.growth:best_seed": "i8[:,::1], i8[:,::1], b1[:,::1]",
    "sites.growth:grow": "i4[:,::1], b1[:,::1], b1[:,::1], i8[:,::1], b1[:,::1], b1[:,::1],"
    "i8, i8, i8, i8, f8",
    "sites.slid_shapes:_best_in_block": "i4[:,::1], b1[:,::1], i8[:,::1], i8[::1], i8, i8, i8",
    "yards.kernels:chord_geometry": "f8[:,::1], f8[::1], f8[::1], f8",
    "yards.kernels:heights_over": "f8[::1], f8[::1], f8[::1], f8[::1]",
    "yards.kernels:stretch_starts": "f8[:,::1], f8",
    "yards.kernels:sums_beneath": "f8[:,::1], i8[:,:,::1], f8, f8, f8",
    "files.overviews:_means": "f4[:,:,::1], f8, b1, f4[:,:,::1]",
    "network.quickest:_search": "f8[:,::1], f8[::1], f8[::1], i8[::1], f8, f8, f8[::1], i8[::1]",
}
"""Types of what they are handed, by loop, in the order in which a run comes to them."""


@contextmanager
def compiling_ahead() -> Iterator[None]:
    """Compile in a process of its own, until the block ends, what no earlier run left compiled."""
    beside = None if all(_is_kept(name) for name in LOOPS) else _begun()
    try:
        yield
    finally:
        if beside is not None:
            beside.kill()
            beside.wait()


def compile_all() -> None:
    """Compile every loop that is not kept compiled, those that are needed last first."""
    for name in reversed(LOOPS):
        loop_of(name).compile(f"({LOOPS[name]},)")


def _begun() -> subprocess.Popen[bytes] | None:
    """Begin to compile all; None where no process may be begun, and the run compiles by itself."""
    if not sys.executable:
        return None  # Inside another program.
    nothing = subprocess.DEVNULL
    # Without the folder the user stands in, whose files are no modules.
    line = [sys.executable, "-P", "-m", __name__]
    try:
        return subprocess.Popen(line, stdin=nothing, stdout=nothing, stderr=nothing)  # noqa: S603
    except OSError:
        return None


def loop_of(name: str) -> Any:
    """Give a loop by its module and name."""
    module, function = name.split(":")
    return getattr(import_module(f"maemoh_gis.{module}"), function)


def _is_kept(name: str) -> bool:
    """Say whether a loop was kept compiled, or none can be."""
    loop = loop_of(name)
    if not hasattr(loop, "stats"):
        return True  # Compiling is turned off.
    folder = loop.stats.cache_path
    kept = f"{name.rpartition('.')[2].replace(':', '.')}-*.nbi"
    return folder is None or any(Path(folder).glob(kept))


if __name__ == "__main__":
    compile_all()
