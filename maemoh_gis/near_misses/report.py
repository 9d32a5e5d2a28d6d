"""Stations on paper: what stands on the page of each, and a table of all in the annex."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from maemoh_gis.core.messages import LANGUAGES, Text, both, joined, same, text
from maemoh_gis.near_misses.outputs import RELAXATIONS, STATIONS, TESTS
from maemoh_gis.near_misses.readings import AT_LEAST
from maemoh_gis.near_misses.words import listed, place_words
from maemoh_gis.pages.report_content import (
    Block,
    Column,
    Heading,
    Items,
    Paragraph,
    Section,
    Table,
    table_of,
)
from maemoh_gis.presentation.run_files import NOT_KNOWN, RunFiles, column, figure, of_row

Row = Mapping[str, str]
_DECIMALS = {"permille": 2, "rai": 1, "m": 1}


def near_misses(run: RunFiles) -> Section | None:
    """Tell in one table what each station is short of, and the least that would help."""
    stations = run.table(STATIONS)
    if not stations:
        return None
    columns: list[Column[Row]] = [
        column("station", lambda row: of_row(row, "station")),
        column("near_verdict", lambda row: both(f"near_miss.short.{row['verdict']}")),
        column("near_place", _place),
        column("near_short", lambda row: _short(run, row)),
        column("near_least", _least, "wide"),
    ]
    blocks: list[Block] = [
        Paragraph(both("near_miss.about")),
        table_of(columns, stations),
        Paragraph(both("near_miss.never"), "quiet"),
    ]
    return Section("near-misses", both("near_miss.section"), blocks)


def station_facts(run: RunFiles, station: Row) -> list[tuple[Text, Text]]:
    """Give the short answers at the head of a station's page."""
    at = f"{float(station['lat']):.5f}, {float(station['lon']):.5f}" if station.get("lat") else ""
    where = [place_in_full(station)] + ([same(at)] if at else [])
    near = of_row(station, "near")
    return [
        (both("near_miss.fact.place"), joined(where, " · ")),
        *([(both("near_miss.fact.near"), near)] if any(near.values()) else []),
        (both("near_miss.fact.short"), _short(run, station)),
        (both("near_miss.fact.tracks"), tracks_words(station)),
        *(
            (both("near_miss.fact.earth"), of_row(row, "words"))
            for row in run.table("earthworks.csv")
            if same_station(row, station) and not row.get("rectangle")
        ),
    ]


def station_blocks(run: RunFiles, station: Row) -> Iterator[Block]:
    """Tell what would settle it, the least that would help, and every test."""
    tests = [row for row in run.table(TESTS) if same_station(row, station)]
    relaxations = [row for row in run.table(RELAXATIONS) if same_station(row, station)]
    yield Heading(both("near_miss.heading.survey"))
    yield Paragraph(of_row(station, "survey"))
    yield Heading(both("near_miss.heading.least"))
    yield from _relaxations(station, relaxations)
    yield Heading(both("near_miss.heading.tests"))
    yield _tests([row for row in tests if not row["test"].startswith("limit:")])
    yield Heading(both("near_miss.heading.limits"))
    yield from _limits([row for row in tests if row["test"].startswith("limit:")])


def _relaxations(station: Row, rows: Sequence[Row]) -> Iterator[Block]:
    """List what would suffice, the least first, or say that nothing asked for would."""
    if rows:
        firsts = {row["number"]: row for row in rows}
        yield Items([of_row(row, "all") for row in firsts.values()])
        yield Paragraph(both("near_miss.as_read_only"), "caution")
    elif station["verdict"] in ("holds", "as_read"):
        yield Paragraph(both("near_miss.fits_already"))
    else:
        yield Paragraph(both("near_miss.no_relaxation"))
    yield Paragraph(both("near_miss.never"), "quiet")


def _tests(rows: Sequence[Row]) -> Table:
    columns: list[Column[Row]] = [
        column("near_test", lambda row: of_row(row, "title")),
        column("near_value", lambda row: _measured(row, "value"), "number"),
        column("near_error", _error, "number"),
        column("near_limit", lambda row: _measured(row, "limit"), "number"),
        column("near_margin", lambda row: _measured(row, "margin"), "number"),
        column("near_outcome", _outcome),
    ]
    return table_of(columns, rows)


def _outcome(row: Row) -> Text:
    """Say what a test settles, and which roads cross."""
    detail = of_row(row, "detail")
    said = of_row(row, "outcome")
    if row["outcome"] == "cannot_be_told":
        said = both(f"near_miss.reads_{'within' if row['within'] == 'True' else 'beyond'}")
    return {x: f"{said[x]} ({detail[x]})" if detail[x] else said[x] for x in LANGUAGES}


def _limits(rows: Sequence[Row]) -> Iterator[Block]:
    """Tell which limits take land beneath, on which nothing is recorded, which no map tells."""
    taken = [row for row in rows if row["outcome"] in ("removed", "permit")]
    if taken:
        columns: list[Column[Row]] = [
            column("near_limit_title", lambda row: of_row(row, "title")),
            column("near_taken", lambda row: _measured(row, "value"), "number"),
            column("near_outcome", lambda row: of_row(row, "outcome")),
        ]
        yield table_of(columns, taken)
    for outcome in ("none_recorded", "not_checked"):
        titles = [of_row(row, "title") for row in rows if row["outcome"] == outcome]
        if titles:
            yield Paragraph(both(f"near_miss.limits.{outcome}", titles=listed(titles)), "quiet")


def short_words(tests: Sequence[Row]) -> Text:
    """Name the tests that fail as read, each with what is short and its error."""
    short = [row for row in tests if row["within"] == "False"]
    return listed([_short_of(row) for row in short]) if short else both("near_miss.nothing_short")


def _short(run: RunFiles, station: Row) -> Text:
    return short_words([row for row in run.table(TESTS) if same_station(row, station)])


def _short_of(row: Row) -> Text:
    title, unit = of_row(row, "title"), both(f"near_miss.unit.{row['unit']}")
    if row["margin"] == "":
        return both("near_miss.short_unknown", title=title)
    by = _written(str(abs(float(row["margin"]))), row["unit"])
    how, error = "short" if row["test"] in AT_LEAST else "over", _error(row)
    if error == NOT_KNOWN:
        return both(f"near_miss.{how}_by", title=title, by=by, unit=unit)
    return both(f"near_miss.{how}_by_error", title=title, by=by, unit=unit, error=error)


def _least(row: Row) -> Text:
    least = of_row(row, "least")
    if any(least.values()):
        return least
    fits = row["verdict"] in ("holds", "as_read")
    return both("near_miss.none_needed") if fits else both("near_miss.none_found")


def _place(row: Row) -> Text:
    post = row.get("place_km_post")
    return place_words(float(row["place_km"]), row["side"], float(post) if post else None)


def place_in_full(row: Row) -> Text:
    """Name the place along the line, and the subdistrict it lies in."""
    place, named = _place(row), of_row(row, "place")
    return {x: f"{place[x]} · {named[x]}" for x in LANGUAGES}


def tracks_words(station: Row) -> Text:
    """Tell the loops and sidings on record at a station."""
    said = [
        both(
            f"near_miss.tracks.{kind}",
            pieces=figure(station[f"{kind}_pieces"]),
            longest=figure(station[f"{kind}_longest_m"]),
        )
        for kind in ("loop", "siding", "yard", "spur")
        if station[f"{kind}_pieces"]
    ]
    return listed(said) if said else both("near_miss.tracks.none")


def _measured(row: Row, name: str) -> Text:
    if row[name] == "":
        return NOT_KNOWN
    return _with_unit(row[name], row["unit"])


def _with_unit(value: str, unit: str) -> Text:
    return {x: f"{_written(value, unit)} {text(f'near_miss.unit.{unit}', x)}" for x in LANGUAGES}


def _error(row: Row) -> Text:
    if row["error"] == "" or float(row["error"]) == 0:
        return NOT_KNOWN
    return same(f"±{_written(row['error'], row['unit'])}")


def _written(value: str, unit: str) -> str:
    return figure(value, _DECIMALS[unit])["en"]


def same_station(row: Row, station: Row) -> bool:
    """Say whether a row is about a station for the same use."""
    return row["use"] == station["use"] and row["station_en"] == station["station_en"]
