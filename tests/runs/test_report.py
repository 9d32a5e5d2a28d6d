"""The report of a run: whole, the same when made again, honest about what is missing."""

import re
import shutil
from html.parser import HTMLParser

import pytest
import shapely

from maemoh_gis.cli import build_app
from maemoh_gis.core.errors import RunError
from maemoh_gis.core.messages import describe, text
from maemoh_gis.files import read_json, read_text, write_json
from maemoh_gis.runs.report import report_again
from maemoh_gis.runs.run import run
from tests.tiny import SOUTH, WEST, write_project

ARABIC_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


class Pairs(HTMLParser):
    """Gathers the texts that stand in both languages, pair by pair."""

    def __init__(self):
        super().__init__()
        self.pairs, self._texts, self._inside = [], {}, None

    def handle_starttag(self, tag, attrs):
        if tag == "span" and ("class", "both") in attrs:
            self._texts = {}
        elif tag == "bdi":
            self._inside = dict(attrs).get("lang")

    def handle_data(self, data):
        if self._inside:
            self._texts[self._inside] = self._texts.get(self._inside, "") + data

    def handle_endtag(self, tag):
        if tag == "bdi":
            self._inside = None
        elif tag == "span" and self._texts:
            self.pairs.append(self._texts)
            self._texts = {}


def pairs_of(html):
    parser = Pairs()
    parser.feed(html)
    return parser.pairs


def numbers(said):
    # A ruling's date reads 15 ต.ค. in one language and 15 October in the other; order may differ.
    return sorted(re.findall(r"\d[\d,.]*\d|\d", said))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reported")
    project = write_project(
        folder / "project", [shapely.Point(WEST + 3_000, SOUTH + 3_000)], complete="extent"
    )
    return project.catalog(), run(project, "tiny", folder / "tiny")


@pytest.fixture
def copied(made, tmp_path):
    catalog, folder = made
    shutil.copytree(folder, tmp_path / "tiny")
    return catalog, tmp_path / "tiny"


def test_a_report_made_again_has_the_bytes_of_the_run(made, tmp_path):
    catalog, folder = made
    again = report_again(folder, catalog, tmp_path / "again")
    assert again.missing == ()
    written = sorted(path.name for path in (tmp_path / "again").iterdir())
    written.remove("report.json")  # says of which run the folder is
    assert "report.html" in written
    record = read_json(folder / "run.json")
    for name in written:
        assert name in record["outputs"]
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes(), name


def test_numbers_are_equal_in_both_languages(made):
    _, folder = made
    pages = ("report.html", "site_sheets.html", "eco_town.html", "brief_committee.html")
    pairs = [pair for page in pages for pair in pairs_of(read_text(folder / page))]
    assert len(pairs) > 50
    differ = [pair for pair in pairs if numbers(pair["th"]) != numbers(pair["en"])]
    assert differ == []


def test_thai_digits_change_no_number(made, tmp_path):
    catalog, folder = made
    report_again(folder, catalog, tmp_path / "thai", thai_numerals=True)
    pairs = pairs_of(read_text(tmp_path / "thai" / "report.html"))
    assert any(re.search("[๐-๙]", pair["th"]) for pair in pairs)
    differ = [p for p in pairs if numbers(p["th"].translate(ARABIC_DIGITS)) != numbers(p["en"])]
    assert differ == []


def test_the_report_says_what_was_checked_and_what_it_rests_on(made):
    _, folder = made
    html = read_text(folder / "report.html")
    record = read_json(folder / "run.json")
    assert record["caveats"][1]["th"] in html
    assert record["inputs"]["layers"]["things"]["sha256"] in html
    assert "A test" in html  # the caution of the layer
    assert "Candidate site 1" in html


def test_sheets_stand_beside_the_report_and_say_what_is_lacking(made):
    _, folder = made
    sites = read_text(folder / "site_sheets.html")
    assert sites.count('class="sheet dense"') == 2
    assert "The catalog has no table of permits." in sites
    for name in ("eco_town", "smart_city", "villages"):
        sheet = read_text(folder / f"{name}.html")
        assert "the catalog has no table for these sheets" in sheet
        assert "checked on the whole study area" in sheet


def test_a_missing_or_changed_output_is_named_and_the_rest_is_there(copied, tmp_path):
    catalog, folder = copied
    (folder / "score_estate.tif").unlink()
    with (folder / "removed.csv").open("ab") as table:
        table.write(b"spoilt\n")
    found = report_again(folder, catalog, tmp_path / "lighter")
    assert set(found.missing) == {"score_estate.tif", "removed.csv"}
    html = read_text(tmp_path / "lighter" / "report.html")
    assert "This part is missing: score_estate.tif" in html
    assert "This part is missing: removed.csv" in html
    assert "spoilt" not in html
    assert "Candidate site 1" in html


def test_a_record_that_is_not_whole_is_refused(copied, tmp_path):
    catalog, folder = copied
    record = read_json(folder / "run.json")
    del record["weights"]
    write_json(folder / "run.json", record)
    with pytest.raises(RunError) as refused:
        report_again(folder, catalog, tmp_path / "none")
    assert [(f.code, f.found) for f in refused.value.faults] == [("record_lacks", "weights")]
    assert not (tmp_path / "none").exists()


def test_a_finished_run_is_never_written_into(made):
    catalog, folder = made
    with pytest.raises(RunError) as refused:
        report_again(folder, catalog, folder)
    assert refused.value.faults[0].code == "report_into_run"


@pytest.mark.parametrize("language", ["th", "en"])
def test_a_run_without_a_raster_gives_a_lighter_report_or_a_refusal_that_names_it(
    copied, tmp_path, capsys, language
):
    catalog, folder = copied
    shutil.copytree(folder, tmp_path / "whole")
    (folder / "score_estate.tif").unlink()
    layers = ["--layers", str(catalog.folder)]
    app = build_app(language)
    app(["report", str(folder), "--out", str(tmp_path / "lighter"), *layers], standalone_mode=False)
    said = capsys.readouterr().out
    assert text("cli.report_without", language, name="score_estate.tif") in said
    html = read_text(tmp_path / "lighter" / "report.html")
    assert text("report.missing_part", language, file="score_estate.tif") in html
    assert html.count("<section") == html.count("</section>")
    compared = ["compare", str(tmp_path / "whole"), str(folder), "--out", str(tmp_path / "c")]
    with pytest.raises(RunError) as refused:
        app([*compared, *layers], standalone_mode=False)
    assert not (tmp_path / "c").exists()
    told = describe(refused.value.faults[0], language)
    assert "score_estate.tif" in told
    assert text("remedy.run_not_whole", language) in told
