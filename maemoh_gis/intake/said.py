"""What is said of a file by whoever brings it, and what is asked."""

from __future__ import annotations

from dataclasses import dataclass

NOTHING = "none"
"""A layer that is the map of no limit."""
UNKNOWN, PROVINCE = "unknown", "province"
OWN = "own"
"""Licence of a file that its owner gives to nobody else."""


@dataclass(frozen=True)
class Told:
    """Answers, each as its giver wrote it; None where nothing was said."""

    limit: str | None = None
    complete: str | None = None
    as_of: str | None = None
    source: str | None = None
    licence: str | None = None
    confidence: str | None = None
    datum_operation: str | None = None
    crs: str | None = None
    table: str | None = None
    encoding: str | None = None
    id: str | None = None
    title: str | None = None
    score: str | None = None
    """How the layer becomes the score of a criterion; see `scoring`."""


@dataclass(frozen=True)
class Question:
    """One thing nobody but the owner of a file can say."""

    name: str
    """Field of `Told`."""
    choices: tuple[str, ...] = ()
    default: str | None = None
    """What is taken without an answer; it claims no more than is known."""

    @property
    def flag(self) -> str:
        """Name the option that answers it."""
        return "--as" if self.name == "limit" else f"--{self.name.replace('_', '-')}"
