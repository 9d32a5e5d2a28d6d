"""By the command line, by Python and by `assess` the same forest gives the same answer."""

from pathlib import Path

import pytest

import maemoh_gis as mm
from maemoh_gis.ask.explain import assess
from maemoh_gis.commands.terminal import Terminal
from maemoh_gis.core.errors import FormatError
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.runs.finished import open_run
from maemoh_gis.runs.run import run
from tests.intake.forest import WAY, WRITERS, forest, forest_project, on_old_datum


def removed_by(project, folder: Path) -> list[str]:
    """Run the scenario; give the rows of removed land, which hold limits and areas."""
    run(project, "tiny", folder, pages=False)
    return (folder / "removed.csv").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("kind", WRITERS)
def test_the_command_line_and_python_write_layers_that_give_one_answer(tmp_path, kind, maemoh):
    typed, called = (forest_project(tmp_path / name) for name in ("typed", "called"))
    file = WRITERS[kind](tmp_path)
    way = WAY if kind == "shapefile" else None
    code, out, err = maemoh(
        "layers", "add", file, "--as", "forest", "--complete", "province", "--as-of", 2568,
        "--source", "An office", "--licence", "own", "--confidence", "M", "--scenario", "tiny",
        "--layers", typed.layers, "--scenarios", typed.scenarios, "--lang", "en", "--no-run",
        *(["--datum-operation", way] if way else []),
    )  # fmt: skip
    assert (code, err) == (0, "")
    assert "known on about 0 % of the study area before, 100 % now" in out
    layer = mm.add_layer(
        file, "forest", complete="province", as_of=2568, made_by="An office", licence="own",
        confidence="M", datum_operation=way, scenario="tiny", layers=called.layers,
        scenarios=called.scenarios,
    )  # fmt: skip
    assert layer.known.loc["all"].tolist() == [0, 1]
    entries = [read_catalog(project.layers)[layer.id] for project in (typed, called)]
    assert entries[0] == entries[1]
    assert removed_by(typed, tmp_path / "a") == removed_by(called, tmp_path / "b")
    code, _, _ = maemoh("layers", "undo", "--layers", typed.layers)
    assert code == 0
    layer.undo()
    for project in (typed, called):
        assert layer.id not in read_catalog(project.layers).layers


def test_features_read_already_give_the_answer_of_their_file(tmp_path):
    of_file, of_frame = (forest_project(tmp_path / name) for name in ("file", "frame"))
    said = {"complete": "province", "as_of": 2568, "made_by": "An office", "licence": "own",
            "confidence": "M", "datum_operation": WAY, "scenario": "tiny"}  # fmt: skip
    for project, source in (
        (of_file, WRITERS["shapefile"](tmp_path)),
        (of_frame, on_old_datum(forest())),
    ):
        mm.add_layer(source, "forest", layers=project.layers, scenarios=project.scenarios, **said)
    assert removed_by(of_file, tmp_path / "a") == removed_by(of_frame, tmp_path / "b")


def test_assess_gives_one_answer_of_it_in_whatever_file_it_comes(tmp_path):
    project = forest_project(tmp_path)
    run(project, "tiny", tmp_path / "run", pages=False)
    opened = open_run(tmp_path / "run", read_catalog(project.layers))
    answers = []
    for kind, write in WRITERS.items():
        old = {"datum_operation": WAY, "encoding": "cp874"} if kind == "shapefile" else {}
        found = assess(opened, write(tmp_path), **old)
        answers.append([(about["cells"], explained) for about, explained in found])
    assert answers[1:] == answers[:-1]


def test_what_is_wanting_is_named_as_arguments_of_python(tmp_path):
    project = forest_project(tmp_path)
    with pytest.raises(FormatError) as refused:
        mm.add_layer(
            on_old_datum(forest()), scenario="tiny", layers=project.layers,
            scenarios=project.scenarios,
        )  # fmt: skip
    assert [fault.key for fault in refused.value.faults] == [
        "datum_operation", "limit", "complete", "as_of", "made_by", "licence", "confidence",
    ]  # fmt: skip


def test_somebody_at_a_terminal_is_asked_in_thai_by_the_names_of_limits(
    tmp_path, maemoh, monkeypatch
):
    project = forest_project(tmp_path)
    asked, answers = [], iter(["1", "", "", "", "", ""])

    def ask(_, question):
        asked.append(question)
        return next(answers)

    monkeypatch.setattr(Terminal, "can_ask", lambda _: True)
    monkeypatch.setattr(Terminal, "ask", ask)
    code, out, err = maemoh(
        "layers", "add", WRITERS["geojson"](tmp_path), "--scenario", "tiny", "--layers",
        project.layers, "--scenarios", project.scenarios, "--lang", "th", "--no-run",
    )  # fmt: skip
    assert (code, err) == (0, "")
    assert "  1. forest – ป่าสงวน" in asked[0].splitlines()
    assert len(asked) == 6
    layer = read_catalog(project.layers)["own_forest"]
    assert (layer.complete_within, layer.as_of, layer.confidence) == ("none", 2568, "L")
    assert "layers remove own_forest" in out
