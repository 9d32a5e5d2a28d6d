"""
How large pages are and how long headless Chromium takes to show them, with the network off.

The first view is there when the page has loaded, its script has drawn the map, its fonts are ready
and the browser has painted. Told is the wall time from asking for the file to then, with a new
browser each time.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

from benchmarks.timing import ROOT
from tests.pages.browser import Browser, find_browser

PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))"


def seconds_of(program: str, page: Path) -> float:
    """Open a page in a new browser and wait until it is painted."""
    with Browser(program) as browser:
        started = time.perf_counter()
        browser.open(page)
        browser.run(PAINTED)
        taken = time.perf_counter() - started
        if browser.complaints:
            sys.exit(f"{page}: {browser.complaints[0]}")
    return taken


def main() -> None:
    """Read the options, open each page and report."""
    parser = argparse.ArgumentParser("python -m benchmarks.first_view", description=__doc__)
    parser.add_argument("pages", nargs="*", type=Path, help="pages (runs/*/*.html)")
    parser.add_argument("--runs", type=int, default=5, help="how often each is opened (5)")
    parser.add_argument("--json", action="store_true", help="one JSON object a page")
    options = parser.parse_args()
    program = find_browser()
    pages = options.pages or sorted((ROOT / "runs").glob("*/*.html"))
    if program is None or not pages:
        sys.exit("no Chromium on this machine" if program is None else "no pages: run a scenario")
    for page in pages:
        times = sorted(seconds_of(program, page) for _ in range(options.runs))
        found = {"page": str(page), "megabytes": round(page.stat().st_size / 1e6, 2),
                 "least_s": round(times[0], 2), "median_s": round(statistics.median(times), 2),
                 "most_s": round(times[-1], 2)}  # fmt: skip
        line = "{page}: {megabytes} MB, first view {median_s} s ({least_s} to {most_s})"
        print(json.dumps(found) if options.json else line.format(**found))


if __name__ == "__main__":
    main()
