"""Types of sites are worked out once for all who ask, and are those of the method itself."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from maemoh_gis.sites import weights_on_record
from maemoh_gis.sites.types import group_sites
from maemoh_gis.sites.weights_on_record import types_of


def sites(count):
    generator = np.random.default_rng(5)
    scores = np.where(np.arange(count) % 2, 0.2, 0.8)[:, None]
    columns = {"a_mean": scores[:, 0], "b_mean": generator.random(count), "rank": range(count)}
    frame = gpd.GeoDataFrame(
        columns, geometry=[shapely.Point(k, 0) for k in range(count)], crs="EPSG:32647"
    )
    return frame.set_index(np.arange(count) + 10)


@pytest.mark.parametrize("count", [0, 1, 12])
def test_types_are_those_of_the_method_by_the_index_of_the_sites(count):
    frame = sites(count)
    found = types_of(frame, ["a", "b"])
    plain = group_sites(frame[["a_mean", "b_mean"]].astype(float))
    pd.testing.assert_series_equal(found.type, plain.type)
    pd.testing.assert_frame_equal(found.profiles, plain.profiles)
    assert (found.numbers, found.used, found.left_out) == (
        plain.numbers, plain.used, plain.left_out
    )  # fmt: skip


def test_the_same_scores_are_grouped_once(monkeypatch):
    asked = []
    monkeypatch.setattr(
        weights_on_record, "group_sites", lambda scores: asked.append(1) or group_sites(scores)
    )
    weights_on_record._grouped.cache_clear()
    for _ in range(3):
        types_of(sites(12), ["a", "b"])
    types_of(sites(12), ["b", "a"])
    assert len(asked) == 2
