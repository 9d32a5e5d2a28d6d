"""A finished run is verified by name, computed again to the same bytes, and packed to travel."""

import shutil
import zipfile

import pytest
import shapely

from maemoh_gis.cli import main
from maemoh_gis.core.errors import RunError
from maemoh_gis.files import checksum_of, read_json, read_vector, sha256_of
from maemoh_gis.runs.project import Project
from maemoh_gis.runs.run import run
from maemoh_gis.runs.run_again import bundle, rerun, verify
from tests.tiny import SOUTH, WEST, write_project


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    project = write_project(
        folder / "project", [shapely.Point(WEST + 3_000, SOUTH + 3_000)], complete="extent"
    )
    return project, run(project, "tiny", folder / "tiny")


@pytest.fixture
def copied(made, tmp_path):
    """Give a copy of a project and its run, to be spoilt."""
    project, folder = made
    shutil.copytree(project.layers.parent, tmp_path / "project")
    shutil.copytree(folder, tmp_path / "tiny")
    here = tmp_path / "project"
    return Project(here / "layers", here / "scenarios"), tmp_path / "tiny"


def faults(project, folder):
    return [(f.code, f.file) for f in verify(folder, project, project.catalog()) if f.blocks]


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_run_nobody_touched_is_verified(made):
    assert faults(*made) == []


def test_one_flipped_byte_is_named_in_every_output(copied):
    project, folder = copied
    names = ["run.json", *read_json(folder / "run.json")["outputs"]]
    assert len(names) > 5
    for name in names:
        before = (folder / name).read_bytes()
        flip(folder / name)
        try:
            found = faults(project, folder)
        except RunError as error:  # a record that is no longer JSON
            found = [(f.code, f.file) for f in error.faults]
        assert ("output_changed", str(folder / name)) in found, name
        (folder / name).write_bytes(before)
    assert faults(project, folder) == []


def test_the_command_names_what_changed_and_claims_nothing_else(copied, capsys, monkeypatch):
    project, folder = copied
    for name in ("sites.gpkg", "removed.csv"):
        flip(folder / name)
    folders = ["--layers", str(project.layers), "--scenarios", str(project.scenarios)]
    monkeypatch.setattr("sys.argv", ["maemoh-gis", "--lang", "en", "verify", str(folder), *folders])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr()
    assert ended.value.code == 1
    assert all(str(folder / name) in told.err for name in ("sites.gpkg", "removed.csv"))
    assert told.out == "2 files are not as they were.\n"
    assert "written" not in told.err


def test_one_flipped_byte_is_named_in_every_input(copied):
    project, folder = copied
    for path in (project.scenarios / "tiny.yaml", project.layers / "things.geojson",
                 project.layers / "study.geojson"):  # fmt: skip
        before = path.read_bytes()
        flip(path)
        assert faults(project, folder) == [("input_changed", str(path))]
        path.write_bytes(before)


def test_what_is_gone_and_what_was_added_is_named(copied):
    project, folder = copied
    (folder / "sites.gpkg").unlink()
    (folder / "notes.txt").write_text("mine")
    (project.layers / "things.geojson").unlink()
    assert faults(project, folder) == [
        ("file_gone", str(folder / "sites.gpkg")),
        ("output_unknown", str(folder / "notes.txt")),
        ("file_gone", str(project.layers / "things.geojson")),
    ]


def test_a_rerun_gives_the_same_bytes(made, tmp_path):
    project, folder = made
    found = rerun(folder, project.catalog(), tmp_path / "again")
    assert (found.different, found.programs) == ((), ())
    assert (tmp_path / "again" / "run.json").read_bytes() == (folder / "run.json").read_bytes()


def test_a_rerun_never_replaces_what_it_repeats(made):
    project, folder = made
    with pytest.raises(RunError) as caught:
        rerun(folder, project.catalog(), folder)
    assert caught.value.faults[0].code == "rerun_onto_itself"


def test_a_bundle_runs_elsewhere_and_has_the_same_bytes_each_time(made, tmp_path):
    project, folder = made
    archive = tmp_path / "tiny.zip"
    first = bundle(folder, project, project.catalog(), archive)
    assert bundle(folder, project, project.catalog(), tmp_path / "b.zip") == first
    elsewhere = tmp_path / "elsewhere"
    with zipfile.ZipFile(archive) as packed:
        assert all(not name.startswith(("/", "..")) for name in packed.namelist())
        packed.extractall(elsewhere)
    there = Project(elsewhere / "layers", elsewhere / "scenarios")
    assert faults(there, elsewhere / "run") == []
    assert rerun(elsewhere / "run", there.catalog(), elsewhere / "again").different == ()
    assert "maemoh-gis rerun run" in (elsewhere / "README.txt").read_text(encoding="utf-8")


def test_a_spoilt_run_is_not_bundled(copied, tmp_path):
    project, folder = copied
    flip(folder / "sites.gpkg")
    with pytest.raises(RunError) as caught:
        bundle(folder, project, project.catalog(), tmp_path / "x.zip")
    assert caught.value.faults[0].code == "output_changed"
    assert not (tmp_path / "x.zip").exists()


def test_a_folder_that_is_no_run_is_refused(made, tmp_path):
    project, _ = made
    with pytest.raises(RunError) as caught:
        verify(tmp_path, project, project.catalog())
    assert caught.value.faults[0].code == "not_a_run_folder"


def test_a_shapefile_is_verified_and_bundled_with_all_its_parts(tmp_path):
    project = write_project(
        tmp_path / "project", [shapely.Point(WEST + 3_000, SOUTH + 3_000)], complete="extent"
    )
    as_shapefile(project, "things")
    folder = run(project, "tiny", tmp_path / "tiny")
    assert faults(project, folder) == []
    bundle(folder, project, project.catalog(), tmp_path / "tiny.zip")
    with zipfile.ZipFile(tmp_path / "tiny.zip") as packed:
        parts = {name for name in packed.namelist() if name.startswith("layers/things.")}
        packed.extractall(tmp_path / "elsewhere")
    assert parts == {f"layers/things.{end}" for end in ("cpg", "dbf", "prj", "shp", "shx")}
    there = Project(tmp_path / "elsewhere" / "layers", tmp_path / "elsewhere" / "scenarios")
    assert rerun(
        tmp_path / "elsewhere" / "run", there.catalog(), tmp_path / "again"
    ).different == ()  # fmt: skip
    for part in sorted(parts):
        place = project.layers.parent / part
        before = place.read_bytes()
        place.write_bytes(before + b" ")
        assert faults(project, folder) == [("input_changed", str(project.layers / "things.shp"))]
        place.write_bytes(before)


def test_a_layer_that_is_read_otherwise_now_is_named(copied, tmp_path):
    project, folder = copied
    catalog = project.layers / "catalog.yaml"
    written = catalog.read_text(encoding="utf-8")
    catalog.write_text(written.replace("crs: EPSG:4326", "crs: EPSG:4979"), encoding="utf-8")
    found = verify(folder, project, project.catalog())
    assert {(f.code, f.key) for f in found if f.blocks} == {
        ("layer_read_otherwise", "study"),
        ("layer_read_otherwise", "things"),
    }
    assert found[0].expected == "crs: EPSG:4326"
    assert found[0].line is not None
    with pytest.raises(RunError):
        rerun(folder, project.catalog(), tmp_path / "again")
    # What people are told of a layer may change.
    catalog.write_text(written.replace("A test", "Another test"), encoding="utf-8")
    assert faults(project, folder) == []


def as_shapefile(project, id):
    """Turn a GeoJSON layer of a project into a shapefile."""
    before, after = project.layers / f"{id}.geojson", project.layers / f"{id}.shp"
    read_vector(before).to_file(after)
    catalog = (project.layers / "catalog.yaml").read_text(encoding="utf-8")
    catalog = catalog.replace(before.name, after.name)
    catalog = catalog.replace(sha256_of(before), checksum_of(after))
    (project.layers / "catalog.yaml").write_text(catalog, encoding="utf-8")
    before.unlink()
