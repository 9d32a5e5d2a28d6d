"""A scenario as an object: what it asks, what it changes, how it weighs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from maemoh_gis.api.markup import bar, box, language, line, table
from maemoh_gis.core.errors import FormatError, raise_if_blocked
from maemoh_gis.core.messages import text

if TYPE_CHECKING:
    import pandas as pd

    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.runs.project import Project
    from maemoh_gis.scenario.resolve import Resolved


@dataclass(frozen=True, eq=False, repr=False)
class Scenario:
    """
    A checked scenario: one question with a year.

    Examples
    --------
    >>> scenario
    <Scenario quick: B.E. 2569, EPSG:32647, cells of 400 m>
    """

    resolved: Resolved
    """The scenario with all it inherits."""
    catalog: Catalog
    """The layers it was checked against."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """What was set otherwise than in its file."""

    @classmethod
    def read(cls, project: Project, name: str, values: Mapping[str, Any]) -> Scenario:
        """
        Read a scenario of a project; see `maemoh_gis.load_scenario`.

        Parameters
        ----------
        project : Project
            Folders to read.
        name : str
            Scenario by id or file.
        values : mapping of str to value
            Keys to set otherwise.

        Returns
        -------
        Scenario
            The checked scenario.

        Examples
        --------
        >>> from maemoh_gis.runs.project import find_project
        >>> mm.Scenario.read(find_project(), "quick", {"year": 2574}).year
        2574
        """
        from maemoh_gis.runs.project import prepare

        resolved, catalog = prepare(project, name)
        return cls(resolved, catalog).having(values)

    def having(self, values: Mapping[str, Any]) -> Scenario:
        """
        Give the same scenario with some keys set otherwise.

        Parameters
        ----------
        values : mapping of str to value
            New values by dotted key; `weights.ID` is the share of a criterion.

        Returns
        -------
        Scenario
            Another scenario; this one stays as it is.

        Raises
        ------
        MaeMohError
            If a key does not exist or the scenario cannot be so.

        Examples
        --------
        >>> later = scenario.having({"year": 2574})
        >>> later.year, later.label
        (2574, 'quick--2574')
        """
        from maemoh_gis.runs.layers_read import faults_before_run
        from maemoh_gis.scenario.vary import varied

        if not values:
            return self
        resolved = varied(self.resolved, values)
        raise_if_blocked(faults_before_run(resolved, self.catalog), FormatError)
        return Scenario(resolved, self.catalog, {**self.values, **values})

    @property
    def id(self) -> str:
        """
        Id, the name of its file.

        Examples
        --------
        >>> scenario.id
        'quick'
        """
        return self.resolved.scenario.id

    @property
    def label(self) -> str:
        """
        Name of its run folder: the id and what was set.

        Examples
        --------
        >>> scenario.having({"year": 2574}).label
        'quick--2574'
        """
        from maemoh_gis.batch.plan import label_of

        return label_of(self.id, self.values)

    @property
    def title(self) -> str:
        """
        Title in the reader's language.

        Examples
        --------
        >>> scenario.title
        'Mae Mo in coarse cells'
        """
        return self.resolved.scenario.title[language()]

    @property
    def question(self) -> str:
        """
        The question it answers, in the reader's language.

        Examples
        --------
        >>> scenario.question
        'An example that runs in seconds'
        """
        return self.resolved.scenario.question[language()]

    @property
    def year(self) -> int:
        """
        Year B.E. it is asked for.

        Examples
        --------
        >>> scenario.year
        2569
        """
        return self.resolved.scenario.year

    @property
    def crs(self) -> str:
        """
        CRS of its grid.

        Examples
        --------
        >>> scenario.crs
        'EPSG:32647'
        """
        return self.resolved.scenario.grid.crs

    @property
    def cell_m(self) -> float:
        """
        Side of a cell, metres.

        Examples
        --------
        >>> scenario.cell_m
        400.0
        """
        return self.resolved.scenario.grid.cell_m

    @property
    def uses(self) -> tuple[str, ...]:
        """
        List the uses it looks for land for.

        Examples
        --------
        >>> scenario.uses
        ('container_yard', 'green_estate')
        """
        return tuple(self.resolved.scenario.uses)

    def criteria(self, use: str) -> pd.DataFrame:
        """
        List the criteria of a use with their weights.

        Parameters
        ----------
        use : str
            Id of the use.

        Returns
        -------
        pandas.DataFrame
            By id of the criterion: titles, weight under the scenario's viewpoint (they sum to 1),
            unit of the measure, confidence, basis, and whether any layer scores it.

        Examples
        --------
        >>> criteria = scenario.criteria("container_yard")
        >>> round(float(criteria["weight"].sum()), 9)
        1.0
        >>> bool(criteria.loc["land_tenure", "scored"])
        False
        """
        import pandas as pd

        scenario = self.resolved.scenario
        weights = scenario.weights(use)
        rows = [
            (id, one.title.th, one.title.en, weights[id], one.value.unit if one.value else None,
             one.measure is not None, one.confidence, one.basis)
            for id, one in scenario.uses[use].criteria.items()
        ]  # fmt: skip
        names = ["id", "title_th", "title_en", "weight", "unit", "scored", "confidence", "basis"]
        return pd.DataFrame(rows, columns=names).set_index("id")

    def limits(self) -> pd.DataFrame:
        """
        List the limits in force in its year, and on how much land the layers let them be checked.

        Returns
        -------
        pandas.DataFrame
            By id of the limit: titles, law or physics, what becomes of the land, basis, and
            `status`: checked (on the whole study area), partly or not_checked, and `known_share`,
            about the share of the study area on which it is known whether it holds.

        Examples
        --------
        >>> scenario.limits().loc["reserved_forest", "status"]
        'not_checked'
        """
        import pandas as pd

        from maemoh_gis.layers.load import Layers
        from maemoh_gis.runs.coverage_ahead import statuses_ahead

        ahead = statuses_ahead(self.resolved.scenario, self.catalog, Layers(self.catalog))
        rows = [
            (one.id, one.limit.title.th, one.limit.title.en, one.limit.ground, one.limit.outcome,
             one.status, round(one.coverage.share, 3), one.limit.basis.th, one.limit.basis.en)
            for one in ahead
        ]  # fmt: skip
        names = ["id", "title_th", "title_en", "ground", "outcome", "status", "known_share",
                 "basis_th", "basis_en"]  # fmt: skip
        return pd.DataFrame(rows, columns=names).set_index("id")

    @property
    def changes(self) -> pd.DataFrame:
        """
        List what the chain of scenarios changed in its base, value by value.

        Returns
        -------
        pandas.DataFrame
            Scenario, dotted key, old and new value.

        Examples
        --------
        >>> later = scenario.having({"year": 2574})
        >>> later.changes[["key", "old", "new"]].iloc[-1].tolist()
        ['year', 2569, 2574]
        """
        import pandas as pd

        rows = [
            (leaf.scenario, leaf.key, leaf.old, leaf.new)
            for change in self.resolved.changes
            for leaf in change.leaves()
        ]
        return pd.DataFrame(rows, columns=["scenario", "key", "old", "new"], dtype=object)

    def __repr__(self) -> str:
        return f"<Scenario {self.label}: B.E. {self.year}, {self.crs}, cells of {self.cell_m:g} m>"

    def _repr_html_(self) -> str:
        spoken, scenario = language(), self.resolved.scenario
        heads = [
            text("api.criterion", spoken), text("api.weight", spoken), "",
            text("api.unit", spoken), text("cli.layer.confidence", spoken),
        ]  # fmt: skip
        parts = []
        for use, one in scenario.uses.items():
            shown = self.criteria(use)
            rows = [
                (row[f"title_{spoken}"], row["weight"], bar(row["weight"]),
                 row["unit"] or ("" if row["scored"] else text("api.unscored", spoken)),
                 row["confidence"])
                for _, row in shown.iterrows()
            ]  # fmt: skip
            parts += [line(one.title[spoken]), table(heads, rows)]
        view = scenario.viewpoints[scenario.viewpoint]
        return box(
            f"{self.title} ({self.label})",
            line(self.question),
            line(
                text("api.scenario", spoken, year=self.year, crs=self.crs, cell=f"{self.cell_m:g}",
                     viewpoint=view.title[spoken], limits=len(self.limits())), "quiet"
            ),
            *parts,
        )  # fmt: skip
