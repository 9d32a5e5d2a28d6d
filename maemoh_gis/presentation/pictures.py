"""Pictures a run wrote, named by what they show."""

from __future__ import annotations

import base64

from maemoh_gis.core.messages import Text, same
from maemoh_gis.files import read_bytes
from maemoh_gis.pages.report_content import (
    Picture,
)
from maemoh_gis.presentation.run_files import RunFiles

# Sizes of the pictures a run writes; they only keep the page from jumping while it opens.
_PICTURE = (912, 990)


def picture_of(run: RunFiles, name: str, alt: Text) -> Picture:
    """Take a picture of the run folder into the report."""
    content = read_bytes(run.folder / name)
    uri = "data:image/svg+xml;base64," + base64.b64encode(content).decode("ascii")
    return Picture(uri, alt, *_PICTURE)


def layer_title(run: RunFiles, id: str) -> Text:
    """Give the title of a layer, or its id where the catalog no longer has it."""
    return run.catalog[id].title.both() if id in run.catalog.layers else same(id)
