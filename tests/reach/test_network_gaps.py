"""Between which places the drawn roads lead so far round that one must be missing."""

import json

import geopandas as gpd
import pytest
import shapely

from maemoh_gis.layers.audit import audit_folder
from maemoh_gis.network.detours import is_gap
from maemoh_gis.network.graph import road_graph
from maemoh_gis.network.places import with_places
from maemoh_gis.network.stages import BuiltNetwork, NamedPlace
from maemoh_gis.reach.gaps import audit_layers, gaps_of
from maemoh_gis.reach.queries import open_network
from maemoh_gis.runs.project import Project, prepare
from tests.network.lines import CRS, X, Y, roads
from tests.paths import FROZEN_LAYERS, FROZEN_SCENARIOS


def built(**places):
    """Put places on a road that goes 5 km east, 2 km north and 5 km back west."""
    graph = road_graph(roads([(0, 0), (5_000, 0), (5_000, 2_000), (0, 2_000)]), CRS)
    spots = [shapely.Point(X + x, Y + y) for x, y in places.values()]
    frame = gpd.GeoDataFrame({"name_en": list(places)}, geometry=spots, crs=CRS)
    graph, landings = with_places(graph, frame, most_m=1)
    named = tuple(
        NamedPlace("towns", f"บ้าน{name}", name, (X, Y), landing.node)
        for name, landing in zip(places, landings, strict=True)
    )
    return BuiltNetwork(graph, (), named)


def test_ways_of_more_than_twice_the_straight_line_are_listed_the_longest_first():
    # South to North: 12 km round for 2. South to Bend: straight along the road.
    gaps, pairs = gaps_of(
        built(South=(0, 0), North=(0, 2_000), Bend=(5_000, 0), Half=(2_500, 2_000))
    )
    assert pairs == 6
    assert [(gap.start_en, gap.end_en) for gap in gaps] == [("South", "North"), ("South", "Half")]
    assert gaps[0].way_km == pytest.approx(12.0)
    assert gaps[0].straight_km == pytest.approx(2.0)
    assert gaps[0].times == pytest.approx(6.0)
    assert gaps[0].start_th == "บ้านSouth"


def test_places_at_one_node_and_places_no_road_joins_are_no_pairs():
    assert gaps_of(built(A=(0, 0), B=(0, 0))) == ([], 0)


@pytest.fixture(scope="module")
def lampang():
    resolved, catalog = prepare(Project(FROZEN_LAYERS, FROZEN_SCENARIOS), "baseline")
    return open_network(resolved.scenario, catalog).built


def test_the_roads_of_lampang_lack_the_one_from_chae_hom_to_mueang_pan(lampang):
    gaps, pairs = gaps_of(lampang)
    found = {frozenset((gap.start_en, gap.end_en)): gap for gap in gaps}
    assert found[frozenset(("Chae Hom", "Mueang Pan"))].way_km == pytest.approx(106, abs=1)
    assert frozenset(("Soem Ngam", "Ko Kha")) in found
    assert frozenset(("Mae Mo", "Mueang Lampang")) not in found
    assert len(gaps) / pairs == pytest.approx(0.12, abs=0.03)
    assert all(is_gap(gap.way_km, gap.straight_km) for gap in gaps)


def test_the_audit_of_layers_notes_it_and_finds_all_else_as_before():
    report, before = audit_layers(FROZEN_LAYERS), audit_folder(FROZEN_LAYERS)
    assert report.findings[: len(before.findings)] == before.findings
    (gap,) = report.findings[len(before.findings) :]
    assert (gap.code, gap.key, gap.severity) == ("network_gap", "roads", "notes")
    assert gap.values["n"] > 30


def test_network_audit_says_so(monkeypatch, capsys):
    from maemoh_gis.cli import main

    asked = ["--layers", str(FROZEN_LAYERS), "--scenarios", str(FROZEN_SCENARIOS)]
    for more in ([], ["--json"]):
        monkeypatch.setattr("sys.argv", ["maemoh-gis", "network", "audit", *asked, *more])
        with pytest.raises(SystemExit):
            main()
    plain, _, data = capsys.readouterr().out.partition("\n{")
    assert "Chae Hom – Mueang Pan: 106 km by road, 11.0 km straight (9.6 times)" in plain
    assert {"th", "en"} == set(json.loads("{" + data)["gaps"][0]["from"])
