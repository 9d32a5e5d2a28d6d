"""Pages of runs in a frame of the desk."""

from __future__ import annotations

import os
from pathlib import Path

from markupsafe import Markup

from maemoh_gis.core.messages import Language, text
from maemoh_gis.desk.names import RUNS_SERVED
from maemoh_gis.desk.session import Session
from maemoh_gis.files import read_text

PAGES = {"map": "map.html", "brief": "brief_committee.html", "comparison": "comparison.html"}
_SANDBOX = "allow-scripts allow-downloads allow-popups allow-modals"


def page_of(session: Session, which: str, language: Language) -> str:
    """Give the frame of a page of the newest result, or say that there is none yet."""
    folder = session.comparison if which == "comparison" else session.newest
    path = None if folder is None else folder / PAGES[which]
    if path is None or not path.is_file():
        return str(Markup("<p class='quiet'>{}</p>").format(text("desk.nothing_yet", language)))
    return _frame(path, text(f"desk.{which}", language), language)


def _frame(path: Path, title: str, language: Language) -> str:
    served = os.environ.get(RUNS_SERVED)
    if served is None:
        frame = Markup("<iframe title='{}' sandbox='{}' srcdoc='{}'></iframe>")
        return str(frame.format(title, _SANDBOX, read_text(path)))
    # What is shown changes with the file: a run may be made again under its name.
    link = f"{served}{path.parent.name}/{path.name}?{path.stat().st_mtime_ns}#{language}"
    frame = Markup("<p><a href='{}' target='_blank' rel='noopener'>{}</a></p>"
                   "<iframe title='{}' sandbox='{}' src='{}'></iframe>")  # fmt: skip
    return str(frame.format(link, text("desk.open_alone", language), title, _SANDBOX, link))
