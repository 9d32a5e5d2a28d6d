"""A small copy of the bundled project to plant a defect in."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.paths import LAYERS, SCENARIOS

CATALOG, BASELINE = "layers/catalog.yaml", "scenarios/baseline.yaml"

USED_BY_BASELINE = (
    "districts",
    "railway",
    "highways",
    "elevation",
    "slope",
    "reservoirs",
    "mine",
    "mine_2026",
    "mine_ground",
    "substations",
    "faults",
    "settlements",
    "facilities",
    "forest_acts",
    "power_plants",
    "railway_heights",
    "coal_units",
    "mineral_output",
    "subdistricts",
    "subdistrict_people",
    "subdistrict_population",
    "people_by_subdistrict",
    "resettlement_villages",
    "power_unit_points",
    "railheads",
    "gateways",
    "linehaul_distances",
    "mineral_output",
    "tariffs",
    "freight_demand",
    "district_seats",
    "road_lines",
    "road_network",
    "roads",
    "stations",
    "elevation",
    "land_after_use",
    "land_use",
    "land_use_observed",
    "land_use_2569",
    "land_use_map",
)


@dataclass(frozen=True)
class Defect:
    """One defect and everything the check must say about it."""

    name: str
    plant: Callable[["Copy"], object]
    """Spoils the copy."""
    place: tuple[str, ...]
    """File, and texts to look for one after the other; the last one's line is at fault."""
    en: str
    """The message after `file:line: `."""
    th: str
    severity: str = "blocks"
    layers: tuple[str, ...] = ()
    """Layers whose files are copied; the catalog then holds only these."""

    @property
    def exit_code(self) -> int:
        """What a shell sees: bad input 2; an audit that blocks 1."""
        if not self.layers:
            return 2
        return 1 if self.severity == "blocks" else 0

    def message(self, copy: "Copy", language: str) -> str:
        file, *texts = self.place
        line = f":{copy.line(file, *texts)}" if texts else ""
        said = getattr(self, language)
        if "{checksum}" in said:
            content = copy.path_of(self.layers[0]).read_bytes()
            said = said.replace("{checksum}", hashlib.sha256(content).hexdigest()[:12])
        return f"{file}{line}: {said}"


class Copy:
    """Catalog, scenarios and some layer files in a folder of their own."""

    def __init__(self, folder: Path, layers: Iterable[str] = ()) -> None:
        self.folder = folder
        self.layers, self.scenarios = folder / "layers", folder / "scenarios"
        self.layers.mkdir(parents=True)
        self.scenarios.mkdir()
        shutil.copy(SCENARIOS / "baseline.yaml", self.scenarios)
        ids = tuple(layers)
        self.write(CATALOG, _only(ids or USED_BY_BASELINE))
        # A stack has no file of its own.
        for file in filter(None, map(self._written_in, ids)):
            shutil.copy(LAYERS / file, self.layers)

    def read(self, file: str) -> str:
        return (self.folder / file).read_text(encoding="utf-8")

    def write(self, file: str, content: str) -> None:
        (self.folder / file).write_text(content, encoding="utf-8", newline="\n")

    def replace(self, file: str, *texts: str, new: str) -> None:
        """Replace the last text, found after all the others, once."""
        content = self.read(file)
        at = _find(content, texts)
        self.write(file, content[:at] + new + content[at + len(texts[-1]) :])

    def insert_after(self, file: str, *texts: str, new: str) -> None:
        """Insert lines after the line of the last text."""
        content = self.read(file)
        end = content.index("\n", _find(content, texts)) + 1
        self.write(file, content[:end] + new + content[end:])

    def delete_line(self, file: str, *texts: str) -> None:
        content = self.read(file)
        at = _find(content, texts)
        start, end = content.rindex("\n", 0, at) + 1, content.index("\n", at) + 1
        self.write(file, content[:start] + content[end:])

    def line(self, file: str, *texts: str) -> int:
        content = self.read(file)
        return content.count("\n", 0, _find(content, texts)) + 1

    def line_with(self, id: str, key: str) -> str:
        entry = self.read(CATALOG).split(f"\n  {id}:\n")[1]
        return re.search(rf"^    {key}: .*$", entry, re.MULTILINE)[0]

    def file_of(self, id: str) -> str:
        file = self._written_in(id)
        assert file is not None
        return file

    def _written_in(self, id: str) -> str | None:
        after = self.read(CATALOG).split(f"\n  {id}:\n")[1]
        entry = re.split(r"^  \w", after, maxsplit=1, flags=re.MULTILINE)[0]
        found = re.search(r"^    path: (\S+)$", entry, re.MULTILINE)
        return found and found[1]

    def path_of(self, id: str) -> Path:
        return self.layers / self.file_of(id)

    def features(self, id: str) -> list[dict]:
        return json.loads(self.path_of(id).read_text(encoding="utf-8"))["features"]

    def put(self, id: str, features: list[dict], **more: object) -> None:
        """Write features and describe the new file, so that only the defect differs."""
        content = {"type": "FeatureCollection", **more, "features": features}
        self.path_of(id).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        self.seal(id)

    def seal(self, id: str) -> None:
        """Write the checksum of the file into the catalog."""
        checksum = hashlib.sha256(self.path_of(id).read_bytes()).hexdigest()
        head, entry = self.read(CATALOG).split(f"\n  {id}:\n")
        entry = re.sub(r'(?m)^    sha256: "\w+"', f'    sha256: "{checksum}"', entry, count=1)
        self.write(CATALOG, f"{head}\n  {id}:\n{entry}")


def _find(content: str, texts: Iterable[str]) -> int:
    at = 0
    for number, text in enumerate(texts):
        at = content.index(text, at + (number > 0))
    return at


def _only(ids: Iterable[str]) -> str:
    """Cut the bundled catalog down to a few layers."""
    content = (LAYERS / "catalog.yaml").read_text(encoding="utf-8")
    head, *entries = re.split(r"(?m)^(?=  [a-z0-9_]+:$)", content)
    kept = [entry for entry in entries if entry.strip().split(":")[0] in ids]
    text = head + "".join(entry.rstrip("\n") + "\n" for entry in kept)
    if "districts" in ids:
        return text
    return re.sub(r"complete_within: \{.*\}", "complete_within: none", text)
