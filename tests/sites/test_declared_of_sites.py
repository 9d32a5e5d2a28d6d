"""What acts say of sites changes what is told of them and nothing that is computed."""

import collections
import csv
import io
import json
import re
import shutil

import geopandas as gpd
import numpy as np
import pytest
import rasterio

from maemoh_gis.ask.explain import assess, explain_at
from maemoh_gis.files import read_text, sha256_of
from maemoh_gis.runs.finished import open_run
from maemoh_gis.runs.project import Project
from maemoh_gis.runs.run import run
from maemoh_gis.sites.declared import of_all_sites
from maemoh_gis.sites.declared_report import acts_of_sites
from maemoh_gis.suitability.declared import ActHere, DeclaredPart
from tests.paths import LAYERS
from tests.suitability.test_declared import an_act

TOLD = re.compile(r"_(declared|acts)(_|$)")
PLANTED = "ป่าไม่มีจริง"


@pytest.fixture(scope="module")
def planted(small_project, tmp_path_factory):
    """Run `small` again with a register in which one made-up park covers all of Mae Mo and no
    reserved forest is left there.
    """
    layers = tmp_path_factory.mktemp("planted") / "layers"
    shutil.copytree(LAYERS, layers)
    file = layers / "forest_acts.csv"
    was = sha256_of(file)
    rows = list(csv.DictReader(io.StringIO(read_text(file))))
    kept = [row for row in rows if not row["code"].startswith("5202")]
    park = next(row for row in rows if row["kind"] == "national_park")
    for code in range(520201, 520206):
        kept.append(park | {"act": "planted", "code": str(code), "forest_th": PLANTED})
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(kept)
    catalog = layers / "catalog.yaml"
    text = catalog.read_text(encoding="utf-8").replace(was, sha256_of(file))
    catalog.write_text(text, encoding="utf-8")
    project = Project(layers, small_project.scenarios)
    return project, run(project, "small", layers.parent / "run", pages=False)


def told_of(folder):
    text = read_text(folder / "acts_by_site.csv").lstrip("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


def sites_of(folder, use):
    return gpd.read_file(folder / "sites.gpkg", layer=f"sites_{use}")


def test_a_planted_register_changes_no_score_and_no_state_of_any_cell(small_run, planted):
    rasters = sorted(path.name for path in small_run.glob("*.tif"))
    assert len(rasters) >= 4
    for name in rasters:
        with rasterio.open(small_run / name) as one, rasterio.open(planted[1] / name) as other:
            assert np.array_equal(one.read(), other.read(), equal_nan=one.dtypes[0] != "uint8")


def test_a_planted_register_changes_of_sites_only_what_is_told(small_run, planted):
    for use in ("container_yard", "green_estate"):
        one, other = sites_of(small_run, use), sites_of(planted[1], use)
        same = [name for name in one.columns if not TOLD.search(name)]
        assert one[same].equals(other[same])
        assert not one.equals(other)
        assert set(other["protected_areas_declared"]) == {"declared"}
        assert other["protected_areas_acts_th"].str.contains(PLANTED).all()


def test_a_planted_register_checks_no_law(small_run, planted):
    one, other = (json.loads(read_text(folder / "run.json")) for folder in (small_run, planted[1]))
    assert one["legal_limits"] == other["legal_limits"]
    assert one["caveats"] == other["caveats"]


def test_a_site_without_an_act_is_never_cleared_by_that(small_run):
    record = json.loads(read_text(small_run / "run.json"))
    assert "protected_areas" in record["legal_limits"]["not_checked"]
    for use in ("container_yard", "green_estate"):
        sites = sites_of(small_run, use)
        without = sites[sites["protected_areas_declared"] == "not_declared"]
        assert len(without)
        assert without["protected_areas_acts_en"].unique().tolist() == [
            "not declared here by the register to B.E. 2564"
        ]
        assert without["subject_to_en"].str.contains("National parks and wildlife").all()


def test_explain_and_assess_tell_the_acts_of_the_place(small_run, small_project, tmp_path):
    opened = open_run(small_run, small_project.catalog())
    (at, *_) = explain_at(opened, 18.296, 99.752)
    by_limit = {part.limit: part for part in at.declared}
    assert list(by_limit) == ["protected_areas", "reserved_forest"]
    assert by_limit["protected_areas"].status == "not_declared"
    forest = by_limit["reserved_forest"]
    assert [name["en"] for name in forest.subdistricts] == ["Mae Mo"]
    assert [here.act.area_rai for here in forest.acts] == [181_913, None]
    square = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy([99.752], [18.296], crs="EPSG:4326").to_crs("EPSG:32647")
    )
    square = square.set_geometry(square.buffer(300))
    square.to_file(tmp_path / "mine.gpkg")
    ((_, (own, *_)),) = assess(opened, tmp_path / "mine.gpkg")
    assert [part.status for part in own.declared] == ["not_declared", "declared"]


def test_explain_says_title_page_and_office_of_each_act(small_run, maemoh):
    code, said, _ = maemoh(
        "explain", small_run, "--at", "18.296,99.752", "--layers", LAYERS, "--lang", "en"
    )
    assert code == 0
    line = next(line for line in said.splitlines() if "181,913 rai" in line)
    assert "12 November B.E. 2550, Royal Gazette vol. 124, issue 79 ก, p. 7-8" in line
    assert "กฎกระทรวงกำหนดให้ป่าแม่เมาะ" in line
    assert line.endswith("Ask: Royal Forest Department")


def of_most_land(folder):
    """Add up the land of sites in subdistricts that each act of a reserved forest names."""
    area = {
        (use, number): land
        for use in ("container_yard", "green_estate")
        for number, land in sites_of(folder, use).set_index("number").geometry.area.items()
    }
    land = collections.Counter()
    for row in told_of(folder):
        if (row["limit"], row["action"]) == ("reserved_forest", "declared"):
            land[row["act"]] += area[row["use"], int(row["number"])] * float(row["share"])
    return max(land, key=land.get)


def test_questions_name_the_act_and_the_office_to_ask_first(small_run, planted):
    def asked(folder):
        text = read_text(folder / "questions.csv").lstrip("\ufeff")
        rows = csv.DictReader(io.StringIO(text))
        return {row["question"]: row for row in rows if row["kind"] == "act"}

    forest = asked(small_run)["reserved_forest"]
    assert (forest["act"], forest["ask_en"]) == (of_most_land(small_run), "Royal Forest Department")
    (title,) = {r["gazette_title"] for r in told_of(small_run) if r["act"] == forest["act"]}
    assert forest["gazette_title"] == title
    park = asked(planted[1])["protected_areas"]
    assert (park["act"], park["name_th"].split()[0]) == ("planted", PLANTED)
    assert "clears none" not in park["note_en"]
    gone = asked(planted[1])["reserved_forest"]
    assert gone["act"] == "" or not gone["act"].startswith("124")


def a_part(*ids):
    acts = tuple(ActHere(an_act(id, 1), (), 1.0) for id in ids)
    return DeclaredPart("forest", "declared", acts, (), 1.0, 2564)


def test_acts_that_name_every_site_do_not_separate_them():
    assert of_all_sites([a_part("a", "b"), a_part("b", "c")]) == {"b"}
    assert of_all_sites([a_part("a"), a_part()]) == set()
    assert of_all_sites([a_part("a")]) == set(), "one site is not told from any other"


class _Files:
    """Stand in for the files of a run."""

    def __init__(self, rows):
        self.rows = rows

    def table(self, _):
        return self.rows


def test_a_report_says_which_acts_do_not_separate_the_sites(planted):
    rows = told_of(planted[1])
    said = [
        block.text["en"]
        for block in acts_of_sites(_Files(rows), "green_estate")
        if hasattr(block, "text")
    ]
    assert (
        "National parks and wildlife sanctuaries: 1 of the 1 acts that name subdistricts of these "
        "sites name those of all of them; they do not separate the sites."
    ) in said
