"""Scenarios on a few hundred traced roads, for what does not turn on the tens of thousands."""

import re
import shutil

from tests.paths import SCENARIOS

# What joins roads: networks, freight and yards. Lanes that tell of homes are read as they are.
_JOINED = re.compile(r"(\broads:(?:\s+layer:)?) road_network\b")
FEW = "roads"


def copy_scenarios(folder):
    """Put the scenarios that ship into a folder, on few roads."""
    shutil.copytree(SCENARIOS, folder, dirs_exist_ok=True)
    moved = 0
    for path in folder.glob("*.yaml"):
        text, n = _JOINED.subn(rf"\1 {FEW}", path.read_text(encoding="utf-8"))
        path.write_text(text, encoding="utf-8")
        moved += n
    assert moved


def on_few_roads(scenario):
    """Let a scenario that was read stand on few roads."""
    networks = {
        id: one.model_copy(update={"roads": one.roads.model_copy(update={"layer": FEW})})
        for id, one in scenario.networks.items()
    }
    freight = scenario.freight and scenario.freight.model_copy(update={"roads": FEW})
    uses = {}
    for id, use in scenario.uses.items():
        yard = use.yard and use.yard.model_copy(update={"roads": FEW})
        uses[id] = use.model_copy(update={"yard": yard})
    return scenario.model_copy(update={"networks": networks, "freight": freight, "uses": uses})
