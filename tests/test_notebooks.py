"""The notebooks as they lie in the repository; `.ci/run` executes them."""

import ast
import json
import re

import pytest

from tests.paths import ROOT

FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
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
    assert all(set(c["metadata"]) <= {"tags"} for c in whole["cells"])


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
    heading = [source(c) for c in cells(notebook, "markdown") if "## Checks" in source(c)]
    assert len(heading) == 1
    after = source(cells(notebook, "code")[-1])
    assert any(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(after)))


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
    assert re.search(r"--nbmake .*notebooks/\*\.ipynb", script)
