"""The record of a run: what went in, what came out, and what it rests on."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from maemoh_gis.engine.provenance import software
from maemoh_gis.presentation.feature import in_order
from maemoh_gis.runs import features
from maemoh_gis.runs.stacks_read import stacks_on_record
from maemoh_gis.suitability.caveats import caveats, layers_used
from maemoh_gis.suitability.known_land import KnownLand

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results


def content(results: Results, written: Mapping[str, str]) -> dict[str, Any]:
    """Say what `run.json` says."""
    scenario, catalog = results.resolved.scenario, results.catalog
    known = results.gathered_as(KnownLand)
    first = caveats(scenario, catalog, known, features.cautions(scenario))
    return {
        "version": 1,
        "scenario": scenario.id,
        "title": scenario.title.both(),
        "question": scenario.question.both(),
        "year": scenario.year,
        "viewpoint": scenario.viewpoint,
        "caveats": first,
        **_entries(results),
        "seed": scenario.seed,
        "changes": [dataclasses.asdict(change) for change in results.resolved.changes],
        "resolved": results.resolved.document.data,
        "inputs": {
            "scenarios": dict(results.resolved.files),
            "layers": _layers_on_record(results),
            **stacks_on_record(results, _layers_read(results)),
        },
        "stages": {stage.id: results.keys[stage.id] for stage in results.stages},
        "software": software(),
        "outputs": dict(sorted(written.items())),
    }


def _entries(results: Results) -> dict[str, Any]:
    """Give what features say for the record."""
    makers = in_order(feature.record for feature in features.FEATURES)
    return {name: value for make in makers for name, value in make(results).items()}


def _layers_on_record(results: Results) -> dict[str, dict[str, Any]]:
    """Name every layer the run rests on: checksum, how it was read, how far it can be trusted."""
    catalog = results.catalog
    files = [one for id in _layers_read(results) for one in catalog.known_by(id)]
    return {
        id: {
            "path": catalog[id].path,
            "sha256": catalog[id].sha256,
            "confidence": catalog[id].confidence,
            "nature": catalog[id].nature,
            "licence": catalog[id].licence,
            "read_as": catalog[id].read_as,
        }
        for id in dict.fromkeys(files)
    }


def _layers_read(results: Results) -> list[str]:
    """List the layers a run rests on; a stack goes by its own id."""
    scenario = results.resolved.scenario
    read = [layer for stage in results.stages for layer in stage.layers]
    more = [id for feature in features.FEATURES for id in feature.layers(scenario)]
    return list(dict.fromkeys([*read, *layers_used(scenario), *more]))
