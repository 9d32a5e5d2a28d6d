"""Weights from a workshop: a filled table of pairwise judgements, read, judged and combined."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.errors import FormatError
from maemoh_gis.core.faults import Fault

if TYPE_CHECKING:
    import pandas as pd

    from maemoh_gis.mcda.group_ahp import Group

_COLUMNS = ("respondent", "first", "second", "judgement")


class Workshop:
    """
    What several people say about the importance of criteria, together and apart.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a judgement: `respondent`, `first`, `second`, and `judgement`, how many times the
        first is as important as the second on Saaty's scale (1 to 9, or a fraction as "1/3").

    Raises
    ------
    FormatError
        If columns are missing, or judgements are missing, off the scale or contradict each other.

    References
    ----------
    Saaty 1977 and, for groups, Aczél and Saaty 1983; see `maemoh_gis.mcda.group_ahp`.

    Examples
    --------
    >>> import pandas as pd
    >>> said = [("a", "rail", "road", 2), ("b", "rail", "road", "1/2")]
    >>> columns = ["respondent", "first", "second", "judgement"]
    >>> workshop = mm.Workshop(pd.DataFrame(said, columns=columns))
    >>> workshop.weights["together"].round(3).tolist()  # they cancel out
    [0.5, 0.5]
    """

    def __init__(self, table: pd.DataFrame) -> None:
        from maemoh_gis.mcda.group_ahp import combine_respondents
        from maemoh_gis.mcda.judgements import judgements_from_pairs

        missing = [name for name in _COLUMNS if name not in table]
        if missing:
            raise FormatError([Fault("column_missing", found=name) for name in missing])
        criteria = list(dict.fromkeys([*table["first"], *table["second"]]))
        self.given: dict[str, dict[str, dict[str, Any]]] = {}
        for respondent, rows in table.groupby("respondent", sort=False):
            pairs: dict[str, dict[str, Any]] = {str(id): {} for id in criteria}
            for first, second, said in rows[["first", "second", "judgement"]].itertuples(
                index=False, name=None
            ):
                pairs[str(first)][str(second)] = _plain(said)
            self.given[str(respondent)] = pairs
        judged = {name: judgements_from_pairs(pairs) for name, pairs in self.given.items()}
        self._judged = judged
        self.group: Group = combine_respondents(judged)

    @property
    def weights(self) -> pd.DataFrame:
        """
        Give the weights of each respondent and of all together.

        Returns
        -------
        pandas.DataFrame
            By criterion: a column a respondent; `together` from the geometric mean of the
            judgements; `low` and `high` of the respondents. Each column but the last two sums to 1.

        Examples
        --------
        >>> import pandas as pd
        >>> columns = ["respondent", "first", "second", "judgement"]
        >>> said = [("a", "rail", "road", 3), ("b", "rail", "road", 1)]
        >>> mm.Workshop(pd.DataFrame(said, columns=columns)).weights.loc["rail", "low":].tolist()
        [0.5, 0.75]
        """
        import pandas as pd

        columns: dict[str, Mapping[str, float]] = {
            name: one.weights for name, one in self.group.respondents.items()
        }
        frame = pd.DataFrame({**columns, "together": self.group.of_judgements.weights})
        frame["low"] = frame[list(columns)].min(axis=1)
        frame["high"] = frame[list(columns)].max(axis=1)
        return frame

    @property
    def consistency(self) -> pd.DataFrame:
        """
        Say how far the judgements of each respondent agree with one another.

        Returns
        -------
        pandas.DataFrame
            By respondent: consistency ratio, whether it is at most 0.1, and where it is not the
            pair to ask about again with the judgement that would mend it.

        Examples
        --------
        >>> import pandas as pd
        >>> columns = ["respondent", "first", "second", "judgement"]
        >>> said = [("a", "rail", "road", 5), ("a", "road", "homes", 5), ("a", "rail", "homes", 1)]
        >>> mm.Workshop(pd.DataFrame(said, columns=columns)).consistency["ask_again"].tolist()
        ['rail : road']
        """
        import pandas as pd

        from maemoh_gis.mcda.ahp import judgement_to_revisit

        rows = []
        for name, one in self.group.respondents.items():
            repair = None if one.consistent else judgement_to_revisit(self._judged[name])
            pair = "" if repair is None else f"{repair.first} : {repair.second}"
            rows.append((name, one.consistency_ratio, one.consistent, pair,
                         None if repair is None else repair.value))  # fmt: skip
        names = ["respondent", "ratio", "consistent", "ask_again", "would_mend"]
        return pd.DataFrame(rows, columns=names).set_index("respondent")

    @property
    def concordance(self) -> float | None:
        """
        Give Kendall's W of the orders of importance: 1 if all agree, 0 without an order.

        Examples
        --------
        >>> import pandas as pd
        >>> columns = ["respondent", "first", "second", "judgement"]
        >>> said = [("a", "rail", "road", 3), ("b", "rail", "road", "1/3")]
        >>> mm.Workshop(pd.DataFrame(said, columns=columns)).concordance
        0.0
        """
        return self.group.concordance

    def values(self, viewpoint: str, use: str) -> dict[str, Any]:
        """
        Give what to set in a scenario so that it takes the judgements as its weights.

        Parameters
        ----------
        viewpoint : str
            Viewpoint whose weights are replaced.
        use : str
            Id of the use the criteria belong to.

        Returns
        -------
        dict
            For `Scenario.having`; the judgements themselves go on record, not only the weights.

        Examples
        --------
        >>> import pandas as pd
        >>> columns = ["respondent", "first", "second", "judgement"]
        >>> workshop = mm.Workshop(pd.DataFrame([("a", "rail", "road", 2)], columns=columns))
        >>> workshop.values("starting", "estate")["viewpoints.starting.weights.estate"]
        {'respondents': {'a': {'rail': {'road': 2}, 'road': {}}}}
        """
        return {f"viewpoints.{viewpoint}.weights.{use}": {"respondents": self.given}}

    def __repr__(self) -> str:
        return f"<Workshop: {len(self.given)} respondents, {len(self.weights)} criteria>"


def _plain(said: Any) -> Any:
    """Take numbers that came as text, as from a file, and leave fractions as they are."""
    item = said.item() if hasattr(said, "item") else said
    if isinstance(item, str) and "/" not in item:
        return float(item)
    return item
