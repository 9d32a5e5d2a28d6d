"""Time a command line in fresh processes, with the most memory it held, and say so."""

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
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


def time_command(arguments: Sequence[str], runs: int) -> tuple[list[float], float]:
    """Run `maemoh-gis` so many times; return the wall seconds of each and the peak in GiB."""
    seconds, peak = [], 0.0
    for _ in range(runs):
        with tempfile.TemporaryFile("w+") as said:
            start = time.perf_counter()
            started = subprocess.Popen(
                [sys.executable, "-m", "maemoh_gis", *arguments],
                cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said,
            )  # fmt: skip
            # The operating system keeps the greatest resident memory of each process.
            _, status, usage = os.wait4(started.pid, 0)
            seconds.append(time.perf_counter() - start)
            started.returncode = os.waitstatus_to_exitcode(status)
            if started.returncode != 0:
                said.seek(0)
                sys.exit(said.read())
        unit = 1 if sys.platform == "darwin" else 1024
        peak = max(peak, usage.ru_maxrss * unit / 2**30)
    return seconds, peak


@dataclass(frozen=True)
class Took:
    """What a command took."""

    wall_s: float
    cpu_s: float
    """User and system, with all processes it started and waited for."""


def time_whole(arguments: Sequence[str]) -> Took:
    """Run `maemoh-gis` once; return its wall time, and that of all processors together."""
    with tempfile.TemporaryFile("w+") as said:
        start = time.perf_counter()
        started = subprocess.Popen(
            [sys.executable, "-m", "maemoh_gis", *arguments],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said,
        )  # fmt: skip
        _, status, usage = os.wait4(started.pid, 0)
        wall = time.perf_counter() - start
        started.returncode = os.waitstatus_to_exitcode(status)
        if started.returncode != 0:
            said.seek(0)
            sys.exit(said.read())
    return Took(wall, usage.ru_utime + usage.ru_stime)


def pace_s() -> float:
    """
    Time 20 million additions in a plain loop, to tell a slow machine from slow programs.

    Returns
    -------
    float
        Seconds; about 1.0 on the machine of most figures in `README.md`, at rest.
    """
    start, total = time.perf_counter(), 0
    for number in range(20_000_000):
        total += number
    return time.perf_counter() - start


def report(name: str, seconds: list[float], peak_gib: float, *, as_json: bool) -> None:
    """Print the first time and the spread of the rest, for people or as one JSON object."""
    first, rest = seconds[0], seconds[1:] or seconds
    found = {
        "benchmark": name,
        "peak_gib": round(peak_gib, 2),
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
        f"over {len(rest)} runs; {found['first_s']} s the first time; "
        f"at most {found['peak_gib']} GiB "
        f"({found['cores']} cores, Python {found['python']}, {found['system']})"
    )


def parser_of(name: str, runs: int) -> argparse.ArgumentParser:
    """Make the parser of the options every benchmark has."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{name}")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--runs", type=int, default=runs, help=f"runs after the first ({runs})")
    return parser


def main(name: str, arguments: Sequence[str], *, runs: int) -> None:
    """Read the options of a benchmark, run it and report."""
    options = parser_of(name, runs).parse_args()
    seconds, peak = time_command(arguments, options.runs + 1)
    report(name, seconds, peak, as_json=options.json)
