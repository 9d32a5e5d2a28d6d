"""Whether a scenario and a catalog fit together: names, units, classes, weights, all at once."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace

from maemoh_gis.documents import Document
from maemoh_gis.errors import Fault, FormatError, GridError
from maemoh_gis.formats import nearest, nearest_first
from maemoh_gis.grid import Grid
from maemoh_gis.layers.catalog import Catalog, Layer
from maemoh_gis.layers.table_schemas import HEIGHTS
from maemoh_gis.scenarios.check_access import access_faults
from maemoh_gis.scenarios.check_choice import choice_faults
from maemoh_gis.scenarios.check_exposure import exposure_faults
from maemoh_gis.scenarios.check_freight import freight_faults
from maemoh_gis.scenarios.check_networks import network_faults
from maemoh_gis.scenarios.check_questions import question_faults
from maemoh_gis.scenarios.check_where import name_faults, number_faults, where_faults
from maemoh_gis.scenarios.criterion_model import Criterion, Measure, ValueFunction
from maemoh_gis.scenarios.limit_model import Limit, Test
from maemoh_gis.scenarios.model import Scenario
from maemoh_gis.scenarios.parts import Selection, Where
from maemoh_gis.scenarios.resolve import Resolved
from maemoh_gis.scenarios.timeline_check import timeline_faults
from maemoh_gis.scenarios.weight_model import Weights
from maemoh_gis.scenarios.worded import stale_words
from maemoh_gis.scenarios.yard_model import Yard
from maemoh_gis.suitability.ahp import consistency_warning
from maemoh_gis.suitability.limits import MAX_LIMITS
from maemoh_gis.units import same_unit

VECTORS = frozenset({"polygons", "lines", "points"})


def faults_of(resolved: Resolved, catalog: Catalog, handed: Iterable[str] = ()) -> list[Fault]:
    """
    Find everything in a scenario that its catalog cannot serve.

    Parameters
    ----------
    resolved : Resolved
        The scenario with its inheritance.
    catalog : Catalog
        The layers it names.
    handed : iterable of str
        Names under which travel minutes are handed in beside those of the scenario's networks.

    Returns
    -------
    list of Fault
        In the order of the file.
    """
    scenario, document = resolved.written, resolved.document
    own = [id for id, network in scenario.networks.items() if network.origins is not None]
    checker = _Checker(document, catalog, own, handed)
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
        if use.yard is not None:
            found += checker.yard(use.yard, ("uses", use_id, "yard"))
    for id, inclusion in scenario.inclusions.items():
        path = ("inclusions", id)
        kinds = {"polygons"} if inclusion.within_m is None else VECTORS
        found += checker.selection(inclusion, path, kinds)
        for name in inclusion.limits:
            found += _unknown(document, "unknown_limit", (*path, "limits"), name, scenario.limits)
        for name in inclusion.uses or ():
            found += _unknown(document, "unknown_use", (*path, "uses"), name, scenario.uses)
    for name in scenario.holds or ():
        found += _unknown(document, "unknown_use", ("holds",), name, scenario.uses)
    found += timeline_faults(scenario, document, checker)
    found += exposure_faults(scenario, checker)
    found += question_faults(scenario, checker)
    if scenario.choice is not None:
        for id, place in scenario.choice.places.items():
            found += checker.selection(place, ("choice", "places", id), {"points"})
    found += choice_faults(scenario, document, catalog)
    found += network_faults(scenario, document, catalog)
    found += freight_faults(scenario, document, catalog)
    found += _weight_faults(scenario, document)
    found += _contradictions(scenario, document)
    found += _too_many_limits(resolved.scenario, document)
    found += stale_words(resolved.raw, resolved.changes, document)
    found = list(_said_better(found, catalog))
    return sorted(found, key=lambda f: (f.file or "", f.line or 0))


def _said_better(found: Iterable[Fault], catalog: Catalog) -> Iterator[Fault]:
    """Tell what is wrong with an entry instead of that there is no such layer, and suggest nothing
    where there is nothing to suggest.
    """
    told = set[str]()
    for fault in found:
        id = fault.found or ""
        if fault.code.startswith("unknown_") and fault.expected in (None, "", "–"):
            yield replace(fault, code="none_described", expected=None)
        elif fault.code != "unknown_layer" or id not in catalog.withheld:
            yield fault
        elif id not in told:
            told.add(id)
            yield from catalog.withheld[id]


class _Checker:
    """Checks of what a scenario says about layers."""

    def __init__(
        self, document: Document, catalog: Catalog, own: Iterable[str], handed: Iterable[str]
    ) -> None:
        self.document, self.catalog, self.own = document, catalog, list(own)
        self.handed = [*self.own, *handed]

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

    def where(self, where: Where, id: str, path: tuple[str, ...]) -> Iterator[Fault]:
        """Refuse a column the file does not have, and a choice of no feature."""
        yield from where_faults(where, id, self.catalog, self.document, path)

    def name(
        self, code: str, path: tuple[str, ...], name: str, choices: Iterable[str]
    ) -> Iterator[Fault]:
        """Refuse a name that is not one of the choices, naming the nearest."""
        yield from _unknown(self.document, code, path, name, choices)

    def selection(
        self, selection: Selection, path: tuple[str, ...], kinds: Iterable[str]
    ) -> Iterator[Fault]:
        """Check a choice of features."""
        layer = self.layer(selection.layer, (*path, "layer"))
        if isinstance(layer, Fault):
            yield layer
            return
        yield from self.kind(layer, (*path, "layer"), kinds)
        yield from self.where(selection.where, selection.layer, path)

    def yard(self, yard: Yard, path: tuple[str, ...]) -> Iterator[Fault]:
        """Check the layers a yard is looked for with."""
        wanted: dict[str, Iterable[str]] = {
            "railway": {"lines"},
            "heights": {"table"},
            "roads": {"lines"},
            "stations": {"points"},
        }
        columns = {"heights": HEIGHTS.needs, "roads": ("class",),
                   "stations": ("name_th", "name_en")}  # fmt: skip
        for key, kinds in wanted.items():
            id = getattr(yard, key)
            if id is None:
                continue
            layer = self.layer(id, (*path, key))
            if isinstance(layer, Fault):
                yield layer
                continue
            yield from self.kind(layer, (*path, key), kinds)
            if key == "stations":
                yield from name_faults(
                    columns[key], {}, id, self.catalog, self.document, (*path, key)
                )
            for column in columns.get(key, ()):
                yield from _unknown(
                    self.document, "unknown_column", (*path, key), column, layer.columns
                )

    def limit(self, limit: Limit, path: tuple[str, ...]) -> Iterator[Fault]:
        """Check that a limit can be tested on its layer, and so can what it depends on."""
        if limit.layer is not None and limit.test is not None:
            yield from self.test(limit.layer, limit.where, limit.test, path)
        if limit.only_where is not None:
            only = limit.only_where
            yield from self.test(only.layer, only.where, only.test, (*path, "only_where"))

    def test(self, id: str, where: Where, test: Test, path: tuple[str, ...]) -> Iterator[Fault]:
        """Check that a test fits the layer it is put to."""
        layer = self.layer(id, (*path, "layer"))
        if isinstance(layer, Fault):
            yield layer
            return
        kinds = {"inside": {"polygons"}, "within_m": VECTORS, "beyond_m": VECTORS}
        yield from self.kind(layer, (*path, "layer"), kinds.get(test.kind, {"raster"}))
        yield from self.where(where, id, path)
        if test.beyond_m is not None and layer.completeness_of(where) == "none":
            yield self.document.fault("beyond_incomplete", (*path, "test", "beyond_m"), found=id)
        if test.kind in {"above", "below"} and layer.classes:
            yield self.document.fault("threshold_on_classes", (*path, "test"), found=id)
        elif test.unit is not None and not same_unit(test.unit, layer.unit or ""):
            yield self.document.fault(
                "wrong_unit_of_test", (*path, "test", "unit"), found=test.unit,
                expected=layer.unit or "–", values={"layer": id},
            )  # fmt: skip
        yield from self.classes(layer, test.classes or (), (*path, "test", "classes"))

    def classes(
        self, layer: Layer, names: Iterable[str], path: tuple[str, ...], *, each: bool = False
    ) -> Iterator[Fault]:
        """Refuse classes the layer does not have; `each` class then has a line of its own."""
        keys = [c.key for c in layer.classes.values()]
        for name in names:
            where = (*path, name) if each else path
            yield from _unknown(self.document, "unknown_class", where, name, keys)

    def criterion(
        self, criterion: Criterion, path: tuple[str, ...], removed: set[tuple[str, str]]
    ) -> Iterator[Fault]:
        """Check that a criterion can be measured and its value function fits the unit."""
        measure, value = criterion.measure, criterion.value
        if measure is None or value is None:
            return
        if measure.minutes is not None:
            yield from self.unit(value, "minutes", path)
            where = (*path, "measure", "minutes")
            yield from _unknown(
                self.document, "minutes_not_handed", where, measure.minutes, self.handed
            )
            return
        if measure.access is not None:
            found = (measure.access, value, self.own, self.document, self.catalog, path)
            yield from access_faults(*found)
            return
        where = (*path, "measure", measure.kind)
        layer = self.layer(measure.layer, where)
        if isinstance(layer, Fault):
            yield layer
            return
        yield from self.kind(layer, where, _KINDS.get(measure.kind, {"raster"}))
        yield from self.where(measure.where, measure.layer, (*path, "measure"))
        if measure.kind == "class_of":
            yield from self.scores(value, measure, layer, (*path, "value", "classes"), removed)
            return
        column = measure.gravity.weight if measure.gravity else measure.zone and measure.zone.column
        if column:
            yield from _unknown(self.document, "unknown_column", where, column, layer.columns)
            yield from number_faults(column, measure.layer, self.catalog, self.document, where)
        if measure.share_of is not None:
            yield from self.classes(layer, measure.share_of.classes, (*where, "classes"))
        yield from self.unit(value, _unit_of(measure, layer), path)

    def scores(
        self,
        value: ValueFunction,
        measure: Measure,
        layer: Layer,
        path: tuple[str, ...],
        removed: set[tuple[str, str]],
    ) -> Iterator[Fault]:
        """Refuse scores of classes that do not exist, and classes neither scored nor removed."""
        yield from self.classes(layer, value.classes or (), path, each=True)
        settled = {*(value.classes or ()), *(c for id, c in removed if id == measure.layer)}
        for missing in [c.key for c in layer.classes.values() if c.key not in settled]:
            yield self.document.fault("class_without_score", path, found=missing)

    def unit(
        self, value: ValueFunction, expected: str | None, path: tuple[str, ...]
    ) -> Iterator[Fault]:
        """Refuse a value function written in another unit than the measure's."""
        if value.unit != expected:
            yield self.document.fault(
                "wrong_unit", (*path, "value", "unit"), found=value.unit, expected=expected
            )


_KINDS: dict[str, Iterable[str]] = {
    "distance_to": VECTORS,
    "gravity": VECTORS,
    "density": {"points", "lines"},
    "zone": {"polygons"},
}


def _unit_of(measure: Measure, layer: Layer) -> str | None:
    """Give the unit a measure comes in."""
    if measure.gravity is not None:
        weight = layer.columns.get(measure.gravity.weight)
        return f"{weight.unit if weight else None} per minute"
    if measure.zone is not None:
        column = layer.columns.get(measure.zone.column)
        return column.unit if column else None
    fixed = {
        "distance_to": "m",
        "share_of": "share",
        "density": "km per km2" if layer.kind == "lines" else "per km2",
    }
    return fixed.get(measure.kind, layer.unit)


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
            for name in weights.criteria:
                yield from _unknown(
                    document, "unknown_criterion", (*path, use, name), name, definition.criteria
                )
            for name in [c for c in definition.criteria if c not in weights.criteria]:
                yield document.fault("criterion_without_weight", (*path, use), found=name)
            yield from _resolving_faults(weights, document, (*path, use))


def _resolving_faults(
    weights: Weights, document: Document, path: tuple[str, ...]
) -> Iterator[Fault]:
    """Find what keeps weights from becoming numbers, and judgements that contradict one another."""
    try:
        weights.resolved()
    except FormatError as error:
        for fault in error.faults:
            yield _placed(fault, document, path)
        return
    for name, judgements in weights.judgements().items():
        warning = consistency_warning(judgements)
        if warning is not None:
            yield _placed(warning, document, (*path, *([name] if name else [])))


def _placed(fault: Fault, document: Document, path: tuple[str, ...]) -> Fault:
    """Say in which file and line a fault found in bare numbers stands."""
    place = document.place(path)
    key = ".".join([*path, *([fault.key] if fault.key else [])])
    return replace(fault, file=place.file, line=place.line, key=key)


def _too_many_limits(scenario: Scenario, document: Document) -> Iterator[Fault]:
    """Refuse more limits of one kind than a cell has bits for, zones and conditions included."""
    for use in scenario.uses:
        tested = [limit for limit in scenario.limits_of(use).values() if limit.test]
        counts = {
            "removed": sum(limit.outcome == "removed" for limit in tested),
            "conditional": sum(limit.outcome == "conditional" for limit in tested)
            + len(scenario.conditions_of(use)),
        }
        for outcome, count in counts.items():
            if count > MAX_LIMITS:
                yield document.fault("too_many_limits", ("limits",), found=str(count),
                                     expected=str(MAX_LIMITS),
                                     values={"use": use, "outcome": outcome})  # fmt: skip


def _contradictions(scenario: Scenario, document: Document) -> Iterator[Fault]:
    """Find pairs of limits that together leave no land whatever the layer says."""
    named: set[tuple[str, str]] = set()
    for use in scenario.uses:
        tested = [(id, limit) for id, limit in scenario.limits_of(use).items() if limit.test]
        # More are refused for their number, and comparing each with each would take minutes.
        for (id, one), (other_id, other) in itertools.combinations(tested[: 2 * MAX_LIMITS], 2):
            if (id, other_id) in named:
                continue
            named.add((id, other_id))
            if one.outcome != "removed" or other.outcome != "removed":
                continue
            if (one.layer, one.where) == (other.layer, other.where) and _leave_nothing(one, other):
                yield document.fault(
                    "contradictory_limits", ("limits", other_id), found=other_id, expected=id
                )


def _leave_nothing(one: Limit, other: Limit) -> bool:
    """Say whether two limits on one layer cover everything between them."""
    if one.only_where or other.only_where or one.test is None or other.test is None:
        return False
    for a, b in ((one.test, other.test), (other.test, one.test)):
        if a.above is not None and b.below is not None and a.above < b.below:
            return True
        if a.within_m is not None and b.beyond_m is not None and a.within_m >= b.beyond_m:
            return True
    return False


def _unknown(
    document: Document, code: str, path: tuple[str, ...], name: str, choices: Iterable[str]
) -> Iterator[Fault]:
    known = list(choices)
    if name not in known:
        few = code in {"unknown_use", "unknown_viewpoint"}
        near = nearest_first(name, known) if few else nearest(name, known)
        yield document.fault(code, path, found=name, expected=near or ", ".join(known) or "–")
