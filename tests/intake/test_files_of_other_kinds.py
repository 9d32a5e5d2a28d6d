"""Archives, tables with coordinates, KML: read for what they hold, refused for what they name."""

import zipfile
from dataclasses import replace

import pytest
import shapely

from maemoh_gis.core.errors import MaeMohError
from maemoh_gis.files import unpacked, write_text, write_xlsx
from maemoh_gis.intake import add as adding
from maemoh_gis.intake.asking import settled
from maemoh_gis.intake.ground import find_ground
from maemoh_gis.intake.said import Told
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.layers.load import Layers
from tests.intake.forest import LAND, OLD, WAY, WRITERS, forest_project
from tests.tiny import SOUTH, UTM, WEST

SAID = Told(limit="none", complete="unknown", as_of="2569", source="An office", licence="own",
            confidence="L")  # fmt: skip
HEADERS = [
    (["ชื่อบ้าน", "ละติจูด", "ลองจิจูด"], [["ก", "18.2", "99.7"], ["ข", "18.21", "99.71"]], None),
    (["name", "Lat.", "Long"], [["a", "18.2", "99.7"], ["b", "18.21", "99.71"]], None),
    (["ชื่อ", "พิกัด E", "พิกัด N"], [["ก", "574001", "2012500"], ["ข", "575000", "2013500"]], UTM),
    (["id", "X", "Y"], [["1", "574001", "2012500"], ["2", "575000", "2013500"]], UTM),
]


@pytest.fixture
def project(tmp_path):
    return forest_project(tmp_path)


def brought(project, file, told=SAID):
    ground = find_ground(project.layers, project.scenarios, "tiny")
    with unpacked(file) as plain:
        return adding.add(*settled(plain, told, ground), ground)


def codes(project, file, told=SAID):
    with pytest.raises(MaeMohError) as error:
        brought(project, file, told)
    return [(fault.code, fault.line, fault.key) for fault in error.value.faults]


def shapes_of(project, added):
    return Layers(read_catalog(project.layers)).shapes(added.id, UTM)


def table_file(folder, ending, header, rows):
    file = folder / f"villages{ending}"
    if ending == ".xlsx":
        write_xlsx(file, {"หมู่บ้าน": (header, rows)})
    else:
        lines = "\n".join(",".join(row) for row in (header, *rows)) + "\n"
        file.write_bytes(lines.encode("cp874" if ending == ".old.csv" else "utf-8"))
    return file


@pytest.mark.parametrize("ending", [".csv", ".old.csv", ".xlsx"])
@pytest.mark.parametrize(("header", "rows", "crs"), HEADERS)
def test_a_table_says_by_its_headings_where_its_rows_lie(
    project, tmp_path, ending, header, rows, crs
):
    file = table_file(tmp_path, ending, header, rows)
    if crs is not None:
        assert codes(project, file) == [("intake_missing", None, "--crs")]
    added = brought(project, file, replace(SAID, crs=crs))
    points = shapes_of(project, added)
    assert len(points) == 2
    assert {shape.geom_type for shape in points} == {"Point"}
    if crs is not None:
        assert (points[0].x, points[0].y) == pytest.approx((574001, 2012500), abs=0.02)
    read = Layers(read_catalog(project.layers)).features(added.id, UTM)
    assert str(read[header[0]].iloc[0]) == rows[0][0]


def test_eastings_on_the_old_datum_are_asked_for_the_way(project, tmp_path):
    header, rows, _ = HEADERS[2]
    file = table_file(tmp_path, ".csv", header, rows)
    asked = codes(project, file, replace(SAID, crs=OLD))
    assert asked == [("intake_missing", None, "--datum-operation")]
    added = brought(project, file, replace(SAID, crs=OLD, datum_operation=WAY))
    # Some 330 m west and 300 m north of the same figures on WGS 84.
    assert shapes_of(project, added)[0].distance(shapely.Point(574001, 2012500)) > 300


def test_a_table_at_fault_names_line_and_column(project, tmp_path):
    header, _, _ = HEADERS[0]
    file = table_file(tmp_path, ".csv", header, [["ก", "18.2", ""], ["ข", "x", "99.7"]])
    assert codes(project, file) == [
        ("cell_not_number", 2, "ลองจิจูด"), ("cell_not_number", 3, "ละติจูด"),
    ]  # fmt: skip
    file = table_file(tmp_path, ".csv", ["name", "place"], [["a", "b"]])
    assert codes(project, file) == [("intake_no_coordinates", None, None)]


def test_a_zipped_shapefile_is_read_whatever_its_folders_are_called(project, tmp_path):
    file = WRITERS["shapefile"](tmp_path)
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for part in tmp_path.glob("forest.*"):
            archive.write(part, f"../../ข้อมูล/ป่า{part.suffix.upper()}")
    added = brought(project, packed, replace(SAID, datum_operation=WAY))
    assert file.exists()
    found = shapes_of(project, added)
    assert max(shapely.hausdorff_distance(a, b) for a, b in zip(found, LAND, strict=True)) < 1
    assert added.path.parent.parent == project.layers / "own"


def test_an_archive_of_two_files_or_of_none_is_refused(project, tmp_path):
    for names in (["a.geojson", "b.geojson"], ["a.txt"]):
        packed = tmp_path / "packed.zip"
        with zipfile.ZipFile(packed, "w") as archive:
            for name in names:
                archive.writestr(name, "{}")
        assert codes(project, packed) == [("archive_not_one", None, None)]
    packed.write_bytes(b"PK\x03\x04 no archive")
    assert codes(project, packed) == [("archive_unreadable", None, None)]


@pytest.mark.parametrize(
    "inside",
    ["<NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink>",
     "<kml:NetworkLink ><name>x</name></kml:NetworkLink>"],
)  # fmt: skip
def test_kml_that_names_content_elsewhere_is_refused(project, tmp_path, inside):
    head = '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
    file = tmp_path / "link.kml"
    write_text(file, f"{head}{inside}</Document></kml>")
    assert codes(project, file) == [("kml_link", None, None)]
    write_text(file, f'<!DOCTYPE kml [<!ENTITY a "b">]>{head}</Document></kml>')
    assert codes(project, file)[0][0] in {"kml_link", "vector_format"}


def test_a_file_of_a_kind_nobody_named_is_refused(project, tmp_path):
    file = tmp_path / "places.gpx"
    write_text(file, f"<gpx><wpt lat='18.2' lon='99.7'>{WEST} {SOUTH}</wpt></gpx>")
    assert codes(project, file) == [("vector_format", None, None)]
