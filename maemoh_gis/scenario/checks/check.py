"""Whether a scenario and a catalog fit together: names, units, classes, weights, all at once."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace

from maemoh_gis.core.errors import FormatError, GridError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.grid import Grid
from maemoh_gis.documents.schema import nearest_first
from maemoh_gis.documents.yaml import Document
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.mcda.ahp import consistency_warning
from maemoh_gis.scenario.checks.checker import Checker, unknown
from maemoh_gis.scenario.checks.choice import choice_faults
from maemoh_gis.scenario.checks.declared_in import declared_in_faults
from maemoh_gis.scenario.checks.estate import estate_faults
from maemoh_gis.scenario.checks.exposure import exposure_faults
from maemoh_gis.scenario.checks.freight import freight_faults
from maemoh_gis.scenario.checks.learnt import learnt_faults
from maemoh_gis.scenario.checks.links import link_faults
from maemoh_gis.scenario.checks.networks import network_faults
from maemoh_gis.scenario.checks.phase_out import timeline_faults
from maemoh_gis.scenario.checks.questions import question_faults
from maemoh_gis.scenario.checks.switches import switch_faults
from maemoh_gis.scenario.layers_named import layers_needed
from maemoh_gis.scenario.resolve import Resolved
from maemoh_gis.scenario.settings.limit import MAX_LIMITS, Limit
from maemoh_gis.scenario.settings.parts import VECTORS, Selection
from maemoh_gis.scenario.settings.scenario import Scenario
from maemoh_gis.scenario.settings.weights import Weights
from maemoh_gis.scenario.worded import stale_words


def faults_of(resolved: Resolved, catalog: Catalog) -> list[Fault]:
    """Find everything in a scenario that its catalog cannot serve."""
    scenario, document = resolved.written, resolved.document
    checker = Checker(document, catalog, scenario)
    found = [*_grid_faults(scenario, document), *_selection_faults(scenario, checker)]
    for id, limit in scenario.limits.items():
        found += checker.limit(limit, ("limits", id))
        for name in limit.uses or ():
            found += unknown(document, "unknown_use", ("limits", id, "uses"), name, scenario.uses)
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
            found += unknown(document, "unknown_limit", (*path, "limits"), name, scenario.limits)
        for name in inclusion.uses or ():
            found += unknown(document, "unknown_use", (*path, "uses"), name, scenario.uses)
    for name in scenario.holds or ():
        found += unknown(document, "unknown_use", ("holds",), name, scenario.uses)
    found += timeline_faults(scenario, document, checker)
    found += declared_in_faults(scenario, checker)
    found += _answers_faults(scenario, catalog)
    found += exposure_faults(scenario, checker)
    found += question_faults(scenario, checker)
    found += learnt_faults(scenario, checker)
    found += link_faults(scenario, checker)
    if scenario.choice is not None:
        for id, place in scenario.choice.places.items():
            found += checker.selection(place, ("choice", "places", id), {"points"})
    found += choice_faults(scenario, checker)
    found += network_faults(scenario, checker)
    found += freight_faults(scenario, checker)
    found += estate_faults(scenario, document)
    found += switch_faults(scenario, document)
    found += _absent_faults(scenario, catalog)
    found += _weight_faults(scenario, document)
    found += _contradictions(scenario, document)
    found += _too_many_limits(resolved.scenario, document)
    found += stale_words(resolved.raw, resolved.changes, document)
    found = list(_said_better(found, catalog))
    return sorted(found, key=lambda f: (f.file or "", f.line or 0))


def _answers_faults(scenario: Scenario, catalog: Catalog) -> Iterator[Fault]:
    """
    Tell of layers said to be the map of what is nothing here: they are put to no test.

    A criterion that another layer scores already counts as nothing.
    """
    scored = {
        (id, layer)
        for use in scenario.uses.values()
        for id, criterion in use.criteria.items()
        if criterion.measure is not None
        for layer in criterion.measure.layers()
    }
    for id, layer in catalog.layers.items():
        if layer.answers is not None and layer.answers not in scenario.limits:
            if (layer.answers, id) in scored:
                continue
            near = nearest_first(layer.answers, scenario.limits)
            place = ("layers", id, "answers")
            said = {"found": layer.answers, "expected": near, "values": {"layer": id}}
            yield catalog.document.fault("answers_no_limit", place, severity="warns", **said)


def _said_better(found: Iterable[Fault], catalog: Catalog) -> Iterator[Fault]:
    """Tell what is wrong with an entry instead of that there is no such layer, and suggest nothing
    where there is nothing to suggest.
    """
    told = list[Fault]()
    for fault in found:
        id = fault.found or ""
        if fault.code.startswith("unknown_") and fault.expected in (None, "", "–"):
            yield replace(fault, code="none_described", expected=None)
        elif fault.code != "unknown_layer" or id not in catalog.withheld:
            yield fault
        else:
            # A stack is withheld for the faults of its members, which may be asked for as well.
            fresh = [one for one in catalog.withheld[id] if one not in told]
            told += fresh
            yield from fresh


def _absent_faults(scenario: Scenario, catalog: Catalog) -> Iterator[Fault]:
    """Refuse stacks of which nothing is there where more than a limit or a criterion needs them."""
    for id in layers_needed(scenario):
        if id in catalog.stacks and not catalog.read_from(id):
            absent = ", ".join(catalog.stacks[id].absent)
            yield catalog.document.fault("stack_needed", ("layers", id, "best_of"), found=absent)


def _removed_classes(scenario: Scenario, use: str) -> set[tuple[str, str]]:
    """List the (layer, class) pairs that limits remove for a use, so no score is needed."""
    return {
        (limit.layer, name)
        for limit in scenario.limits_of(use).values()
        if limit.outcome == "removed" and limit.layer and limit.test and limit.test.classes
        for name in limit.test.classes
    }


def _selection_faults(scenario: Scenario, checker: Checker) -> Iterator[Fault]:
    """Check the sections that are nothing but features of a layer."""
    for name, section in scenario:
        if isinstance(section, Selection):
            kinds = {"polygons"} if name == "area" else VECTORS
            yield from checker.selection(section, (name,), kinds)


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
    yield from unknown(
        document, "unknown_viewpoint", ("viewpoint",), scenario.viewpoint, scenario.viewpoints
    )
    for id, viewpoint in scenario.viewpoints.items():
        path = ("viewpoints", id, "weights")
        for use in viewpoint.weights:
            yield from unknown(document, "unknown_use", (*path, use), use, scenario.uses)
        for use, definition in scenario.uses.items():
            weights = viewpoint.weights.get(use)
            if weights is None:
                yield document.fault("use_without_weights", path, found=use)
                continue
            for name in weights.criteria:
                yield from unknown(
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
