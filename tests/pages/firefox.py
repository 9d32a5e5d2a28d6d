"""A headless Firefox with no network, driven over WebDriver BiDi, to test the pages."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Self

from tornado.websocket import WebSocketClientConnection, websocket_connect

NAMES = ("firefox-esr", "firefox")
# Whatever is asked of the network goes to a port of this machine on which nobody answers.
PREFERENCES = {
    "network.proxy.type": 1,
    **{f"network.proxy.{kind}": "127.0.0.1" for kind in ("http", "ssl", "socks")},
    **{f"network.proxy.{kind}_port": 9 for kind in ("http", "ssl", "socks")},
    "layout.frame_rate": 60,  # by its own clock: a screen that is not there ticks unreliably
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}
ANSWERS_WITHIN_S = 120


def find_firefox() -> str | None:
    """Give the Firefox of this machine, or None; `MAEMOH_FIREFOX` names another."""
    named = os.environ.get("MAEMOH_FIREFOX")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


class Firefox:
    """One browser with one open page; use it as a context manager."""

    def __init__(self, program: str) -> None:
        self.program = program
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self._count = 0
        self._socket: WebSocketClientConnection | None = None

    def __enter__(self) -> Self:
        self._profile = tempfile.mkdtemp(prefix="maemoh-firefox-")
        told = (f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in PREFERENCES.items())
        Path(self._profile, "user.js").write_text("".join(told), encoding="utf-8")
        self._loop = asyncio.new_event_loop()
        self._process = subprocess.Popen(
            [self.program, "--headless", "--no-remote", "--profile", self._profile,
             "--remote-debugging-port=0"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            self._attach()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _attach(self) -> None:
        address = f"{self._address()}/session"
        self._socket = self._wait(lambda: websocket_connect(address, max_message_size=1 << 28))
        self.send("session.new", capabilities={})
        self.send("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        self._context = self.send("browsingContext.getTree")["contexts"][0]["context"]

    def _address(self) -> str:
        """Read where it listens: it writes so into its profile once it does."""
        told = Path(self._profile, "WebDriverBiDiServer.json")
        end = time.monotonic() + ANSWERS_WITHIN_S
        while not (told.exists() and told.stat().st_size):
            assert self._process.poll() is None, "the browser has gone"
            assert time.monotonic() < end, "the browser does not listen"
            time.sleep(0.05)
        at = json.loads(told.read_text(encoding="utf-8"))
        return f"ws://{at['ws_host']}:{at['ws_port']}"

    def _wait(self, ask: Callable[[], Awaitable[Any]]) -> Any:
        async def asked() -> Any:
            return await asyncio.wait_for(ask(), ANSWERS_WITHIN_S)

        return self._loop.run_until_complete(asked())

    def __exit__(self, *_: object) -> None:
        if self._socket is not None:
            self._socket.close()
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._loop.close()
        shutil.rmtree(self._profile, ignore_errors=True)

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        """Send one command and wait for its answer, noting what happens meanwhile."""
        socket = self._socket
        assert socket is not None
        self._count += 1
        message = json.dumps({"id": self._count, "method": method, "params": params})
        self._wait(lambda: socket.write_message(message))
        while True:
            read = self._wait(socket.read_message)
            assert read is not None, "the browser has gone"
            answer = json.loads(read)
            if answer.get("id") == self._count:
                assert answer["type"] == "success", answer
                return answer["result"]
            self._note(answer)

    def _note(self, event: dict[str, Any]) -> None:
        params = event.get("params", {})
        if event.get("method") == "network.beforeRequestSent":
            self.requests.append(params["request"]["url"])
        if event.get("method") == "log.entryAdded" and params["level"] == "error":
            self.complaints.append(params["text"])

    def open(
        self, page: Path, *, width: int = 1280, height: int = 720, language: str = "th"
    ) -> None:
        """Open a page file and wait until it has drawn itself."""
        viewport = {"width": width, "height": height}
        self.send("browsingContext.setViewport", context=self._context, viewport=viewport)
        self._go("about:blank")
        self.requests.clear()
        self.complaints.clear()
        self._go(f"{page.resolve().as_uri()}#{language}")
        self.drawn()

    def _go(self, address: str) -> None:
        self.send("browsingContext.navigate", context=self._context, url=address, wait="complete")

    def run(self, expression: str) -> Any:
        """Work out a script expression in the page, waiting for promises."""
        answer = self.send(
            "script.evaluate",
            expression=f"Promise.resolve({expression}).then((one) => JSON.stringify([one]))",
            target={"context": self._context}, awaitPromise=True,
        )  # fmt: skip
        assert answer["type"] == "success", answer["exceptionDetails"]["text"]
        return json.loads(answer["result"]["value"])[0]

    def drawn(self) -> None:
        """Wait until letters are there and the page has drawn itself, or has nothing to draw."""
        self.run(
            "Promise.race([new Promise((done) => setTimeout(done, 2000)),"
            " document.fonts.ready.then(() => new Promise((done) =>"
            " requestAnimationFrame(() => requestAnimationFrame(done))))]).then(() => 0)"
        )
