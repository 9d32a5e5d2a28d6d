"""Whether accessibility can be measured from the networks and layers of a scenario."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from maemoh_gis.documents.schema import nearest
from maemoh_gis.scenario.checks.where import number_faults, where_faults

if TYPE_CHECKING:
    from maemoh_gis.core.faults import Fault
    from maemoh_gis.documents.yaml import Document
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.scenario.settings.access import Access
    from maemoh_gis.scenario.settings.criterion import ValueFunction
    from maemoh_gis.scenario.settings.parts import Where

_PLACES = "places"
_NO_UNIT = "1"


def access_faults(
    access: Access,
    value: ValueFunction,
    networks: Iterable[str],
    document: Document,
    catalog: Catalog,
    path: tuple[str, ...],
) -> Iterator[Fault]:
    """Find what keeps accessibility from being measured."""
    where = (*path, "measure", "access")
    own = list(networks)
    if access.network not in own:
        near = nearest(access.network, own) or ", ".join(own) or "–"
        yield document.fault(
            "minutes_not_handed", (*where, "network"), found=access.network, expected=near
        )
    yield from _points(access.to, access.where, access.weight, document, catalog,
                       where, (*where, "to"))  # fmt: skip
    if access.demand is not None:
        asked = (*where, "demand")
        yield from _points(access.demand.layer, access.demand.where, access.demand.weight,
                           document, catalog, asked, (*asked, "layer"))  # fmt: skip
    unit = unit_of(access, catalog)
    if value.unit != unit:
        yield document.fault(
            "wrong_unit", (*path, "value", "unit"), found=value.unit, expected=unit
        )


def unit_of(access: Access, catalog: Catalog) -> str:
    """Give the unit accessibility comes in."""
    offered = _weight_unit(access.to, access.weight, catalog)
    if access.demand is not None:
        asked = _weight_unit(access.demand.layer, access.demand.weight, catalog)
        return "share" if offered == asked else f"{offered} per {asked}"
    if access.decay != "power":
        return offered
    return f"{offered} per minute" + ("" if access.rate == 1 else f"^{access.rate:g}")


def _weight_unit(id: str, weight: str | None, catalog: Catalog) -> str:
    if weight is None:
        return _PLACES
    layer = catalog.layers.get(id)
    column = layer.columns.get(weight) if layer else None
    return (column.unit if column else None) or _NO_UNIT


def _points(
    id: str,
    chosen: Where,
    weight: str | None,
    document: Document,
    catalog: Catalog,
    path: tuple[str, ...],
    named: tuple[str, ...],
) -> Iterator[Fault]:
    """Check a layer of points, the columns it is chosen by and the one of its weight."""
    if id not in catalog.layers:
        yield document.fault("unknown_layer", named, found=id, expected=catalog.near(id))
        return
    layer = catalog.layers[id]
    if layer.kind != "points":
        yield document.fault("wrong_layer_kind", named, found=layer.kind, expected="points")
    yield from where_faults(chosen, id, catalog, document, path)
    if weight is not None and weight not in layer.columns:
        near = nearest(weight, layer.columns) or ", ".join(layer.columns) or "–"
        yield document.fault("unknown_column", (*path, "weight"), found=weight, expected=near)
    if weight is not None:
        yield from number_faults(weight, id, catalog, document, (*path, "weight"))
