"""Holds the layers and columns a scenario names against the catalog."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator

from maemoh_gis.core.faults import Fault
from maemoh_gis.core.units import same_unit
from maemoh_gis.documents.schema import nearest, nearest_first
from maemoh_gis.documents.yaml import Document
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.layers.entries import Layer
from maemoh_gis.layers.table_schemas import HEIGHTS
from maemoh_gis.scenario.checks.where import name_faults, number_faults, where_faults
from maemoh_gis.scenario.settings.criterion import Criterion, ValueFunction
from maemoh_gis.scenario.settings.limit import Limit, Test
from maemoh_gis.scenario.settings.measure import Measure, Minutes
from maemoh_gis.scenario.settings.measure_kind import LayerRead, MeasureKind
from maemoh_gis.scenario.settings.parts import VECTORS, Selection, Where
from maemoh_gis.scenario.settings.scenario import Scenario
from maemoh_gis.scenario.settings.yard import Yard

_OF_YARDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "railway": ("lines", ()),
    "heights": ("table", HEIGHTS.needs),
    "roads": ("lines", ("class",)),
    "stations": ("points", ("name_th", "name_en")),
    "tracks": ("lines", ("kind", "station_en", "length_m")),
}
"""Kind and columns of the layers a yard is looked for with."""


class Checker:
    """Checks of what a scenario says about layers."""

    def __init__(self, document: Document, catalog: Catalog, scenario: Scenario) -> None:
        self.document, self.catalog = document, catalog
        self.networks = {id: one.origins is not None for id, one in scenario.networks.items()}
        """Networks of the scenario, and whether each has origins."""
        self.places_people = scenario.exposure is not None

    def read_layer(
        self, id: str, path: tuple[str, ...], kinds: Iterable[str], columns: Iterable[str] = ()
    ) -> Generator[Fault, None, Layer | None]:
        """Check a layer, its kind and the columns read from it; give it if there is such a one."""
        layer = self.catalog.layers.get(id)
        if layer is None:
            near = self.catalog.near(id)
            yield self.document.fault("unknown_layer", path, found=id, expected=near)
            return None
        if layer.kind not in kinds:
            kind = " / ".join(sorted(kinds))
            yield self.document.fault("wrong_layer_kind", path, found=layer.kind, expected=kind)
        for column in columns:
            yield from self.name("unknown_column", path, column, layer.columns)
        return layer

    def where(self, where: Where, id: str, path: tuple[str, ...]) -> Iterator[Fault]:
        """Refuse a column the file does not have, and a choice of no feature."""
        yield from where_faults(where, id, self.catalog, self.document, path)

    def name(
        self, code: str, path: tuple[str, ...], name: str, choices: Iterable[str]
    ) -> Iterator[Fault]:
        """Refuse a name that is not one of the choices, naming the nearest."""
        yield from unknown(self.document, code, path, name, choices)

    def named(
        self, selection: Selection, path: tuple[str, ...], columns: Iterable[str]
    ) -> Iterator[Fault]:
        """Refuse features without the names that are read from these columns."""
        id, where = selection.layer, selection.where
        yield from name_faults(columns, where, id, self.catalog, self.document, path)

    def selection(
        self,
        selection: Selection,
        path: tuple[str, ...],
        kinds: Iterable[str],
        columns: Iterable[str] = (),
    ) -> Iterator[Fault]:
        """Check a choice of features and the columns read from them."""
        if (yield from self.read_layer(selection.layer, (*path, "layer"), kinds, columns)):
            yield from self.where(selection.where, selection.layer, path)

    def yard(self, yard: Yard, path: tuple[str, ...]) -> Iterator[Fault]:
        """Check the layers a yard is looked for with."""
        for key, (kind, columns) in _OF_YARDS.items():
            id = getattr(yard, key)
            if id is None or (id in yard.layers_if_there() and not self.catalog.has(id)):
                continue
            layer = yield from self.read_layer(id, (*path, key), {kind}, columns)
            if layer is not None and key == "stations":
                yield from self.named(Selection(layer=id), (*path, key), columns)
        if yard.own_bed is not None:
            place = (*path, "own_bed", "heights")
            layer = yield from self.read_layer(yard.own_bed.heights, place, {"raster"})
            if layer is not None and not same_unit("m", layer.unit or ""):
                yield self.document.fault("bed_not_metres", place, found=layer.unit or "–")

    def limit(self, limit: Limit, path: tuple[str, ...]) -> Iterator[Fault]:
        """Check that a limit can be tested on its layer, and so can what it depends on."""
        if limit.layer is not None and limit.test is not None:
            yield from self.test(limit.layer, limit.where, limit.test, path)
        if limit.only_where is not None:
            only = limit.only_where
            yield from self.test(only.layer, only.where, only.test, (*path, "only_where"))

    def test(self, id: str, where: Where, test: Test, path: tuple[str, ...]) -> Iterator[Fault]:
        """Check that a test fits the layer it is put to."""
        kinds = {"inside": {"polygons"}, "within_m": VECTORS, "beyond_m": VECTORS}
        layer = yield from self.read_layer(id, (*path, "layer"), kinds.get(test.kind, {"raster"}))
        if layer is None:
            return
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
            yield from unknown(self.document, "unknown_class", where, name, keys)

    def criterion(
        self, criterion: Criterion, path: tuple[str, ...], removed: set[tuple[str, str]]
    ) -> Iterator[Fault]:
        """Check that a criterion can be measured and its value function fits the unit."""
        measure, value = criterion.measure, criterion.value
        if measure is None or value is None:
            return
        where = (*path, "measure", measure.kind)
        yield from self.network(measure.of, where)
        for read in measure.of.reads():
            yield from self.read(read, where)
        measured = next(iter(measure.layers()), None)
        if measured is not None:
            if measured not in self.catalog.layers:
                return
            yield from self.where(measure.where, measured, (*path, "measure"))
        if measure.kind == "class_of":
            layer = self.catalog[measure.layer]
            yield from self.scores(value, measure, layer, (*path, "value", "classes"), removed)
            return
        yield from self.unit(value, measure.of.unit(self.catalog), path)

    def network(self, of: MeasureKind, path: tuple[str, ...]) -> Iterator[Fault]:
        """Refuse a network that is not there, and people that nobody places."""
        if of.of_people and not self.places_people:
            yield self.document.fault("people_need_exposure", path)
        network = of.by_network()
        if network is None:
            return
        at = path if isinstance(of, Minutes) else (*path, "network")
        code = "minutes_not_handed" if of.from_origins else "unknown_network"
        fit = [id for id, origins in self.networks.items() if origins or not of.from_origins]
        yield from unknown(self.document, code, at, network, fit)

    def read(self, read: LayerRead, path: tuple[str, ...]) -> Iterator[Fault]:
        """Check a layer that is measured: its kind, the features chosen, what it must hold."""
        layer = yield from self.read_layer(read.layer, (*path, *read.key), read.kinds)
        if layer is None:
            return
        yield from self.where(read.where, read.layer, (*path, *read.key[:-1]))
        for key, column in read.columns.items():
            at = (*path, *read.beside(key))
            yield from unknown(self.document, "unknown_column", at, column, layer.columns)
            yield from number_faults(column, read.layer, self.catalog, self.document, at)
        for key, column in read.names.items():
            at = (*path, *read.beside(key))
            yield from unknown(self.document, "unknown_column", at, column, layer.columns)
        yield from self.classes(layer, read.classes, (*path, *read.beside("classes")))

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


def unknown(
    document: Document, code: str, path: tuple[str, ...], name: str, choices: Iterable[str]
) -> Iterator[Fault]:
    """Refuse a name that is not one of the choices, naming the nearest."""
    known = list(choices)
    if name not in known:
        few = code in {"unknown_use", "unknown_viewpoint"}
        near = nearest_first(name, known) if few else nearest(name, known)
        yield document.fault(code, path, found=name, expected=near or ", ".join(known) or "–")
