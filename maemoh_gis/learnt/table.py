"""The rows of `learnt.csv`: how good it is by block, what it rests on, where it disagrees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis.core.crs import transformer_between
from maemoh_gis.core.messages import LANGUAGES, Text, both, same
from maemoh_gis.learnt.held_out import BEST
from maemoh_gis.learnt.patches import Patches
from maemoh_gis.learnt.sample import corner_of
from maemoh_gis.learnt.stages import M_PER_KM, beside_of, learnt_of, measures_learnt_from
from maemoh_gis.learnt.words import measure_words, push_words, verdict_words
from maemoh_gis.sites.result import are_described, land_of, site_rows

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results
    from maemoh_gis.learnt.dependence import Dependence
    from maemoh_gis.learnt.found import Tested

COLUMNS = (
    "use",
    "kind",
    "name",
    "title_th",
    "title_en",
    "value",
    "places",
    "land_rai",
    "figure",
    "spread",
    "expected",
    "note_th",
    "note_en",
    "lon",
    "lat",
)
Row = Mapping[str, object]
DECIMALS = 4
_KM = 1000.0


def rows_of(results: Results, use: str) -> Iterator[Row]:
    """Give what is told of a use, row by row."""
    found, asked = learnt_of(results, use), results.resolved.scenario.learnt[use]
    assert found is not None
    yield {
        "kind": "verdict",
        "name": found.verdict,
        "places": found.places,
        "value": found.blocks,
        **_words("note", verdict_words(found, asked)),
    }
    if found.tested is None:
        return
    yield from _skill(found.tested)
    for block in found.tested.held.blocks:
        east, north = corner_of(block.number, asked.block_km * M_PER_KM)
        name = f"E{east / _KM:g} N{north / _KM:g}"
        yield {"kind": "block", "name": name, "places": block.places, "figure": _short(block.rank)}
    yield from _of_the_model(results, use, found.tested)
    yield from _of_places(results, use)


def _skill(tested: Tested) -> Iterator[Row]:
    held, elsewhere = tested.held, np.array(tested.elsewhere)
    by_block = np.array([one.rank for one in held.blocks])
    figures = {
        "auc": held.mean,
        "auc_by_block": float(by_block.mean()),
        **{f"in_best_{name}": held.within(rank) for name, rank in BEST.items()},
        "auc_elsewhere_mean": float(elsewhere.mean()),
        "auc_elsewhere_most": float(elsewhere.max()),
        "elsewhere_as_good": tested.as_good / len(tested.elsewhere),
    }
    spreads = {
        "auc_by_block": float(by_block.std(ddof=1)),
        "auc_elsewhere_mean": float(elsewhere.std(ddof=1)),
    }
    for name, figure in figures.items():
        spread = _short(spreads[name]) if name in spreads else None
        yield {
            "kind": "skill",
            "name": name,
            **_words("title", both(f"learnt.skill.{name}")),
            "figure": _short(figure),
            "spread": spread,
        }


def _of_the_model(results: Results, use: str, tested: Tested) -> Iterator[Row]:
    for form in tested.forms:
        yield {
            "kind": "form",
            "name": form.id,
            **_words("title", both(f"learnt.form.{form.id}")),
            "value": form.chosen,
            "figure": _short(form.mean),
            "spread": _short(form.spread),
        }
    for band in tested.held.bands:
        yield {
            "kind": "band",
            "name": f"{band.upto - band.land:.2f}–{band.upto:.2f}",
            "value": band.upto,
            "figure": _short(band.found),
            "expected": _short(band.foretold),
        }
    for one in tested.held.importance:
        title = _words("title", measure_words(results, use, one.measure.id))
        yield {
            "kind": "importance",
            "name": one.measure.id,
            **title,
            "figure": _short(one.mean),
            "spread": _short(one.spread),
        }
    for curve in tested.dependence:
        title = _words("title", measure_words(results, use, curve.measure.id))
        yield {
            "kind": "dependence",
            "name": curve.measure.id,
            **title,
            "value": round(curve.value, DECIMALS),
            "figure": _short(curve.times),
            **_words("note", _class_words(results, use, curve)),
        }


def _class_words(results: Results, use: str, curve: Dependence) -> Text:
    measure = results.resolved.scenario.uses[use].criteria[curve.measure.id].measure
    if measure is None or not curve.measure.classed:
        return same("")
    return results.catalog[measure.layer].classes[str(int(curve.value))].both()


def _of_places(results: Results, use: str) -> Iterator[Row]:
    beside, patches = beside_of(results, use), patches_told(results, use)
    if beside is None or patches is None:
        return
    if beside.correlation is not None:
        name = "correlation_with_score"
        yield {
            "kind": "skill",
            "name": name,
            **_words("title", both(f"learnt.skill.{name}")),
            "figure": beside.correlation,
        }
    if are_described(results):
        yield from _sites(results, use, beside.rank)
    names = list(measures_learnt_from(results.resolved.scenario, use))
    for number, (patch, (lon, lat)) in enumerate(
        zip(patches.told, _centres(results, patches), strict=True), start=1
    ):
        yield {
            "kind": "patch",
            "name": number,
            **_words("title", both(f"learnt.patch.{'above' if patch.above else 'below'}")),
            "land_rai": patch.land_rai,
            "figure": patch.rank,
            "expected": patch.score,
            **_words("note", push_words(results, use, names, patch)),
            "lon": lon,
            "lat": lat,
        }


def patches_told(results: Results, use: str) -> Patches | None:
    """Give the pieces on which both disagree; None where likeness is not told."""
    return results.described_as(f"learnt:{use}", Patches)


def _sites(results: Results, use: str, rank: np.ndarray) -> Iterator[Row]:
    """Tell the mean rank of each site; its place in the list is the score's alone."""
    share = land_of(results, use)
    label = np.where(np.asarray(share.filled), 0, np.asarray(share.label))
    for k, row in enumerate(site_rows(results, use), start=1):
        mean = float(rank[label == k].mean(dtype=np.float64))
        yield {
            "kind": "site",
            "name": row["number"],
            "figure": _short(mean),
            "expected": round(row["score_mean"], DECIMALS),
        }


def _centres(results: Results, patches: Patches) -> list[tuple[float, float]]:
    shapes = np.array([one.shape for one in patches.told], dtype=object)
    x, y = shapely.get_coordinates(shapely.point_on_surface(shapes)).T
    lon, lat = transformer_between(results.grid.crs, "EPSG:4326").transform(x, y)
    return list(zip(lon.round(5).tolist(), lat.round(5).tolist(), strict=True))


def _words(stem: str, words: Text) -> dict[str, object]:
    return {f"{stem}_{x}": words[x] for x in LANGUAGES}


def _short(value: float) -> float:
    return round(value, DECIMALS)
