"""
SVG as PNG, with the fonts of the package alone.

Fonts of the system are not asked: a picture has the same bytes, and Thai marks stand right, on a
machine that has no Thai font at all.
"""

from __future__ import annotations

from contextlib import ExitStack
from importlib import resources

from maemoh_gis.office.extra import require

FAMILY = "Sarabun"
_FACES = ("regular", "bold")


def png_of(svg: str, width_px: int) -> bytes:
    """Draw an SVG as PNG of a width in pixels."""
    require("resvg_py")
    import resvg_py

    folder = resources.files("maemoh_gis") / "office" / "vendor" / "sarabun"
    with ExitStack() as stack:
        fonts = [stack.enter_context(resources.as_file(folder / f"{x}.ttf")) for x in _FACES]
        return resvg_py.svg_to_bytes(
            svg_string=svg,
            width=width_px,
            skip_system_fonts=True,
            font_files=[str(font) for font in fonts],
            font_family=FAMILY,
            sans_serif_family=FAMILY,
        )
