"""Land of zones counts as reopened by years and papers alone, on a planted world."""

from types import SimpleNamespace

import numpy as np
import pytest
import shapely

from maemoh_gis.core.grid import Grid
from maemoh_gis.engine.stages import StageContext
from maemoh_gis.mcda.values import Piecewise
from maemoh_gis.phase_out.reopened import reopened_stage
from maemoh_gis.scenario.after_use import Rule, Rules
from maemoh_gis.scenario.settings.measure import Measure
from maemoh_gis.scenario.settings.phase_out import Zone
from maemoh_gis.suitability.score_stages import _reached_score

# Six cells of 100 m in a row: an old plant on the first two, a newer one on the next two
# and on the second cell too; a stack known as a point in the fifth.
GRID = Grid("EPSG:32647", 100.0, 0, -1, 1, 6)
SHAPES = {
    "old": [shapely.box(0, 0, 200, 100)],
    "new": [shapely.box(100, 0, 400, 100)],
    "stack": [shapely.Point(450, 50)],
}
PAPERS = ["closure_accepted", "forest_return_or_permit"]
RULES = Rules(
    {"plant": {"estate": Rule({"low": 2, "central": 3, "high": 5}, tuple(PAPERS),
                              only_if_named=False, confidence="ASSUMPTION")}},
    {},
)  # fmt: skip


def zone(layer, ended, *, papers_in=None, **more):
    words = {"th": "ก", "en": "a"}
    basis = []
    if papers_in is not None:
        basis = [{"title": words, "date": f"{papers_in}-01-01", "covers": PAPERS}]
    return Zone.model_validate(
        {
            "title": words,
            "kind": "plant",
            "land_class": "plant",
            "layer": layer,
            "earliest_year": ended,
            "needs": ["forest_return_or_permit"],
            "basis": basis,
            "confidence": "L",
            "source": words,
            **more,
        }
    )


def found(year, *zones, use="estate"):
    named = {str(n): one for n, one in enumerate(zones)}
    scenario = SimpleNamespace(zones=named, year=year, timeline=None, after_use=None)
    layers = SimpleNamespace(
        shapes=lambda layer, *_: np.array(SHAPES[layer], dtype=object), checksum=str
    )
    stage = reopened_stage(use, scenario, RULES)
    return stage.run(StageContext(scenario, layers, GRID), {})[0].tolist()


def same(cells, wanted):
    assert cells == pytest.approx(wanted, nan_ok=True)


NAN = float("nan")


@pytest.mark.parametrize(("year", "open_for"), [(2579, 0), (2582, 0), (2583, 1), (2600, 1)])
def test_land_opens_when_use_has_ended_years_have_passed_and_papers_are_there(year, open_for):
    """Use ends in 2580 and asks for three years; the papers are of 2578."""
    plant = zone("old", 2580, papers_in=2578)
    same(found(year, plant), [open_for, open_for, NAN, NAN, NAN, NAN])


def test_no_year_opens_land_without_its_papers():
    same(found(2650, zone("old", 2580)), [0, 0, NAN, NAN, NAN, NAN])
    late = zone("old", 2580, papers_in=2590)
    same(found(2589, late), [0, 0, NAN, NAN, NAN, NAN])
    same(found(2590, late), [1, 1, NAN, NAN, NAN, NAN])


def test_a_permit_past_its_end_is_no_paper():
    permit = {"title": {"th": "ก", "en": "a"}, "until": 2581}
    same(found(2650, zone("old", 2580, permit=permit)), [0, 0, NAN, NAN, NAN, NAN])


def test_land_that_is_open_for_another_use_is_not_for_this_one():
    plant = zone("old", 2580, papers_in=2578)
    same(found(2600, plant, use="homes"), [0, 0, NAN, NAN, NAN, NAN])


def test_land_of_two_zones_is_open_only_when_both_are():
    old, new = zone("old", 2580, papers_in=2578), zone("new", 2595, papers_in=2578)
    same(found(2590, old, new), [1, 0, 0, 0, NAN, NAN])
    same(found(2600, new, old), [1, 1, 1, 1, NAN, NAN])


def test_a_zone_around_a_point_has_the_cells_within_its_reach():
    around = zone("stack", 2580, papers_in=2578, within_m=100)
    same(found(2600, around), [NAN, NAN, NAN, 1, 1, 1])
    same(found(2600, around.model_copy(update={"within_m": 99.0})), [NAN] * 4 + [1, NAN])


def test_a_zone_without_an_outline_changes_no_cell():
    words = {"th": "ก", "en": "a"}
    same(found(2600, zone(None, 2580, papers_in=2578, outline=words)), [NAN] * 6)


def test_outside_the_register_the_score_is_unknown_and_not_nought():
    numbers = np.array([[1.0, 0.0, np.nan]], dtype=np.float32)
    shape = Piecewise(((0.0, 0.0), (1.0, 1.0)))
    most = np.nan_to_num(numbers, nan=1.0)
    scored = _reached_score(numbers, most, shape, Measure(reopened=True), offered=True)
    assert scored.value[0].tolist() == pytest.approx([1.0, 0.0, NAN], nan_ok=True)
    assert scored.low[0].tolist() == [1.0, 0.0, 0.0]
    assert scored.high[0].tolist() == [1.0, 0.0, 1.0]
