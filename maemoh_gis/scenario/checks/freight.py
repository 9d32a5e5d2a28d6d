"""Whether the freight of a scenario and the catalog fit together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from maemoh_gis.core.faults import Fault
from maemoh_gis.documents.schema import nearest
from maemoh_gis.documents.yaml import Document
from maemoh_gis.layers.table_schemas import DEMAND, DISTANCES, TARIFFS

if TYPE_CHECKING:
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.scenario.settings.freight import Freight
    from maemoh_gis.scenario.settings.scenario import Scenario

_NEEDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "tariffs": ("table", TARIFFS.needs),
    "distances": ("table", DISTANCES.needs),
    "demand": ("table", DEMAND.needs),
    "origins": ("points", ()),
    "roads": ("lines", ("speed_kph",)),
    "railway": ("lines", ("km_post_start", "km_post_end")),
    "gateways_layer": ("points", ("key", "role", "rail_open_year_be", "name_th", "name_en")),
    "railheads_layer": ("points", ("key", "role", "open_year_be", "name_th", "name_en")),
}
_SLACK = 1e-6


def freight_faults(scenario: Scenario, document: Document, catalog: Catalog) -> Iterator[Fault]:
    """Find what keeps the freight of a scenario from being computed."""
    freight = scenario.freight
    if freight is None:
        return
    yield from _layer_faults(freight, document, catalog)
    shares = freight.shares_in(scenario.year)
    if abs(sum(shares.values()) - 1.0) > _SLACK:
        written = ", ".join(f"{key} {share:g}" for key, share in shares.items())
        yield document.fault("gateway_shares", ("freight", "gateways"), found=written)
    known = [*freight.gateways, *freight.railheads]
    for id, exit in freight.exits.items():
        yield from _unknown(document, ("freight", "exits", id, "toward"), exit.toward, known)
    for id, line in freight.new_lines.items():
        yield from _unknown(document, ("freight", "new_lines", id, "opens"), line.opens, known)
    for id in freight.tracks:
        if id not in scenario.rail:
            expected = nearest(id, scenario.rail) or ", ".join(scenario.rail) or "–"
            path = ("freight", "tracks", id)
            yield document.fault("unknown_rail_section", path, found=id, expected=expected)
    for key, parts in (("tracks", freight.tracks), ("grades", freight.grades)):
        for id, part in parts.items():
            if part.to_km_post <= part.from_km_post:
                yield document.fault(
                    "stretch_backward", ("freight", key, id), found=f"{part.to_km_post:g}",
                    expected=f"> {part.from_km_post:g}",
                )  # fmt: skip


def _layer_faults(freight: Freight, document: Document, catalog: Catalog) -> Iterator[Fault]:
    for key, id in freight.layers().items():
        path: tuple[str, ...] = ("freight", key)
        path = (*path, "layer") if key == "origins" else path
        if id not in catalog.layers:
            yield document.fault("unknown_layer", path, found=id, expected=catalog.near(id))
            continue
        layer = catalog.layers[id]
        kind, columns = _NEEDS[key]
        if layer.kind != kind:
            yield document.fault("wrong_layer_kind", path, found=layer.kind, expected=kind)
        wanted = [*columns, *([freight.origin_column] if key == "origins" else [])]
        for column in wanted:
            if column not in layer.columns:
                yield document.fault(
                    "unknown_column", path, found=column,
                    expected=nearest(column, layer.columns) or ", ".join(layer.columns) or "–",
                )  # fmt: skip


def _unknown(
    document: Document, path: tuple[str, ...], names: Iterable[str], known: list[str]
) -> Iterator[Fault]:
    for name in names:
        if name not in known:
            yield document.fault(
                "unknown_freight_place", path, found=name,
                expected=nearest(name, known) or ", ".join(known),
            )  # fmt: skip
