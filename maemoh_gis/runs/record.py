"""The record of a run: what went in, what came out, and what it rests on."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from maemoh_gis.core import units
from maemoh_gis.engine.provenance import software
from maemoh_gis.exposure.outputs import exposure_on_record
from maemoh_gis.freight.emissions import emissions_on_record
from maemoh_gis.freight.outputs import freight_on_record
from maemoh_gis.freight.result import freight_of
from maemoh_gis.network.outputs import networks_on_record
from maemoh_gis.phase_out.outputs import timeline_on_record
from maemoh_gis.questions.questions import questions_on_record
from maemoh_gis.sites.result import site_rows, sites_by_use
from maemoh_gis.sites.weight_report import weights_on_record
from maemoh_gis.sites.words import sites_told
from maemoh_gis.suitability.caveats import (
    LimitStatus,
    caveats,
    confidence_shares,
    layers_used,
    legal,
    limit_statuses,
    nature_shares,
    why_unscored,
)
from maemoh_gis.suitability.known_land import KnownLand
from maemoh_gis.yard_choice.outputs import choice_on_record
from maemoh_gis.yard_choice.yards_outputs import yards_on_record
from maemoh_gis.yards.result import yards_by_use

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results


def content(results: Results, written: Mapping[str, str]) -> dict[str, Any]:
    """Say what `run.json` says."""
    scenario, catalog = results.resolved.scenario, results.catalog
    known, freight = results.gathered_as(KnownLand), freight_of(results)
    return {
        "version": 1,
        "scenario": scenario.id,
        "title": scenario.title.model_dump(),
        "question": scenario.question.model_dump(),
        "year": scenario.year,
        "viewpoint": scenario.viewpoint,
        "caveats": [words.model_dump() for words in caveats(scenario, catalog, known)],
        "legal_limits": _legal_limits(limit_statuses(scenario, known.coverage())),
        "confidence": {
            use: _rounded(confidence_shares(scenario, use, known.scored(use)))
            for use in scenario.uses
        },
        "nature": {
            use: _rounded(nature_shares(scenario, catalog, use, known.scored(use)))
            for use in scenario.uses
        },
        "scored": {use: _scored_on_record(results, use) for use in scenario.uses},
        "weights": {
            use: weights_on_record(scenario.viewpoints[scenario.viewpoint].weights[use], sites)
            for use, sites in sites_by_use(results).items()
        },
        "sites": {use: len(sites) for use, sites in sites_by_use(results).items()},
        "sites_told": _sites_told(results),
        "yards": {use: yards_on_record(search) for use, search in yards_by_use(results).items()},
        "choice": choice_on_record(results),
        "freight": None if freight is None else freight_on_record(freight),
        "freight_emissions": emissions_on_record(results),
        "networks": networks_on_record(results),
        "grid": {
            "crs": results.grid.crs,
            "cell_m": results.grid.cell_m,
            "rows": results.grid.rows,
            "cols": results.grid.cols,
            "bounds": list(results.grid.bounds),
            "area_scale_error": round(results.grid.area_scale_error(), 6),
        },
        "timeline": timeline_on_record(results),
        "exposure": exposure_on_record(results),
        "questions": questions_on_record(results),
        "seed": scenario.seed,
        "changes": [dataclasses.asdict(change) for change in results.resolved.changes],
        "resolved": results.resolved.document.data,
        "inputs": {
            "scenarios": dict(results.resolved.files),
            "layers": _layers_on_record(results),
        },
        "stages": {stage.id: results.keys[stage.id] for stage in results.stages},
        "software": software(),
        "outputs": dict(sorted(written.items())),
    }


def _sites_told(results: Results) -> dict[str, dict[str, str]]:
    """Say of the sites of each use that has any whether the facts tell them apart."""
    titles = {use: asked.title.both() for use, asked in results.resolved.scenario.uses.items()}
    return {
        use: sites_told(titles[use], site_rows(results, use)).model_dump()
        for use, sites in sites_by_use(results).items()
        if len(sites)
    }


def _legal_limits(statuses: Sequence[LimitStatus]) -> dict[str, Any]:
    """Count the limits that stand on law, and name them by whether they were checked."""
    law = legal(statuses)
    named = {
        status: [s.id for s in law if s.status == status]
        for status in ("checked", "partly", "not_checked")
    }
    coverage = {
        s.id: {
            "study_area": round(s.coverage.share, 6),
            "open_land": {use: round(known / cells, 6) if cells else None
                          for use, (known, cells) in s.coverage.open_land.items()},
        }
        for s in law
    }  # fmt: skip
    return {"of": len(law), **named, "coverage": coverage}


def _scored_on_record(results: Results, use: str) -> dict[str, Any]:
    """Say on what share of the open land each criterion is scored, and why not on the rest."""
    criteria = results.resolved.scenario.uses[use].criteria
    scored = results.gathered_as(KnownLand).scored(use)
    rai = units.rai_from_m2(results.grid.cell_area_m2)
    return {
        "open_rai": round(scored.open_cells * rai, 2),
        "criteria": {
            id: {"share": round(scored.share(id), 6), "why_not": why_unscored(id, one, scored)}
            for id, one in criteria.items()
        },
    }


def _rounded(shares: Mapping[str, float]) -> dict[str, float]:
    return {name: round(share, 6) for name, share in shares.items()}


def _layers_on_record(results: Results) -> dict[str, dict[str, Any]]:
    """Name every layer the run rests on: checksum, how it was read, how far it can be trusted."""
    catalog, scenario = results.catalog, results.resolved.scenario
    read = [layer for stage in results.stages for layer in stage.layers]
    exposed = [] if scenario.exposure is None else scenario.exposure.layers()
    asked = [id for question in scenario.questions.values() for id in question.layers()]
    return {
        id: {
            "path": catalog[id].path,
            "sha256": catalog[id].sha256,
            "confidence": catalog[id].confidence,
            "nature": catalog[id].nature,
            "licence": catalog[id].licence,
            "read_as": catalog[id].read_as,
        }
        for id in dict.fromkeys([*read, *layers_used(scenario), *exposed, *asked])
    }
