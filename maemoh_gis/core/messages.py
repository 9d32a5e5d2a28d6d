"""
Words for people, in Thai and English.

Every text a person reads stands in the two message catalogues under `locale/`, found by an id such
as `fault.unknown_key`. Code names ids only; nothing here decides the language for the whole
process.
"""

from __future__ import annotations

import gettext
import locale
import os
import re
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Literal, cast, get_args

from maemoh_gis.core.faults import Fault

Language = Literal["th", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
Text = Mapping[Language, str]
"""The same words in every language."""
DOMAIN = "maemoh_gis"

# What moves the cursor, rings, colours or turns the writing: never shown as it is. A line feed and
# a tab are text; zero-width joiners belong to some scripts.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)


@cache
def _catalogue(language: Language) -> gettext.GNUTranslations:
    folder = resources.files("maemoh_gis") / "locale" / language / "LC_MESSAGES"
    with (folder / f"{DOMAIN}.mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled)


def text(id: str, language: Language, /, **values: object) -> str:
    """Give the sentence that stands under an id."""
    sentence = _catalogue(language).gettext(id)
    return sentence.format_map({key: _plain(value) for key, value in values.items()})


def both(id: str, /, **values: object) -> Text:
    """Give the sentence of an id in both languages; each takes its own words of a text."""
    return {
        language: text(id, language, **{k: in_language(v, language) for k, v in values.items()})
        for language in LANGUAGES
    }


def same(words: str) -> Text:
    """Make a text that reads the same in every language."""
    return dict.fromkeys(LANGUAGES, words)


def joined(texts: Sequence[Text], between: str = "; ") -> Text:
    """Write several texts one behind the other; a dash where there are none."""
    if not texts:
        return same("–")
    return {language: between.join(one[language] for one in texts) for language in LANGUAGES}


def in_columns(stem: str, words: Text) -> dict[str, object]:
    """Give a text as the cells of a table that has a column for each language."""
    return {f"{stem}_{language}": words[language] for language in LANGUAGES}


def in_language(value: object, language: Language) -> object:
    """Take one language out of a text; anything else stays as it is."""
    return value.get(language, "") if isinstance(value, Mapping) else value


def has_text(id: str, language: Language) -> bool:
    """Say whether the catalogue of `language` holds `id`."""
    return _catalogue(language).gettext(id) != id


def catalogue(language: Language, prefix: str = "") -> dict[str, str]:
    """List every message whose id starts with `prefix`."""
    # gettext keeps its table to itself, and a page needs whole families of messages at once.
    entries = cast("dict[object, str]", vars(_catalogue(language))["_catalog"])
    return {
        key: entries[key]
        for key in sorted(k for k in entries if isinstance(k, str) and k)
        if key.startswith(prefix)
    }


def printable(written: str) -> str:
    r"""Make a text safe to print: control characters are shown by their codes."""
    return _CONTROL.sub(_code_of, written)


def _code_of(match: re.Match[str]) -> str:
    number = ord(match[0])
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


def describe(fault: Fault, language: Language) -> str:
    """Put a fault into one line: where, what, what was expected, what to do."""
    place = fault.file or ""
    if fault.line is not None:
        place = f"{place}:{fault.line}"
    values: dict[str, object] = {
        "found": fault.found,
        "expected": fault.expected,
        "key": fault.key,
        "file": fault.file,
        **fault.values,
    }
    sentence = text(f"fault.{fault.code}", language, **values)
    remedy = text(_remedy_of(fault, language), language, **values)
    head = ": ".join(part for part in (place, fault.key) if part)
    line = f"{head}: {sentence} {remedy}" if head else f"{sentence} {remedy}"
    return printable(line).replace("\n", "\\n")


def _remedy_of(fault: Fault, language: Language) -> str:
    """Ask for one name only where one is near; else list what may stand there."""
    id, said = f"remedy.{fault.code}", _catalogue(language).gettext
    if said(id) != said("remedy.unknown_key"):
        return id
    if fault.expected in (None, "", "–"):
        return "advice.none"
    return "advice.one_of" if ", " in (fault.expected or "") else id


def language_of_reader(asked: str | None = None) -> Language:
    """Choose the language of the person at the terminal."""
    variables = ("MAEMOH_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    for candidate in (asked, *(os.environ.get(name) for name in variables)):
        found = _language_in(candidate)
        if found is not None:
            return found
    return _language_in(_shown_by_the_system()) or "en"


def _language_in(named: str | None) -> Language | None:
    """Read `th_TH.UTF-8`, `th:en`, `en-GB`, `Thai_Thailand.874`: the first language we speak."""
    for part in (named or "").lower().split(":"):
        match = re.match(r"(th|en)(?![a-z])|(th)ai_|(en)glish_", part)
        if match:
            return cast("Language", next(filter(None, match.groups())))
    return None


def _shown_by_the_system() -> str | None:
    """Name the language of the desktop where no variable does: Windows sets none of them."""
    if sys.platform == "win32":
        import ctypes

        shown = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        return locale.windows_locale.get(shown)
    return locale.getlocale()[0]


def _plain(value: object) -> object:
    return "" if value is None else value
