"""A file of one's own made a layer: checked whole, then written whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.errors import FormatError, LayerError, raise_if_blocked
from maemoh_gis.core.faults import Fault
from maemoh_gis.documents.yaml import parse_yaml
from maemoh_gis.files import checksum_of, remove
from maemoh_gis.intake.catalog_text import entry_text, with_entry
from maemoh_gis.intake.entry import entry_of, id_of, write_file
from maemoh_gis.intake.ground import OWN, Ground
from maemoh_gis.intake.scoring import with_scores
from maemoh_gis.intake.shelf import alone, checksum_of_text, count, shelve
from maemoh_gis.layers.audit.contents import feature_faults
from maemoh_gis.layers.audit.subject import Subject
from maemoh_gis.layers.catalog import FILE_NAME, catalog_of
from maemoh_gis.runs.layers_read import faults_before_run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from maemoh_gis.intake.found import Found
    from maemoh_gis.intake.said import Told

_NO_CHECKSUM = "0" * 64


@dataclass(frozen=True)
class Added:
    """A layer that was brought in."""

    id: str
    path: Path
    """Its file."""
    before: Ground
    """Catalog and scenario as they were."""
    after: Ground


def add(told: Told, found: Found, ground: Ground, about: Mapping[str, Any] | None = None) -> Added:
    """
    Write a layer and its entry, whole or not at all.

    `about` holds keys of the entry that are to be otherwise than the answers make them.
    """
    found = with_scores(told, found)
    with alone(ground.folder):
        id = id_of(told, found, ground)
        entry = {**entry_of(id, told, found, ground), **(about or {})}
        _require_sound(id, entry, found, ground)
        note = {"file": found.name, "before": checksum_of_text(ground.content)}
        place = ground.folder / OWN / id
        shelve(ground, id, note, lambda draft: write_file(draft, id, told, found))
        try:
            path = ground.folder / entry["path"]
            after = _ground_with(ground, id, {**entry, "sha256": checksum_of(path)})
            _require_fit(ground, after)
        except BaseException:
            remove(place)
            raise
        count(after)
    return Added(id, path, ground, after)


def _ground_with(ground: Ground, id: str, entry: Mapping[str, Any]) -> Ground:
    content = with_entry(ground.content, str(ground.path), entry_text(id, entry))
    return ground.saying(content)


def _require_sound(id: str, entry: Mapping[str, Any], found: Found, ground: Ground) -> None:
    """Refuse an entry or features at fault before anything is written."""
    written = _ground_with(ground, id, {**entry, "sha256": _NO_CHECKSUM})
    document = parse_yaml(written.content, f"{ground.folder.name}/{FILE_NAME}")
    catalog = catalog_of(document, ground.folder, whole=False)
    if id in catalog.withheld:
        raise FormatError(catalog.withheld[id])
    layer = catalog[id].model_copy(update={"crs": found.crs})
    raise_if_blocked(feature_faults(Subject(id, layer, document), found.frame), FormatError)


def _require_fit(before: Ground, after: Ground) -> None:
    """Refuse a layer that its scenario cannot take; what was at fault before is not its doing."""
    if before.resolved is None or after.resolved is None:
        return
    known = {_told(one) for one in faults_before_run(before.resolved, before.catalog)}
    found = faults_before_run(after.resolved, after.catalog)
    raise_if_blocked([one for one in found if _told(one) not in known], LayerError)


def _told(fault: Fault) -> tuple[object, ...]:
    return fault.code, fault.file, fault.key, fault.found
