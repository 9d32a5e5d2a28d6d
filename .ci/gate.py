"""
Checksums of all that the program writes and says, taken before code moves and compared after.

    python .ci/gate.py record      write .ci/gate.json from the code as it stands
    python .ci/gate.py check       compare with it; exit code 1 if anything differs unexplained

Every shipped scenario is run without kept results and again with them, four of them compared, and
some eighty commands asked in Thai and English. What is known to differ stands in
`.ci/gate_exceptions.csv`, a pattern and its reason a row. With `--keep DIR` what was written and
said stays there, to be looked at with `diff -r`; `--only PART` takes `runs` or `commands`, the
latter upon runs that were kept.
"""

import argparse
import csv
import fnmatch
import hashlib
import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RECORDED, EXCEPTIONS = ROOT / ".ci" / "gate.json", ROOT / ".ci" / "gate_exceptions.csv"
PROGRAM = [sys.executable, "-m", "maemoh_gis"]
COMPARED = ("baseline", "council_path_2574", "half_retired_plan", "full_phase_out_2593")
RUN = "runs/baseline"
PLACES = """{"type": "FeatureCollection", "features": [{"type": "Feature",
"properties": {"name": "north"}, "geometry": {"type": "Polygon", "coordinates":
[[[99.70, 18.33], [99.72, 18.33], [99.72, 18.35], [99.70, 18.35], [99.70, 18.33]]]}}]}"""
FAULTY = "id: faulty\ninherit: baseline\nyear: nineteen\nuses: {estate: {criterions: {}}}\n"
# What is asked in both languages, as a user would.
ASKED = f"""
--help
run --help
check --help
explain --help
assess --help
report --help
compare --help
layers --help
network --help
network isochrone --help
network closure --help
check baseline
check council_path_2574
check faulty.yaml
check no_such
explain {RUN} --at 18.26,99.70
explain {RUN} --at 18.32,99.72
explain {RUN} --at 0,0
explain runs/council_path_2574 --at 18.32,99.72 --json
assess {RUN} places.geojson
assess {RUN} places.geojson --json
assess {RUN} no_such.gpkg
layers list
layers show roads
layers show no_such
layers audit
network audit
network audit --year 2571
network audit --network no_such
network isochrone "Mae Mo" --minutes 15,60
network isochrone 0,0
verify {RUN}
run baseline --dry-run
run baseline --set year=2574,2591 --dry-run
run baseline --set yeer=2574
"""
# What is the same in both, or long.
ASKED_ONCE = f"""
--version
schema scenario
schema catalog
layers list --json
layers audit --json
check baseline --json
network audit --json
network closure --top 3
network closure --run {RUN} --by rail --json
rerun {RUN} --out again
run baseline --no-pages --out quick --no-cache
run digital_park --json --out park --replace
report {RUN} --out printed
"""


def say(text: str) -> None:
    """Tell how far it is, beside what is written."""
    sys.stderr.write(text + "\n")


def call(line: list[str], folder: Path, cache: Path | None) -> tuple[int, str]:
    """Run one command in a folder; give its exit code and what it said, paths of here left out."""
    env = os.environ | {"MAEMOH_CACHE": str(cache) if cache else "off", "COLUMNS": "100",
                        "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"}  # fmt: skip
    done = subprocess.run([*PROGRAM, *line], cwd=folder, env=env, capture_output=True, check=False)
    said = done.stdout + (done.stderr if done.returncode == 2 else b"")
    text = said.decode().replace(str(ROOT), "PROJECT").replace(str(folder), "HERE")
    return done.returncode, text


def checksum(content: bytes) -> str:
    """Give enough of a checksum to tell files apart."""
    return hashlib.sha256(content).hexdigest()[:20]


def checksums(folder: Path) -> Iterator[tuple[str, str]]:
    """Give the checksum of every file but the log, which tells times."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "log" not in path.relative_to(folder).parts[:-1]:
            yield path.relative_to(folder).as_posix(), checksum(path.read_bytes())


def make_runs(folder: Path) -> dict[str, str]:
    """Run every scenario twice and compare four; give the checksums of all files."""
    cache = folder / "cache"
    for name, kept in (("runs", cache), ("warm", cache)):
        say(f"{name} ...")
        line = ["--lang", "en", "run", "--all", "--jobs", "2", "--out", name]
        assert call(line, folder, kept)[0] == 0, name
    runs = [f"runs/{name}" for name in COMPARED]
    assert call(["compare", *runs, "--out", "comparison"], folder, cache)[0] == 0
    found = {
        f"{name}/{file}": value
        for name in ("runs", "comparison")
        for file, value in checksums(folder / name)
    }
    warm = dict(checksums(folder / "warm"))
    other = [file for file, value in checksums(folder / "runs") if warm.get(file) != value]
    assert not other, f"warm and cold differ: {other}"
    return found


def ask_all(folder: Path) -> dict[str, str]:
    """Ask every command; give exit code and checksum of each answer."""
    (folder / "places.geojson").write_text(PLACES)
    (folder / "faulty.yaml").write_text(FAULTY)
    said = folder / "said"
    said.mkdir(exist_ok=True)
    lines = [f"--lang {lang} {line}" for line in ASKED.split("\n") if line for lang in ("th", "en")]
    lines += [f"--lang th {line}" for line in ASKED_ONCE.split("\n") if line]
    found = {}
    for number, line in enumerate(lines):
        code, text = call(shlex.split(line), folder, folder / "cache")
        (said / f"{number:03}.txt").write_text(f"{line}\n{code}\n{text}")
        found[line] = f"{code} {checksum(text.encode())}"
    for made in ("quick", "printed"):
        found |= {f"{made}/{file}": value for file, value in checksums(folder / made)}
    return found


def differences(old: dict[str, str], new: dict[str, str]) -> list[str]:
    """List what differs and is not among the exceptions."""
    with EXCEPTIONS.open(encoding="utf-8", newline="") as file:
        known = [row["pattern"] for row in csv.DictReader(file)]
    return [
        name
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name) and not any(fnmatch.fnmatch(name, p) for p in known)
    ]


def main() -> int:
    """Record or check, as asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[1])
    parser.add_argument("what", choices=("record", "check"))
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only", choices=("runs", "commands"))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (asked.keep or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        found = {} if asked.only == "commands" else make_runs(folder)
        found |= {} if asked.only == "runs" else ask_all(folder)
    if asked.what == "record":
        found = (json.loads(RECORDED.read_text()) if asked.only else {}) | found
        RECORDED.write_text(json.dumps(found, indent=0, ensure_ascii=False) + "\n")
        return 0
    old = json.loads(RECORDED.read_text())
    if asked.only:
        old = {name: value for name, value in old.items() if name in found}
    other = differences(old, found)
    for name in other:
        say(f"differs: {name}")
    say(f"{len(found)} compared, {len(other)} differ")
    return 1 if other else 0


if __name__ == "__main__":
    raise SystemExit(main())
