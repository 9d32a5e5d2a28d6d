"""What can be reached, by hand-worked cases and by what must hold for any network."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maemoh_gis.core.errors import RunError
from maemoh_gis.network.arrays import least_costs, network_arrays
from maemoh_gis.reach.accessibility import cumulative, gravity, reached_ratios, supply_ratios
from tests.network.test_arrays import network

NONE = np.nan


def two_step_catchment(cost, supply, demand, within):
    """Take both steps over the same places."""
    cost = np.asarray(cost, dtype=np.float64)
    return reached_ratios(cost, supply_ratios(cost, supply, demand, within), within)


COSTS = st.one_of(st.just(NONE), st.just(0.0), st.floats(0.1, 200))
WAYS = {
    "gravity": gravity,
    "exponential": lambda cost, amounts: gravity(cost, amounts, decay="exponential", rate=0.05),
    "cumulative": lambda cost, amounts: cumulative(cost, amounts, 60.0),
    "catchment": lambda cost, amounts: two_step_catchment(cost, amounts, np.ones(len(cost)), 60.0),
}


@st.composite
def tables(draw):
    places, opportunities = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    rows = st.lists(COSTS, min_size=opportunities, max_size=opportunities)
    cost = np.array(draw(st.lists(rows, min_size=places, max_size=places)))
    amounts = st.floats(0, 1000).map(lambda amount: round(amount, 2))
    supply = np.array(draw(st.lists(amounts, min_size=opportunities, max_size=opportunities)))
    demand = np.array(draw(st.lists(amounts, min_size=places, max_size=places)))
    return cost, supply, demand


def test_gravity_by_hand():
    """A: 100/10 + 300/30 = 20. B: 100/50 + 300/20 = 17. C reaches nothing."""
    cost = np.array([[10.0, 30.0], [50.0, 20.0], [NONE, NONE]])
    found = gravity(cost, np.array([100.0, 300.0]))
    np.testing.assert_allclose(found.values, [20.0, 17.0, NONE])
    assert found.counted.tolist() == [2, 2, 0]
    assert found.without_way.tolist() == [0, 0, 2]
    assert found.unreachable == 2


def test_gravity_with_a_square_and_with_an_exponential_by_hand():
    """100/10^2 + 300/30^2 = 1.3333; 100 e^-1 + 300 e^-3 = 36.788 + 14.936 = 51.724."""
    cost, amounts = np.array([[10.0, 30.0]]), np.array([100.0, 300.0])
    assert gravity(cost, amounts, rate=2.0).values.item() == pytest.approx(4 / 3)
    found = gravity(cost, amounts, decay="exponential", rate=0.1)
    assert found.values.item() == pytest.approx(51.724, abs=1e-3)


def test_at_the_doorstep_an_opportunity_counts_as_one_minute_away():
    assert gravity(np.array([[0.0, 0.5]]), np.array([3.0, 4.0])).values.item() == 7.0
    assert gravity(np.array([[0.0]]), np.array([3.0]), least=2.0).values.item() == 1.5


def test_cumulative_opportunities_by_hand():
    """Within 30 minutes, the 30th included: A 5 + 7, B none of those it reaches, C nothing."""
    cost = np.array([[10.0, 30.0, NONE], [31.0, 90.0, 45.0], [NONE] * 3])
    found = cumulative(cost, np.array([5.0, 7.0, 9.0]), 30.0)
    np.testing.assert_array_equal(found.values, [12.0, 0.0, NONE])
    assert found.counted.tolist() == [2, 0, 0]
    assert found.without_way.tolist() == [1, 0, 3]


def test_a_two_step_catchment_by_hand():
    """
    Two clinics of 2 and 3 doctors, villages of 1,000, 500 and 2,000; 30 minutes.

    The first serves villages A and B: 2 / 1,500. The second serves B and C: 3 / 2,500 = 0.0012.
    A has 0.0013333, B both, 0.0025333, C 0.0012.
    """
    cost = np.array([[10.0, 45.0], [20.0, 30.0], [NONE, 5.0]])
    found = two_step_catchment(cost, np.array([2.0, 3.0]), np.array([1000.0, 500.0, 2000.0]), 30.0)
    np.testing.assert_allclose(found.values, [2 / 1500, 2 / 1500 + 0.0012, 0.0012])
    assert found.counted.tolist() == [1, 2, 1]
    assert found.unreachable == 1


def test_a_supply_that_nobody_asks_for_has_no_ratio():
    cost = np.array([[10.0, 50.0], [50.0, 10.0]])
    found = two_step_catchment(cost, np.array([2.0, 3.0]), np.array([0.0, 6.0]), 30.0)
    np.testing.assert_array_equal(found.values, [NONE, 0.5])


@given(tables())
@settings(max_examples=100, deadline=None)
def test_a_two_step_catchment_hands_out_all_that_can_be_reached_and_no_more(table):
    cost, supply, demand = table
    found = two_step_catchment(cost, supply, demand, 60.0)
    asked = ((cost <= 60.0) & (demand[:, None] > 0)).any(axis=0)
    held = demand > 0
    got = np.nansum(found.values[held] * demand[held])
    assert got == pytest.approx(supply[asked].sum(), rel=1e-9, abs=1e-9)


@given(tables(), st.sampled_from(list(WAYS)))
@settings(max_examples=100, deadline=None)
def test_twice_the_amounts_is_twice_the_access(table, way):
    cost, supply, _ = table
    one, two = WAYS[way](cost, supply), WAYS[way](cost, 2 * supply)
    np.testing.assert_array_equal(2 * one.values, two.values)


@given(tables(), st.sampled_from(["gravity", "exponential", "cumulative"]))
@settings(max_examples=100, deadline=None)
def test_a_quicker_way_never_lowers_access(table, way):
    cost, supply, _ = table
    before, after = WAYS[way](cost, supply), WAYS[way](cost / 2, supply)
    assert (after.values >= before.values)[~np.isnan(before.values)].all()
    np.testing.assert_array_equal(np.isnan(before.values), np.isnan(after.values))


@given(tables(), st.sampled_from(list(WAYS)))
@settings(max_examples=100, deadline=None)
def test_one_more_that_nobody_reaches_is_counted_and_changes_nothing_else(table, way):
    cost, supply, _ = table
    more = np.column_stack([cost, np.full(len(cost), NONE)])
    one, other = WAYS[way](cost, supply), WAYS[way](more, np.append(supply, 7.0))
    np.testing.assert_allclose(one.values, other.values, rtol=1e-12)
    assert other.unreachable == one.unreachable + len(cost)


def test_from_a_network_to_a_figure():
    """0 to 1 takes 10 minutes, to 2 another 10; nothing leads to 3 and nothing from it."""
    arrays = network_arrays(network([(0, 1, 10.0), (1, 2, 10.0)]))
    costs = least_costs(arrays, [0, 3], [1, 2])
    found = gravity(costs.values, np.array([50.0, 40.0]))
    np.testing.assert_array_equal(found.values, [7.0, NONE])
    assert found.unreachable == costs.unreachable == 2


@pytest.mark.parametrize(
    ("work", "codes"),
    [
        (lambda: gravity([1.0], [1.0]), ["costs_not_a_table"]),
        (lambda: gravity([[-1.0]], [1.0]), ["costs_not_costs"]),
        (lambda: gravity([[np.inf]], [1.0]), ["costs_not_costs"]),
        (lambda: gravity([[1.0]], [1.0, 2.0]), ["amounts_do_not_fit"]),
        (lambda: gravity([[1.0]], [NONE]), ["amounts_not_amounts"]),
        (lambda: gravity([[1.0]], [1.0], rate=0.0, least=-1.0), ["not_above_zero"] * 2),
        (lambda: cumulative([[1.0]], [1.0], NONE), ["not_above_zero"]),
        (lambda: two_step_catchment([[1.0]], [1.0], [-1.0], 5.0), ["amounts_not_amounts"]),
        (lambda: two_step_catchment([[1.0]], [1.0], [1.0, 1.0], 5.0), ["amounts_do_not_fit"]),
    ],
)
def test_what_is_not_usable_is_refused(work, codes):
    with pytest.raises(RunError) as caught:
        work()
    assert [fault.code for fault in caught.value.faults] == codes
