"""
A report on paper: one bilingual HTML file made for A4, in which nothing is fetched.

One template renders every report and every set of sheets. Like the map page it carries a policy
that lets only its own script and style run; every text is escaped. Without a script both languages
stand side by side; with it the reader chooses one, and that is the one that is printed.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

from markupsafe import Markup

from maemoh_gis.core.messages import LANGUAGES, Language, Text
from maemoh_gis.core.units import thai_digits
from maemoh_gis.files import write_text
from maemoh_gis.pages import offline, report_map, still_picture
from maemoh_gis.pages.map_page import both
from maemoh_gis.pages.raster_image import legend_colours
from maemoh_gis.pages.report_content import ReportContent
from maemoh_gis.pages.wording import Wording, clean

SCRIPTS = ("report.js",)

# Told apart by people of every common kind of colour vision, also in the order they stand
# (P. Tol, "muted", and three greys).
COLOURS = (
    "#332288", "#ddcc77", "#117733", "#cc6677", "#88ccee", "#882255", "#44aa99", "#999933",
    "#aa4499", "#555555", "#999999", "#cccccc",
)  # fmt: skip


def write_report(
    content: ReportContent,
    path: Path,
    *,
    thai_numerals: bool = False,
    wording: Wording | None = None,
) -> str:
    """Write a report or a set of sheets."""
    return write_text(path, report_html(content, wording or Wording.of_package(), thai_numerals))


def report_html(content: ReportContent, wording: Wording, thai_numerals: bool = False) -> str:  # noqa: FBT001, FBT002
    """Write the whole report as text."""

    def said(text: Text) -> Markup:
        return both(_in_thai_digits(text) if thai_numerals else text)

    folder = offline.page_folder()
    style = (
        offline.fonts()
        + folder.joinpath("report.css").read_text("utf-8")
        + _page_rules(content.footer, wording)
    )
    scripts = [offline.page_script(SCRIPTS)]
    return offline.rendered(
        "report.html",
        say=lambda name, **values: said(wording(name, **values)),
        message=wording,
        both=said,
        words=_words(thai_numerals=thai_numerals),
        in_digits=lambda label: thai_digits(label) if thai_numerals else label,
        kind=lambda block: type(block).__name__,
        content=content,
        digits="thai" if thai_numerals else "arabic",
        policy=offline.policy(scripts, [style]),
        style=style,
        scripts=scripts,
        colours=COLOURS,
        drawn=[],
        next_number=count(1).__next__,
        edge=report_map.EDGE,
        site=still_picture.SITE_STYLE,
        legend=legend_colours(),
    )


def _words(*, thai_numerals: bool) -> Callable[[Text, Language], str]:
    """Give a function that takes one language out of a text, for attributes and pictures."""

    def words(text: Text, language: Language) -> str:
        found = clean(text[language])
        return thai_digits(found) if thai_numerals and language == "th" else found

    return words


def _in_thai_digits(text: Text) -> Text:
    return {x: thai_digits(text[x]) if x == "th" else text[x] for x in LANGUAGES}


def _page_rules(footer: Text, wording: Wording) -> str:
    """Give each language its own foot of the page; before the script runs both stand there."""
    foot = wording("report_page", page="{page}", pages="{pages}")
    together = {x: f"{clean(footer['th'])} / {clean(footer['en'])}" for x in LANGUAGES}
    said = {"": together["th"], **{f" {x}": clean(footer[x]) for x in LANGUAGES}}
    rules = [_page_rule(x, said[x], foot["en" if x == " en" else "th"], "decimal") for x in said]
    thai = thai_digits(clean(footer["th"]))
    rules.append(_page_rule(" thai-numerals", thai, foot["th"], "thai"))
    return "\n".join(rules) + "\n"


def _page_rule(name: str, footer: str, page: str, digits: str) -> str:
    before, _, rest = page.partition("{page}")
    between, _, after = rest.partition("{pages}")
    number = (
        f"{_css_string(before)} counter(page, {digits}) {_css_string(between)} "
        f"counter(pages, {digits}) {_css_string(after)}"
    )
    return (
        f"@page{name} {{ size: A4; margin: 15mm 14mm 17mm; "
        f"@bottom-left {{ content: {_css_string(footer)}; {_FOOT} width: 78%; text-align: left; }} "
        f"@bottom-right {{ content: {number}; {_FOOT} text-align: right; }} }}"
    )


_FOOT = 'font: 8pt "Sarabun", "Noto Sans Thai", sans-serif; color: #444;'


def _css_string(words: str) -> str:
    """Write words as a CSS string that nothing in them can end."""
    safe = "".join(
        letter
        if letter.isalnum() or letter in " .,:/()–-" or "\u0e00" <= letter <= "\u0e7f"
        else f"\\{ord(letter):x} "
        for letter in words
    )
    return f'"{safe}"'
