"""
What eight runs that differ in one weight cost beside one run.

Each pair is one run with an empty cache, then the eight with another empty cache, all from the
command to the finished folders. The ratio of wall times is what a planner waits; that of processor
times hardly depends on what else the machine does. `--pages none` leaves map and report out of the
one run too, as a sweep does without being asked; `--pages all` writes them for all eight as well.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
from pathlib import Path

from benchmarks.timing import Took, parser_of, time_whole

GOAL = 1.3


PAGES = {"usual": [], "all": ["--pages"], "none": ["--no-pages"]}


def measured(name: str, values: str, scenario: str, jobs: int, pages: list[str]) -> Took:
    """Run a sweep of a weight with an empty cache."""
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) / "cache"
        return time_whole(
            ["run", scenario, "--set", f"weights.{name}={values}", "--jobs", str(jobs),
             "--cache", str(cache), "--out", str(Path(folder) / "runs"), *pages]
        )  # fmt: skip


def main() -> None:
    """Read the options, run and report."""
    parser = parser_of("batch_weights", runs=1)
    parser.add_argument("--weight", default="road_access", help="a criterion (road_access)")
    parser.add_argument("--scenario", default="baseline", help="a shipped scenario (baseline)")
    parser.add_argument("--jobs", type=int, default=2, help="runs at a time (2)")
    parser.add_argument("--pages", choices=PAGES, default="usual", help="map and report (usual)")
    options = parser.parse_args()
    pages = PAGES[options.pages]
    time_whole(["run", options.scenario, "--no-cache", "--out", tempfile.mkdtemp()])
    walls, cpus, eights, ones = [], [], [], []
    for _ in range(options.runs):
        one = measured(options.weight, "0.2:0.2:1", options.scenario, 1, pages)
        asked = (options.weight, "0.2:0.4:8", options.scenario, options.jobs)
        eight = measured(*asked, pages)
        walls.append(eight.wall_s / one.wall_s)
        cpus.append(eight.cpu_s / one.cpu_s)
        eights.append(eight)
        ones.append(one)
    seconds = [took.wall_s for took in eights]
    found = {
        "benchmark": f"batch_weights {options.scenario} {options.weight} --jobs {options.jobs} "
        f"--pages {options.pages}",
        "min_s": round(min(seconds), 2),
        "median_s": round(statistics.median(seconds), 2),
        "max_s": round(max(seconds), 2),
        "one_s": [round(took.wall_s, 2) for took in ones],
        "one_cpu_s": [round(took.cpu_s, 2) for took in ones],
        "eight_cpu_s": [round(took.cpu_s, 2) for took in eights],
        "wall_ratio": [round(ratio, 2) for ratio in walls],
        "cpu_ratio": [round(ratio, 2) for ratio in cpus],
        "goal": GOAL,
        "load": round(os.getloadavg()[0], 1),
        "cores": os.cpu_count(),
    }
    if options.json:
        print(json.dumps(found))
        return
    print("\n".join(f"{name}: {value}" for name, value in found.items()))


if __name__ == "__main__":
    main()
