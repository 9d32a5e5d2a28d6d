"""Ranking a short list: true to the papers, and sites not scored are not compared."""

import builtins

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maemoh_gis.errors import FormatError, RunError
from maemoh_gis.suitability.short_list import MOST_SITES, promethee, topsis, vikor

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
MOUNTAINS = pd.DataFrame({"risk": [1, 2, 5], "altitude": [3000, 3750, 4500]})
"""
Three climbs: Opricovic and Tzeng 2004, European Journal of Operational Research 156, 445-455,
compared with github.com/quatrope/scikit-criteria, tests/agg/test_vikor.py.
"""
DAMS = pd.DataFrame(
    {
        "profit": [4184.3, 5211.9, 5021.3, 5566.1, 5060.5, 4317.9],
        "cost": [2914.0, 3630.0, 3920.5, 3957.9, 3293.5, 2925.9],
        "energy": [407.2, 501.7, 504.0, 559.5, 514.1, 432.8],
        "peak_energy": [251.0, 308.3, 278.6, 335.3, 284.2, 239.3],
        "homes": [195, 282, 12, 167, 69, 12],
        "reservoirs": [244, 346, 56, 268, 90, 55],
        "villages": [15, 21, 3, 16, 7, 3],
        "environment": [2.41, 1.41, 4.42, 3.36, 4.04, 4.36],
    }
)
"""
Hydropower on a river: Opricovic and Tzeng 2007, European Journal of Operational Research 178,
514-529, compared with the same file.
"""
DEVICES = pd.DataFrame(
    {"durability": [5, 7, 8, 7], "capacity": [8, 6, 8, 4], "reliability": [4, 8, 6, 6]}
)
"""
Tzeng and Huang 2011, Multiple Attribute Decision Making, CRC Press, compared with
github.com/quatrope/scikit-criteria, tests/agg/test_similarity.py.
"""
SITES = pd.DataFrame({"rail": [0.9, 0.2, 0.5, 0.6], "road": [0.3, 0.8, 0.5, 0.6]})
EVEN = {"rail": 1, "road": 1}
RANKERS = {"topsis": topsis, "promethee": promethee}

tables = st.lists(
    st.tuples(*[st.floats(0, 1).map(lambda x: round(x, 3))] * 3), min_size=2, max_size=8
).map(lambda rows: pd.DataFrame(rows, columns=["a", "b", "c"]))


def codes(rank, *arguments, **options):
    with pytest.raises(FormatError) as error:
        rank(*arguments, **options)
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


def test_promethee_can_be_worked_out_by_hand():
    # The first is ahead of the second by 0.5 + 0.3 and of the third by 0.3 of the weight.
    sites = pd.DataFrame({"a": [4, 3, 5], "b": [3, 2, 1], "c": [2, 4, 3]})
    found = promethee(sites, {"a": 0.5, "b": 0.3, "c": 0.2})
    assert list(found["leaving"]) == pytest.approx([0.55, 0.35, 0.6])
    assert list(found["net"]) == pytest.approx([0.1, -0.3, 0.2])
    assert list(found["rank"]) == [2, 3, 1]


def test_promethee_counts_small_differences_in_part():
    sites = pd.DataFrame({"a": [0.5, 0.4, 0.0]})
    found = promethee(sites, {"a": 1}, indifference=0.05, preference=0.15)
    assert found["net"][0] == pytest.approx((0.5 + 1) / 2)


def test_vikor_is_that_of_opricovic_and_tzeng_2004():
    pytest.importorskip("skcriteria")
    found = vikor(MOUNTAINS, {"risk": 1, "altitude": 1}, falling=["risk"])
    assert list(found["compromise"]) == pytest.approx([1, 0, 1])
    assert list(found["rank"]) == [2, 1, 2]
    assert list(found["in_compromise_set"]) == [False, True, False]


@pytest.mark.parametrize(
    ("economy", "others", "printed", "ranks", "compromise"),
    [
        (1, 1, [0.991, 1.0, 0.473, 0.670, 0.0, 0.578], [5, 6, 2, 4, 1, 3], [4]),
        (2, 1, [1.0, 0.533, 0.552, 0.563, 0.0, 0.686], [6, 2, 3, 4, 1, 5], [4]),
        (1, 2, [0.684, 1.0, 0.147, 0.554, 0.041, 0.191], [5, 6, 2, 4, 1, 3], [2, 4, 5]),
        (1, 3.2, [0.668, 1.0, 0.051, 0.588, 0.058, 0.078], [5, 6, 1, 4, 2, 3], [2, 4, 5]),
    ],
)
def test_vikor_is_that_of_opricovic_and_tzeng_2007(economy, others, printed, ranks, compromise):
    pytest.importorskip("skcriteria")
    weights = dict(zip(DAMS, [economy] * 4 + [others] * 4, strict=True))
    found = vikor(DAMS, weights, falling=["cost", "homes", "reservoirs", "villages"])
    assert list(found["compromise"]) == pytest.approx(printed, abs=6e-4)
    assert list(found["rank"]) == ranks
    assert list(found.index[found["in_compromise_set"]]) == compromise


def test_vikor_leaves_out_what_is_the_same_everywhere():
    pytest.importorskip("skcriteria")
    flat = MOUNTAINS.assign(slope=0.5)
    found = vikor(flat, {"risk": 1, "altitude": 1, "slope": 7}, falling=["risk"])
    assert list(found["rank"]) == [2, 1, 2]


def test_vikor_cannot_tell_sites_apart_that_are_alike():
    found = vikor(pd.DataFrame({"rail": [0.5, 0.5]}), {"rail": 1})
    assert list(found["rank"]) == [1, 1]
    assert found["in_compromise_set"].all()


def test_vikor_compares_two_mirrored_sites_without_a_warning():
    pytest.importorskip("skcriteria")
    found = vikor(pd.DataFrame({"rail": [1.0, 0.0], "road": [0.0, 1.0]}), EVEN)
    assert list(found["rank"]) == [1, 1]


def test_vikor_says_which_package_is_missing(monkeypatch):
    whole = builtins.__import__

    def without_it(name, *arguments, **options):
        if name.startswith("skcriteria"):
            raise ImportError(name)
        return whole(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without_it)
    with pytest.raises(RunError) as error:
        vikor(SITES, EVEN)
    (fault,) = error.value.faults
    assert (fault.code, fault.found) == ("extra_missing", "scikit-criteria")


@pytest.mark.parametrize("rank", RANKERS.values())
def test_a_site_with_an_unscored_criterion_is_not_compared(rank):
    sites = pd.concat([SITES, pd.DataFrame({"rail": [1.0], "road": [np.nan]}, index=[9])])
    found = rank(sites, EVEN)
    assert pd.isna(found.loc[9]).all()
    pd.testing.assert_frame_equal(found.drop(index=9), rank(SITES, EVEN))


def test_vikor_does_not_compare_an_unscored_site_either():
    pytest.importorskip("skcriteria")
    sites = pd.concat([SITES, pd.DataFrame({"rail": [1.0], "road": [np.nan]}, index=[9])])
    assert pd.isna(vikor(sites, EVEN).loc[9]).all()


@pytest.mark.parametrize("rank", RANKERS.values())
def test_sites_that_are_alike_share_the_better_rank(rank):
    found = rank(pd.DataFrame({"rail": [0.5, 0.9, 0.5], "road": [0.5, 0.9, 0.5]}), EVEN)
    assert list(found["rank"]) == [2, 1, 2]


@pytest.mark.parametrize("rank", RANKERS.values())
def test_where_all_are_alike_all_are_first(rank):
    found = rank(pd.DataFrame({"rail": [0.0, 0.0], "road": [0.5, 0.5]}), EVEN)
    assert list(found["rank"]) == [1, 1]


@pytest.mark.parametrize("rank", RANKERS.values())
@settings(max_examples=30, deadline=None)
@given(sites=tables, factor=st.floats(0.01, 100))
def test_scaling_all_weights_changes_nothing(rank, sites, factor):
    once = rank(sites, {"a": 3, "b": 2, "c": 1})
    scaled = rank(sites, {"a": 3 * factor, "b": 2 * factor, "c": factor})
    for name in once.columns.drop("rank"):
        assert list(scaled[name]) == pytest.approx(list(once[name]), abs=1e-9)


@pytest.mark.parametrize("rank", RANKERS.values())
@settings(max_examples=30, deadline=None)
@given(sites=tables)
def test_a_dominated_site_never_ranks_above_the_one_that_dominates_it(rank, sites):
    both = pd.concat([sites, sites.iloc[[0]] * 0.5], ignore_index=True)
    ranks = rank(both, {"a": 3, "b": 2, "c": 1})["rank"]
    assert ranks.iloc[0] <= ranks.iloc[-1]


def test_topsis_may_reverse_the_order_when_a_dominated_site_joins():
    # The reason it is kept to the short list: the weighted sum never does this.
    sites = pd.DataFrame({"rail": [0.1, 1.0], "road": [0.9, 0.2]})
    joined = pd.concat([sites, pd.DataFrame({"rail": [0.9], "road": [0.0]})], ignore_index=True)
    assert list(topsis(sites, EVEN)["rank"]) != list(topsis(joined, EVEN)["rank"][:2])


@pytest.mark.parametrize("rank", [*RANKERS.values(), vikor])
def test_every_fault_of_a_table_is_named(rank):
    found = codes(rank, SITES, {"rial": 1, "road": 1}, falling=["water"])
    assert found == [("unknown_column", "rial"), ("unknown_criterion", "water")]


@pytest.mark.parametrize("rank", [*RANKERS.values(), vikor])
def test_more_sites_than_a_short_list_holds_are_refused(rank):
    many = pd.DataFrame({"rail": np.linspace(0, 1, MOST_SITES + 1)})
    assert codes(rank, many, {"rail": 1}) == [("short_list_too_long", None)]


@pytest.mark.parametrize("rank", [*RANKERS.values(), vikor])
def test_one_site_alone_cannot_be_compared(rank):
    assert codes(rank, SITES[:1], EVEN) == [("too_few_places", None)]


@pytest.mark.parametrize("rank", [*RANKERS.values(), vikor])
def test_weights_that_sum_to_nothing_are_refused(rank):
    assert codes(rank, SITES, {"rail": 0}) == [("weights_sum_to_nothing", None)]


def test_thresholds_the_wrong_way_round_are_refused():
    found = codes(promethee, SITES, EVEN, indifference=0.2, preference=0.1)
    assert found == [("wrong_value", "preference")]


def test_majority_is_between_0_and_1():
    assert codes(vikor, SITES, EVEN, majority=2) == [("wrong_value", "majority")]


def test_pymcdm_finds_the_same():
    theirs = pytest.importorskip("pymcdm.methods")
    from pymcdm.normalizations import vector_normalization

    table = np.random.default_rng(0).uniform(0.05, 1, (12, 4))
    weights, types = np.array([0.4, 0.3, 0.2, 0.1]), np.array([1, 1, -1, 1])
    sites = pd.DataFrame(table, columns=list("abcd"))
    ours = {"weights": dict(zip("abcd", weights, strict=True)), "falling": ["c"]}
    closeness = theirs.TOPSIS(normalization_function=vector_normalization)(table, weights, types)
    assert list(topsis(sites, **ours)["closeness"]) == pytest.approx(list(closeness))
    net = theirs.PROMETHEE_II("usual")(table, weights, types)
    assert list(promethee(sites, **ours)["net"]) == pytest.approx(list(net))
    linear = theirs.PROMETHEE_II("vshape_2", p=np.full(4, 0.4), q=np.full(4, 0.1))
    found = promethee(sites, **ours, indifference=0.1, preference=0.4)
    assert list(found["net"]) == pytest.approx(list(linear(table, weights, types)))


def test_pymcdm_finds_the_same_compromise():
    theirs = pytest.importorskip("pymcdm.methods")
    pytest.importorskip("skcriteria")
    table = np.random.default_rng(1).uniform(0.05, 1, (9, 3))
    weights = np.array([0.5, 0.3, 0.2])
    found = vikor(pd.DataFrame(table, columns=list("abc")), dict(zip("abc", weights, strict=True)))
    expected = theirs.VIKOR()(table, weights, np.ones(3))
    assert list(found["compromise"]) == pytest.approx(list(expected))
