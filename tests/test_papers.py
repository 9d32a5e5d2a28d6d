"""What the papers of the project name is there: files, folders, tests, rooms."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
import typer

from maemoh_gis.cli import build_app
from tests.paths import ROOT
from tests.test_architecture import ROOMS

PAPERS = (
    "DESIGN.md",
    "CONTRIBUTING.md",
    "README.md",
    "benchmarks/README.md",
    "layers/README.md",
    "notebooks/README.md",
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("**/*.md")),
)

PLACES = (ROOT, ROOT / "maemoh_gis", ROOT / "layers")
"""Folders that paths in the papers begin at."""
OURS = {"cff", "js", "lock", "md", "mjs", "po", "py", "toml", "yaml", "yml"}
"""Kinds of files that are the project's own; tables, rasters and pages also come from runs."""
MADE = {
    # By a run.
    "runs/",
    "log/",
    # In the folder of sources that no clone has.
    "reference/",
    "facts/",
    # By whoever follows a guide or the README.
    "scenarios/far_from_homes.yaml",
    "scenarios/mine_5_km_ban.yaml",
}
"""What the papers name and no clone holds."""


def words_of(paper: str) -> list[str]:
    """Give what stands in backticks on a paper, boxes left out."""
    text = (ROOT / paper).read_text(encoding="utf-8")
    return re.findall(
        r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    )


def paths_in(text: str) -> list[str]:
    """Give the paths to files and folders of the project in one piece of text."""
    found = re.findall(r"(?<![\w/.{}-])\.?[\w{][\w./*{},-]*(?:/|\.\w+)(?![\w(/])", text)
    named = [one for one in found if one.endswith("/") or one.rpartition(".")[2] in OURS]
    return [one for one in named if "://" not in one and one not in MADE]


def stands(path: str) -> bool:
    """Say whether a path, perhaps with `*` or `{one,other}`, is there below one of the places."""
    several = re.fullmatch(r"(.*)\{(.*)\}(.*)", path)
    if several:
        return all(stands(several[1] + one + several[3]) for one in several[2].split(","))
    return any(any(place.glob(path.rstrip("/"))) for place in PLACES)


@pytest.mark.parametrize("paper", PAPERS)
def test_every_path_a_paper_names_is_there(paper: str) -> None:
    named = [path for words in words_of(paper) for path in paths_in(words)]
    assert [path for path in dict.fromkeys(named) if not stands(path)] == []


@pytest.mark.parametrize(
    ("words", "paths"),
    [
        ("runs/stage_table.py", ["runs/stage_table.py"]),
        ("scenarios/*.yaml", ["scenarios/*.yaml"]),
        ("locale/{th,en}/LC_MESSAGES/maemoh_gis.po", ["locale/{th,en}/LC_MESSAGES/maemoh_gis.po"]),
        ("python -m pack --sources DIR", []),
        ("python .ci/layers_readme.py", [".ci/layers_readme.py"]),
        ("pages/", ["pages/"]),
        ("score_USE.tif", []),
        ("minutes:ID", []),
    ],
)
def test_a_path_is_known_from_other_words(words: str, paths: list[str]) -> None:
    assert paths_in(words) == paths


def test_a_path_that_is_not_there_is_found_out() -> None:
    assert stands("runs/stage_table.py")
    assert not stands("workflow/table.py")
    assert not stands("locale/{th,fr}/LC_MESSAGES/maemoh_gis.po")


@cache
def names_of_tests() -> set[str]:
    """Name every test function."""
    return {
        node.name
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


@pytest.mark.parametrize("paper", PAPERS)
def test_every_test_a_paper_names_is_there(paper: str) -> None:
    named = [words for words in words_of(paper) if re.fullmatch(r"test_\w+", words)]
    assert [name for name in named if name not in names_of_tests()] == []


@pytest.mark.parametrize("paper", PAPERS)
def test_every_module_a_paper_names_by_dots_is_there(paper: str) -> None:
    named = [
        words for words in words_of(paper) if re.fullmatch(r"(maemoh_gis|pack)(\.\w+)+", words)
    ]
    named = [name for name in named if not name.endswith(".zip")]
    paths = [ROOT / name.replace(".", "/") for name in named]
    assert [p for p in paths if not (p.is_dir() or p.with_suffix(".py").is_file())] == []


@pytest.mark.parametrize("paper", PAPERS)
def test_every_verb_a_paper_names_is_there(paper: str) -> None:
    named = [words.split()[1:] for words in words_of(paper) if words.startswith("maemoh-gis ")]
    assert [words for words in named if not is_line(words)] == []


def is_line(words: list[str]) -> bool:
    """Say whether a command line begins with a verb, and a group with one of its own."""
    known = typer.main.get_command(build_app("en"))
    for word in words:
        if not isinstance(known, typer.core.TyperGroup) or word.startswith("-"):
            return True
        if word not in known.commands:
            return False
        known = known.commands[word]
    return True


def test_a_verb_that_is_not_there_is_found_out() -> None:
    assert is_line(["layers", "show", "ID"])
    assert not is_line(["layers", "rebuild"])


def test_the_rooms_of_the_design_are_those_of_the_house_in_their_order() -> None:
    page = (ROOT / "DESIGN.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"^\| room .*?\n\n", page, re.DOTALL | re.MULTILINE)
    firsts = [row.split("|")[1] for row in table.splitlines()[2:] if row]
    assert [room for first in firsts for room in re.findall(r"`(\w+)`", first)] == list(ROOMS)


def test_the_design_is_read_in_one_sitting() -> None:
    page = (ROOT / "DESIGN.md").read_text(encoding="utf-8")
    assert len(page.splitlines()) <= 200
    assert len(page.split()) <= 2_500


def test_every_page_of_the_documents_is_found_from_their_index() -> None:
    index = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    pages = {Path(paper).stem for paper in PAPERS if re.fullmatch(r"docs/\w+\.md", paper)}
    listed = {line.rpartition("<")[2].strip(" >") for line in index.splitlines()}
    assert pages - {"index"} - listed == set()


def test_the_page_of_the_api_that_is_asked_for_by_name_is_that_of_a_module() -> None:
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    (module,) = re.findall(r"build/docs/api/generated/([\w.]+)\.html", script)
    assert (ROOT / module.replace(".", "/")).with_suffix(".py").is_file()
