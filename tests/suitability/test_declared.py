"""Acts name subdistricts, never a line: what they say of land, and what they never say."""

import dataclasses
import re

import numpy as np
import pytest
import shapely

from maemoh_gis.core.messages import LANGUAGES
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.layers.load import Layers
from maemoh_gis.scenario.settings.limit import Limit
from maemoh_gis.suitability.declared import Act, Register, register_of
from maemoh_gis.suitability.declared_words import act_words, date_words, part_words
from tests.paths import LAYERS

CRS = "EPSG:32647"
TITLE = {"th": "ป่าสงวน", "en": "Reserved forest"}
LIMIT = {
    "title": TITLE,
    "ground": "law",
    "basis": {"th": "ก", "en": "a"},
    "outcome": "conditional",
    "needs": {"th": "แนวเขต", "en": "its line"},
}


def an_act(id, *codes, action="declared", year="2550"):
    return Act(
        id=id,
        kind="reserved_forest",
        action=action,
        published_be=f"{year}-11-12",
        volume="124",
        issue="79 ก",
        page="7-8",
        forest={"th": "ป่าก", "en": "Pa Ko"},
        area_rai=181913.0,
        office={"th": "กรมป่าไม้", "en": "Royal Forest Department"},
        title_th="กฎกระทรวง",
        codes=codes,
    )


def register(*acts):
    """Give acts on two squares of a kilometre: Left with the code 1, Right with the code 2."""
    names = ({"th": "ซ้าย", "en": "Left"}, {"th": "ขวา", "en": "Right"})
    squares = [shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)]
    shapes = np.array(squares, dtype=object)
    return Register("forest", acts, 2564, (1, 2), names, shapes)


@pytest.fixture(scope="module")
def bundled():
    """Give the acts on reserved forest of the bundled layer, and the land of each subdistrict."""
    layers = Layers(read_catalog(LAYERS))
    told = {"layer": "forest_acts", "where": {"kind": "reserved_forest"}, "areas": "subdistricts"}
    found = register_of("forest", Limit(**LIMIT, declared_in=told), layers, CRS)
    return found, dict(zip(found.codes, found.shapes, strict=True))


def test_land_in_two_subdistricts_is_told_the_acts_of_both_and_its_share_in_each():
    land = shapely.box(700, 0, 1100, 100)
    part = register(an_act("one", 1), an_act("both", 1, 2), an_act("far", 9)).on(land)
    assert part.status == "declared"
    assert [(here.act.id, here.share) for here in part.acts] == [("one", 0.75), ("both", 1.0)]
    assert [name["en"] for name in part.acts[0].subdistricts] == ["Left"]
    assert part.share == 1.0


def test_a_subdistrict_without_an_act_is_not_declared_and_never_clear():
    part = register(an_act("one", 1)).on(shapely.box(1500, 0, 1600, 100))
    assert (part.status, part.acts, part.share) == ("not_declared", (), 0.0)
    said = part_words(part, TITLE)
    assert said["en"] == (
        "Reserved forest: not declared here by the register, which ends in B.E. 2564 and names no "
        "act for Right. Whether it holds is not known."
    )
    assert "ยังไม่ทราบ" in said["th"]


def test_land_in_no_subdistrict_is_told_nothing():
    part = register(an_act("one", 1)).on(shapely.box(5000, 0, 5100, 100))
    assert part.status == "no_subdistrict"
    assert "tell nothing of it" in part_words(part, TITLE)["en"]


@pytest.mark.parametrize("action", ["revoked", "revoked_in_part"])
def test_what_was_revoked_stays_declared_and_is_not_free(action):
    land = shapely.box(0, 0, 100, 100)
    part = register(an_act("one", 1), an_act("two", 1, action=action)).on(land)
    assert part.status == "declared"
    assert "revoked land is not free" in part_words(part, TITLE)["en"]
    assert "revoked" not in part_words(register(an_act("one", 1)).on(land), TITLE)["en"]
    # A revocation alone says that some was declared; what is left of it nobody knows.
    assert register(an_act("two", 1, action=action)).on(land).status == "declared"


@pytest.mark.parametrize("acts", [(), (an_act("a", 1),), (an_act("a", 1, action="revoked"),)])
def test_no_sentence_says_that_land_is_clear(acts):
    for x in (100, 1500, 5000):
        said = part_words(register(*acts).on(shapely.box(x, 0, x + 10, 10)), TITLE)
        assert "not known" in said["en"] or "nothing" in said["en"]
        assert not re.search(r"\b(is clear|is free|outside|no limit)\b", said["en"])
        assert "ไม่ทราบ" in said["th"] or "บอกไม่ได้" in said["th"]


def test_an_act_is_named_by_land_date_page_and_area():
    assert act_words(an_act("a", 1)) == {
        "en": "Pa Ko: declared reserved forest, 12 November B.E. 2550, Royal Gazette vol. 124, "
        "issue 79 ก, p. 7-8, 181,913 rai",
        "th": "ป่าก ประกาศเป็นป่าสงวนแห่งชาติ เมื่อ 12 พฤศจิกายน พ.ศ. 2550 ราชกิจจานุเบกษา เล่ม 124 "
        "ตอนที่ 79 ก หน้า 7-8 เนื้อที่ 181,913 ไร่",
    }
    without = dataclasses.replace(an_act("a", 1), area_rai=None, kind="marsh")
    assert act_words(without)["en"].startswith("Pa Ko: declared marsh, ")
    assert "rai" not in act_words(without)["en"]


@pytest.mark.parametrize("written", ["", "2550", "2550-13-01", "12 Nov 2550"])
def test_a_date_that_is_none_stays_as_it_is_written(written):
    assert date_words(written) == dict.fromkeys(LANGUAGES, written)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (
            520201,
            {
                ("Pa Mae Mo", "declared", "2510"),
                ("Pa Mae Ta and Pa Mae Mai", "declared", "2518"),
                ("Pa Mae Mo", "revoked_in_part", "2524"),
                ("Pa Mae Mo", "declared", "2550"),
            },
        ),
        (
            520202,
            {
                ("Pa Mae Chang (Ton Khun)", "declared", "2515"),
                ("Pa Mae Chang (Ton Khun)", "revoked_in_part", "2559"),
            },
        ),
        (
            520203,
            {
                ("Pa Mae Chang (Ton Khun)", "declared", "2515"),
                ("Pa Mae Ngao Fang Khwa", "declared", "2518"),
            },
        ),
        (520204, {("Pa Mae Mo", "declared", "2550"), ("Pa Mae Chang", "revoked_in_part", "2559")}),
        (520205, {("Pa Mae Mo", "revoked_in_part", "2524")}),
    ],
)
def test_the_five_subdistricts_of_mae_mo(bundled, code, told):
    found, land = bundled
    part = found.on(land[code].buffer(-500))
    acts = {(h.act.forest["en"], h.act.action, h.act.published_be[:4]) for h in part.acts}
    assert acts == told
    assert part.status == "declared"


def test_the_forests_of_mae_mo_have_their_areas_and_subdistricts(bundled):
    by_area = {act.area_rai: act for act in bundled[0].acts if act.area_rai}
    assert set(by_area[181_913].codes) == {520201, 520204, 520109, 520509}
    assert set(by_area[215_000].codes) == {520202, 520203}


def test_the_register_names_seventy_of_the_hundred_subdistricts(bundled):
    # 69 in which one was declared, and Sop Pat, of which only a revocation in part is known.
    assert (bundled[0].named().sum(), len(bundled[0].codes)) == (70, 100)
