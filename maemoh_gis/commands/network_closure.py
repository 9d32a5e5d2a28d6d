"""The verb `network closure`: what one closure costs the ways to a place, or freight in a year."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from maemoh_gis.core import units
from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import text

if TYPE_CHECKING:
    from maemoh_gis.ask.closure_ends import Yard
    from maemoh_gis.ask.freight_closures import FreightShut, FreightShuts
    from maemoh_gis.commands.terminal import Terminal
    from maemoh_gis.freight.tariffs import Case
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.reach.closures import Shut
    from maemoh_gis.reach.queries import By, Opened

_SCENARIO = "baseline"
_TO = "Mae Mo station"
_PRICES: tuple[Case, ...] = ("central", "favours_rail", "favours_road")


@dataclass(frozen=True)
class _Asked:
    """What closures are asked about."""

    opened: Opened
    catalog: Catalog
    yard: Yard | None
    """The yard of a run, or the place of the choice that was named."""
    to: str


def add_to(app: typer.Typer, terminal: Terminal) -> None:
    """Add the verb to `maemoh-gis network`."""
    language = terminal.language

    def help_(id: str) -> str:
        return text(id, language)

    @app.command("closure", help=help_("cli.network_closure"))
    def closure(
        to: str = typer.Option(None, "--to", help=help_("cli.opt.closure_to"), metavar="PLACE"),
        start: list[str] = typer.Option(
            [], "--from", help=help_("cli.opt.closure_from"), metavar="PLACE"
        ),
        by: str = typer.Option(
            "road", "--by", help=help_("cli.opt.closure_by"), metavar="road|rail"
        ),
        run: Path = typer.Option(None, "--run", help=help_("cli.opt.closure_run")),
        freight: bool = typer.Option(False, "--freight", help=help_("cli.opt.closure_freight")),
        prices: str = typer.Option(
            "central", "--prices", help=help_("cli.opt.closure_prices"), metavar="|".join(_PRICES)
        ),
        top: int = typer.Option(10, "--top", min=1, help=help_("cli.opt.top")),
        scenario: str = typer.Option(_SCENARIO, "--scenario", help=help_("cli.arg.scenario")),
        network: str = typer.Option(None, "--network", help=help_("cli.opt.network"), metavar="ID"),
        year: int = typer.Option(None, "--year", help=help_("cli.opt.year"), metavar="B.E."),
        layers: Path = terminal.layers_option(),
        scenarios: Path = terminal.scenarios_option(),
        as_json: bool = terminal.json_option(),
    ) -> None:
        if by not in {"road", "rail"}:
            raise RunError(Fault("unknown_carrier", key="--by", found=by, expected="road, rail"))
        case = next((one for one in _PRICES if one == prices), None)
        if case is None:
            known = ", ".join(_PRICES)
            raise RunError(Fault("unknown_prices", key="--prices", found=prices, expected=known))
        asked = _open(terminal, to, run, (scenario, network, year), (layers, scenarios))
        if freight:
            _answer_freight(terminal, asked, case, top, as_json=as_json)
        else:
            _answer(
                terminal, asked, start, "rail" if by == "rail" else "road", top, as_json=as_json
            )


def _open(
    terminal: Terminal,
    to: str | None,
    run: Path | None,
    about: tuple[str, str | None, int | None],
    folders: tuple[Path | None, Path | None],
) -> _Asked:
    """Open the network of a scenario, or of a finished run whose preferred yard is meant."""
    from maemoh_gis.ask.closure_ends import yard_named, yard_of_run
    from maemoh_gis.reach.queries import open_network
    from maemoh_gis.runs.finished import open_run
    from maemoh_gis.runs.project import prepare

    project, (scenario, network, year) = terminal.project(*folders), about
    if run is not None:
        finished = open_run(run, project.catalog())
        opened = open_network(finished.scenario, finished.catalog, network, year)
        if to is None:
            return _Asked(opened, finished.catalog, yard_of_run(finished), "")
        catalog = finished.catalog
    else:
        resolved, catalog = prepare(project, scenario)
        opened = open_network(resolved.scenario, catalog, network, year)
    yard = None if to is None else yard_named(opened.scenario, catalog, to)
    return _Asked(opened, catalog, yard, to or _TO)


def _answer(
    terminal: Terminal, asked: _Asked, start: list[str], by: By, top: int, *, as_json: bool
) -> None:
    from maemoh_gis.ask.closure_ends import nearest_to
    from maemoh_gis.reach.closures import closures, ends_of

    opened, yard, language = asked.opened, asked.yard, terminal.language
    away_m = None
    to = asked.to
    if yard is not None:
        place, away_m = nearest_to(opened, yard, by=by)
        to = place.name_en
    starts, end = ends_of(opened, start, to, by=by)
    shut, without = closures(opened, starts, end, by=by)
    if as_json:
        data = _closures_as_data(opened, shut[:top], len(starts), without)
        yard_id = None if yard is None else yard.id
        terminal.data({**data, "to": end.name_en, "yard": yard_id,
                       "yard_away_m": None if away_m is None else round(away_m)})  # fmt: skip
        return
    ending = end.name_th if language == "th" else end.name_en
    if yard is not None and away_m is not None:
        terminal.say("cli.closure_yard", yard=yard.name_th if language == "th" else yard.name_en,
                     place=ending, away=units.number(away_m / 1000, 1))  # fmt: skip
    terminal.say("cli.closure_asked", n=len(starts), to=ending, year=opened.year_be)
    if without:
        terminal.say("cli.closure_without", n=without)
    for rank, one in enumerate(shut[:top], start=1):
        terminal.line(_closure_line(terminal, opened, rank, one))
    terminal.say(f"cli.closure_caveat_{by}", roads=opened.road_layer(language))


def _answer_freight(
    terminal: Terminal, asked: _Asked, case: Case, top: int, *, as_json: bool
) -> None:
    from maemoh_gis.ask.freight_closures import closures_of_freight

    opened, yard, language = asked.opened, asked.yard, terminal.language
    found = closures_of_freight(opened, asked.catalog, yard, case)
    if as_json:
        terminal.data(_freight_as_data(opened, yard, found, case, top))
        return
    name = text("cli.freight_no_yard", language)
    if yard is not None:
        name = yard.name_th if language == "th" else yard.name_en
    terminal.say("cli.freight_closure_asked", n=found.tried, year=opened.year_be, yard=name,
                 prices=text(f"freight.case.{case}", language),
                 thb=units.number(found.thb / 1e6, 1))  # fmt: skip
    for rank, one in enumerate(found.shuts[:top], start=1):
        terminal.line(_freight_line(terminal, opened, rank, one))
    idle = ", ".join(opened.named(one.name, language) for one in found.idle) or "–"
    terminal.say("cli.freight_closure_idle", names=idle)
    terminal.say("cli.freight_closure_caveat", unknown=found.unknown_flows,
                 roads=opened.road_layer(language))  # fmt: skip


def _freight_line(terminal: Terminal, opened: Opened, rank: int, one: FreightShut) -> str:
    from maemoh_gis.ask.freight_closures import middle_of, near_ends

    language = terminal.language
    lat, lon = middle_of(opened, one)
    values = {
        "rank": rank, "km": units.number(one.km, 1), "lat": f"{lat:.4f}", "lon": f"{lon:.4f}",
        "thb": units.number(one.thb / 1e6, 2), "teu": units.number(one.cut_off_teu, 0),
    }  # fmt: skip
    if one.carrier == "rail":
        return text(
            "cli.freight_closure_rail", language, name=opened.named(one.name, language), **values
        )
    names = [p.name_th if language == "th" else p.name_en for p in near_ends(opened, one)]
    name = opened.named(one.name, language) or text("cli.closure_nameless", language)
    return text("cli.freight_closure_road", language, name=name,
                near=" – ".join(dict.fromkeys(names)), **values)  # fmt: skip


def _freight_as_data(
    opened: Opened, yard: Yard | None, found: FreightShuts, case: Case, top: int
) -> dict[str, Any]:
    from maemoh_gis.ask.freight_closures import middle_of, near_ends

    return {
        "network": opened.id,
        "year": opened.year_be,
        "yard": None if yard is None else yard.id,
        "prices": case,
        "confidence": "ASSUMPTION",
        "thb_a_year": round(found.thb),
        "tried": found.tried,
        "flows_of_unknown_size": found.unknown_flows,
        "without_effect": [one.name for one in found.idle],
        "closures": [
            {
                "carrier": one.carrier,
                "name": one.name,
                "between": [p.name_en for p in near_ends(opened, one)],
                "km": round(one.km, 1),
                "lat": round(middle_of(opened, one)[0], 5),
                "lon": round(middle_of(opened, one)[1], 5),
                "thb_more": round(one.thb),
                "teu_cut_off": round(one.cut_off_teu, 1),
            }
            for one in found.shuts[:top]
        ],
    }


def _closure_line(terminal: Terminal, opened: Opened, rank: int, one: Shut) -> str:
    language = terminal.language
    names = [p.name_th if language == "th" else p.name_en for p in one.between]
    ends = " – ".join(dict.fromkeys(names))
    name = opened.named(one.name, language) or text("cli.closure_nameless", language)
    bridges = text("cli.closure_bridges", language, n=one.bridges) if one.bridges else ""
    extra = f"{one.extra_minutes:,.0f}"
    worst = "–" if math.isnan(one.worst_minutes) else f"{one.worst_minutes:,.0f}"
    return text("cli.closure_line", language, rank=rank, name=name, near=ends,
                km=f"{one.km:,.1f}", lat=f"{one.lat:.4f}", lon=f"{one.lon:.4f}",
                bridges=bridges, cut=one.cut_off, extra=extra, worst=worst)  # fmt: skip


def _closures_as_data(opened: Opened, shut: list[Shut], pairs: int, without: int) -> dict[str, Any]:
    return {
        "network": opened.id,
        "year": opened.year_be,
        "pairs": pairs,
        "without_a_way": without,
        "closures": [
            {
                "name": one.name,
                "between": [p.name_en for p in one.between],
                "km": round(one.km, 1),
                "bridges": one.bridges,
                "lat": round(one.lat, 5),
                "lon": round(one.lon, 5),
                "cut_off": one.cut_off,
                "extra_minutes": round(one.extra_minutes, 1),
                "worst_minutes": None
                if math.isnan(one.worst_minutes)
                else round(one.worst_minutes, 1),
            }
            for one in shut
        ],
    }
