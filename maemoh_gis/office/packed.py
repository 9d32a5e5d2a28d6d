"""Archives of office programs with the same bytes for the same content."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime

FIXED_DAY = datetime(2000, 1, 1, tzinfo=UTC)
"""What stands where a program would write the present: made and changed."""

AUTHOR = "maemoh-gis"


def repacked(archive: bytes, instead: Mapping[str, str]) -> bytes:
    """Pack an archive anew with a fixed date, some parts replaced by name."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, FIXED_DAY.timetuple()[:6])
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            new.writestr(entry, instead.get(name) or old.read(name))
    return made.getvalue()
