"""Combining at every cell: within bounds, true to the papers, and unknown stays unknown."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from maemoh_gis.core.errors import FormatError, GridError
from maemoh_gis.mcda import aggregate
from maemoh_gis.mcda.aggregate import (
    fuzzy_gamma,
    ordered_weighted_average,
    weighted_product,
    weighted_sum,
)
from maemoh_gis.mcda.combine import CriterionScore
from maemoh_gis.mcda.order_weights import quantifier_of_order_weights, quantifier_of_orness

shares = st.floats(0, 1, width=32)
weights = st.floats(0.01, 10)
parts = st.lists(st.tuples(weights, shares), min_size=1, max_size=6)
METHODS = {
    "sum": weighted_sum,
    "product": weighted_product,
    "cautious": lambda c, s: ordered_weighted_average(c, s, quantifier_of_orness(0.2)),
    "hopeful": lambda c, s: ordered_weighted_average(c, s, quantifier_of_orness(0.8)),
    "worst": lambda c, s: ordered_weighted_average(c, s, quantifier_of_orness(0)),
    "best": lambda c, s: ordered_weighted_average(c, s, quantifier_of_orness(1)),
    "gamma": lambda c, s: fuzzy_gamma(c, s, 0.7),
    "fuzzy_product": lambda c, s: fuzzy_gamma(c, s, 0),
    "fuzzy_sum": lambda c, s: fuzzy_gamma(c, s, 1),
}
MEANS = [name for name in METHODS if name not in ("gamma", "fuzzy_product", "fuzzy_sum")]


def cell(value):
    return np.array([[value]], dtype=np.float32)


def criteria(pairs):
    return [(weight, CriterionScore(cell(score))) for weight, score in pairs]


def one(method, pairs):
    return float(method(criteria(pairs), (1, 1)).value[0, 0])


def owa(pairs, order_weights):
    quantifier = quantifier_of_order_weights(order_weights, len(pairs))
    return one(lambda c, s: ordered_weighted_average(c, s, quantifier), pairs)


def slowly(method, pairs):
    """Combine pairs of weight and score by the formula, one number at a time."""
    total = sum(weight for weight, _ in pairs)
    if method == "sum":
        return sum(weight * score for weight, score in pairs) / total
    if method == "product":
        return math.prod(score ** (weight / total) for weight, score in pairs)
    if method in ("gamma", "fuzzy_product", "fuzzy_sum"):
        gamma = {"gamma": 0.7, "fuzzy_product": 0, "fuzzy_sum": 1}[method]
        powers = [weight / total * len(pairs) for weight, _ in pairs]
        product = math.prod(s**p for p, (_, s) in zip(powers, pairs, strict=True))
        none = math.prod((1 - s) ** p for p, (_, s) in zip(powers, pairs, strict=True))
        return product ** (1 - gamma) * (1 - none) ** gamma
    ordered = sorted(pairs, key=lambda pair: -pair[1])
    if method == "worst":
        return ordered[-1][1]
    exponent = {"cautious": 4, "hopeful": 0.25, "best": 0}[method]
    running = np.cumsum([weight for weight, _ in ordered]) / total
    rises = np.diff(running**exponent, prepend=0)
    return float(sum(rises * [score for _, score in ordered]))


@pytest.mark.parametrize("method", METHODS)
def test_maps_agree_with_the_formula_at_every_cell_whatever_is_unknown(method, monkeypatch):
    # Strips of two rows, so that the last one is shorter.
    monkeypatch.setattr(aggregate, "_STRIP_CELLS", 14)
    random = np.random.default_rng(1)
    shape = (5, 7)
    stack = random.random((4, *shape), dtype=np.float32)
    stack[random.random(stack.shape) < 0.2] = np.nan
    given_weights = [3.0, 1.0, 0.5, 2.0]
    score = METHODS[method](
        [(w, CriterionScore(layer)) for w, layer in zip(given_weights, stack, strict=True)], shape
    )
    for row, col in np.ndindex(shape):
        here = [(w, float(s)) for w, s in zip(given_weights, stack[:, row, col], strict=True)]
        known = [(w, s) for w, s in here if not math.isnan(s)]
        low = slowly(method, [(w, 0.0 if math.isnan(s) else s) for w, s in here])
        high = slowly(method, [(w, 1.0 if math.isnan(s) else s) for w, s in here])
        value = min(max(slowly(method, known), low), high) if known else math.nan
        found = [float(a[row, col]) for a in (score.low, score.value, score.high)]
        assert found == pytest.approx([low, value, high], abs=2e-6, nan_ok=True)
        share = sum(w for w, _ in known) / sum(given_weights)
        assert score.scored_share[row, col] == pytest.approx(share)


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=40, deadline=None)
@given(pairs=parts, factor=st.floats(0.1, 9))
def test_scaling_all_weights_changes_nothing(method, pairs, factor):
    scaled = [(weight * factor, score) for weight, score in pairs]
    assert one(METHODS[method], scaled) == pytest.approx(one(METHODS[method], pairs), abs=1e-5)


@pytest.mark.parametrize("method", MEANS)
@settings(max_examples=40, deadline=None)
@given(pairs=parts)
def test_a_mean_lies_between_the_lowest_and_the_highest_part(method, pairs):
    scores = [score for _, score in pairs]
    assert min(scores) - 1e-6 <= one(METHODS[method], pairs) <= max(scores) + 1e-6


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=40, deadline=None)
@given(pairs=parts)
def test_every_score_lies_within_0_and_1(method, pairs):
    assert 0 <= one(METHODS[method], pairs) <= 1


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=40, deadline=None)
@given(pairs=parts, better=shares, at=st.integers(0, 5))
def test_a_better_part_never_lowers_the_score(method, pairs, better, at):
    at %= len(pairs)
    weight, score = pairs[at]
    assume(better >= score)
    improved = [*pairs[:at], (weight, better), *pairs[at + 1 :]]
    assert one(METHODS[method], improved) >= one(METHODS[method], pairs) - 1e-6


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=40, deadline=None)
@given(pairs=parts, idle=shares)
def test_a_criterion_of_no_weight_changes_nothing(method, pairs, idle):
    with_idle = one(METHODS[method], [*pairs, (0.0, idle)])
    assert with_idle == pytest.approx(one(METHODS[method], pairs), abs=1e-6)


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=40, deadline=None)
@given(pairs=parts, order=st.randoms(use_true_random=False))
def test_the_order_of_the_criteria_does_not_matter(method, pairs, order):
    mixed = order.sample(pairs, len(pairs))
    assert one(METHODS[method], mixed) == pytest.approx(one(METHODS[method], pairs), abs=1e-5)


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=40, deadline=None)
@given(known=shares, a=shares, b=shares, within=st.floats(0, 1))
def test_the_interval_holds_the_score_of_everything_the_facts_allow(method, known, a, b, within):
    low, high = min(a, b), max(a, b)
    unknown = CriterionScore(cell(np.nan), cell(low), cell(high))
    score = METHODS[method]([(2, CriterionScore(cell(known))), (1, unknown)], (1, 1))
    truth = one(METHODS[method], [(2, known), (1, low + within * (high - low))])
    assert score.low[0, 0] - 1e-6 <= truth <= score.high[0, 0] + 1e-6
    assert score.low[0, 0] <= score.value[0, 0] <= score.high[0, 0]


@pytest.mark.parametrize("method", METHODS)
def test_nothing_scored_is_not_a_number_and_anything_is_possible(method):
    score = METHODS[method]([(1, CriterionScore(None))], (1, 1))
    assert np.isnan(score.value).all()
    assert (score.low[0, 0], score.high[0, 0], score.scored_share[0, 0]) == (0, 1, 0)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(weights, shares | st.just(math.nan)), min_size=1, max_size=6))
def test_the_weighted_sum_is_the_mean_over_what_is_scored(pairs):
    ours = weighted_sum(criteria(pairs), (1, 1))
    scored = [(weight, score) for weight, score in pairs if not math.isnan(score)]
    total = sum(weight for weight, _ in scored)
    mean = sum(w * s for w, s in scored) / total if total else math.nan
    assert ours.value[0, 0] == pytest.approx(mean, abs=1e-6, nan_ok=True)
    share = total / sum(weight for weight, _ in pairs)
    assert ours.scored_share[0, 0] == pytest.approx(share, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(weights, min_size=3, max_size=3),
    st.lists(st.lists(shares, min_size=3, max_size=3), min_size=2, max_size=6),
    st.lists(st.floats(0, 1), min_size=3, max_size=3),
)
def test_adding_a_dominated_site_never_changes_the_order_under_the_weighted_sum(
    given_weights, sites, worse_by
):
    def scores(table):
        layers = np.array(table, dtype=np.float32).T[:, np.newaxis, :]
        pairs = zip(given_weights, map(CriterionScore, layers), strict=True)
        return weighted_sum(pairs, (1, len(table))).value[0]

    dominated = [score * share for score, share in zip(sites[0], worse_by, strict=True)]
    before, after = scores(sites), scores([*sites, dominated])
    assert np.array_equal(before, after[:-1])
    assert after[-1] <= before[0] + 1e-6


@pytest.mark.parametrize(
    ("scores", "printed"),
    [
        ([0.754, 0.233, 0.754, 0.333, 0.674, 0.747, 0.200, 0.072], 0.396),
        ([0.181, 0.055, 0.065, 0.333, 0.101, 0.060, 0.400, 0.650], 0.341),
        ([0.065, 0.713, 0.181, 0.333, 0.226, 0.193, 0.400, 0.278], 0.263),
    ],
)
def test_the_weighted_sum_is_that_of_saaty_1990(scores, printed):
    # Three houses: European Journal of Operational Research 48, 9-26, table 4, from figures rounded
    # to three digits; compared with the self-test of a public script for decisions.
    given_weights = [0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333]
    found = one(weighted_sum, list(zip(given_weights, scores, strict=True)))
    assert found == pytest.approx(printed, abs=1e-3)


@pytest.mark.parametrize(
    ("scores", "printed"), [([0.6, 1.0, 0.3, 0.5], 0.55), ([0.0, 0.7, 1.0, 0.2], 0.43)]
)
def test_owa_is_that_of_yager_1988(scores, printed):
    # Yager 1988, IEEE Transactions on Systems, Man, and Cybernetics 18(1), 183-190, compared with
    # github.com/johnHostetter/fuzzy-theory, tests/test_relations/test_aggregation.py.
    assert owa([(1, score) for score in scores], [0.2, 0.3, 0.1, 0.4]) == pytest.approx(printed)


def test_owa_with_importance_can_be_worked_out_by_hand():
    # Importances 1, 0.6, 0.5 and 0.9 sum to 3; the quantifier r squared has an orness of a third.
    # From the best part down the shares run up to 0.6, 1.6, 2.5 and 3 of 3. Squared that is 0.36,
    # 2.56, 6.25 and 9 of 9; each part weighs what it adds.
    pairs = [(1, 0.7), (0.6, 1.0), (0.5, 0.5), (0.9, 0.6)]
    quantifier = quantifier_of_orness(1 / 3)
    found = one(lambda c, s: ordered_weighted_average(c, s, quantifier), pairs)
    by_hand = (0.36 * 1.0 + 2.2 * 0.7 + 3.69 * 0.6 + 2.75 * 0.5) / 9
    assert found == pytest.approx(by_hand, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(parts)
def test_even_order_weights_give_the_weighted_mean(pairs):
    assert owa(pairs, [1] * len(pairs)) == pytest.approx(one(weighted_sum, pairs), abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(shares, st.floats(0.01, 1)), min_size=2, max_size=6))
def test_even_weights_give_the_plain_ordered_mean(scores_and_order):
    scores = [score for score, _ in scores_and_order]
    order = np.array([weight for _, weight in scores_and_order])
    expected = float((np.sort(scores)[::-1] * order).sum() / order.sum())
    assert owa([(1, score) for score in scores], order) == pytest.approx(expected, abs=1e-6)


def test_a_sliver_of_weight_still_counts_as_the_worst_part():
    assert one(METHODS["worst"], [(1.0, 0.9), (1e-17, 0.2)]) == pytest.approx(0.2)


def test_fuzzy_gamma_can_be_worked_out_by_hand():
    # 0.75 x 0.5 = 0.375; 1 - 0.25 x 0.5 = 0.875; 0.375 to the 0.3 times 0.875 to the 0.7 = 0.679.
    pairs = [(1, 0.75), (1, 0.5)]
    assert one(METHODS["fuzzy_product"], pairs) == pytest.approx(0.375)
    assert one(METHODS["fuzzy_sum"], pairs) == pytest.approx(0.875)
    assert one(METHODS["gamma"], pairs) == pytest.approx(0.679, abs=5e-4)


@pytest.mark.parametrize("gamma", [0, 0.5, 1])
@pytest.mark.parametrize(("scores", "expected"), [([0, 0], 0), ([1, 1], 1)])
def test_fuzzy_gamma_holds_at_the_ends(gamma, scores, expected):
    pairs = [(1, score) for score in scores]
    assert one(lambda c, s: fuzzy_gamma(c, s, gamma), pairs) == expected


def test_one_part_of_0_makes_the_product_0_but_not_the_sum():
    pairs = [(1, 0.0), (1, 0.8)]
    assert one(weighted_product, pairs) == 0
    assert one(weighted_sum, pairs) == pytest.approx(0.4)


def test_gamma_is_between_0_and_1():
    with pytest.raises(FormatError) as error:
        fuzzy_gamma([], (1, 1), 1.5)
    assert [(f.code, f.key) for f in error.value.faults] == [("wrong_value", "gamma")]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("pairs", [[], [(0, 0.5)]])
def test_weights_that_sum_to_nothing_are_refused(method, pairs):
    with pytest.raises(FormatError) as error:
        METHODS[method](criteria(pairs), (1, 1))
    assert [fault.code for fault in error.value.faults] == ["weights_sum_to_nothing"]


def test_a_layer_of_another_shape_is_refused():
    with pytest.raises(GridError):
        weighted_sum(criteria([(1, 0.5)]), (1, 2))


def test_layers_given_are_never_changed():
    layer = cell(np.nan)
    weighted_sum([(1, CriterionScore(layer))], (1, 1))
    assert np.isnan(layer).all()


def test_a_map_cut_in_two_has_the_same_scores():
    layers = np.random.default_rng(2).random((3, 40, 30), dtype=np.float32)

    def combined(part):
        pairs = [(k + 1.0, CriterionScore(layer)) for k, layer in enumerate(part)]
        return METHODS["cautious"](pairs, part[0].shape).value

    halves = [combined(layers[:, :, :11]), combined(layers[:, :, 11:])]
    assert np.array_equal(combined(layers), np.hstack(halves))


def test_xarray_spatial_finds_the_same_where_it_is_right():
    # Where it is wrong: test_faults_of_peers.py.
    theirs = pytest.importorskip("xrspatial.mcda")
    import xarray as xr

    layers = np.random.default_rng(3).uniform(0.05, 1, (3, 6, 5)).astype(np.float32)
    named = dict(zip("abc", layers, strict=True))
    stack = xr.Dataset({name: (("y", "x"), layer) for name, layer in named.items()})
    given_weights = {"a": 0.5, "b": 0.3, "c": 0.2}
    pairs = [(w, CriterionScore(named[name])) for name, w in given_weights.items()]
    even = [(1, CriterionScore(layer)) for layer in layers]
    quantifier = quantifier_of_order_weights([0.6, 0.3, 0.1], 3)
    third = dict.fromkeys("abc", 1 / 3)
    for ours, other in (
        (weighted_sum(pairs, (6, 5)), theirs.wlc(stack, given_weights)),
        (weighted_product(pairs, (6, 5)), theirs.wpm(stack, given_weights)),
        (
            ordered_weighted_average(even, (6, 5), quantifier),
            theirs.owa(stack, third, [0.6, 0.3, 0.1]),
        ),
        (fuzzy_gamma(even, (6, 5), 0.7), theirs.fuzzy_overlay(stack, "gamma", gamma=0.7)),
    ):
        assert ours.value == pytest.approx(other.to_numpy(), abs=1e-6)
