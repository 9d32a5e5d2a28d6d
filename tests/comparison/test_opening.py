"""The first sentence of a comparison does not hide that the sites are others."""

from types import SimpleNamespace

import pytest

from maemoh_gis.comparison.land import Overlap
from maemoh_gis.comparison.model import Why
from maemoh_gis.comparison.opening import binding, first_sentence, steps_in_short
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


def steps(*shorts):
    """What is said of the steps of runs whose records tell so."""
    records = [{"year": 2569 + k, "ladder": {"in_short": one}} for k, one in enumerate(shorts)]
    found = SimpleNamespace(
        runs=[SimpleNamespace(record=one) for one in records],
        names=[same(f"run {k}") for k in range(len(shorts))],
    )
    return [one["en"] for one in steps_in_short(found)]


def short(full, *hinge, now=(0, 1)):
    return {"full": same(full), "now": list(now), "hinge": [same(one) for one in hinge]}


def test_what_runs_say_alike_of_steps_and_hinge_is_said_once_and_each_year_of_its_run():
    said = steps(short("step 1 (0 to 2)", "It hinges."), short("step 1 (0 to 2)", "It hinges."))
    assert len(said) == 3
    assert "all runs alike" in said[0]
    assert "step 1 (0 to 2)" in said[0]
    assert said[1].endswith("It hinges.")
    assert said[2].endswith("run 0: step 0 to 1 in 2569; run 1: step 0 to 1 in 2570")


def test_what_they_say_otherwise_is_said_of_each():
    said = steps(short("step 1", "Of road."), short("step 3", "Of rail.", now=(2, 3)))
    assert [one.startswith(f"run {k % 2}: ") for k, one in enumerate(said[:4])] == [True] * 4
    assert "step 3" in said[1]
    assert said[3].endswith("Of rail.")
    assert said[4].endswith("run 1: step 2 to 3 in 2570")


def test_a_record_that_tells_of_no_step_says_nothing():
    found = SimpleNamespace(
        names=[same("a"), same("b")],
        runs=[SimpleNamespace(record={"year": 2569, "ladder": one}) for one in (None, {})],
    )
    assert steps_in_short(found) == []


def test_of_many_runs_the_rest_is_counted():
    said = steps(*[short(f"step {k}") for k in range(5)])
    assert sum(one.startswith("run ") for one in said) == 3
    assert "2" in said[-1].rpartition(";")[2]
