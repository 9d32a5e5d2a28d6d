"""How a run shows itself in a notebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from maemoh_gis.api.markup import box, language, line, table
from maemoh_gis.core.messages import text

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

_SHOWN_SITES = 5


class ShownRun(Protocol):
    """What is shown of a finished run."""

    @property
    def folder(self) -> Path:
        """Run folder."""

    @property
    def record(self) -> Mapping[str, Any]:
        """What `run.json` says."""

    @property
    def title(self) -> str:
        """Title of the scenario in the reader's language."""

    @property
    def year(self) -> int:
        """Year of the scenario, Buddhist Era."""

    @property
    def uses(self) -> tuple[str, ...]:
        """List the ids of its uses."""

    @property
    def caveats(self) -> tuple[str, ...]:
        """What a reader must know first."""

    def sites_of(self, use: str) -> gpd.GeoDataFrame:
        """Give the sites of a use."""

    def confidence_of(self, use: str) -> str:
        """Say which shares of the weight stand on which confidence."""


def result_markup(result: ShownRun) -> str:
    """Sum up a run: what it cannot say, the best sites of each use, its grid."""
    spoken, grid = language(), result.record["grid"]
    parts: list[str] = [line(caveat, "warn") for caveat in result.caveats[:2]]
    for use in result.uses:
        parts += _use(result, use)
    parts.append(
        line(text("api.grid", spoken, crs=grid["crs"], cell=f"{grid['cell_m']:g}",
                  rows=grid["rows"], cols=grid["cols"], year=result.year,
                  folder=result.folder.as_posix()), "quiet")
    )  # fmt: skip
    return box(f"{result.title} — {result.record['question'][spoken]}", *parts)


def _use(result: ShownRun, use: str) -> Iterator[str]:
    spoken, sites = language(), result.sites_of(use)
    title = result.record["resolved"]["uses"][use]["title"][spoken]
    confidence = result.confidence_of(use)
    yield line(text("api.use", spoken, use=title, n=len(sites), confidence=confidence))
    if told := result.record["sites_told"].get(use):
        yield line(told[spoken])
    heads = [text("page.rank", spoken),
             text("page.score_range", spoken), text("page.class", spoken),
             f"{text('page.area', spoken)} ({text('unit.rai', spoken)})",
             text("api.place", spoken)]  # fmt: skip
    rows = [
        (int(row["number"]), f"{row['score_low']:.2f}–{row['score_high']:.2f}", row["class"],
         f"{row['area_rai']:,.0f}",
         f"{row['lat']:.4f}, {row['lon']:.4f}")
        for _, row in sites.head(_SHOWN_SITES).iterrows()
    ]  # fmt: skip
    if rows:
        yield table(heads, rows)
