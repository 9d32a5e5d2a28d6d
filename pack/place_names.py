"""Names of places, brought to one spelling so that two lists can be compared."""

from __future__ import annotations

import re
import unicodedata

_LATIN = re.compile(r"[A-Za-z]")
_BRACKETED = re.compile(r"\(.*?\)")
_NOT_LETTERS = re.compile(r"[\s\u200b\u200c\u200d.,\-_/'’]+")
_VILLAGE = re.compile(r"^(บ้าน|บ\.|ban\s+)", re.IGNORECASE)
_SARA_AM = "\N{THAI CHARACTER NIKHAHIT}\N{THAI CHARACTER SARA AA}"


def is_latin(name: str) -> bool:
    """Say whether a name is written in Latin letters, if only partly."""
    return _LATIN.search(name) is not None


def name_key(name: str) -> str:
    """
    Give what stays of a name when its spelling is left out of account.

    Parameters
    ----------
    name : str
        Name in Thai or Latin letters.

    Returns
    -------
    str
        Without what stands in brackets, spaces, signs and capitals, one sign for sara am however it
        was typed, and without the word for village before it. A tone mark is not left out: it makes
        another name.

    Examples
    --------
    >>> name_key("บ้าน ดง (ม.2)"), name_key("Ban Huai Pet")
    ('ดง', 'huaipet')
    """
    plain = unicodedata.normalize("NFC", _BRACKETED.sub("", name)).strip()
    plain = plain.replace(_SARA_AM, "\N{THAI CHARACTER SARA AM}")
    return _NOT_LETTERS.sub("", _VILLAGE.sub("", plain)).casefold()
