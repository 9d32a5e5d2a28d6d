"""Long distances from few published ones: kilometre posts, ways out of the region, tracks."""

import math

import numpy as np
import pytest

from maemoh_gis import files
from maemoh_gis.core.errors import LayerError
from maemoh_gis.freight.distances import (
    Linehaul,
    OnLine,
    Stretch,
    between,
    rail_distance,
    read_linehaul,
    road_beyond,
    tracks_between,
)
from maemoh_gis.freight.world import Spread
from tests.paths import LAYERS

TABLE = read_linehaul(files.read_csv(LAYERS / "linehaul_distances.csv"))
MAE_MO = OnLine("Mae Mo station", 609.1)
LAMPANG = OnLine("Nakhon Lampang station", 642.29)
DEN_CHAI = OnLine("Den Chai station", 533.94)
KNOWN = [MAE_MO, LAMPANG, DEN_CHAI]
PORT, DEPOT, BORDER = "Laem Chabang port", "Lat Krabang ICD", "Chiang Khong"
JUNCTION = 533.94


def test_a_station_between_two_known_ones_follows_its_post():
    """Huai Rak Mai: 739 km from Mae Mo, 5.7 km more."""
    found = rail_distance(OnLine("Huai Rak Mai", 614.8), PORT, TABLE, KNOWN, 2569)
    assert found == Spread(737.7, 744.7, 757.7)


def test_stations_that_are_published_agree_with_their_posts():
    rest = [one for one in KNOWN if one is not DEN_CHAI]
    lone = OnLine("elsewhere", DEN_CHAI.km_post)
    derived = rail_distance(lone, PORT, TABLE, rest, 2569)
    published = rail_distance(DEN_CHAI, PORT, TABLE, KNOWN, 2569)
    assert derived.central == pytest.approx(published.central, abs=1)


def test_a_station_south_of_the_junction_goes_north_to_the_new_line():
    # Mae Mo - Den Chai 75.16 km leaves 322.84 of 398; from Pak Nam Pho 281 km to the junction.
    far = rail_distance(OnLine("Pak Nam Pho", 252.94), BORDER, TABLE, KNOWN, 2571,
                        joins_km_post=JUNCTION)  # fmt: skip
    assert far.central == pytest.approx(281 + 398 - 75.16)


def test_a_station_of_a_branch_counts_the_branch():
    ngao = OnLine("somewhere on the branch", 533.94, branch_km=104.0)
    # From Nakhon Lampang, the known place nearest to it: 108.35 km to the junction.
    found = rail_distance(ngao, DEPOT, TABLE, KNOWN, 2571)
    assert found.central == pytest.approx(104 + 665 - 108.35)


def test_no_line_before_its_year_and_the_shorter_of_two_routes():
    assert rail_distance(MAE_MO, BORDER, TABLE, KNOWN, 2570, joins_km_post=JUNCTION) is None
    assert between(TABLE, "Mae Mo station", DEPOT, "rail", 2569).central == 632
    assert between(TABLE, PORT, "Lampang city", "road", 2569).central == 700
    assert between(TABLE, "Mae Mo station", "Moon", "rail", 2569) is None


def test_a_road_leaves_by_the_nearer_exit():
    """
    Two exits, 90 km and 100 km from the city, which lies 700 km from the port by both.

    A place 20 km from the first has 20 + 610 = 630 km; one that reaches only the second at 50 km
    has 50 + 600.
    """
    to_exits = np.array([[20.0, 180.0], [math.nan, 50.0], [math.nan, math.nan]])
    found = road_beyond(to_exits, np.array([90.0, 100.0]), Spread(680, 700, 735))
    assert found[0] == Spread(610, 630, 665)
    assert found[1].central == 650
    assert math.isnan(found[2].central)


def test_tracks_are_counted_by_stretch():
    parts = [Stretch(252.94, 533.94, double=True), Stretch(533.94, 751.42, double=False)]
    track = tracks_between(MAE_MO, parts, to_km_post=0.0)
    assert (track.single_km, track.double_km) == (pytest.approx(75.16), pytest.approx(281.0))
    new = tracks_between(OnLine("Ngao", 533.94, 104.0), parts, to_km_post=0.0)
    assert (new.single_km, new.double_km) == (0.0, pytest.approx(385.0))


ROW = {"from_place": "A", "to_place": "B", "mode": "rail", "km_low": "1", "km_central": "2",
       "km_high": "3", "open_year_be": "", "confidence": "M"}  # fmt: skip


def test_a_row_without_a_range_counts_three_times():
    (found,) = read_linehaul([ROW | {"km_low": "", "km_high": ""}])
    assert found == Linehaul("A", "B", "rail", Spread(2, 2, 2), None, "M")


@pytest.mark.parametrize("km", ["-2", "far", "inf", "0.5"])
def test_faulty_distances_are_refused_with_their_lines(km):
    with pytest.raises(LayerError) as caught:
        read_linehaul([ROW, ROW | {"km_central": km}, ROW | {"km_high": "-1"}], file="far.csv")
    assert [(f.code, f.file, f.line, f.key) for f in caught.value.faults] == [
        ("freight_distance", "far.csv", 3, "A – B"),
        ("freight_distance", "far.csv", 4, "A – B"),
    ]
