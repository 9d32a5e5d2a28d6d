"""The acts on reserved forests and protected areas, by subdistrict: as published, nothing added."""

import pytest

from maemoh_gis import files
from maemoh_gis.core.errors import LayerError
from pack import forest_acts
from tests.paths import LAYERS, SOURCES

REGISTER = "lampang_forest_park_gazette_register.csv"
OBSERVED = SOURCES / "reference" / "observed" if SOURCES else None
needs_register = pytest.mark.skipif(
    OBSERVED is None or not (OBSERVED / REGISTER).is_file(), reason="the register is not here"
)


@pytest.fixture(scope="module")
def acts():
    return files.read_csv(LAYERS / "forest_acts.csv")


def _of_forest(acts, name, action):
    """Give (area, year, names of subdistricts) of the acts on one forest that do one thing."""
    found = {}
    for row in acts:
        if (row["forest_en"], row["action"]) == (name, action):
            key = (row["area_rai"], row["published_be"][:4])
            found.setdefault(key, set()).add(row["subdistrict_name_en"])
    return found


def test_reserved_forest_was_declared_in_69_of_the_100_subdistricts(acts):
    declared = {
        row["code"]
        for row in acts
        if row["kind"] == "reserved_forest" and row["action"] == "declared"
    }
    subdistricts = set(files.read_vector(LAYERS / "subdistricts.geojson")["code"].astype(str))
    assert len(declared) == 69
    assert len(subdistricts) == 100
    assert declared < subdistricts


def test_the_forests_around_the_mine_are_declared_where_the_gazette_says(acts):
    mae_mo = _of_forest(acts, "Pa Mae Mo", "declared")
    assert mae_mo["181913", "2550"] == {"Ban Dong", "Mae Mo", "Ban Laeng", "Ban Huat"}
    mae_chang = _of_forest(acts, "Pa Mae Chang (Ton Khun)", "declared")
    assert mae_chang == {("215000", "2515"): {"Chang Nuea", "Na Sak"}}


def test_what_was_revoked_around_the_mine_was_revoked_in_part(acts):
    assert _of_forest(acts, "Pa Mae Mo", "revoked_in_part") == {
        ("", "2524"): {"Ban Dong", "Sop Pat"}
    }
    assert _of_forest(acts, "Pa Mae Chang (Ton Khun)", "revoked_in_part") == {
        ("", "2559"): {"Na Sak"}
    }
    assert _of_forest(acts, "Pa Mae Chang", "revoked_in_part") == {("", "2559"): {"Mae Mo"}}
    assert not _of_forest(acts, "Pa Mae Mo", "revoked")


def test_an_act_that_names_no_subdistrict_is_kept_without_one(acts):
    (row,) = [row for row in acts if not row["code"]]
    assert (row["forest_en"], row["action"]) == ("Pa Doi Khun Tan", "revoked")


def test_every_act_stands_on_one_kind_one_office_and_one_page_of_the_gazette(acts):
    told = {}
    for row in acts:
        told.setdefault(row["act"], set()).add(
            (row["kind"], row["office_en"], row["volume"], row["issue"], row["page"])
        )
    assert len(told) == 54
    assert all(len(one) == 1 for one in told.values())


@pytest.mark.parametrize(
    ("title", "named", "kind"),
    [
        (
            "พระราชกฤษฎีกากำหนดบริเวณที่ดินป่าก ในท้องที่ตำบลข ให้เป็นอุทยานแห่งชาติ พ.ศ. ๒๕๑๘",
            "ป่าก",
            "national_park",
        ),
        (
            "ประกาศ กำหนดบริเวณพื้นที่ป่าสงวนแห่งชาติป่าก และอุทยานแห่งชาติขในท้องที่ตำบลค ให้เป็นสวนรุกขชาติ",
            "ป่าก และอุทยานแห่งชาติข",
            "arboretum",
        ),
        ("พระราชกฤษฎีกาขยายเขตรักษาพันธุ์สัตว์ป่า ป่าก ในท้องที่ตำบลข", "ป่าก", "wildlife_sanctuary"),
        ("พระราชกฤษฎีกาเพิกถอนอุทยานแห่งชาติป่าก บางส่วน ในท้องที่ตำบลข", "ป่าก", "national_park"),
    ],
)
def test_a_title_tells_the_land_and_what_it_is_made(title, named, kind):
    assert forest_acts.forest_named(title) == named
    assert forest_acts.kind_of({"kind": "Park", "title_th": title}) == kind


@needs_register
def test_the_layer_is_the_register_in_other_columns(tmp_path, acts):
    (tmp_path / "subdistricts.geojson").write_bytes((LAYERS / "subdistricts.geojson").read_bytes())
    assert forest_acts.build(SOURCES, tmp_path)["forest_acts"]["acts"] == 54
    written = (tmp_path / "forest_acts.csv").read_bytes()
    assert written == (LAYERS / "forest_acts.csv").read_bytes()
    titles = {row["title_th"] for row in files.read_csv(OBSERVED / REGISTER)}
    assert {row["title_th"] for row in acts} == titles


@needs_register
def test_a_title_that_names_no_known_forest_is_refused(tmp_path):
    observed = tmp_path / "reference" / "observed"
    observed.mkdir(parents=True)
    for file in OBSERVED.glob("lampang_*gaz*.csv"):
        text = file.read_text(encoding="utf-8").replace("ป่าแม่ป้าย", "ป่าไม่มีชื่อ")
        (observed / file.name).write_text(text, encoding="utf-8")
    (tmp_path / "subdistricts.geojson").write_bytes((LAYERS / "subdistricts.geojson").read_bytes())
    with pytest.raises(LayerError) as refused:
        forest_acts.build(tmp_path, tmp_path)
    assert {fault.line for fault in refused.value.faults} == {2, 20, 50}
