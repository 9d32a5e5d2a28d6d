"""Write layers/README.md and LICENCES.md again from the catalog: python .ci/layers_readme.py."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maemoh_gis.layers.catalog import Catalog

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- from the catalog -->", "<!-- end -->"


def table() -> str:
    """Give one entry a layer: what it is, how far to trust it, from whom, how accurate."""
    from maemoh_gis.core.messages import text
    from maemoh_gis.layers.catalog import read_catalog

    lines = []
    catalog = read_catalog(ROOT / "layers")
    for id, layer in catalog.layers.items():
        if id in catalog.stacks:
            lines += stack(catalog, id)
            continue
        nature = text(f"nature.{layer.nature}", "en")
        confidence = text(f"confidence.{layer.confidence}", "en")
        within = layer.complete_within
        complete = {"none": "nowhere proven", "extent": "wherever it reaches"}.get(
            str(within), f"within {getattr(within, 'layer', '')}"
        )
        accuracy = ", ".join(f"{name} {value:g}" for name, value in layer.accuracy.items())
        lines += [
            f"### {id}",
            "",
            f"{layer.title.en} ({layer.title.th}), `{layer.path}`",
            "",
            f"- {nature}; confidence: {confidence}; as of B.E. {layer.as_of}; complete: {complete}",
            *(f"- holds {one.n} of {one.of:,} {one.what.en} ({one.source})" for one in layer.known),
            f"- licence: {layer.licence}",
            f"- source: {layer.source}",
            *([f"- measured: {accuracy}"] if accuracy else []),
            f"- {layer.caution.en}",
            "",
        ]
    return "\n".join(lines)


def stack(catalog: "Catalog", id: str) -> list[str]:
    """Give the entry of a stack: which layers it is the best of."""
    title, of = catalog[id].title, ", ".join(f"`{one}`" for one in catalog.stacks[id].present)
    each = "cell by cell" if catalog.stacks[id].kind == "raster" else "whole"
    return [
        f"### {id}",
        "",
        f"{title.en} ({title.th})",
        "",
        f"- no file of its own: read {each} from the first that is there of {of}",
        "",
    ]


def licences() -> str:
    """Give one row a licence: the layers under it."""
    from maemoh_gis.layers.catalog import read_catalog

    under: dict[str, list[str]] = {}
    catalog = read_catalog(ROOT / "layers")
    for id in catalog.with_files:
        layer = catalog[id]
        under.setdefault(layer.licence, []).append(f"`{layer.path}` ({id})")
    rows = [f"| {licence} | {', '.join(under[licence])} |" for licence in sorted(under)]
    return "\n".join(["| licence (SPDX) | layers |", "|---|---|", *rows, ""])


PAGES = {"README.md": table, "LICENCES.md": licences}
"""What writes each page of the folder."""


def page_with(content: str, page: str) -> str:
    """Put the table between its marks in the page."""
    head, _, rest = page.partition(BEGIN)
    return f"{head}{BEGIN}\n\n{content}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    for name, content in PAGES.items():
        page = ROOT / "layers" / name
        page.write_text(page_with(content(), page.read_text(encoding="utf-8")), encoding="utf-8")
