"""The verb that asks OpenStreetMap for roads: network fetch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import text

if TYPE_CHECKING:
    from maemoh_gis.commands.terminal import Terminal

_CRS = "EPSG:32647"
_SIDES = 4


def add_to(app: typer.Typer, terminal: Terminal) -> None:
    """Add the verb to the verbs about networks."""
    language = terminal.language

    @app.command("fetch", help=text("cli.network_fetch", language))
    def fetch(
        bounds: str = typer.Argument(
            ..., help=text("cli.arg.bounds", language), metavar="WEST,SOUTH,EAST,NORTH"
        ),
        out: Path = typer.Option(..., "--out", help=text("cli.opt.fetch_out", language)),
        server: str = typer.Option(None, "--server", help=text("cli.opt.server", language)),
        crs: str = typer.Option(_CRS, "--crs", help=text("cli.opt.crs", language)),
    ) -> None:
        from maemoh_gis.exchange.graphml import write_graphml
        from maemoh_gis.exchange.osm import CREDIT, LICENCE, fetch_roads
        from maemoh_gis.network.edges import kilometres

        graph = fetch_roads(_box(bounds), crs, server=server)
        about = {"licence": LICENCE, "credit": CREDIT, "fetched": str(graph.graph["fetched"])}
        write_graphml(out, graph, about)
        terminal.say("cli.fetched", nodes=graph.number_of_nodes(), km=f"{kilometres(graph):,.1f}",
                     source=graph.graph["fetched"], path=out)  # fmt: skip


def _box(written: str) -> tuple[float, float, float, float]:
    """Read four numbers with commas."""
    try:
        west, south, east, north = (float(part) for part in written.split(","))
    except ValueError:
        example = "99.6,18.2,99.9,18.5"
        raise RunError(Fault("not_a_box", key="bounds", found=written, expected=example)) from None
    return west, south, east, north
