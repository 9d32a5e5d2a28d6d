"""
Published pairwise judgements, by upper triangle, with what was printed of their weights.

Each case was compared, judgement by judgement and digit by digit, with a public text that restates
it; `restated` names that text. What could not be found restated is not held here.
"""

from dataclasses import dataclass, field

from maemoh_gis.mcda.judgements import judgements_from_rows

TRANSCRIPTS = "github.com/pedropalma1179/ahp-simple, lib/rag/articles"
"""Tables of papers on the method, typed out by another project."""


@dataclass(frozen=True)
class Case:
    """One matrix of a paper."""

    source: str
    """The paper."""
    restated: str
    """Where its figures were compared."""
    rows: dict[str, list]
    """The judgements."""
    weights: str
    """The weights in the order of the rows, with the digits that were printed."""
    consistency: dict[str, str] = field(default_factory=dict)
    """What else was printed, by the attribute of `Priorities` that holds it."""


PUBLISHED = {
    # Saaty's matrix, as Harker prints it with four digits of the weights.
    "distances": Case(
        source="Saaty 1977, Journal of Mathematical Psychology 15, 234-281, distances from "
        "Philadelphia; Harker 1987, Mathematical Modelling 9, 837-848, table 1",
        restated=f"{TRANSCRIPTS}/harker1987_incomplete.ts",
        rows={
            "cairo": ["1/3", 8, 3, 3, 7],
            "tokyo": [9, 3, 3, 9],
            "chicago": ["1/6", "1/5", 2],
            "san_francisco": ["1/3", 6],
            "london": [6],
            "montreal": [],
        },
        weights="0.2619 0.3975 0.0334 0.1164 0.1642 0.0266",
    ),
    "drinks": Case(
        source="Saaty 2008, International Journal of Services Sciences 1(1), 83-98",
        restated="github.com/PhilipGriffith/AHPy, tests/test_ahp.py",
        rows={
            "coffee": [9, 5, 2, 1, 1, "1/2"],
            "wine": ["1/3", "1/9", "1/9", "1/9", "1/9"],
            "tea": ["1/3", "1/4", "1/3", "1/9"],
            "beer": ["1/2", 1, "1/3"],
            "sodas": [2, "1/2"],
            "milk": ["1/3"],
            "water": [],
        },
        weights="0.177 0.019 0.042 0.116 0.190 0.129 0.327",
        consistency={"consistency_ratio": "0.022"},
    ),
    "house": Case(
        source="Saaty 1990, European Journal of Operational Research 48, 9-26, table 2; again in "
        "Saaty 2003, the same journal 145, 85-91, table 1",
        restated="github.com/bisheshkhanal036-afk/FloodHUBnepal, backend/tests/test_ahp_core.py; "
        "consistency index and ratio in the self-test of another public script for decisions",
        rows={
            "size": [5, 3, 7, 6, 6, "1/3", "1/4"],
            "transport": ["1/3", 5, 3, 3, "1/5", "1/7"],
            "neighbourhood": [6, 3, 4, 6, "1/5"],
            "age": ["1/3", "1/4", "1/7", "1/8"],
            "yard": ["1/2", "1/5", "1/6"],
            "facilities": ["1/5", "1/6"],
            "condition": ["1/2"],
            "financing": [],
        },
        weights="0.173 0.054 0.188 0.018 0.031 0.036 0.167 0.333",
        consistency={
            "largest_eigenvalue": "9.669",
            "consistency_index": "0.238",
            "consistency_ratio": "0.169",
        },
    ),
    # The same judgements with neighbourhood against condition at 1/2.
    "mended_house": Case(
        source="Saaty 2003, European Journal of Operational Research 145, 85-91, table 5",
        restated=f"{TRANSCRIPTS}/saaty2003_eigenvector.ts; weights and judgements also in "
        "github.com/pawlo555/pair-wise-comparison-app, test/app/backend/test_results.py",
        rows={
            "size": [5, 3, 7, 6, 6, "1/3", "1/4"],
            "transport": ["1/3", 5, 3, 3, "1/5", "1/7"],
            "neighbourhood": [6, 3, 4, "1/2", "1/5"],
            "age": ["1/3", "1/4", "1/7", "1/8"],
            "yard": ["1/2", "1/5", "1/6"],
            "facilities": ["1/5", "1/6"],
            "condition": ["1/2"],
            "financing": [],
        },
        weights="0.175 0.062 0.103 0.019 0.034 0.041 0.221 0.345",
    ),
}
"""By name."""

# Saaty 2005, Theory and Applications of the Analytic Network Process, RWS Publications: a family
# chooses a city. Compared with github.com/PhilipGriffith/AHPy, tests/test_ahp.py.
CITIES = {
    "goal": {
        "culture": ["1/5", 3, "1/2", 5],
        "family": [7, 1, 7],
        "housing": ["1/4", 3],
        "jobs": [7],
        "transport": [],
    },
    "culture": {"bethesda": ["1/2", 1, "1/2"], "boston": [2.5, 1], "pittsburgh": ["1/2.5"]},
    "family": {"bethesda": [2, "1/3", 4], "boston": ["1/8", 2], "pittsburgh": [9]},
    "housing": {"bethesda": [5, "1/2", 2.5], "boston": ["1/9", "1/4"], "pittsburgh": [7]},
    "jobs": {"bethesda": ["1/2", 3, 4], "boston": [6, 8], "pittsburgh": [1]},
    "transport": {"bethesda": [1.5, "1/2", 4], "boston": ["1/3.5", 2.5], "pittsburgh": [9]},
}
"""Criteria against the goal, then the cities against each criterion; Santa Fe comes last."""
CITIES_PRINTED = {
    "bethesda": "0.2291",
    "boston": "0.2748",
    "pittsburgh": "0.3852",
    "santa_fe": "0.1110",
}

CONTAINER_YARD = {
    "rail_access": [2, 2, 2, 3, 4, 4, 6],
    "terrain_flatness": [1, 1, 2, 3, 3, 4],
    "road_access": [1, 2, 3, 3, 4],
    "freight_access": [2, 2, 3, 4],
    "land_tenure": [2, 2, 3],
    "hazard": [1, 2],
    "community_env": [2],
    "utilities_synergy": [],
}
"""The judgements behind the starting weights of the container yard."""


def published(name):
    """Give the judgements of a published example."""
    return judgements_from_rows(PUBLISHED[name].rows)


def as_printed(value, text):
    """Round a value to the digits of a printed one."""
    return f"{value:.{len(text.partition('.')[2])}f}"
