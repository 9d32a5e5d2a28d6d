"""What a scenario may say about weights: points, an order, pairwise judgements, several people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import pydantic

from maemoh_gis.documents.schema import Name, Strict, Words
from maemoh_gis.mcda.ahp import priorities
from maemoh_gis.mcda.group_ahp import combine_respondents
from maemoh_gis.mcda.judgements import Judgements, judgements_from_pairs, judgements_from_rows
from maemoh_gis.mcda.weights import rank_order_centroid, weights_from_points
from maemoh_gis.scenario.settings.parts import only_one

Points = dict[Name, Annotated[float, pydantic.Field(ge=0)]]
Rows = dict[Name, list[float | str]]
Pairs = dict[Name, dict[Name, float | str]]
_WAYS = ("points", "equal", "ranks", "ahp", "respondents")


class Weights(Strict):
    """Weights of the criteria of one use: exactly one way to give them."""

    points: Points | None = None
    """Points by criterion, on any scale; what stands in the file when no other way is named."""
    equal: Annotated[list[Name], pydantic.Field(min_length=1)] | None = None
    """Criteria that all weigh the same."""
    ranks: dict[Name, Annotated[int, pydantic.Field(ge=1)]] | None = None
    """Order of importance, 1 first; weights are the centroid of all that keep the order."""
    ahp: Rows | Pairs | None = None
    """Pairwise judgements on Saaty's scale, 1 to 9: each criterion against all that follow it as a
    list, or against others by name."""
    respondents: Annotated[dict[str, Rows | Pairs], pydantic.Field(min_length=1)] | None = None
    """Pairwise judgements of several people, by name."""
    average: Literal["judgements", "weights"] = "judgements"
    """What is averaged over respondents: their judgements (geometric) or their weights."""

    @pydantic.model_validator(mode="before")
    @classmethod
    def _plain_points(cls, given: Any) -> Any:
        """Take a plain mapping of criteria to numbers as points."""
        if isinstance(given, dict) and not set(given) & {*_WAYS, "average"}:
            return {"points": given}
        return given

    @pydantic.model_validator(mode="after")
    def _exactly_one(self) -> Weights:
        only_one(self, _WAYS)
        return self

    @property
    def way(self) -> str:
        """How the weights are given."""
        return next(way for way in _WAYS if getattr(self, way) is not None)

    @property
    def criteria(self) -> list[str]:
        """Criteria that are weighed, in the order of the file."""
        if self.respondents is not None:
            return list(dict.fromkeys(c for rows in self.respondents.values() for c in rows))
        return list(getattr(self, self.way))

    def judgements(self) -> Mapping[str, Judgements]:
        """Read the pairwise judgements."""
        if self.ahp is not None:
            return {"": _judgements(self.ahp)}
        return {name: _judgements(given) for name, given in (self.respondents or {}).items()}

    def resolved(self) -> dict[str, float]:
        """Turn whatever is given into weights that sum to one."""
        if self.points is not None:
            return weights_from_points(self.points)
        if self.equal is not None:
            return dict.fromkeys(self.equal, 1.0 / len(self.equal))
        if self.ranks is not None:
            return rank_order_centroid(self.ranks)
        given = self.judgements()
        if self.ahp is not None:
            return dict(priorities(given[""]).weights)
        group = combine_respondents(given)
        chosen = group.of_judgements.weights if self.average == "judgements" else group.of_weights
        return dict(chosen)


def _judgements(given: Mapping[str, Any]) -> Judgements:
    """Read judgements given as rows or by name."""
    by_name = any(isinstance(row, dict) for row in given.values())
    return judgements_from_pairs(given) if by_name else judgements_from_rows(given)


class Viewpoint(Strict):
    """A named set of weights: one way to see what matters."""

    title: Words
    """Name for people."""
    basis: str
    """Where the weights come from."""
    weights: dict[Name, Weights]
    """Weights of the criteria, by use."""
