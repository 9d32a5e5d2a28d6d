"""
Files as bytes, texts and folders, written whole.

What the other modules of this room write goes through here.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from maemoh_gis.core.errors import FileError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.locks import workshop

_FIXED_DAY = (2000, 1, 1, 0, 0, 0)
_READ_BLOCK = 1 << 20


def sha256_of(path: Path) -> str:
    """Give the checksum of a file."""
    digest = hashlib.sha256()
    require_file(path)
    try:
        with path.open("rb") as stream:
            while block := stream.read(_READ_BLOCK):
                digest.update(block)
    except OSError as error:
        raise cannot("read", path, error) from error
    return digest.hexdigest()


def require_file(path: Path) -> None:
    """Refuse what is no file with an end: a folder, a pipe, a device."""
    try:
        kind = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise cannot("read", path, error) from error
    if not stat.S_ISREG(kind):
        raise FileError(Fault("not_a_file", str(path), found=path.name))


def read_bytes(path: Path) -> bytes:
    """Read a whole file; raise FileError if that fails."""
    require_file(path)
    try:
        return path.read_bytes()
    except OSError as error:
        raise cannot("read", path, error) from error


def read_text(path: Path, encoding: str | None = None) -> str:
    """Read a whole text file, UTF-8 with or without a byte order mark unless another encoding is
    named; raise FileError if that fails.
    """
    content = read_bytes(path)
    try:
        return content.decode(encoding or "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FileError(Fault("not_utf8", str(path), line, found=str(error.reason))) from error


def is_there(path: Path) -> bool:
    """Say whether something stands at a path; a name no system could hold stands nowhere."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """
    Write a file beside its place and move it there when it is whole.

    Drafts that killed processes left beside it are removed.
    """
    # A folder of its own keeps drivers' side files (-journal, .aux.xml) away from the real one.
    with workshop(path.parent, ".writing-") as folder:
        try:
            draft = folder / path.name
            yield draft
            with draft.open("rb+") as stream:
                os.fsync(stream.fileno())
            draft.replace(path)
        except OSError as error:
            raise cannot("write", path, error) from error


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Write a folder of files beside its place and move it there when it is whole."""
    with workshop(path.parent, ".writing-") as folder:
        draft, old = folder / "new", folder / "old"
        try:
            draft.mkdir()
            yield draft
            if path.exists():
                path.replace(old)
            try:
                draft.replace(path)
            except OSError:
                if old.exists():
                    old.replace(path)
                raise
        except OSError as error:
            raise cannot("write", path, error) from error


def write_bytes(path: Path, content: bytes) -> str:
    """Write a file whole; return its SHA-256."""
    with whole_file(path) as draft:
        draft.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def write_text(path: Path, content: str) -> str:
    """Write a UTF-8 text file whole, with line feeds on every system; return its SHA-256."""
    return write_bytes(path, content.encode("utf-8"))


def copy_file(source: Path, target: Path) -> None:
    """Copy the bytes of a file, into a folder that is made."""
    require_file(source)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(target) as draft:
            shutil.copyfile(source, draft)
    except OSError as error:
        raise cannot("write", target, error) from error


def remove(path: Path) -> None:
    """Remove a file or a folder in one step: it is moved aside, and goes from there."""
    if not is_there(path):
        return
    with workshop(path.parent, ".removing-") as folder:
        try:
            path.replace(folder / "gone")
        except OSError as error:
            raise cannot("write", path, error) from error


def write_zip(path: Path, members: Mapping[str, Path | str]) -> str:
    """Write an archive whole, the same bytes for the same content."""
    import zipfile

    with whole_file(path) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, _FIXED_DAY)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            if isinstance(content, str):
                archive.writestr(entry, content.encode("utf-8"))
                continue
            with content.open("rb") as source, archive.open(entry, "w") as place:
                shutil.copyfileobj(source, place, _READ_BLOCK)
    return sha256_of(path)


def cannot(what: str, path: Path, error: OSError | ValueError) -> FileError:
    """Say in our own error that a file could not be read or written."""
    if isinstance(error, FileError):
        return error
    if isinstance(error, ValueError):  # a name with a NUL
        return FileError(Fault(f"cannot_{what}", str(path), found=str(error)))
    if isinstance(error, FileNotFoundError) and what == "read":
        return FileError(Fault("file_missing", str(path)))
    return FileError(Fault(f"cannot_{what}", str(path), found=error.strerror or str(error)))
