"""The shape of the house: who may import whom, who may touch files, how long things may grow."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import networkx as nx
import pytest

import maemoh_gis
from tests.paths import ROOT
from tests.syntax import nodes_of, tree_of

PACKAGE = ROOT / "maemoh_gis"
ROOMS = (
    # What everything stands on: no planning, no scenario.
    "core", "files", "cache", "documents", "cells", "mcda",
    # What layers are, what a scenario may say, how pages look, how stages run.
    "layers", "pages", "pictures", "scenario", "engine", "presentation",
    # Features, each on those it builds upon.
    "suitability", "network", "exchange", "reach", "sites", "learnt", "questions", "phase_out",
    "estate", "exposure", "yards", "near_misses", "earthworks", "freight", "access",
    "yard_choice", "decision", "sheets", "comparison",
    # One run, many runs, what is asked of a finished one; then the two faces.
    "runs", "office", "handover", "workshop", "batch", "ask", "hinges", "phasing", "linking",
    "intake", "api",
    "desk", "commands", "cli", "__main__",
)  # fmt: skip
"""From the ground up; a room may use the rooms named before its own, and no other."""
GROUND = {"core", "cache", "files", "documents"}
DRAW_ONLY = ("pages", "pictures")
"""The rooms that draw results and know nothing of how they were computed."""

OWN_FACTS = {"__version__"}
"""What anyone may take from the package itself."""

LONGEST_MODULE, LONGEST_FUNCTION = 600, 60

MOST_MODULES = 25
"""In one folder: as many as one can hold in mind."""

SPEAKERS = {"commands/terminal.py", "cli.py"}
"""The only modules that print."""

FILE_CALLS = frozenset({
    "open", "read_text", "read_bytes", "write_text", "write_bytes", "read_file",
    "to_file", "to_csv", "to_parquet", "to_excel", "read_csv", "read_json",
    "write_dataframe", "read_dataframe", "Workbook", "unlink", "rmtree", "mkdir", "mkdtemp",
    "NamedTemporaryFile", "TemporaryDirectory",
})  # fmt: skip
"""Calls that open, write or remove files, when made on a library or a path."""
OPENERS = {
    "files/atomic.py": {"open", "read_bytes", "write_bytes", "mkdir"},
    "files/tables.py": {"Workbook", "read_dataframe"},
    "workshop/form.py": {"Workbook"},  # into memory; `files` writes it
    "files/archives.py": {"open"},
    "files/vectors.py": {"read_file", "to_parquet", "write_dataframe"},
    "files/rasters.py": {"open"},
    "files/overviews.py": {"open"},
    "files/sources.py": {"open"},
    "files/raster_tags.py": {"open"},
    # Rasters that only the run itself reads, in a folder that goes with it.
    "files/scratch.py": {"open"},
    # Results that outlive a run, in a folder that nobody else reads.
    "cache/store.py": {"open", "mkdir", "unlink", "read_bytes"},
    # Files of the package itself come through importlib, where there may be no path.
    "core/messages.py": {"open"},
    "pages/comparison_page.py": {"read_text"},
    "pages/offline.py": {"read_text"},
    "pages/report_page.py": {"read_text"},
    # Folders of many files are written beside their place and moved there whole.
    "runs/run.py": {"mkdir", "mkdtemp", "rmtree"},
    # The browser; and a folder for the sockets of kernels, which ends with the server.
    "desk/server.py": {"open", "mkdtemp"},
    # The null device in place of a closed pipe.
    "cli.py": {"open"},
    # Locks, and the folders of drafts they tell apart from those of killed processes.
    "core/locks.py": {"open", "mkdir", "mkdtemp", "rmtree"},
}
"""What each module may call of these."""


@cache
def modules() -> tuple[Path, ...]:
    return tuple(sorted(PACKAGE.rglob("*.py")))


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def room_of(dotted: str) -> str | None:
    """Give the room of `maemoh_gis.ROOM...`, None for the package's own facts and for others."""
    parts = dotted.split(".")
    own = parts[0] == "maemoh_gis" and len(parts) > 1
    return parts[1] if own and parts[1] not in OWN_FACTS else None


def rooms_imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """List the rooms a module imports anywhere in it, with the line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: relative import"
            whole = node.module == "maemoh_gis"
            names = [f"maemoh_gis.{a.name}" for a in node.names] if whole else [node.module or ""]
        else:
            continue
        yield from ((node.lineno, room) for name in names if (room := room_of(name)))


def own_room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def test_every_module_stands_in_a_known_room() -> None:
    assert {own_room(path) for path in modules()} - {"__init__"} == set(ROOMS)


def test_imports_go_downward_only() -> None:
    floor = {room: number for number, room in enumerate(ROOMS)}
    wrong = [
        f"{name_of(path)}:{line} imports {room}"
        for path in modules()
        if own_room(path) != "__init__"
        for line, room in rooms_imported(tree_of(path))
        if floor[room] > floor[own_room(path)]
    ]
    assert wrong == []


def test_no_room_holds_more_than_one_can_keep_in_mind() -> None:
    counts = Counter(name_of(path.parent) for path in modules())
    assert {room: n for room, n in counts.items() if n > MOST_MODULES} == {}


def test_the_package_itself_takes_only_the_api_and_only_for_types() -> None:
    tree = tree_of(PACKAGE / "__init__.py")
    assert {room for _, room in rooms_imported(tree)} == {"api", "core"}
    assert set(modules_imported(tree)) == {"importlib", "typing", "maemoh_gis.core.version"}


def test_no_room_takes_the_name_of_something_public() -> None:
    # Importing `maemoh_gis.run` would put the room where `mm.run` is expected.
    assert sorted(set(ROOMS) & set(maemoh_gis.__all__)) == []


def test_pages_know_nothing_of_how_results_were_computed() -> None:
    wrong = [
        f"{name_of(path)}:{line} imports {room}"
        for path in modules()
        if own_room(path) in DRAW_ONLY
        for line, room in rooms_imported(tree_of(path))
        if room not in (*GROUND, *DRAW_ONLY)
    ]
    assert wrong == []


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def names_of_modules() -> frozenset[str]:
    return frozenset(dotted(path) for path in modules())


def modules_imported(tree: ast.Module) -> Iterator[str]:
    """List the modules that are imported when this one is, not those behind TYPE_CHECKING."""
    known = names_of_modules()
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                within = f"{node.module}.{alias.name}"
                yield within if within in known else str(node.module)


def test_no_modules_import_each_other_in_a_circle_of_any_kind() -> None:
    assert circles_of(every_import(PACKAGE)) == []


@pytest.mark.parametrize(
    "back",
    [
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from house.kitchen import Oven",
        "def light():\n    import house.kitchen",
        "def light():\n    from house.kitchen import Oven",
        "from house import kitchen",
        "from . import kitchen",
        "from .kitchen import Oven",
    ],
)
def test_a_circle_is_found_wherever_its_import_stands(tmp_path: Path, back: str) -> None:
    assert circles_of(every_import(planted(tmp_path, back))) == [["house.cellar", "house.kitchen"]]


def test_no_circle_is_found_where_there_is_none(tmp_path: Path) -> None:
    assert circles_of(every_import(planted(tmp_path, "import json"))) == []


def planted(folder: Path, back: str) -> Path:
    """Make a package whose kitchen uses the cellar; `back` is all that the cellar holds."""
    house = folder / "house"
    house.mkdir()
    (house / "__init__.py").write_text("", encoding="utf-8")
    (house / "kitchen.py").write_text("from house.cellar import Coal", encoding="utf-8")
    (house / "cellar.py").write_text(back, encoding="utf-8")
    return house


@cache
def every_import(package: Path) -> dict[str, set[str]]:
    """Give the modules of a package that each of them imports anywhere and in any way."""
    paths = {
        ".".join((package.name, *path.relative_to(package).with_suffix("").parts)).removesuffix(
            ".__init__"
        ): path
        for path in sorted(package.rglob("*.py"))
    }
    uses: dict[str, set[str]] = {}
    for module, path in paths.items():
        own = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
        named: set[str] = set()
        for node in nodes_of(path):
            if isinstance(node, ast.Import):
                named |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                start = own[: len(own) - node.level + 1] if node.level else []
                source = ".".join([*start, *([node.module] if node.module else [])])
                within = {alias.name: f"{source}.{alias.name}" for alias in node.names}
                named |= {full if full in paths else source for full in within.values()}
        uses[module] = (named & set(paths)) - {module}
    return uses


def circles_of(uses: dict[str, set[str]]) -> list[list[str]]:
    """List the sets of modules that all come back to each other, each in order of name."""
    graph = nx.DiGraph(uses)
    return sorted(sorted(ring) for ring in nx.strongly_connected_components(graph) if len(ring) > 1)


def calls_of(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """List calls by the last part of their name, with the line; calls of `files.` are left out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Attribute):
                if not (isinstance(function.value, ast.Name) and function.value.id == "files"):
                    yield node.lineno, function.attr
            elif isinstance(function, ast.Name):
                yield node.lineno, function.id


def names_from_files(tree: ast.Module) -> set[str]:
    """List what a module takes from `maemoh_gis.files`; those names are the right way."""
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("maemoh_gis.files")
        for alias in node.names
    }


def test_others_take_files_by_the_door_of_the_room() -> None:
    inside = {dotted(path) for path in modules() if own_room(path) == "files"} - {
        "maemoh_gis.files", "maemoh_gis.files.scratch",
    }  # fmt: skip
    wrong = [
        f"{name_of(path)} imports {module}"
        for path in modules()
        if own_room(path) != "files"
        for module in sorted(inside & set(modules_imported(tree_of(path))))
    ]
    assert wrong == []


def test_only_the_room_of_files_touches_files() -> None:
    wrong = [
        f"{name_of(path)}:{line} calls {name}"
        for path in modules()
        for line, name in calls_of(tree_of(path))
        if name in FILE_CALLS
        and name not in names_from_files(tree_of(path)) | set(OPENERS.get(name_of(path), ()))
    ]
    assert wrong == []


def test_only_cache_and_engine_build_a_key() -> None:
    """Whoever keeps something hands it to `cached`, which makes the key of what it is handed."""
    built = [
        f"{name_of(path)}:{node.lineno} {names}"
        for path in modules()
        if not name_of(path).startswith(("cache/", "engine/"))
        for node in nodes_of(path)
        if (names := _keys_built(node))
    ]
    assert built == []


def _keys_built(node: ast.AST) -> list[str]:
    """Name what a node takes from the rooms that build keys, or does to a store."""
    if isinstance(node, ast.ImportFrom) and str(node.module).startswith("maemoh_gis.cache"):
        return [one.name for one in node.names if one.name in {"name_of", "content_of"}]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return ["Keyed"] if node.func.id == "Keyed" else []
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        of_store = ast.unparse(node.func.value).endswith("store")
        return [node.func.attr] if of_store and node.func.attr in {"load", "keep", "has"} else []
    return []


def test_nothing_but_the_command_line_prints() -> None:
    printed = [
        f"{name_of(path)}:{line}"
        for path in modules()
        if name_of(path) not in SPEAKERS
        for line, name in calls_of(tree_of(path))
        if name == "print"
    ]
    assert printed == []


def test_no_module_is_too_long() -> None:
    long = {
        name_of(path): lines
        for path in modules()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_MODULE
    }
    assert long == {}


def test_no_function_is_too_long() -> None:
    long = {
        f"{name_of(path)}:{node.name}": lines
        for path in modules()
        for node in nodes_of(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := code_lines(node)) > LONGEST_FUNCTION
    }
    assert long == {}


def code_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function without its docstring."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    if ast.get_docstring(node) is None:
        return lines
    text = node.body[0]
    return lines - ((text.end_lineno or text.lineno) - text.lineno + 1)


def test_the_list_of_those_who_open_files_names_only_modules_that_are_there() -> None:
    assert sorted(set(OPENERS) - {name_of(path) for path in modules()}) == []


def test_what_a_run_hands_on_is_typed_and_names_no_feature() -> None:
    tree = tree_of(PACKAGE / "engine/results.py")
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert "Any" not in names
    fields = {
        node.target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    assert fields & {*ROOMS, "contest", "networks", "people", "uses", "yard_sets"} == {"layers"}


FEATURE_ROOMS = {
    "suitability", "network", "reach", "sites", "learnt", "questions", "phase_out", "estate",
    "exposure", "yards", "freight", "access", "yard_choice", "decision",
}  # fmt: skip
TELLING = {"outputs", "map", "report", "feature"}
"""Modules of a feature that write, draw or tell for it alone."""
TOLD_BY_OTHERS = {
    ("access", "network.outputs"),
    ("access", "reach.map"),
    ("yard_choice", "exposure.outputs"),
}
"""Where one feature still looks into what another tells; the list may only get shorter."""


def test_features_do_not_look_into_what_others_tell() -> None:
    imports = every_import(PACKAGE)
    found = {
        (own_room(path), module.removeprefix("maemoh_gis."))
        for path in modules()
        if own_room(path) in FEATURE_ROOMS
        for module in imports[dotted(path)]
        for room, _, name in [module.removeprefix("maemoh_gis.").partition(".")]
        if room in FEATURE_ROOMS - {own_room(path)} and name in TELLING
    }
    assert found == TOLD_BY_OTHERS


NAMED_BY_HAND = {
    "stage_table": set(),
    "record": {"suitability"},
    "run": {"phase_out", "suitability"},
    "outputs": {"sites", "suitability", "yards"},
    "report": {"suitability"},
}
"""Rooms of features that the parts of a run name beside the list of features."""


def test_a_run_names_features_in_one_list() -> None:
    for name, rooms in NAMED_BY_HAND.items():
        found = {room for _, room in rooms_imported(tree_of(PACKAGE / "runs" / f"{name}.py"))}
        assert found & FEATURE_ROOMS == rooms, name
