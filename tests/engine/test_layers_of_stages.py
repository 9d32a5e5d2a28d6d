"""What a stage reads it names, or a kept result would outlive a change of the layer."""

from dataclasses import replace

import pytest

from maemoh_gis.engine.stages import StageContext, execute
from maemoh_gis.engine.study import study_grid
from maemoh_gis.layers.entries import CompleteWithin
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.project import prepare
from maemoh_gis.runs.stage_table import stage_table
from maemoh_gis.scenario.settings.learnt import Learnt
from maemoh_gis.scenario.settings.parts import Selection
from maemoh_gis.suitability.known_land import with_tallies


class Noted(Layers):
    """Layers that note which of them are read; nothing is read without its checksum."""

    def __init__(self, catalog):
        super().__init__(catalog)
        self.read = set()

    def checksum(self, id):
        self.read.add(id)
        return super().checksum(id)


@pytest.fixture(scope="module")
def reads(small_project):
    """Run all stages of a scenario whose roads are complete in its districts, and where something
    is to be learnt; give the layers each reads beside the stage.
    """
    resolved, catalog = prepare(small_project, "small")
    roads = catalog["roads"].model_copy(
        update={"complete_within": CompleteWithin(layer="districts")}
    )
    catalog = replace(catalog, layers={**catalog.layers, "roads": roads})
    asked = Learnt(presence=Selection(layer="land_use_outlines"), basis="A test")
    # How often the control is tried, and on how much land, reads no other layer.
    quick = asked.model_copy(update={"permutations": 1, "land_cells": 500})
    scenario = resolved.scenario.model_copy(update={"learnt": {"green_estate": quick}})
    layers = Noted(catalog)
    stages = with_tallies(scenario, catalog, stage_table(scenario, catalog))
    grid = study_grid(scenario, layers)
    found = {}

    def note(event):
        if event.seconds is None:
            layers.read = set()
        else:
            found[event.stage] = layers.read

    execute(stages, StageContext(scenario, layers, grid), keep=lambda _: False, watch=note)
    return [(stage, found[stage.id]) for stage in stages]


def test_a_stage_names_every_layer_it_reads(reads):
    forgotten = {stage.id: read - set(stage.layers) for stage, read in reads}
    assert {id: layers for id, layers in forgotten.items() if layers} == {}
    assert len({layer for _, read in reads for layer in read}) > 20


def test_a_yard_names_the_polygons_in_which_no_road_is_missing(reads):
    read = {stage.id: read for stage, read in reads}
    assert "districts" in read["yard_tests:container_yard"]
