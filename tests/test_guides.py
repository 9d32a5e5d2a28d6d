"""The planner's guides can be followed word by word, in either language."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd
import pytest
import typer

from maemoh_gis.cli import build_app
from maemoh_gis.core.messages import Language, text
from maemoh_gis.runs.project import Project
from tests.paths import ROOT, SCENARIOS
from tests.planner import make_project
from tests.workshop.test_workshop import even, fill

Maemoh = Callable[..., tuple[int, str, str]]
SAVED = ("yaml", "json", "csv")
"""Boxes that are files to save."""
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
    files = [s.file for s in english if s.kind in SAVED]
    assert files == [
        "scenarios/far_from_homes.yaml", "forest.geojson", "villages.csv",
        "scenarios/mine_5_km_ban.yaml", "my_land.geojson",
    ]  # fmt: skip
    assert files == [s.file for s in thai if s.kind in SAVED]


def tasks(language: str) -> list[str]:
    """Give the parts of a guide that are tasks, each from its heading on."""
    page = GUIDES[language].read_text(encoding="utf-8")
    part = next(one for one in re.split(r"^(?=## )", page, flags=re.MULTILINE) if "### " in one)
    return re.split(r"^(?=### )", part, flags=re.MULTILINE)[1:]


@pytest.mark.parametrize("language", GUIDES)
def test_every_task_has_at_most_four_steps_in_order(language: str) -> None:
    found = tasks(language)
    assert len(found) == 8
    for task in found:
        assert re.findall(r"^(\d)\. ", task, re.MULTILINE) in (
            ["1", "2", "3", "4"],
            ["1", "2", "3"],
        )


@pytest.mark.parametrize("language", GUIDES)
def test_it_begins_with_a_map_that_needs_no_command(language: str) -> None:
    page = GUIDES[language].read_text(encoding="utf-8")
    first = page[page.index("## 1. ") : page.index("## 2. ")]
    assert "`map.html`" in first
    assert "```" not in first
    for name in ("start.bat", "start.command"):
        assert f"`{name}`" in first
        assert (ROOT / name).is_file()


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_buttons_it_names_bear_these_words(language: Language) -> None:
    """In tasks (d) and (h); that they print and save is tried in a browser elsewhere."""
    pictures, paper = tasks(language)[3], tasks(language)[7]
    save = text("page.save_picture", language, format="PNG", title="")
    for task, words in (
        (pictures, [text("page.print", language), save.strip(": ")]),
        (paper, [text("page.print", language), text("page.print_a3", language)]),
    ):
        for one in words:
            assert f"*{one}*" in task


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
    shipped = [f"maemoh-gis check {path.stem}" for path in SCENARIOS.glob("*.yaml")]
    check = next(line for line in commands("en") if line in shipped)
    done = subprocess.run(
        ["sh", "-c", f"{commands('en')[1]} && {check}"],
        cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout, done.stderr)


@pytest.mark.long
def test_followed_word_by_word_it_ends_with_what_it_promises(
    folder: Path, kept_by_planners: Path, maemoh: Maemoh, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one process, since starting a dozen takes longer than what they are asked."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("MAEMOH_CACHE", str(kept_by_planners))
    catalog = (folder / "layers/catalog.yaml").read_bytes()
    for step in steps("en"):
        if step.kind in SAVED:
            (folder / step.file).write_text(step.content, encoding="utf-8")
        if step.kind == "sh" and "maemoh-gis " in step.content:
            words = typed(step)
            if words[:2] == ["workshop", "read"]:
                fill_forms(folder, [word for word in words if word.endswith(".xlsx")])
            code, out, err = maemoh(*words)
            assert code == 0, (step.content, out, err)
    page = GUIDES["en"].read_text(encoding="utf-8")
    promised = set(re.findall(r"`((?:runs|workshop)/[\w/-]+\.\w+)`", page))
    assert promised >= {
        "runs/baseline/map.html", "runs/comparison/comparison.html",
        "runs/baseline-handover/baseline.qgs", "workshop/workshop.html",
    }  # fmt: skip
    table = re.findall(r"^\| (`[^|]+`) \|", page, re.MULTILINE)
    tables = {f"runs/baseline/{name}" for row in table for name in re.findall(r"`(\w+\.\w+)`", row)}
    assert len(tables) > 5
    assert [name for name in sorted(promised | tables) if not (folder / name).stat().st_size] == []
    answers_are_those_of_the_tasks(folder)
    assert (folder / "layers/catalog.yaml").read_bytes() == catalog
    assert not (folder / "layers/own").exists()


def fill_forms(folder: Path, names: list[str]) -> None:
    """Share 100 points out on the first sheet of a copy for each person, as people do by hand."""
    form = folder / "workshop_baseline_points.xlsx"
    criteria = len(project_of(folder).scenario("baseline").scenario.uses["container_yard"].criteria)
    for turn, name in zip((1, -1), names, strict=True):
        shutil.copy(form, folder / name)
        points = {f"D{9 + k}": n for k, n in enumerate(even(criteria)[::turn])}
        fill(folder / name, {1: {"B5": Path(name).stem, "B6": "", **points}})


def project_of(folder: Path) -> Project:
    return Project(folder / "layers", folder / "scenarios")


def sites_in(run: Path) -> gpd.GeoDataFrame:
    """Give the sites of all uses."""
    path = run / "sites.gpkg"
    names = gpd.list_layers(path)["name"]
    return pd.concat([gpd.read_file(path, layer=name) for name in names])


def answers_are_those_of_the_tasks(folder: Path) -> None:
    """Hold what each run found against the layers, by other means than its own."""
    districts = gpd.read_file(folder / "layers/districts.geojson").to_crs("EPSG:32647")
    mae_mo = districts[districts["code"].astype(str) == "5202"].union_all()
    runs = folder / "runs"
    sites = sites_in(runs / "mae_mo_only")
    assert len(sites)
    assert sites.representative_point().within(mae_mo).all()

    places = gpd.read_file(folder / "layers/village_points.geojson").to_crs("EPSG:32647")
    far = sites_in(runs / "far_from_homes")
    # Outlines are edges of cells, of which the centres keep the distance.
    assert far.distance(places.union_all()).min() > 1000 - 500

    record = json.loads((runs / "with_forest/run.json").read_text(encoding="utf-8"))
    assert "reserved_forest" in record["legal_limits"]["partly"]
    known = record["legal_limits"]["coverage"]["reserved_forest"]["study_area"]
    own_share = mae_mo.area / districts.union_all().area
    assert known == pytest.approx(own_share, abs=0.01)
    assert "own_settlement_core" in (runs / "with_villages/run.json").read_text(encoding="utf-8")
    compared = (runs / "comparison/runs.csv").read_text(encoding="utf-8")
    for name in ("council_path_2574", "accelerated_phase_out", "full_phase_out_2593"):
        assert name in compared
