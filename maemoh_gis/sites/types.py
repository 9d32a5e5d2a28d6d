"""
Types of sites: candidate sites grouped by how they score on each criterion.

Groups are joined step by step (Ward), which needs no seed; the number of groups is the one with the
best silhouette, shown with those of the other numbers. Where no number separates the sites clearly,
they are one type.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

MOST_TYPES = 6
# Below it, "no substantial structure has been found": Kaufman and Rousseeuw 1990, Finding Groups in
# Data, table 4 of chapter 2.
_LEAST_SILHOUETTE = 0.25
_SAME = 1e-9


@dataclass(frozen=True)
class NumberOfTypes:
    """How well one number of types parts the sites."""

    types: int
    silhouette: float
    """Mean silhouette: 1 for tight groups far apart, 0 where groups touch, below 0 where they
    mix."""
    explained_share: float
    """Share of the variance of the profiles that lies between the types."""
    smallest: int
    """Sites of the smallest type."""


@dataclass(frozen=True)
class SiteTypes:
    """Sites by type, with the argument for the number of types."""

    type: pd.Series
    """Type of each site from 1, the type with the most sites first; same index as the sites."""
    profiles: pd.DataFrame
    """Mean score of each criterion by type, with `sites`, their number."""
    numbers: tuple[NumberOfTypes, ...]
    """Every number of types that was tried, rising."""
    used: tuple[str, ...]
    """Criteria the groups are made by."""
    left_out: tuple[str, ...]
    """Criteria that are the same for all sites or not scored for some: they part nothing."""

    @property
    def clear(self) -> bool:
        """Whether the best number parts the sites clearly; if not, all are one type."""
        return bool(self.profiles.shape[0] > 1)


def group_sites(scores: pd.DataFrame, *, most_types: int = MOST_TYPES) -> SiteTypes:
    """
    Group sites by their profiles.

    Parameters
    ----------
    scores : DataFrame
        One row a site; a column of mean scores for each criterion, NaN where it is not scored.
    most_types : int
        Most types tried.

    References
    ----------
    Ward 1963, Journal of the American Statistical Association 58; Rousseeuw 1987, Silhouettes,
    Journal of Computational and Applied Mathematics 20.
    """
    values = scores.astype(np.float64)
    values.columns = values.columns.astype(str)
    parts = values.notna().all() & (values.std(ddof=0) > _SAME)
    used = sorted(str(c) for c in values.columns[parts])
    left_out = tuple(str(c) for c in values.columns if c not in used)
    # Sorted profiles, so that ties between sites never depend on the order of the rows.
    kept = values[used].round(9)
    kept = kept.sort_values(used, kind="stable") if used else kept
    distinct = len(kept.drop_duplicates()) if used else 0
    standard = ((kept - kept.mean()) / kept.std(ddof=0)).to_numpy()
    tried = [_parted(standard, k) for k in range(2, min(most_types, distinct - 1) + 1)]
    numbers = tuple(number for number, _ in tried)
    best = max(tried, key=lambda t: (round(t[0].silhouette, 9), -t[0].types), default=None)
    if best is None or best[0].silhouette < _LEAST_SILHOUETTE:
        groups = np.zeros(len(kept), dtype=np.int64)
    else:
        groups = best[1]
    types = _numbered(pd.Series(groups, index=kept.index)).reindex(scores.index)
    profiles = values.groupby(types).mean()
    profiles.insert(0, "sites", types.value_counts().sort_index())
    profiles.index.name = "type"
    return SiteTypes(types.rename("type"), profiles, numbers, tuple(used), left_out)


def _parted(standard: np.ndarray, types: int) -> tuple[NumberOfTypes, np.ndarray]:
    """Part the sites into so many types and say how well that went."""
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.metrics import silhouette_score

    groups = AgglomerativeClustering(n_clusters=types, linkage="ward").fit_predict(standard)
    means = np.array([standard[groups == g].mean(axis=0) for g in range(types)])
    between = float((means[groups] ** 2).sum())
    number = NumberOfTypes(
        types,
        float(silhouette_score(standard, groups)),
        between / float((standard**2).sum()),
        int(np.bincount(groups).min()),
    )
    return number, groups


def _numbered(groups: pd.Series) -> pd.Series:
    """Renumber types from 1 by the number of their sites, the lower profile first of equals."""
    sizes = groups.value_counts()
    # Sites stand in the order of their profiles here, so the first of a group places it.
    first = {group: k for k, group in reversed(list(enumerate(groups)))}
    order = sorted(sizes.index, key=lambda group: (-int(sizes[group]), first[group]))
    return groups.map({group: rank for rank, group in enumerate(order, start=1)})
