"""Tables: read in the types of their kind, or refused by file, line, column and remedy."""

import csv
import io
import shutil

import pytest

from maemoh_gis.core.errors import MaeMohError
from maemoh_gis.core.messages import LANGUAGES, describe
from maemoh_gis.files import read_csv_lines, read_text, sha256_of, write_bytes, write_text
from maemoh_gis.layers.audit import audit_folder
from maemoh_gis.layers.audit.gate import require_sound
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.layers.load import Layers
from maemoh_gis.layers.table_schemas import ALL, DISTANCES, HEIGHTS, POPULATION, UNITS, VILLAGES
from maemoh_gis.layers.tables import schemas_of
from tests.defects.planting import Copy
from tests.paths import LAYERS

PEOPLE = "subdistrict_population"


def spoilt(folder, id, change):
    """Copy a bundled table, change its rows (header first), and seal it."""
    copy = Copy(folder, (id,))
    rows = list(csv.reader(io.StringIO(copy.path_of(id).read_text("utf-8"))))
    written = change(rows)
    if written is None:
        stream = io.StringIO()
        csv.writer(stream, lineterminator="\n").writerows(rows)
        written = stream.getvalue()
    copy.path_of(id).write_bytes(written if isinstance(written, bytes) else written.encode())
    copy.seal(id)
    return copy.layers


def cell(column, value, line=2):
    def change(rows):
        rows[line - 1][rows[0].index(column)] = value

    return change


def refusal(folder, id):
    """Give what the gate says, which must be what the audit blocks."""
    with pytest.raises(MaeMohError) as stopped:
        require_sound(read_catalog(folder), [id])
    faults = stopped.value.faults
    blocked = [f for f in audit_folder(folder).findings if f.blocks]
    assert sorted(map(repr, blocked)) == sorted(map(repr, faults))
    for fault in faults:
        for language in LANGUAGES:
            assert "{" not in describe(fault, language)
    return [(f.code, f.file.removeprefix("layers/"), f.line, f.key) for f in faults]


CELLS = [
    (PEOPLE, "population", "4,861", "cell_not_whole"),
    (PEOPLE, "population", "many", "cell_not_whole"),
    (PEOPLE, "population", "", "cell_empty"),
    (PEOPLE, "population", "  ", "cell_empty"),
    (PEOPLE, "population", "-5", "cell_out_of_range"),
    (PEOPLE, "population", "nan", "cell_not_whole"),
    (PEOPLE, "population", "inf", "cell_not_whole"),
    (PEOPLE, "population", "๔๘๖๑", "cell_not_whole"),
    (PEOPLE, "population", "9" * 5000, "cell_not_whole"),
    (PEOPLE, "code", "520201.0", "cell_not_whole"),
    (PEOPLE, "code", "", "cell_empty"),
    (PEOPLE, "confidence", "high", "cell_unknown"),
    ("coal_units", "gross_mw", "1,300", "cell_not_number"),
    ("coal_units", "gross_mw", "300 MW", "cell_not_number"),
    ("coal_units", "gross_mw", "-300", "cell_out_of_range"),
    ("coal_units", "gross_mw", "nan", "cell_not_number"),
    ("coal_units", "gross_mw", "1e400", "cell_not_number"),
    ("coal_units", "start_year_be", "2521.5", "cell_not_whole"),
    ("linehaul_distances", "km_central", "1,772", "cell_not_number"),
    ("linehaul_distances", "km_central", "-1", "cell_out_of_range"),
    ("railway_heights", "height_m", "n/a", "cell_not_number"),
    ("railway_heights", "height_m", "99999", "cell_out_of_range"),
    ("railway_heights", "height_m", "nan", "cell_not_number"),
    ("railway_heights", "lon", "17.98", "cell_out_of_range"),
    ("railway_heights", "lat", "99.7", "cell_out_of_range"),
    ("resettlement_villages", "moved", "perhaps", "cell_unknown"),
    ("resettlement_villages", "households_of_all", "1 458", "cell_not_whole"),
    ("freight_demand", "teu_central", "nan", "cell_not_number"),
    ("freight_demand", "teu_central", "-5", "cell_out_of_range"),
    ("freight_demand", "direction", "both", "cell_unknown"),
    ("tariffs", "central", "", "cell_empty"),
    ("permits", "id", "", "cell_empty"),
    ("eco_town_aspects", "number", "one", "cell_not_whole"),
    ("province_statistics", "value", "12,533", "cell_not_number"),
    ("mineral_output", "months", "13", "cell_out_of_range"),
    (PEOPLE, "source", "a\x00b", "cell_control_character"),
    (PEOPLE, "source", "a\x1b[31m", "cell_control_character"),
    (PEOPLE, "source", "a" * 10_001, "cell_too_long"),
]


@pytest.mark.parametrize(("id", "column", "value", "code"), CELLS)
@pytest.mark.parametrize("line", [2, 4])
def test_a_cell_a_table_cannot_hold_is_named(tmp_path, id, column, value, code, line):
    folder = spoilt(tmp_path, id, cell(column, value, line))
    found = refusal(folder, id)
    assert (code, f"{id}.csv", line, f"{id}.{column}") in found
    assert {entry[2] for entry in found} == {line}


def test_a_column_that_is_wrong_throughout_is_told_in_few_lines(tmp_path):
    def change(rows):
        for line in range(2, len(rows) + 1):
            cell("height_m", "n/a", line)(rows)

    folder = spoilt(tmp_path, "railway_heights", change)
    found = refusal(folder, "railway_heights")
    assert len(found) == 21
    assert found[0][0] == "cell_not_number"
    assert found[-1][0] == "more_rows"


def test_every_fault_of_a_table_comes_at_once(tmp_path):
    def change(rows):
        cell("population", "many", 2)(rows)
        cell("code", "x", 3)(rows)
        cell("population", "-1", 5)(rows)

    found = [(code, line) for code, _, line, _ in refusal(spoilt(tmp_path, PEOPLE, change), PEOPLE)]
    assert found == [("cell_not_whole", 2), ("cell_not_whole", 3), ("cell_out_of_range", 5)]


def as_text(rows, separator=","):
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def twice(rows):
    rows.append(list(rows[1]))


def swapped(rows):
    lon, lat = rows[0].index("lon"), rows[0].index("lat")
    for row in rows[1:]:
        row[lon], row[lat] = row[lat], row[lon]


WHOLE = [
    (PEOPLE, lambda rows: as_text(rows, ";"), "wrong_separator"),
    (PEOPLE, lambda rows: as_text(rows, "\t"), "wrong_separator"),
    (PEOPLE, lambda rows: as_text([[n.upper() for n in rows[0]], *rows[1:]]), "column_not_in_file"),
    (PEOPLE, lambda rows: as_text([*rows, ["1", "2"]]), "row_of_other_length"),
    (PEOPLE, lambda rows: as_text([[*rows[0][:-1], "code"], *rows[1:]]), "column_twice"),
    (PEOPLE, lambda rows: as_text([["", *rows[0][1:]], *rows[1:]]), "column_without_name"),
    (PEOPLE, cell("source", "a" * 200_000), "cell_too_long"),
    (PEOPLE, lambda rows: as_text(rows[:1]), "layer_empty"),
    (PEOPLE, lambda _: "", "layer_empty"),
    (PEOPLE, lambda rows: as_text(rows).encode("cp874"), "not_utf8"),
    (PEOPLE, twice, "row_twice"),
    ("freight_demand", twice, "row_twice"),
    ("coal_units", twice, "row_twice"),
    ("tariffs", twice, "row_twice"),
    ("railway_heights", swapped, "cell_out_of_range"),
    ("resettlement_villages", cell("lat", "", 2), "cells_not_together"),
    ("linehaul_distances", cell("km_low", "9999", 2), "cells_not_rising"),
    ("freight_demand", cell("teu_high", "1", 2), "cells_not_rising"),
    ("coal_units", cell("start_year_be", "1995", 2), "column_not_be"),
]


@pytest.mark.parametrize(("id", "change", "code"), WHOLE)
def test_a_table_that_cannot_be_what_it_is_said_to_be_is_refused(tmp_path, id, change, code):
    if code == "cells_not_together":
        only = change

        def change(rows):
            cell("lon", "99.7")(rows)
            only(rows)

    folder = spoilt(tmp_path, id, change)
    assert code in [found for found, *_ in refusal(folder, id)]


def test_a_code_page_that_is_stated_is_read(tmp_path):
    def change(rows):
        return as_text(rows).encode("cp874")

    folder = spoilt(tmp_path, PEOPLE, change)
    catalog = folder / "catalog.yaml"
    line = f"    path: {PEOPLE}.csv\n"
    write_text(catalog, read_text(catalog).replace(line, f"{line}    encoding: cp874\n"))
    require_sound(read_catalog(folder), [PEOPLE])
    rows = Layers(read_catalog(folder)).table(PEOPLE, POPULATION)
    assert [row["name_th"] for row in rows][:2] == ["บ้านดง", "นาสัก"]


@pytest.mark.parametrize(
    ("id", "schema"),
    [(PEOPLE, POPULATION), ("coal_units", UNITS), ("linehaul_distances", DISTANCES),
     ("railway_heights", HEIGHTS), ("resettlement_villages", VILLAGES)],
)  # fmt: skip
def test_bundled_tables_are_of_their_kind_and_typed(id, schema):
    catalog = read_catalog(LAYERS)
    header, lines = read_csv_lines(catalog.path_of(id))
    assert schema in schemas_of(id, header)
    rows = Layers(catalog).table(id, schema)
    assert len(rows) == len(lines)
    kinds = {"text": str, "number": float, "whole": int, "flag": bool}
    for row, (_, cells) in zip(rows, lines, strict=True):
        for name, written in zip(header, cells, strict=True):
            of = schema.columns.get(name)
            if of is None or (of.type != "text" and not written):
                continue
            assert type(row[name]) is kinds[of.type]
            if of.type in {"text", "flag"}:
                assert str(row[name]).lower() == written.lower()
            else:
                assert row[name] == float(written)


def test_a_column_a_table_may_lack_reads_as_empty(tmp_path):
    def change(rows):
        lost = rows[0].index("source")
        rows[:] = [[*row[:lost], *row[lost + 1 :]] for row in rows]

    layers = Layers(read_catalog(spoilt(tmp_path, "linehaul_distances", change)))
    rows = layers.table("linehaul_distances", DISTANCES)
    assert {row["source"] for row in rows} == {""}


def test_every_kind_of_table_is_found_among_the_bundled_ones():
    catalog = read_catalog(LAYERS)
    tables = [id for id in catalog if catalog[id].kind == "table"]
    found = {id: schemas_of(id, read_csv_lines(catalog.path_of(id))[0]) for id in tables}
    assert all(any(schema in of for of in found.values()) for schema in ALL)


def test_an_unreadable_table_ends_in_words(tmp_path):
    copy = Copy(tmp_path, (PEOPLE,))
    shutil.rmtree(copy.path_of(PEOPLE), ignore_errors=True)
    write_bytes(copy.path_of(PEOPLE), b"\xff\xfe" + "code".encode("utf-16-le"))
    copy.seal(PEOPLE)
    assert sha256_of(copy.path_of(PEOPLE))
    assert [code for code, *_ in refusal(copy.layers, PEOPLE)] == ["not_utf8"]
