"""One page that lists runs, for whoever opens the folder they lie in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from maemoh_gis.core.messages import LANGUAGES, Text, both
from maemoh_gis.files import write_text

_COLUMNS = ("run", "picture", "year", "viewpoint", "set", "sites", "limits")


@dataclass(frozen=True)
class FoundRun:
    """What a finished run says of itself."""

    title: Text
    year_be: int
    viewpoint: Text
    changed: Sequence[tuple[str, str]]
    """What a sweep set, by key."""
    sites: Sequence[tuple[Text, int]]
    """Title of each use and its sites."""
    told: Sequence[Text]
    """What is said of the sites of each use, and of the next step to a yard."""
    thumbnails: Sequence[tuple[Text, str]]
    """Title of each use and a small picture of its scores, as a `data:` address."""
    caveat: Text
    """Which laws were checked."""
    page: str
    """What of its folder to open: its map, or the record where it has no map."""


@dataclass(frozen=True)
class ListedRun:
    """A run of the list."""

    label: str
    """Name of its folder."""
    found: FoundRun | None
    """None where it is not finished."""


def write_runs_page(path: Path, runs: Sequence[ListedRun]) -> str:
    """Write the list of runs as one page without scripts."""
    from markupsafe import Markup

    from maemoh_gis.pages.offline import rendered

    def marked(words: Text) -> Markup:
        return Markup("").join(
            Markup('<span lang="{}">{}</span>').format(code, words[code]) for code in LANGUAGES
        )

    page = rendered(
        "runs.html",
        runs=runs,
        both=marked,
        title=both("batch.title"),
        caveat=both("batch.caveat"),
        not_yet=both("batch.not_yet"),
        columns=[both(f"batch.column.{c}") for c in _COLUMNS],
    )
    return write_text(path, page)
