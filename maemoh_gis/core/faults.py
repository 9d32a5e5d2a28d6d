"""Something wrong, as data: where, what was found, what was expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["blocks", "warns", "notes"]


@dataclass(frozen=True)
class Fault:
    """One defect, without words: `maemoh_gis.core.messages.describe` turns it into a sentence."""

    code: str
    """Id in the message catalogues: `fault.<code>` says what is wrong, `remedy.<code>` what to
    do."""
    file: str | None = None
    """File that holds the defect, as the user would name it."""
    line: int | None = None
    """Line in that file, counted from 1."""
    key: str | None = None
    """Dotted key, layer name or feature that is at fault."""
    found: str | None = None
    """What is there."""
    expected: str | None = None
    """What should be there."""
    values: Mapping[str, object] = field(default_factory=dict)
    """Further values that the message names."""
    severity: Severity = "blocks"
    """`blocks` stops the work, `warns` lets it go on and is counted, `notes` is for information."""

    @property
    def blocks(self) -> bool:
        """True if the work cannot go on with this fault."""
        return self.severity == "blocks"
