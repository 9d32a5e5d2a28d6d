"""Several respondents: common weights, and disagreement that a mean would hide."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maemoh_gis.core.errors import FormatError
from maemoh_gis.mcda.ahp import priorities
from maemoh_gis.mcda.group_ahp import combine_respondents, concordance
from maemoh_gis.mcda.judgements import judgements_from_rows
from tests.mcda.saaty import CONTAINER_YARD, published

EGAT = judgements_from_rows({"rail": [4, 2], "village": ["1/2"], "water": []})
VILLAGERS = judgements_from_rows({"rail": ["1/4", "1/2"], "village": [2], "water": []})


def faults_of(*arguments):
    with pytest.raises(FormatError) as error:
        combine_respondents(*arguments)
    return [(fault.code, fault.key) for fault in error.value.faults]


def test_one_respondent_alone_is_the_group():
    yard = judgements_from_rows(CONTAINER_YARD)
    group = combine_respondents({"industry": yard})
    assert group.of_judgements.weights == pytest.approx(priorities(yard).weights, abs=1e-12)
    assert group.of_weights == pytest.approx(priorities(yard).weights, abs=1e-12)
    assert group.concordance is None
    assert group.dispute is None
    assert {spread.variation for spread in group.spread.values()} == {0.0}


def test_opposite_judgements_cancel_and_the_disagreement_stays_visible():
    group = combine_respondents({"egat": EGAT, "villagers": VILLAGERS})
    assert list(group.of_judgements.weights.values()) == pytest.approx([1 / 3] * 3)
    assert group.concordance == pytest.approx(0, abs=1e-12)
    assert group.spread["village"].lowest == pytest.approx(1 / 7)
    assert group.spread["village"].highest == pytest.approx(4 / 7)
    assert group.spread["water"].variation == pytest.approx(0, abs=1e-9)


def test_the_most_disputed_comparison_is_named_with_who_said_what():
    dispute = combine_respondents({"egat": EGAT, "villagers": VILLAGERS}).dispute
    assert (dispute.first, dispute.second) == ("rail", "village")
    assert (dispute.lowest, dispute.lowest_by) == (0.25, "villagers")
    assert (dispute.highest, dispute.highest_by) == (4, "egat")


def test_the_mean_of_judgements_is_geometric_so_it_stays_reciprocal():
    # 2 and 8 make 4, and 1/2 and 1/8 make 1/4.
    two, eight = ({"rail": [k], "road": []} for k in (2, 8))
    group = combine_respondents({"a": judgements_from_rows(two), "b": judgements_from_rows(eight)})
    assert group.of_judgements.weights["rail"] == pytest.approx(0.8)
    assert group.of_weights["rail"] == pytest.approx((2 / 3 + 8 / 9) / 2)
    geometric = np.sqrt([2 / 3 * 8 / 9, 1 / 3 * 1 / 9])
    assert group.of_weights_geometric["rail"] == pytest.approx(geometric[0] / geometric.sum())


def test_each_respondent_keeps_a_consistency_of_their_own():
    group = combine_respondents({"buyer": published("house")})
    assert not group.respondents["buyer"].consistent


def test_whoever_has_no_say_does_not_move_the_weights():
    group = combine_respondents({"egat": EGAT, "villagers": VILLAGERS}, {"egat": 2, "villagers": 0})
    assert group.of_weights == pytest.approx(priorities(EGAT).weights)
    assert group.of_judgements.weights == pytest.approx(priorities(EGAT).weights)
    assert group.concordance == pytest.approx(0, abs=1e-12)


def test_respondents_may_list_the_criteria_in_their_own_order():
    mixed = VILLAGERS.in_order(["water", "rail", "village"])
    one = combine_respondents({"egat": EGAT, "villagers": VILLAGERS})
    other = combine_respondents({"egat": EGAT, "villagers": mixed})
    assert other.of_weights == pytest.approx(one.of_weights, abs=1e-12)
    assert other.spread.keys() == one.spread.keys()


@settings(max_examples=30, deadline=None)
@given(st.permutations(["egat", "villagers", "industry"]))
def test_the_order_of_respondents_does_not_matter(order):
    industry = judgements_from_rows({"rail": [1, 5], "village": [3], "water": []})
    people = {"egat": EGAT, "villagers": VILLAGERS, "industry": industry}
    one, other = combine_respondents(people), combine_respondents({k: people[k] for k in order})
    assert other.of_judgements.weights == pytest.approx(one.of_judgements.weights, abs=1e-12)
    assert other.concordance == pytest.approx(one.concordance)


def test_concordance_can_be_worked_out_by_hand():
    # Three people rank six things. The sums of ranks are 8, 14, 11, 11, 11 and 8; their squared
    # distances from 10.5 add to 25.5, and full agreement would give 3 x 3 x (216 - 6) / 12 = 157.5.
    ranks = [[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]]
    assert concordance(np.array(ranks, dtype=float)) == pytest.approx(25.5 / 157.5)


def test_full_agreement_with_ties_is_full_concordance():
    assert concordance(np.array([[3.0, 2.0, 2.0, 1.0]] * 4)) == pytest.approx(1)


def test_there_is_no_concordance_where_nobody_prefers_anything():
    assert concordance(np.ones((3, 4))) is None


def test_respondents_must_compare_the_same_criteria():
    other = judgements_from_rows({"rail": [2], "slope": []})
    assert faults_of({"egat": EGAT, "student": other}) == [("respondents_differ", "student")]


def test_a_group_without_respondents_is_refused():
    assert faults_of({}) == [("no_respondents", None)]


def test_say_is_for_the_same_people():
    assert faults_of({"egat": EGAT}, {"egta": 1}) == [
        ("unknown_respondent", "egta"),
        ("respondent_without_say", "egat"),
    ]


def test_a_group_in_which_nobody_has_a_say_is_refused():
    assert faults_of({"egat": EGAT}, {"egat": 0}) == [("weights_sum_to_nothing", None)]
