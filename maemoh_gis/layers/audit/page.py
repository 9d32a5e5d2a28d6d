"""The audit as one HTML page that can be mailed: no script, no request to anywhere."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from maemoh_gis.core.messages import Language, text
from maemoh_gis.files import read_text

if TYPE_CHECKING:
    from maemoh_gis.core.faults import Fault
    from maemoh_gis.layers.audit import Report

_HEADS = (
    "audit.column.severity",
    "audit.column.place",
    "audit.column.layer",
    "audit.column.found",
    "audit.column.remedy",
)


def page_of(report: Report, language: Language) -> str:
    """Write an audit as an HTML page."""
    from jinja2 import Environment

    source = resources.files("maemoh_gis") / "layers" / "audit" / "page.html"
    with resources.as_file(source) as path:
        written = read_text(path)
    environment = Environment(autoescape=True, trim_blocks=True, keep_trailing_newline=True)
    return environment.from_string(written).render(
        language=language,
        title=text("audit.title", language),
        folder=text("audit.folder", language, folder=report.folder),
        verdict=text("audit.blocked" if report.blocks else "audit.ok", language),
        summary=text("cli.audited", language, layers=report.layers, **report.counts),
        nothing=text("audit.nothing", language),
        heads=[text(id, language) for id in _HEADS],
        rows=[_row(fault, language) for fault in report.findings],
    )


def _row(fault: Fault, language: Language) -> dict[str, str]:
    values = {
        "found": fault.found,
        "expected": fault.expected,
        "key": fault.key,
        "file": fault.file,
        **fault.values,
    }
    line = "" if fault.line is None else f":{fault.line}"
    return {
        "severity": fault.severity,
        "severity_word": text(f"severity.{fault.severity}", language),
        "place": f"{fault.file or ''}{line}",
        "layer": fault.key or "",
        "sentence": text(f"fault.{fault.code}", language, **values),
        "remedy": text(f"remedy.{fault.code}", language, **values),
    }
