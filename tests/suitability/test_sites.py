"""Sites are contiguous, large enough, best first, and never too many."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from maemoh_gis.suitability.sites import SiteNeeds, grow_sites


def field(seed=0, shape=(60, 80)):
    rng = np.random.default_rng(seed)
    noise = ndimage.gaussian_filter(rng.normal(size=shape), 3)
    return ((noise - noise.min()) / np.ptp(noise)).astype(np.float32)


def everywhere(score):
    return np.ones(score.shape, dtype=bool)


def test_a_planted_best_site_is_found_first():
    score = field() * 0.5
    score[20:26, 30:36] = 0.95
    label = grow_sites(score, everywhere(score), SiteNeeds(36, 20, 0.3, 3))
    assert (label[20:26, 30:36] == 1).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(5, 60), st.floats(0.2, 0.7), st.integers(0, 4))
def test_every_site_is_one_piece_and_no_smaller_than_asked(seed, cells, least_score, spacing):
    score = field(seed)
    usable = field(seed + 1) > 0.4
    needs = SiteNeeds(cells, max(cells // 2, 1), least_score, 8, spacing)
    label = grow_sites(score, usable, needs)
    for rank in range(1, label.max() + 1):
        cells_here = label == rank
        assert ndimage.label(cells_here)[1] == 1
        assert needs.least_cells <= cells_here.sum() <= needs.cells
        assert usable[cells_here].all()
        assert score[cells_here].min() >= np.float32(least_score)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_ranks_run_from_the_highest_mean_score_down(seed):
    score = field(seed)
    label = grow_sites(score, everywhere(score), SiteNeeds(30, 20, 0.4, 6, 2))
    means = ndimage.mean(score, label, range(1, label.max() + 1))
    assert (np.diff(means) <= 1e-6).all()


def test_sites_keep_their_distance():
    score = field(3)
    label = grow_sites(score, everywhere(score), SiteNeeds(30, 20, 0.3, 6, 5))
    assert label.max() >= 2
    for rank in range(1, label.max() + 1):
        others = (label > 0) & (label != rank)
        gap = ndimage.distance_transform_edt(label != rank)[others].min()
        assert gap > 5


def test_land_too_small_for_a_site_gives_none():
    score = np.ones((10, 10), dtype=np.float32)
    usable = np.zeros((10, 10), dtype=bool)
    usable[:3, :3] = True
    usable[7:, 7:] = True
    assert grow_sites(score, usable, SiteNeeds(10, 10, 0.5, 3)).max() == 0


def test_unknown_score_is_never_part_of_a_site():
    score = field()
    score[:, 40:] = np.nan
    label = grow_sites(score, everywhere(score), SiteNeeds(30, 20, 0.3, 10))
    assert label.max() > 0
    assert not label[:, 40:].any()


def test_rotating_the_world_rotates_the_answer():
    score = field(5)
    needs = SiteNeeds(25, 20, 0.4, 1)
    straight = grow_sites(score, everywhere(score), needs)
    turned = grow_sites(np.rot90(score).copy(), everywhere(np.rot90(score)), needs)
    assert np.mean(np.rot90(straight, 1) == turned) > 0.99
