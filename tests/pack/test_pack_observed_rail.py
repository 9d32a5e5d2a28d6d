"""The observed tracks: one connected line with the loops, yards and spurs that are known."""

from dataclasses import replace

import networkx as nx
import pytest

from maemoh_gis import files
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.layers.lines import rail_faults
from pack import observed_rail
from pack.noding import Way, crossing_pairs, on_grid
from pack.observed_rail import TrackFacts, with_loops
from pack.traces import METRES
from tests.layers.bundled import same_file
from tests.paths import LAYERS, SOURCES

needs_sources = pytest.mark.skipif(SOURCES is None, reason="the fuller sources are not here")


@pytest.fixture(scope="module")
def tracks():
    return files.read_vector(LAYERS / "rail_lines.geojson")


@pytest.fixture(scope="module")
def stated():
    return read_catalog(LAYERS)["rail_lines"].accuracy


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    out = tmp_path_factory.mktemp("observed_rail")
    return out, observed_rail.build(SOURCES, out)


def metres_of(tracks, station, kind):
    there = tracks[(tracks["station_en"] == station) & (tracks["kind"] == kind)]
    return there["length_m"].tolist()


def track(*points, kind="main"):
    return Way(tuple(points), TrackFacts(kind))


def test_a_siding_that_leads_back_to_the_line_is_a_loop():
    line = [track((0, 0), (9, 0)), track((9, 0), (40, 0)), track((40, 0), (60, 0))]
    beside = track((9, 0), (20, 5), (40, 0), kind="siding")
    dead_end = track((9, 0), (20, -5), kind="siding")
    kinds = [way.facts.kind for way in with_loops([*line, beside, dead_end])]
    assert kinds == ["main", "main", "main", "loop", "siding"]


def test_a_yard_track_stays_one_though_it_leads_back():
    line = [track((0, 0), (9, 0)), track((9, 0), (40, 0))]
    yard = track((9, 0), (20, 5), (40, 0), kind="yard")
    assert with_loops([*line, yard])[2] == replace(yard)


def test_columns_are_described_and_the_network_can_read_them(tracks):
    assert set(read_catalog(LAYERS)["rail_lines"].columns) == set(tracks.columns) - {"geometry"}
    assert list(rail_faults(tracks, METRES)) == []
    assert set(tracks["kind"]) == set(observed_rail.KINDS)
    assert set(tracks["bridge"].dropna()) == set(tracks["tunnel"].dropna()) == {"yes"}


@pytest.mark.parametrize(("station", "kind", "metres"), [
    ("Mae Mo", "loop", 737 + 534 + 52), ("Mae Mo", "siding", 355),
    ("Mae Chang", "loop", 519), ("Mae Chang", "spur", 410),
    ("Pang Puai", "loop", 608), ("Pang Puai", "spur", 265 + 142),
    ("Sala Pha Lat", "loop", 534),
])  # fmt: skip
def test_the_side_tracks_of_stations_near_mae_mo_have_the_known_lengths(
    tracks, station, kind, metres
):
    assert sum(metres_of(tracks, station, kind)) == pytest.approx(metres, abs=4)


def test_the_stations_of_the_older_layer_stand_on_a_track(tracks):
    stations = files.read_vector(LAYERS / "stations.geojson").to_crs(METRES)
    away = stations.distance(tracks.to_crs(METRES).union_all())
    assert away.median() < 1
    assert away.max() < 32


def test_tracks_meet_at_switches_alone_and_make_one_line(tracks, stated):
    level = tracks["bridge"].notna().astype(int) - tracks["tunnel"].notna().astype(int)
    ways = [
        Way(on_grid(line), TrackFacts("main", level=int(at)))
        for line, at in zip(tracks.geometry, level, strict=True)
    ]
    assert crossing_pairs(ways).tolist() == []
    graph = nx.Graph([way.ends for way in ways])
    assert nx.number_connected_components(graph) == stated["components"]
    main = tracks[tracks["kind"] == "main"]
    known = graph.subgraph(max(nx.connected_components(graph), key=len))
    apart = [on_grid(line)[0] not in known for line in main.geometry]
    # One stub at Uttaradit, 80 km from the province, of which the source does not say what it is.
    assert main.loc[apart, "station_en"].tolist() == ["Uttaradit"]


def test_lengths_by_kind_are_those_the_catalog_states(tracks, stated):
    km = tracks.groupby("kind")["length_m"].sum() / 1000
    for kind in observed_rail.KINDS:
        assert km[kind] == pytest.approx(stated[f"{kind}_km"], rel=0.005, abs=0.02)
    assert stated["offset_max_m"] <= 1


@needs_sources
def test_rebuilding_gives_the_committed_bytes(rebuilt):
    assert same_file(rebuilt[0] / "rail_lines.geojson", LAYERS / "rail_lines.geojson")


@needs_sources
def test_the_catalog_states_the_accuracy_that_is_measured(rebuilt, stated):
    assert rebuilt[1] == {"rail_lines": dict(stated)}
