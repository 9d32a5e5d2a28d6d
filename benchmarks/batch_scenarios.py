"""How long the shipped scenarios take from one line, all or those named, with an empty cache."""

from __future__ import annotations

import json
import os
import statistics
import tempfile
from pathlib import Path

from benchmarks.timing import ROOT, pace_s, parser_of, time_whole

GOAL_S = 90.0


def main() -> None:
    """Read the options, run and report."""
    parser = parser_of("batch_scenarios", runs=1)
    parser.add_argument("names", nargs="*", metavar="SCENARIO", help="which (all)")
    parser.add_argument("--jobs", type=int, default=2, help="runs at a time (2)")
    parser.add_argument("--no-cache", action="store_true", help="for comparison")
    options = parser.parse_args()
    asked = options.names or ["--all"]
    time_whole(["run", "baseline", "--no-cache", "--out", tempfile.mkdtemp()])
    took, paces = [], [pace_s()]
    for _ in range(options.runs):
        with tempfile.TemporaryDirectory() as folder:
            kept = ["--no-cache"] if options.no_cache else ["--cache", str(Path(folder) / "cache")]
            took.append(
                time_whole(["run", *asked, "--jobs", str(options.jobs), *kept,
                            "--out", str(Path(folder) / "runs")])
            )  # fmt: skip
        paces.append(pace_s())
    seconds = [one.wall_s for one in took]
    found = {
        "benchmark": f"batch_scenarios --jobs {options.jobs}",
        "scenarios": len(options.names or list((ROOT / "scenarios").glob("*.yaml"))),
        "min_s": round(min(seconds), 2),
        "median_s": round(statistics.median(seconds), 2),
        "max_s": round(max(seconds), 2),
        "cpu_s": [round(one.cpu_s, 1) for one in took],
        "pace_s": [round(pace, 2) for pace in paces],
        # Each by the mean of the paces before and after it.
        "s_at_pace_1": [
            round(2 * wall / (before + after), 1)
            for wall, before, after in zip(seconds, paces, paces[1:], strict=False)
        ],
        "goal_s": GOAL_S,
        "load": round(os.getloadavg()[0], 1),
        "cores": os.cpu_count(),
    }
    if options.json:
        print(json.dumps(found))
        return
    print("\n".join(f"{name}: {value}" for name, value in found.items()))


if __name__ == "__main__":
    main()
