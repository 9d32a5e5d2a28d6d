"""Files appear whole or not at all, and the same content gives the same bytes."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from hypothesis import given
from hypothesis import strategies as st

from maemoh_gis import files
from maemoh_gis.core.errors import FileError
from maemoh_gis.core.grid import Grid
from maemoh_gis.files.tables import json_value
from tests.paths import ROOT

GRID = Grid.covering((575_000, 2_010_000, 578_000, 2_012_000), crs="EPSG:32647", cell_m=100)


def places() -> gpd.GeoDataFrame:
    points = shapely.points([[99.7521234, 18.2961234], [99.49, 18.28]])
    columns = {"name_th": ["แม่เมาะ", None], "year_be": [2569, 2570], "height_m": [340.0, np.nan]}
    return gpd.GeoDataFrame(columns, geometry=points, crs="EPSG:4326")


def heights() -> np.ndarray:
    values = np.arange(GRID.rows * GRID.cols, dtype=np.float32).reshape(GRID.shape)
    values[0, 0] = np.nan
    return values


def code_of(caught: pytest.ExceptionInfo[FileError]) -> str:
    (fault,) = caught.value.faults
    return fault.code


def litter(folder: Path, *wanted: str) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if p.name not in wanted)


def test_a_file_stands_whole_after_the_block(tmp_path: Path) -> None:
    with files.whole_file(tmp_path / "new" / "a.txt") as draft:
        draft.write_text("whole")
    assert (tmp_path / "new" / "a.txt").read_text() == "whole"
    assert litter(tmp_path / "new", "a.txt") == []


def test_nothing_stands_there_before_the_block_ends(tmp_path: Path) -> None:
    with files.whole_file(tmp_path / "a.txt") as draft:
        draft.write_text("half")
        assert not (tmp_path / "a.txt").exists()


def write_half(path: Path, stop: type[BaseException]) -> None:
    with files.whole_file(path) as draft:
        draft.write_text("half")
        (draft.parent / "a.txt-journal").write_text("side file of a driver")
        raise stop


@pytest.mark.parametrize("stop", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_block_that_raises_leaves_the_old_file_and_no_litter(
    tmp_path: Path, stop: type[BaseException]
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(stop):
        write_half(path, stop)
    assert path.read_text() == "old"
    assert litter(tmp_path, "a.txt") == []


def test_what_a_killed_process_left_is_removed_and_what_is_being_written_stays(
    tmp_path: Path,
) -> None:
    killed = (
        "import os, pathlib; from maemoh_gis import files\n"
        f"with files.whole_file(pathlib.Path({str(tmp_path / 'a.txt')!r})) as draft:\n"
        "    draft.write_text('half')\n"
        "    os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", killed], check=False).returncode == 9
    (left,) = litter(tmp_path)
    with files.whole_file(tmp_path / "b.txt") as draft:
        draft.write_text("whole")
        assert litter(tmp_path) == [draft.parent.name] != [left]
        files.write_text(tmp_path / "c.txt", "")
    assert litter(tmp_path, "b.txt", "c.txt") == []
    assert (tmp_path / "b.txt").read_text() == "whole"


def test_a_block_that_writes_nothing_is_an_error_and_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(FileError) as caught, files.whole_file(path):
        pass
    assert code_of(caught) == "cannot_write"
    assert path.read_text() == "old"
    assert litter(tmp_path, "a.txt") == []


def test_a_folder_that_is_a_file_is_said_to_be_not_writable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError) as caught:
        files.write_text(tmp_path / "file" / "a.txt", "")
    assert code_of(caught) == "cannot_write"


def test_a_written_file_can_be_read_by_others(tmp_path: Path) -> None:
    """A temporary file is for its owner only; a result is not."""
    files.write_text(tmp_path / "a.txt", "")
    (tmp_path / "plain").write_text("")
    assert (tmp_path / "a.txt").stat().st_mode == (tmp_path / "plain").stat().st_mode


WRITERS: dict[str, Callable[[Path], str]] = {
    "a.txt": lambda p: files.write_text(p, "แม่เมาะ\n"),
    "a.bin": lambda p: files.write_bytes(p, bytes(range(256))),
    "a.json": lambda p: files.write_json(p, {"b": 1, "a": ["แม่เมาะ", None, 1.5]}),
    "a.csv": lambda p: files.write_csv(p, ["a", "b"], [[1, "แม่เมาะ"], [None, 2.5]]),
    "a.geojson": lambda p: files.write_geojson(p, places()),
    "a.gpkg": lambda p: files.write_geopackage(p, {"one": places(), "two": places()}),
    "a.tif": lambda p: files.write_raster(
        p, {"height": heights()}, GRID, nodata=float("nan"), tags={"unit": "m"}
    ),
    "codes.tif": lambda p: files.write_raster(
        p, {"code": np.ones(GRID.shape, dtype=np.uint8)}, GRID, nodata=0, categorical=True
    ),
    "a.xlsx": lambda p: files.write_xlsx(p, {"ไร่": (["a"], [["แม่เมาะ"], [None]])}),
}


@pytest.mark.parametrize("name", WRITERS)
def test_the_same_content_gives_the_same_bytes_and_the_checksum_is_theirs(
    tmp_path: Path, name: str
) -> None:
    first, second = tmp_path / "1" / name, tmp_path / "2" / name
    told = WRITERS[name](first), WRITERS[name](second)
    assert first.read_bytes() == second.read_bytes()
    assert told == (hashlib.sha256(first.read_bytes()).hexdigest(),) * 2
    assert files.sha256_of(first) == told[0]
    assert litter(first.parent, name) == []


@pytest.mark.parametrize("name", WRITERS)
def test_writing_over_a_file_gives_the_same_bytes_as_writing_it_anew(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    WRITERS[name](path)
    new = path.read_bytes()
    WRITERS[name](path)
    assert path.read_bytes() == new


def test_no_clock_is_in_a_geopackage(tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    files.write_geopackage(tmp_path / "a.gpkg", {"one": places()})
    with closing(sqlite3.connect(tmp_path / "a.gpkg")) as database:
        (stamp,) = database.execute("select last_change from gpkg_contents").fetchone()
    assert stamp == "2000-01-01T00:00:00.000Z"


def test_no_clock_is_in_a_workbook(tmp_path: Path) -> None:
    files.write_xlsx(tmp_path / "a.xlsx", {"t": (["a"], [[1]])})
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2000-01-01T00:00:00Z" in parts.read("docProps/core.xml")


def test_a_name_that_begins_with_an_equals_sign_stays_a_name_in_a_workbook(tmp_path: Path) -> None:
    files.write_xlsx(tmp_path / "a.xlsx", {"t": (["a"], [["=1+1"], ["http://example.org"]])})
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet
        assert b"hyperlink" not in sheet
        assert b"=1+1" in parts.read("xl/sharedStrings.xml")


def test_json_keeps_thai_letters_and_the_order_of_keys(tmp_path: Path) -> None:
    files.write_json(tmp_path / "a.json", {"b": "แม่เมาะ", "a": 1})
    assert (tmp_path / "a.json").read_text("utf-8") == '{\n  "b": "แม่เมาะ",\n  "a": 1\n}\n'
    assert files.read_json(tmp_path / "a.json") == {"b": "แม่เมาะ", "a": 1}


def test_json_refuses_what_json_cannot_say(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON"):
        files.write_json(tmp_path / "a.json", {"a": float("nan")})
    assert litter(tmp_path) == []


def test_broken_json_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{\n  "a": ,\n}')
    with pytest.raises(FileError) as caught:
        files.read_json(tmp_path / "a.json")
    assert code_of(caught) == "not_json"
    assert caught.value.faults[0].line == 2


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_text_is_read_with_or_without_a_byte_order_mark(tmp_path: Path, mark: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(mark + "แม่เมาะ".encode())
    assert files.read_text(tmp_path / "a.txt") == "แม่เมาะ"


def test_a_text_in_an_old_thai_code_page_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("แม่เมาะ".encode("cp874"))
    with pytest.raises(FileError) as caught:
        files.read_text(tmp_path / "a.txt")
    assert code_of(caught) == "not_utf8"


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=9)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_a_table_of_texts_comes_back_as_it_was(rows: list[tuple[str, str]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.csv")
        files.write_csv(path, ["a", "b"], rows)
        assert [(r["a"], r["b"]) for r in files.read_csv(path)] == rows


def test_only_a_table_for_excel_begins_with_a_byte_order_mark(tmp_path: Path) -> None:
    files.write_csv(tmp_path / "a.csv", ["a"], [])
    files.write_csv(tmp_path / "b.csv", ["a"], [], for_excel=True)
    assert (tmp_path / "a.csv").read_bytes() == b"a\n"
    assert (tmp_path / "b.csv").read_bytes() == b"\xef\xbb\xbfa\n"


READERS = {
    "sha256_of": files.sha256_of,
    "read_bytes": files.read_bytes,
    "read_text": files.read_text,
    "read_json": files.read_json,
    "read_csv": files.read_csv,
    "read_vector": files.read_vector,
    "open_raster": lambda p: files.open_raster(p).__enter__(),
}


@pytest.mark.parametrize("name", READERS)
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileError) as caught:
        READERS[name](tmp_path / "absent.geojson")
    assert code_of(caught) == "file_missing"
    assert caught.value.faults[0].file == str(tmp_path / "absent.geojson")


def test_what_is_not_a_map_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.gpkg").write_text("no map")
    with pytest.raises(FileError) as caught:
        files.read_vector(tmp_path / "a.gpkg")
    assert code_of(caught) == "vector_format"
    with pytest.raises(FileError) as caught, files.open_raster(tmp_path / "a.gpkg"):
        pass
    assert code_of(caught) == "raster_format"


def test_a_table_without_shapes_is_not_a_vector_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    with pytest.raises(FileError) as caught:
        files.read_vector(tmp_path / "a.csv")
    assert code_of(caught) == "vector_format"


def test_geojson_has_one_feature_a_line(tmp_path: Path) -> None:
    files.write_geojson(tmp_path / "a.geojson", places())
    lines = (tmp_path / "a.geojson").read_text("utf-8").splitlines()
    assert len(lines) == 1 + 2 + 1
    assert json.loads(lines[1].rstrip(","))["properties"] == {
        "name_th": "แม่เมาะ", "year_be": 2569, "height_m": 340,
    }  # fmt: skip
    assert json.loads(lines[2])["properties"]["name_th"] is None
    assert json.loads(lines[2])["properties"]["height_m"] is None


def test_sparse_geojson_leaves_out_what_is_not_known(tmp_path: Path) -> None:
    files.write_geojson(tmp_path / "a.geojson", places(), sparse=True)
    second = json.loads((tmp_path / "a.geojson").read_text("utf-8"))["features"][1]
    assert not {"name_th", "height_m"} & set(second["properties"])
    back = files.read_vector(tmp_path / "a.geojson")
    assert back["name_th"].isna().tolist() == [False, True]


def test_geojson_is_in_degrees_rounded_to_about_a_metre(tmp_path: Path) -> None:
    files.write_geojson(tmp_path / "a.geojson", places().to_crs("EPSG:32647"))
    first = json.loads((tmp_path / "a.geojson").read_text("utf-8"))["features"][0]
    assert first["geometry"]["coordinates"] == [99.75212, 18.29612]


def test_features_come_back_from_geojson_as_they_were(tmp_path: Path) -> None:
    files.write_geojson(tmp_path / "a.geojson", places(), decimals=7)
    back = files.read_vector(tmp_path / "a.geojson")
    assert back.crs == "EPSG:4326"
    assert back.geometry.geom_equals_exact(places().geometry, tolerance=1e-6).all()
    assert back["name_th"].fillna("–").tolist() == ["แม่เมาะ", "–"]


FULL_DISK = """
import json, resource, sys
from pathlib import Path

import numpy as np

from maemoh_gis import files
from maemoh_gis.core.errors import FileError
from maemoh_gis.files import rasters
from tests.files.test_files import GRID, places

many = places().loc[[0, 1] * 400].reset_index(drop=True)
rows = [(k, "x" * 20) for k in range(2_000)]
noise = np.random.default_rng(1).random((400, 400))
grid = GRID.covering((0, 0, 40_000, 40_000), crs="EPSG:32647", cell_m=100)
writers = {
    "a.json": lambda path: files.write_json(path, rows),
    "a.csv": lambda path: files.write_csv(path, ("k", "x"), rows),
    "a.xlsx": lambda path: files.write_xlsx(path, {"a": (["k", "x"], rows)}),
    "a.geojson": lambda path: files.write_geojson(path, many),
    "a.gpkg": lambda path: files.write_geopackage(path, {"a": many}),
    "a.tif": lambda path: files.write_raster(path, {"a": noise}, grid, nodata=None),
}
said = {}
copy_as_cog = rasters._copy_as_cog


def allow(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def starved(*given, **how):
    allow(8_000)
    copy_as_cog(*given, **how)


def late(path):
    # Room for the first writing, and none for the second.
    allow(10_000_000)
    rasters._copy_as_cog = starved
    files.write_raster(path, {"a": noise}, grid, nodata=None)


writers["b.tif"] = late
allow(8_000)
for name, write in writers.items():
    try:
        write(Path(sys.argv[1]) / name)
    except FileError as error:
        said[name] = [fault.code for fault in error.faults]
print(json.dumps(said))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files")
def test_every_writer_says_that_the_disk_is_full_and_leaves_nothing(tmp_path: Path) -> None:
    line = [sys.executable, "-c", FULL_DISK, str(tmp_path)]
    done = subprocess.run(line, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    names = ("a.json", "a.csv", "a.xlsx", "a.geojson", "a.gpkg", "a.tif", "b.tif")
    assert said == {name: ["cannot_write"] for name in names}
    assert list(tmp_path.iterdir()) == []


def test_geopackage_layers_stand_side_by_side(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    files.write_geopackage(path, {"one": places(), "two": places().head(1)})
    assert len(files.read_vector(path, "one")) == 2
    assert len(files.read_vector(path, "two")) == 1


def test_a_layer_without_features_keeps_its_columns(tmp_path: Path) -> None:
    files.write_geopackage(tmp_path / "a.gpkg", {"one": places().head(0)})
    back = files.read_vector(tmp_path / "a.gpkg")
    assert back.empty
    assert "name_th" in back


def test_a_raster_comes_back_on_its_grid_with_its_words(tmp_path: Path) -> None:
    WRITERS["a.tif"](tmp_path / "a.tif")
    with files.open_raster(tmp_path / "a.tif") as dataset:
        assert dataset.transform == GRID.transform
        assert dataset.crs == rasterio.crs.CRS.from_user_input(GRID.crs)
        assert dataset.descriptions == ("height",)
        assert dataset.tags()["unit"] == "m"
        assert np.array_equal(dataset.read(1), heights(), equal_nan=True)


def test_tags_are_written_into_room_that_was_left_for_them(tmp_path: Path) -> None:
    """Nothing else of the file moves, and every reader finds the words."""
    tags = {"scenario": 'a & b <"c">', "caveat_th": "แม่เมาะ " * 700, "unit": "m"}
    path, plain = tmp_path / "a.tif", tmp_path / "plain.tif"
    for place, words in ((path, files.room_for(tags)), (plain, tags)):
        files.write_raster(place, {"height": heights()}, GRID, nodata=float("nan"), tags=words)
    before = path.read_bytes()
    told = files.write_tags(path, tags)
    assert told == files.sha256_of(path)
    assert path.stat().st_size == len(before)
    with files.open_raster(path) as found, files.open_raster(plain) as expected:
        assert found.tags() == expected.tags()
        assert found.descriptions == ("height",)
        assert found.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert np.array_equal(found.read(1), heights(), equal_nan=True)
    # One that is packed for others of the kind is the same file.
    other = {**tags, "scenario": "another"}
    assert files.room_for(other) == files.room_for(tags)


def test_a_file_whose_tags_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError) as raised:
        files.write_tags(tmp_path / "none.tif", {"a": "b"})
    assert raised.value.faults[0].file == str(tmp_path / "none.tif")


def test_overviews_of_codes_are_codes_and_never_their_mean(tmp_path: Path) -> None:
    big = Grid.covering((0, 0, 120_000, 120_000), crs="EPSG:32647", cell_m=100)
    codes = np.full(big.shape, 1, dtype=np.uint8)
    codes[::2] = 9
    files.write_raster(tmp_path / "a.tif", {"code": codes}, big, nodata=0, categorical=True)
    with files.open_raster(tmp_path / "a.tif") as dataset:
        assert dataset.overviews(1)
        coarse = dataset.read(1, out_shape=(big.rows // 4, big.cols // 4))
    assert set(np.unique(coarse)) <= {1, 9}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (pd.NA, None),
        (pd.NaT, None),
        (float("nan"), None),
        (np.float32("nan"), None),
        (np.int64(5), 5),
        (np.bool_(True), True),
        (2569.0, 2569),
        (0.25, 0.25),
        ("แม่เมาะ", "แม่เมาะ"),
        (Path("a"), "a"),
    ],
)
def test_a_cell_becomes_what_json_can_hold(value: object, expected: object) -> None:
    found = json_value(value)
    assert found == expected
    assert type(found) is type(expected)


def test_a_truth_stays_a_truth_in_geojson(tmp_path: Path) -> None:
    frame = places()[["geometry"]].assign(open=[True, False])
    files.write_geojson(tmp_path / "a.geojson", frame)
    content = json.load(io.BytesIO((tmp_path / "a.geojson").read_bytes()))
    assert [f["properties"]["open"] for f in content["features"]] == [True, False]


def test_sheets_have_names_of_their_own_that_spreadsheets_take(tmp_path: Path) -> None:
    import zipfile

    start = "sites_industrial_estate_north_lam"
    names = [f"{start}_a", f"{start}_b", f"{start.upper()}_c", "a/b:c*d?[e]", "History", "''", "ไร่"]
    files.write_xlsx(tmp_path / "a.xlsx", {name: (["a"], [[name]]) for name in names})
    book = zipfile.ZipFile(tmp_path / "a.xlsx").read("xl/workbook.xml").decode()
    found = re.findall(r'<sheet name="([^"]*)"', book)
    assert found == [
        "sites_industrial_estate_north_l", "sites_industrial_estate_north~2",
        "SITES_INDUSTRIAL_ESTATE_NORTH~3", "a_b_c_d__e_", "History~2", "_", "ไร่",
    ]  # fmt: skip


def test_every_sheet_of_a_workbook_is_read_from_its_first_row(tmp_path: Path) -> None:
    table = (["name", "rai"], [["a", 1000], ["b", 5]])
    sheets = {f"sheet {number}": table for number in range(3)}
    files.write_xlsx(tmp_path / "book.xlsx", sheets)
    read = [["name", "rai"], ["a", "1000"], ["b", "5"]]
    assert files.read_sheets(tmp_path / "book.xlsx") == dict.fromkeys(sheets, read)
