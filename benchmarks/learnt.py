"""
Learning what the land of the province says of an estate, at 100 m, in fresh processes.

Measures, folds, repetitions with places put elsewhere and rasters together, as `mm.learn` does it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time

from benchmarks.comparing import peak_gib
from benchmarks.timing import ROOT, parser_of, report

WORKS = {"land_use": ["industrial", "commercial"]}
_CHILD = "--child"


def once() -> dict[str, float]:
    """Learn once in this process; give the wall seconds and the most memory held, GiB."""
    import maemoh_gis as mm

    scenario = mm.load_scenario("baseline")
    start = time.perf_counter()
    mm.learn(
        scenario, "green_estate", "land_use_outlines", WORKS, leave_out=["present_use"]
    ).rasters()
    return {"seconds": time.perf_counter() - start, "peak_gib": peak_gib()}


def child() -> dict[str, float]:
    """Learn in a process of its own."""
    line = [sys.executable, "-m", "benchmarks.learnt", _CHILD]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def main() -> None:
    """Read the options and report."""
    options = parser_of("learnt", 2).parse_args()
    found = [child() for _ in range(options.runs + 1)]
    peak = max(one["peak_gib"] for one in found)
    report("learnt", [one["seconds"] for one in found], peak, as_json=options.json)


if __name__ == "__main__":
    if _CHILD in sys.argv:
        print(json.dumps(once()))
    else:
        main()
