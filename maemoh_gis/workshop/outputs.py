"""What a workshop leaves: weights as table and scenario, and a page that says what follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import Text, both, joined, same
from maemoh_gis.engine.same_question import require_own_folder
from maemoh_gis.files import is_there, whole_folder, write_csv, write_text
from maemoh_gis.pages.report_content import (
    Block,
    Column,
    Heading,
    Items,
    Paragraph,
    ReportContent,
    Section,
    table_of,
)
from maemoh_gis.pages.report_page import write_report
from maemoh_gis.workshop.agreement import (
    TOGETHER,
    Agreement,
    SiteUnder,
    agreements,
    site_rows_of,
    sites_under,
    tell_apart,
)
from maemoh_gis.workshop.form import asked_of

if TYPE_CHECKING:
    from maemoh_gis.presentation.run_files import RunFiles
    from maemoh_gis.scenario.settings.scenario import Scenario
    from maemoh_gis.workshop.answers import Answer

PAGE, WEIGHTS, SCENARIO = "workshop.html", "weights.csv", "workshop.yaml"
_LISTED = 5


def write_workshop(
    answers: Sequence[Answer], scenario: Scenario, run: RunFiles | None, out: Path, *, over: bool
) -> list[Text]:
    """Write the folder whole; give what it says, the most important first."""
    if is_there(out) and not over:
        raise RunError(Fault("out_exists", str(out), key="--out"))
    require_own_folder(out, PAGE)
    found = agreements(answers)
    content = _content(found, answers, scenario, run)
    with whole_folder(out) as folder:
        write_csv(
            folder / WEIGHTS,
            ("use", "person", "group", "criterion", "weight"),
            _rows(answers),
            for_excel=True,
        )
        write_text(folder / SCENARIO, _scenario(found, scenario, len(answers)))
        write_report(content, folder / PAGE)
    return [sentence for one in found for sentence in _said(one, scenario)]


def _rows(answers: Sequence[Answer]) -> Iterator[tuple[str, str, str, str, float]]:
    for one in answers:
        for criterion, weight in one.weights.items():
            yield one.use, one.person, one.group, criterion, round(weight, 6)


def _scenario(found: Sequence[Agreement], scenario: Scenario, people: int) -> str:
    """Write a scenario that adds a viewpoint for all together and for each group."""
    weights = {
        use: dict(given.points or {})
        for use, given in scenario.viewpoints[scenario.viewpoint].weights.items()
    }
    groups = list(dict.fromkeys(group for one in found for group in one.groups))
    viewpoints = {}
    for number, group in enumerate(groups):
        said = {one.use: _rounded(one.groups[group]) for one in found if group in one.groups}
        title = both("workshop.together") if group == TOGETHER else same(group)
        viewpoints[f"workshop_{number}"] = {
            "title": {"th": title["th"], "en": title["en"]},
            "basis": f"workshop form, {people} answers",
            "weights": {use: dict(given) for use, given in (weights | said).items() if given},
        }
    content = {
        "version": 1,
        "id": "workshop",
        "extends": scenario.id,
        "title": dict(both("workshop.scenario", title=scenario.title.both())),
        "question": dict(both("workshop.question", title=scenario.title.both())),
        "change": {"viewpoint": "workshop_0"},
        "add": {f"viewpoints.{id}": one for id, one in viewpoints.items()},
    }
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def _rounded(weights: Mapping[str, float]) -> dict[str, float]:
    return {name: round(weight, 6) for name, weight in weights.items()}


def _content(
    found: Sequence[Agreement], answers: Sequence[Answer], scenario: Scenario, run: RunFiles | None
) -> ReportContent:
    people = {one.person for one in answers}
    return ReportContent(
        title=both("workshop.page_title"),
        subtitle=both("workshop.about", title=scenario.title.both(), n=len(people)),
        notices=[both("workshop.notice")],
        facts=[],
        sections=[
            Section(one.use, scenario.uses[one.use].title.both(), list(_blocks(one, scenario, run)))
            for one in found
        ],
        footer=both("workshop.footer"),
        links=[(both("workshop.table"), WEIGHTS)],
    )


def _said(one: Agreement, scenario: Scenario) -> list[Text]:
    """Say how far people agree, and who differs where."""
    use = scenario.uses[one.use].title.both()
    criteria = next(asked.criteria for asked in asked_of(scenario) if asked.use == one.use)
    if one.concordance is None:
        said = [both("workshop.one_person", use=use, n=len(one.people))]
    else:
        said = [both("workshop.agree", use=use, n=len(one.people), w=f"{one.concordance:.2f}")]
    if one.apart is not None:
        said.append(
            both(
                "workshop.apart",
                criterion=criteria[one.apart.criterion],
                low=f"{one.apart.lowest:.0%}",
                low_by=one.apart.lowest_by,
                high=f"{one.apart.highest:.0%}",
                high_by=one.apart.highest_by,
            )
        )
    return said


def _blocks(one: Agreement, scenario: Scenario, run: RunFiles | None) -> Iterator[Block]:
    yield Items(_said(one, scenario))
    criteria = next(asked.criteria for asked in asked_of(scenario) if asked.use == one.use)
    named = {f"group {group}": (_group(group), weights) for group, weights in one.groups.items()}
    named |= {f"person {person}": (same(person), weights) for person, weights in one.people.items()}
    yield table_of(
        [
            Column(both("workshop.col.criterion"), lambda id: criteria[id], "wide"),
            *(
                Column(title, lambda id, of=weights: same(f"{of[id]:.0%}"), "number")  # type: ignore[misc]
                for title, weights in named.values()
            ),
        ],
        list(criteria),
    )
    if run is not None and (sites := site_rows_of(run, one.use)):
        yield Heading(both("workshop.changes"))
        yield Paragraph(both("workshop.changes_note"), "quiet")
        under = {group: sites_under(sites, weights) for group, weights in one.groups.items()}
        yield table_of(
            [
                Column(both("workshop.col.group"), _group),
                Column(
                    both("workshop.col.first_sites"), lambda group: _listed(under[group]), "wide"
                ),
                Column(both("workshop.col.told_apart"), lambda group: _told_apart(under[group])),
            ],
            list(under),
        )


def _group(group: str) -> Text:
    return both("workshop.together") if group == TOGETHER else same(group)


def _listed(sites: Sequence[SiteUnder]) -> Text:
    """List the first sites with their score and its range."""
    return joined([_site(one) for one in sites[:_LISTED]], "; ")


def _site(one: SiteUnder) -> Text:
    score = "–" if one.score is None else f"{one.score:.2f}"
    return both(
        "workshop.site",
        number=one.number,
        score=score,
        low=f"{one.low:.2f}",
        high=f"{one.high:.2f}",
    )


def _told_apart(sites: Sequence[SiteUnder]) -> Text:
    return both("workshop.told_apart" if tell_apart(sites) else "workshop.not_told_apart")
