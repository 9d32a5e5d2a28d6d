"""The briefs of a run as documents for Word, and slides of the committee's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from maemoh_gis.core.errors import FormatError
from maemoh_gis.core.messages import Text
from maemoh_gis.files import write_bytes
from maemoh_gis.office.deck import deck_of
from maemoh_gis.office.extra import require
from maemoh_gis.office.pictures import Drawn, RunPictures
from maemoh_gis.office.png import png_of
from maemoh_gis.office.slides import presentation
from maemoh_gis.office.target import language_asked, require_free
from maemoh_gis.office.thai import Speech
from maemoh_gis.office.word import Image, word_document
from maemoh_gis.pages.report_content import Map
from maemoh_gis.presentation.run_files import RunFiles
from maemoh_gis.runs.report import footer
from maemoh_gis.sheets.briefs import BRIEFS, brief
from maemoh_gis.sheets.maps import score_maps

_WIDTH_PX = 1600
_CHART = "timeline"
"""The chart behind each brief: what every year leaves."""


@dataclass(frozen=True)
class RunDocuments:
    """Documents and slides of a run in one language."""

    run: RunFiles
    say: Speech

    def each(self) -> Iterator[tuple[str, bytes]]:
        """Write every brief, then the slides; with the name of the file."""
        for id in BRIEFS:
            yield f"brief_{id}_{self.say.language}.docx", self.document(id)
        yield f"slides_{self.say.language}.pptx", self.slides()

    def document(self, id: str) -> bytes:
        """Write one brief for Word."""
        content = brief(self.run, id, footer(self.run))
        return word_document(content, self.say, self._map, self._charts)

    def slides(self) -> bytes:
        """Write the committee's brief as slides, with a map of each use."""
        content = brief(self.run, "committee", footer(self.run))
        return presentation(deck_of(content, list(self._maps())), self.say)

    def _map(self, block: Map) -> Image:
        return image_of(self._pictures.wide_map(block.figure, block.caption))

    def _maps(self) -> Iterator[tuple[Text, Image]]:
        """Draw each use from as near as its sites allow."""
        nearest = {one.use: one.map for one in score_maps(self.run)}
        for block in nearest.values():
            yield block.caption, self._map(block)

    @cached_property
    def _pictures(self) -> RunPictures:
        return RunPictures(self.run, self.say.language)

    @cached_property
    def _charts(self) -> list[Image]:
        return [image_of(one) for one in self._pictures.charts() if one.name == _CHART]


def image_of(drawn: Drawn) -> Image:
    """Draw a picture for a document."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawn.svg)
    assert found is not None, "our pictures say how large they are"
    return Image(png_of(drawn.svg, _WIDTH_PX), drawn.title, float(found[1]), float(found[2]))


def write_documents(
    run: RunFiles,
    out: Path,
    *,
    language: str,
    thai_numerals: bool = False,
    over: bool = False,
) -> list[Path]:
    """Write the briefs and slides of a run into a folder; give the files."""
    require("docx", "pptx", "resvg_py")
    spoken, faults = language_asked(language)
    if faults:
        raise FormatError(faults)
    made = {
        out / name: content
        for name, content in RunDocuments(run, Speech(spoken, thai_numerals)).each()
    }
    require_free(made, over=over)
    for path, content in made.items():
        write_bytes(path, content)
    return list(made)
