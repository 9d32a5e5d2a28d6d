"""Libraries that only the desk needs: they come with the extra `desk`."""

from __future__ import annotations

from importlib.util import find_spec

from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault

EXTRA = ".[desk]"
_NEEDED = ("ipywidgets", "voila")


def require() -> None:
    """Refuse to begin where a library is not installed, naming all of them at once."""
    absent = [name for name in _NEEDED if find_spec(name) is None]
    if absent:
        raise RunError(Fault("extra_missing", found=", ".join(absent), expected=EXTRA))
