"""The project file of QGIS: groups of layers with their looks, and pages to print."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import pyproj

from maemoh_gis.core.grid import Bounds
from maemoh_gis.handover.colours import Class
from maemoh_gis.handover.handed import Handed
from maemoh_gis.handover.layout import Page, layout
from maemoh_gis.handover.styles import geometry_kind, pipe, seen_from, vector_style
from maemoh_gis.handover.xml import QGIS_VERSION, document, element

_NAMES = uuid.UUID("6c3f8f0e-6d2b-4d0c-9a2b-2f6f5c6c0f55")
"""Of this and a name QGIS gets an identifier that is the same each time."""


@dataclass(frozen=True)
class Placed:
    """A layer of the project, whatever its kind."""

    id: str
    title: str
    group: str
    source: str
    """File beside the project, with the layer in it as QGIS writes it."""
    shown: bool
    about: str
    """What stands in its properties: source, licence, caution."""
    drawn: Handed | Sequence[Class]
    """A vector layer, or the classes of a raster."""


@dataclass(frozen=True)
class Project:
    """All that a project file says."""

    title: str
    crs: str
    view: Bounds
    """Bounds in the CRS on which it opens."""
    groups: Mapping[str, str]
    """Titles of groups by id, top first."""
    layers: Sequence[Placed]
    """Top first."""
    pages: Sequence[Page]


def written(project: Project) -> str:
    """Write the project as QGIS reads it, without QGIS."""
    crs = _crs(project.crs)
    ids = {one.id: f"{one.id}_{uuid.uuid5(_NAMES, one.id)}" for one in project.layers}
    order = element("layerorder", *(element("layer", id=ids[one.id]) for one in project.layers))
    maplayers = (_maplayer(one, ids[one.id], project.crs) for one in project.layers)
    pages = (layout(page, str(uuid.uuid5(_NAMES, page.name))) for page in project.pages)
    return document(
        element(
            "qgis",
            element("title", project.title),
            element("projectCrs", crs),
            _tree(project, ids),
            _canvas(project),
            element("projectlayers", *maplayers),
            order,
            _properties(),
            element("Layouts", *pages),
            version=QGIS_VERSION,
            projectname=project.title,
        )
    )


def _tree(project: Project, ids: Mapping[str, str]) -> ET.Element:
    return element("layer-tree-group", *_groups(project, ids))


def _groups(project: Project, ids: Mapping[str, str]) -> Iterator[ET.Element]:
    for id, title in project.groups.items():
        inside = [_leaf(one, ids[one.id]) for one in project.layers if one.group == id]
        if inside:
            # Opened only where the answer stands; the rest is ground to look things up on.
            opened = int(id == next(iter(project.groups)))
            yield element(
                "layer-tree-group", *inside, name=title, checked="Qt::Checked", expanded=opened
            )


def _leaf(one: Placed, id: str) -> ET.Element:
    checked = "Qt::Checked" if one.shown else "Qt::Unchecked"
    return element(
        "layer-tree-layer",
        id=id,
        name=one.title,
        checked=checked,
        expanded=0,
        source=one.source,
        providerKey=_provider(one),
    )


def _provider(one: Placed) -> str:
    return "ogr" if isinstance(one.drawn, Handed) else "gdal"


def _maplayer(one: Placed, id: str, crs: str) -> ET.Element:
    shared = [
        element("id", id),
        element("datasource", one.source),
        element("layername", one.title),
        element("srs", _crs(crs)),
        element("provider", _provider(one), encoding="UTF-8"),
        element("abstract", one.about),
        element("resourceMetadata", element("title", one.title), element("abstract", one.about)),
    ]
    if isinstance(one.drawn, Handed):
        kind = geometry_kind(one.drawn.frame)
        labelled = int(one.drawn.label is not None)
        return element(
            "maplayer",
            *shared,
            *vector_style(one.drawn),
            type="vector",
            geometry=kind,
            labelsEnabled=labelled,
            **seen_from(one.drawn),
        )
    return element("maplayer", *shared, pipe(one.drawn), type="raster")


def _crs(name: str) -> ET.Element:
    crs = pyproj.CRS(name)
    return element(
        "spatialrefsys",
        element("wkt", crs.to_wkt()),
        element("srid", str(crs.to_epsg())),
        element("authid", name),
        element("description", crs.name),
    )


def _canvas(project: Project) -> ET.Element:
    west, south, east, north = project.view
    corners = {"xmin": west, "ymin": south, "xmax": east, "ymax": north}
    extent = element("extent", *(element(key, f"{value:.1f}") for key, value in corners.items()))
    return element(
        "mapcanvas",
        element("units", "meters"),
        extent,
        element("rotation", "0"),
        element("destinationsrs", _crs(project.crs)),
        name="theMapCanvas",
        annotationsVisible=1,
    )


def _properties() -> ET.Element:
    """Keep paths beside the project, so that the folder may be moved; use its CRS."""
    absolute = element("Absolute", "false", type="bool")
    enabled = element("ProjectionsEnabled", "1", type="int")
    return element("properties", element("Paths", absolute), element("SpatialRefSys", enabled))
