"""A network as a file to be passed on: with the layers it is made of, their licences and credit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import LANGUAGES, text
from maemoh_gis.exchange.graphml import edge_tables, write_graphml
from maemoh_gis.exchange.osm import CREDIT
from maemoh_gis.files import is_there, write_geopackage

if TYPE_CHECKING:
    import pandas as pd

    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.layers.entries import Layer
    from maemoh_gis.network.edges import Graph
    from maemoh_gis.scenario.settings.scenario import Scenario

_SHARE_ALIKE = ("ODbL", "CC-BY-SA")
"""What is made of a layer under one of these is passed on under the same."""
_FREE = "CC0"


@dataclass(frozen=True)
class Provenance:
    """What a file was made from, and for whom."""

    about: Mapping[str, str]
    """What it is, scenario, year, confidence and basis."""
    layers: Mapping[str, Layer]
    """Layers whose files were read, by id; those of a stack in its place."""

    @property
    def licences(self) -> tuple[str, ...]:
        """List the licences of its layers, each once."""
        return tuple(dict.fromkeys(layer.licence for layer in self.layers.values()))

    @property
    def credit(self) -> str:
        """Name those whom maps and tables made from the file must name."""
        named = [layer for layer in self.layers.values() if not layer.licence.startswith(_FREE)]
        return "; ".join(dict.fromkeys(map(credit_of, named)))

    def told(self) -> dict[str, str]:
        """Say all of it as plain text by key."""
        whole = {**self.about, "licence": " AND ".join(self.licences), "credit": self.credit}
        kept = [one for one in self.licences if one.startswith(_SHARE_ALIKE)]
        if kept:
            values = {"licences": ", ".join(kept), "credit": self.credit}
            for language in LANGUAGES:
                whole[f"terms_{language}"] = text("network.share_alike", language, **values)
        return whole

    def tables(self) -> dict[str, pd.DataFrame]:
        """Give two tables for a file: what it is, and its layers with licence and credit."""
        import pandas as pd

        rows = [
            {
                "layer": id,
                "title_th": layer.title["th"],
                "title_en": layer.title["en"],
                "licence": layer.licence,
                "source": layer.source,
                "credit": credit_of(layer),
                "as_of_be": layer.as_of,
                "nature": layer.nature,
                "confidence": layer.confidence,
                "caution_th": layer.caution["th"],
                "caution_en": layer.caution["en"],
            }
            for id, layer in self.layers.items()
        ]
        about = pd.DataFrame(self.told().items(), columns=["key", "value"])
        return {"about": about, "licence": pd.DataFrame(rows)}


def provenance_of(scenario: Scenario, catalog: Catalog, id: str, year_be: int) -> Provenance:
    """Say what a network of a scenario is made from."""
    network = scenario.networks[id]
    about = {
        "network": id,
        "title_th": network.title["th"],
        "title_en": network.title["en"],
        "scenario": scenario.id,
        "year_be": str(year_be),
        "confidence": network.confidence,
        "basis": network.basis,
    }
    files = [one for layer in network.layers() for one in catalog.read_from(layer)]
    return Provenance(about, {one: catalog[one] for one in dict.fromkeys(files)})


def credit_of(layer: Layer) -> str:
    """Name the makers of a layer as its licence asks."""
    if layer.licence.startswith("ODbL") and "OpenStreetMap" in layer.source:
        return f"{CREDIT}, {layer.licence}"
    return f"{layer.source}, {layer.licence}"


def require_network_file(path: Path, *, replace: bool) -> None:
    """Refuse a file of no known kind, and one that would be written over."""
    if path.suffix.lower() not in _WRITERS:
        known = ", ".join(_WRITERS)
        raise RunError(Fault("unknown_network_file", key="--out", found=path.name, expected=known))
    if is_there(path) and not replace:
        raise RunError(Fault("file_there", str(path), found=path.name))


def write_network(path: Path, graph: Graph, provenance: Provenance) -> str:
    """Write a network as its ending says; return its checksum."""
    return _WRITERS[path.suffix.lower()](path, graph, provenance)


def _write_package(path: Path, graph: Graph, provenance: Provenance) -> str:
    """Write layers for a GIS, and the tables that say what the network is made of."""
    return write_geopackage(path, {**edge_tables(graph), **provenance.tables()})


def _write_graphml(path: Path, graph: Graph, provenance: Provenance) -> str:
    sources = "\n".join(
        f"{id}: {layer.source} ({layer.licence})" for id, layer in provenance.layers.items()
    )
    return write_graphml(path, graph, {**provenance.told(), "sources": sources})


_WRITERS = {".gpkg": _write_package, ".graphml": _write_graphml}
"""How a network is written, by the ending of the file."""
