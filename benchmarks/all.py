"""
Every benchmark, each as a process of its own, one after another, and one table of what they found.

What could not be measured stands below the table with the reason. A benchmark that fails or takes
longer than `--most-minutes` is among them, and the others go on.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.comparing import ROOT, SIZES, TIE

WITH_PEERS = ("cost_distance", "many_to_many")
ALONE = ("startup", "baseline_run", "links", "learnt", "batch_weights", "batch_scenarios")
"""Benchmarks of whole commands, which have neither sizes nor peers."""
NOT_BENCHMARKS = {"all", "comparing", "first_view", "synthetic", "timing", "walks", "__init__"}


def arguments_of(name: str, size: str, pairs: int | None) -> list[str]:
    """Give what a benchmark is asked with."""
    if name in ALONE:
        return ["--json"]
    asked = ["--pairs", str(pairs)] if pairs else []
    return ["--size", size, "--json", *asked]


def ask(arguments: list[str], most_s: float) -> tuple[str, int | None, str]:
    """Run Python; give what it printed, its code (None if it was stopped) and its errors."""
    started = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        told, said = started.communicate(timeout=most_s)
    except subprocess.TimeoutExpired:
        # A benchmark measures in processes of its own, which must not outlive it.
        if hasattr(os, "killpg"):
            os.killpg(started.pid, signal.SIGTERM)
        started.kill()
        told, said = started.communicate()
        return told, None, said
    return told, started.returncode, said


def one(name: str, size: str, pairs: int | None, most_s: float) -> Iterator[dict[str, Any]]:
    """Run one benchmark and give what it prints, or why it printed nothing."""
    told, code, said = ask(["-m", f"benchmarks.{name}", *arguments_of(name, size, pairs)], most_s)
    why = ""
    if code is None:
        why = f"stopped after {most_s / 60:g} minutes"
    elif code != 0:
        why = (said.strip().splitlines() or ["no word"])[-1]
    for line in told.splitlines():
        if line.startswith("{") and line.endswith("}"):
            yield {**json.loads(line), "benchmark": name}
    if why:
        yield {"benchmark": name, "name": name, "size": size, "skipped": why}


def row(found: dict[str, Any]) -> tuple[str, ...]:
    """Put one finding into the columns of the table."""
    if found["benchmark"] in ALONE:
        ours = f"{found['median_s']:.2f} ({found['min_s']:.2f} to {found['max_s']:.2f})"
        return found["benchmark"], "", "", "", "", ours, "", ""
    ratio = found.get("ratio")
    spread = found.get("spread")
    equal = "yes" if found["equal"] else f"NO: {found.get('difference') or ''}"
    return (
        found["name"],
        found["size"],
        found.get("peer") or "",
        "" if ratio is None else "a tie" if ratio < TIE else f"{ratio:.1f}",
        f"{spread[0]:.1f} to {spread[1]:.1f}" if isinstance(spread, list) else "",
        f"{found['ours_s']:.2f}",
        "" if found.get("peer_s") is None else f"{found['peer_s']:.2f}",
        equal + goal(found),
    )


def goal(found: dict[str, Any]) -> str:
    """Say whether a goal was met."""
    if not found.get("goal") or found.get("ratio") is None:
        return ""
    met = "met" if found["ratio"] >= found["goal"] else "MISSED"
    return f", goal {found['goal']:g} {met}"


def table(rows: list[tuple[str, ...]]) -> str:
    """Lay rows out in columns as wide as their widest entry."""
    head = ("what", "size", "peer", "ratio", "spread", "ours s", "peer s", "equal")
    widths = [max(len(line[k]) for line in (head, *rows)) for k in range(len(head))]
    return "\n".join(
        "  ".join(part.ljust(width) for part, width in zip(line, widths, strict=True)).rstrip()
        for line in (head, *rows)
    )


def load() -> str:
    """Say how busy the machine is, where it tells."""
    try:
        return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    except (AttributeError, OSError):
        return f"{os.cpu_count()} cores"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.all", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="S", help="for all that have sizes")
    parser.add_argument("--pairs", type=int, help="pairs of runs, for all that have pairs")
    parser.add_argument("--only", nargs="+", choices=(*WITH_PEERS, *ALONE), metavar="NAME",
                        help="only these benchmarks")  # fmt: skip
    parser.add_argument("--most-minutes", type=float, default=30.0, help="for one benchmark (30)")
    parser.add_argument("--json", action="store_true", help="print one JSON object a comparison")
    options = parser.parse_args()
    start, before, findings = time.perf_counter(), load(), []
    for name in options.only or (*WITH_PEERS, *ALONE):
        for found in one(name, options.size, options.pairs, options.most_minutes * 60):
            findings.append(found)
            if options.json:
                print(json.dumps(found), flush=True)
        if not options.json:
            print(f"{name} done, {load()}", file=sys.stderr, flush=True)
    if options.json:
        return
    print(table([row(found) for found in findings if "skipped" not in found]))
    for found in findings:
        if "skipped" in found:
            print(f"not measured: {found['name']} ({found['benchmark']}): {found['skipped']}")
    minutes = (time.perf_counter() - start) / 60
    print(f"{minutes:.0f} minutes; {before} at the start, {load()} at the end")


if __name__ == "__main__":
    main()
