"""Sites are contiguous, large, wide and compact enough, best first, and never too many."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from maemoh_gis.core.errors import RunError
from maemoh_gis.sites.cells import SiteCells, in_list
from maemoh_gis.sites.delineate import SiteNeeds
from maemoh_gis.sites.shape import compactness, wide_enough
from maemoh_gis.sites.slid_shapes import shapes_to_slide
from tests.sites.given import delineate, grow_sites


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


SHAPED = {
    "plain": SiteNeeds(60, 30, 0.3, 5, 3),
    "wide": SiteNeeds(80, 40, 0.3, 5, 3, width_cells=5),
    "wide by an even number": SiteNeeds(80, 40, 0.3, 5, 3, width_cells=4),
    "compact": SiteNeeds(60, 30, 0.3, 5, 3, least_compactness=0.7),
    "with holes": SiteNeeds(80, 40, 0.3, 5, 3, width_cells=3, hole_cells=6),
}


@pytest.mark.parametrize("needs", SHAPED.values(), ids=SHAPED)
@pytest.mark.parametrize("turns", [1, 2, 3])
def test_rotating_the_world_rotates_the_answer(needs, turns):
    score, usable = field(5), field(6) > 0.35
    straight = grow_sites(score, usable, needs)
    turned = grow_sites(np.rot90(score, turns).copy(), np.rot90(usable, turns).copy(), needs)
    assert straight.max() >= 2
    assert (np.rot90(straight, turns) == turned).all()


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 7))
def test_a_circle_of_the_least_width_reaches_every_cell(seed, width):
    score, usable = field(seed), field(seed + 1) > 0.3
    needs = SiteNeeds(120, 60, 0.2, 4, 2, width_cells=width, hole_cells=5)
    label = grow_sites(score, usable, needs)
    for rank in range(1, label.max() + 1):
        site = label == rank
        assert (wide_enough(site, width) == site).all()
        assert ndimage.label(site)[1] == 1


def test_a_neck_narrower_than_the_least_width_is_not_crossed():
    usable = np.zeros((20, 45), dtype=bool)
    usable[2:17, 2:17] = True
    usable[2:17, 28:43] = True
    usable[8:11, 17:28] = True
    score = np.full(usable.shape, 0.8, dtype=np.float32)
    narrow = grow_sites(score, usable, SiteNeeds(300, 250, 0.5, 1))
    wide = grow_sites(score, usable, SiteNeeds(300, 250, 0.5, 1, width_cells=5))
    assert narrow.max() == 1
    assert wide.max() == 0


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.3, 0.8))
def test_no_site_is_less_compact_than_asked(seed, least):
    score, usable = field(seed), field(seed + 1) > 0.4
    label = grow_sites(score, usable, SiteNeeds(60, 30, 0.2, 4, least_compactness=least))
    for rank in range(1, label.max() + 1):
        assert compactness(label == rank) >= least


def test_a_string_of_good_land_is_refused_where_sites_must_be_compact():
    score = np.full((40, 60), 0.3, dtype=np.float32)
    score[5:7, 5:55] = 0.9
    usable = score > 0.5
    stringy = delineate(score, usable, SiteNeeds(80, 80, 0.2, 1))
    compact = delineate(score, usable, SiteNeeds(80, 80, 0.2, 1, least_compactness=0.5))
    assert stringy.label.max() == 1
    assert compact.label.max() == 0
    assert compact.refused > 0


def with_a_hole(side=2):
    usable = np.ones((14, 14), dtype=bool)
    usable[6 : 6 + side, 6 : 6 + side] = False
    return np.full(usable.shape, 0.8, dtype=np.float32), usable


def test_a_small_hole_is_filled_and_flagged_where_that_is_allowed():
    score, usable = with_a_hole()
    needs = SiteNeeds(192, 192, 0.5, 1, hole_cells=4)
    sites = delineate(score, usable, needs, fillable=~usable)
    assert (sites.label == 1).all()
    assert (sites.filled == ~usable).all()


def test_a_hole_of_removed_land_stays_open_unless_declared():
    score, usable = with_a_hole()
    sites = delineate(score, usable, SiteNeeds(192, 192, 0.5, 1, hole_cells=4))
    assert (sites.label == usable).all()
    assert not sites.filled.any()


def test_a_hole_above_the_size_stays_open():
    score, usable = with_a_hole(side=3)
    needs = SiteNeeds(187, 187, 0.5, 1, hole_cells=8)
    assert not delineate(score, usable, needs, fillable=~usable).filled.any()


def test_filled_holes_never_make_up_the_least_area():
    score, usable = with_a_hole()
    needs = SiteNeeds(196, 193, 0.5, 1, hole_cells=4)
    assert delineate(score, usable, needs, fillable=~usable).label.max() == 0


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4))
def test_every_filled_hole_is_enclosed_by_its_site(seed, width):
    score, usable = field(seed), field(seed + 1) > 0.45
    usable &= np.random.default_rng(seed).random(usable.shape) > 0.02
    needs = SiteNeeds(90, 45, 0.2, 4, width_cells=width, hole_cells=8)
    sites = delineate(score, usable, needs, fillable=np.ones_like(usable))
    for rank in range(1, sites.label.max() + 1):
        site = sites.label == rank
        ring = ndimage.binary_dilation(sites.filled & site, np.ones((3, 3)))
        assert site[ring].all()
        assert usable[site & ~sites.filled].all()
        assert (site & ~sites.filled).sum() >= needs.least_cells


def test_no_site_reaches_across_a_barrier():
    score = field(2)
    road = np.zeros(score.shape, dtype=bool)
    road[np.arange(60), np.arange(60) + 10] = True
    needs = SiteNeeds(200, 150, 0.0, 4)
    label = grow_sites(score, everywhere(score), needs, barrier=road)
    across = np.subtract.outer(np.arange(60) + 10, np.arange(80)) > 0
    assert label.max() >= 2
    for rank in range(1, label.max() + 1):
        assert len(set(across[label == rank])) == 1
    assert not label[road].any()


def test_no_site_counts_land_twice_when_there_is_no_spacing():
    score = field(8)
    label = grow_sites(score, everywhere(score), SiteNeeds(100, 100, 0.0, 20))
    sizes = np.bincount(label.ravel())[1:]
    assert len(sizes) == 20
    assert (sizes == 100).all()


def test_it_is_told_which_demand_leaves_no_land():
    score = field(4)
    nothing = np.zeros(score.shape, dtype=bool)
    assert delineate(score, nothing, SiteNeeds(30, 20, 0.1, 3)).left.usable == 0
    assert delineate(score, ~nothing, SiteNeeds(30, 20, 1.1, 3)).left.scored == 0
    strip = nothing.copy()
    strip[10:13] = True
    assert delineate(score, strip, SiteNeeds(90, 20, 0.0, 3, width_cells=5)).left.wide == 0
    small = nothing.copy()
    small[10:14, 10:14] = True
    assert delineate(score, small, SiteNeeds(30, 20, 0.0, 3)).left.large == 0


def test_a_circle_larger_than_a_site_is_refused():
    score = field()
    with pytest.raises(RunError) as error:
        grow_sites(score, everywhere(score), SiteNeeds(20, 10, 0.1, 1, width_cells=9))
    assert error.value.faults[0].code == "circle_larger_than_site"


@pytest.mark.slow
def test_a_planted_best_site_is_found_among_eleven_million_cells():
    rng = np.random.default_rng(1)
    score = (0.7 * rng.random((3380, 3380), dtype=np.float32)).astype(np.float32)
    usable = rng.random(score.shape) > 0.2
    down, right = np.ogrid[:3380, :3380]
    planted = (down - 2011) ** 2 + (right - 777) ** 2 <= 60**2
    score[planted], usable[planted] = 0.95, True
    cells = int(planted.sum())
    label = grow_sites(score, usable, SiteNeeds(cells, cells // 2, 0.3, 3, 50, width_cells=10))
    assert (label == 1)[planted].mean() > 0.99


def test_sites_are_listed_by_what_is_certain_and_told_apart_only_where_they_are() -> None:
    # Three sites of one row each; by the likely score the last is best, and least is known of it.
    shape = (3, 4)
    cells = SiteCells(
        shape, 3, np.repeat(np.arange(1, 4, dtype=np.int32), 4), np.repeat([0, 1, 2], 4),
        np.tile(np.arange(4), 3), np.zeros(12, dtype=bool),
    )  # fmt: skip
    low = np.repeat([[0.1], [0.5], [0.2]], 4, axis=1)
    high = np.repeat([[0.4], [0.6], [1.0]], 4, axis=1)
    found = in_list(cells, low, high)
    assert found.label.tolist() == [[3] * 4, [1] * 4, [2] * 4]
    assert found.classes == (1, 1, 2)
    # A filled hole is no land of its site: a great value there changes nothing.
    holed = dataclasses.replace(cells, in_hole=np.arange(12) == 0)
    low[0, 0] = 9.0
    again = in_list(holed, low, high)
    assert again.label.tolist() == found.label.tolist()
    assert again.filled.sum() == 1
    assert again.filled[0, 0]
    # Equal ones stand in reading order, whatever their order before.
    same = np.full(shape, 0.5)
    turned = dataclasses.replace(cells, row=cells.row[::-1].copy())
    assert in_list(turned, same, same).label.tolist() == [[1] * 4, [2] * 4, [3] * 4]
    nothing = SiteCells(shape, 0, *(np.empty(0, dtype=np.int64),) * 3, np.empty(0, dtype=bool))
    assert in_list(nothing, low, high).count == 0


def slid(score: np.ndarray, land: np.ndarray, needs: SiteNeeds) -> list[tuple[float, np.ndarray]]:
    """
    Every rectangle and disc of the size of a site, at every place where all of it is land.

    Shapes are those of all the cells that are wanted, so that their means can be compared.
    """
    found = []
    masks = [
        np.ones((h, w), dtype=bool)
        for h in range(needs.width_cells, needs.cells + 1)
        for w in range(needs.width_cells, needs.cells // h + 1)
        if h * w == needs.cells
    ]
    # Around a corner, a disc of 24 cells; around a centre there is none of so many.
    down, right = np.mgrid[-9:10, -9:10] + 0.5
    radius = max(
        r for r in range(82) if (down**2 + right**2 <= r).sum() <= needs.cells
    )  # fmt: skip
    disc = down**2 + right**2 <= radius
    rows, cols = np.flatnonzero(disc.any(axis=1)), np.flatnonzero(disc.any(axis=0))
    masks.append(disc[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1])
    for mask in masks:
        at = np.argwhere(mask)
        for r in range(score.shape[0] - mask.shape[0] + 1):
            for c in range(score.shape[1] - mask.shape[1] + 1):
                cells = at + np.array([r, c])
                if land[tuple(cells.T)].all():
                    found.append((float(score[tuple(cells.T)].mean()), cells))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_no_rectangle_or_disc_slid_over_all_land_is_clearly_better(seed):
    score = field(seed, (36, 44))
    land = np.random.default_rng(seed).random(score.shape) > 0.04
    needs = SiteNeeds(24, 18, 0.3, 5, spacing_cells=4, width_cells=3)
    label = grow_sites(score, land, needs)
    assert label.max() == 5
    worth = [float(score[label == k].mean()) for k in range(1, 6)]
    assert worth == sorted(worth, reverse=True)
    # Whatever is better than a site was not free any more: too near to a better one.
    for mean, cells in slid(score, land, needs):
        for k in range(1, 6):
            if mean > worth[k - 1] + 0.02:
                nearer = np.zeros(score.shape, dtype=bool)
                nearer[tuple(cells.T)] = True
                assert any(gap_between(nearer, label == j) < 4 for j in range(1, k)), (k, mean)


def gap_between(one: np.ndarray, other: np.ndarray) -> float:
    """Measure between the outlines of two pieces, in sides of a cell: cell by cell."""
    a, b = np.argwhere(one)[:, None], np.argwhere(other)[None]
    apart = np.maximum(np.abs(a - b) - 1, 0)
    return float(np.hypot(apart[..., 0], apart[..., 1]).min())


def test_a_strip_of_good_land_beside_poor_land_is_found():
    score = np.full((40, 40), 0.5, dtype=np.float32)
    score[5:11, 5:11] = 0.6
    score[20:23, 8:16] = 0.9
    for turn in range(2):
        turned = np.rot90(score, turn).copy()
        label = grow_sites(turned, turned > 0.55, SiteNeeds(24, 20, 0.3, 2, width_cells=3))
        assert ((label == 1) == (turned > 0.8)).all()
    # Not where the strip is narrower than asked for.
    narrow = grow_sites(score, score > 0.55, SiteNeeds(24, 20, 0.3, 2, width_cells=4))
    assert not narrow[20:23].any()
    # Nor where sites must be more compact than a strip.
    compact = grow_sites(
        score, score > 0.55, SiteNeeds(24, 20, 0.3, 2, width_cells=3, least_compactness=0.9)
    )
    assert not compact[20:23].any()


@pytest.mark.parametrize("gap", [1.0, 3.0, 3.5, 10.0])
def test_the_gap_is_between_outlines_in_every_direction(gap):
    score = field(3, (90, 90))
    label = grow_sites(score, everywhere(score), SiteNeeds(30, 30, 0.0, 8, spacing_cells=gap))
    found = [label == k for k in range(1, int(label.max()) + 1)]
    gaps = [gap_between(a, b) for k, a in enumerate(found) for b in found[:k]]
    assert min(gaps) >= gap
    # And no wider than asked for: somewhere land just so far away is taken.
    if gap <= 3:
        assert min(gaps) < gap + 2


@pytest.mark.parametrize("across", [1, 2, 3, 5, 8])
def test_every_shape_that_is_slid_meets_the_demands_and_is_summed_as_it_is(across):
    shapes = shapes_to_slide(70, 40, across, 0.3)
    assert shapes.masks
    rng = np.random.default_rng(across)
    for mask, end, begin in zip(shapes.masks, shapes.ends, [0, *shapes.ends], strict=False):
        assert 40 <= mask.sum() <= 70
        assert compactness(mask) >= 0.3
        assert (wide_enough(np.pad(mask, 1), across) == np.pad(mask, 1)).all()
        values = rng.integers(0, 99, mask.shape)
        runs = shapes.runs[begin:end]
        assert sum(values[a:b, c:d].sum() for a, b, c, d in runs) == values[mask].sum()
    # What one shape is, another is lying down.
    kept = {mask.tobytes() + bytes(mask.shape) for mask in shapes.masks}
    assert {m.T.copy().tobytes() + bytes(m.T.shape) for m in shapes.masks} == kept
