"""
Tags of a GeoTIFF that are written into room left for them.

Many scenarios give the same raster, each under its own name and year. Packing a raster is slow, so
it is packed once with room for tags, and each copy has its own written there: no byte moves, so the
file stays cloud-optimised. GDAL keeps tags as XML in one field of the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from maemoh_gis.files.atomic import cannot, sha256_of

_ROOM = "room"
_OPENS, _CLOSES = f'<Item name="{_ROOM}">'.encode(), b"</Item>"
_STEP = 4096
# Tags stand before all cells; only the places of tiles may stand before them.
_HEAD = 1 << 20


def room_for(tags: Mapping[str, str]) -> dict[str, str]:
    """Give a tag that leaves room for others."""
    needed = len(_xml(tags)) - len(_OPENS) - len(_CLOSES)
    return {_ROOM: "x" * (-(-max(needed, 1) // _STEP) * _STEP)}


def write_tags(path: Path, tags: Mapping[str, str]) -> str:
    """Write tags into a raster that has room for them."""
    try:
        with path.open("r+b") as stream:
            head = stream.read(_HEAD)
            start = head.index(_OPENS)
            room = head.index(_CLOSES, start) + len(_CLOSES) - start
            stream.seek(start)
            # Blanks between elements mean nothing.
            stream.write(_xml(tags).ljust(room))
    except OSError as error:
        raise cannot("write", path, error) from error
    return sha256_of(path)


def _xml(tags: Mapping[str, str]) -> bytes:
    # GDAL escapes values before it makes XML of them, and once more then.
    lines = [
        f'<Item name="{_escaped(name)}">{_escaped(_escaped(words))}</Item>'
        for name, words in sorted(tags.items())
    ]
    return "\n  ".join(lines).encode("utf-8")


def _escaped(words: str) -> str:
    return escape(words, {'"': "&quot;"})
