"""Every rectangle that fits has its bed told, the best first, and no more than can be afforded."""

import numpy as np
import pytest

from maemoh_gis.earthworks import stages
from maemoh_gis.earthworks.stages import bed_at, rectangle_of
from maemoh_gis.scenario.settings.yard import OwnBed
from maemoh_gis.yards.bed import Bed, platforms
from maemoh_gis.yards.fit import find_yards
from tests.near_misses.beside_line import CRS, NEEDS, world

OWN = OwnBed(heights="heights", basis="ASSUMPTION: a test")


@pytest.fixture(scope="module")
def search():
    made = world()
    return find_yards(made.line, made.land, made.needs, heights=made.heights, around=made.around)


def sloping(error_m):
    """Ground that rises away from the line by one in a hundred."""

    def ground(grid):
        rise = np.broadcast_to(0.01 * grid.y[:, np.newaxis], grid.shape)
        return rise, np.full(grid.shape, error_m)

    return Bed(ground, OWN.most_permille, 0.0, OWN.surveyed_within_m)


def beds(search, error_m):
    return [
        bed_at(at, platforms(sloping(error_m), rectangle_of(at.shape), CRS, NEEDS.cell_m)[0], OWN)
        for at in stages._of_rectangles(search)
    ]


def test_a_rectangle_is_told_by_its_number_its_place_and_its_earth(search):
    told = beds(search, 0.01)
    assert len(search.fits) > 1
    assert [bed.rectangle for bed in told] == list(search.fits["rank"])
    assert [bed.place_km for bed in told] == pytest.approx(list(search.fits["chainage_km"]))
    assert ["left" if bed.side > 0 else "right" for bed in told] == list(search.fits["side"])
    for bed in told:
        # Half of what lies above the middle goes below it: 0.01 x 250 m / 4 over the whole yard.
        assert bed.platform.depth_m[1] == pytest.approx(0.01 * 250.0 / 4.0, rel=0.01)
        assert (bed.kind, bed.surveyed) == ("medium", True)


def test_heights_too_coarse_leave_every_rectangle_a_question(search):
    assert {(bed.kind, bed.surveyed) for bed in beds(search, 24.0)} == {("cannot_be_told", False)}


def test_no_more_rectangles_are_told_than_can_be_afforded(search, monkeypatch):
    monkeypatch.setattr(stages, "MOST_RECTANGLES", 1)
    assert [bed.rectangle for bed in beds(search, 24.0)] == [1]
