"""A file of one's own brought in: what is still to be asked, and the layer once all is answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from maemoh_gis.core.errors import FormatError
from maemoh_gis.core.locks import HIDDEN, workshop
from maemoh_gis.core.messages import Language, Text, has_text, text
from maemoh_gis.files import unpacked, write_bytes
from maemoh_gis.intake.add import Added, add
from maemoh_gis.intake.asking import faults_now
from maemoh_gis.intake.found import look_at, tables_in
from maemoh_gis.intake.ground import Ground, find_ground
from maemoh_gis.intake.said import Question, Told
from maemoh_gis.intake.shelf import alone, take_back
from maemoh_gis.intake.told import open_questions
from maemoh_gis.runs.project import Project


@dataclass(frozen=True)
class Step:
    """How far a file is: asked about, or a layer."""

    questions: tuple[Question, ...] = ()
    notes: tuple[Text, ...] = ()
    """What was seen of the file."""
    added: Added | None = None


def ground_of(project: Project, scenario: str) -> Ground:
    """Give the catalog a layer is written into: that of the folder one works in."""
    return find_ground(None, project.scenarios, scenario)


def bring(name: str, content: bytes, answers: Mapping[str, str], ground: Ground) -> Step:
    """
    Bring in a file, or say what must be known first.

    Raises
    ------
    MaeMohError
        With everything that cannot be; nothing is written then.
    """
    told = Told(**{key: said.strip() for key, said in answers.items() if said.strip()})
    with _on_disk(name, content) as path, unpacked(path) as plain:
        tables = tables_in(plain)
        found = None if tables and told.table is None else look_at(plain, told)
        questions = open_questions(told, tables, found, ground)
        notes = () if found is None else tuple(found.notes)
        if questions:
            return Step(tuple(questions), notes)
        if faults := faults_now(told, tables, found, ground, plain.name):
            raise FormatError(faults)
        assert found is not None
        return Step((), notes, add(told, found, ground))


def undo(added: Added) -> None:
    """Take a layer back whole."""
    with alone(added.after.folder):
        take_back(added.after.folder, added.id)


def choices_of(question: Question, ground: Ground, language: Language) -> list[tuple[str, str]]:
    """List what may be answered, each with what it means."""
    titles = {one: ground.title_of(one) for one in ground.limits}
    found = []
    for name in question.choices:
        id = f"intake.choice.{name}"
        if has_text(id, language):
            meaning = text(id, language)
        else:
            limit = titles.get(name) if question.name == "limit" else None
            meaning = limit[language] if limit is not None else name
        found.append((meaning, name))
    return found


@contextmanager
def _on_disk(name: str, content: bytes) -> Iterator[Path]:
    """Put a file where drivers can read it, under the last part of the name its owner gave."""
    with workshop(Path("runs"), HIDDEN) as folder:
        path = folder / "file" / (PureWindowsPath(name).name.lstrip(".") or "file")
        write_bytes(path, bytes(content))
        yield path
