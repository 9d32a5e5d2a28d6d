"""A site has one number, one name and one range of scores in every file that tells of it."""

import html
import json
import re

import geopandas as gpd
import pytest

from maemoh_gis.files import read_csv, read_text

LANGUAGES = ("th", "en")
TAG = re.compile(r"<[^>]+>")


@pytest.fixture(scope="module")
def sites(small_run):
    layers = gpd.list_layers(small_run / "sites.gpkg")["name"]
    frames = [gpd.read_file(small_run / "sites.gpkg", layer=layer) for layer in layers]
    found = [row for frame in frames for row in frame.to_dict("records")]
    assert len(found) > 1
    return found


def data_of(page):
    """Give what the script of the map page takes."""
    body = read_text(page).partition('<script type="application/json" id="data">')[2]
    return json.loads(body.partition("</script>")[0])


def in_language(text, language):
    return text if isinstance(text, str) else text[language]


def words_of(page, language):
    """Give what a page says in one language, with plain spaces."""
    other = next(code for code in LANGUAGES if code != language)
    body = re.sub(rf'<(bdi|text|span) lang="{other}"[^>]*>.*?</\1>', " ", read_text(page),
                  flags=re.DOTALL)  # fmt: skip
    return " ".join(html.unescape(TAG.sub(" ", body)).split())


def ends(site):
    return f"{site['score_low']:.2f}–{site['score_high']:.2f}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_map_names_and_numbers_sites_as_the_package_does(sites, small_run, language):
    shown = {
        (use["id"], in_language(site["rank"], language)): site
        for use in data_of(small_run / "map.html")["uses"]
        for site in use["sites"]
    }
    assert len(shown) == len(sites)
    for site in sites:
        drawn = shown[site["use"], str(site["number"])]
        assert in_language(drawn["name"], language) == site[f"name_{language}"]
        assert site[f"near_{language}"] in [in_language(line, language) for line in drawn["lines"]]
        assert any(ends(site) in in_language(line, language) for line in drawn["lines"] if line)
        assert site[f"place_{language}"] in site[f"name_{language}"]
        assert re.search(rf"\b{site['number']}\b", site[f"name_{language}"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["report.html", "site_sheets.html"])
def test_report_and_sheets_do_too(sites, small_run, page, language):
    words = words_of(small_run / page, language)
    for site in sites:
        assert site[f"name_{language}"] in words
        assert ends(site) in words
        if page == "site_sheets.html":
            assert site[f"near_{language}"] in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_committee_reads_of_the_subdistricts_they_lie_in(sites, small_run, language):
    """The brief lists subdistricts by the numbers of their sites; each site's own is among them."""
    words = words_of(small_run / "brief_committee.html", language)
    for site in sites:
        subdistrict = re.split(r" อ\.|, ", site[f"place_{language}"])[0]
        keys = re.findall(rf"{re.escape(subdistrict)} \(([\d, ]+)\)", words)
        assert any(str(site["number"]) in key.split(", ") for key in keys), site["name_en"]


def test_tables_number_them_alike(sites, small_run):
    numbers = {(site["use"], str(site["number"])) for site in sites}
    told = {
        (row["use"], row["number"])
        for row in read_csv(small_run / "exposure.csv")
        if row["kind"] == "site"
    }
    assert told == numbers


@pytest.fixture(scope="module")
def pieces(small_compared):
    """The sites of a comparison as its table names them, by use and number of the comparison."""
    rows = [row for row in read_csv(small_compared / "pieces.csv") if row["kind"] == "site"]
    return {(row["use"], int(row["piece"].rpartition("-")[2])): row for row in rows}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_comparison_names_sites_by_the_places_of_the_package(
    sites, pieces, small_compared, language
):
    """Of a run and itself every site is one of the comparison; page, table and package agree."""
    assert len(pieces) == len(sites)
    shown = {
        piece["id"]: in_language(piece["name"], language)
        for use in data_of(small_compared / "comparison.html")["uses"]
        for piece in use["pieces"]
    }
    packed = {}
    for layer in gpd.list_layers(small_compared / "pieces.gpkg")["name"]:
        packed |= {
            row["piece"]: row[f"name_{language}"]
            for row in gpd.read_file(small_compared / "pieces.gpkg", layer=layer).to_dict("records")
        }
    for row in pieces.values():
        name, near = row[f"name_{language}"], row[f"near_{language}"]
        assert shown[row["piece"]] == f"{name} {near}"
        assert packed[row["piece"]] == name
    for site in sites:
        told = [row for row in pieces.values() if row["use"] == site["use"]]
        rank = f"small: {site['number']}"
        mine = [row for row in told if rank in row["found_by_with_rank"].split(", ")]
        # A piece has a row for each run.
        assert len(mine) == 1
        assert site[f"place_{language}"] in mine[0][f"name_{language}"]
        assert mine[0][f"near_{language}"] == site[f"near_{language}"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_brief_of_a_comparison_keys_them_by_its_own_numbers(pieces, small_compared, language):
    words = words_of(small_compared / "brief_committee.html", language)
    for (_, number), row in pieces.items():
        place = row[f"name_{language}"].partition("(")[2].rpartition(")")[0]
        keys = re.findall(rf"{re.escape(place)} \(([\d, ]+)\)", words)
        assert any(str(number) in key.split(", ") for key in keys), row["name_en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_brief_and_record_of_a_comparison_open_with_the_same_words(small_compared, language):
    """What moved, the step with its range, and what that hinges on."""
    record = json.loads(read_text(small_compared / "compare.json"))
    opening = [record["first"][language], *(one[language] for one in record["steps"])]
    assert len(opening) >= 3
    for page in ("comparison.html", "brief_committee.html"):
        words = words_of(small_compared / page, language)
        assert [" ".join(one.split()) in words for one in opening] == [True] * len(opening), page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_range_of_the_step_is_the_same_in_map_brief_report_and_record(small_run, language):
    short = json.loads(read_text(small_run / "run.json"))["ladder"]["in_short"]
    full = " ".join(short["full"][language].split())
    assert re.search(r"\d", full)
    for page in ("map.html", "brief_committee.html", "report.html"):
        assert full in words_of(small_run / page, language), page
