"""The server of the desk: Voilà on the loopback address, behind a gate of our own."""

from __future__ import annotations

import logging
import os
import socket
import sys
import tempfile
import webbrowser
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPMessageDelegate, HTTPServerRequest
from tornado.ioloop import IOLoop
from tornado.routing import Router
from tornado.web import Application, HTTPError, RequestHandler, StaticFileHandler
from traitlets.config import Config
from voila.app import Voila
from voila.static_file_handler import AllowListFileHandler
from voila.tornado.handler import TornadoVoilaHandler

from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import Language, text
from maemoh_gis.desk.files_served import shown
from maemoh_gis.desk.gate import ADDRESS, Gate
from maemoh_gis.desk.job import tidy
from maemoh_gis.desk.names import RUNS_SERVED, SCENARIO
from maemoh_gis.layers.bundled import bundled_folder, package_folder

PORT, MORE_PORTS = 8866, 20
NOTEBOOK = Path("notebooks", "07_desk.ipynb")
_OWN = Path(__file__).parent
_RUNS = Path("runs")
# Windows would let another program take the port away; elsewhere it waits for old connections.
_ALONE = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
_MOST_BYTES = 256 << 20
"""Of a file somebody brings in; the intake refuses what is too large for it."""
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' ws://{host}; frame-src 'self'; frame-ancestors 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'none'"
)
# A page of a run is a world of its own: its scripts reach neither the desk nor its kernel.
_RUN_POLICY = (
    "sandbox allow-scripts allow-downloads allow-popups allow-modals; frame-ancestors 'self'"
)


@dataclass(frozen=True)
class Opened:
    """A desk that listens."""

    gate: Gate
    serve: Callable[[], None]
    """Serve until it is interrupted, then end kernels and let go of the port."""


class _OwnKernel(KernelSpecManager):  # type: ignore[misc]
    """Knows one kernel: the Python that runs the desk, whatever others are installed."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        line = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        speaks = {"supported_encryption": "curve"} if zmq.has("curve") else {}
        return KernelSpec(argv=line, display_name=kernel_name, language="python", metadata=speaks)

    def find_kernel_specs(self) -> dict[str, str]:
        return {"python3": str(_OWN)}


class _Kernels(AsyncMappingKernelManager):  # type: ignore[misc]
    """Starts kernels in the folder the planner works in."""

    def cwd_for_path(self, path: str, **_: Any) -> str:
        del path
        return str(Path.cwd())


class _RunFile(StaticFileHandler):  # type: ignore[misc]
    """Shows a file of a finished run."""

    def set_extra_headers(self, path: str) -> None:
        del path
        self.set_header("Content-Security-Policy", _RUN_POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cache-Control", "no-cache")

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        asked = Path(absolute_path).relative_to(Path(root).absolute()).as_posix()
        found = shown(Path(root), asked)
        if found is None:
            raise HTTPError(404)
        served: str | None = super().validate_absolute_path(root, str(found))
        return served


class _Refused(RequestHandler):  # type: ignore[misc]
    """Says what a request was refused for."""

    def initialize(self, said: str) -> None:
        self._said = said

    def prepare(self) -> None:
        self.set_status(403)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{self._said}\n")


class _Enter(RequestHandler):  # type: ignore[misc]
    """Hands over the cookie, and leaves no token in the address that is shown."""

    def initialize(self, gate: Gate) -> None:
        self._gate = gate

    def get(self) -> None:
        self.set_cookie(self._gate.cookie, self._gate.pass_, httponly=True, samesite="Strict")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")
        # The page itself goes on: a cookie of this strictness is not sent where another page did.
        self.finish('<!doctype html><html lang="th"><meta charset="utf-8"><title>maemoh-gis</title>'
                    '<link rel="icon" href="data:,">'
                    '<meta http-equiv="refresh" content="0;url=/">')  # fmt: skip


class _Gated(Router):  # type: ignore[misc]
    """Asks the gate before anything else sees a request."""

    def __init__(self, inside: Application, gate: Gate, language: Language) -> None:
        self._inside, self._gate = inside, gate
        self._enter = Application([("/", _Enter, {"gate": gate})])
        refused = {
            "host": text("desk.refused_host", language),
            "origin": text("desk.refused_origin", language),
            "token": text("desk.refused_token", language),
        }
        self._refused = {
            why: Application([(".*", _Refused, {"said": said})]) for why, said in refused.items()
        }

    def find_handler(self, request: HTTPServerRequest, **_: Any) -> HTTPMessageDelegate:
        given = request.arguments.get("token", [b""])[0].decode("utf-8", "replace") or None
        kept = request.cookies.get(self._gate.cookie)
        verdict = self._gate.verdict(
            _headers_of(request), path=request.path, token=given,
            cookie=None if kept is None else kept.value,
        )  # fmt: skip
        if verdict == "in":
            return self._inside.find_handler(request)
        if verdict == "enter":
            return self._enter.find_handler(request)
        return self._refused[verdict].find_handler(request)


def _headers_of(request: HTTPServerRequest) -> Mapping[str, str]:
    names = ("Host", "Origin", "Sec-Fetch-Site")
    return {name: request.headers[name] for name in names if name in request.headers}


class _Desk(Voila):  # type: ignore[misc]
    """Voilà with no settings but ours, its doors to files shut, and the gate before it."""

    def load_config_file(self, *_: Any, **__: Any) -> None:
        """Take no settings from files of the machine: one of them could open the desk to others."""

    def prepare(self) -> None:
        """Make the application without a socket of its own; the gate gets the sockets."""
        self.connection_dir = tempfile.mkdtemp(prefix="maemoh-desk-", dir=self.connection_dir_root)
        self.app = Application(**self.init_settings())
        self.app.settings.update(self.tornado_settings)
        self.app.add_handlers(".*$", self.init_handlers())
        self.ioloop = IOLoop.current()

    def init_handlers(self) -> list[Any]:
        own = [
            (r"/runs/(.*)", _RunFile, {"path": str(_RUNS.absolute())}),
            (r"/desk/(.*)", StaticFileHandler, {"path": str(_OWN / "page")}),
            (r"/font/(.*\.woff2)", StaticFileHandler,
             {"path": str(package_folder() / "pages" / "vendor" / "sarabun")}),
        ]  # fmt: skip
        shut = (AllowListFileHandler, self.identity_provider.login_handler_class,
                self.identity_provider.logout_handler_class)  # fmt: skip
        others = [one for one in super().init_handlers() if one[1] not in shut]
        # Any other address would lead on to the door that is shut.
        return own + [
            (r"/()", *one[1:]) if one[1] is TornadoVoilaHandler else one for one in others
        ]


def open_desk(
    language: Language, scenario: str, port: int | None = None, *, log_level: int = logging.ERROR
) -> Opened:
    """Take a port and make the server; nothing listens before the gate stands."""
    listening = _listening(port)
    gate = Gate(listening.getsockname()[1])
    os.environ |= {
        "MAEMOH_LANG": language, RUNS_SERVED: "/runs/", SCENARIO: scenario,
        "JUPYTER_PATH": os.pathsep.join(
            filter(None, [str(_OWN / "jupyter"), os.environ.get("JUPYTER_PATH")])),
    }  # fmt: skip
    voila = _voila(gate, language, log_level)

    def serve() -> None:
        server = HTTPServer(_Gated(voila.app, gate, language))
        server.add_socket(listening)
        try:
            voila.ioloop.start()
        except KeyboardInterrupt:
            pass
        finally:
            server.stop()
            voila.stop()
            tidy(_RUNS)

    return Opened(gate, serve)


def _voila(gate: Gate, language: Language, log_level: int) -> _Desk:
    policy = _POLICY.format(host=f"{ADDRESS}:{gate.port}")
    settings = Config()
    settings.Voila.token = ""  # the gate stands before it
    settings.Voila.log_level = log_level
    settings.Voila.tornado_settings = {
        "headers": {"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"},
        "websocket_max_message_size": _MOST_BYTES,
    }
    settings.VoilaConfiguration.template = "maemoh"
    settings.VoilaConfiguration.theme = "light"
    settings.VoilaConfiguration.kernel_spec_manager_class = _OwnKernel
    settings.VoilaConfiguration.multi_kernel_manager_class = _Kernels
    settings.VoilaConfiguration.show_tracebacks = False
    settings.KernelManager.transport_encryption = "auto"  # others use this machine too
    settings.VoilaExporter.language_code = language
    for loud in ("tornado.access", "tornado.application", "tornado.general"):
        logging.getLogger(loud).setLevel(log_level)
    voila = _Desk(config=settings)
    voila.notebook_path = str(bundled_folder() / NOTEBOOK)
    voila.initialize([])
    voila.prepare()
    return voila


def _listening(port: int | None) -> socket.socket:
    """Take the port that is asked for, or the first that is free near the usual one."""
    tried = range(PORT, PORT + MORE_PORTS) if port is None else (port,)
    for one in tried:
        taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            taken.setsockopt(socket.SOL_SOCKET, _ALONE, 1)
            taken.bind((ADDRESS, one))
            taken.listen()
        except OSError:
            taken.close()
            continue
        taken.settimeout(0)
        return taken
    asked = f"{PORT}–{PORT + MORE_PORTS - 1}" if port is None else str(port)
    raise RunError(Fault("desk_port_taken", key="--port", found=asked))


def show(url: str) -> bool:
    """Open an address in the browser; say whether there is one."""
    try:
        return webbrowser.open(url)
    except webbrowser.Error:
        return False
