"""Checksums of results."""

from dataclasses import dataclass

import networkx as nx
import numpy as np
import pytest
import shapely

from maemoh_gis.engine.cached_stages import content_of


@dataclass(frozen=True)
class Built:
    graph: nx.MultiDiGraph
    lengths: np.ndarray


def built(length: float = 2.5, course: float = 1.0) -> Built:
    graph = nx.MultiDiGraph(crs="EPSG:32647")
    graph.add_node(4, x=1.0, y=np.float64(2.0))
    graph.add_node(7, x=3.0, y=4.0)
    line = shapely.LineString([(0, 0), (course, 1)])
    graph.add_edge(4, 7, key=0, length=length, geometry=line, ref=None)
    return Built(graph, np.array([length, 0.0]))


def test_equal_results_have_one_checksum_and_others_another():
    assert content_of(built()) == content_of(built())
    different = [built(length=2.6), built(course=1.1), Built(built().graph, np.zeros(2))]
    renamed = built()
    nx.relabel_nodes(renamed.graph, {7: 8}, copy=False)
    tagged = built()
    tagged.graph.edges[4, 7, 0]["ref"] = "11"
    every = [content_of(one) for one in (built(), *different, renamed, tagged)]
    assert len(set(every)) == len(every)


def test_what_has_no_content_of_its_own_is_refused():
    with pytest.raises(TypeError):
        content_of({"a": object()})
