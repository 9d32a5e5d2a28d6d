"""The verbs `layers list`, `show` and `audit` at the command line, and the builders beside them."""

import json
import sys

import pytest

from maemoh_gis import cli
from pack.__main__ import main as builders
from tests.defects.planting import CATALOG, Copy
from tests.paths import LAYERS


@pytest.fixture
def run(capsys):
    """Run a command line; give exit code, answer and error stream."""

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["maemoh-gis", "--lang", "en", *map(str, arguments)])
            with pytest.raises(SystemExit) as stop:
                cli.main()
        said = capsys.readouterr()
        return stop.value.code, said.out, said.err

    return run


@pytest.fixture
def copy(tmp_path) -> Copy:
    return Copy(tmp_path, ("settlements", "mine"))


def test_list_gives_one_line_a_layer(run, copy):
    code, out, _ = run("layers", "list", "--layers", copy.layers)
    assert code == 0
    assert [line.split(":")[0] for line in out.splitlines()] == ["mine", "settlements"]


def test_list_as_json_gives_ids_titles_and_trust(run, copy):
    _, out, _ = run("layers", "list", "--layers", copy.layers, "--json")
    first = json.loads(out)[0]
    assert set(first) == {"id", "title", "kind", "nature", "confidence", "as_of", "licence"}
    assert first["id"] == "mine"


def test_list_speaks_thai_when_asked(run, copy):
    _, out, _ = run("layers", "list", "--layers", copy.layers, "--lang", "th")
    assert "ความน่าเชื่อถือ" in out


def test_show_says_caution_source_and_columns(run, copy):
    code, out, _ = run("layers", "show", "settlements", "--layers", copy.layers)
    assert code == 0
    assert "\nSource: " in out
    assert "\nColumns:\n  name_th: " in out


def test_show_as_json_gives_the_whole_entry(run, copy):
    _, out, _ = run("layers", "show", "mine", "--layers", copy.layers, "--json")
    entry = json.loads(out)
    assert entry["id"] == "mine"
    assert entry["path"] == "mine.geojson"
    assert set(entry["title"]) == {"th", "en"}


def test_show_names_the_nearest_layer(run, copy):
    code, _, err = run("layers", "show", "mines", "--layers", copy.layers)
    assert code == 2
    assert "Did you mean mine?" in err


def test_audit_of_sound_layers_ends_with_0(run, copy):
    code, out, _ = run("layers", "audit", "--layers", copy.layers)
    assert code == 0
    assert out == "2 layers: 0 errors, 0 warnings, 0 notes.\n"


def test_audit_of_spoiled_layers_ends_with_1(run, copy):
    copy.path_of("mine").unlink()
    code, out, _ = run("layers", "audit", "--layers", copy.layers)
    assert code == 1
    assert out.splitlines()[-1] == "2 layers: 1 errors, 0 warnings, 0 notes."


def test_audit_as_json_gives_every_finding(run, copy):
    copy.path_of("mine").unlink()
    code, out, _ = run("layers", "audit", "--layers", copy.layers, "--json")
    report = json.loads(out)
    assert code == 1
    assert (report["ok"], report["layers"], report["blocks"]) == (False, 2, 1)
    (finding,) = report["findings"]
    assert finding["code"] == "layer_file_absent"
    assert finding["line"] == copy.line(CATALOG, "path: mine.geojson")
    assert finding["message"].startswith(f"layers/catalog.yaml:{finding['line']}: mine: ")


def test_audit_writes_a_page_that_asks_nothing_of_the_network(run, copy, tmp_path):
    copy.path_of("mine").unlink()
    run("layers", "audit", "--layers", copy.layers, "--html", tmp_path / "audit.html")
    page = (tmp_path / "audit.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in page
    assert "The file mine.geojson is not there." in page
    assert "http" not in page
    assert "<script" not in page


def test_audit_without_a_catalog_cannot_be_done(run, tmp_path):
    code, out, err = run("layers", "audit", "--layers", tmp_path)
    assert (code, out) == (2, "")
    assert "There is no such file" in err


def test_rebuild_without_its_sources_names_every_missing_one(copy, tmp_path, capsys, monkeypatch):
    rows = ["file,sha256", f"facts/one.csv,{'0' * 64}", f"reference/two.tif,{'0' * 64}"]
    copy.write("layers/sources.csv", "\n".join(rows) + "\n")
    before = copy.read(CATALOG)
    asked = ["pack", "--layers", str(copy.layers), "--sources", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", asked)
    assert builders() == 2
    err = capsys.readouterr().err
    assert "facts/one.csv is not in the folder" in err
    assert "reference/two.tif is not in the folder" in err
    assert copy.read(CATALOG) == before


def test_the_bundled_catalog_can_be_listed(run):
    code, out, _ = run("layers", "list", "--layers", LAYERS)
    assert code == 0
    assert any(line.startswith("districts: ") for line in out.splitlines())


def test_checksum_gives_what_the_catalog_must_say(run, copy):
    stated = next(
        line.split('"')[1]
        for line in (copy.layers / "catalog.yaml").read_text(encoding="utf-8").splitlines()
        if "sha256" in line
    )
    code, out, _ = run("layers", "checksum", copy.path_of("mine"))
    assert code == 0
    assert out.strip() == stated
    code, _, err = run("layers", "checksum", copy.layers / "absent.shp")
    assert code == 2
    assert "There is no such file" in err
