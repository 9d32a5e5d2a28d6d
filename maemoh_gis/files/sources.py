"""
What a file from elsewhere may be: a plain file of a known format, with the parts that belong to it.

GDAL would open some 200 formats, among them texts that only name a file elsewhere or an address in
a network. What is read here holds its own content, so a checksum of it says all.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from maemoh_gis.core.errors import FileError
from maemoh_gis.core.faults import Fault
from maemoh_gis.files.atomic import cannot, read_bytes, require_file, sha256_of

_TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
SHAPEFILE_PARTS = (".cpg", ".dbf", ".prj", ".shp", ".shx")
"""What GDAL reads of a shapefile. Indexes (.sbn, .qix) only find features sooner."""

_SHAPEFILE = b"\x00\x00\x27\x0a"
_SQLITE = b"SQLite format 3\x00"
_GEOPACKAGE_IDS = (b"GPKG", b"GP10", b"GP11")
_FLATGEOBUF = b"fgb"
_GEOJSON_TYPES = frozenset({
    "FeatureCollection", "Feature", "Point", "MultiPoint", "LineString", "MultiLineString",
    "Polygon", "MultiPolygon", "GeometryCollection",
})  # fmt: skip
_PLAIN_GEOJSON = re.compile(rb'\s*\{\s*"type"\s*:\s*"FeatureCollection"')
_MUST_BE_LOOKED_THROUGH = re.compile(rb"crs|gdal_|\\u00[67]")


def parts_of(path: Path) -> list[Path]:
    """List the files that one layer is made of."""
    if path.suffix.lower() != ".shp":
        return [path]
    found = [p for p in path.parent.glob(f"{_literally(path.stem)}.*")
             if p.suffix.lower() in SHAPEFILE_PARTS]  # fmt: skip
    return sorted({path, *found}, key=lambda p: p.name)


def checksum_of(path: Path, *, inside: Path | None = None) -> str:
    """Give the checksum of all that a layer is made of."""
    parts = parts_of(path)
    for part in parts:
        if inside is not None and not part.resolve().is_relative_to(inside.resolve()):
            raise FileError(Fault("file_outside", str(path), found=str(part.resolve())))
    if len(parts) == 1:
        return sha256_of(path)
    listed = "".join(f"{sha256_of(part)}  {part.name}\n" for part in parts)
    return hashlib.sha256(listed.encode("utf-8")).hexdigest()


def raster_driver(path: Path) -> str:
    """Name the GDAL driver that reads a raster, going by its first bytes."""
    head = _first_bytes(path)
    if head.startswith(_TIFF):
        return "GTiff"
    if head.lstrip().lower().startswith(b"ncols"):
        return "AAIGrid"
    raise FileError(Fault("raster_format", str(path)))


def require_vector(path: Path) -> None:
    """Refuse a file of features that does not hold its own content."""
    head = _first_bytes(path)
    if head.startswith(_SQLITE) and (head[68:72] in _GEOPACKAGE_IDS or path.suffix == ".gpkg"):
        _require_closed(path)
    elif head.startswith(_SHAPEFILE) and path.suffix.lower() == ".shp":
        for part in parts_of(path):
            require_file(part)
    elif path.suffix.lower() == ".kml":
        _require_kml(path)
    elif not head.startswith(_FLATGEOBUF):
        _require_geojson(path)


def _first_bytes(path: Path) -> bytes:
    require_file(path)
    try:
        with path.open("rb") as stream:
            return stream.read(100)
    except OSError as error:
        raise cannot("read", path, error) from error


def _require_closed(path: Path) -> None:
    """Refuse a GeoPackage of which another program still holds changes in a file beside it."""
    for ending in ("-wal", "-journal"):
        beside = path.with_name(path.name + ending)
        if beside.exists() and beside.stat().st_size:
            raise FileError(Fault("geopackage_open", str(path), found=beside.name))


_KML = re.compile(r"\s*(<\?xml[^>]*\?>)?\s*(<!--.*?-->\s*)*<(\w+:)?kml[\s>]", re.DOTALL)
_KML_FOREIGN = re.compile(r"<!DOCTYPE|<!ENTITY|<(\w+:)?NetworkLink[\s>]")


def _require_kml(path: Path) -> None:
    """Refuse a KML file that names content elsewhere or content of its own making."""
    try:
        content = read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(Fault("not_utf8", str(path), found=str(error.reason))) from error
    if not _KML.match(content):
        raise FileError(Fault("vector_format", str(path)))
    if (found := _KML_FOREIGN.search(content)) is not None:
        raise FileError(Fault("kml_link", str(path), found=found[0].strip()))


def _require_geojson(path: Path) -> None:
    content = read_bytes(path)
    if _PLAIN_GEOJSON.match(content.removeprefix(b"\xef\xbb\xbf")) and not (
        _MUST_BE_LOOKED_THROUGH.search(content)
    ):
        return
    linked: list[str] = []
    unknown: list[str] = []

    def seen(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        # Pairs, for a key may stand twice and GDAL might take the other one.
        for key, value in pairs:
            if key == "crs" and value is not None and not _names_its_crs(value):
                linked.append(str(value))
            elif key == "crs" and value is not None and not _is_known(value):
                unknown.append(str(value))
            if key == "type" and isinstance(value, str) and value.startswith("gdal_"):
                linked.append(value)
        return dict(pairs)

    try:
        whole = json.loads(content.decode("utf-8-sig"), object_pairs_hook=seen)
    except (ValueError, RecursionError) as error:
        # What begins like GeoJSON is one that is half copied.
        if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
            raise FileError(Fault("not_a_vector_file", str(path), found=str(error))) from error
        whole = None
    if not isinstance(whole, dict) or whole.get("type") not in _GEOJSON_TYPES:
        raise FileError(Fault("vector_format", str(path)))
    if linked:
        raise FileError(Fault("geojson_link", str(path), found=linked[0][:60]))
    if unknown:
        raise FileError(Fault("geojson_crs_unknown", str(path), found=unknown[0][:90]))


def _names_its_crs(crs: Any) -> bool:
    kind = crs.get("type") if isinstance(crs, dict) else None
    return isinstance(kind, str) and kind.lower() in {"name", "epsg"}


def _is_known(crs: Any) -> bool:
    """Say whether a CRS that is named is one; GDAL would take the unknown for WGS 84."""
    # Imported here, for PROJ is slow to load and most files are not GeoJSON with a CRS.
    from pyproj.exceptions import CRSError

    from maemoh_gis.core.crs import parsed

    about = crs.get("properties")
    name = about.get("name", about.get("code")) if isinstance(about, dict) else None
    try:
        parsed(f"EPSG:{name}" if crs["type"].lower() == "epsg" else str(name))
    except CRSError:
        return False
    return True


def _literally(name: str) -> str:
    """Write a name so that a pattern finds it and nothing else."""
    return re.sub(r"([*?\[])", r"[\1]", name)
