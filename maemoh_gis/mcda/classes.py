"""
Which places the facts tell apart, and the classes that follow from it.

One place is better than another for certain only if the difference of their scores keeps its sign
over all that is not known. What both share, such as prices that are the same wherever a yard
stands, cancels in the difference. Classes are built from the top down: nobody is better for certain
than a place of the first class; these are set aside, and the next class is built in the same way.
Within a class there is no rank,
and a list goes by what is certain, so that nobody gains by what is not known of him.
"""

from __future__ import annotations

import string
from dataclasses import dataclass

import numpy as np

from maemoh_gis.core.types import BoolArray, FloatArray, IntArray

# Two scores nearer than this are one score: value functions give seven digits.
SAME = 1e-6


@dataclass(frozen=True)
class Cases:
    """What counts differently in each of some cases, the same case for all places at once."""

    low: FloatArray
    """Least part of the score, (places, cases)."""
    high: FloatArray
    """Greatest part of the score, (places, cases); equal to `low` where it is known."""


def least_leads(low: FloatArray, high: FloatArray, cases: Cases | None = None) -> FloatArray:
    """
    Find by how much each place leads each other one at least.

    Returns
    -------
    float array (places, places)
        Least that the score of the place of the row can be above that of the column; 0 on the
        diagonal. Any way of combining criteria that rises with each of them may be given, as the
        score of every state of the facts lies between its ends.

    Examples
    --------
    Savings of 2 or 5 and of 1 or 4: the ranges overlap, but in each case the first saves more.

    >>> nothing = np.zeros(2)
    >>> saved = np.array([[2.0, 5.0], [1.0, 4.0]])
    >>> least_leads(nothing, nothing, Cases(saved, saved)).tolist()
    [[0.0, 1.0], [-1.0, 0.0]]
    """
    leads = np.asarray(low, dtype=np.float64)[:, None] - np.asarray(high, dtype=np.float64)[None, :]
    if cases is not None:
        leads = leads + (cases.low[:, None, :] - cases.high[None, :, :]).min(axis=2)
    np.fill_diagonal(leads, 0.0)
    return leads


def classes_of(leads: FloatArray) -> IntArray:
    """
    Put places into classes from the top down.

    Parameters
    ----------
    leads : float array (places, places)
        As `least_leads` gives them.

    Returns
    -------
    int array (places,)
        1 for places that no other one beats for certain, 2 for those that only places of class 1
        beat, and so on: who is in a lower class is beaten for certain by at least one place of the
        class above, though perhaps not by all of it. Places that beat one another in a ring, which
        right leads never do, are not told apart.
    """
    better: BoolArray = np.asarray(leads > SAME)
    left = np.ones(len(leads), dtype=bool)
    found = np.zeros(len(leads), dtype=np.int64)
    number = 0
    while left.any():
        number += 1
        beaten = (better & left[:, None]).any(axis=0)
        top = left & ~beaten
        if not top.any():
            top = left.copy()
        found[top] = number
        left &= ~top
    return found


def listing(least: FloatArray, keys: FloatArray | IntArray) -> IntArray:
    """
    Order places for a list: by what is certain of them, then by a neutral key.

    Parameters
    ----------
    least : float array (places,)
        Least score the facts allow. Who is better for certain has more of it and stands before; who
        is less well known never stands before who is equal and better known.
    keys : array (places,) or (keys, places)
        What breaks ties and says nothing of how good a place is, such as where it lies; the first
        of several counts first.

    Returns
    -------
    int array (places,)
        Places in the order of the list. Only classes are a finding; the order is not.
    """
    neutral = np.atleast_2d(np.asarray(keys))
    certain = np.round(np.nan_to_num(least, nan=-1.0), 6)
    return np.lexsort((*neutral[::-1], -certain))


def class_number(name: str) -> int:
    """
    Read the name of a class; the reverse of `class_name`.

    Examples
    --------
    >>> class_number("A"), class_number("AB"), class_number("")
    (1, 28, 0)
    """
    number = 0
    for letter in name:
        number = 26 * number + string.ascii_uppercase.index(letter) + 1
    return number


def class_name(number: int) -> str:
    """
    Name a class by letters.

    Examples
    --------
    >>> class_name(1), class_name(26), class_name(27), class_name(0)
    ('A', 'Z', 'AA', '')
    """
    letters = ""
    while number > 0:
        number, last = divmod(number - 1, 26)
        letters = string.ascii_uppercase[last] + letters
    return letters
