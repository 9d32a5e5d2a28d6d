"""Uses share the land without overlap, whatever their order, and the balance adds up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from maemoh_gis.sites.available_land import AvailableLand
from maemoh_gis.sites.delineate import SiteNeeds
from maemoh_gis.sites.land_mix import balance_table, mix_uses
from maemoh_gis.suitability.limits import State
from tests.sites.given import Given, grow_sites

SHAPE = (50, 60)


def field(seed, shape=SHAPE):
    noise = ndimage.gaussian_filter(np.random.default_rng(seed).normal(size=shape), 4)
    return ((noise - noise.min()) / np.ptp(noise)).astype(np.float32)


def rivals(seed, *, priorities=(1, 1, 1)):
    """Three uses that want much the same land."""
    common = field(seed)
    return {
        use: Given(
            (0.7 * common + 0.3 * field(seed + k + 1)).astype(np.float32),
            field(seed + k + 10) > 0.3,
            SiteNeeds(cells, cells // 2, 0.3, count, 2, width_cells=width),
            priority,
        )
        for k, (use, cells, count, width, priority) in enumerate(
            zip("abc", (120, 60, 40), (2, 3, 4), (3, 1, 2), priorities, strict=True)
        )
    }


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_no_cell_belongs_to_two_uses_and_every_site_meets_its_needs(seed):
    contenders = rivals(seed)
    shares = mix_uses(contenders)
    assert sum((share.label > 0).astype(int) for share in shares.values()).max() <= 1
    for use, share in shares.items():
        needs = contenders[use].needs
        sizes = np.bincount(share.label.ravel())[1:]
        assert ((needs.least_cells <= sizes) & (sizes <= needs.cells + needs.width_cells)).all()
        assert contenders[use].usable[share.label > 0].all()
        assert len(sizes) + share.missing == needs.count


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10_000), st.permutations(["a", "b", "c"]))
def test_the_order_of_uses_changes_nothing(seed, order):
    contenders = rivals(seed)
    straight, mixed = mix_uses(contenders), mix_uses({use: contenders[use] for use in order})
    assert list(mixed) == list(order)
    for use in order:
        assert (straight[use].label == mixed[use].label).all()


def test_a_use_without_rivals_gets_what_it_would_have_alone():
    alone = rivals(3)["a"]
    share = mix_uses({"a": alone})["a"]
    assert (share.label == grow_sites(alone.score, alone.usable, alone.needs)).all()
    assert (share.moved, share.alone) == (0, share.label.max())


def two_places(priorities=(1, 1)):
    """One place both want; a second that only suits the first use."""
    usable = np.zeros((10, 30), dtype=bool)
    usable[2:6, 2:6] = True
    usable[2:6, 20:24] = True
    near, far = np.zeros((2, *usable.shape), dtype=np.float32)
    near[:, :15], near[:, 15:] = 0.9, 0.8
    far[:, :15] = 0.7
    needs = SiteNeeds(16, 16, 0.5, 1)
    return {
        "either": Given(near, usable, needs, priorities[0]),
        "only": Given(far, usable, needs, priorities[1]),
    }


def test_a_use_with_a_choice_gives_way_to_one_without():
    shares = mix_uses(two_places())
    assert (shares["either"].label[2:6, 20:24] == 1).all()
    assert (shares["only"].label[2:6, 2:6] == 1).all()
    assert shares["either"].moved == 1


def test_a_more_pressing_use_chooses_first():
    shares = mix_uses(two_places(priorities=(1, 2)))
    assert (shares["either"].label[2:6, 2:6] == 1).all()
    assert shares["only"].missing == 1


def test_a_use_whose_place_is_taken_looks_again_at_the_land_left():
    usable = np.zeros((12, 40), dtype=bool)
    usable[2:8, 2:38] = True
    score = np.full(usable.shape, 0.5, dtype=np.float32)
    score[2:8, 10:16] = 0.9
    first = Given(score, usable, SiteNeeds(36, 36, 0.2, 1), priority=1)
    second = Given(score, usable, SiteNeeds(60, 60, 0.2, 2), priority=2)
    shares = mix_uses({"first": first, "second": second})
    assert shares["first"].label[2:8, 10:16].all()
    assert shares["second"].label.max() >= 1
    assert not (shares["second"].label[2:8, 10:16]).any()


def test_no_land_left_is_an_answer():
    contender = rivals(1)["a"]
    nowhere = Given(contender.score, np.zeros(SHAPE, dtype=bool), contender.needs)
    share = mix_uses({"a": nowhere})["a"]
    assert (share.label.max(), share.alone, share.missing) == (0, 0, 2)


@pytest.mark.parametrize("seed", range(4))
def test_the_balance_adds_up_to_the_study_area_to_one_cell(seed):
    rng = np.random.default_rng(seed)
    study = field(seed + 20) > 0.2
    contenders, states = {}, {}
    for use, contender in rivals(seed).items():
        state = rng.integers(1, 5, SHAPE).astype(np.uint8)
        state[contender.usable] = State.ALLOWED
        state[~study] = State.OUTSIDE
        states[use] = state
        contenders[use] = Given(contender.score, contender.usable & study, contender.needs)
    rows = balance_table(study, states, mix_uses(contenders))
    assert sum(row.cells for row in rows) == study.sum()
    assert [row.part for row in rows[3:]] == ["open", "conditional", "unknown", "removed"]


class Read:
    """Land of a use that is read whenever it is asked for, as from a file."""

    barrier = fillable = None

    def __init__(self, seed, needs, shape):
        self.seed, self.needs, self.shape, self.priority = seed, needs, shape, 1

    @property
    def score(self):
        return field(self.seed, self.shape)

    @property
    def usable(self):
        return field(self.seed + 100, self.shape) > 0.45


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_uses():
    import tracemalloc

    shape = (300, 400)
    peaks = {}
    for uses in (1, 6):
        # More sites than there is land for, so that every use has to look again.
        needs = SiteNeeds(400, 300, 0.3, 200, 2, width_cells=5)
        seekers = {f"use{k}": Read(k, needs, shape) for k in range(uses)}
        tracemalloc.start()
        shares = mix_uses(seekers)
        peaks[uses] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert all(share.missing > 0 for share in shares.values())
    # Each further use rests in its masks as bits, its scores on the land and its pieces.
    assert peaks[6] < peaks[1] + 5 * 12 * 300 * 400


def test_land_that_rested_goes_on_as_if_it_had_not():
    needs = SiteNeeds(60, 40, 0.3, 5, 2, width_cells=3, hole_cells=4)
    rested, awake = (AvailableLand(Read(7, needs, SHAPE)) for _ in range(2))
    for _ in range(3):
        rested = rested.rest().wake()
        one, other = rested.best_piece(), awake.best_piece()
        assert one is not None
        assert np.array_equal(one.rows, other.rows)
        assert np.array_equal(one.cols, other.cols)
        assert (one.counted, one.score_sum) == (other.counted, other.score_sum)
        for land in (rested, awake):
            land.take(one, needs.spacing_cells)
