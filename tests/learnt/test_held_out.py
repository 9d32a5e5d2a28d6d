"""A planted pattern is found on blocks held out, chance is not taken for one."""

import subprocess
import sys

import numpy as np
import pytest

from maemoh_gis.learnt.curves import FORMS
from maemoh_gis.learnt.fitting import chosen, designs_of, fit, folds_of
from maemoh_gis.learnt.held_out import BANDS, held_out, ranks_elsewhere
from maemoh_gis.learnt.sample import LAND, Measured, Sample
from maemoh_gis.learnt.skill import gain, place_ranks, ranks_among
from tests.learnt import world

FIT = """
import hashlib
from maemoh_gis.learnt.held_out import held_out
from tests.learnt import world
print(hashlib.sha256(repr(held_out(world.sample(), 5, (1,))).encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def sample():
    return world.sample()


@pytest.fixture(scope="module")
def found(sample):
    return held_out(sample, 5, (1,))


def test_a_rank_is_the_share_of_land_that_is_less_alike_equals_by_half():
    land = np.array([1.0, 2.0, 2.0, 5.0])
    ranks = ranks_among(land, np.array([0.0, 2.0, 9.0, np.nan]))
    np.testing.assert_array_equal(ranks, [0.0, 0.5, 1.0, np.nan])


def of_places(likeness_of_places, place, land):
    place = np.array([*place, *[LAND] * len(land)])
    sample = Sample((Measured("x"),), np.zeros((len(place), 1)), place, np.zeros(len(place), int))
    return sample, np.array([*likeness_of_places, *land])


def test_a_place_of_many_cells_has_the_mean_of_their_ranks():
    sample, likeness = of_places([9.0, 0.0, 3.0], [0, 0, 1], [1.0, 2.0, 4.0, 5.0])
    assert place_ranks(sample, likeness).tolist() == [0.5, 0.5]


def test_a_gain_is_the_mean_logarithm_of_how_many_times_as_dense_places_are():
    """Land holds odds of 1 and 3, 2 on average; a place on odds of 4 is twice as dense as land."""
    sample, likeness = of_places(np.log([4.0]), [0], np.log([1.0, 3.0]))
    assert gain(sample, likeness) == pytest.approx(np.log(2.0))


def test_no_block_stands_on_both_sides_and_every_place_is_held_out_once(sample):
    rows = np.arange(len(sample.place))
    folds = folds_of(sample, rows, 5)
    held = np.concatenate([sample.of(held).places for _, held in folds])
    assert sorted(held.tolist()) == sample.places.tolist()
    for kept, held in folds:
        assert not set(sample.block[kept]) & set(sample.block[held])


def test_the_simplest_form_that_blocks_cannot_tell_from_the_best_is_chosen():
    best = np.array([1.0, 2.0, 3.0, 4.0])
    assert chosen([best - 0.5, best - [0.4, -0.4, 0.4, -0.3], best]) == 1
    assert chosen([best, best + 0.1, best]) == 1, "behind by as much in every fold"


def test_a_planted_pattern_is_found_where_it_was_not_learnt(found):
    assert found.mean > 0.9
    assert found.within(0.75) > 0.9
    assert {one.measure.id: one.mean > 0.02 for one in found.importance} == {
        "line": True,
        "noise": False,
        "cover": True,
    }


def test_the_curves_of_a_planted_pattern_fall_with_distance_and_favour_its_class(sample):
    model = fit(designs_of(sample)[1], np.arange(len(sample.place)))
    line, noise, cover = model.curves
    assert line.push[0] - line.push[-1] > 3
    assert abs(noise.push[0] - noise.push[-1]) < 1
    assert max(zip(cover.push, cover.at, strict=True))[1] == 2.0


def test_shares_of_land_and_places_in_bands_add_up_and_agree(found):
    assert [one.upto for one in found.bands] == list(BANDS)
    for shares in zip(*((one.land, one.foretold, one.found) for one in found.bands), strict=True):
        assert sum(shares) == pytest.approx(1.0)
    assert max(abs(one.foretold - one.found) for one in found.bands) < 0.15


def test_the_mean_over_blocks_weighed_by_places_is_the_mean_over_places(found):
    weighed = sum(one.rank * one.places for one in found.blocks)
    assert weighed / sum(one.places for one in found.blocks) == pytest.approx(found.mean, abs=1e-6)


def test_with_places_put_elsewhere_nothing_is_found():
    sample, others = world.on_cells(40, world.FAR_M, times=9)
    elsewhere = ranks_elsewhere(others, 5)
    assert len(elsewhere) == 9
    assert 0.4 < np.mean(elsewhere) < 0.6
    assert max(elsewhere) < held_out(sample, 5, (1,)).mean


@pytest.mark.slow
def test_the_same_comes_with_any_number_of_threads():
    """In processes of their own, as a library reads the number of threads when it is loaded."""
    told = set()
    for threads in ("1", "2"):
        more = {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads, "PATH": ""}
        done = subprocess.run(
            [sys.executable, "-c", FIT], capture_output=True, text=True, check=True, env=more
        )
        told.add(done.stdout)
    assert len(told) == 1


def test_forms_stand_from_the_simplest():
    assert [len(form.bends) for form in FORMS] == sorted(len(form.bends) for form in FORMS)
