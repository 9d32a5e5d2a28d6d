"""How a comparison opens: one sentence of what moved and why, and the causes in order of size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from maemoh_gis.core import units
from maemoh_gis.core.errors import FileError
from maemoh_gis.core.messages import LANGUAGES, Text, both, joined, same
from maemoh_gis.files import read_csv
from maemoh_gis.pages.comparison_content import PageRow, PageTable
from maemoh_gis.presentation.run_files import land
from maemoh_gis.scenario.causes import causes_between

if TYPE_CHECKING:
    from maemoh_gis.comparison.model import Comparison

LEDGER = "ledger"
"""Name of the table of causes."""
_MOST_CAUSES = 4
_MOST_RUNS = 3
_MOST_USES = 3


def first_sentence(found: Comparison) -> Text:
    """
    Say in one sentence what moved and why; where nothing did, which limits still bind.

    Sites may be others on the same land, as where each piece has one use: then a second says so.
    """
    return joined([_of_land(found), *_other_sites(found)], " ")


def steps_in_short(found: Comparison) -> list[Text]:
    """
    Say which step to a yard the runs find and what it hinges on: once what they say alike.

    Of runs whose record does not tell, nothing is said.
    """
    told = [
        (name, run.record["year"], short)
        for name, run in zip(found.names, found.runs, strict=True)
        if (short := (run.record.get("ladder") or {}).get("in_short"))
    ]
    if not told:
        return []
    nows = [both("compare.first.step_now", run=name, year=year, least=short["now"][0],
                 most=short["now"][1]) for name, year, short in told]  # fmt: skip
    steps = [(name, both("compare.first.step_full", full=short["full"])) for name, _, short in told]
    hinges = [(name, joined(short["hinge"], " ")) for name, _, short in told if short["hinge"]]
    now = both("compare.first.steps_now", told=joined(nows[:_MOST_RUNS], "; "))
    if more := max(0, len(nows) - _MOST_RUNS):
        now = joined([now, both("compare.first.more_runs", n=more)], "; ")
    return [*_once(steps, len(found.runs)), *_once(hinges, len(found.runs)), now]


def _once(said: Sequence[tuple[Text, Text]], runs: int) -> list[Text]:
    """Say once what all runs say, else each behind its run."""
    words = [one for _, one in said]
    if len(said) == runs and all(one == words[0] for one in words):
        return [both("compare.first.every", told=words[0])]
    return [both("brief.compared.of_run", run=name, told=one) for name, one in said[:_MOST_RUNS]]


def _of_land(found: Comparison) -> Text:
    if len(found.runs) > 2:
        return _of_several(found)
    return firsts(found)[0]


def _other_sites(found: Comparison) -> list[Text]:
    """Say of each use how much of the land of sites is in common, where no land moves."""
    others = range(1, len(found.runs))
    if any(_moved(found, number) for number in others):
        return []
    told = []
    for use, one in found.uses.items():
        pairs = [one.site_overlaps[0, n] for n in others if (0, n) in one.site_overlaps]
        shares = [pair.jaccard for pair in pairs if pair.first_only or pair.second_only]
        if shares:
            share = same(f"{int(100 * min(shares))} %")
            told.append(joined([found.use_title(use), share], " "))
    return [both("compare.first.sites", told=joined(told, ", "))] if told else []


def binding(run: Path, uses: Mapping[str, Text]) -> Text:
    """Name the limit that alone keeps the most land of a run removed for each use, and how much."""
    told = [
        both("ledger.binds", use=uses[use], limit=limit, rai=land(rai))
        for use, limit, rai in _binding(run, uses)
    ]
    return joined(told, "; ")


def binding_in_short(run: Path, uses: Mapping[str, Text]) -> Text:
    """Name these limits alone, each once."""
    limits = [limit for _, limit, _ in _binding(run, uses)]
    return joined([limit for k, limit in enumerate(limits) if limit not in limits[:k]], ", ")


def _binding(run: Path, uses: Mapping[str, Text]) -> Iterator[tuple[str, Text, float]]:
    try:
        rows = read_csv(run / "removed.csv")
    except FileError:
        # Lost since the run: what was worked out is told all the same.
        rows = []
    for use in uses:
        mine = [row for row in rows if row["use"] == use and row["limit"] != "all"]
        # What only asks for a permit keeps no land removed.
        mine = [row for row in mine if row["outcome"] == "removed"]
        mine = [row for row in mine if row["alone_rai"] and float(row["alone_rai"]) > 0]
        most = max(mine, key=lambda row: float(row["alone_rai"]), default=None)
        if most is not None:
            yield use, {x: most[f"title_{x}"] for x in LANGUAGES}, float(most["alone_rai"])


def ledger_table(found: Comparison) -> tuple[Sequence[str], list[Sequence[object]]]:
    """Give the columns and rows of every ledger, each row led by its run; none without one."""
    columns: Sequence[str] = ()
    rows: list[Sequence[object]] = []
    for run, why in zip(found.runs[1:], found.whys, strict=False):
        if why is not None:
            columns = ("run", *why.columns)
            rows += [(run.label, *row) for row in why.rows]
    return columns, rows


def answers(found: Comparison) -> list[PageTable]:
    """Set beside each other what every run had to lead to; nothing where none was asked."""
    rows = [
        PageRow([found.names[number], told], None, (number,))
        for number, run in enumerate(found.runs)
        if (told := run.record.get("leads_to"))
    ]
    if not rows:
        return []
    heads = [both("compare.column.run"), both("compare.column.answer")]
    note = both("compare.about.answers")
    return [PageTable("answers", both("compare.table.answers"), heads, rows, note)]


def cause_tables(found: Comparison) -> list[PageTable]:
    """Give the table of causes; where nobody worked them out, in what the scenarios differ."""
    columns: tuple[str, ...]
    several = len(found.runs) > 2
    if any(found.whys):
        columns = ("run",) * several + ("cause", "use", "moved", "places")
        rows, note = list(_effects(found)), both("compare.about.causes")
    else:
        columns = ("run", "cause", "moved")
        rows, note = list(_untold(found)), both("compare.about.causes_untold")
    heads = [both(f"compare.column.{name}") for name in columns]
    return [*_firsts(found), PageTable("causes", both("compare.table.causes"), heads, rows, note)]


def _firsts(found: Comparison) -> list[PageTable]:
    """Set beside each other what is said first of every run against the first, where several."""
    rows = [
        PageRow([found.names[number], told], None, (number,))
        for number, told in enumerate(firsts(found), 1)
    ]
    if len(found.runs) == 2 or not any(found.whys):
        return []
    heads = [both("compare.column.run"), both("compare.column.against_first")]
    note = both("compare.about.firsts", first=found.names[0])
    return [PageTable("firsts", both("compare.table.firsts"), heads, rows, note)]


def firsts(found: Comparison) -> list[Text]:
    """Say of each run but the first in one sentence what moved against it, and why."""
    told = []
    for number in range(1, len(found.runs)):
        why = found.whys[number - 1] if found.whys else None
        told.append(_of_two(found, number) if why is None else why.first)
    return told


def _effects(found: Comparison) -> Iterator[PageRow]:
    """Give the causes of all uses: who looks at one use still sees where the others moved."""
    named = len(found.runs) > 2
    for number, told in enumerate(causes_told(found), 1):
        run = [found.names[number]] if named else []
        yield from (PageRow([*run, *cells], None, (number,)) for cells in told)


def causes_told(found: Comparison) -> list[list[list[Text]]]:
    """Say of each run but the first what each cause moves: cause, use, what and where."""
    return [
        [
            [one.cause, same("–") if one.use is None else found.use_title(one.use), one.moved,
             one.places]
            for one in (why.effects if why is not None else ())
        ]
        for why in found.whys
    ]  # fmt: skip


def _untold(found: Comparison) -> Iterator[PageRow]:
    first = found.runs[0].record["resolved"]
    for number, run in enumerate(found.runs[1:], 1):
        for cause in causes_between(first, run.record["resolved"]):
            cells = [found.names[number], cause.title, both("compare.not_worked_out")]
            yield PageRow(cells, None, (number,))


def _of_two(found: Comparison, number: int) -> Text:
    moved = _moved(found, number)
    told = {"first": found.names[0], "other": found.names[number],
            "causes": _causes(found, number)}  # fmt: skip
    if moved:
        return both("compare.first.moved", moved=joined(moved[:_MOST_USES], "; "), **told)
    uses = {use: found.use_title(use) for use, one in found.uses.items() if number in one.land.runs}
    return both("compare.first.nothing", binding=binding(found.runs[number].folder, uses), **told)


def _of_several(found: Comparison) -> Text:
    numbers = range(1, len(found.runs))
    moved = {number: _moved(found, number) for number in numbers}
    still = [number for number in numbers if not moved[number]]
    going = sorted((n for n in numbers if moved[n]), key=lambda n: -_size(found, n))
    if not going:
        uses = {use: found.use_title(use) for use in found.uses}
        return both("compare.first.none_of_several", n=len(found.runs), first=found.names[0],
                    binding=binding(found.runs[0].folder, uses))  # fmt: skip
    clauses = [_clause(found, number) for number in going[:_MOST_RUNS]]
    if more := len(going) - _MOST_RUNS:
        clauses += [both("compare.first.more_runs", n=more)] if more > 0 else []
    if still:
        clauses.append(both("compare.first.still", n=len(still)))
    return both("compare.first.several", first=found.names[0], told=joined(clauses, "; "))


def _clause(found: Comparison, number: int) -> Text:
    """Say in short what a run moves, and by what cause where somebody worked it out."""
    use, change = max(_changes(found, number), key=lambda one: sum(map(abs, one[1])))
    moved = joined([found.use_title(use), _parts(found, change)[0]], " ")
    why = found.whys[number - 1] if found.whys else None
    if why is not None and why.most is not None:
        cause = both("compare.first.by", cause=why.most)
    else:
        cause = both("compare.first.differs", causes=_causes(found, number, most=1))
    return both("compare.first.clause", run=found.names[number], moved=moved, cause=cause)


def _size(found: Comparison, number: int) -> float:
    return max(sum(map(abs, change)) for _, change in _changes(found, number))


def _moved(found: Comparison, number: int) -> list[Text]:
    """Say what land a run has more or less than the first, the use that moves most first."""
    changes = sorted(_changes(found, number), key=lambda one: -sum(map(abs, one[1])))
    return [
        joined([found.use_title(use), _told(found, change)], " ")
        for use, change in changes
        if any(change)
    ]


def _told(found: Comparison, change: Sequence[int]) -> Text:
    return joined(_parts(found, change), ", ")


def _parts(found: Comparison, change: Sequence[int]) -> list[Text]:
    """Say what changes and not what stays; the last is good land that is elsewhere."""
    names = ("allowed", "conditional", "good", "elsewhere")
    return [
        both(f"compare.first.{name}", rai=_signed(found, cells), score=f"{found.at_least:g}")
        for name, cells in zip(names, change, strict=True)
        if cells
    ]


def _changes(found: Comparison, number: int) -> Iterator[tuple[str, tuple[int, int, int, int]]]:
    """Give the cells by which the land of each use of both runs changes; see `_parts`."""
    for use, one in found.uses.items():
        if 0 in one.land.runs and number in one.land.runs:
            before, after = one.land.areas[0], one.land.areas[number]
            shared = one.land.overlaps[0, number]
            yield (
                use,
                (
                    after.allowed - before.allowed,
                    after.conditional - before.conditional,
                    after.good - before.good,
                    min(shared.first_only, shared.second_only),
                ),
            )


def _causes(found: Comparison, number: int, most: int = _MOST_CAUSES) -> Text:
    """Name the entries in which a run differs from the first, and layers of another version."""
    first, other = found.runs[0], found.runs[number]
    titles = [one.title for one in causes_between(first.record["resolved"],
                                                  other.record["resolved"])]  # fmt: skip
    layers = [
        one.key for one in found.differences if one.run == other.label and one.kind == "layer"
    ]
    titles += [both("compare.first.layer", layer=layer_title(found, id)) for id in layers]
    if not titles:
        return both("compare.first.no_cause")
    named = joined(titles[:most], ", ")
    more = len(titles) - most
    return both("compare.first.and_more", causes=named, n=more) if more > 0 else named


def layer_title(found: Comparison, id: str) -> Text:
    """Name a layer; one the catalog no longer has goes by its id."""
    layers = found.catalog.layers
    return layers[id].title.both() if id in layers else same(id)


def _signed(found: Comparison, cells: int) -> Text:
    rai = units.rai_from_m2(cells * found.grid.cell_area_m2)
    return same(f"{rai:+,.0f}" if rai else "±0")
