"""What was learnt in files and on record."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.core.messages import LANGUAGES
from maemoh_gis.core.types import FloatArray
from maemoh_gis.files import write_csv, write_raster
from maemoh_gis.learnt.patches import patches_of
from maemoh_gis.learnt.stages import beside_of, learnt_of, measures_learnt_from
from maemoh_gis.learnt.table import COLUMNS, DECIMALS, patches_told, rows_of
from maemoh_gis.learnt.words import bias_words, verdict_words
from maemoh_gis.suitability.result import score_of

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results
    from maemoh_gis.learnt.beside import Beside
    from maemoh_gis.learnt.found import Tested


def uses_asked(results: Results) -> Iterator[str]:
    """Give the uses something was to be learnt of, in the order of the scenario."""
    learnt = results.resolved.scenario.learnt
    return (use for use in results.resolved.scenario.uses if use in learnt)


def with_patches(results: Results) -> Results:
    """Put beside the results where likeness and score disagree."""
    said = {}
    for use in uses_asked(results):
        if (beside := beside_of(results, use)) is not None:
            score = np.asarray(score_of(results, use).value)
            said[f"learnt:{use}"] = patches_of(beside, score, results.grid)
    return results.describing(said) if said else results


def write_learnt(results: Results, folder: Path) -> dict[str, str]:
    """Write how good it is and what it rests on, and likeness where it is told."""
    rows = [{"use": use, **row} for use in uses_asked(results) for row in rows_of(results, use)]
    if not rows:
        return {}
    table = [[row.get(column) for column in COLUMNS] for row in rows]
    written = {"learnt.csv": write_csv(folder / "learnt.csv", COLUMNS, table, for_excel=True)}
    for use in uses_asked(results):
        if (beside := beside_of(results, use)) is not None:
            name = f"learnt_{use}.tif"
            written[name] = _write_raster(results, use, beside, folder / name)
    return written


def _write_raster(results: Results, use: str, beside: Beside, path: Path) -> str:
    tags = tags_of(results, use)
    return write_raster(path, bands_of(beside), results.grid, nodata=math.nan, tags=tags)


def bands_of(beside: Beside) -> dict[str, FloatArray]:
    """Give the bands of a raster by name."""
    return {"learnt": beside.rank, "difference": beside.difference, "push": beside.push}


def tags_of(results: Results, use: str) -> dict[str, str]:
    """Say in the raster itself that it is modelled, and what it is not."""
    scenario, bias = results.resolved.scenario, bias_words(results, use)
    return {
        "scenario": scenario.id,
        "use": use,
        "year_be": str(scenario.year),
        "viewpoint": scenario.viewpoint,
        "nature": "modelled",
        "unit": "learnt: share of all land that is less alike, 0 to 1; difference: rank by "
        "likeness less rank by score among open land, -1 to 1; push: number of a measure",
        "measures": ",".join(
            f"{number} {id}"
            for number, id in enumerate(measures_learnt_from(scenario, use), start=1)
        ),
        **{f"caveat_{x}": bias[x] for x in LANGUAGES},
    }


def learnt_on_record(results: Results) -> dict[str, Any]:
    """Say for `run.json` what was learnt of each use, or why nothing was."""
    told = {use: _told(results, use) for use in uses_asked(results)}
    return {"learnt": told} if told else {}


def _told(results: Results, use: str) -> dict[str, Any]:
    found, asked = learnt_of(results, use), results.resolved.scenario.learnt[use]
    assert found is not None
    return {
        "verdict": found.verdict,
        "says": verdict_words(found, asked),
        "caution": bias_words(results, use),
        "basis": asked.basis,
        "places": found.places,
        "blocks": found.blocks,
        "places_outside": found.outside,
        "places_unknown": found.unknown,
        "block_km": asked.block_km,
        "measures": list(measures_learnt_from(results.resolved.scenario, use)),
        **(_figures(found.tested) if found.tested else {}),
        **_disagreement(results, use),
    }


def _figures(tested: Tested) -> dict[str, Any]:
    by_block = np.array([one.rank for one in tested.held.blocks])
    return {
        "form": tested.model.form,
        "auc": round(tested.held.mean, DECIMALS),
        "auc_by_block": {
            "mean": round(float(by_block.mean()), DECIMALS),
            "least": round(float(by_block.min()), DECIMALS),
            "most": round(float(by_block.max()), DECIMALS),
            "standard_deviation": round(float(by_block.std(ddof=1)), DECIMALS),
        },
        "in_best_tenth": round(tested.held.within(0.9), DECIMALS),
        "auc_elsewhere": [round(one, DECIMALS) for one in tested.elsewhere],
    }


def _disagreement(results: Results, use: str) -> dict[str, Any]:
    beside, patches = beside_of(results, use), patches_told(results, use)
    if beside is None or patches is None:
        return {}
    return {
        "correlation_with_score": beside.correlation,
        "open_rai": round(patches.open_rai, 1),
        "above_rai": round(patches.above_rai, 1),
        "below_rai": round(patches.below_rai, 1),
    }
