"""How long the ways to all places of the baseline take, and how much memory they hold."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.timing import parser_of, report, time_command


def main() -> None:
    """Run the baseline once, then find the ways of its run."""
    options = parser_of("links", runs=3).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = str(Path(folder) / "run")
        time_command(["run", "baseline", "--out", run], 1)
        seconds, peak = time_command(["links", run], options.runs + 1)
    report("links baseline S", seconds, peak, as_json=options.json)


if __name__ == "__main__":
    main()
