"""Sitting at the desk without a page: what is wrong, what is run, stopped, compared and saved."""

import threading

import pytest
import rasterio

import maemoh_gis as mm
from maemoh_gis.core.errors import RunError
from maemoh_gis.core.messages import describe
from maemoh_gis.desk.session import Session
from maemoh_gis.files import read_json

FAULT = "limits.fault_zone.test.within_m"
TABLES = (".csv", ".gpkg")


class Told:
    """Keeps what a job tells, and waits for its end."""

    def __init__(self):
        self.news, self._ended, self.begun = [], threading.Event(), threading.Event()

    def __call__(self, news):
        self.news.append(news)
        self.begun.set()
        if news.ends:
            self._ended.set()

    def end(self):
        assert self._ended.wait(400)
        return self.news[-1]


def wished(session):
    offer = session.offer
    own = offer.points["starting"]["green_estate"]
    session.wish = (
        session.wish.weighing("green_estate", {**own, "settlement_buffer": 40})
        .counting(FAULT, 1500)
        .counting("estate.rai", 700)
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [(FAULT, -1), ("estate.rai", -3), ("uses.green_estate.land.area_rai", 1), (FAULT, 800)],
)
@pytest.mark.parametrize("language", ["th", "en"])
def test_the_desk_finds_what_the_command_finds_in_the_same_words(
    at_the_desk, maemoh, key, value, language
):
    session = Session.begin("small")
    session.wish = session.wish.counting(key, value)
    told = [describe(fault, language).partition(": ")[2] for fault in session.faults()]
    (at_the_desk / "scenarios" / "mine.yaml").write_text(
        "version: 1\nid: mine\nextends: small\ntitle: {th: ก, en: a}\n"
        f"question: {{th: ก, en: a}}\nchange:\n  {key}: {value}\n",
        encoding="utf-8",
    )
    code, _, said = maemoh("--lang", language, "check", "mine")
    assert (code == 0) == (not any(fault.blocks for fault in session.faults()))
    found = [
        line.partition(": ")[2].partition(": ")[2] for line in said.splitlines() if ".yaml" in line
    ]
    assert told == found
    assert bool(told) == (value in {-1, -3, 1})


def test_nothing_at_fault_is_saved(at_the_desk):
    session = Session.begin("small")
    session.wish = session.wish.counting(FAULT, -1)
    before = sorted(at_the_desk.rglob("*"))
    with pytest.raises(RunError):
        session.save("mine")
    assert sorted(at_the_desk.rglob("*")) == before


def test_a_scenario_that_cannot_be_read_leaves_the_one_that_is_chosen(at_the_desk):
    (at_the_desk / "scenarios" / "bad.yaml").write_text("version: [", encoding="utf-8")
    session = Session.begin("small")
    wished(session)
    kept = session.values
    with pytest.raises(ValueError):
        session.choose("bad")
    assert (session.scenario, session.values) == ("small", kept)


def test_there_is_nothing_to_compare_before_a_second_run(at_the_desk):
    with pytest.raises(RunError) as error:
        Session.begin("small").compare(print)
    assert [fault.code for fault in error.value.faults] == ["desk_nothing_to_compare"]


def numbers(folder):
    """Give what a run found: its tables and layers by checksum, its rasters by their values."""
    record = read_json(folder / "run.json")
    found = {name: record[name] for name in ("year", "weights", "sites", "legal_limits", "estate")}
    found |= {name: sum_ for name, sum_ in record["outputs"].items() if name.endswith(TABLES)}
    for path in folder.glob("*.tif"):
        with rasterio.open(path) as raster:
            found[path.name] = raster.read().tobytes()
    return found


@pytest.mark.slow
def test_desk_interface_and_command_line_give_equal_numbers(at_the_desk, maemoh, small_run):
    session = Session.begin("small")
    wished(session)
    told = Told()
    session.run(told)
    assert told.end().kind == "done"
    steps = [one.number for one in told.news[:-1]]
    assert steps == sorted(steps)
    assert steps[-1] == told.news[-2].of
    by_api = mm.run("small", "runs/by_api", values=session.values, pages=False)
    session.save("mine", "ของเรา")
    code, _, said = maemoh("run", "mine", "--no-pages")
    assert code == 0, said
    desk = numbers(session.newest)
    assert len([name for name in desk if name.endswith((".tif", *TABLES))]) > 20
    assert numbers(by_api.folder) == desk
    assert numbers(at_the_desk / "runs" / "mine") == desk
    untouched = numbers(small_run)
    for moved in ("sites.gpkg", "removed.csv", "estate.csv", "score_green_estate.tif"):
        assert untouched[moved] != desk[moved]
    assert (session.newest / "map.html").is_file()


@pytest.mark.long
def test_two_runs_are_compared_and_one_alone_is_there_already(at_the_desk):
    session = Session.begin("small")
    first, second, third, compared = Told(), Told(), Told(), Told()
    session.run(first)
    assert first.end().kind == "done"
    wished(session)
    session.run(second)
    with pytest.raises(RunError) as error:
        session.run(print)
    assert [fault.code for fault in error.value.faults] == ["desk_at_work"]
    assert second.end().kind == "done"
    session.compare(compared)
    assert compared.end().kind == "done"
    assert (session.comparison / "comparison.html").is_file()
    session.run(third)
    assert third.end().kind == "done"
    assert [news.kind for news in third.news] == ["done"], "the same question is not run again"
    assert session.comparison is not None


def test_a_run_that_is_stopped_leaves_nothing_half_written(at_the_desk):
    session, told = Session.begin("small"), Told()
    session.run(told)
    assert told.begun.wait(400)
    session.stop()
    assert told.end().kind == "stopped"
    assert session.newest is None
    left = [path.relative_to(at_the_desk / "runs") for path in (at_the_desk / "runs").rglob("*")]
    assert [path for path in left if path.is_relative_to("small")] == []
    assert [path for path in left if "work" in path.name] == []
    assert session.job is None


def test_a_run_that_cannot_be_says_why(at_the_desk):
    session, told = Session.begin("small"), Told()
    (at_the_desk / "runs").mkdir()
    (at_the_desk / "runs" / "small").mkdir()
    (at_the_desk / "runs" / "small" / "letter.docx").write_text("mine", encoding="utf-8")
    session.run(told)
    news = told.end()
    assert news.kind == "failed"
    assert [fault.code for fault in news.faults] == ["not_a_run_folder"]
    assert (at_the_desk / "runs" / "small" / "letter.docx").is_file()
