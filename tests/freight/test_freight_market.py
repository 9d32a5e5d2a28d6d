"""From where rail is worth it: break-even by trial and by formula, market areas by hand."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maemoh_gis import files
from maemoh_gis.core.grid import Grid
from maemoh_gis.freight.boxes import BOXES, ONE_WAY, WayBack, break_even_km, waiting_of
from maemoh_gis.freight.engine import Terms, move
from maemoh_gis.freight.market import market_area, market_polygons
from maemoh_gis.freight.tariffs import CASES, Tariffs, read_tariffs
from maemoh_gis.freight.world import Demand, Flow, Gateway, Railhead, Spread, World
from tests.paths import LAYERS

TARIFFS = read_tariffs(files.read_csv(LAYERS / "tariffs.csv"))
PRICES = TARIFFS.prices()
BACKS = {"none": ONE_WAY, "balanced": WayBack(1.0)}


def break_even_by_trial(
    box: str,
    tariffs: Tariffs,
    terms: Terms,
    *,
    rail_per_road_km: float = 1.0,
    drayage_km: float = 0.0,
    most_km: float = 3000.0,
    to_km: float = 0.01,
) -> float:
    """Find by trial from which km by road a box goes by rail, straight on; NaN if never."""

    def by_rail(km: float) -> bool:
        length, rail = Spread(km, km, km), km * rail_per_road_km
        demand = Demand("door", "any", box, "out", Spread(1.0, 1.0, 1.0), "ASSUMPTION")
        corridor = World(
            (Flow(demand, "gateway", 1.0),),
            (Gateway("gateway", "port"),),
            (Railhead("yard", "yard"),),
            {("door", "gateway"): length},
            {("door", "yard"): drayage_km},
            {("yard", "gateway"): Spread(rail, rail, rail)},
            {},
        )
        return move(corridor, tariffs, replace(terms, choice="least")).captured("yard") > 0

    if not by_rail(most_km):
        return math.nan
    low, high = 0.0, most_km
    while high - low > to_km:
        middle = (low + high) / 2.0
        low, high = (low, middle) if by_rail(middle) else (middle, high)
    return high


@settings(max_examples=40, deadline=None)
@given(
    box=st.sampled_from(list(BOXES)),
    case=st.sampled_from(CASES),
    empties=st.sampled_from(list(BACKS)),
    ratio=st.floats(0.8, 1.3),
    drayage=st.floats(0, 80),
)
def test_break_even_by_trial_is_that_of_the_closed_form(box, case, empties, ratio, drayage):
    terms = Terms(2569, case=case, empties=empties)
    found = break_even_by_trial(box, TARIFFS, terms, rail_per_road_km=ratio, drayage_km=drayage)
    prices = TARIFFS.prices(case)
    waiting = waiting_of(prices, terms.stated_road_km, terms.stated_rail_km)
    solved = break_even_km(BOXES[box], prices, BACKS[empties], waiting, rail_per_road_km=ratio,
                           drayage_km=drayage)  # fmt: skip
    if math.isnan(solved) or solved > 2990:
        assert math.isnan(found) or found > 2950
    else:
        assert found == pytest.approx(solved, rel=0.01, abs=0.02)


def test_a_light_box_never_breaks_even_at_central_prices():
    terms = Terms(2569, empties="balanced")
    assert math.isnan(break_even_by_trial("light_20", TARIFFS, terms))


GRID = Grid("EPSG:32647", 1000.0, 2000, 500, 1, 4)


def area(**changed):
    """
    Four cells; the yard beside the first, the rival beside the last, 739 km from the port by rail.

    A km of drayage beyond 25 costs 40 THB, a km of rail 12: with a rival 75 km nearer to the port
    the border lies where drayage to the yard costs 900 THB and the waiting of 75 km more.
    """
    to_yard = np.array([[5.0, 40.0, 60.0, 80.0]])
    to_rival = np.array([[80.0, 60.0, 40.0, np.nan]])
    to_port = np.array([[700.0, 700.0, 700.0, np.nan]])
    given = {
        "to_railheads_km": {"yard": to_yard, "rival": to_rival},
        "to_gateway_km": to_port,
        "rail_km": {"yard": 739.0, "rival": 664.0},
        "box": "heavy_20",
        "prices": PRICES,
        "back": ONE_WAY,
        "terms": Terms(2569),
    } | changed
    return market_area(**given)


def test_each_cell_takes_its_cheapest_way():
    # Yard to rival: drayage 0, 600, 1,400, 2,200 against 2,200, 1,400, 600, none; rail 900 more.
    assert area().cheapest.tolist() == [[2, 3, 3, 2]]
    assert area(box="light_20").cheapest.tolist() == [[1, 1, 1, 2]]
    assert area(box="light_20").nearest.tolist() == [[2, 3, 3, 2]]


def test_with_the_empty_by_rail_the_road_wins_and_the_areas_among_railheads_stay():
    market = area(back=WayBack(1.0))
    assert market.cheapest.tolist() == [[1, 1, 1, 2]]
    # The empty makes rail 75 x 7 dearer: 900 + 525 + waiting, still less than 2,200.
    assert market.nearest.tolist() == [[2, 3, 3, 2]]


def test_a_cell_without_a_way_is_unknown():
    lost = {"yard": np.full((1, 4), np.nan)}
    market = area(to_railheads_km=lost)
    assert market.cheapest.tolist() == [[1, 1, 1, 0]]
    assert market.nearest.tolist() == [[0, 0, 0, 0]]


def test_market_areas_are_outlined_in_whole_cells():
    frame = market_polygons(area(), GRID)
    rows = list(frame[["railhead", "against_road", "area_m2"]].itertuples(index=False, name=None))
    assert rows == [
        ("yard", True, 2e6),
        ("rival", True, 2e6),
        ("yard", False, 2e6),
        ("rival", False, 2e6),
    ]
    assert frame.geometry.area.tolist() == [2e6] * 4
    assert market_polygons(area(to_railheads_km={}), GRID).empty
