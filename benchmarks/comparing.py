"""
Compare this package with its peers: same inputs, outputs checked equal, sides in turn.

Every measurement is a fresh process that reads its inputs and runs once on a small case (so that
compiling is not timed), then does the work once under the clock. Sides take turns, so that whatever
else the machine does falls on both. The ratio is the median over pairs and the spread its range.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parent.parent
SIZES = {"S": (1_400, 1_430), "M": (2_800, 4_250), "L": (5_600, 8_500)}
"""Rows and cols of 30 m cells: Mae Mo district, between, Lampang province."""
# Below this a difference is as likely the machine's as the code's.
TIE = 1.3

Outputs = Mapping[str, Any]
Work = Callable[[], Outputs]


@dataclass(frozen=True)
class Comparison:
    """One thing that both sides do."""

    name: str
    ours: str
    """Function of the benchmark that takes the folder of inputs and gives the work to time."""
    peer: str
    module: str
    """What must be importable for the peer."""
    equal: Callable[[Outputs, Outputs], str | None]
    """None where outputs agree, else how they differ."""
    goal: float | None = None
    """Least ratio wanted."""
    peer_share: float = 1.0
    """Part of the question that the peer answers, where its time is in proportion to the part; its
    time is divided by it."""


def write_inputs(benchmark: str, size: str, folder: Path) -> None:
    """Make the inputs in a process of their own, so that nobody's memory holds them."""
    _child(benchmark, ["--make", "--size", size, "--folder", str(folder)])


def run(benchmark: str, comparisons: list[Comparison], *, pairs: int = 5) -> None:
    """Read the options of a benchmark and run it; the entry of every module here."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{benchmark}")
    parser.add_argument("--size", choices=SIZES, default="S", help="S 2.0 M, M 11.9 M, L 47.6 M")
    parser.add_argument("--json", action="store_true", help="print one JSON object a comparison")
    parser.add_argument("--pairs", type=int, default=pairs, help=f"pairs of runs ({pairs})")
    parser.add_argument("--only", help="only comparisons whose name holds this")
    parser.add_argument("--make", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--side", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    module = importlib.import_module(f"benchmarks.{benchmark}")
    if options.make:
        module.make(options.folder, SIZES[options.size])
    elif options.side:
        _measure(getattr(module, options.side), options.folder, options.out)
    else:
        with tempfile.TemporaryDirectory(prefix="maemoh-bench-") as folder:
            _all(benchmark, comparisons, options, Path(folder))


def _all(
    benchmark: str, comparisons: list[Comparison], options: argparse.Namespace, folder: Path
) -> None:
    write_inputs(benchmark, options.size, folder)
    for comparison in comparisons:
        if options.only and options.only not in comparison.name:
            continue
        if importlib.util.find_spec(comparison.module) is None:
            skipped = {"name": comparison.name, "size": options.size,
                       "skipped": f"{comparison.module} is not installed"}  # fmt: skip
            print(json.dumps(skipped) if options.json else
                  f"{comparison.name}: skipped, {skipped['skipped']}", flush=True)  # fmt: skip
            continue
        found = _compare(benchmark, comparison, options, folder)
        print(json.dumps(found) if options.json else _sentence(found), flush=True)


def _compare(
    benchmark: str, comparison: Comparison, options: argparse.Namespace, folder: Path
) -> dict[str, Any]:
    times: dict[str, list[float]] = {"ours": [], "peer": []}
    peaks = {"ours": 0.0, "peer": 0.0}
    difference: str | None = None
    for pair in range(options.pairs):
        for side in ("ours", "peer") if pair % 2 == 0 else ("peer", "ours"):
            arguments = ["--side", getattr(comparison, side), "--folder", str(folder)]
            if pair == 0:
                arguments += ["--out", str(folder / f"{side}.npz")]
            told = json.loads(_child(benchmark, arguments))
            share = comparison.peer_share if side == "peer" else 1.0
            times[side].append(told["seconds"] / share)
            peaks[side] = max(peaks[side], told["peak_gib"])
        if pair == 0:
            with np.load(folder / "ours.npz") as one, np.load(folder / "peer.npz") as other:
                difference = comparison.equal(one, other)
            (folder / "ours.npz").unlink()
            (folder / "peer.npz").unlink()
    ratios = [p / o for o, p in zip(times["ours"], times["peer"], strict=True)]
    return {
        "name": comparison.name,
        "size": options.size,
        "ours_s": round(statistics.median(times["ours"]), 4),
        "peer": comparison.module,
        "peer_s": round(statistics.median(times["peer"]), 4),
        "peer_share": comparison.peer_share,
        "ratio": round(statistics.median(ratios), 2),
        "spread": [round(min(ratios), 2), round(max(ratios), 2)],
        "equal": difference is None,
        "difference": difference,
        "ours_peak_gib": round(peaks["ours"], 2),
        "peer_peak_gib": round(peaks["peer"], 2),
        "goal": comparison.goal,
        "cores": os.cpu_count(),
        "pairs": options.pairs,
    }


def _child(benchmark: str, arguments: list[str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{benchmark}", *arguments], cwd=ROOT,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        sys.exit(done.stderr)
    return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""


def _measure(side: Callable[[Path], Work], folder: Path, out: Path | None) -> None:
    """Time one side once and tell it to the parent."""
    work = side(folder)
    start = time.perf_counter()
    outputs = work()
    seconds = time.perf_counter() - start
    told = {"seconds": seconds, "peak_gib": peak_gib()}
    if out is not None:
        np.savez(out, **outputs)
    print(json.dumps(told))


def peak_gib() -> float:
    """Say how much memory this process has held at most."""
    try:
        # Of this program alone; what `resource` tells would hold the parent's peak too.
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        return int(status.split("VmHWM:")[1].split()[0]) / 2**20
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _sentence(found: Mapping[str, Any]) -> str:
    low, high = found["spread"]
    ratio = "a tie" if found["ratio"] < TIE else f"{found['ratio']:.1f} times {found['peer']}"
    part = found["peer_share"]
    whole = "" if part == 1 else f" (from {part:.0%} of the question)"
    equal = "outputs equal" if found["equal"] else f"OUTPUTS DIFFER: {found['difference']}"
    goal = ""
    if found["goal"]:
        met = "met" if found["ratio"] >= found["goal"] else "MISSED"
        goal = f", goal {found['goal']:g} {met}"
    return (
        f"{found['name']} {found['size']}: {ratio} ({low:.1f} to {high:.1f} over "
        f"{found['pairs']} pairs{goal}); {found['ours_s']} s and {found['ours_peak_gib']} GiB "
        f"against {found['peer_s']} s{whole} and {found['peer_peak_gib']} GiB; {equal}"
    )


def close(name: str, *, absolute: float = 0.0, relative: float = 0.0) -> Callable[..., str | None]:
    """Make a check that one output agrees within a tolerance, NaN where the other is NaN."""

    def check(one: Outputs, other: Outputs) -> str | None:
        a, b = np.asarray(one[name], dtype=np.float64), np.asarray(other[name], dtype=np.float64)
        worst = np.nanmax(np.abs(a - b) - relative * np.abs(b), initial=0.0)
        if (np.isnan(a) != np.isnan(b)).any():
            return f"{int((np.isnan(a) != np.isnan(b)).sum())} cells unknown on one side only"
        return None if worst <= absolute else f"{name} differs by {worst:g}"

    return check
