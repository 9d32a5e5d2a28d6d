"""
Fonts and words so that Thai stands right in office programs.

They set Thai as a *complex script*: its font, size and boldness are attributes of their own, and
what is set for Latin letters does not hold for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from maemoh_gis.core.messages import Language, Text
from maemoh_gis.core.units import thai_digits
from maemoh_gis.pages.wording import clean

FONT, OTHER_FONT = "TH Sarabun New", "Sarabun"
"""The font of government papers, and the one to take where it is not installed."""

TAGS: dict[Language, str] = {"th": "th-TH", "en": "en-GB"}
"""How the languages are named to spelling and line breaking."""

# What XML 1.0 cannot hold, beside the control characters that `clean` drops.
_NO_XML = re.compile("[\ufffe\uffff\u200b]")


@dataclass(frozen=True)
class Speech:
    """Words of one language as a document holds them."""

    language: Language
    thai_numerals: bool = False

    def __call__(self, text: Text) -> str:
        """Take the words of the language out of a text."""
        found = _NO_XML.sub("", clean(text[self.language]))
        in_thai = self.thai_numerals and self.language == "th"
        return thai_digits(found) if in_thai else found
