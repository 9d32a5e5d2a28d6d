"""Rectangles beside the line on paper, with the stations and the tests they had to pass."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from maemoh_gis.core.messages import LANGUAGES, Text, both, same
from maemoh_gis.pages.report_content import (
    Block,
    Column,
    Heading,
    Paragraph,
    Section,
    Table,
    table_of,
)
from maemoh_gis.presentation.run_files import (
    NOT_KNOWN,
    RunFiles,
    column,
    figure,
    land,
    of_row,
    rows_of,
)
from maemoh_gis.yards.words import yards_found


def yards(run: RunFiles) -> Section | None:
    """Tell which rectangles fit beside the line, and why so few."""
    if not run.record.get("yards"):
        return None
    blocks: list[Block] = []
    for use, counts in run.record["yards"].items():
        fits = list(rows_of(run.features("yards.gpkg", f"yards_{use}")))
        blocks += [
            Heading(run.uses[use]["title"]),
            Paragraph(yards_found(counts)),
            Paragraph(both("report.yards_not_proven"), "caution"),
        ]
        if fits:
            blocks += [Heading(both("report.yards_rectangles")), _yard_table(fits)]
        blocks += _yard_stations(run, use)
        blocks += _yard_tracks(run, use)
        blocks += _yard_tests(run, use)
    return Section("yards", both("report.section.yards"), blocks)


def _yard_table(fits: Sequence[Mapping[str, Any]]) -> Table:
    yes_no = {True: both("map.yes"), False: both("map.no")}
    columns: list[Column[Mapping[str, Any]]] = [
        column("number", lambda fit: figure(fit["rank"])),
        column("near_station", lambda fit: of_row(fit, "station")),
        column("settled", lambda fit: of_row(fit, "outcome")),
        column("area", lambda fit: land(fit["area_rai"]), "number"),
        column("siding", lambda fit: figure(fit["siding_m"]), "number"),
        column("grade", _grade, "number"),
        column("longest_siding", _longest_siding, "number"),
        column("mean_score", lambda fit: figure(fit["score_mean"], 2), "number"),
        column("free", lambda fit: yes_no[bool(fit["expansion_free"])]),
    ]
    return table_of(columns, fits)


def _grade(row: Mapping[str, Any]) -> Text:
    return same(_with_error(row["grade_permille"], row["grade_error_permille"]))


def _longest_siding(fit: Mapping[str, Any]) -> Text:
    """Write the longest siding that fits, in metres, and its grade."""
    grade = _with_error(
        fit["longest_siding_grade_permille"], fit["longest_siding_grade_error_permille"]
    )
    return same(f"{fit['longest_siding_m']:,.0f}: {grade}")


def _with_error(reading: float | str, error: float | str) -> str:
    """Write a grade with its error; a dash where it is not known."""
    known = [f"{float(value):.1f}" if _is_number(value) else "–" for value in (reading, error)]
    return "–" if known[0] == "–" else f"{known[0]} (±{known[1]})"


def _is_number(value: float | str) -> bool:
    return value not in {"", None} and not math.isnan(float(value))


def _yard_stations(run: RunFiles, use: str) -> Iterator[Block]:
    """Tell of each station of the line what fits near it, cannot be told, or certainly fails."""
    stations = [row for row in run.table("yards_stations.csv") if row["use"] == use]
    if not stations:
        return
    nowhere = [row for row in stations if row["fails"] == row["places"]]
    yield Heading(both("report.yards_stations"))
    yield _station_table([row for row in stations if row not in nowhere])
    yield Paragraph(both("report.yards_stations_note"), "quiet")
    if nowhere:
        names = {x: ", ".join(row[f"station_{x}"] for row in nowhere) for x in LANGUAGES}
        yield Paragraph(both("report.yards_nowhere", stations=names), "quiet")
    at = [row for row in run.table("yards_open.csv") if row["use"] == use and row["at_station_en"]]
    if at:
        names = {
            x: ", ".join(dict.fromkeys(row[f"at_station_{x}"] for row in at)) for x in LANGUAGES
        }
        yield Paragraph(both("report.yards_stations_asked", stations=names), "quiet")


def _station_table(stations: Sequence[Mapping[str, str]]) -> Table:
    columns: list[Column[Mapping[str, str]]] = [
        column("station", lambda row: of_row(row, "station")),
        column("holds", lambda row: figure(row["holds"]), "number"),
        column("cannot_be_told", lambda row: figure(row["cannot_be_told"]), "number"),
        column("stretches", lambda row: figure(row["stretches"]), "number"),
        column("grade", _grade, "number"),
        column("best_score", lambda row: figure(row["score_best"], 2), "number"),
        column("certainly_fails", lambda row: figure(row["fails"]), "number"),
        column("fails_by", lambda row: of_row(row, "reason")),
    ]
    return table_of(columns, stations)


def _yard_tracks(run: RunFiles, use: str) -> Iterator[Block]:
    """Tell the tracks recorded at stations inside the study area, and what they do not say."""
    yard = run.uses[use]["yard"]
    tracks = yard.get("tracks")
    if tracks is None:
        return
    stations = [row for row in run.table("yards_stations.csv") if row["use"] == use]
    inside = [row for row in stations if row["in_study_area"] == "True"]
    yield Heading(both("report.yards_tracks"))
    if not inside:
        yield Paragraph(both("report.yards_tracks_none", layer=tracks), "quiet")
        return
    yield _track_table(inside)
    told = {"siding": figure(yard["sidings_m"][0]), "year": same(str(run.catalog[tracks].as_of))}
    yield Paragraph(both("report.yards_tracks_note", **told), "caution")


def _track_table(stations: Sequence[Mapping[str, str]]) -> Table:
    columns: list[Column[Mapping[str, str]]] = [
        column("station", lambda row: of_row(row, "station")),
        column("loop_pieces", lambda row: figure(row["loop_pieces"]), "number"),
        column("loop_longest", lambda row: figure(row["loop_longest_m"]), "number"),
        column("loop_total", lambda row: figure(row["loop_total_m"]), "number"),
        column("loop_side", lambda row: _side(row["loop_side"])),
        column("loop_short", lambda row: figure(row["loop_short_of_siding_m"]), "number"),
        column("siding_tracks", lambda row: _tracks(row, "siding")),
        column("yard_tracks", lambda row: _tracks(row, "yard")),
        column("spur_tracks", lambda row: _tracks(row, "spur")),
    ]
    return table_of(columns, stations)


def _tracks(row: Mapping[str, str], kind: str) -> Text:
    """Write the pieces of a kind of track: how many, the longest, all together, on which side."""
    if not row[f"{kind}_pieces"]:
        return NOT_KNOWN
    told = {name: figure(row[f"{kind}_{name}"]) for name in ("pieces", "longest_m", "total_m")}
    return both("report.yards_tracks_of", **told, side=_side(row[f"{kind}_side"]))


def _side(side: str) -> Text:
    return both(f"yard.tracks_side.{side}") if side else NOT_KNOWN


def _yard_tests(run: RunFiles, use: str) -> Iterator[Block]:
    """Tell what each test settles, and what it leaves open."""
    tests = [row for row in run.table("yards_turned_down.csv") if row["use"] == use]
    if not tests:
        return
    columns: list[Column[Mapping[str, str]]] = [
        column("turned_down", lambda row: of_row(row, "title")),
        column("certainly_fails", lambda row: figure(row["at_all"]), "number"),
        column("places_alone", lambda row: figure(row["alone"]), "number"),
        column("cannot_be_told", lambda row: figure(row["cannot_be_told"]), "number"),
        column("read_beyond", lambda row: figure(row["read_beyond"]), "number"),
    ]
    yield Heading(both("report.yards_tests"))
    yield table_of(columns, tests)
    yield Paragraph(both("report.yards_tests_note"), "quiet")
