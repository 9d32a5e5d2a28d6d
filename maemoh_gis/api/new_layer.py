"""Writing a layer of one's own into a catalog, with all that must be known before it is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.crs import datum_of, needs_operation
from maemoh_gis.core.errors import FormatError, GridError, raise_if_blocked
from maemoh_gis.core.faults import Fault
from maemoh_gis.documents.schema import validate
from maemoh_gis.documents.yaml import parse_yaml, written_yaml
from maemoh_gis.files import read_text, write_geojson, write_text
from maemoh_gis.layers.audit.contents import feature_faults
from maemoh_gis.layers.audit.subject import Subject
from maemoh_gis.layers.bundled import with_bundled
from maemoh_gis.layers.catalog import FILE_NAME, described, entry_faults
from maemoh_gis.layers.entries import CatalogFile
from maemoh_gis.layers.load import to_crs

if TYPE_CHECKING:
    import geopandas as gpd

_KINDS = ("points", "lines", "polygons")
_HEAD = "version: 1\nlayers:\n"


def add_layer(
    folder: str | Path,
    id: str,
    features: gpd.GeoDataFrame,
    about: Mapping[str, Any],
    datum_operation: str | None = None,
) -> Path:
    """
    Write features as a layer and describe it in the catalog of a folder.

    Parameters
    ----------
    folder : str or Path
        Layers folder; its `catalog.yaml` is made if there is none.
    id : str
        Id of the layer; one that is there already is refused.
    features : geopandas.GeoDataFrame
        Points, lines or polygons in any CRS that is stated; written in WGS 84.
    about : mapping
        What the catalog must say: `title`, `caution` (each with `th` and `en`), `nature`,
        `confidence`, `complete_within`, `source`, `licence`, `as_of` (year B.E.), `retrieved`
        (day B.E.); `columns` where they are to be described, and `draw` where maps are to draw the
        layer otherwise than in grey.
    datum_operation : str, optional
        The way to WGS 84 as EPSG code, where the features are on a datum from which there are
        several, such as Indian 1975.

    Returns
    -------
    Path
        The file of the layer.

    Raises
    ------
    FormatError
        With everything the description lacks, if the CRS or the way from its datum is not stated,
        or with what the audit would block of the features; nothing is written then.

    Examples
    --------
    >>> import geopandas, shapely
    >>> wells = geopandas.GeoDataFrame(geometry=[shapely.Point(99.7, 18.3)], crs="EPSG:4326")
    >>> about = {
    ...     "title": {"th": "บ่อน้ำ", "en": "Wells"}, "caution": {"th": "ตัวอย่าง", "en": "Example"},
    ...     "nature": "observed", "confidence": "M", "complete_within": "none",
    ...     "source": "a survey", "licence": "CC0-1.0", "as_of": 2569, "retrieved": "2569-11-21",
    ... }
    >>> mm.add_layer("my_layers", "wells", wells, about).name
    'wells.geojson'
    >>> mm.open_catalog("my_layers")["wells"].confidence
    'M'
    """
    place = Path(folder)
    catalog = place / FILE_NAME
    written = read_text(catalog) if catalog.is_file() else _HEAD
    path = place / f"{id}.geojson"
    entry = {
        **about,
        "kind": _kind_of(features),
        "path": path.name,
        "crs": "EPSG:4326",
        "draw": dict(about.get("draw", {})),
    }
    placed = _in_wgs84(features, id, datum_operation)
    # The description is checked before anything is written; the checksum comes with the file.
    _check(written + _entry(id, {**entry, "sha256": "0" * 64}), catalog, id, placed)
    sha256 = write_geojson(path, placed, decimals=7)
    write_text(catalog, written + _entry(id, {**entry, "sha256": sha256}))
    return path


def _in_wgs84(features: gpd.GeoDataFrame, id: str, operation: str | None) -> gpd.GeoDataFrame:
    if features.crs is None:
        raise FormatError(Fault("features_without_crs", key=id))
    if operation is None and needs_operation(features.crs):
        raise FormatError(Fault("file_on_old_datum", key=id, found=features.crs.name,
                                expected=datum_of(features.crs)))  # fmt: skip
    try:
        return to_crs(features, "EPSG:4326", operation)
    except GridError as error:
        raise FormatError([replace(fault, key=id) for fault in error.faults]) from error


def _kind_of(features: gpd.GeoDataFrame) -> str:
    """Name the kind most of the features have; those of another are faults of the layer."""
    from shapely import get_dimensions

    found = [int(get_dimensions(one)) for one in features.geometry if one is not None]
    return _KINDS[max(sorted(set(found)), key=found.count, default=0)]


def _check(content: str, catalog: Path, id: str, features: gpd.GeoDataFrame) -> None:
    document = parse_yaml(content, str(catalog))
    entries, _ = with_bundled(document, validate(CatalogFile, document).layers, FILE_NAME)
    raise_if_blocked(entry_faults(entries, document), FormatError)
    layer = described(catalog.parent, document, entries)[id]
    raise_if_blocked(feature_faults(Subject(id, layer, document), features), FormatError)


def _entry(id: str, about: Mapping[str, Any]) -> str:
    """Write a layer as YAML, set in below `layers:`."""
    return "".join(f"  {line}\n" for line in written_yaml({id: dict(about)}).splitlines())
