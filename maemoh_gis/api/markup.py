"""How objects show themselves in a notebook: small tables and pictures, every text escaped."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import Language, language_of_reader, text
from maemoh_gis.core.units import number
from maemoh_gis.files import read_text

# Prose, code and tables of others get the Thai font too, for Thai letters only. It stands first:
# behind a family without Thai, browsers leave the first word as boxes. Jupyter sets every cell to
# the right by a rule that only a longer one outweighs.
_STYLE = Markup("""<style>
:root{
--jp-content-font-family:Sarabun,system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;
--jp-code-font-family-default:Sarabun,Menlo,Consolas,'DejaVu Sans Mono',monospace}
.maemoh{background:#fff;color:#1f2a2e;font:14px/1.45 Sarabun,system-ui,'Noto Sans Thai',sans-serif;
padding:.4em .2em}
.maemoh h4{margin:.2em 0;font-size:1.05em}
.maemoh p{margin:.25em 0;max-width:62em}
.maemoh .quiet{color:#55626a;font-size:.92em}
.maemoh .warn{background:#fff4d6;padding:.3em .6em}
.maemoh table{border-collapse:collapse;margin:.4em 0;font-size:.95em}
.maemoh.maemoh table th,.maemoh.maemoh table td{border-bottom:1px solid #d5dadb;padding:.2em .6em;
text-align:left;vertical-align:top}
.maemoh table th{border-bottom:2px solid #8b979c;font-weight:600}
.maemoh.maemoh table td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.maemoh .bar{display:inline-block;height:.7em;background:#21918c;vertical-align:baseline}
</style>""")
_FONT = "sarabun/thai-400.woff2"


@cache
def _style() -> Markup:
    """Give the sheet with the Thai font in it, since not every machine has one."""
    from maemoh_gis.pages.offline import data_uri

    font = Markup(
        "<style>@font-face{{font-family:Sarabun;unicode-range:U+0E01-0E5B,U+200C-200D,U+25CC;"
        "src:url({}) format('woff2')}}</style>"
    ).format(data_uri(_FONT))
    return font + _STYLE


def box(title: str, *parts: str) -> str:
    """
    Put parts under a heading.

    Parameters
    ----------
    title : str
        Heading; escaped.
    *parts : str
        Texts, which are escaped, or markup, which is not.

    Returns
    -------
    str
        Markup that brings its own style and font.
    """
    heading = Markup("<h4>{}</h4>").format(title)
    return str(
        Markup('<div class="maemoh">{}{}{}</div>').format(_style(), heading, Markup("").join(parts))
    )


def line(words: str, kind: str = "") -> Markup:
    """
    Make a paragraph of a text.

    Parameters
    ----------
    words : str
        Text; escaped.
    kind : {"", "quiet", "warn"}
        How it is set.

    Returns
    -------
    Markup
        The paragraph.
    """
    return Markup('<p class="{}">{}</p>').format(kind, words)


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Markup:
    """
    Write a table.

    Parameters
    ----------
    columns : sequence of str
        Headings; escaped.
    rows : iterable of sequences
        Texts, which are escaped, markup, numbers, or None where a value is not known.

    Returns
    -------
    Markup
        The table; numbers are set to the right.
    """
    head = Markup("").join(Markup("<th>{}</th>").format(name) for name in columns)
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(_cell(value) for value in row)) for row in rows
    )
    return Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(head, body)


def bar(share: float) -> Markup:
    """Draw a share from 0 to 1 as a bar."""
    return Markup('<span class="bar" style="width:{}em"></span>').format(f"{6 * share:.2f}")


def _cell(value: Any) -> Markup:
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return Markup("<td>{}</td>").format("–" if value is None else value)
    if isinstance(value, int | float):
        decimals = 0 if abs(value) >= 1000 or float(value).is_integer() else 3
        written = number(value, decimals) if math.isfinite(value) else "–"
        return Markup('<td class="n">{}</td>').format(written)
    return Markup("<td>{}</td>").format(str(value))


def language() -> Language:
    """Give the language in which objects show themselves: `MAEMOH_LANG`, else the locale's."""
    return language_of_reader()


def confidence_line(shares: dict[str, float]) -> str:
    """
    Say on how much of the weight each degree of confidence stands.

    Parameters
    ----------
    shares : dict of str to float
        Shares of the weight by H, M, L, ASSUMPTION and unscored.

    Returns
    -------
    str
        For example "M 20 %, L 26 %, not scored 54 %".
    """
    spoken = language()
    names = {**dict.fromkeys(shares, ""), "unscored": text("api.unscored", spoken)}
    return ", ".join(
        f"{names[degree] or degree} {100 * share:.0f} %"
        for degree, share in shares.items()
        if share
    )


@dataclass(frozen=True)
class Picture:
    """A drawing that stands by itself: it fetches nothing and brings its font."""

    svg: str
    """The drawing."""
    alt: str
    """What it shows, for those who cannot see it."""
    width: str = "100%"
    """Width in a notebook, in CSS units."""

    def _repr_html_(self) -> str:
        # As an image its styles stay its own, and so does its font.
        held = base64.b64encode(self.svg.encode("utf-8")).decode("ascii")
        return str(
            _style()
            + Markup('<img alt="{}" style="width:{};max-width:60em" src="{}">').format(
                self.alt, self.width, f"data:image/svg+xml;base64,{held}"
            )
        )


@dataclass(frozen=True)
class Page:
    """A page of a run or comparison, shown in the notebook without a network; RunError if it was
    not written.
    """

    path: Path
    """The HTML file."""
    height: int = 640
    """Height in the notebook, pixels."""

    def __post_init__(self) -> None:
        if not self.path.is_file():
            raise RunError(Fault("no_map_page", str(self.path)))

    def _repr_html_(self) -> str:
        # In the frame the page keeps its own rule that it may fetch nothing.
        return str(
            Markup(
                '<iframe srcdoc="{}" style="display:block;box-sizing:border-box;width:100%;'
                'height:{}px;border:1px solid #d5dadb" title="{}"></iframe>'
            ).format(read_text(self.path), self.height, self.path.name)
        )
