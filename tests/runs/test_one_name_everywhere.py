"""A site has one number, one name and one range of scores in every file that tells of it."""

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
    return " ".join(TAG.sub(" ", body).split())


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
