"""The real server on the loopback address: nobody without the token, sockets and files included."""

import base64
import http.client
import shutil
import signal
import socket

import pytest

from tests.desk.served import served

pytest.importorskip("voila")

KERNEL = "01234567-0123-0123-0123-0123456789ab"
DOORS = [
    "/", f"/api/kernels/{KERNEL}", f"/api/kernels/{KERNEL}/channels", "/voila/static/voila.js",
    "/voila/templates/maemoh/static/voila.js", "/desk/desk.css", "/font/thai-400.woff2",
    "/runs/small/map.html", "/voila/labextensions/", "/nothing",
]  # fmt: skip


@pytest.fixture(scope="module")
def desk(small_project, tmp_path_factory):
    """Give a desk that stands in a folder with a run and a file that is nobody's business."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(small_project.scenarios, folder / "scenarios")
    (folder / "runs" / "small").mkdir(parents=True)
    (folder / "runs" / "small" / "run.json").write_text("{}", encoding="utf-8")
    (folder / "runs" / "small" / "map.html").write_text("<p>a map</p>", encoding="utf-8")
    (folder / "secret.html").write_text("secret", encoding="utf-8")
    with served(folder) as (_, port, token):
        yield port, token


HIDDEN = [
    "/runs/small/../../secret.html", "/runs/../secret.html", "/runs/%2e%2e/secret.html",
    "/voila/files/secret.html", "/secret.html", "/runs/", "/runs/small/", "/desk/../server.py",
    "/api/contents", "/voila/tree",
]  # fmt: skip


def asked(port, path, **headers):
    """Ask the server; give the status, the headers and the answer."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", path, headers={name.replace("_", "-"): v for name, v in headers.items()})
    answer = line.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read().decode("utf-8", "replace")
    line.close()
    return found


def cookie_of(port, token):
    status, headers, content = asked(port, f"/?token={token}")
    assert status == 200
    assert token not in content
    return headers["Set-Cookie"].partition(";")[0]


SOCKET = {
    "Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": base64.b64encode(b"0123456789abcdef").decode("ascii"),
}  # fmt: skip


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize("token", ["", "?token=", f"?token={'t' * 43}"])
def test_without_the_token_no_door_opens(desk, path, token):
    status, headers, said = asked(desk[0], path + token)
    assert (status, headers.get("Set-Cookie")) == (403, None)
    assert "lacks its token" in said
    assert asked(desk[0], path + token, **SOCKET)[0] == 403


def test_a_link_copied_from_the_browser_lets_nobody_in(desk):
    """The page that hands over the cookie leads on to an address without the token."""
    port, token = desk
    _, headers, content = asked(port, f"/?token={token}")
    assert 'content="0;url=/"' in content
    assert {"HttpOnly", "SameSite=Strict"} <= set(headers["Set-Cookie"].split("; "))
    assert asked(port, "/")[0] == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "rebound.example"}, {"Origin": "http://other.example"}, {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"}, {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
    ids=lambda one: "=".join(*one.items()),
)  # fmt: skip
@pytest.mark.parametrize("path", ["/desk/desk.css", f"/api/kernels/{KERNEL}/channels"])
def test_with_the_cookie_other_hosts_and_pages_are_kept_out(desk, headers, path):
    port, token = desk
    cookie = cookie_of(port, token)
    assert asked(port, path, Cookie=cookie, **headers)[0] == 403
    assert asked(port, path, Cookie=cookie, **headers, **SOCKET)[0] == 403


def test_who_holds_the_cookie_gets_files_of_runs_and_no_others(desk):
    port, token = desk
    cookie = cookie_of(port, token)
    status, headers, content = asked(port, "/runs/small/map.html", Cookie=cookie)
    assert (status, content) == (200, "<p>a map</p>")
    assert headers["Content-Security-Policy"].startswith("sandbox allow-scripts")
    assert "allow-same-origin" not in headers["Content-Security-Policy"]
    for path in HIDDEN:
        status, _, content = asked(port, path, Cookie=cookie)
        assert status >= 400, path
        assert "secret" not in content, path


def test_it_listens_on_the_loopback_address_alone(desk):
    others = {
        one[4][0] for one in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    } - {"127.0.0.1"}
    for address in {"127.0.0.2", *others}:
        with pytest.raises(OSError):
            socket.create_connection((address, desk[0]), timeout=5).close()


def test_a_port_in_use_is_passed_over_or_named(at_the_desk, maemoh):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, _, said = maemoh("--lang", "en", "desk", "small", "--no-browser", "--port", port)
        assert code == 2
        assert f"port {port} is in use" in said
        assert "--port" in said


def test_without_a_browser_the_address_is_printed_and_interrupting_ends_all(at_the_desk):
    with served(at_the_desk) as (process, port, token):
        assert asked(port, f"/?token={token}")[0] == 200
        process.send_signal(signal.SIGINT)
        said, complaints = process.communicate(timeout=60)
        assert process.returncode == 0, complaints
        assert "The desk is closed" in said
        with pytest.raises(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=5)


def test_a_scenario_that_is_not_there_is_named_before_anything_listens(at_the_desk, maemoh):
    code, printed, said = maemoh("--lang", "th", "desk", "smal", "--no-browser")
    assert (code, printed) == (2, "")
    assert "small" in said


def test_without_the_extra_a_line_says_what_to_install(at_the_desk, maemoh, monkeypatch):
    monkeypatch.setattr("maemoh_gis.desk.extra.find_spec", lambda _: None)
    code, _, said = maemoh("--lang", "en", "desk", "--no-browser")
    assert code == 2
    assert 'pip install ".[desk]"' in said
