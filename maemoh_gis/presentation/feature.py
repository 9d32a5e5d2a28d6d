"""What a run knows of a feature; whoever lists features asks for no more than this."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Place, Results
    from maemoh_gis.engine.stages import Stage
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.pages.content import ContextLayer
    from maemoh_gis.pages.report_content import Section
    from maemoh_gis.presentation.run_files import RunFiles
    from maemoh_gis.scenario.settings.scenario import Scenario

_Maker = TypeVar("_Maker")

Numbered = Mapping[int, _Maker]
"""Parts of something features make together, by their number in the order of the whole."""

ANNEX = 200
"""First number of the sections of a report that stand in its annex."""

Entries = Callable[["Results"], Mapping[str, Any]]
MapLayers = Callable[["Results"], Sequence["ContextLayer"]]
SectionMaker = Callable[["RunFiles"], "Section | None"]


def _same(results: Results) -> Results:
    return results


def _no_places(_: Results) -> Iterable[Place]:
    return ()


def _no_stages(_: Scenario, __: Catalog) -> Iterable[Stage]:
    return ()


def _no_layers(_: Scenario) -> Iterable[str]:
    return ()


def _no_files(_: Results, __: Path) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class Feature:
    """One question a run answers; each part may be left out."""

    stages: Callable[[Scenario, Catalog], Iterable[Stage]] = _no_stages
    """Computes; a stage that several features ask for is run once."""
    describe: Callable[[Results], Results] = _same
    """Puts beside the results what the feature says of its own; see `Results.describing`."""
    places: Callable[[Results], Iterable[Place]] = _no_places
    """What it found, once it is described, of which others may tell what lies near."""
    tell_near: Callable[[Results], Results] = _same
    """Puts beside the results what lies near the places of all features."""
    layers: Callable[[Scenario], Iterable[str]] = _no_layers
    """Layers it rests on beyond those its stages read."""
    cautions: Callable[[Scenario], Iterable[str]] = _no_layers
    """Layers whose caution is told first of all, beyond those of limits and criteria."""
    write: Callable[[Results, Path], Mapping[str, str]] = _no_files
    """Writes its files into a folder and gives their checksums by name."""
    record: Numbered[Entries] = field(default_factory=dict)
    """Entries of `run.json`."""
    map_layers: Numbered[MapLayers] = field(default_factory=dict)
    """Layers of the map page, above those of the catalog."""
    sections: Numbered[SectionMaker] = field(default_factory=dict)
    """
    Sections of the report, made from the files of a run; None where there is nothing to say. Those
    numbered from `ANNEX` on stand in its annex.
    """


def numbered_in_order(parts: Iterable[Numbered[_Maker]]) -> Sequence[tuple[int, _Maker]]:
    """Put the parts of several features in the order of the whole, each with its number."""
    numbered = [(number, make) for one in parts for number, make in one.items()]
    return sorted(numbered, key=lambda pair: pair[0])


def in_order(parts: Iterable[Numbered[_Maker]]) -> Sequence[_Maker]:
    """Put the parts of several features in the order of the whole."""
    return [make for _, make in numbered_in_order(parts)]
