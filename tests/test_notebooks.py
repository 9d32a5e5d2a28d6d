"""The notebooks as they lie in the repository; `.ci/run` executes them."""

import ast
import html
import json
import re
import subprocess
import sys

import pytest

from tests.paths import ROOT

FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
CHECKS = re.compile(r"^## (Checks|การตรวจสอบ)$", re.MULTILINE)
MOST_CODE_LINES = 20
"""A cell that is longer hides its idea; what it does belongs in the package."""


def cells(path, kind):
    return [
        c for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == kind
    ]


def source(cell):
    return "".join(cell["source"])


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return request.param


def test_outputs_are_stripped_and_nothing_of_a_machine_is_left(notebook):
    whole = json.loads(notebook.read_text(encoding="utf-8"))
    assert [c["outputs"] for c in cells(notebook, "code") if c["outputs"]] == []
    assert {c["execution_count"] for c in cells(notebook, "code")} == {None}
    assert set(whole["metadata"]) == {"kernelspec", "language_info"}
    assert all(set(c["metadata"]) <= {"tags", "jupyter"} for c in whole["cells"])


def test_it_begins_with_a_title_and_a_summary_in_thai(notebook):
    first = source(cells(notebook, "markdown")[0])
    assert first.startswith("# ")
    assert re.search(r"^> \*\*สรุป\*\* .*[\u0e01-\u0e5b]", first, re.MULTILINE)


def test_one_cell_takes_its_parameters_and_they_are_plain_values(notebook):
    tagged = [c for c in cells(notebook, "code") if "parameters" in c["metadata"].get("tags", [])]
    (parameters,) = tagged
    for line in ast.parse(source(parameters)).body:
        assert isinstance(line, ast.Assign)
        ast.literal_eval(line.value)


def test_it_ends_with_checks(notebook):
    heading = [source(c) for c in cells(notebook, "markdown") if CHECKS.search(source(c))]
    assert len(heading) == 1
    after = source(cells(notebook, "code")[-1])
    assert any(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(after)))


def checks_of(notebook):
    """Give the code below the heading of checks, and all other code."""
    found, inside = ([], []), False
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            inside = bool(CHECKS.search(source(cell)))
        else:
            found[0 if inside else 1].append(cell)
    return found


def test_checks_and_nothing_else_are_folded_in_jupyter(notebook):
    checks, others = checks_of(notebook)
    assert checks
    for cell in checks:
        assert cell["metadata"] == {"jupyter": {"source_hidden": True}, "tags": ["checks"]}
    assert [c for c in others if "jupyter" in c["metadata"] or "checks" in str(c["metadata"])] == []


def test_a_page_made_of_it_shows_its_code_without_the_checks(notebook):
    exporter = pytest.importorskip("nbconvert").HTMLExporter
    loader = pytest.importorskip("traitlets.config.loader").PyFileConfigLoader
    config = loader("jupyter_nbconvert_config.py", path=str(FOLDER)).load_config()
    page, _ = exporter(config=config).from_filename(str(notebook))
    shown = html.unescape(re.sub(r"<[^>]+>", "", page))
    checks, others = checks_of(notebook)
    for cell, expected in [(c, False) for c in checks] + [(c, True) for c in others]:
        line = max(source(cell).splitlines(), key=len)
        assert (line in shown) == expected, line


def test_the_line_of_the_readme_makes_such_a_page(tmp_path):
    pytest.importorskip("nbconvert")
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    line = re.search(r"^\.venv/bin/jupyter (nbconvert .+\.ipynb)$", readme, re.MULTILINE)[1]
    subprocess.run(
        [sys.executable, "-m", *line.split(), "--output-dir", tmp_path], cwd=FOLDER, check=True,
        capture_output=True,
    )  # fmt: skip
    (page,) = tmp_path.iterdir()
    shown = re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8"))
    assert "mm.run(" in shown
    assert "assert " not in shown


@pytest.mark.parametrize("stem", ["00_quick_tour", "04_after_coal_scenarios"])
def test_a_thai_edition_checks_the_same_and_asks_the_same(stem):
    english, thai = FOLDER / f"{stem}.ipynb", FOLDER / f"{stem}_th.ipynb"
    told = [source(c) for c in cells(thai, "markdown")]
    assert len(told) == len(cells(english, "markdown"))
    assert [words for words in told if not re.search("[\u0e01-\u0e5b]", words)] == []
    values = [
        {node.targets[0].id: ast.literal_eval(node.value) for node in ast.parse(source(c)).body}
        for path in (english, thai)
        for c in cells(path, "code")
        if "parameters" in c["metadata"].get("tags", [])
    ]
    assert values[0] == values[1]
    counts = [sum("assert" in line for c in checks_of(path)[0] for line in source(c).splitlines())
              for path in (english, thai)]  # fmt: skip
    assert counts[0] == counts[1] > 0


def test_helper_code_is_in_the_package_and_not_in_cells(notebook):
    for cell in cells(notebook, "code"):
        tree = ast.parse(source(cell))
        kinds = (ast.FunctionDef, ast.ClassDef)
        assert not any(isinstance(node, kinds) for node in ast.walk(tree)), source(cell)
        assert len(source(cell).splitlines()) <= MOST_CODE_LINES, source(cell)


def test_links_between_notebooks_lead_somewhere(notebook):
    for cell in cells(notebook, "markdown"):
        for target in re.findall(r"\]\(([^)#:]+)\)", source(cell)):
            assert (FOLDER / target).exists(), target


def test_the_readme_names_every_notebook():
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"\]\((\d\d_\w+\.ipynb)\)", readme) == [path.name for path in NOTEBOOKS]


def test_ci_executes_every_notebook():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    asked = re.findall(r"--nbmake .*?(notebooks/\S+\.ipynb)", script)
    found = [path for pattern in asked for path in ROOT.glob(pattern)]
    assert sorted(found) == NOTEBOOKS
