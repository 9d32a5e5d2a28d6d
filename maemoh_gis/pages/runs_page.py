"""One page that lists runs, for whoever opens the folder they lie in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from maemoh_gis.core.messages import LANGUAGES, Text, both
from maemoh_gis.files import write_text

_PAGE = """<!doctype html>
<html lang="th">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title.th }} / {{ title.en }}</title>
<style>
body { font: 16px/1.5 system-ui, "Noto Sans Thai", "Leelawadee UI", Thonburi, sans-serif;
  margin: 1.5rem; color: #1c1c1c; background: #fff; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #8a847c; padding: .4rem .6rem; text-align: left; vertical-align: top; }
th { background: #f1eee9; }
[lang=en] { display: block; color: #4a4a4a; font-size: .9em; }
code { overflow-wrap: anywhere; }
.caveat { border-left: 4px solid #b3261e; padding-left: .8rem; }
</style>
</head>
<body>
<h1>{{ both(title) }}</h1>
<p class="caveat">{{ both(caveat) }}</p>
<table>
<thead><tr>
{% for name in columns %}
<th scope="col">{{ both(name) }}</th>
{% endfor %}
</tr></thead>
<tbody>
{% for run in runs %}
<tr>
<td>{% if run.found %}
<a href="{{ run.label | urlencode }}/{{ run.found.page }}"><code>{{ run.label }}</code></a>
{% else %}<code>{{ run.label }}</code>{% endif %}</td>
{% if run.found %}
<td>{{ both(run.found.title) }}</td>
<td>{{ run.found.year_be }}</td>
<td>{{ both(run.found.viewpoint) }}</td>
<td>{% for key, value in run.found.changed %}
<code>{{ key }} = {{ value }}</code><br>
{% endfor %}</td>
<td>{% for use, sites in run.found.sites %}{{ both(use) }}: {{ sites }}<br>{% endfor %}</td>
<td>{{ both(run.found.caveat) }}</td>
{% else %}
<td colspan="6">{{ both(not_yet) }}</td>
{% endif %}
</tr>
{% endfor %}
</tbody>
</table>
</body>
</html>
"""
_COLUMNS = ("run", "question", "year", "viewpoint", "set", "sites", "limits")


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
    import jinja2
    from markupsafe import Markup

    def marked(words: Text) -> Markup:
        return Markup("").join(
            Markup('<span lang="{}">{}</span>').format(code, words[code]) for code in LANGUAGES
        )

    template = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    ).from_string(_PAGE)
    page = template.render(
        runs=runs, both=marked, title=both("batch.title"), caveat=both("batch.caveat"),
        not_yet=both("batch.not_yet"), columns=[both(f"batch.column.{c}") for c in _COLUMNS],
    )  # fmt: skip
    return write_text(path, page)
