"""Nobody comes in but who holds the token, by the loopback address, from a page of the desk."""

import pytest

from maemoh_gis.desk.files_served import shown
from maemoh_gis.desk.gate import Gate
from maemoh_gis.presentation.compared_files import RECORD as OF_COMPARISON

GATE = Gate(8866, token="t" * 43, pass_="p" * 43)
HOST = {"Host": "127.0.0.1:8866"}


@pytest.mark.parametrize(
    ("headers", "given", "verdict"),
    [
        (HOST, {"token": GATE.token}, "enter"),
        ({"Host": "localhost:8866"}, {"token": GATE.token}, "enter"),
        (HOST, {"cookie": GATE.pass_}, "in"),
        ({**HOST, "Origin": "http://127.0.0.1:8866"}, {"cookie": GATE.pass_}, "in"),
        ({**HOST, "Sec-Fetch-Site": "same-origin"}, {"cookie": GATE.pass_}, "in"),
        # Nothing, the wrong thing, or the right thing in the wrong place.
        (HOST, {}, "token"),
        (HOST, {"token": ""}, "token"),
        (HOST, {"token": "t" * 42}, "token"),
        (HOST, {"token": "ก" * 43}, "token"),
        (HOST, {"cookie": GATE.token}, "token"),
        (HOST, {"token": GATE.pass_}, "token"),
        (HOST, {"token": GATE.token, "path": "/api/kernels/x/channels"}, "token"),
        # A name that leads here, another port, no name.
        ({"Host": "rebound.example:8866"}, {"cookie": GATE.pass_}, "host"),
        ({"Host": "127.0.0.1:8867"}, {"cookie": GATE.pass_}, "host"),
        ({"Host": "127.0.0.1"}, {"cookie": GATE.pass_}, "host"),
        ({}, {"cookie": GATE.pass_}, "host"),
        # Another page.
        ({**HOST, "Origin": "http://other.example"}, {"cookie": GATE.pass_}, "origin"),
        ({**HOST, "Origin": "http://127.0.0.1:9000"}, {"cookie": GATE.pass_}, "origin"),
        ({**HOST, "Origin": "null"}, {"cookie": GATE.pass_}, "origin"),
        ({**HOST, "Origin": "null"}, {"token": GATE.token}, "origin"),
        ({**HOST, "Sec-Fetch-Site": "same-site"}, {"cookie": GATE.pass_}, "origin"),
        ({**HOST, "Sec-Fetch-Site": "cross-site"}, {"cookie": GATE.pass_}, "origin"),
    ],
)
def test_the_gate_judges(headers, given, verdict):
    assert GATE.verdict(headers, **given) == verdict


def test_every_start_has_a_token_of_its_own_that_is_in_no_cookie():
    one, other = Gate(8866), Gate(8866)
    assert len({one.token, one.pass_, other.token, other.pass_}) == 4
    assert one.pass_ not in one.url
    assert one.token in one.url


@pytest.fixture
def runs(tmp_path):
    for folder, record in (("mine", "run.json"), ("log", "x.json"), ("two", OF_COMPARISON)):
        (tmp_path / "runs" / folder / "inner").mkdir(parents=True)
        for name in (record, "map.html", "notes.txt", ".hidden.html", "inner/layer.csv"):
            (tmp_path / "runs" / folder / name).write_text("x", encoding="utf-8")
    (tmp_path / "secret.html").write_text("x", encoding="utf-8")
    (tmp_path / "runs" / "mine" / "way_out.html").symlink_to(tmp_path / "secret.html")
    return tmp_path / "runs"


@pytest.mark.parametrize("asked", ["mine/map.html", "mine/inner/layer.csv", "two/map.html"])
def test_files_of_finished_runs_are_shown(runs, asked):
    assert shown(runs, asked) == runs / asked


@pytest.mark.parametrize(
    "asked",
    [
        "", "mine", "mine/", "mine/notes.txt", "mine/.hidden.html", "mine/none.html",
        "log/map.html", "../secret.html", "mine/../../secret.html", "mine/way_out.html",
        "/etc/passwd", "mine//etc/passwd", "mine/c:/x.html", "..\\secret.html",
    ],
)  # fmt: skip
def test_nothing_else_is_shown(runs, asked):
    assert shown(runs, asked) is None
