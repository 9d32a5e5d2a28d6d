"""Whether a scenario and a catalog fit together: names, units, classes, weights, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from maemoh_gis.errors import Fault, FormatError, GridError, raise_if_blocked
from maemoh_gis.formats import Document, nearest
from maemoh_gis.grid import Grid
from maemoh_gis.layers.catalog import Catalog, Layer
from maemoh_gis.scenarios.model import Criterion, Limit, Scenario, Selection, Where
from maemoh_gis.scenarios.resolve import Resolved

VECTORS = frozenset({"polygons", "lines", "points"})


def faults_of(resolved: Resolved, catalog: Catalog) -> list[Fault]:
    """
    Find everything in a scenario that its catalog cannot serve.

    Parameters
    ----------
    resolved : Resolved
        The scenario with its inheritance.
    catalog : Catalog
        The layers it names.

    Returns
    -------
    list of Fault
        In the order of the file.
    """
    scenario, document = resolved.scenario, resolved.document
    checker = _Checker(document, catalog)
    found = [
        *_grid_faults(scenario, document),
        *checker.selection(scenario.area, ("area",), {"polygons"}),
        *checker.selection(scenario.view, ("view",), VECTORS),
    ]
    for id, limit in scenario.limits.items():
        found += checker.limit(limit, ("limits", id))
        for name in limit.uses or ():
            found += _unknown(document, "unknown_use", ("limits", id, "uses"), name, scenario.uses)
    for use_id, use in scenario.uses.items():
        for id, criterion in use.criteria.items():
            removed = _removed_classes(scenario, use_id)
            found += checker.criterion(criterion, ("uses", use_id, "criteria", id), removed)
    found += _weight_faults(scenario, document)
    return sorted(found, key=lambda f: (f.file or "", f.line or 0))


def check(resolved: Resolved, catalog: Catalog) -> None:
    """
    Stop if the catalog cannot serve the scenario.

    Parameters
    ----------
    resolved : Resolved
        The scenario with its inheritance.
    catalog : Catalog
        The layers it names.

    Raises
    ------
    FormatError
        With every fault.
    """
    raise_if_blocked(faults_of(resolved, catalog), FormatError)


class _Checker:
    """Checks of what a scenario says about layers."""

    def __init__(self, document: Document, catalog: Catalog) -> None:
        self.document = document
        self.catalog = catalog

    def layer(self, id: str, path: tuple[str, ...]) -> Layer | Fault:
        """Give the layer or the fault that it does not exist."""
        if id in self.catalog.layers:
            return self.catalog.layers[id]
        return self.document.fault("unknown_layer", path, found=id, expected=self.catalog.near(id))

    def kind(self, layer: Layer, path: tuple[str, ...], kinds: Iterable[str]) -> Iterator[Fault]:
        """Refuse a layer of the wrong kind."""
        if layer.kind not in kinds:
            yield self.document.fault(
                "wrong_layer_kind", path, found=layer.kind, expected=" / ".join(sorted(kinds))
            )

    def where(self, where: Where, layer: Layer, path: tuple[str, ...]) -> Iterator[Fault]:
        """Refuse a column the layer does not have."""
        for column in where:
            yield from _unknown(
                self.document, "unknown_column", (*path, "where", column), column, layer.columns
            )

    def selection(
        self, selection: Selection, path: tuple[str, ...], kinds: Iterable[str]
    ) -> Iterator[Fault]:
        """Check a choice of features."""
        layer = self.layer(selection.layer, (*path, "layer"))
        if isinstance(layer, Fault):
            yield layer
            return
        yield from self.kind(layer, (*path, "layer"), kinds)
        yield from self.where(selection.where, layer, path)

    def limit(self, limit: Limit, path: tuple[str, ...]) -> Iterator[Fault]:
        """Check that a limit can be tested on its layer."""
        if limit.layer is None or limit.test is None:
            return
        layer = self.layer(limit.layer, (*path, "layer"))
        if isinstance(layer, Fault):
            yield layer
            return
        test = limit.test
        kinds = {"inside": {"polygons"}, "within_m": VECTORS, "beyond_m": VECTORS}
        yield from self.kind(layer, (*path, "layer"), kinds.get(test.kind, {"raster"}))
        yield from self.where(limit.where, layer, path)
        if test.beyond_m is not None and layer.complete_within == "none":
            yield self.document.fault(
                "beyond_incomplete", (*path, "test", "beyond_m"), found=limit.layer
            )
        if test.kind in {"above", "below"} and layer.classes:
            yield self.document.fault("threshold_on_classes", (*path, "test"), found=limit.layer)
        for name in test.classes or ():
            yield from _unknown(
                self.document,
                "unknown_class",
                (*path, "test", "classes"),
                name,
                [c.key for c in layer.classes.values()],
            )

    def criterion(
        self, criterion: Criterion, path: tuple[str, ...], removed: set[tuple[str, str]]
    ) -> Iterator[Fault]:
        """Check that a criterion can be measured and its value function fits the unit."""
        measure, value = criterion.measure, criterion.value
        if measure is None or value is None:
            return
        where = (*path, "measure", measure.kind)
        layer = self.layer(measure.layer, where)
        if isinstance(layer, Fault):
            yield layer
            return
        yield from self.kind(layer, where, VECTORS if measure.kind == "distance_to" else {"raster"})
        yield from self.where(measure.where, layer, (*path, "measure"))
        if measure.kind == "class_of":
            keys = [c.key for c in layer.classes.values()]
            for name in value.classes or ():
                yield from _unknown(
                    self.document, "unknown_class", (*path, "value", "classes", name), name, keys
                )
            settled = {*(value.classes or ()), *(c for id, c in removed if id == measure.layer)}
            for missing in [k for k in keys if k not in settled]:
                yield self.document.fault(
                    "class_without_score", (*path, "value", "classes"), found=missing
                )
            return
        unit = "m" if measure.kind == "distance_to" else layer.unit
        if value.unit != unit:
            yield self.document.fault(
                "wrong_unit", (*path, "value", "unit"), found=value.unit, expected=unit
            )


def _removed_classes(scenario: Scenario, use: str) -> set[tuple[str, str]]:
    """List the (layer, class) pairs that limits remove for a use, so no score is needed."""
    return {
        (limit.layer, name)
        for limit in scenario.limits_of(use).values()
        if limit.outcome == "removed" and limit.layer and limit.test and limit.test.classes
        for name in limit.test.classes
    }


def _grid_faults(scenario: Scenario, document: Document) -> Iterator[Fault]:
    try:
        Grid(scenario.grid.crs, scenario.grid.cell_m, 0, 0, 1, 1)
    except GridError as error:
        for fault in error.faults:
            yield document.fault(
                fault.code, ("grid", fault.key or "crs"), found=fault.found, expected=fault.expected
            )


def _weight_faults(scenario: Scenario, document: Document) -> Iterator[Fault]:
    """Refuse weights that do not name exactly the criteria they weigh."""
    yield from _unknown(
        document, "unknown_viewpoint", ("viewpoint",), scenario.viewpoint, scenario.viewpoints
    )
    for id, viewpoint in scenario.viewpoints.items():
        path = ("viewpoints", id, "weights")
        for use in viewpoint.weights:
            yield from _unknown(document, "unknown_use", (*path, use), use, scenario.uses)
        for use, definition in scenario.uses.items():
            weights = viewpoint.weights.get(use)
            if weights is None:
                yield document.fault("use_without_weights", path, found=use)
                continue
            for name in weights:
                yield from _unknown(
                    document, "unknown_criterion", (*path, use, name), name, definition.criteria
                )
            for name in [c for c in definition.criteria if c not in weights]:
                yield document.fault("criterion_without_weight", (*path, use), found=name)
            if sum(weights.values()) <= 0:
                yield document.fault("weights_sum_to_nothing", (*path, use))


def _unknown(
    document: Document, code: str, path: tuple[str, ...], name: str, choices: Iterable[str]
) -> Iterator[Fault]:
    known = list(choices)
    if name not in known:
        yield document.fault(
            code, path, found=name, expected=nearest(name, known) or ", ".join(known)
        )
