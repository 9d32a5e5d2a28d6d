"""Ranking a short list: true to the papers, and sites not scored are not compared."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maemoh_gis.core.errors import FormatError
from maemoh_gis.mcda.short_list import MOST_SITES, topsis

AIRCRAFT = pd.DataFrame(
    {
        "speed": [2.0, 2.5, 1.8, 2.2],
        "range": [1500, 2700, 2000, 1800],
        "payload": [20000, 18000, 21000, 20000],
        "cost": [5.5, 6.5, 4.5, 5.0],
        "reliability": [5, 3, 7, 5],
        "manoeuvrability": [9, 5, 7, 5],
    },
    index=["A1", "A2", "A3", "A4"],
)
"""
Fighter aircraft: Hwang and Yoon 1981, Multiple Attribute Decision Making, Springer; values, weights
and closeness compared with the tests of a public package, which print the same digits.
"""
AIRCRAFT_WEIGHTS = dict(zip(AIRCRAFT, [0.2, 0.1, 0.1, 0.1, 0.2, 0.3], strict=True))
DEVICES = pd.DataFrame(
    {"durability": [5, 7, 8, 7], "capacity": [8, 6, 8, 4], "reliability": [4, 8, 6, 6]}
)
"""
Tzeng and Huang 2011, Multiple Attribute Decision Making, CRC Press, compared with
github.com/quatrope/scikit-criteria, tests/agg/test_similarity.py.
"""
SITES = pd.DataFrame({"rail": [0.9, 0.2, 0.5, 0.6], "road": [0.3, 0.8, 0.5, 0.6]})
EVEN = {"rail": 1, "road": 1}
tables = st.lists(
    st.tuples(*[st.floats(0, 1).map(lambda x: round(x, 3))] * 3), min_size=2, max_size=8
).map(lambda rows: pd.DataFrame(rows, columns=["a", "b", "c"]))


def codes(*arguments, **options):
    with pytest.raises(FormatError) as error:
        topsis(*arguments, **options)
    return [(fault.code, fault.key) for fault in error.value.faults]


def test_topsis_is_that_of_hwang_and_yoon_1981():
    found = topsis(AIRCRAFT, AIRCRAFT_WEIGHTS, falling=["cost"])
    assert list(found["closeness"]) == pytest.approx([0.643, 0.268, 0.613, 0.312], abs=6e-4)
    assert list(found["rank"]) == [1, 4, 2, 3]
    assert list(found.index) == ["A1", "A2", "A3", "A4"]


def test_topsis_is_that_of_tzeng_and_huang_2011():
    found = topsis(DEVICES, {"durability": 0.3, "capacity": 0.4, "reliability": 0.3})
    assert list(found["closeness"]) == pytest.approx([0.5037, 0.6581, 0.7482, 0.3340], abs=6e-5)
    assert list(found["rank"]) == [3, 2, 1, 4]


def test_a_site_with_an_unscored_criterion_is_not_compared():
    sites = pd.concat([SITES, pd.DataFrame({"rail": [1.0], "road": [np.nan]}, index=[9])])
    found = topsis(sites, EVEN)
    assert pd.isna(found.loc[9]).all()
    pd.testing.assert_frame_equal(found.drop(index=9), topsis(SITES, EVEN))


def test_sites_that_are_alike_share_the_better_rank():
    found = topsis(pd.DataFrame({"rail": [0.5, 0.9, 0.5], "road": [0.5, 0.9, 0.5]}), EVEN)
    assert list(found["rank"]) == [2, 1, 2]


def test_where_all_are_alike_all_are_first():
    found = topsis(pd.DataFrame({"rail": [0.0, 0.0], "road": [0.5, 0.5]}), EVEN)
    assert list(found["rank"]) == [1, 1]


@settings(max_examples=30, deadline=None)
@given(sites=tables, factor=st.floats(0.01, 100))
def test_scaling_all_weights_changes_nothing(sites, factor):
    once = topsis(sites, {"a": 3, "b": 2, "c": 1})
    scaled = topsis(sites, {"a": 3 * factor, "b": 2 * factor, "c": factor})
    for name in once.columns.drop("rank"):
        assert list(scaled[name]) == pytest.approx(list(once[name]), abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(sites=tables)
def test_a_dominated_site_never_ranks_above_the_one_that_dominates_it(sites):
    both = pd.concat([sites, sites.iloc[[0]] * 0.5], ignore_index=True)
    ranks = topsis(both, {"a": 3, "b": 2, "c": 1})["rank"]
    assert ranks.iloc[0] <= ranks.iloc[-1]


def test_topsis_may_reverse_the_order_when_a_dominated_site_joins():
    # The reason it is kept to the short list: the weighted sum never does this.
    sites = pd.DataFrame({"rail": [0.1, 1.0], "road": [0.9, 0.2]})
    joined = pd.concat([sites, pd.DataFrame({"rail": [0.9], "road": [0.0]})], ignore_index=True)
    assert list(topsis(sites, EVEN)["rank"]) != list(topsis(joined, EVEN)["rank"][:2])


def test_every_fault_of_a_table_is_named():
    found = codes(SITES, {"rial": 1, "road": 1}, falling=["water"])
    assert found == [("unknown_column", "rial"), ("unknown_criterion", "water")]


def test_more_sites_than_a_short_list_holds_are_refused():
    many = pd.DataFrame({"rail": np.linspace(0, 1, MOST_SITES + 1)})
    assert codes(many, {"rail": 1}) == [("short_list_too_long", None)]


def test_one_site_alone_cannot_be_compared():
    assert codes(SITES[:1], EVEN) == [("too_few_places", None)]


def test_weights_that_sum_to_nothing_are_refused():
    assert codes(SITES, {"rail": 0}) == [("weights_sum_to_nothing", None)]


def test_pymcdm_finds_the_same():
    theirs = pytest.importorskip("pymcdm.methods")
    from pymcdm.normalizations import vector_normalization

    table = np.random.default_rng(0).uniform(0.05, 1, (12, 4))
    weights, types = np.array([0.4, 0.3, 0.2, 0.1]), np.array([1, 1, -1, 1])
    sites = pd.DataFrame(table, columns=list("abcd"))
    ours = {"weights": dict(zip("abcd", weights, strict=True)), "falling": ["c"]}
    closeness = theirs.TOPSIS(normalization_function=vector_normalization)(table, weights, types)
    assert list(topsis(sites, **ours)["closeness"]) == pytest.approx(list(closeness))
