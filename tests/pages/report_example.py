"""A small report that holds one block of every kind, whatever its words are."""

from __future__ import annotations

from maemoh_gis.core.messages import same
from maemoh_gis.pages.raster_image import draw, place
from maemoh_gis.pages.report_content import (
    Bar,
    Bars,
    Facts,
    Head,
    Heading,
    Items,
    Map,
    Paragraph,
    Picture,
    ReportContent,
    Section,
    Table,
)
from maemoh_gis.pages.report_map import draw_map, ground_of
from maemoh_gis.pages.wording import Wording
from tests.pages.example import GRID, VIEW, layers, use

PIXEL = "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4="


def report(words: dict[str, str] | None = None) -> ReportContent:
    """Give the report; `words` stand wherever a text can stand."""
    said = words or {"th": "พื้นที่ 1,234 ไร่", "en": "1,234 rai of land"}
    wording = Wording.of_package()
    one = use("yard", said["th"], said["en"], [(99.7, 18.3), (99.8, 18.25)])
    ground = ground_of("near", VIEW, layers(), wording)
    picture = draw(one.score, one.state, GRID, place(GRID, 50_000))
    figure = draw_map(ground, wording, alt=said, use=one, picture=picture)
    blocks = [
        Paragraph(said, "caution"),
        Heading(said),
        Items([said]),
        Table([Head(said), Head(said, "number")], [[said, same("0.50")]]),
        Bars([Bar(said, [(0.3, 0), (0.2, 1)], (0.4, 0.8), said)], [(said, 0), (said, 1)], 1.0, said,
             (0.5,)),
        Facts([(said, said)]),
        Picture(PIXEL, said, 100, 50),
        Map(figure, said),
    ]  # fmt: skip
    return ReportContent(
        title=said,
        subtitle=said,
        notices=[said],
        facts=[(said, said)],
        sections=[Section("one", said, blocks), Section("two", said, blocks, own_page=True)],
        footer=said,
        links=[(said, "site_sheets.html")],
    )
