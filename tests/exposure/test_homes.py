"""Where people may live: estimates that each add up, and what they leave open."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from maemoh_gis.core.grid import Grid
from maemoh_gis.exposure.homes import central_shares, extreme, open_land, place
from maemoh_gis.exposure.population import Near, People, near
from maemoh_gis.exposure.words import LEAST_TOLD, people_between, told

# Two subdistricts of 1 x 1 km side by side on cells of 100 m, with 200 and 1,000 people.
GRID = Grid("EPSG:32647", 100.0, 5000, -20000, 10, 20)
WEST_M, SOUTH_M, _, _ = GRID.bounds
ZONE = np.where(np.arange(20) < 10, 1, 2) * np.ones((10, 1), dtype=np.int64)
COUNTS = np.array([200.0, 1000.0])


def box(west, south, east, north):
    return shapely.box(WEST_M + west, SOUTH_M + south, WEST_M + east, SOUTH_M + north)


LANDS = (box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000))


def cells(*places):
    weight = np.zeros(GRID.shape)
    for row, col in places:
        weight[row, col] += 1.0
    return weight


def people_of(*weights, believed=None, sure=None, zone=ZONE, grid=GRID):
    sure = sure or [True] * len(weights)
    placed = [place(w, zone, COUNTS, sure=s) for w, s in zip(weights, sure, strict=True)]
    believed = believed or [(1 / len(weights), 1.0)] * len(weights)
    return People(
        grid, zone, COUNTS, tuple(placed), tuple(believed),
        shapely.union_all(LANDS), tuple(zip(LANDS, COUNTS.tolist(), strict=True)),
    )  # fmt: skip


EVEN = np.ones(GRID.shape)


@given(
    st.lists(st.floats(0, 1e6), min_size=200, max_size=200),
    st.lists(st.booleans(), min_size=200, max_size=200),
)
@settings(max_examples=50)
def test_every_subdistrict_sums_to_its_count_whatever_shows_its_homes(weights, closed):
    weight = np.array(weights).reshape(GRID.shape)
    land = open_land(ZONE, [np.array(closed).reshape(GRID.shape)], 2)
    for placed in (place(weight, ZONE, COUNTS), place(land.astype(float), ZONE, COUNTS)):
        of = ZONE.ravel()[placed.at] - 1
        sums = np.bincount(of, weights=placed.people, minlength=2)
        assert sums == pytest.approx(np.where(placed.told, COUNTS, 0.0))
    assert placed.told.all(), "land is left out only where other land remains"


def test_homes_that_are_planted_draw_people_to_them():
    before = people_of(cells((5, 5), (5, 15)), EVEN)
    after = people_of(cells((5, 5), (5, 15), (1, 1), (1, 1), (1, 1)), EVEN)
    here = box(100, 800, 200, 900)
    (few,), (more,) = (near(here, one, [10]) for one in (before, after))
    assert few.central == pytest.approx(200 / 100 / 2)
    assert more.central == pytest.approx((200 * 3 / 4 + 200 / 100) / 2)
    assert more.high == pytest.approx(150)
    assert few.high == pytest.approx(2)
    other = box(1500, 400, 1600, 500)
    assert near(other, before, [10])[0] == near(other, after, [10])[0]


def test_the_ends_are_the_least_and_most_that_any_mixture_puts_there():
    """Three estimates say 0, 50 and 200 of the land; none is right for more than half."""
    said, most = np.array([[50.0], [200.0], [0.0]]), np.array([0.5, 0.5, 0.5])
    assert extreme(said, most, greatest=False) == pytest.approx(25)
    assert extreme(said, most, greatest=True) == pytest.approx(125)
    assert extreme(said, np.ones(3), greatest=False) == 0
    assert extreme(said, np.ones(3), greatest=True) == 200


def test_an_estimate_that_says_nothing_of_a_subdistrict_leaves_its_share_to_the_others():
    shares = central_shares(np.array([[True, False], [True, True]]), np.array([0.75, 0.25]))
    assert shares.tolist() == [[0.75, 0.0], [0.25, 1.0]]
    nobody = central_shares(np.array([[True], [True]]), np.array([0.0, 0.0]))
    assert nobody.tolist() == [[0.5], [0.5]]


weights_of_cells = st.lists(st.floats(0, 100), min_size=200, max_size=200)


@given(
    st.lists(weights_of_cells, min_size=1, max_size=3),
    st.tuples(*[st.integers(0, 1800)] * 2), st.floats(60, 1500), st.data(),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_low_central_and_high_are_in_order_and_taking_a_layer_out_never_narrows(
    layers, at, radius, data
):
    layers = [np.array(one).reshape(GRID.shape) for one in layers]
    raw = data.draw(st.lists(st.integers(1, 9), min_size=len(layers) + 1, max_size=4))
    shares = np.array(raw[: len(layers) + 1], dtype=float)
    shares /= shares.sum()
    tops = [data.draw(st.floats(share, 1.0)) for share in shares]
    believed = list(zip(shares.tolist(), tops, strict=True))
    point = shapely.Point(WEST_M + at[0], SOUTH_M + at[1] / 2)
    (found,) = near(point, people_of(*layers, EVEN, believed=believed), [radius])
    assert 0 <= found.low <= found.central <= found.high <= COUNTS.sum() * (1 + 1e-9)
    without = [np.zeros(GRID.shape), *layers[1:]]
    (wider,) = near(point, people_of(*without, EVEN, believed=believed), [radius])
    assert wider.low <= found.low + 1e-6
    assert wider.high >= found.high - 1e-6
    assert wider.low <= wider.central <= wider.high


def test_even_land_that_is_not_known_whole_widens_too():
    sure = people_of(cells((5, 5), (5, 15)), EVEN)
    unsure = people_of(cells((5, 5), (5, 15)), EVEN, sure=[True, False])
    here = box(100, 800, 200, 900)
    (known,), (open_,) = (near(here, one, [10]) for one in (sure, unsure))
    assert (known.low, known.high) == (0.0, 2.0)
    assert (open_.low, open_.high) == (0.0, 200.0)
    assert open_.central == known.central


def test_everybody_of_a_subdistrict_is_on_all_of_its_land_whatever_is_absent():
    people = people_of(np.zeros(GRID.shape), EVEN, sure=[True, False])
    (found,) = near(LANDS[0], people, [10])
    assert (found.low, found.central, found.high) == pytest.approx((200, 200, 200))


def test_turned_with_all_there_is_the_same_people_are_near():
    rng = np.random.default_rng(2569)
    weight = rng.random(GRID.shape)
    here = box(300, 200, 450, 750)
    (found,) = near(here, people_of(weight, EVEN), [150])
    # Half a turn about the middle of the grid.
    middle = (WEST_M + 1000, SOUTH_M + 500)
    turned = shapely.transform(here, lambda xy: 2 * np.array(middle) - xy)
    zone, other = ZONE[::-1, ::-1], weight[::-1, ::-1]
    (after,) = near(turned, people_of(other, EVEN, zone=zone), [150])
    numbers = [(one.low, one.central, one.high) for one in (found, after)]
    assert numbers[0] == pytest.approx(numbers[1])


def test_shifted_with_all_there_is_the_same_people_are_near():
    weight = np.random.default_rng(2569).random(GRID.shape)
    far = Grid(GRID.crs, 100.0, GRID.col0 + 37, GRID.row0 - 61, 10, 20)
    here = box(300, 200, 450, 750)
    there = shapely.transform(here, lambda xy: xy + np.array([3700.0, 6100.0]))
    moved = people_of(weight, EVEN, grid=far)
    lands = shapely.transform(moved.counted, lambda xy: xy + np.array([3700.0, 6100.0]))
    moved = People(far, ZONE, COUNTS, moved.placed, moved.believed, lands)
    found, after = (near(a, b, [150])[0] for a, b in
                    ((here, people_of(weight, EVEN)), (there, moved)))  # fmt: skip
    assert (found.low, found.central, found.high) == (after.low, after.central, after.high)


def numbers(low, central, high):
    return told(Near(low, central, high, 0.0))


def test_fewer_than_may_be_told_apart_are_never_told():
    assert LEAST_TOLD == 25
    assert numbers(0, 0, 0) == (0, 25, 25), "nobody is never said"
    assert numbers(7, 8, 9) == (0, 25, 25)
    assert numbers(24, 30, 51) == (0, 25, 75)
    assert numbers(49.9, 50, 50.1) == (25, 50, 75)
    assert told(Near(*[float("nan")] * 3, 1.0)) is None


@given(st.tuples(*[st.floats(0, 1e6)] * 3).map(sorted))
def test_what_is_told_holds_what_was_found(found):
    low, central, high = numbers(*found)
    assert low <= found[0]
    assert high >= found[2]
    assert low <= central <= high
    assert all(n % 25 == 0 for n in (low, central, high))
    assert central > 0


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ((30, 37, 60), "25 (25 to 75)"),
        ((26, 26, 26), "25 (25 to 50)"),
        ((25, 25, 25), "25"),
        ((49, 62, 63), "50 (25 to 75)"),
        ((24, 37.5, 51), "50 (fewer than 25 to 75)"),
        ((24, 30, 51), "25 (fewer than 25 to 75)"),
        ((7, 8, 25), "25 or fewer"),
        ((0, 0, 0), "25 or fewer"),
    ],
)
def test_no_figure_is_said_to_be_smaller_than_it_is(found, said):
    assert people_between(*numbers(*found))["en"] == said


@given(st.tuples(*[st.floats(0, 200)] * 3).map(sorted))
def test_words_bound_from_above_only_what_lies_below(found):
    said = people_between(*numbers(*found))["en"]
    assert not said.startswith("fewer than 25")
    assert ("fewer than 25" not in said) or found[0] < 25
    assert ("25 or fewer" not in said) or found[2] <= 25


# A third subdistrict of 30 x 30 m in the west holds the centre of no cell.
SLIVER = box(110, 810, 140, 840)


def people_with_sliver(weight):
    counts = np.array([200.0, 1000.0, 40.0])
    placed = (place(weight, ZONE, counts), place(EVEN, ZONE, counts))
    lands = (shapely.difference(LANDS[0], SLIVER), LANDS[1], SLIVER)
    held = tuple(zip(lands, counts.tolist(), strict=True))
    whole = shapely.union_all(lands)
    return People(GRID, ZONE, counts, placed, ((0.5, 1.0), (0.5, 1.0)), whole, held)


HERE = box(0, 500, 400, 900)


@pytest.mark.parametrize(
    ("land", "sliver"),
    [
        (box(1500, 400, 1600, 500), (0, 0, 0)),
        (HERE, (40, 40, 40)),
        (box(20, 700, 125 - 10, 900), (0, 20, 40)),
    ],
)
def test_a_subdistrict_without_a_cell_adds_its_people_to_what_touches_it(land, sliver):
    weight = cells((5, 5), (5, 15))
    (known,) = near(land, people_of(weight, EVEN), [10])
    (found,) = near(land, people_with_sliver(weight), [10])
    before = np.array([known.low, known.central, known.high])
    after = np.array([found.low, found.central, found.high])
    assert after - before == pytest.approx(np.array(sliver), abs=0.5)
    assert found.low <= found.central <= found.high


def test_of_subdistricts_without_a_cell_alone_nothing_is_nan():
    """Counts of 1,000 and 40, the cells of the second held by the first, one sure estimate."""
    zone, counts = np.ones(GRID.shape, dtype=np.int64), np.array([1000.0, 40.0])
    lands = tuple(zip((shapely.union_all(LANDS), SLIVER), counts.tolist(), strict=True))
    people = People(
        GRID, zone, counts, (place(EVEN, zone, counts),), ((1.0, 1.0),), lands[0][0], lands
    )
    (found,) = near(box(500, 0, 900, 300), people, [10])
    assert (found.low, found.central, found.high) == pytest.approx((60, 60, 60))
    assert told(found) == (50, 50, 75)
    (lone,) = near(SLIVER, people, [0.5])
    assert lone.low <= lone.central <= lone.high
    assert lone.high >= 40


def test_land_is_left_out_only_where_other_land_remains():
    closed = np.zeros(GRID.shape, dtype=bool)
    closed[:, 3:] = True
    land = open_land(ZONE, [closed], 2)
    assert land[:, :3].all()
    assert not land[:, 3:10].any()
    assert land[:, 10:].all(), "the east would have no land at all"


def test_a_window_beside_the_counted_land_has_nobody():
    people = people_of(EVEN)
    away = shapely.transform(LANDS[1], lambda xy: xy + np.array([50_000.0, 0.0]))
    (found,) = near(away, people, [500])
    assert np.isnan(found.central)
    assert found.uncounted_share == 1
