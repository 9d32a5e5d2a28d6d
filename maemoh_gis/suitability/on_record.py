"""What the record of a run says of limits, and of how sure scores are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from maemoh_gis.core import units
from maemoh_gis.suitability.caveats import (
    confidence_shares,
    criterion_natures,
    nature_shares,
    why_unscored,
)
from maemoh_gis.suitability.known_land import KnownLand
from maemoh_gis.suitability.limit_status import STATUSES, LimitStatus, legal, limit_statuses

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from maemoh_gis.engine.results import Results


def suitability_on_record(results: Results) -> dict[str, Any]:
    """Say on how much land laws are checked, and on what scores rest."""
    scenario, catalog = results.resolved.scenario, results.catalog
    known = results.gathered_as(KnownLand)
    return {
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
    }


def _legal_limits(statuses: Sequence[LimitStatus]) -> dict[str, Any]:
    """Count the limits that stand on law, and name them by whether they were checked."""
    law = legal(statuses)
    named: dict[str, list[str]] = {
        status: [s.id for s in law if s.status == status] for status in STATUSES
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
    """Say on what share of the open land each criterion is scored, by what, and why no more."""
    scenario, catalog = results.resolved.scenario, results.catalog
    criteria = scenario.uses[use].criteria
    scored = results.gathered_as(KnownLand).scored(use)
    rai = units.rai_from_m2(results.grid.cell_area_m2)
    return {
        "open_rai": round(scored.open_cells * rai, 2),
        "criteria": {
            id: {
                "share": round(scored.share(id), 6),
                "nature": _rounded(criterion_natures(scenario, catalog, use, id, scored)),
                "why_not": why_unscored(id, one, scored),
            }
            for id, one in criteria.items()
        },
    }


def _rounded(shares: Mapping[str, float]) -> dict[str, float]:
    return {name: round(share, 6) for name, share in shares.items()}
