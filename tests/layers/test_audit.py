"""The audit as a whole: the bundled pack, several faults at once, the page, the rebuild."""

import re
import shutil

import pandas as pd
import pytest

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import describe
from maemoh_gis.files import read_csv, read_text
from maemoh_gis.layers.audit import Report, audit_folder
from maemoh_gis.layers.audit.page import page_of
from maemoh_gis.layers.audit.subject import Subject
from maemoh_gis.layers.audit.table import name_faults
from maemoh_gis.layers.catalog import SOURCES_FILE, read_catalog
from pack.rebuild import described, rebuild, source_faults, write_source_checksums
from tests.defects.planting import CATALOG, Copy
from tests.layers.bundled import same_file
from tests.paths import LAYERS, SOURCES

needs_sources = pytest.mark.skipif(SOURCES is None, reason="the fuller sources are not here")


@pytest.fixture(scope="module")
def bundled() -> Report:
    return audit_folder(LAYERS)


def test_nothing_blocks_in_the_bundled_layers(bundled):
    assert [describe(fault, "en") for fault in bundled.findings if fault.blocks] == []


def test_the_bundled_layers_warn_of_nothing_but_printed_areas(bundled):
    warned = {fault.code for fault in bundled.findings if fault.severity == "warns"}
    assert warned == {"area_not_as_published"}


@pytest.mark.parametrize(("named", "severity"), [(3, "warns"), (1, "notes")])
def test_a_missing_name_is_worth_a_warning_only_where_most_have_one(named, severity):
    catalog = read_catalog(LAYERS)
    subject = Subject("water_bodies", catalog["water_bodies"], catalog.document)
    names = [f"pond {k}" if k < named else None for k in range(4)]
    (fault,) = name_faults(subject, pd.DataFrame({"name_en": names}))
    assert (fault.code, fault.severity) == ("name_missing", severity)


def test_the_area_of_mae_mo_is_reported_beside_the_published_one(bundled):
    (said,) = [
        describe(fault, "en")
        for fault in bundled.findings
        if fault.code == "area_not_as_published" and "Mae Mo:" in describe(fault, "en")
    ]
    assert said.endswith(
        "districts: แม่เมาะ / Mae Mo: the polygon has 687,380 rai, the published area is "
        "599,469 rai (+14.7 %). Show both; measure on the polygon."
    )


def test_all_twelve_road_distances_are_noted(bundled):
    noted = [fault for fault in bundled.findings if fault.code.startswith("road_distance")]
    assert len(noted) == 12
    assert {fault.severity for fault in noted} == {"notes"}


def test_findings_come_in_the_order_of_the_catalog(bundled):
    lines = [fault.line for fault in bundled.findings if fault.line is not None]
    assert lines == sorted(lines)


def test_faults_of_the_catalog_and_of_files_come_together(tmp_path):
    copy = Copy(tmp_path, ("faults", "settlements", "mine"))
    copy.delete_line(CATALOG, "\n  mine:\n", "    licence:")
    copy.delete_line(CATALOG, "\n  faults:\n", "    as_of:")
    copy.path_of("mine").unlink()
    copy.path_of("settlements").write_bytes(b"")
    copy.seal("settlements")
    found = [(fault.key, fault.code) for fault in audit_folder(copy.layers).findings]
    assert found == [
        ("layers.mine.licence", "missing_key"),
        ("mine", "layer_file_absent"),
        ("layers.faults.as_of", "missing_key"),
        ("settlements", "vector_format"),
    ]


def test_a_fault_in_one_column_does_not_hide_the_others(tmp_path):
    copy = Copy(tmp_path, ("settlements",))
    copy.replace(CATALOG, "      moo: ", "en:", new="english:")
    codes = [fault.code for fault in audit_folder(copy.layers).findings]
    assert sorted(codes) == ["missing_key", "unknown_key"]


def test_two_audits_say_the_same(tmp_path):
    copy = Copy(tmp_path, ("settlements", "mine"))
    copy.path_of("mine").unlink()
    assert audit_folder(copy.layers) == audit_folder(copy.layers)


@pytest.mark.parametrize("language", ["th", "en"])
def test_names_out_of_files_cannot_become_markup(language):
    hostile = Fault("name_twice", "layers/catalog.yaml", 3, "villages", found="<script>alert(1)",
                    values={"n": 2, "features": "1, 2"})  # fmt: skip
    page = page_of(Report("layers", 1, (hostile,)), language)
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_page_without_findings_says_so():
    assert "Nothing was found." in page_of(Report("layers", 1, ()), "en")


def test_new_checksums_and_measures_change_only_their_lines(tmp_path):
    copy = Copy(tmp_path, ("settlements", "mine"))
    before = copy.read(CATALOG).splitlines()
    after = described(
        copy.read(CATALOG), {"mine": "a" * 64, "settlements": "b" * 64}, {"mine": {"offset_m": 3.5}}
    ).splitlines()
    assert {line.strip() for line in after if line not in before} == {
        "accuracy: {offset_m: 3.5}",
        f'sha256: "{"a" * 64}"',
        f'sha256: "{"b" * 64}"',
    }


def test_measures_that_did_not_change_stay_as_they_are_written(tmp_path):
    copy = Copy(tmp_path, ("settlements", "mine"))
    catalog = read_catalog(copy.layers)
    checksums = {id: catalog[id].sha256 for id in catalog.with_files}
    measured = {id: catalog[id].accuracy for id in catalog.with_files}
    assert described(copy.read(CATALOG), checksums, measured) == copy.read(CATALOG)


def test_every_number_is_written_so_that_the_strict_reader_takes_it(tmp_path):
    copy = Copy(tmp_path, ("settlements",))
    numbers = {"tiny": 0.00001, "whole": 2.0, "count": 7, "below": -0.37}
    content = described(copy.read(CATALOG), {"settlements": "c" * 64}, {"settlements": numbers})
    copy.write(CATALOG, content)
    assert read_catalog(copy.layers)["settlements"].accuracy == numbers


def test_a_changed_source_is_named(tmp_path):
    sources = tmp_path / "sources"
    (sources / "facts").mkdir(parents=True)
    (sources / "reference").mkdir()
    (sources / "facts" / "districts.csv").write_text("one\n", encoding="utf-8")
    assert write_source_checksums(sources, tmp_path / SOURCES_FILE) == ["facts/districts.csv"]
    (sources / "facts" / "districts.csv").write_text("two\n", encoding="utf-8")
    (fault,) = source_faults(sources, tmp_path / SOURCES_FILE)
    assert describe(fault, "en") == (
        f"{sources}: facts/districts.csv: The source facts/districts.csv is not the one the "
        "accuracy was measured with: checksum 27dd8ed44a83…, expected 2c8b08da5ce6…. "
        "Restore it, or add --any-sources and check the new accuracy."
    )
    assert list(source_faults(sources, tmp_path / SOURCES_FILE, any_sources=True)) == []


@pytest.mark.parametrize("path", ["{th: x}", "[a]", "1", "null", "true"])
def test_an_entry_whose_path_is_no_text_is_a_fault_and_stops_no_audit(tmp_path, path):
    (tmp_path / "catalog.yaml").write_text(f"version: 1\nlayers:\n  a: {{path: {path}}}\n")
    report = audit_folder(tmp_path)
    assert "layers.a.path" in {fault.key for fault in report.findings if fault.blocks}


@needs_sources
def test_the_list_of_sources_is_up_to_date(tmp_path):
    write_source_checksums(SOURCES, tmp_path / SOURCES_FILE)
    assert read_csv(tmp_path / SOURCES_FILE) == read_csv(LAYERS / SOURCES_FILE)


@needs_sources
@pytest.mark.slow
def test_a_rebuild_from_the_listed_sources_alone_gives_the_same_bytes(tmp_path):
    sources, out = tmp_path / "sources", tmp_path / "layers"
    for row in read_csv(LAYERS / SOURCES_FILE):
        (sources / row["file"]).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SOURCES / row["file"], sources / row["file"])
    written = rebuild(sources, out, described_in=LAYERS)
    assert written == list(read_catalog(LAYERS).with_files)
    committed = {path.name for path in LAYERS.iterdir() if path.suffix != ".md"}
    assert {path.name for path in out.iterdir()} == committed
    for name in committed - {"catalog.yaml"}:
        assert same_file(out / name, LAYERS / name), name
    # Checksums of rasters depend on the GDAL that wrote them; all else is the same to the letter.
    checksum = re.compile(r'sha256: "[0-9a-f]{64}"')
    texts = [read_text(folder / "catalog.yaml") for folder in (out, LAYERS)]
    assert checksum.sub("", texts[0]) == checksum.sub("", texts[1])


def test_a_failed_rebuild_leaves_the_layers_as_they_were(tmp_path):
    copy = Copy(tmp_path, ("settlements",))
    copy.write(f"layers/{SOURCES_FILE}", f"file,sha256\nfacts/one.csv,{'0' * 64}\n")
    before = {path.name: path.read_bytes() for path in copy.layers.iterdir()}
    with pytest.raises(LayerError):
        rebuild(tmp_path, copy.layers)
    assert {path.name: path.read_bytes() for path in copy.layers.iterdir()} == before
