"""Who wins and loses jobs between runs, and what every run needs and gives."""

from types import SimpleNamespace

from maemoh_gis.comparison.transition import (
    JOB_COLUMNS,
    TRANSITION_COLUMNS,
    job_rows,
    transition_rows,
)


def subdistrict(code, at_stake, gained):
    """A row as a run tells it; None is not known."""
    row = {"code": code, "name_th": "ตำบล", "name_en": f"Place {code}"}
    for name, value in (("jobs_at_stake", at_stake), ("jobs_gained", gained)):
        for level, times in (("low", 0.5), ("central", 1.0), ("high", 2.0)):
            row[f"{name}_{level}"] = None if value is None else value * times
        row[f"{name}_confidence"] = None if value is None else "ASSUMPTION"
    return row


def found(*runs):
    """A comparison that holds nothing but what the runs told."""
    made = [
        SimpleNamespace(label=label, record={"year": 2569, "exposure": told, **more})
        for label, told, more in runs
    ]
    zone = SimpleNamespace(code="5202", name={"th": "แม่เมาะ", "en": "Mae Mo"})
    return SimpleNamespace(runs=made, zones=SimpleNamespace(zones={"district": [zone]}))


def jobs_of(comparison):
    rows = [dict(zip(JOB_COLUMNS, row, strict=True)) for row in job_rows(comparison)]
    return {(row["code"], row["run"]): row for row in rows}


BEFORE = {"subdistricts": [subdistrict(520201, None, 10.0), subdistrict(520204, 0.0, None)]}
AFTER = {"subdistricts": [subdistrict(520201, None, 40.0), subdistrict(520204, 2000.0, None)]}


def test_jobs_at_stake_are_a_loss_and_jobs_gained_a_gain():
    jobs = jobs_of(found(("now", BEFORE, {}), ("later", AFTER, {})))
    assert jobs[520204, "later"]["jobs_at_stake_change"] == 2000
    assert jobs[520204, "later"]["jobs"] == "loses"
    assert jobs[520201, "later"]["jobs"] == "gains"
    assert jobs[520201, "later"]["jobs_at_stake_central"] is None  # unknown, not zero
    district = jobs[5202, "later"]
    assert (district["name_en"], district["jobs"]) == ("Mae Mo", "mixed")
    assert (district["jobs_at_stake_high"], district["jobs_gained_low"]) == (4000, 20)
    assert jobs[5202, "now"]["jobs"] == ""


def test_the_same_run_twice_changes_nothing():
    jobs = jobs_of(found(("now", AFTER, {}), ("again", AFTER, {})))
    assert {row["jobs"] for (_, run), row in jobs.items() if run == "again"} == {"same"}


def test_a_run_that_tells_no_exposure_has_no_rows_of_jobs():
    jobs = jobs_of(found(("now", BEFORE, {}), ("old", None, {})))
    assert {run for _, run in jobs} == {"now"}


def test_totals_of_a_run_hold_its_emissions_and_leave_the_unknown_empty():
    whole = {"farm_rai": 6.2, "jobs_at_stake_central": 2000.0, "households_without_title": None}
    boxes = {"co2_t_low": 1.0, "co2_t_central": 2.0, "co2_t_high": 3.0, "confidence": "ASSUMPTION"}
    co2 = {"without_a_new_yard": {"all": boxes}}
    runs = found(("now", {"first_of_each_use": whole}, {"freight_emissions": co2}))
    (row,) = (dict(zip(TRANSITION_COLUMNS, r, strict=True)) for r in transition_rows(runs))
    assert (row["farm_rai"], row["households_without_title"]) == (6.2, None)
    assert row["freight_co2_t_without_a_new_yard_central"] == 2.0
    assert row["freight_co2_t_with_best_yard_central"] is None
