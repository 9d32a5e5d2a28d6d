"""
One file that fetches nothing: scripts, styles and fonts in the page, and the rule that says so.

The page carries a Content-Security-Policy that lets a browser run only the scripts and styles whose
checksums it names, and fetch nothing at all. So even if a text from a layer ever got into the page
as markup, it could neither run nor call home.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import folium
import jinja2
from branca.element import Element, Figure
from folium.template import Template

from maemoh_gis.core.errors import FileError
from maemoh_gis.core.faults import Fault
from maemoh_gis.files import read_bytes, read_json

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

MAP_ID = "maemoh"
"""Folium numbers its elements at random; with a fixed id the same content gives the same page."""


@dataclass(frozen=True)
class Tiles:
    """Online map tiles that a reader can switch on."""

    origin: str
    """Where they come from; the policy lets pictures in from there and nowhere else."""
    template: str
    """Address of a tile, with {z}, {x} and {y}."""
    credit: str


TILES = Tiles(
    "https://tile.openstreetmap.org",
    "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
    "© OpenStreetMap contributors",
)

_SHARED_SCRIPTS = (
    "words.js", "shapes.js", "cells.js", "labels.js", "elements.js", "why.js", "layers.js",
    "shared.js", "view.js", "measure.js", "search.js", "pictures.js", "paper.js", "tools.js",
    "path.js", "tiles.js",
)  # fmt: skip
PAGE_SCRIPTS = (
    *_SHARED_SCRIPTS, "minimap.js", "planes.js", "utm.js", "explain.js", "limits_map.js",
    "answer.js", "asking.js", "reweigh.js", "sliders.js", "recolour.js", "weights.js", "limits.js",
    "own_land.js", "own_land_map.js", "main.js",
)  # fmt: skip
"""The map page's own script, each file after those it imports from."""
COMPARISON_SCRIPTS = (*_SHARED_SCRIPTS, "difference.js", "compare_tools.js", "compare.js")
"""The same for the page that compares runs."""

NOTHING = "'none'"
"""What a policy writes for "from nowhere"."""

_IMPORT = re.compile(r'^import \{[^}]*\} from "\./[a-z_]+\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function |const |class )", re.MULTILINE)
_MEDIA = {".woff2": "font/woff2", ".png": "image/png"}


class OfflineMap(folium.Map):  # type: ignore[misc]
    """
    A Folium map that links to nothing.

    Folium treats what its elements print as templates and as markup, so nothing that comes from a
    layer may pass through a Folium element: the page's script takes it as data.
    """

    default_js: list[tuple[str, str]] = []
    default_css: list[tuple[str, str]] = []

    # Folium's own header forbids zooming with two fingers and sets styles the policy would refuse.
    _template = Template(
        """
        {% macro html(this, kwargs) %}
            <div class="folium-map" id="{{ this.get_name() }}" hidden></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.map("{{ this.get_name() }}", {
                center: {{ this.location|tojson }},
                crs: L.CRS.{{ this.crs }},
                ...{{ this.options|tojavascript }}
            });
        {% endmacro %}
        """
    )

    def __init__(self, centre: tuple[float, float]) -> None:
        """Make a map around a place given as latitude and longitude."""
        super().__init__(
            location=centre,
            tiles=None,
            zoom_start=10,
            zoom_control=False,
            attribution_control=False,
            zoom_snap=0.25,
            min_zoom=7,
            max_zoom=17,
        )
        self._id = MAP_ID


def map_parts(page_map: OfflineMap) -> tuple[str, str]:
    """Let Folium print a map."""
    figure = Figure()
    figure.header = Element()
    figure.add_child(page_map)
    page_map.render()
    return figure.html.render().strip(), figure.script.render().strip() + "\n"


def page_folder() -> Traversable:
    """Give the folder that holds the page's script, style and template."""
    return resources.files("maemoh_gis") / "pages" / "page"


@cache
def _template(name: str) -> jinja2.Template:
    """Compile a template once: a batch writes many pages."""
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=jinja2.FunctionLoader(lambda one: page_folder().joinpath(one).read_text("utf-8")),
    )
    return environment.get_template(name)


def rendered(name: str, **parts: object) -> str:
    """Fill a template; Windows line ends would change the checksums of its scripts when read."""
    return _template(name).render(**parts).replace("\r", "")


def vendor_file(name: str) -> bytes:
    """Read a front-end file that the package build packed."""
    with resources.as_file(resources.files("maemoh_gis") / "pages" / "vendor") as folder:
        try:
            return read_bytes(folder / name)
        except FileError as error:
            raise FileError(Fault("front_end_missing", str(folder / name))) from error


def library_script() -> str:
    """Give Leaflet without its link to a source map, which a browser would fetch."""
    script = vendor_file("leaflet/leaflet.js").decode("utf-8")
    return re.sub(r"^//# sourceMappingURL=.*$", "", script, flags=re.MULTILINE).rstrip() + "\n"


def page_script(names: Sequence[str] = PAGE_SCRIPTS) -> str:
    """Join the page's script files to one script."""
    files = (page_folder().joinpath(name).read_text("utf-8") for name in names)
    joined = "\n".join(_EXPORT.sub("", _IMPORT.sub("", text)).strip() for text in files)
    return f'(() => {{\n"use strict";\n{joined}\nstart();\n}})();\n'


def page_style(more: str = "") -> str:
    """Give Leaflet's style, the pages' own and `more` as one sheet with the fonts in it."""
    leaflet = vendor_file("leaflet/leaflet.css").decode("utf-8").replace("\r\n", "\n")
    # Pictures for controls the page does not use, and a behaviour of old Internet Explorers.
    leaflet = re.sub(r"url\(images/[^)]*\)", "none", leaflet)
    leaflet = re.sub(r"^\s*behavior:.*\n", "", leaflet, flags=re.MULTILINE)
    return leaflet + _own_style() + more


def fonts() -> str:
    """Give the page's fonts alone, as a sheet for a picture that stands by itself."""
    return "".join(re.findall(r"@font-face \{[^}]*\}", _own_style()))


def _own_style() -> str:
    """Give the page's own sheet with the fonts in it."""
    own = page_folder().joinpath("page.css").read_text("utf-8")
    return re.sub(r'url\("([^":]+)"\)', lambda found: f"url({data_uri(found[1])})", own)


def data_uri(name: str) -> str:
    """Give a packed front-end file as a `data:` address."""
    media = _MEDIA["." + name.rpartition(".")[2]]
    return f"data:{media};base64,{base64.b64encode(vendor_file(name)).decode('ascii')}"


def software() -> list[str]:
    """Name the front-end packages in the page, with version and licence."""
    with resources.as_file(resources.files("maemoh_gis") / "pages" / "assets.json") as listing:
        packages: list[Mapping[str, Any]] = read_json(listing)["packages"]
    return [
        f"{package['name'].rpartition('/')[2].capitalize()} {package['version']} "
        f"({package['licence']})"
        for package in packages
    ]


def policy(scripts: Iterable[str], styles: Iterable[str], pictures: str = "") -> str:
    """
    Write the Content-Security-Policy of a page.

    References
    ----------
    Content Security Policy Level 3, W3C, section 8.2 (hashes).
    """
    parts: Sequence[str] = (
        f"default-src {NOTHING}",
        f"script-src {' '.join(map(_checksum, scripts)) or NOTHING}",
        f"style-src {' '.join(map(_checksum, styles)) or NOTHING}",
        f"img-src data: {pictures}".rstrip(),
        "font-src data:",
        f"base-uri {NOTHING}",
        f"form-action {NOTHING}",
    )
    return "; ".join(parts)


def policy_script(scripts: Sequence[str], styles: Sequence[str]) -> str:
    """
    Write the script that gives a page its policy before any other script runs.

    A policy can be made stricter later but never looser, so the one that lets map tiles in must be
    chosen when the page opens: by `tiles=1` after the `#` of its address, and by nothing else.
    """
    alone, with_tiles = policy(scripts, styles), policy(scripts, styles, TILES.origin)
    return (
        "(() => {\n"
        '"use strict";\n'
        'const rule = document.createElement("meta");\n'
        'rule.httpEquiv = "Content-Security-Policy";\n'
        "const tiles = /[#&]tiles=1(&|$)/.test(window.location.hash);\n"
        f"rule.content = tiles ? {json.dumps(with_tiles)} : {json.dumps(alone)};\n"
        "document.head.append(rule);\n"
        # So that a browser does not lay out the still pictures only to hide them.
        'document.documentElement.dataset.scripted = "";\n'
        "})();\n"
    )


def json_block(data: object) -> str:
    """Write data so that it can stand inside a `<script type="application/json">`."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def _checksum(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
