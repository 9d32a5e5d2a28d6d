"""The first sentence of a comparison does not hide that the sites are others."""

from types import SimpleNamespace

import pytest

from maemoh_gis.comparison.land import Overlap
from maemoh_gis.comparison.model import Why
from maemoh_gis.comparison.opening import binding, first_sentence
from maemoh_gis.core.messages import same

NO_LAND = "No land moves."


def told(sites, *, allowed=10):
    """Two runs of one land, with sites that overlap so, and a ledger that tells of no land."""
    areas = [SimpleNamespace(allowed=n, conditional=0, good=5) for n in (10, allowed)]
    land = SimpleNamespace(runs=(0, 1), areas=areas, overlaps={(0, 1): Overlap(5, 0, 0, 0)})
    use = SimpleNamespace(land=land, site_overlaps={(0, 1): sites})
    found = SimpleNamespace(
        runs=[None, None],
        whys=[Why(same(NO_LAND), None, [], (), [])],
        uses={"yard": use},
        grid=SimpleNamespace(cell_area_m2=1600.0),
        at_least=0.6,
        use_title=lambda _: same("Yard"),
    )
    return first_sentence(found)


@pytest.mark.parametrize(
    ("sites", "share"), [(Overlap(1, 1, 2, 0), 25), (Overlap(999, 1, 0, 0), 99)]
)
def test_where_no_land_moves_sites_that_differ_are_told(sites, share):
    said = told(sites)
    assert said["en"].startswith(NO_LAND)
    assert f"Yard {share} %" in said["en"]
    assert f"Yard {share} %" in said["th"]


@pytest.mark.parametrize("sites", [Overlap(4, 0, 0, 0), Overlap(0, 0, 0, 0)], ids=["same", "none"])
def test_sites_that_are_the_same_are_not(sites):
    assert told(sites)["en"] == NO_LAND


def test_where_land_moves_the_sentence_tells_of_the_land_alone():
    assert told(Overlap(1, 1, 2, 0), allowed=11)["en"] == NO_LAND


def test_what_only_asks_for_a_permit_binds_no_land(tmp_path):
    (tmp_path / "removed.csv").write_text(
        "use,limit,title_th,title_en,outcome,alone_rai\n"
        "yard,trees,ต้นไม้,Trees,conditional,900\n"
        "yard,slope,ชัน,Slope,removed,100\n"
        "yard,all,ทั้งหมด,All,removed,1000\n",
        encoding="utf-8",
    )
    said = binding(tmp_path, {"yard": same("Yard")})["en"]
    assert "Slope" in said
    assert "Trees" not in said
