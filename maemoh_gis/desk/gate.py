"""
Who may come in: whoever holds the token, from a page of this very address.

The server listens on the loopback address alone. Any page that a browser has open could still ask
it, so what names another host or comes from another page is refused, sockets included.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ADDRESS = "127.0.0.1"
_NAMES = (ADDRESS, "localhost")
_OWN_SITES = (None, "none", "same-origin")
Verdict = Literal["in", "enter", "host", "origin", "token"]
"""Let in; let in for the first time; or what it is refused for."""


@dataclass(frozen=True)
class Gate:
    """The token of one start of the desk, and what is asked of every request."""

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    """What the address that is printed holds."""
    pass_: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    """What the cookie holds: the token itself is in no cookie."""

    @property
    def cookie(self) -> str:
        """Name the cookie; browsers do not tell ports apart."""
        return f"maemoh-desk-{self.port}"

    @property
    def url(self) -> str:
        """Give the address that lets in."""
        return f"http://{ADDRESS}:{self.port}/?token={self.token}"

    def verdict(
        self,
        headers: Mapping[str, str],
        *,
        path: str = "/",
        token: str | None = None,
        cookie: str | None = None,
    ) -> Verdict:
        """Judge a request by its headers, the token of its address and its cookie."""
        hosts = {f"{name}:{self.port}" for name in _NAMES}
        if headers.get("Host", "").lower() not in hosts:
            return "host"
        origin = headers.get("Origin")
        if origin is not None and origin.lower() not in {f"http://{host}" for host in hosts}:
            return "origin"
        if path == "/" and token is not None and _same(token, self.token):
            return "enter"
        if not _same(cookie or "", self.pass_):
            return "token"
        if headers.get("Sec-Fetch-Site") not in _OWN_SITES:
            return "origin"
        return "in"


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8"), wanted.encode("utf-8"))
