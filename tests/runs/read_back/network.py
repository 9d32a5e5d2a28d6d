"""Networks: nodes and edges, lengths, minutes, parts, and the ways between named places."""

import ast
import math

import networkx as nx
import numpy as np
import rasterio
import shapely
import shapely.wkt

from tests.runs.read_back.every import csv_file, package_file, unique
from tests.runs.read_back.folder import near, numbers
from tests.runs.read_back.freight import LEVELS, TEU_OF_BOX, rates

_DRAWN = ("road", "rail", "transfer")
# What a layer states as a length is the road or the line as it lies, its course is drawn smoother.
_LAYER_SHARE, _LAYER_M = {"road": 0.01, "rail": 0.06}, 60.0


_TABLES = ("about", "licence")


def network_id(name):
    return name.rsplit(".", maxsplit=1)[0]


def graph_of(folder, id):
    """Read an exported network from GraphML as networkx does, all values as they stand."""

    def read():
        path = folder.path / f"{id}.graphml"
        graph = nx.read_graphml(path, node_type=int, force_multigraph=True)
        for _, _, held in graph.edges(data=True):
            for key in ("length", "minutes"):
                held[key] = float(held[key])
            held["course"] = shapely.wkt.loads(held["geometry"])
            held["mode"] = held.get("mode", "road")
        for _, held in graph.nodes(data=True):
            held["xy"] = (float(held["x"]), float(held["y"]))
        return graph

    return folder.once(("graph", id), read)


def layers_of(folder, id):
    """Name the layers whose files a network is made of."""
    about = folder.resolved["networks"][id]
    rail, beyond = about["rail"], about["linehaul"]
    named = [about["roads"]["layer"], about["roads"]["terrain"]["slope"]]
    named += [rail["layer"], rail["stations"]["layer"]]
    named += [place["layer"] for place in about["places"].values()]
    named += [beyond["distances"], *beyond["places"]]
    named += [about["origins"]["layer"]] if about.get("origins") else []
    return {file for one in named for file in folder.read_from(one)}


def _licences(folder, name):
    """Every layer it is made of stands in it as the catalog describes it."""
    licence = folder.layer(name, "licence").set_index("layer")
    assert set(licence.index) == layers_of(folder, network_id(name))
    for id, row in licence.iterrows():
        entry = folder.catalog["layers"][id]
        assert (row["licence"], row["source"]) == (entry["licence"], entry["source"])
        assert (row["caution_th"], row["caution_en"]) == tuple(entry["caution"].values())
        mapped = entry["licence"] == "ODbL-1.0"
        assert (row["credit"] == "© OpenStreetMap contributors, ODbL-1.0") == mapped, id


def network_package(folder, name):
    package_file(folder, name, _TABLES)
    _licences(folder, name)
    graph, layers = graph_of(folder, network_id(name)), folder.layer_names(name)
    layers = [layer for layer in layers if layer not in _TABLES]
    assert layers[0] == "nodes"
    nodes = folder.layer(name, "nodes").set_index("node")
    assert set(nodes.index) == set(graph.nodes)
    for node, held in graph.nodes(data=True):
        assert nodes.geometry[node].distance(shapely.Point(held["xy"])) < 1e-6
    pieces = 0
    km = {}
    for layer in layers[1:]:
        frame = folder.layer(name, layer)
        pieces += len(frame) + int(frame["both_ways"].sum())
        for _, edge in frame.iterrows():
            _row_is_in_graph(graph, edge)
        mode = frame["mode"].where(
            frame["mode"] != "linehaul", "linehaul_" + frame.get("carrier", "")
        )
        for one, metres in frame.groupby(mode)["length"].sum().items():
            km[one] = km.get(one, 0.0) + metres / 1000
    assert pieces == graph.number_of_edges(), "each stretch stands once"
    about = folder.resolved["networks"][network_id(name)]
    for mode, layer in (("road", about["roads"]["layer"]), ("rail", about["rail"]["layer"])):
        near(km[mode], folder.source(layer)["length_m"].sum() / 1000, rel=1e-9, what=mode)
    told = folder.record["networks"][network_id(name)]["km"]
    assert set(told) == set(km)
    for mode, value in told.items():
        near(value, km[mode], abs=0.051, what=mode)


def _row_is_in_graph(graph, edge):
    start, end = int(edge["from_node"]), int(edge["to_node"])
    between = graph.get_edge_data(start, end)
    found = [
        held for held in between.values()
        if held["mode"] == edge["mode"] and abs(held["length"] - edge["length"]) < 1e-9
        and held["course"].equals_exact(edge.geometry, 1e-6)
    ]  # fmt: skip
    assert len(found) >= 1, (start, end, edge["mode"])
    near(found[0]["minutes"], edge["minutes"], rel=1e-12)
    one_way = str(found[0].get("oneway", "False")) == "True"
    assert one_way == bool(edge["oneway"])
    back = graph.get_edge_data(end, start) or {}
    twins = [held for held in back.values() if held["mode"] == edge["mode"]
             and held["course"].equals_exact(edge.geometry.reverse(), 1e-6)]  # fmt: skip
    assert bool(edge["both_ways"]) == bool(twins), (start, end)
    assert not (edge["oneway"] and edge["both_ways"])


def network_graph(folder, name):
    id = network_id(name)
    graph, told = graph_of(folder, id), folder.record["networks"][id]
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (told["nodes"], told["edges"])
    assert str(graph.graph["crs"]).upper().endswith(folder.crs.split(":")[1])
    about = folder.resolved["networks"][id]
    assert (graph.graph["network"], graph.graph["year_be"]) == (id, str(folder.record["year"]))
    assert {line.partition(":")[0] for line in graph.graph["sources"].splitlines()} == (
        layers_of(folder, id)
    )
    assert "© OpenStreetMap contributors" in graph.graph["credit"]
    for start, end, held in graph.edges(data=True):
        assert math.isfinite(held["length"])
        assert held["length"] > 0
        assert held["minutes"] > 0
        ends = (held["course"].coords[0], held["course"].coords[-1])
        for node, xy in zip((start, end), ends, strict=True):
            assert math.dist(graph.nodes[node]["xy"], xy) < 1.5, (start, end, held["mode"])
        _edge(held, about)
    _slopes(folder, graph, about)
    _parts(graph, told)
    _opens_in_osmnx(folder, name, graph)


def _edge(held, about):
    drawn = held["course"].length
    if held["mode"] in ("road", "rail"):
        assert abs(held["length"] - drawn) <= max(_LAYER_M, _LAYER_SHARE[held["mode"]] * drawn), (
            held
        )
    if held["mode"] == "road":
        kph = float(held["speed_kph"])
        assert kph in about["roads"]["kph"].values()
        level = float(held["level_minutes"])
        near(level, held["length"] / 1000 / kph * 60, rel=1e-9)
        least = min(share for _, share in about["roads"]["terrain"]["speed_share"])
        assert level - 1e-9 <= held["minutes"] <= level / least + 1e-9
        assert 0 <= float(held["slope_known_share"]) <= 1 + 1e-9
    elif held["mode"] == "rail":
        near(held["minutes"], held["length"] / 1000 / about["rail"]["kph"] * 60, rel=1e-9)
    elif held["mode"] == "transfer":
        near(held["length"], drawn, rel=1e-9)
        waits = {**about["rail"]["transfers"], **about["linehaul"]["transfers"]}
        assert held["minutes"] in waits.values()
    else:
        assert held["drawn"] == "False"
        kph = float(held["speed_kph"])
        assert kph == about["linehaul"][f"{held['carrier']}_kph"]
        near(held["minutes"], held["length"] / 1000 / kph * 60, rel=1e-9)
        assert held["length"] / 1000 <= float(held["stated_km"]) + 1e-9
        if held.get("km_low") not in (None, "nan"):
            assert float(held["km_low"]) <= held["length"] / 1000 <= float(held["km_high"])


def _slopes(folder, graph, about):
    """Minutes grow by the inverse of the speed that the slope beneath leaves."""
    terrain = about["roads"]["terrain"]
    slopes, shares = np.array(terrain["speed_share"], dtype=float).T
    roads = [held for _, _, held in graph.edges(data=True) if held["mode"] == "road"]
    points, of = [], []
    for number, held in enumerate(roads):
        along = np.arange(12.5, max(held["course"].length, 13.0), 25.0)
        points.append(
            shapely.get_coordinates(shapely.line_interpolate_point(held["course"], along))
        )
        of.append(np.full(len(along), number))
    with rasterio.open(folder.layers_path / f"{terrain['slope']}.tif") as raster:
        assert raster.crs.to_string() == folder.crs
        x, y = np.vstack(points).T
        # Pixel by pixel through rasterio it takes some seconds.
        place = raster.transform
        rows, cols = (y - place.f) // place.e, (x - place.c) // place.a
        there = (rows >= 0) & (rows < raster.height) & (cols >= 0) & (cols < raster.width)
        read = raster.read(1).astype(float)[rows[there].astype(int), cols[there].astype(int)]
        slope = np.full(len(rows), np.nan)
        slope[there] = np.where(read == raster.nodata, np.nan, read)
    slower = np.where(np.isnan(slope), 1.0, 1 / np.interp(np.nan_to_num(slope), slopes, shares))
    of = np.concatenate(of)
    found = np.bincount(of, slower) / np.bincount(of)
    told = np.array([held["minutes"] / float(held["level_minutes"]) for held in roads])
    metres = np.array([held["length"] for held in roads])
    assert np.abs(told - found)[metres > 2000].max() < 0.03
    near((told * metres).sum(), (found * metres).sum(), rel=2e-3)


def _parts(graph, told):
    """The parts that hang together are those of the record, with the named places on them."""
    parts = sorted((len(part) for part in nx.weakly_connected_components(graph)), reverse=True)
    assert parts == sorted((part["nodes"] for part in told["parts"]), reverse=True)
    for part in told["parts"]:
        named = [n for n, held in graph.nodes(data=True) if held.get("name") in part["places"]]
        if named:
            assert any(set(named) <= piece for piece in nx.weakly_connected_components(graph)) or (
                len(told["parts"]) > 1
            )


def _opens_in_osmnx(folder, name, graph):
    import osmnx

    opened = osmnx.io.load_graphml(
        folder.path / name, edge_dtypes={"oneway": _truth, "reversed": _truth}
    )
    assert set(opened.nodes) == set(graph.nodes)
    assert opened.number_of_edges() == graph.number_of_edges()
    assert {type(held["osmid"]) for _, _, held in opened.edges(data=True)} <= {int, list}
    near(sum(h["length"] for _, _, h in opened.edges(data=True)),
         sum(h["length"] for _, _, h in graph.edges(data=True)), rel=1e-12)  # fmt: skip


def _truth(value):
    return bool(ast.literal_eval(value))


def access(folder, name):
    csv_file(folder, name)
    table = folder.table(name)
    unique(table, "network", "from_kind", "from_en", "to_kind", "to_en")
    for column in ("road_km", "rail_km", "road_minutes"):
        table[f"{column}_number"] = numbers(table[column])
    _there_and_back(table)
    for id, rows in table.groupby("network"):
        _by_graph(folder, id, rows)
    _straight(table)
    _thb(folder, table)


def _there_and_back(table):
    """Kilometres are the same there and back where no one-way road lies between."""
    key = ["from_kind", "from_en", "to_kind", "to_en"]
    back = table.rename(columns=dict(zip(key, key[2:] + key[:2], strict=True)))
    both = table.merge(back, on=["network", *key], suffixes=("", "_back"))
    assert len(both) == len(table)
    near(both["rail_km_number"], both["rail_km_number_back"], abs=0.011)
    off = (both["road_km_number"] - both["road_km_number_back"]).abs()
    assert off.max() < 2.0
    assert (off > 0.011).mean() < 0.35


def _by_graph(folder, id, rows):
    """Ways by the graph of the file: quickest minutes and least metres of roads and of rail."""
    graph = graph_of(folder.networks, id)
    place = {(held.get("name"), held.get("mode", "road")): node
             for node, held in graph.nodes(data=True) if held.get("name")}  # fmt: skip
    carried = {
        carrier: nx.MultiDiGraph([
            (a, b, {"length": h["length"], "minutes": h["minutes"]})
            for a, b, h in graph.edges(data=True)
            if h["mode"] == carrier or (h["mode"] == "linehaul" and h["carrier"] == carrier)
        ])
        for carrier in ("road", "rail")
    }  # fmt: skip
    far = {about["place"] for about in folder.resolved["freight"]["gateways"].values()}
    far |= {about["place"] for about in folder.resolved["freight"]["railheads"].values()
            if about.get("off_map")}  # fmt: skip
    compared = {"road": 0, "rail": 0}
    for carrier, ways in carried.items():
        at = {name: node for (name, _), node in place.items() if node in ways}
        for start in sorted(set(rows["from_en"]) & set(at)):
            mine = rows[(rows["from_en"] == start) & (rows[f"{carrier}_km"] != "")]
            mine = mine[~mine["to_en"].isin(far) & mine["to_en"].isin(at)]
            if mine.empty or start in far:
                continue
            minutes = nx.single_source_dijkstra_path_length(ways, at[start], weight="minutes")
            metres = nx.single_source_dijkstra_path_length(ways, at[start], weight="length")
            for _, row in mine.iterrows():
                end = at[row["to_en"]]
                near(float(row[f"{carrier}_minutes"]), minutes[end], abs=0.06, what=dict(row))
                off = float(row["road_offset_m"] or 0) / 1000 if carrier == "road" else 0.0
                near(float(row[f"{carrier}_km"]), metres[end] / 1000 + off, abs=0.02,
                     what=dict(row))  # fmt: skip
                compared[carrier] += 1
    assert compared["road"] > 500
    assert compared["rail"] > 100


def _straight(table):
    """No way is shorter than the straight line; one of more than twice it is marked."""
    straight = numbers(table["road_straight_km"])
    assert not (table["road_km_number"] < straight * 0.99 - 0.1).any()
    told = table[(table["road_km"] != "")]
    long = told["road_km_number"] > 2 * straight[told.index] * 1.001
    ends = straight[told.index] > 0.01
    assert (told["road_gap"][long & ends] == "yes").all()
    assert ((told["road_gap"] == "yes") == (told["road_gap_en"] != "")).all()


def _thb(folder, table):
    """Whole costs to gateways and drayage within the region, by the rates, and never both."""
    whole = [c for c in table if c.startswith(("road_thb_", "rail_thb_"))]
    inside = table["drayage_thb_central"] != ""
    assert (table.loc[inside, whole] == "").all(axis=None)
    for k, row in table[inside].iterrows():
        for level in LEVELS:
            wanted = rates(folder, level).drayage(table["road_km_number"][k])
            near(float(row[f"drayage_thb_{level}"]), wanted, abs=1.2, what=dict(row))
    for _, row in table[~inside & (table["road_thb_heavy_20_central"] != "")].iterrows():
        for box in TEU_OF_BOX:
            price = rates(folder, "central")
            wanted = sum(price.by_road(box, float(row["road_km"])).values())
            near(float(row[f"road_thb_{box}_central"]), wanted, abs=1.5, what=dict(row))
    over = table[table["rail_over_en"] != ""]
    assert len(over)
    for _, row in over.iterrows():
        price, drayage = rates(folder, "central"), float(row["rail_over_drayage_km"])
        for box in TEU_OF_BOX:
            wanted = price.by_rail(box, drayage, float(row["rail_over_rail_km"]))
            told = float(row[f"rail_thb_{box}_central"])
            # Kilometres are told to a tenth; the new line is double track.
            faster = 104.0 / 24 * (1 / 35 - 1 / 45) * price["value_of_time"] * TEU_OF_BOX[box]
            assert -faster - 4 <= told - sum(wanted.values()) <= 4, dict(row)
    for carrier in ("road", "rail"):
        for box in TEU_OF_BOX:
            low, mid, high = (numbers(table[f"{carrier}_thb_{box}_{x}"]) for x in LEVELS)
            assert not (low > mid).any()
            assert not (mid > high).any()
