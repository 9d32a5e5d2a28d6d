"""Where files go, in which language, and what must not be written over."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import LANGUAGES, Language
from maemoh_gis.files import is_there


def require_free(paths: Iterable[Path], *, over: bool) -> None:
    """Refuse to write over files that stand already, all named, unless asked to."""
    there = [] if over else [path for path in paths if is_there(path)]
    if there:
        raise RunError([Fault("out_exists", str(path), key="--out") for path in there])


def outside(run: Path, out: Path) -> Path:
    """Refuse a run folder and what is in it as the place: its record names every file of it."""
    place = out.resolve()
    if run.resolve() in (place, *place.parents) or is_there(out / "run.json"):
        raise RunError(Fault("report_into_run", str(out)))
    return out


def language_asked(asked: str) -> tuple[Language, list[Fault]]:
    """Read a language; with a fault if there is no such one."""
    for known in LANGUAGES:
        if asked == known:
            return known, []
    expected = ", ".join(LANGUAGES)
    return "en", [Fault("unknown_language", key="language", found=asked, expected=expected)]
