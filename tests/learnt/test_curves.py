"""A model is curves of plain numbers that add up."""

import numpy as np

from maemoh_gis.learnt.curves import Curve, Form, Model, columns_of, model_of, ramps_of
from maemoh_gis.learnt.dependence import dependence
from maemoh_gis.learnt.sample import LAND, Measured, Sample

FAR, COVER = Measured("far"), Measured("cover", classed=True)
LINE = Curve(FAR, (0.0, 100.0, 300.0), (2.0, 1.0, -1.0))
CLASSES = Curve(COVER, (1.0, 2.0), (0.5, -0.5), elsewhere=0.25)


def test_a_curve_is_straight_between_its_bends_level_beyond_and_unknown_where_its_measure_is():
    found = LINE.pushes(np.array([-5.0, 50.0, 200.0, 999.0, np.inf, np.nan]))
    np.testing.assert_array_equal(found, [2.0, 1.5, 0.0, -1.0, -1.0, np.nan])


def test_a_class_without_a_value_of_its_own_adds_what_stands_for_the_rest():
    found = CLASSES.pushes(np.array([1.0, 2.0, 9.0, np.nan]))
    np.testing.assert_array_equal(found, [0.5, -0.5, 0.25, np.nan])


def test_pushes_add_up_to_the_likeness_and_one_unknown_measure_leaves_it_unknown():
    model = Model("bent", (LINE, CLASSES))
    cells = np.array([[50.0, 1.0], [300.0, 2.0], [np.nan, 1.0]])
    np.testing.assert_array_equal(model.likeness(cells), [2.0, -1.5, np.nan])
    np.testing.assert_array_equal(model.pushes(cells)[:2].sum(axis=1), [2.0, -1.5])


def sample_of(far, cover):
    values = np.column_stack([far, cover]).astype(float)
    return Sample((FAR, COVER), values, np.full(len(values), LAND), np.zeros(len(values), int))


def test_columns_of_a_regression_give_the_same_as_the_curves_made_of_it():
    """Whatever the slopes: what a regression adds up differs from the curves by a constant."""
    draw = np.random.default_rng(3)
    sample = sample_of(draw.uniform(0, 900, 500), draw.integers(1, 4, 500))
    ramps = ramps_of(sample, Form("bent", (0.25, 0.5, 0.75), 1.0))
    columns = columns_of(ramps, sample.values)
    slopes = draw.normal(size=columns.shape[1])
    apart = model_of(Form("bent", (), 1.0), ramps, slopes, sample.values).likeness(sample.values)
    assert np.ptp(columns @ slopes - apart) < 1e-5
    assert abs(apart.mean()) < 1e-5, "each curve adds nothing to land on average"


def test_a_distance_that_is_not_told_beyond_some_metres_has_its_end_there():
    far = np.concatenate([np.arange(100.0), np.full(900, np.inf)])
    (ramp, _) = ramps_of(sample_of(far, np.ones(1000)), Form("straight", (), 1.0))
    assert ramp.at == (19.0, 99.0)


def test_a_measure_that_is_the_same_everywhere_pushes_nothing():
    sample = sample_of(np.full(50, 7.0), np.ones(50))
    ramps = ramps_of(sample, Form("straight", (), 1.0))
    model = model_of(Form("straight", (), 1.0), ramps, [3.0, 4.0], sample.values)
    assert (model.pushes(sample.values) == 0).all()


def test_a_class_on_next_to_no_land_has_no_value_of_its_own():
    cover = np.array([1] * 600 + [2] * 395 + [3] * 5)
    ramps = ramps_of(sample_of(np.arange(1000.0), cover), Form("straight", (), 1.0))
    assert ramps[1].at == (1.0, 2.0)


def test_dependence_says_how_many_times_as_dense_places_would_be():
    """Half the land pushes by log 3, half by log 1: places are 2 times as dense on average."""
    curve = Curve(COVER, (1.0, 2.0), (float(np.log(3.0)), 0.0))
    sample = sample_of(np.zeros(4), [1, 1, 2, 2])
    model = Model("straight", (Curve(FAR, (0.0, 1.0), (0.0, 0.0)), curve))
    told = {(one.measure.id, one.value): one.times for one in dependence(model, sample)}
    np.testing.assert_allclose(
        [told["cover", 1.0], told["cover", 2.0], told["far", 0.0]], [1.5, 0.5, 1.0]
    )
