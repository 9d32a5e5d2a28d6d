"""What was found beside the line on the map page: rectangles, and stretches nobody can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maemoh_gis.core.messages import LANGUAGES, Text, both, text
from maemoh_gis.pages.content import Column, ContextLayer, Style
from maemoh_gis.yard_choice.popups import yard_popup
from maemoh_gis.yards.result import yards_by_use
from maemoh_gis.yards.words import fits_in_words, stretches_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd

    from maemoh_gis.engine.results import Results
    from maemoh_gis.yards.fit import YardSearch

_HEIGHT_SPACING_M = 500
_FITS = Style("#0b5d3b", "#19a974", 0.75, 1.6)
# Hollow and dashed, so that nobody takes it for ground that was found to fit.
_STRETCHES = Style("#7a4a00", "#ffd08a", 0.3, 1.6, dash="5 4")


def yard_layers(results: Results) -> list[ContextLayer]:
    """Draw what was found beside the line."""
    drawn = []
    for use, search in yards_by_use(results).items():
        if not search.stretches.empty:
            drawn.append(_stretches(results, use, search))
        if not search.fits.empty:
            drawn.append(_rectangles(results, use, search))
    return drawn


def _rectangles(results: Results, use: str, search: YardSearch) -> ContextLayer:
    fits = fits_in_words(search)
    frame, touched = yard_popup(results, use, _without_codes(fits))
    answers = {"True": both("map.yes"), "False": both("map.no")}
    columns = [
        *_shared_columns(),
        Column("area_rai", both("map.yard.area"), "area_rai"),
        _number("siding_m", "siding", metres=True),
        _number("grade_permille", "grade", 1),
        _number("grade_error_permille", "grade_error", 1),
        _number("longest_siding_m", "longest_siding", metres=True),
        _number("score_mean", "score", 2),
        Column("expansion_free", both("map.yard.expansion"), values=answers),
    ]
    return ContextLayer(
        id=f"yards_{use}", title=both("map.yards"), frame=frame, style=_FITS, confidence="L",
        caution=_caution(results, use), licence="ODbL-1.0", source="maemoh_gis",
        columns=[*columns, *touched], group="found",
    )  # fmt: skip


def _stretches(results: Results, use: str, search: YardSearch) -> ContextLayer:
    frame = _without_codes(stretches_in_words(search))
    columns = [
        *_shared_columns(),
        *(_number(f"{end}_km", f"{end}_km", 2, kilometres=True) for end in ("from", "to")),
        _number("length_m", "length", metres=True),
        _number("places", "places"),
        _number("places_as_read", "as_read"),
        _number("siding_m", "siding", metres=True),
        _number("grade_permille", "best_grade", 1),
        _number("grade_error_permille", "grade_error", 1),
        _number("grade_limit_permille", "grade_limit", 1),
        _number("straight_stray_m", "stray", metres=True),
        _number("straight_error_m", "stray_error", metres=True),
        _number("score_best", "best_score", 2),
        Column("ask", both("map.yard.ask")),
    ]
    return ContextLayer(
        id=f"yards_open_{use}", title=both("map.yards_open"), frame=frame, style=_STRETCHES,
        confidence="L", caution=_caution(results, use), licence="ODbL-1.0", source="maemoh_gis",
        columns=columns, group="found",
    )  # fmt: skip


def _without_codes(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Leave the words and drop the codes they stand for, which a popup would show instead."""
    return frame.drop(columns=["outcome", "not_told"], errors="ignore")


def _shared_columns() -> Iterator[Column]:
    sides = {side: both(f"yard.side.{side}") for side in ("left", "right")}
    yield Column("outcome", both("map.yard.outcome"))
    yield Column("not_told", both("map.yard.not_told"))
    yield Column("station", both("map.yard.station"))
    yield Column("side", both("map.yard.side"), values=sides)


def _number(
    key: str, title: str, decimals: int = 0, *, metres: bool = False, kilometres: bool = False
) -> Column:
    unit: Text | None = {"th": "ม.", "en": "m"} if metres else None
    if kilometres:
        unit = {"th": "กม.", "en": "km"}
    return Column(key, both(f"map.yard.{title}"), "number", unit=unit, decimals=decimals)


def _year_of_roads(results: Results, roads: str | None) -> str:
    """Give the year of the oldest roads read; of a stack its members tell, not the stack."""
    catalog = results.catalog
    years = [catalog[id].as_of for id in catalog.read_from(roads)] if roads else []
    return str(min(years, default="–"))


def _caution(results: Results, use: str) -> Text:
    """Say what the layers cannot prove about a yard."""
    yard = results.resolved.scenario.uses[use].yard
    assert yard is not None
    accuracy = "–" if yard.line_accuracy_m is None else f"{yard.line_accuracy_m:g}"
    limit = f"{yard.greatest_grade_permille:g}"
    return {
        language: " ".join(
            (
                text("yard.caveat.grade", language, spacing=_HEIGHT_SPACING_M, limit=limit),
                text("yard.caveat.straight", language, accuracy=accuracy),
                text("yard.caveat.roads", language, year=_year_of_roads(results, yard.roads)),
                text("yard.caveat.cells", language, cell=f"{results.grid.cell_m:g}"),
            )
        )
        for language in LANGUAGES
    }
