"""Indicators call for attention at declared values, never at a guess."""

import math

import pytest

from maemoh_gis.comparison.alerts import (
    INDICATORS,
    Indicator,
    Reading,
    change_percent,
    declared,
    share,
)
from maemoh_gis.core.errors import RunError


@pytest.mark.parametrize(
    ("side", "value", "alert"),
    [
        ("above", 0.5, False),
        ("above", 0.51, True),
        ("below", 0.5, False),
        ("below", 0.49, True),
        ("beyond", -0.6, True),
        ("beyond", 0.5, False),
        ("above", math.nan, None),
    ],
)
def test_an_alert_is_beyond_the_threshold_not_at_it(side, value, alert):
    assert Reading(Indicator("x", "share", side, 0.5), value).alert is alert


def test_identical_runs_raise_no_alert_of_change():
    same = {"open_change": 0, "good_change": 0, "good_overlap": 1, "site_overlap": 1, "tau": 1,
            "layers_changed": 0}  # fmt: skip
    readings = [Reading(i, same[i.id]) for i in INDICATORS if i.id in same]
    assert len(readings) == len(same)
    assert not any(reading.alert for reading in readings)


def test_a_threshold_of_the_readers_own_replaces_one():
    changed = declared({"tau": 0.5})
    assert [i.id for i in changed] == [i.id for i in INDICATORS]
    assert {i.id: i.threshold for i in changed}["tau"] == 0.5
    assert {i.id: i.threshold for i in changed}["good_overlap"] == 0.8


def test_every_fault_of_thresholds_is_named_at_once():
    with pytest.raises(RunError) as caught:
        declared({"good_overlpa": 0.5, "tau": math.nan})
    assert [fault.code for fault in caught.value.faults] == ["unknown_indicator", "bad_alert"]
    assert caught.value.faults[0].expected == "good_overlap"


def test_a_change_from_nothing_has_no_percentage():
    assert change_percent(200, 150) == -25
    assert change_percent(0, 0) == 0
    assert math.isnan(change_percent(0, 5))
    assert math.isnan(share(0, 0))
    assert share(1, 4) == 0.25
