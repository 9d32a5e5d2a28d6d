"""The first half of a report: question, answer in short, method, limits, values, weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from maemoh_gis.core.messages import Text, both, joined
from maemoh_gis.core.units import number
from maemoh_gis.pages.report_content import (
    Bar,
    Bars,
    Block,
    Column,
    Heading,
    Items,
    Paragraph,
    Section,
    Table,
    table_of,
)
from maemoh_gis.presentation.pictures import layer_title, picture_of
from maemoh_gis.presentation.run_files import (
    NOT_KNOWN,
    RunFiles,
    column,
    land,
    of_row,
    percent,
    trust,
)
from maemoh_gis.scenario.settings.measure import Measure
from maemoh_gis.suitability.caveats import CONFIDENCES, NATURES, UNKNOWN, UNSCORED, percent_of

_CONFIDENCE = (*CONFIDENCES, UNSCORED)
_NATURES = (*NATURES, UNKNOWN)


def checked_words(run: RunFiles) -> Text:
    """Give the record's sentence on how few places it rests on and how far laws are checked."""
    found: Text = run.record["caveats"][1]
    return found


def method(run: RunFiles) -> Section:
    """Tell in words how the result was reached."""
    record, grid = run.record, run.record["grid"]
    error = grid["area_scale_error"]
    steps = [
        both("report.method.grid", cell=number(grid["cell_m"]), crs=grid["crs"],
            error=number(100 * abs(error), 2),
            side=both("report.method.smaller" if error < 0 else "report.method.larger")),
        both("report.method.limits"),
        both("report.method.score"),
        both("report.method.unknown"),
        both("report.method.sites"),
    ]  # fmt: skip
    if record.get("yards"):
        steps.append(both("report.method.yards"))
    if record.get("choice"):
        steps.append(both("report.method.choice"))
    if record.get("freight"):
        steps.append(both("report.method.freight"))
    if record.get("timeline"):
        steps.append(both("report.method.timeline"))
    return Section("method", both("report.section.method"), [Items(steps)])


def limits(run: RunFiles) -> Section:
    """Tell which limits hold, on what law they stand, and which were not checked."""
    rows = run.table("removed.csv")
    blocks: list[Block] = [Paragraph(checked_words(run), "caution")]
    if not rows:
        blocks.append(Paragraph(both("report.missing_part", file="removed.csv"), "caution"))
        return Section("limits", both("report.section.limits"), blocks)
    blocks += [_limit_table(run, rows), Paragraph(both("report.limits_note"), "quiet")]
    for use, definition in run.uses.items():
        of_use = [row for row in rows if row["use"] == use]
        blocks.append(Heading(both("report.limits_of", use=definition["title"])))
        # The first row of a use holds its own "n of m".
        blocks += [Paragraph(of_row(row, "title"), "quiet") for row in of_use if not row["limit"]]
        blocks.append(_area_table([row for row in of_use if row["at_all_rai"]]))
        blocks += [
            Paragraph(both("report.within_error", title=of_row(row, "title"),
                          share=percent(float(row["within_error_share"]))), "caution")
            for row in of_use if row.get("within_error_share")
        ]  # fmt: skip
    return Section("limits", both("report.section.limits"), blocks)


def _limit_table(run: RunFiles, rows: list[Mapping[str, str]]) -> Table:
    """List every limit once with its basis, law first."""
    columns: list[Column[Mapping[str, str]]] = [
        column("limit", _limit_title),
        column("basis", _basis, "wide"),
        column("outcome", _outcome),
        column("status", lambda row: _status(run, row)),
    ]
    found = {row["limit"]: row for row in rows if row["limit"] not in {"", "all"}}
    return table_of(columns, sorted(found.values(), key=lambda row: row["ground"] != "law"))


def _status(run: RunFiles, row: Mapping[str, str]) -> Text:
    """Say on how much land a limit was checked, and what is missing to check it."""
    needs = run.scenario.get("limits", {}).get(row["limit"], {}).get("needs")
    status: Text = NOT_KNOWN
    if row["status"]:
        known = run.record["legal_limits"].get("coverage", {}).get(row["limit"], {})
        status = both(f"report.status.{row['status']}")
        if row["status"] == "partly" and known:
            status = both("report.status_share", percent=percent_of(known["study_area"]))
    return both("report.status_needs", status=status, needs=needs) if needs else status


def _basis(row: Mapping[str, str]) -> Text:
    """Name the ground of a limit, and what it stands on."""
    basis = of_row(row, "basis")
    if not row["ground"]:
        return basis
    return both("report.named_trust", title=both(f"report.ground.{row['ground']}"), trust=basis)


def _area_table(rows: list[Mapping[str, str]]) -> Table:
    columns: list[Column[Mapping[str, str]]] = [
        column("limit", _limit_title),
        column("at_all", lambda row: land(row["at_all_rai"]), "number"),
        column("alone", lambda row: land(row["alone_rai"]), "number"),
    ]
    return table_of(columns, rows)


def _limit_title(row: Mapping[str, str]) -> Text:
    if row["limit"] == "all":
        return both("report.all_limits", outcome=_outcome(row))
    return of_row(row, "title")


def _outcome(row: Mapping[str, str]) -> Text:
    return both(f"report.outcome.{row['outcome']}")


def criteria(run: RunFiles) -> Section:
    """Tell what scores the land, by which function, with which weight and confidence."""
    blocks: list[Block] = [Paragraph(both("report.criteria_note"))]
    for use, definition in run.uses.items():
        blocks += [Heading(definition["title"]), _criteria_table(run, use)]
        name = f"values_{use}.svg"
        if run.has(name):
            alt = both("report.values_alt", use=definition["title"])
            blocks.append(picture_of(run, name, alt))
    return Section("criteria", both("report.section.criteria"), blocks)


def _criteria_table(run: RunFiles, use: str) -> Table:
    weights, criteria = run.record["weights"][use]["weights"], run.uses[use]["criteria"]
    columns: list[Column[str]] = [
        column("criterion", lambda id: criteria[id]["title"]),
        column("weight", lambda id: percent(weights.get(id, 0.0)), "number"),
        column("measured_by", lambda id: _measured(run, criteria[id]), "wide"),
        column("confidence", lambda id: _trust_of(criteria[id])),
    ]
    scored = run.record.get("scored", {}).get(use, {}).get("criteria", {})
    # Records written before told the nature by use only.
    if all("nature" in told for told in scored.values()):
        columns.append(column("rests_on", lambda id: _rests_on(scored.get(id, {}))))
    return table_of(columns, criteria)


def _rests_on(scored: Mapping[str, Any]) -> Text:
    """Say on what share of the open land the score of a criterion is of what nature."""
    natures: Mapping[str, float] = scored.get("nature", {})
    told = {x: share for x, share in natures.items() if share}
    if not told:
        return both("report.not_scored")
    return joined([_named_share(both(f"nature.{x}"), share) for x, share in told.items()])


def _named_share(name: Text, share: float) -> Text:
    return both("report.named_share", name=name, share=f"{percent_of(share)} %")


def _trust_of(criterion: Mapping[str, Any]) -> Text:
    scored = criterion.get("measure")
    return trust(criterion["confidence"]) if scored else both("report.not_scored")


def _measured(run: RunFiles, criterion: Mapping[str, Any]) -> Text:
    """Name what is measured, with the title of the layer or of the network, or what it needs."""
    measure = criterion.get("measure")
    if not measure:
        return both("report.needs", needs=criterion.get("needs") or NOT_KNOWN)
    written = Measure.model_validate(measure)
    id, network = f"report.measure.{written.kind}", written.of.by_network()
    if network is not None:
        return both(id, layer=run.scenario["networks"][network]["title"])
    if not written.layers():
        return both(id)
    return both(id, layer=layer_title(run, written.layer))


def weights(run: RunFiles) -> Section:
    """Tell the weights of every viewpoint, how consistent they are, what they rest on."""
    record, scenario = run.record, run.scenario
    chosen = scenario["viewpoints"][record["viewpoint"]]
    blocks: list[Block] = [
        Paragraph(both("report.viewpoint", title=chosen["title"])),
        Paragraph(both("report.weights_assumed"), "caution"),
    ]
    for use, definition in run.uses.items():
        blocks += [Heading(definition["title"]), *_consistency(record["weights"][use])]
        blocks.append(_viewpoint_table(run, use))
        blocks.append(
            _shares_bar(record["confidence"][use], _CONFIDENCE, both("report.weight_by_confidence"))
        )
        if use in record.get("nature", {}):
            blocks.append(
                _shares_bar(record["nature"][use], _NATURES, both("report.weight_by_nature"))
            )
    blocks.append(Paragraph(both("report.weights_note"), "quiet"))
    return Section("weights", both("report.section.weights"), blocks)


def _consistency(found: Mapping[str, Any]) -> Iterator[Block]:
    yield Paragraph(both(f"report.way.{found['way']}"))
    ratios = found.get("consistency") or {}
    for name, told in ratios.items():
        ratio = told["ratio"]
        id = "report.consistent" if ratio <= 0.1 else "report.inconsistent"
        yield Paragraph(both(id, name=name, ratio=f"{ratio:.3f}"))
    if not ratios:
        yield Paragraph(both("report.no_judgements"), "quiet")


def _viewpoint_table(run: RunFiles, use: str) -> Table:
    """Set the weights of all viewpoints side by side, where they are given one by one."""
    viewpoints = run.scenario["viewpoints"]
    plain = {
        id: _shares(viewpoint.get("weights", {}).get(use, {}))
        for id, viewpoint in viewpoints.items()
    }
    plain[run.record["viewpoint"]] = run.record["weights"][use]["weights"]
    plain = {id: given for id, given in plain.items() if given}
    criteria = run.uses[use]["criteria"]
    columns: list[Column[str]] = [column("criterion", lambda id: criteria[id]["title"])]
    columns += [
        Column(viewpoints[id]["title"], partial(_share_in, given), "number")
        for id, given in plain.items()
    ]
    return table_of(columns, criteria)


def _share_in(given: Mapping[str, float], id: str) -> Text:
    return percent(given.get(id, 0.0))


def _shares(given: Mapping[str, Any]) -> dict[str, float]:
    """Give weights that are points as shares; empty where they are worked out otherwise."""
    points = given.get("points", given)
    if not all(isinstance(value, int | float) for value in points.values()):
        return {}
    total = float(sum(points.values()))
    return {id: value / total for id, value in points.items()} if total > 0 else {}


def _shares_bar(shares: Mapping[str, float], names: Sequence[str], title: Text) -> Bars:
    """Draw the weight by confidence or by nature; the last name is what is not scored."""
    titles = {
        x: both("report.not_scored") if x == names[-1]
        else trust(x) if x in CONFIDENCES
        else both(f"nature.{x}")
        for x in names
    }  # fmt: skip
    parts = [(shares.get(x, 0.0), k) for k, x in enumerate(names)]
    value = joined(
        [both("report.named_share", name=titles[x], share=percent(shares[x]))
         for x in names if shares.get(x)]
    )  # fmt: skip
    return Bars(
        [Bar(title, parts, None, value)], [(titles[x], k) for k, x in enumerate(names)], 1.0, title
    )
