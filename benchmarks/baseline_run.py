"""
How long a run takes and how much memory it holds, from the command to the finished run folder.

The scenario is the shipped one but for its cells: S is 100 m (3.2 M cells over the province), as it
is shipped, M is 60 m (8.9 M) and L is 30 m (35.8 M).
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from benchmarks.timing import ROOT, parser_of, report, time_command

CELLS_M = {"S": 100, "M": 60, "L": 30}
CHILD = """version: 1
id: {id}
extends: {scenario}
title: {{th: ทดสอบความเร็ว, en: A benchmark}}
question: {{th: ทดสอบความเร็ว, en: A benchmark}}
change:
  grid.cell_m: {cell_m}
"""


def arguments_of(folder: Path, scenario: str, size: str) -> list[str]:
    """Write a scenario of another cell beside the shipped ones; return the command that runs it."""
    if size == "S":
        return ["run", scenario, "--no-cache", "--out", str(folder / "run")]
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    child = CHILD.format(id="benchmark", scenario=scenario, cell_m=CELLS_M[size])
    (folder / "scenarios" / "benchmark.yaml").write_text(child, encoding="utf-8")
    return ["run", "benchmark", "--no-cache", "--scenarios", str(folder / "scenarios"),
            "--out", str(folder / "run")]  # fmt: skip


def main() -> None:
    """Read the options, run and report."""
    parser = parser_of("baseline_run", runs=3)
    parser.add_argument("--size", choices=tuple(CELLS_M), default="S", help="cells (S)")
    parser.add_argument("--scenario", default="baseline", help="a shipped scenario (baseline)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        arguments = arguments_of(Path(folder), options.scenario, options.size)
        seconds, peak = time_command(arguments, options.runs + 1)
    name = f"baseline_run {options.scenario} {options.size}"
    report(name, seconds, peak, as_json=options.json)


if __name__ == "__main__":
    main()
