"""The planner's guides can be followed word by word, in either language."""

from __future__ import annotations

import os
import re
import shlex
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer

from maemoh_gis.cli import build_app
from tests.paths import ROOT
from tests.planner import make_project

Maemoh = Callable[..., tuple[int, str, str]]
GUIDES = {language: ROOT / "docs" / f"guide_{language}.md" for language in ("th", "en")}


class Step(NamedTuple):
    """One grey box of a guide."""

    kind: str
    content: str
    file: str
    """The last name in backticks before it: what to save it as, if it is a file."""


def steps(language: str) -> list[Step]:
    page = GUIDES[language].read_text(encoding="utf-8")
    found = []
    for box in re.finditer(r"^```(\w+)\n(.*?)^```", page, re.DOTALL | re.MULTILINE):
        names = re.findall(r"`([\w/]+\.\w+)`", page[: box.start()])
        found.append(Step(box[1], box[2], names[-1] if names else ""))
    return found


def commands(language: str) -> list[str]:
    return [step.content.strip() for step in steps(language) if step.kind == "sh"]


def test_both_languages_say_to_do_the_same() -> None:
    thai, english = steps("th"), steps("en")
    assert [(s.kind, s.content) for s in thai] == [(s.kind, s.content) for s in english]
    files = [s.file for s in english if s.kind in {"yaml", "json"}]
    assert files == [
        "scenarios/far_from_homes.yaml", "scenarios/mine_5_km_ban.yaml", "my_land.geojson",
        "forest.geojson",
    ]  # fmt: skip
    assert files == [s.file for s in thai if s.kind in {"yaml", "json"}]


def test_the_line_that_installs_is_the_one_of_the_readme() -> None:
    """What that line does is tried from a clean copy by `.ci/run`."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    install, activate, *rest = commands("en")
    assert install in readme
    assert activate == ". .venv/bin/activate"
    assert all(line.startswith("maemoh-gis ") for line in rest)
    windows = [step.content.strip() for step in steps("en") if step.kind == "powershell"]
    assert windows
    assert set(windows) <= set(readme)


@pytest.mark.parametrize("language", GUIDES)
def test_what_it_names_of_the_command_line_is_there(language: str) -> None:
    """The boxes are run below; this is about the words between them."""
    page = GUIDES[language].read_text(encoding="utf-8")
    verbs = known_verbs()
    named = re.findall(r"`maemoh-gis ([a-z]+)", page)
    assert set(named) >= {"run", "check", "compare", "cache"}
    assert set(named) <= set(verbs)
    options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", page))
    assert options >= {"--years", "--pages", "--lang"}
    # pip's own stand in the line that installs.
    foreign = {"--require-hashes", "--no-deps", "--no-build-isolation"}
    assert options - foreign <= {"--lang", "--version"}.union(*verbs.values())


def known_verbs() -> dict[str, set[str]]:
    """Give the options of every verb, those of the verbs below it among them."""
    told = typer.main.get_command(build_app("en"))
    assert isinstance(told, typer.core.TyperGroup)
    return {name: set(options_of(verb)) for name, verb in told.commands.items()}


def options_of(verb: Any) -> Iterator[str]:
    for one in verb.params:
        yield from (*one.opts, *one.secondary_opts)
    for below in getattr(verb, "commands", {}).values():
        yield from options_of(below)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the folder as it is when the line that installs is done."""
    folder = make_project(tmp_path_factory.mktemp("guide"))
    programs = folder / ".venv/bin"
    programs.mkdir(parents=True)
    (programs / "activate").write_text(f'PATH="{programs}:$PATH"\n', encoding="utf-8")
    tool = programs / "maemoh-gis"
    tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m maemoh_gis "$@"\n', encoding="utf-8")
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    return folder


def typed(step: Step) -> list[str]:
    """Give the words behind `maemoh-gis`; the line that installs ends with one."""
    return shlex.split(step.content.strip().rpartition("&& ")[2])[1:]


@pytest.mark.skipif(os.name == "nt", reason="the boxes are for a POSIX shell")
@pytest.mark.slow
def test_the_shell_finds_the_program_as_the_guide_says(folder: Path) -> None:
    check = next(line for line in commands("en") if line.startswith("maemoh-gis check "))
    done = subprocess.run(
        ["sh", "-c", f"{commands('en')[1]} && {check}"],
        cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout, done.stderr)


@pytest.mark.slow
def test_followed_word_by_word_it_ends_with_what_it_promises(
    folder: Path, kept_by_planners: Path, maemoh: Maemoh, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one process, since starting a dozen takes longer than what they are asked."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("MAEMOH_CACHE", str(kept_by_planners))
    for step in steps("en"):
        if step.kind in {"yaml", "json"}:
            (folder / step.file).write_text(step.content, encoding="utf-8")
        if step.kind == "sh" and "maemoh-gis " in step.content:
            code, out, err = maemoh(*typed(step))
            assert code == 0, (step.content, out, err)
    page = GUIDES["en"].read_text(encoding="utf-8")
    promised = set(re.findall(r"`(runs/[\w/]+\.\w+)`", page))
    assert promised >= {"runs/baseline/map.html", "runs/comparison/comparison.html"}
    table = re.findall(r"^\| (`[^|]+`) \|", page, re.MULTILINE)
    tables = {f"runs/baseline/{name}" for row in table for name in re.findall(r"`(\w+\.\w+)`", row)}
    assert len(tables) > 5
    assert [name for name in sorted(promised | tables) if not (folder / name).stat().st_size] == []
