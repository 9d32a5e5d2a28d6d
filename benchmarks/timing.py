"""Time a command line in fresh processes and say so."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent


def time_command(arguments: list[str], runs: int) -> list[float]:
    """Run `maemoh-gis` with these arguments so many times; return the wall seconds of each."""
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "maemoh_gis", *arguments],
            cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        seconds.append(time.perf_counter() - start)
        if done.returncode != 0:
            sys.exit(done.stderr)
    return seconds


def report(name: str, seconds: list[float], *, as_json: bool) -> None:
    """Print the first time and the spread of the rest, for people or as one JSON object."""
    first, rest = seconds[0], seconds[1:] or seconds
    found = {
        "benchmark": name,
        "runs": len(rest),
        "first_s": round(first, 3),
        "min_s": round(min(rest), 3),
        "median_s": round(statistics.median(rest), 3),
        "max_s": round(max(rest), 3),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.system(),
    }
    if as_json:
        print(json.dumps(found))
        return
    print(
        f"{name}: min {found['min_s']} s, median {found['median_s']} s, max {found['max_s']} s "
        f"over {len(rest)} runs; {found['first_s']} s the first time "
        f"({found['cores']} cores, Python {found['python']}, {found['system']})"
    )


def main(name: str, arguments: list[str], *, runs: int, with_folder: bool = False) -> None:
    """Read the options of a benchmark, run it and report."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{name}")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--runs", type=int, default=runs, help=f"runs after the first ({runs})")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = ["--out", str(Path(folder, "run"))] if with_folder else []
        seconds = time_command([*arguments, *out], options.runs + 1)
    report(name, seconds, as_json=options.json)
