"""Verbs about networks: audit, isochrone, export, closure, fetch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from maemoh_gis.commands import network_closure, network_fetch
from maemoh_gis.core import units
from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import text

if TYPE_CHECKING:
    from maemoh_gis.commands.terminal import Terminal
    from maemoh_gis.reach.gaps import Gap
    from maemoh_gis.reach.queries import Opened, Reach

_SCENARIO = "baseline"
_MOST_GAPS = 10
_WALK_KPH, _MOST_WALK_M = 15.0, 15_000.0


def add_to(app: typer.Typer, terminal: Terminal) -> None:
    """Add the verbs to a command line."""
    network = typer.Typer(
        help=text("cli.network", terminal.language), no_args_is_help=True, rich_markup_mode=None
    )
    _add_audit(network, terminal)
    _add_isochrone(network, terminal)
    _add_export(network, terminal)
    network_closure.add_to(network, terminal)
    network_fetch.add_to(network, terminal)
    app.add_typer(network, name="network")


class _Asked:
    """Options that all verbs share."""

    def __init__(self, terminal: Terminal) -> None:
        language = terminal.language
        self.scenario: Any = typer.Option(
            _SCENARIO, "--scenario", help=text("cli.arg.scenario", language)
        )
        self.network: Any = typer.Option(
            None, "--network", help=text("cli.opt.network", language), metavar="ID"
        )
        self.year: Any = typer.Option(
            None, "--year", help=text("cli.opt.year", language), metavar="B.E."
        )


def _open(
    terminal: Terminal,
    scenario: str,
    network: str | None,
    year: int | None,
    folders: tuple[Path | None, Path | None],
) -> Opened:
    from maemoh_gis.reach.queries import open_network
    from maemoh_gis.runs.project import prepare

    resolved, catalog = prepare(terminal.project(*folders), scenario)
    return open_network(resolved.scenario, catalog, network, year)


def _add_audit(app: typer.Typer, terminal: Terminal) -> None:
    asked = _Asked(terminal)

    @app.command("audit", help=text("cli.network_audit", terminal.language))
    def audit(
        scenario: str = asked.scenario,
        network: str = asked.network,
        year: int = asked.year,
        layers: Path = terminal.layers_option(),
        scenarios: Path = terminal.scenarios_option(),
        as_json: bool = terminal.json_option(),
    ) -> None:
        from maemoh_gis.network.outputs import on_record
        from maemoh_gis.reach.gaps import gaps_of

        opened = _open(terminal, scenario, network, year, (layers, scenarios))
        record = on_record(opened.built)
        gaps, pairs = gaps_of(opened.built)
        if as_json:
            told = {"pairs": pairs, "gaps": [_gap_as_data(gap) for gap in gaps]}
            terminal.data({"network": opened.id, "year": opened.year_be, **record, **told})
            return
        _show_audit(terminal, opened, record)
        _show_gaps(terminal, gaps, pairs)


def _add_isochrone(app: typer.Typer, terminal: Terminal) -> None:
    asked, language = _Asked(terminal), terminal.language

    @app.command("isochrone", help=text("cli.network_isochrone", language))
    def isochrone(
        place: str = typer.Argument(
            ..., help=text("cli.arg.place", language), metavar="PLACE|LAT,LON"
        ),
        minutes: str = typer.Option("15,30,60", "--minutes", help=text("cli.opt.steps", language)),
        out: Path = typer.Option(None, "--out", help=text("cli.opt.isochrone_out", language)),
        walk_kph: float = typer.Option(
            _WALK_KPH, "--walk-kph", help=text("cli.opt.walk_kph", language)
        ),
        most_walk_m: float = typer.Option(
            _MOST_WALK_M, "--most-walk-m", help=text("cli.opt.most_walk", language)
        ),
        scenario: str = asked.scenario,
        network: str = asked.network,
        year: int = asked.year,
        layers: Path = terminal.layers_option(),
        scenarios: Path = terminal.scenarios_option(),
        as_json: bool = terminal.json_option(),
    ) -> None:
        from maemoh_gis.reach.queries import reach_from, write_reach

        steps = _steps(minutes)
        opened = _open(terminal, scenario, network, year, (layers, scenarios))
        reach = reach_from(
            opened, place, steps, walk_kph=walk_kph, most_walk_m=most_walk_m,
            cell_m=opened.scenario.grid.cell_m,
        )  # fmt: skip
        written = write_reach(opened, reach, out) if out is not None else []
        if as_json:
            terminal.data(_reach_as_data(opened, reach, written))
            return
        _show_reach(terminal, opened, reach, (walk_kph, most_walk_m))
        for path in written:
            terminal.say("cli.written", path=path)


def _add_export(app: typer.Typer, terminal: Terminal) -> None:
    asked, language = _Asked(terminal), terminal.language

    @app.command("export", help=text("cli.network_export", language))
    def export(
        out: Path = typer.Option(
            ..., "--out", help=text("cli.opt.export_out", language), metavar="FILE"
        ),
        replace: bool = typer.Option(
            False, "--replace", help=text("cli.opt.replace_file", language)
        ),
        scenario: str = asked.scenario,
        network: str = asked.network,
        year: int = asked.year,
        layers: Path = terminal.layers_option(),
        scenarios: Path = terminal.scenarios_option(),
        as_json: bool = terminal.json_option(),
    ) -> None:
        from maemoh_gis.exchange.export import provenance_of, require_network_file, write_network

        require_network_file(out, replace=replace)
        opened = _open(terminal, scenario, network, year, (layers, scenarios))
        made_of = provenance_of(opened.scenario, opened.layers.catalog, opened.id, opened.year_be)
        graph = opened.built.graph
        sha256 = write_network(out, graph, made_of)
        nodes, edges = graph.number_of_nodes(), graph.number_of_edges()
        if as_json:
            told = {"nodes": nodes, "edges": edges, "written": str(out), "sha256": sha256}
            known = {"network": opened.id, "year": opened.year_be}
            terminal.data({**known, **told, "licences": list(made_of.licences),
                           "credit": made_of.credit})  # fmt: skip
            return
        terminal.line(f"{opened.id}: {opened.scenario.networks[opened.id].title[language]}")
        terminal.say("cli.network_size", year=opened.year_be, nodes=nodes, edges=edges)
        terminal.say("cli.network_licences", licences=", ".join(made_of.licences),
                     credit=made_of.credit or "–")  # fmt: skip
        terminal.say("cli.written", path=out)


def _steps(written: str) -> list[float]:
    """Read "15,30,60"."""
    try:
        return [float(part) for part in written.split(",")]
    except ValueError:
        fault = Fault("minutes_not_positive", key="--minutes", found=written)
        raise RunError(fault) from None


def _show_audit(terminal: Terminal, opened: Opened, record: dict[str, Any]) -> None:
    """Say what a network is made of, how its places lie and what is assumed."""
    language = terminal.language
    asked = opened.scenario.networks[opened.id]
    terminal.line(f"{opened.id}: {asked.title[language]}")
    terminal.say(
        "cli.network_size", year=opened.year_be, nodes=record["nodes"], edges=record["edges"]
    )
    for mode, km in record["km"].items():
        title = text(f"network.mode.{mode}", language)
        terminal.say("cli.network_mode", mode=title, km=units.number(km, 1))
    terminal.say("cli.network_parts", n=len(record["parts"]))
    for part in record["parts"] if len(record["parts"]) > 1 else []:
        names = ", ".join(opened.named(name, language) for name in part["places"][:6]) or "–"
        terminal.say(
            "cli.network_part", nodes=part["nodes"], km=units.number(part["km"], 1), places=names
        )
    far = sorted(
        (p for p in opened.built.places if p.road_node is not None and p.offset_m > 0),
        key=lambda place: -place.offset_m,
    )
    terminal.say("cli.network_snapped", n=len(far))
    for place in far[:10]:
        name = place.name_th if language == "th" else place.name_en
        terminal.say("cli.network_offset", name=name, m=units.number(place.offset_m, 0))
    for one in record["stated_and_network_km"]:
        values = {
            "start": opened.named(one["from"], language),
            "end": opened.named(one["to"], language),
            "by": text(f"network.by.{one['carrier']}", language),
            "stated": f"{one['stated_km']:g}",
        }
        if one["network_km"] is None:
            terminal.say("cli.stated_absent", **values)
        else:
            terminal.say("cli.stated_compared", network=f"{one['network_km']:g}", **values)
    confidence = text(f"confidence.{asked.confidence}", language)
    terminal.say("cli.network_basis", confidence=confidence, basis=asked.basis)


def _show_gaps(terminal: Terminal, gaps: list[Gap], pairs: int) -> None:
    """Say between which places the drawn roads lead far round."""
    from maemoh_gis.network.detours import MOST_DETOUR

    times = f"{MOST_DETOUR:g}"
    if not gaps:
        terminal.say("cli.network_no_gaps", times=times)
        return
    terminal.say("cli.network_gaps", times=times, n=len(gaps), m=pairs)
    thai = terminal.language == "th"
    for gap in gaps[:_MOST_GAPS]:
        terminal.say(
            "cli.network_gap",
            start=gap.start_th if thai else gap.start_en,
            end=gap.end_th if thai else gap.end_en,
            way=units.number(gap.way_km, 0),
            straight=units.number(gap.straight_km, 1),
            times=units.number(gap.times, 1),
        )


def _gap_as_data(gap: Gap) -> dict[str, Any]:
    return {
        "from": {"th": gap.start_th, "en": gap.start_en},
        "to": {"th": gap.end_th, "en": gap.end_en},
        "road_km": round(gap.way_km, 1),
        "straight_km": round(gap.straight_km, 1),
    }


def _show_reach(
    terminal: Terminal, opened: Opened, reach: Reach, walk: tuple[float, float]
) -> None:
    language, start = terminal.language, reach.start
    name = start.name_th if language == "th" else start.name_en
    terminal.say("cli.reach_from", place=name, offset=f"{start.offset_m:,.0f}", year=opened.year_be)
    for minutes, area_m2, outside_m2 in reach.areas_m2:
        area = units.area(area_m2, language)
        terminal.say("cli.reach", minutes=f"{minutes:g}", area=area)
        if outside_m2:
            terminal.say("cli.reach_outside", area=units.area(outside_m2, language))
    terminal.say("cli.reach_caveat", walk=f"{walk[0]:g}", most=f"{walk[1] / 1000:g}")


def _reach_as_data(opened: Opened, reach: Reach, written: list[str]) -> dict[str, Any]:
    return {
        "network": opened.id,
        "year": opened.year_be,
        "from": {"th": reach.start.name_th, "en": reach.start.name_en},
        "off_the_road_m": round(reach.start.offset_m),
        "within": [
            {
                "minutes": minutes,
                "area_rai": round(units.rai_from_m2(area_m2), 1),
                "outside_study_rai": round(units.rai_from_m2(outside_m2), 1),
            }
            for minutes, area_m2, outside_m2 in reach.areas_m2
        ],
        "written": written,
    }
