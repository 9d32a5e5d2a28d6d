"""Sites fall into types by their profiles, with the number of types argued."""

import numpy as np
import pandas as pd
import pytest

from maemoh_gis.sites.types import group_sites


def profiles(centres, each, spread=0.03, seed=0):
    rng = np.random.default_rng(seed)
    rows = [rng.normal(c, spread) for c, n in zip(centres, each, strict=True) for _ in range(n)]
    index = [f"s{k:02d}" for k in range(len(rows))]
    return pd.DataFrame(rows, index=index, columns=["rail", "water", "slope"]).clip(0, 1)


THREE = profiles([(0.9, 0.2, 0.5), (0.2, 0.8, 0.4), (0.6, 0.6, 0.95)], [7, 5, 4])


def test_planted_types_are_found_and_the_largest_comes_first():
    found = group_sites(THREE)
    assert found.type.tolist() == [1] * 7 + [2] * 5 + [3] * 4
    assert found.profiles["sites"].tolist() == [7, 5, 4]
    assert found.profiles.loc[1, "rail"] == pytest.approx(0.9, abs=0.05)


def test_every_number_that_was_tried_is_shown_and_the_best_is_taken():
    found = group_sites(THREE)
    assert [n.types for n in found.numbers] == [2, 3, 4, 5, 6]
    assert max(found.numbers, key=lambda n: n.silhouette).types == 3
    explained = [n.explained_share for n in found.numbers]
    assert explained == sorted(explained)
    assert 0 < explained[0] < explained[-1] < 1


def test_the_order_of_sites_and_criteria_changes_nothing():
    mixed = THREE.sample(frac=1, random_state=3)[["slope", "rail", "water"]]
    assert group_sites(mixed).type.sort_index().equals(group_sites(THREE).type)


def test_sites_without_structure_are_one_type():
    rng = np.random.default_rng(2)
    found = group_sites(pd.DataFrame(rng.random((30, 8)), columns=list("abcdefgh")))
    assert set(found.type) == {1}
    assert not found.clear
    assert max(n.silhouette for n in found.numbers) < 0.25


def test_a_criterion_that_parts_nothing_is_left_out_and_named():
    sites = THREE.assign(same=0.5, unscored=np.nan)
    sites["partly"] = [np.nan, *[0.5] * 15]
    found = group_sites(sites)
    assert found.left_out == ("same", "unscored", "partly")
    assert found.type.equals(group_sites(THREE).type)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_too_few_sites_are_one_type(count):
    found = group_sites(THREE.head(count))
    assert found.type.tolist() == [1] * count
    assert found.numbers == ()


def test_sites_that_are_all_alike_are_one_type():
    alike = pd.DataFrame(np.full((6, 2), 0.4), columns=["a", "b"])
    assert set(group_sites(alike).type) == {1}
