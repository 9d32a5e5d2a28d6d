"""
Lines of a text, Thai never broken inside a word where its words are marked.

Thai is written without spaces between words, so a line is broken at the marks (zero-width spaces)
that a catalogue sets between words, and never before a vowel or tone that stands on a letter.
"""

from __future__ import annotations

import re
import unicodedata

_BREAK = "\u200b"
# Every syllable that is written with one of these begins with it; no other letter tells as much.
_SYLLABLE = re.compile(r"(?<=.)(?=[เแโใไ])")


def columns(written: str) -> int:
    """Count the columns that a text takes on a terminal."""
    return sum(unicodedata.category(letter) not in {"Mn", "Cf"} for letter in written)


def wrapped(written: str, width: int, first: str, rest: str) -> list[str]:
    """Break a text into lines, never inside a Thai word."""
    lines, line, empty = [], first, True
    for word in written.split():
        gap = "" if empty else " "
        for piece in _pieces(word, width - columns(rest)):
            if not empty and columns(line + gap + piece) > width:
                lines.append(line)
                line, gap = rest, ""
            line, gap, empty = line + gap + piece, "", False
    return [*lines, line]


def _pieces(word: str, width: int) -> list[str]:
    pieces: list[str] = []
    for piece in filter(None, word.split(_BREAK)):
        pieces += [piece] if columns(piece) <= width else _SYLLABLE.split(piece)
    return pieces
