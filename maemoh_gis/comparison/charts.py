"""The small charts of a comparison: good land, and the score of what comes first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from maemoh_gis.comparison.robustness import places_of
from maemoh_gis.core import units
from maemoh_gis.core.messages import LANGUAGES, Text, both, same
from maemoh_gis.files import read_vector
from maemoh_gis.pages.comparison_content import PageBar, PageChart

if TYPE_CHECKING:
    from maemoh_gis.comparison.model import Comparison

Row = tuple[Any, ...]

FIRST_SITE_COLUMNS = ("use", "run", "score", "score_low", "score_high", "area_rai", "area_ha",
                      "confidence")  # fmt: skip


@dataclass(frozen=True)
class FirstSite:
    """The site a run puts first for a use."""

    use: str
    run: int
    """Number of the run."""
    score: float
    """Mean score of its cells."""
    low: float
    high: float
    """What the facts allow."""
    area_rai: float


def first_sites(found: Comparison) -> Iterator[FirstSite]:
    """Read the site that heads the list of every use and run."""
    for use, one in found.uses.items():
        for number in one.land.runs:
            run = found.runs[number]
            if run.record.get("sites", {}).get(use, 0):
                frame = read_vector(run.folder / "sites.gpkg", f"sites_{use}")
                columns = ("score_mean", "score_low", "score_high", "area_rai")
                best = frame.sort_values("number")[list(columns)].to_numpy(dtype=float)[0]
                score, low, high, area_rai = (float(value) for value in best)
                yield FirstSite(use, number, score, low, high, area_rai)


def first_site_rows(found: Comparison) -> Iterator[Row]:
    """List the site that heads the list of every use and run."""
    for one in first_sites(found):
        area_ha = units.ha_from_m2(units.m2_from_rai(one.area_rai))
        yield (
            one.use, found.runs[one.run].label,
            *(None if math.isnan(v) else round(v, 6) for v in (one.score, one.low, one.high)),
            round(one.area_rai, 2), round(area_ha, 2), "L",
        )  # fmt: skip


def page_charts(found: Comparison) -> list[PageChart]:
    """Gather the charts of a comparison."""
    charts = [
        _chart("good_land", list(_good_land(found)), score=f"{found.at_least:g}"),
        _chart("first_site", list(_first_site(found))),
        _chart("first_place", list(_first_place(found))),
    ]
    return [chart for chart in charts if chart.bars]


def _chart(id: str, bars: list[PageBar], **values: object) -> PageChart:
    note = both(f"compare.about_chart.{id}", **values)
    return PageChart(id, both(f"compare.chart.{id}"), note, bars)


def _good_land(found: Comparison) -> Iterator[PageBar]:
    cell = found.grid.cell_area_m2
    for use, one in enumerate(found.uses.values()):
        held = [(number, one.land.areas[number]) for number in one.land.runs]
        full = max(max(land.good_possibly, land.good) for _, land in held)
        whole = {code: units.area(full * cell, code) for code in LANGUAGES}
        for number, land in held:
            m2 = [count * cell for count in (land.good, land.good_surely, land.good_possibly)]
            rai, ha = (_ranged([in_unit(area) for area in m2])
                       for in_unit in (units.rai_from_m2, units.ha_from_m2))  # fmt: skip
            words = both("compare.bar.land", rai=rai, ha=ha)
            yield PageBar(
                found.names[number], words, use, land.good, land.good_surely,
                land.good_possibly, full, whole,
            )  # fmt: skip


def _ranged(values: Sequence[float]) -> str:
    """Write a value with what it may lie between."""
    written = [units.number(value, 0 if value >= 100 or value == 0 else 1) for value in values]
    return f"{written[0]} ({written[1]}–{written[2]})"


def _first_site(found: Comparison) -> Iterator[PageBar]:
    order = list(found.uses)
    for one in first_sites(found):
        label = found.names[one.run]
        yield _score(label, order.index(one.use), one.score, one.low, one.high)


def _first_place(found: Comparison) -> Iterator[PageBar]:
    for run, name in zip(found.runs, found.names, strict=True):
        for row in places_of(run)[:1]:
            if row["eligible"] == "True":
                ends = (float(row[name]) for name in ("score", "score_least", "score_greatest"))
                names = {code: f"{name[code]}: {row[f'name_{code}']}" for code in LANGUAGES}
                yield _score(names, None, *ends)


def _score(label: Text, use: int | None, value: float, low: float, high: float) -> PageBar:
    known = not (math.isnan(value) or math.isnan(low) or math.isnan(high))
    written = f"{value:.2f} ({low:.2f}–{high:.2f})" if known else "–"
    ends = (value, low, high) if known else (0.0, 0.0, 0.0)
    return PageBar(label, same(written), use, *ends, 1.0, same("1"))
