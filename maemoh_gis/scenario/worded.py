"""
Numbers in the words of a scenario, put there from the values in force.

A title or a basis that repeats a number names the key instead, `{within_m}`, and every scenario
that changes the value changes the words with it. A key is looked for in the block of the text, in
its `test`, then in the blocks around; a distance in metres may be told in km, `{within_km}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.errors import FormatError
from maemoh_gis.core.faults import Fault
from maemoh_gis.documents.yaml import Document

if TYPE_CHECKING:
    from maemoh_gis.scenario.change import Change

_TEXTS = frozenset({"title", "basis", "reason", "source", "needs"})
_NAMED = re.compile(r"\{([a-z][a-z0-9_.]*)\}")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_M, _KM = "_m", "_km"
# Only blocks near a value speak of it: its own and the two around.
_NEAR = 3


def worded(document: Document) -> Document:
    """Put the numbers into the words of a scenario."""
    faults: list[Fault] = []
    data = _filled(document.data, (), (), document, faults)
    if faults:
        raise FormatError(faults)
    return Document(data, document.places, document.file)


def _filled(
    node: Any,
    path: tuple[str, ...],
    around: tuple[Any, ...],
    document: Document,
    faults: list[Fault],
) -> Any:
    if isinstance(node, dict):
        inside = (*around, node)
        return {
            key: _text(value, (*path, str(key)), inside, document, faults)
            if key in _TEXTS
            else _filled(value, (*path, str(key)), inside, document, faults)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_filled(one, path, around, document, faults) for one in node]
    return node


def _text(
    value: Any,
    path: tuple[str, ...],
    around: tuple[Any, ...],
    document: Document,
    faults: list[Fault],
) -> Any:
    if isinstance(value, dict):
        return {
            k: _text(v, (*path, str(k)), around, document, faults)
            if isinstance(v, str)
            else _filled(v, (*path, str(k)), (*around, value), document, faults)
            for k, v in value.items()
        }
    if not isinstance(value, str):
        return _filled(value, path, around, document, faults)

    def number(found: re.Match[str]) -> str:
        known = _value(found[1], around)
        if known is None:
            expected = ", ".join(f"{{{name}}}" for name in _names(around)) or "–"
            faults.append(
                document.fault("no_number_of_that_name", path, found=found[0], expected=expected)
            )
            return found[0]
        return written(known)

    return _NAMED.sub(number, value)


def _value(name: str, around: Sequence[Any]) -> float | None:
    for block in reversed(around):
        for where in (block, block.get("test")):
            found = _dug(where, name)
            if found is not None:
                return found
            if name.endswith(_KM):
                metres = _dug(where, name.removesuffix(_KM) + _M)
                if metres is not None:
                    return metres / 1000.0
    return None


def _dug(block: Any, name: str) -> float | None:
    for part in name.split("."):
        if not isinstance(block, dict) or part not in block:
            return None
        block = block[part]
    return None if isinstance(block, bool) or not isinstance(block, int | float) else float(block)


def _names(around: Sequence[Any]) -> Iterator[str]:
    """List what a text could name: the numbers of its own block and of its test."""
    block = around[-1] if around else {}
    for where in (block, block.get("test")):
        if isinstance(where, dict):
            yield from (key for key in where if _dug(where, key) is not None)


def written(value: float) -> str:
    """Write a number as titles do, with separators and no more digits than it has."""
    return f"{value:,.10g}"


def stale_words(raw: Any, changes: Sequence[Change], document: Document) -> Iterator[Fault]:
    """Find words that still hold the number a scenario has changed."""
    for change in changes:
        for leaf in change.leaves():
            old, key = leaf.old, leaf.key.split(".")
            now = _at(raw, key)
            if not _is_number(old) or not _is_number(now) or now == old:
                continue
            named = key[-1].removesuffix(_M) if key[-1].endswith(_M) else None
            forms = {float(old), *((float(old) / 1000.0,) if named is not None else ())}
            for path, texts, severity in _words_near(raw, key):
                if any(float(n.replace(",", "")) in forms for n in _NUMBER.findall(texts)):
                    yield document.fault(
                        "words_hold_old_number", path, found=written(float(old)),
                        expected=f"{{{key[-1]}}}", severity=severity,
                    )  # fmt: skip


def _words_near(raw: Any, key: list[str]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Give the words of the nearest block around a value that has a title."""
    for depth in range(len(key) - 1, max(0, len(key) - 1 - _NEAR), -1):
        block = _at(raw, key[:depth])
        if not isinstance(block, dict) or "title" not in block:
            continue
        for name in _TEXTS & block.keys():
            text = block[name]
            whole = " ".join(map(str, text.values())) if isinstance(text, dict) else str(text)
            severity = "blocks" if name == "title" else "warns"
            yield (*key[:depth], name), _NAMED.sub("", whole), severity
        return


def _at(data: Any, key: Sequence[str]) -> Any:
    for part in key:
        if not isinstance(data, dict) or part not in data:
            return None
        data = data[part]
    return data


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
