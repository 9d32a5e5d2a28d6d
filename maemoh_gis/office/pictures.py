"""Every map and chart of a run as a picture that stands by itself, in one language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import shapely

from maemoh_gis.core.errors import FormatError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.grid import Bounds
from maemoh_gis.core.messages import Language, Text, both, joined, same
from maemoh_gis.files import read_text, write_bytes
from maemoh_gis.office.charts import chart_drawing
from maemoh_gis.office.extra import require
from maemoh_gis.office.frame import Around, framed
from maemoh_gis.office.map_drawing import map_drawing, wide_drawing
from maemoh_gis.office.png import png_of
from maemoh_gis.office.target import language_asked, require_free
from maemoh_gis.pages.content import ContextLayer, Use
from maemoh_gis.pages.report_map import MapFigure, draw_map
from maemoh_gis.pages.wording import Wording
from maemoh_gis.presentation.run_files import RunFiles, rows_of, site_name
from maemoh_gis.sheets.maps import layers_of, score_maps, site_ground, sites_of

FORMATS = ("png", "svg")
_ASIDE = re.compile(r" \([^()]*\)")
"""What a source says in brackets, such as how sure its licence is: the report says it in full."""
WIDTH_PX = 1600
"""Width of a PNG if none is asked for: 18 cm at 226 dots an inch."""
NARROWEST_PX, WIDEST_PX = 200, 8000


@dataclass(frozen=True)
class Drawn:
    """A picture."""

    name: str
    """Name of its file without its ending."""
    title: str
    svg: str


@dataclass(frozen=True)
class RunPictures:
    """The maps and charts of a run, drawn when they are asked for."""

    run: RunFiles
    language: Language

    def each(self) -> Iterator[Drawn]:
        """Draw the score of every use, every site from near, every chart."""
        yield from self.maps()
        yield from self.sites()
        yield from self.charts()

    def maps(self) -> Iterator[Drawn]:
        """Draw the score of every use over every view."""
        for one in score_maps(self.run):
            yield self.map_of(f"map_{one.use}_{one.view}", one.map.figure, one.map.caption)

    def sites(self) -> Iterator[Drawn]:
        """Draw every site with what lies around it."""
        for use, definition in self.run.uses.items():
            frame = sites_of(self.run, use)
            for place, site in enumerate(rows_of(frame)):
                id, here = f"{use}_{site['number']}", frame.iloc[[place]]
                title = joined([definition["title"], site_name(site)], ": ")
                one = Use(use, definition["title"], (), (), here)  # type: ignore[arg-type]
                ground = site_ground(self.run, id, here)
                figure = draw_map(ground, self._wording, alt=title, use=one)
                yield self.map_of(f"site_{id}", figure, title)

    def charts(self) -> Iterator[Drawn]:
        """Frame every chart of the run folder."""
        for name in sorted(self.run.record["outputs"]):
            if name.endswith(".svg") and self.run.has(name):
                chart = read_text(self.run.folder / name)
                title = self._chart_title(name)[self.language]
                drawing = chart_drawing(chart, self.language)
                yield Drawn(name.removesuffix(".svg"), title, framed(drawing, self._around(title)))

    def map_of(self, name: str, figure: MapFigure, caption: Text) -> Drawn:
        """Frame a map."""
        seen = _seen(self._layers, figure.ground.view)
        title = caption[self.language]
        drawing = map_drawing(figure, seen, self._wording, self.language)
        return Drawn(name, title, framed(drawing, self._around(title, seen)))

    def wide_map(self, figure: MapFigure, caption: Text) -> Drawn:
        """Frame a map with legend and sources beside it; its title stands where it is put."""
        seen = _seen(self._layers, figure.ground.view)
        around = self._around("", seen)
        drawing = wide_drawing(figure, seen, self._wording, self.language, around.sources)
        return Drawn("map", caption[self.language], framed(drawing, replace(around, sources=())))

    @cached_property
    def _wording(self) -> Wording:
        return Wording.of_package()

    @cached_property
    def _layers(self) -> Sequence[ContextLayer]:
        return [layer for layer in layers_of(self.run) or () if layer.shown]

    def _chart_title(self, name: str) -> Text:
        use = name.removeprefix("values_").removesuffix(".svg")
        if use in self.run.uses:
            return both("report.values_alt", use=self.run.uses[use]["title"])
        return both(f"report.{name.removesuffix('.svg')}_alt")

    def _around(self, title: str, layers: Sequence[ContextLayer] = ()) -> Around:
        record = self.run.record
        viewpoint = self.run.scenario["viewpoints"][record["viewpoint"]]["title"]
        said = {"title": record["title"], "year": record["year"], "viewpoint": viewpoint}
        notice = joined([self._wording("screening_only"), self._wording("not_a_permit")], " ")
        version = record["software"]["maemoh-gis"]
        own = both("office.own", scenario=record["scenario"], version=version)
        return Around(
            title,
            both("office.about", **said)[self.language],
            notice[self.language],
            [source[self.language] for source in [own, *_sources(layers)]],
        )


def _seen(layers: Sequence[ContextLayer], view: Bounds) -> list[ContextLayer]:
    """Keep the layers of which something lies in sight."""
    window = shapely.box(*view)
    return [
        layer for layer in layers if len(layer.lonlat.sindex.query(window, predicate="intersects"))
    ]


def _sources(layers: Sequence[ContextLayer]) -> list[Text]:
    """Name the source of each layer in sight with its licence, those of one source together."""
    of_source: dict[str, list[Text]] = {}
    for layer in reversed(layers):
        source = _ASIDE.sub("", layer.source).partition(";")[0]
        of_source.setdefault(f"{source} ({layer.licence})", []).append(layer.title)
    return [
        joined([joined(titles, ", "), same(source)], ": ") for source, titles in of_source.items()
    ]


def write_pictures(
    run: RunFiles,
    out: Path,
    *,
    language: str,
    format: str = "png",
    width_px: int = WIDTH_PX,
    over: bool = False,
) -> list[Path]:
    """Write every map and chart of a run into a folder; give the files."""
    spoken = _checked(format, width_px, language)
    if format == "png":
        require("resvg_py")
    made = {
        out / f"{one.name}_{language}.{format}": _bytes(one, format, width_px)
        for one in RunPictures(run, spoken).each()
    }
    require_free(made, over=over)
    for path, content in made.items():
        write_bytes(path, content)
    return list(made)


def _bytes(drawn: Drawn, format: str, width_px: int) -> bytes:
    return png_of(drawn.svg, width_px) if format == "png" else drawn.svg.encode("utf-8")


def _checked(format: str, width_px: int, language: str) -> Language:
    """Name all that is wrong with what was asked for; give the language."""
    spoken, faults = language_asked(language)
    if format not in FORMATS:
        expected = ", ".join(FORMATS)
        faults.append(Fault("unknown_format", key="format", found=format, expected=expected))
    if not NARROWEST_PX <= width_px <= WIDEST_PX:
        between = f"{NARROWEST_PX}–{WIDEST_PX}"
        faults.append(Fault("picture_width", key="width", found=str(width_px), expected=between))
    if faults:
        raise FormatError(faults)
    return spoken
