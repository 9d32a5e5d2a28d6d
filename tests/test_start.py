"""What is double-clicked does the steps of the guide. The file for Windows is read, not run."""

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tests.paths import ROOT

BAT, COMMAND = ROOT / "start.bat", ROOT / "start.command"


def program(path: Path, line: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def desk(tmp_path):
    """Make a folder with a blank and Thai in its name, and programs that note their calls."""
    folder = tmp_path / "ข้อมูล งาน"
    folder.mkdir()
    shutil.copy(COMMAND, folder)
    note = f'echo "$(basename "$0") $*" >> "{tmp_path}/called"'
    for name in ("open", "xdg-open"):
        program(tmp_path / "bin" / name, note)
    made = "mkdir -p runs/baseline && echo map > runs/baseline/map.html"
    tool = f"{note}; {made}"
    install = f'case "$*" in *--no-deps*) cp "{tmp_path}/bin/tool" .venv/bin/maemoh-gis;; esac'
    program(tmp_path / "bin/tool", tool)
    program(tmp_path / "bin/pythonx", f'echo "python $*" >> "{tmp_path}/called"; {install}')
    copy = f'mkdir -p .venv/bin && cp "{tmp_path}/bin/pythonx" .venv/bin/python'
    program(tmp_path / "bin/python3", copy)
    return folder


def called(desk: Path) -> list[str]:
    path = f"{desk.parent}/bin:{os.environ['PATH']}"
    subprocess.run(["sh", str(desk / COMMAND.name)], check=True, env={**os.environ, "PATH": path},
                   cwd="/")  # fmt: skip
    log = desk.parent / "called"
    said = log.read_text(encoding="utf-8").splitlines()
    log.unlink()
    return said


@pytest.mark.skipif(os.name == "nt", reason="it is for a POSIX shell")
def test_it_installs_once_runs_once_and_opens_the_map(desk):
    lock = "python -m pip install -q --require-hashes -r requirements/run.lock"
    own = "python -m pip install -q --no-deps --no-build-isolation ."
    first = called(desk)
    assert first[:3] == [lock, own, "maemoh-gis run"]
    assert [line.split()[1] for line in first[3:]] == ["runs/baseline/map.html"]
    assert called(desk) == first[3:]


@pytest.mark.skipif(os.name == "nt", reason="it is for a POSIX shell")
def test_with_wheels_beside_it_nothing_is_asked_of_a_network(desk):
    (desk / "wheels").mkdir()
    assert "--no-index --find-links wheels" in called(desk)[0]


def test_the_file_for_windows_is_ascii_and_does_the_same_steps():
    content = BAT.read_bytes()
    assert content.isascii()
    assert content.count(b"\n") == content.count(b"\r\n")
    lines = content.decode("ascii").splitlines()
    gone_to = set(re.findall(r"goto (\w+)", content.decode("ascii")))
    assert gone_to == {line[1:] for line in lines if line.startswith(":")}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    steps = [re.sub(r" \|\| goto failed$| %FROM%", "", line) for line in lines]
    wanted = next(line for line in readme.splitlines() if line.startswith("py -m venv"))
    assert [step for step in steps if step.startswith((".venv", "py "))] == wanted.split("; ")


@pytest.mark.skipif(os.name == "nt", reason="it is for a POSIX shell")
@pytest.mark.parametrize("system", [(), ("win_amd64", "3.12")])
def test_wheels_are_packed_for_this_system_or_another(tmp_path, system):
    """What is fetched is not tried here: the lock names it by checksum."""
    program(tmp_path / "python", f'echo "$*" > "{tmp_path}/called"')
    subprocess.run(
        ["sh", str(ROOT / "requirements/pack_wheels"), *system],
        check=True, env={**os.environ, "PYTHON": str(tmp_path / "python")},
    )  # fmt: skip
    other = "--platform win_amd64 --python-version 3.12 --only-binary=:all: " if system else ""
    assert (tmp_path / "called").read_text(encoding="utf-8").strip() == (
        f"-m pip download -q --no-deps --require-hashes {other}-r requirements/run.lock -d wheels"
    )
