"""One value of a scenario that differs from the one it inherits from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Change:
    """One value a scenario changed in its base."""

    key: str
    """Dotted key."""
    old: Any
    """Value in the base; None where the key was added."""
    new: Any
    """Value in the scenario."""
    scenario: str
    """Which scenario of the chain changed it."""

    def leaves(self) -> list[Change]:
        """Say value by value what changed where a whole block was replaced."""
        if not (isinstance(self.old, dict) and isinstance(self.new, dict)):
            return [] if self.old == self.new else [self]
        keys = dict.fromkeys([*self.old, *self.new])
        below = [
            Change(f"{self.key}.{key}", self.old.get(key), self.new.get(key), self.scenario)
            for key in keys
        ]
        return [leaf for change in below for leaf in change.leaves()]
