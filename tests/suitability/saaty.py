"""
Published matrices of pairwise judgements, by upper triangle.

Drinks and house agree, judgements and weights, with what others restate of those papers. The two of
1977 have not been compared with the paper: only that their judgements give their weights is shown.
"""

from maemoh_gis.suitability.judgements import judgements_from_rows

PUBLISHED = {
    # Saaty 1977, Journal of Mathematical Psychology 15, 234-281: distances from Philadelphia.
    "distances": (
        {
            "cairo": ["1/3", 8, 3, 3, 7],
            "tokyo": [9, 3, 3, 9],
            "chicago": ["1/6", "1/5", 2],
            "san_francisco": ["1/3", 6],
            "london": [6],
            "montreal": [],
        },
        [0.262, 0.397, 0.033, 0.116, 0.164, 0.027],
        6.45,
    ),
    # Saaty 1977, the same paper: wealth of nations.
    "wealth": (
        {
            "us": [4, 9, 6, 6, 5, 5],
            "ussr": [7, 5, 5, 3, 4],
            "china": ["1/5", "1/5", "1/7", "1/5"],
            "france": [1, "1/3", "1/3"],
            "uk": ["1/3", "1/3"],
            "japan": [2],
            "west_germany": [],
        },
        [0.427, 0.230, 0.021, 0.052, 0.052, 0.123, 0.094],
        7.61,
    ),
    # Saaty 2008, International Journal of Services Sciences 1(1), 83-98: drinks in the US.
    "drinks": (
        {
            "coffee": [9, 5, 2, 1, 1, "1/2"],
            "wine": ["1/3", "1/9", "1/9", "1/9", "1/9"],
            "tea": ["1/3", "1/4", "1/3", "1/9"],
            "beer": ["1/2", 1, "1/3"],
            "sodas": [2, "1/2"],
            "milk": ["1/3"],
            "water": [],
        },
        [0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327],
        7.18,
    ),
    # Saaty 1990, European Journal of Operational Research 48, 9-26: buying a house.
    "house": (
        {
            "size": [5, 3, 7, 6, 6, "1/3", "1/4"],
            "transport": ["1/3", 5, 3, 3, "1/5", "1/7"],
            "neighbourhood": [6, 3, 4, 6, "1/5"],
            "age": ["1/3", "1/4", "1/7", "1/8"],
            "yard": ["1/2", "1/5", "1/6"],
            "facilities": ["1/5", "1/6"],
            "condition": ["1/2"],
            "financing": [],
        },
        [0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333],
        9.669,
    ),
}
"""By name: judgements, weights as printed, largest eigenvalue as printed."""

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
    return judgements_from_rows(PUBLISHED[name][0])
