"""
Least costs from 200 places to 500, against scipy, rustworkx and networkx.

Over a road-like network as large as that of a province from OpenStreetMap, and over the network of
the baseline as it is bundled, some 22,600 nodes of roads, railway and stated ways. All have the
same network, nodes in the same order along a Hilbert curve, and hold it ready before the clock
starts. What this package does to the network for the question's sake is in its time. rustworkx and
networkx search from each place by itself, so they are asked from a part of the 200 only, and their
time is taken in proportion.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.comparing import SIZES, Comparison, Outputs, Work, close, run

SOURCES, TARGETS = 200, 500
NODES = {"S": 100_000, "M": 100_000, "L": 1_000_000}
# scipy answers for all nodes at once; so many sources at a time keep that within 80 MB.
BATCH = 10
BUNDLED = "bundled"
# Of the places, those from which the slow peers are asked.
FEW = 10


def make(folder: Path, shape: tuple[int, int]) -> None:
    """
    Make a plane network, each node joined to 2.6 others on average, with minutes.

    The shortest tree that joins all nodes stays open both ways, so that all can be reached; of the
    edges added at random a fifth, about a twentieth of all, is one-way.
    """
    import geopandas as gpd
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import minimum_spanning_tree
    from scipy.spatial import Delaunay

    n = NODES[next(size for size, its in SIZES.items() if its == shape)]
    random = np.random.default_rng(1)
    xy = random.random((n, 2)) * 250 * np.sqrt(n)
    xy = xy[np.argsort(gpd.GeoSeries.from_xy(*xy.T).hilbert_distance(level=16), kind="stable")]
    corners = Delaunay(xy).simplices
    pairs = np.sort(np.vstack([corners[:, [i, (i + 1) % 3]] for i in range(3)]), axis=1)
    pairs = np.unique(pairs, axis=0)
    metres = np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T)
    tree = minimum_spanning_tree(coo_array((metres, pairs.T), shape=(n, n)).tocsr()).tocoo()
    number = np.minimum(tree.row, tree.col).astype(np.int64) * n + np.maximum(tree.row, tree.col)
    kept = np.isin(pairs[:, 0].astype(np.int64) * n + pairs[:, 1], number)
    rest = np.flatnonzero(~kept & (metres < np.quantile(metres, 0.8)))
    added = random.choice(rest, int(1.3 * n) - int(kept.sum()), replace=False)
    back = kept.copy()
    back[added] = random.random(len(added)) >= 0.2
    kept[added] = True
    kph = random.choice([30.0, 45.0, 60.0, 80.0], len(pairs), p=[0.5, 0.25, 0.15, 0.1])
    minutes = metres / kph * 0.06
    one, other = pairs[kept].T, pairs[back][:, ::-1].T
    tail, head = np.concatenate([one, other], axis=1)
    cost = np.concatenate([minutes[kept], minutes[back]])
    matrix = coo_array((cost, (tail, head)), shape=(n, n)).tocsr()
    matrix.sort_indices()
    write(folder, matrix, random)
    (folder / BUNDLED).mkdir()
    write(folder / BUNDLED, bundled(), random)


def bundled() -> Any:
    """Build the network of the baseline over the bundled layers, by minutes."""
    from maemoh_gis.layers.bundled import bundled_folder
    from maemoh_gis.layers.load import Layers
    from maemoh_gis.network.arrays import network_arrays
    from maemoh_gis.network.stages import build_all
    from maemoh_gis.runs.project import Project, prepare

    home = bundled_folder()
    resolved, catalog = prepare(Project(home / "layers", home / "scenarios"), "baseline")
    (built,) = build_all(resolved.scenario, Layers(catalog)).values()
    return network_arrays(built.graph).cheapest[0]


def write(folder: Path, matrix: Any, random: np.random.Generator) -> None:
    """Write a network, and places drawn from its nodes."""
    np.save(folder / "cost.npy", matrix.data)
    np.save(folder / "head.npy", matrix.indices.astype(np.int32))
    np.save(folder / "start.npy", matrix.indptr.astype(np.int32))
    asked = random.choice(matrix.shape[0], SOURCES + TARGETS, replace=False)
    np.save(folder / "sources.npy", asked[:SOURCES])
    np.save(folder / "targets.npy", asked[SOURCES:])


def read(folder: Path) -> tuple[Any, Any, Any]:
    """Read the network, the sources and the targets."""
    from scipy.sparse import csr_array

    parts = tuple(np.load(folder / f"{name}.npy") for name in ("cost", "head", "start"))
    matrix = csr_array(parts, shape=(len(parts[2]) - 1,) * 2)
    return matrix, np.load(folder / "sources.npy"), np.load(folder / "targets.npy")


def edges(folder: Path) -> list[tuple[int, int, float]]:
    matrix = read(folder)[0].tocoo()
    return list(zip(matrix.row.tolist(), matrix.col.tolist(), matrix.data.tolist(), strict=True))


def ours(folder: Path) -> Work:
    """Time taking nodes out and searching what is left."""
    from maemoh_gis.network.many_to_many import least_between

    matrix, sources, targets = read(folder)
    few = np.arange(100)
    least_between(matrix[few][:, few], few[:2], few[-2:])
    return lambda: {"cost": least_between(matrix, sources, targets)}


def scipy(folder: Path) -> Work:
    """Time Dijkstra's algorithm of scipy."""
    from scipy.sparse.csgraph import dijkstra

    matrix, sources, targets = read(folder)

    def work() -> Outputs:
        batches = np.array_split(sources, len(sources) // BATCH)
        found = np.vstack([dijkstra(matrix, indices=batch)[:, targets] for batch in batches])
        return {"cost": np.where(np.isinf(found), np.nan, found)}

    return work


def rustworkx(folder: Path) -> Work:
    """Time Dijkstra's algorithm of rustworkx."""
    import rustworkx as rx

    matrix, sources, targets = read(folder)
    graph = rx.PyDiGraph()
    graph.add_nodes_from(list(range(matrix.shape[0])))
    graph.add_edges_from(edges(folder))

    def row(source: int) -> list[float]:
        found = rx.dijkstra_shortest_path_lengths(graph, source, float)
        # Its mapping has no `get`, and does not hold the source.
        cost = {source: 0.0} | dict(found.items())
        return [cost.get(target, np.nan) for target in wanted]

    wanted = targets.tolist()
    return lambda: {"cost": np.array([row(source) for source in sources[:FEW].tolist()])}


def networkx(folder: Path) -> Work:
    """Time Dijkstra's algorithm of networkx."""
    import networkx as nx

    _, sources, targets = read(folder)
    graph = nx.DiGraph()
    graph.add_weighted_edges_from(edges(folder))

    def row(source: int) -> list[float]:
        found = nx.single_source_dijkstra_path_length(graph, source)
        return [found.get(target, np.nan) for target in wanted]

    wanted = targets.tolist()
    return lambda: {"cost": np.array([row(source) for source in sources[:FEW].tolist()])}


def ours_bundled(folder: Path) -> Work:
    """Time the same over the bundled network."""
    return ours(folder / BUNDLED)


def scipy_bundled(folder: Path) -> Work:
    """Time scipy over the bundled network."""
    return scipy(folder / BUNDLED)


def rustworkx_bundled(folder: Path) -> Work:
    """Time rustworkx over the bundled network."""
    return rustworkx(folder / BUNDLED)


def networkx_bundled(folder: Path) -> Work:
    """Time networkx over the bundled network."""
    return networkx(folder / BUNDLED)


def same(mine: Outputs, others: Outputs) -> str | None:
    """Compare what both answered."""
    part = {"cost": mine["cost"][: len(others["cost"])]}
    return close("cost", relative=1e-9)(part, others)


if __name__ == "__main__":
    comparisons = [
        Comparison("200 to 500 places, scipy", "ours", "scipy", "scipy", same, 1.5),
        Comparison(
            "200 to 500 places, rustworkx", "ours", "rustworkx", "rustworkx", same, 4.0,
            peer_share=FEW / SOURCES,
        ),
        Comparison(
            "200 to 500 places, networkx", "ours", "networkx", "networkx", same,
            peer_share=FEW / SOURCES,
        ),
    ]  # fmt: skip
    comparisons += [
        replace(
            one, name=f"{one.name}, bundled", ours="ours_bundled", peer=f"{one.peer}_bundled",
            goal=1.5,
        )
        for one in comparisons
    ]  # fmt: skip
    run("many_to_many", comparisons, pairs=3)
