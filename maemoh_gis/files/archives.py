"""An archive in which one file of features came, with the parts that belong to it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from maemoh_gis.core.errors import FileError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.locks import workshop
from maemoh_gis.files.atomic import cannot, require_file
from maemoh_gis.files.sources import SHAPEFILE_PARTS

_WHOLE = (".shp", ".gpkg", ".geojson", ".json", ".kml")
_MOST_BYTES = 1 << 30


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """
    Give the file of features in an archive, for as long as the block runs; any other file as it is.

    Names in the archive decide nothing but which file is which: it is called as the archive is.
    """
    if path.suffix.lower() not in {".zip", ".kmz"}:
        yield path
        return
    require_file(path)
    with workshop(Path(tempfile.gettempdir()), "maemoh-gis-unpacked-") as folder:
        try:
            with ZipFile(path) as archive:
                target = _taken_out(archive, path, folder)
        except BadZipFile as error:
            raise FileError(Fault("archive_unreadable", str(path), found=str(error))) from error
        except OSError as error:
            raise cannot("read", path, error) from error
        yield target


def require_small(path: Path) -> None:
    """Refuse an archive that would fill memory or disk when it is unpacked."""
    try:
        with ZipFile(path) as archive:
            size = sum(one.file_size for one in archive.infolist())
    except (BadZipFile, OSError) as error:
        raise FileError(Fault("archive_unreadable", str(path), found=str(error))) from error
    if size > _MOST_BYTES:
        raise FileError(Fault("archive_too_large", str(path), expected=f"{_MOST_BYTES >> 20} MB"))


def _taken_out(archive: ZipFile, path: Path, folder: Path) -> Path:
    require_small(path)
    names = {one: PurePosixPath(one.filename.replace("\\", "/")) for one in archive.infolist()}
    whole = [one for one, name in names.items() if name.suffix.lower() in _WHOLE]
    if len(whole) != 1:
        found = ", ".join(names[one].name for one in whole) or "–"
        raise FileError(
            Fault("archive_not_one", str(path), found=found, expected=", ".join(_WHOLE))
        )
    stem = names[whole[0]].with_suffix("")
    for one, name in names.items():
        belongs = name.with_suffix("") == stem and name.suffix.lower() in SHAPEFILE_PARTS
        if one is whole[0] or belongs:
            _copy(archive, one, folder / f"{path.stem}{name.suffix.lower()}")
    return folder / f"{path.stem}{names[whole[0]].suffix.lower()}"


def _copy(archive: ZipFile, member: ZipInfo, target: Path) -> None:
    with archive.open(member) as source, target.open("wb") as place:
        shutil.copyfileobj(source, place)
