"""A file brought in at the desk is what `maemoh-gis layers add` makes of it."""

import shutil
import zipfile

import pytest

from maemoh_gis.core.errors import MaeMohError
from maemoh_gis.desk.bringing import bring, choices_of, ground_of, undo
from maemoh_gis.runs.project import find_project
from tests.intake.forest import WAY, WRITERS, forest_project

ANSWERS = {"limit": "forest", "complete": "province", "as_of": "2568", "source": "An office",
           "licence": "own", "confidence": "M"}  # fmt: skip


@pytest.fixture
def land(tmp_path, monkeypatch):
    forest_project(tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path


def seen(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*") if path.is_file()}  # fmt: skip


def ground():
    return ground_of(find_project(), "tiny")


def zipped_shapefile(folder):
    """Zip a shapefile of Indian 1975 in code page 874 that says neither."""
    inside = folder / "inside"
    inside.mkdir()
    WRITERS["shapefile"](inside)
    path = folder / "forest.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for one in inside.iterdir():
            archive.write(one, one.name)
    return path


def test_the_desk_and_the_command_write_the_same(land, maemoh):
    file = WRITERS["geojson"](land)
    shutil.copytree("layers", land / "kept")
    step = bring(file.name, file.read_bytes(), ANSWERS, ground())
    by_desk = seen(land / "work" / "layers")
    undo(step.added)
    assert seen(land / "work" / "layers") == seen(land / "kept")
    code, _, said = maemoh(
        "layers", "add", file, "--as", "forest", "--complete", "province", "--as-of", "2568",
        "--source", "An office", "--licence", "own", "--confidence", "M", "--scenario", "tiny",
        "--no-run",
    )  # fmt: skip
    assert code == 0, said
    assert seen(land / "work" / "layers") == by_desk
    assert not list((land / "work" / "runs").glob(".*"))


def test_it_asks_what_only_the_owner_knows_and_writes_nothing_before(land):
    before, file = seen(land / "work" / "layers"), zipped_shapefile(land)
    step = bring(file.name, file.read_bytes(), {}, ground())
    asked = [question.name for question in step.questions]
    assert asked == ["datum_operation", *(name for name in ANSWERS)]
    assert step.notes
    assert seen(land / "work" / "layers") == before
    limit = next(question for question in step.questions if question.name == "limit")
    assert ("ป่าสงวน", "forest") in choices_of(limit, ground(), "th")
    told = bring(file.name, file.read_bytes(), {**ANSWERS, "datum_operation": WAY}, ground())
    assert told.added is not None
    assert told.added.after.catalog[told.added.id].answers == "forest"


@pytest.mark.parametrize(
    ("name", "content", "answers"),
    [
        ("forest.geojson", None, {"as_of": "31 December"}),
        ("forest.geojson", None, {"complete": "Atlantis"}),
        ("forest.geojson", b"{", {}),
        ("letter.docx", b"mine", {}),
        ("..\\..\\forest.shp", b"", {}),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(land, name, content, answers):
    before, file = seen(land / "work"), WRITERS["geojson"](land)
    with pytest.raises(MaeMohError) as error:
        bring(name, file.read_bytes() if content is None else content, {**ANSWERS, **answers},
              ground())  # fmt: skip
    assert all(fault.blocks for fault in error.value.faults)
    assert seen(land / "work") == before
