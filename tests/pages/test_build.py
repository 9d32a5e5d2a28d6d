"""The package build takes front-end files only with the committed checksum, and only once."""

import base64
import hashlib
import io
import json
import subprocess
import tarfile

import pytest

pytest.importorskip("hatchling")

import hatch_build
from tests.paths import ROOT


def archive(files):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def integrity(content):
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


ARCHIVE = archive({"dist/a.js": b"a", "LICENSE": b"free"})


@pytest.fixture
def listing(tmp_path):
    package = {
        "name": "@scope/thing",
        "version": "1.2.3",
        "integrity": integrity(ARCHIVE),
        "files": {"dist/a.js": "thing/a.js", "LICENSE": "thing/LICENSE"},
    }
    path = tmp_path / "assets.json"
    path.write_text(json.dumps({"packages": [package]}), encoding="utf-8")
    return path


@pytest.fixture
def npm(monkeypatch):
    """Stand in for npm: gives `ARCHIVE` for whatever is asked, and counts."""
    asked = []

    def run(arguments, folder):
        asked.append(arguments)
        (folder / "scope-thing-1.2.3.tgz").write_bytes(ARCHIVE)
        answer = json.dumps([{"filename": "@scope/thing-1.2.3.tgz"}])
        return subprocess.CompletedProcess(arguments, 0, stdout=answer, stderr="")

    monkeypatch.setattr(hatch_build, "run_npm", run)
    return asked


def test_the_named_files_are_unpacked_and_nothing_else(tmp_path, listing, npm):
    vendor = tmp_path / "vendor"
    hatch_build.pack_assets(listing, vendor)
    found = {path.relative_to(vendor).as_posix() for path in vendor.rglob("*") if path.is_file()}
    assert found == {"thing/a.js", "thing/LICENSE", "stamp.json"}
    assert (vendor / "thing" / "a.js").read_bytes() == b"a"


def test_npm_is_asked_to_pack_and_to_run_no_scripts(tmp_path, listing, npm):
    hatch_build.pack_assets(listing, tmp_path / "vendor")
    assert npm[0][:2] == ["pack", "@scope/thing@1.2.3"]
    assert "--ignore-scripts" in npm[0]


def test_what_is_there_already_is_not_fetched_again(tmp_path, listing, npm):
    hatch_build.pack_assets(listing, tmp_path / "vendor")
    assert hatch_build.pack_assets(listing, tmp_path / "vendor") == []
    assert len(npm) == 1


def test_a_changed_file_is_fetched_again(tmp_path, listing, npm):
    vendor = tmp_path / "vendor"
    hatch_build.pack_assets(listing, vendor)
    (vendor / "thing" / "a.js").write_bytes(b"b")
    hatch_build.pack_assets(listing, vendor)
    assert (vendor / "thing" / "a.js").read_bytes() == b"a"


def test_another_archive_than_the_committed_one_is_refused(tmp_path, listing, npm):
    text = listing.read_text(encoding="utf-8")
    listing.write_text(text.replace(integrity(ARCHIVE), integrity(b"other")), encoding="utf-8")
    with pytest.raises(hatch_build.AssetError, match=r"@scope/thing@1\.2\.3.*integrity"):
        hatch_build.pack_assets(listing, tmp_path / "vendor")
    assert not (tmp_path / "vendor").exists()


def test_a_file_the_archive_lacks_is_named(tmp_path, listing, npm):
    text = listing.read_text(encoding="utf-8")
    listing.write_text(text.replace("dist/a.js", "dist/gone.js"), encoding="utf-8")
    with pytest.raises(hatch_build.AssetError, match=r"holds no file dist/gone\.js"):
        hatch_build.pack_assets(listing, tmp_path / "vendor")


def test_what_npm_complains_of_is_passed_on(tmp_path, listing, monkeypatch):
    failed = subprocess.CompletedProcess([], 1, stdout="", stderr="npm error no such thing")
    monkeypatch.setattr(hatch_build, "run_npm", lambda arguments, folder: failed)
    with pytest.raises(hatch_build.AssetError, match="no such thing"):
        hatch_build.pack_assets(listing, tmp_path / "vendor")


def test_a_catalogue_is_compiled_beside_its_source(tmp_path):
    import gettext

    folder = tmp_path / "th" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "x.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "page.map"\nmsgstr "แผนที่"\n',
        encoding="utf-8",
    )
    assert hatch_build.compile_catalogues(tmp_path) == [folder / "x.mo"]
    with (folder / "x.mo").open("rb") as stream:
        assert gettext.GNUTranslations(stream).gettext("page.map") == "แผนที่"


def test_no_registry_address_is_committed():
    for name in (
        "hatch_build.py",
        "package.json",
        "maemoh_gis/pages/assets.json",
        "maemoh_gis/office/assets.json",
    ):
        assert "://" not in (ROOT / name).read_text(encoding="utf-8"), name


@pytest.mark.parametrize("listing", [hatch_build.ASSETS, hatch_build.FONTS])
def test_the_files_in_place_are_the_listed_ones(listing):
    packages = json.loads((ROOT / listing).read_text(encoding="utf-8"))["packages"]
    assert hatch_build.is_current(packages, (ROOT / listing).with_name(hatch_build.VENDOR))
