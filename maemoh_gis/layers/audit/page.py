"""The audit as one HTML page that can be mailed: no script, no request to anywhere."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from maemoh_gis.core.messages import Language, text

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

_PAGE = """\
<!doctype html>
<html lang="{{ language }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
<style>
body { font: 16px/1.5 "Sarabun", "Noto Sans Thai", "Leelawadee UI", sans-serif; margin: 2rem auto;
  max-width: 72rem; padding: 0 1rem; color: #1b1b1b; background: #fff; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem;
  border-bottom: 1px solid #ccc; }
td { overflow-wrap: anywhere; }
.severity { white-space: nowrap; font-weight: 600; overflow-wrap: normal; }
.blocks .severity { color: #a40000; }
.warns .severity { color: #7a4b00; }
.notes .severity { color: #3d4b5c; }
</style>
</head>
<body>
<main>
<h1>{{ title }}</h1>
<p>{{ folder }}</p>
<p><strong>{{ verdict }}</strong> {{ summary }}</p>
{% if rows %}
<table>
<thead><tr>{% for head in heads %}<th scope="col">{{ head }}</th>{% endfor %}</tr></thead>
<tbody>
{% for row in rows %}
<tr class="{{ row.severity }}"><td class="severity">{{ row.severity_word }}</td>\
<td>{{ row.place }}</td><td>{{ row.layer }}</td><td>{{ row.sentence }}</td>\
<td>{{ row.remedy }}</td></tr>
{% endfor %}
</tbody>
</table>
{% else %}
<p>{{ nothing }}</p>
{% endif %}
</main>
</body>
</html>
"""


@dataclasses.dataclass(frozen=True)
class _Row:
    severity: str
    severity_word: str
    place: str
    layer: str
    sentence: str
    remedy: str


def page_of(report: Report, language: Language) -> str:
    """Write an audit as an HTML page."""
    from jinja2 import Environment

    page = Environment(autoescape=True, trim_blocks=True, keep_trailing_newline=True).from_string(
        _PAGE
    )
    return page.render(
        language=language,
        title=text("audit.title", language),
        folder=text("audit.folder", language, folder=report.folder),
        verdict=text("audit.blocked" if report.blocks else "audit.ok", language),
        summary=text("cli.audited", language, layers=report.layers, **report.counts),
        nothing=text("audit.nothing", language),
        heads=[text(id, language) for id in _HEADS],
        rows=[_row(fault, language) for fault in report.findings],
    )


def _row(fault: Fault, language: Language) -> _Row:
    values = {
        "found": fault.found,
        "expected": fault.expected,
        "key": fault.key,
        "file": fault.file,
        **fault.values,
    }
    line = "" if fault.line is None else f":{fault.line}"
    return _Row(
        fault.severity,
        text(f"severity.{fault.severity}", language),
        f"{fault.file or ''}{line}",
        fault.key or "",
        text(f"fault.{fault.code}", language, **values),
        text(f"remedy.{fault.code}", language, **values),
    )
