"""Sentences on the acts a limit is declared in."""

from __future__ import annotations

from maemoh_gis.core.messages import LANGUAGES, Language, Text, both, has_text, joined, same, text
from maemoh_gis.core.units import number
from maemoh_gis.suitability.declared import Act, DeclaredPart

_REVOKING = frozenset({"revoked", "revoked_in_part"})


def act_words(act: Act) -> Text:
    """Name an act: what it does with which land, when, and where in the Gazette it stands."""
    named = line_words(
        act.forest, act.kind, act.action, act.published_be, (act.volume, act.issue, act.page)
    )
    if act.area_rai is None:
        return named
    return both("act.with_area", act=named, rai=number(act.area_rai))


def line_words(
    forest: Text, kind: str, action: str, published_be: str, place: tuple[str, str, str]
) -> Text:
    """Name an act without its area; `place` is volume, issue and page of the Gazette."""
    volume, issue, page = place
    what, date = what_words(kind, action), date_words(published_be)
    return both(
        "act.line", forest=forest, what=what, date=date, volume=volume, issue=issue, page=page
    )


def what_words(kind: str, action: str) -> Text:
    """Say what an act makes of land; a kind without words is told as the table writes it."""
    return {x: text(f"act.action.{action}", x, kind=_kind(kind, x)) for x in LANGUAGES}


def _kind(kind: str, language: Language) -> str:
    id = f"act.kind.{kind}"
    return text(f"act.kind.{kind}", language) if has_text(id, language) else kind


def date_words(written: str) -> Text:
    """Write a date such as `2550-11-12` out; anything else stays as it is."""
    parts = written.split("-")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return same(written)
    year, month, day = parts
    if not 1 <= int(month) <= 12:
        return same(written)
    return {
        x: text("act.date", x, day=int(day), month=text(f"month.{int(month)}", x), year=year)
        for x in LANGUAGES
    }


def is_revocation(act: Act) -> bool:
    """Say whether an act takes land out, all or in part."""
    return act.action in _REVOKING


def part_words(part: DeclaredPart, title: Text) -> Text:
    """Say whether acts name the subdistricts of some land: never that it is clear."""
    names = joined(part.subdistricts, ", ")
    if part.status != "declared":
        id = "declared.no_subdistrict" if part.status == "no_subdistrict" else "declared.no_act"
        return both(id, title=title, subdistricts=names, year=part.to_be)
    told = {name["en"]: name for here in part.acts for name in here.subdistricts}
    said = both(
        "declared.here",
        title=title,
        n=len(part.acts),
        year=part.to_be,
        subdistricts=joined(list(told.values()), ", "),
    )
    if any(is_revocation(here.act) for here in part.acts):
        return {x: f"{said[x]} {text('declared.revoked', x)}" for x in LANGUAGES}
    return said
