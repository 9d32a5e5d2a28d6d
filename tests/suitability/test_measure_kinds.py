"""A way to measure is declared once; checks, keys of stages, caveats and the record ask it."""

from typing import ClassVar

import numpy as np
import pytest

from maemoh_gis.documents.schema import Name
from maemoh_gis.engine.stages import Stage, keys_of
from maemoh_gis.engine.study import study_grid
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.project import prepare
from maemoh_gis.runs.stage_table import stage_table
from maemoh_gis.scenario.layers_named import layers_named
from maemoh_gis.scenario.settings import measure as measures
from maemoh_gis.scenario.settings.criterion import ValueFunction
from maemoh_gis.scenario.settings.measure import MEASURES, Measure
from maemoh_gis.scenario.settings.measure_kind import LayerRead, MeasureKind
from maemoh_gis.suitability.caveats import layers_used
from maemoh_gis.suitability.measure_stages import MAKERS

USE, ID = "green_estate", "slope_terrain"
PLACES, HEIGHTS = "hydro_points", "elevation"
"""Layers the scenario names nowhere else."""


class SightOf(MeasureKind):
    """A kind of two layers: from how many places a cell is seen over the land between."""

    chosen_by_attributes: ClassVar[bool] = True

    places: Name
    heights: Name

    def reads(self):
        return (
            LayerRead(self.places, frozenset({"points"}), ("places",)),
            LayerRead(self.heights, frozenset({"raster"}), ("heights",)),
        )

    def unit(self, _, /):
        return "places"


class MeasureWithSight(Measure):
    sight_of: SightOf | None = None


def _sight_stage(measure, _, __):
    """Forget the layers: it is the kind that names them."""
    return Stage(f"around:{measure.kind}", lambda b, _: np.zeros(b.grid.shape), "focal")


@pytest.fixture
def sighted(small_project, monkeypatch):
    """Give a scenario with a criterion of the new kind, and its catalog."""
    resolved, catalog = prepare(small_project, "small")
    monkeypatch.setattr(measures, "MEASURES", {**MEASURES, "sight_of": SightOf})
    monkeypatch.setitem(MAKERS, "sight_of", _sight_stage)
    scenario = resolved.scenario
    uses = {
        id: use.model_copy(update={"criteria": {k: _renewed(c) for k, c in use.criteria.items()}})
        for id, use in scenario.uses.items()
    }
    seen = {
        "measure": MeasureWithSight(sight_of=SightOf(places=PLACES, heights=HEIGHTS)),
        "value": ValueFunction(unit="places", points=[(0, 1), (10, 0)]),
    }
    criteria = uses[USE].criteria
    uses[USE] = uses[USE].model_copy(
        update={"criteria": {**criteria, ID: criteria[ID].model_copy(update=seen)}}
    )
    return scenario.model_copy(update={"uses": uses}), catalog


def _renewed(criterion):
    """Let a criterion's measure know the new kind."""
    if criterion.measure is None:
        return criterion
    measure = MeasureWithSight(**criterion.measure.model_dump(exclude_none=True))
    return criterion.model_copy(update={"measure": measure})


class Changed(Layers):
    """Layers of which one is another than it was."""

    def __init__(self, catalog, other):
        super().__init__(catalog)
        self.other = other

    def checksum(self, id):
        return "0" * 64 if id == self.other else super().checksum(id)


@pytest.mark.parametrize("layer", [PLACES, HEIGHTS])
def test_a_change_of_any_layer_of_a_measure_changes_its_key(sighted, layer):
    scenario, catalog = sighted
    stages, layers = stage_table(scenario, catalog), Layers(catalog)
    grid = study_grid(scenario, layers)
    before, after = keys_of(stages, layers, grid), keys_of(stages, Changed(catalog, layer), grid)
    (source,) = [id for id in before if id == "around:sight_of"]
    assert before[source] != after[source]
    assert before[f"criterion:{USE}.{ID}"] != after[f"criterion:{USE}.{ID}"]


def test_every_layer_of_a_measure_is_on_record_and_in_the_caveats(sighted):
    scenario, _ = sighted
    assert {PLACES, HEIGHTS} <= set(layers_named(scenario))
    assert {PLACES, HEIGHTS} <= set(layers_used(scenario, USE))


def test_every_way_to_measure_is_a_field_and_every_field_a_way():
    others = {"where", "plus_minus", "plus_minus_share"}
    assert list(MEASURES) == [name for name in Measure.model_fields if name not in others]


def test_every_way_to_measure_becomes_a_stage_or_is_of_a_network_or_of_zones():
    none = MeasureKind.by_network
    travelled = {id for id, kind in MEASURES.items() if kind.by_network is not none}
    of_zones = {id for id, kind in MEASURES.items() if kind.of_zones}
    assert set(MAKERS) | travelled | of_zones == set(MEASURES)
    assert not set(MAKERS) & travelled
