"""Every word a person reads stands in both catalogues, and nothing stands there unread."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest
from babel.messages.pofile import read_po

from maemoh_gis.core.messages import LANGUAGES, Language
from maemoh_gis.learnt.curves import FORMS
from maemoh_gis.learnt.found import Verdict
from maemoh_gis.scenario.after_use import NEEDS
from maemoh_gis.scenario.settings.measure import MEASURES
from tests.paths import ROOT
from tests.syntax import nodes_of

PACKAGE = ROOT / "maemoh_gis"
BUILDERS = ROOT / "pack"
PAGE = PACKAGE / "pages" / "page"

TEXT_CALLS = frozenset({"text", "say", "has_text", "_both"})
"""Calls whose first argument is an id."""
FAULT_CALLS = frozenset({"Fault", "fault", "_fault", "custom_error", "of_features"})
"""Calls whose first argument is the code of a fault."""
PAGE_CALLS = frozenset({"wording", "self"})
"""Calls in the room `maps` whose first argument is an id without `page.`."""

FAMILIES = {
    "desk.": {"map", "brief", "comparison"},
    "site.": {"name", "piece", "strip"},
    "site.landmark.": {"district_seats", "stations"},
    "site.way.": {"n", "ne", "e", "se", "s", "sw", "w", "nw"},
    "act.action.": {"declared", "extended", "revoked", "revoked_in_part"},
    "act.kind.": {
        "reserved_forest", "national_park", "wildlife_sanctuary", "non_hunting_area", "arboretum",
    },
    "earthworks.class.": {"light", "medium", "heavy", "cannot_be_told"},
    "near_miss.": {"short_by", "short_by_error", "over_by", "over_by_error"},
    "near_miss.verdict.": {"holds", "as_read", "cannot_be_told", "fails"},
    "near_miss.short.": {"holds", "as_read", "cannot_be_told", "fails"},
    "near_miss.relax.": {"grade", "straight", "siding", "length", "width", "offset", "roads"},
    "near_miss.survey.": {"levels", "roads", "land", "none"},
    "near_miss.test.": {"straight", "grade", "tracks", "land", "one_side", "roads"},
    "near_miss.road.": {"motorway", "trunk", "primary", "secondary", "tertiary"},
    "near_miss.map.": {"place", "ways"},
    "links.joins.track.": {"main", "loop", "siding", "yard", "spur"},
    "links.crosses.": {"water", "road", "railway"},
    "links.facet.": {"where", "crosses", "land", "passes", "slope"},
    "links.grade.": {"within", "beyond", "cannot_be_told"},
    "links.section.": {"station", "yard", "site"},
    "near_miss.outcome.": {
        "holds", "fails", "cannot_be_told", "removed", "permit", "none_recorded", "not_checked",
    },
    "near_miss.reads_": {"within", "beyond"},
    "near_miss.unit.": {"m", "permille", "rai"},
    "near_miss.tracks.": {"loop", "siding", "yard", "spur"},
    "near_miss.limits.": {"none_recorded", "not_checked"},
    "estate.": {"occupied_rai", "factories", "jobs", "water_mm3", "water_open_mm3",
        "mw", "teu"},
    "estate.unit.": {"occupied_rai", "factories", "jobs", "water_mm3", "water_open_mm3",
        "mw", "teu"},
    "handover.column.": {
        "against_road", "area_ha", "area_rai", "ask", "box_class", "class", "conditional_rai",
        "confidence", "eligible", "expansion_free", "farm_confidence", "farm_rai", "from_km",
        "gateway", "grade_error_permille", "grade_limit_permille", "grade_permille",
        "land_score_high", "land_score_low", "length_m", "longest_siding_m", "name", "not_told",
        "number", "open_questions", "outcome", "people_1000_m_high", "people_1000_m_low",
        "people_5000_m_high", "people_5000_m_low", "people_confidence", "people_high",
        "people_low", "people_uncounted_share", "places", "places_as_read",
        "protected_areas_acts", "reserved_forest_acts", "score_best", "score_greatest",
        "score_high", "score_least", "score_low", "score_mean", "scored_share", "side",
        "siding_m", "station", "straight_error_m", "straight_stray_m", "stretch", "subject_to",
        "to_km", "widest_m", "width_m",
    },
    "handover.layer.": {"yards", "yards_open", "yard_choice", "market_areas"},
    "workshop.allowed.": {"points", "rank"},
    "workshop.col.": {"criterion", "points", "rank", "first", "second", "times"},
    "workshop.how.": {"points", "rank", "pairs"},
    "ladder.box.": {"heavy_20", "light_20", "box_40"},
    "ladder.direction.": {"out", "in"},
    "ladder.way.": {"road", "yard", "rival"},
    "gate.": {"policy", "land_right", "demand", "rail_and_grid", "acceptance", "money"},
    "gate.state.": {"met", "not_met", "unknown"},
    "leads.need_": {"labour", "water", "land"},
    "leads.unknown_": {"labour", "water", "land", "power"},
    "leads.siding_": {"can", "perhaps", "cannot"},
    "ledger.beside.": {
        "freight", "choice", "mix", "learnt", "step_now", "step_full",
    },
    "ledger.figure.": {
        "mw", "jobs_exposed", "water_freed_mm3", "occupied_rai", "estate_jobs",
        "estate_water_mm3", "estate_mw", "estate_teu",
    },
    "ledger.kind.": {
        "limits", "inclusions", "zones", "uses", "rail", "gates", "timeline", "estate", "freight",
        "viewpoint", "viewpoints", "networks", "exposure", "choice", "questions", "grid", "area",
        "after_use", "mix", "learnt",
    },
    "compare.year.": {
        "mw", "jobs_exposed", "estate_jobs", "water_freed_mm3", "estate_water_mm3", "estate_teu",
        "ended_not_returned_rai", "closed_rai", "restoration_rai", "conditional_rai", "open_rai",
    },
    "compare.year.unit.": {"mw", "teu", "rai", "jobs", "mm3"},
    "compare.first.": {"allowed", "conditional", "good", "elsewhere"},
    "phasing.objective.": {"job_years", "rai_years", "teu"},
    "phasing.col.": {"job_years", "rai_years", "teu"},
    "phasing.out.": {"papers", "land_right", "too_small", "not_drawn"},
    "phasing.why.": {"papers", "land_right", "too_small", "not_drawn"},
    "phasing.method.": {"rules", "papers", "money", "left_out"},
    "switches.sets.": {
        "alone", "alone_left", "alone_none", "pairs", "pairs_left", "pairs_none",
        "more", "more_left", "more_none", "pays_with", "pays_with_left",
        "pays_until", "pays_until_left", "pays_until_none",
    },
    "switches.state.": {"yes", "not_low", "high_only", "no"},
    "switches.short.": {"yes", "not_low", "high_only", "no"},
    "switches.col.": {"build", "reserve", "wait"},
    "switches.choice.": {"build", "reserve", "wait"},
    "switches.method.": {"worlds", "boxes", "range", "yard", "regret"},
    "switches.untold.": {
        f"{what}{part}" for what in ("step_cost", "reserve_cost", "purpose")
        for part in ("", "_why", "_ask")
    },
    "brief.assumed.": {"answer", "steps", "gates"},
    "brief.short.": {"committee", "egat", "villagers"},
    "brief.": {"committee", "egat", "villagers", "unknown_a", "unknown_b", "unknown_c"},
    "month.": {str(month) for month in range(1, 13)},
    "batch.column.": {"run", "picture", "year", "viewpoint", "set", "sites", "limits"},
    "cli.batch.": {"done", "reused", "elsewhere", "failed"},
    "cli.opt.": {
        "all", "set", "years", "viewpoints", "matrix", "jobs", "dry_run", "log_json", "out",
        "scheduler", "cache", "no_cache", "pages",
    },
    "cli.usage.": {"options", "command"},
    "cli.usage.head_": {"argument", "option", "command"},
    "cli.usage.kind_": {"str", "path", "int", "float"},
    "caveat.unscored.": {"no_layer", "removed", "nowhere", "in_part"},
    "cli.layer.": {
        "accuracy", "answers", "as_of", "caution", "classes", "columns", "complete_within",
        "confidence", "crs", "kind", "licence", "nature", "path", "source",
    },
    "cli.closure_caveat_": {"rail", "road"},
    "cli.intake.": {
        "limit", "complete", "as_of", "source", "licence", "confidence", "datum_operation", "crs",
        "score", "table", "encoding", "id", "title", "scenario", "yes", "no_run",
    },
    "intake.ask.": {
        "limit", "complete", "as_of", "source", "licence", "confidence", "datum_operation", "crs",
        "score", "table",
    },
    "intake.choice.": {"none", "province", "unknown", "own", "H", "M", "L"},
    "intake.years_": {"be", "ce"},
    "cli.limit_": {"removed", "conditional"},
    "cli.change_fixed_": {"law", "physics", "people"},
    "choice.question.": {
        "off_rail", "railway_not_open", "no_rectangle", "grade", "straight", "roads", "land",
        "permit",
    },
    "compare.indicator.": {
        "open_change", "good_change", "good_overlap", "site_overlap", "tau", "good_not_sure",
        "unknown_land", "farm_share", "unscored_weight", "laws_not_checked", "layers_changed",
    },
    "compare.kind.": {"site", "yard"},
    "compare.tau.": {"site", "yard"},
    "compare.zone.": {"district", "subdistrict"},
    "compare.table.": {
        "land", "agreement", "consensus", "pieces", "robustness", "zones", "indicators",
        "differences",
    },
    "compare.about.": {
        "land", "agreement", "consensus", "pieces", "robustness", "zones", "indicators",
        "differences",
    },
    "compare.chart.": {"good_land", "first_site", "first_place"},
    "compare.about_chart.": {"good_land", "first_site", "first_place"},
    "compare.column.": {
        "run", "allowed", "conditional", "good", "surely", "measure", "value", "of", "group",
        "runs", "good_in_all", "possibly", "piece", "payoff", "rank", "regret", "greatest", "zone",
        "good_change", "site", "farm", "people", "indicator", "threshold", "alert", "key", "first",
        "second", "kind", "asked", "first_in", "ranks", "first_runs",
        "cause", "use", "moved", "places", "answer", "against_first",
    },
    "freight.case.": {"central", "favours_rail", "favours_road"},
    "freight.emissions_by.": {"road", "rail", "all", "change"},
    "confidence.": {"H", "M", "L", "ASSUMPTION"},
    "fault.cannot_": {"read", "write"},
    "freight.alone_": {"yes", "no"},
    "freight.hinge_": {"yes", "no"},
    "freight.drawn.": {"freight_flows", "freight_flows_yard"},
    "freight.layer.": {"freight_among", "freight_rail", "freight_flows", "freight_flows_yard"},
    "freight.reason.": {
        "justified", "not_open", "no_saving", "trains", "turnover", "fixed_cost",
    },
    "freight.verdict_": {"yes", "no", "unknown"},
    "freight.headline_": {"yes", "no", "unknown"},
    "popup.justified_": {"yes", "no", "unknown"},
    "map.code.": {
        "airport",
        "bare_ground",
        "best",
        "border",
        "canal",
        "church",
        "city_station",
        "college",
        "commercial",
        "depot",
        "drain",
        "dump",
        "estate_station",
        "government_office",
        "health_centre",
        "hospital",
        "hydro",
        "in_preparation",
        "industrial",
        "inner",
        "junction",
        "lake",
        "lignite",
        "loop",
        "main",
        "market",
        "military",
        "minor",
        "national_park_office",
        "new_line_station",
        "outer",
        "pit",
        "place_of_worship",
        "police",
        "port",
        "primary",
        "research_site",
        "residential",
        "river",
        "school",
        "secondary",
        "shrine",
        "siding",
        "solar",
        "southern_yard",
        "spur",
        "stream",
        "temple",
        "tertiary",
        "track",
        "trunk",
        "waterworks",
        "yard",
    },
    "map.yard.": {
        "siding", "grade", "grade_error", "longest_siding", "score", "from_km", "to_km", "length",
        "places", "as_read", "best_grade", "grade_limit", "stray", "stray_error", "best_score",
    },
    "learnt.column.push.": {"above", "below"},
    "learnt.form.": {form.id for form in FORMS},
    "learnt.layer.": {"above", "below"},
    "learnt.patch.": {"above", "below"},
    "learnt.skill.": {
        "auc", "auc_by_block", "in_best_tenth", "in_best_quarter", "auc_elsewhere_mean",
        "auc_elsewhere_most", "elsewhere_as_good", "correlation_with_score",
    },
    "learnt.verdict.": set(get_args(Verdict)),
    "layer.kind.": {"polygons", "lines", "points", "raster", "table"},
    "layer.complete.": {"none", "extent"},
    "nature.": {"observed", "published", "indicative", "modelled", "assumed"},
    "network.by.": {"rail", "road"},
    "network.mode.": {"linehaul_rail", "linehaul_road", "rail", "road", "transfer"},
    "page.compare_view_": {"swipe", "side", "score", "good"},
    "page.print_": {"page", "a4", "a3"},
    "page.confidence_": {"H", "M", "L", "ASSUMPTION"},
    "page.group_": {"place", "transport", "energy", "nature", "found"},
    "page.path_becomes_": {
        "runs", "gone", "in_force", "no_longer_in_force", "open", "unsure", "unsure_gone",
        "may_be_asked", "opens",
    },
    "page.state_": {"0", "1", "2", "3", "4"},
    "remedy.cannot_": {"read", "write"},
    "timeline.nature.": {"observed", "modelled"},
    "report.column.": {
        "link_place", "link_words", "link_what", "earth_place",
        "near_verdict", "near_place", "near_short", "near_least", "near_test", "near_value",
        "near_error", "near_limit", "near_margin", "near_outcome", "near_limit_title", "near_taken",
        "earth_class", "earth",
        "direction", "gateway", "road_thb", "yard_thb", "rival_thb", "cheapest", "gate",
        "gate_state", "next_step", "paper", "earliest", "land_class", "rai", "mw_borne",
        "asked_from", "papers_missing",
        "unit_title", "unit_mw", "last_year",
        "loop_pieces", "loop_longest", "loop_total", "loop_side", "loop_short",
        "siding_tracks", "yard_tracks", "spur_tracks",
        "act", "act_title", "of_sites", "office",
        "limit", "basis", "ground", "outcome", "status", "at_all", "alone", "criterion",
        "weight", "measured_by", "rests_on", "confidence", "rank", "class", "score_range",
        "place", "near", "area", "score", "scored",
        "conditional", "topsis", "turned_down", "places", "places_alone", "near_station",
        "siding", "grade", "free", "name", "demand_low", "demand_high", "teu",
        "saved", "fixed_cost", "teu_to_justify", "co2", "truck_km", "trains", "reason", "box",
        "amount", "range", "unit", "zone", "free_from", "outstanding", "people",
        "permit_until", "land_state", "zones",
        "band", "sites_of",
        "farm", "water_demand", "jobs", "layer", "nature", "as_of", "caution", "file",
        "sha256", "key", "old", "new", "permit", "agency", "law", "permit_status", "number",
        "other_runs", "good_overlap", "site_overlap", "site_tau", "yard_tau", "kind", "piece",
        "first_in", "ranks", "first_runs", "best_here", "payoff", "greatest_regret",
        "least_regret_piece", "its_regret", "district", "use", "runs", "good_change",
        "site_change", "farm_change", "people_counted", "jobs_at_stake", "jobs_gained",
        "against_first", "indicator", "value", "threshold",
        "aspect", "told", "population", "villages", "site_land", "moo", "village", "moved",
        "nearest_site", "holds", "cannot_be_told", "stretches", "certainly_fails", "fails_by",
        "best_score", "mean_score", "read_beyond", "longest_siding", "settled", "station",
        "learnt_what", "learnt_figure", "learnt_block", "learnt_places", "learnt_rank",
        "learnt_band", "learnt_foretold", "learnt_found", "learnt_measure", "learnt_loss",
        "learnt_at", "learnt_land", "learnt_score", "learnt_push_above", "learnt_push_below",
    },
    "report.status.": {
        "checked", "partly", "not_checked",
    },
    "report.ground.": {
        "law", "physics", "people", "planning",
    },
    "report.outcome.": {
        "removed", "conditional",
    },
    "report.measure.": set(MEASURES),
    "report.way.": {
        "points", "equal", "ranks", "ahp", "respondents",
    },
    "report.case.": {
        "low", "central", "high", "favours_rail", "favours_road",
    },
    "report.justified.": {
        "yes", "no", "unknown",
    },
    "report.box.": {
        "heavy_20", "light_20", "box_40",
    },
    "report.unit.": {
        "million_tonnes", "million_m3", "jobs", "factories", "million_THB", "kWh",
        "loaded_lorries_a_day",
    },
    "report.exposure.": {
        "site", "yard", "first",
    },
    "report.balance.": {
        "water_demand_mm3", "water_freed_mm3", "water_balance_mm3", "jobs_at_stake",
        "jobs_gained",
    },
    "report.learnt.": {"skill", "block", "band", "importance"},
    "report.compared.": {"agreement", "regret", "zones", "jobs", "alerts"},
    "report.jobs.": {"gains", "loses", "same", "mixed"},
    "report.not_verified.": {
        "laws", "criteria", "figures", "files",
    },
    "report.map_": {
        "whole", "near",
    },
    "report.about.": {"sites", "eco_town", "smart_city", "villages", "stations"},
    "report.permit.": {"held", "needed", "unknown", "not_found"},
    "report.sheets.": {"sites", "eco_town", "smart_city", "villages", "stations"},
    "severity.": {"blocks", "warns", "notes"},
    "state.": {"outside", "allowed", "conditional", "removed", "unknown"},
    "timeline.": {
        "mw", "mw_not_certain", "lignite_mt", "by_products", "fly_ash_mt", "gypsum_mt",
        "freight_mt", "ash_wanting_mt", "pond_ash_mt", "lorries_fewer_a_day", "water_freed_mm3",
        "jobs_exposed", "plant_jobs", "mine_jobs",
    },
    "timeline.state.": {
        "in_use", "ended_not_returned", "closed", "conditional", "open", "restoration",
        "single_track", "double_track",
    },
    "timeline.unit.": {"mt", "mm3", "jobs", "lorries"},
    "yard.side.": {"left", "right"},
    "yard.tracks_side.": {"left", "right", "both"},
    "yard.open.": {"straight", "grade", "tracks", "land", "one_side", "roads"},
    "yard.outcome.": {"holds", "cannot_be_told"},
    "yard.test.": {"straight", "grade", "tracks", "land", "one_side", "roads", "all"},
    "zone.need.": set(NEEDS),
    "zone.office.": set(NEEDS),
    "unit.": {
        "MW", "km", "m", "minutes", "mm", "per_mille", "percent", "places", "places_per_minute",
        "people", "share", "TEU_per_year",
        "rai",
    },
}  # fmt: skip
"""Ids that are put together when they are needed: what they start with, how they may go on."""
ANY_CODE = frozenset({"fault.", "remedy."})
"""Families without a list: every code of a fault is looked for by itself."""

WITHOUT_THAI = frozenset(
    {"caveat.layer", "cli.answer", "cli.change", "desk.number", "page.no_value", "page.path_turn",
     "report.named_share", "report.named_trust", "report.zone_of", "report.told.amount",
     "unit.percent", "zone.paper_of"}
)  # fmt: skip
"""Messages that are nothing but form, the same in both languages."""


@cache
def messages(language: Language) -> dict[str, str]:
    path = PACKAGE / "locale" / language / "LC_MESSAGES" / "maemoh_gis.po"
    with path.open("rb") as stream:
        catalogue = read_po(stream, locale=language, abort_invalid=True)
    return {str(message.id): str(message.string) for message in catalogue if message.id}


def ids() -> list[str]:
    return sorted(set(messages("th")) | set(messages("en")))


@cache
def sources() -> tuple[Path, ...]:
    return tuple(sorted([*PACKAGE.rglob("*.py"), *BUILDERS.rglob("*.py")]))


def first_arguments(path: Path, names: frozenset[str]) -> Iterator[ast.expr]:
    """List the first arguments of calls by these names; both sides of a choice count."""
    for node in nodes_of(path):
        if isinstance(node, ast.Call) and node.args:
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else None
            name = function.id if isinstance(function, ast.Name) else name
            if name in names:
                yield from choices(node.args[0])


def choices(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.IfExp):
        yield from choices(node.body)
        yield from choices(node.orelse)
    else:
        yield node


def named(path: Path, names: frozenset[str], prefix: str = "") -> Iterator[str]:
    """List the ids that calls name in full."""
    for node in first_arguments(path, names):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield prefix + node.value


def put_together(path: Path, names: frozenset[str], prefix: str = "") -> Iterator[str]:
    """List how the ids begin that calls put together."""
    for node in first_arguments(path, names):
        if isinstance(node, ast.JoinedStr):
            head = node.values[0]
            yield prefix + (str(head.value) if isinstance(head, ast.Constant) else "")


def codes(path: Path) -> set[str]:
    """List the codes of faults a module names, in a call or in a variable called `code`."""
    found = set(named(path, FAULT_CALLS))
    for node in nodes_of(path):
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "code" for target in node.targets
        ):
            found |= {
                choice.value
                for choice in choices(node.value)
                if isinstance(choice, ast.Constant) and isinstance(choice.value, str)
            }
    return found


def drawing() -> list[Path]:
    return [path for path in sources() if path.parent.name in ("pages", "pictures")]


def page_ids() -> set[str]:
    """List the ids that the page's script and markup name."""
    found = set()
    for path in [*PAGE.glob("*.js"), *PAGE.glob("*.html")]:
        content = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"\bsay\(\s*[\"']([a-zA-Z0-9_]+)[\"']\s*[,)]", content))
        found |= set(re.findall(r"\bid:\s*[\"']([a-z_]+)[\"']", content))
    return {f"page.{id}" for id in found}


@cache
def ids_in_code() -> dict[str, str]:
    """Map every id that is named in full to the file that names it."""
    found: dict[str, str] = {}
    for path in sources():
        where = path.relative_to(ROOT).as_posix()
        wanted = set(named(path, TEXT_CALLS))
        wanted |= {f"{kind}{code}" for code in codes(path) for kind in ANY_CODE}
        if path in drawing():
            wanted |= set(named(path, PAGE_CALLS, "page."))
        found.update(dict.fromkeys(wanted, where))
    found.update(dict.fromkeys(page_ids(), "maemoh_gis/pages/page"))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_id_the_code_names_is_in_the_catalogue(language: Language) -> None:
    missing = {id: where for id, where in ids_in_code().items() if id not in messages(language)}
    assert missing == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_id_the_code_puts_together_is_in_the_catalogue(language: Language) -> None:
    family = {start + end for start, ends in FAMILIES.items() for end in ends}
    assert sorted(family - set(messages(language))) == []


def test_the_code_puts_together_no_ids_but_of_known_families() -> None:
    unknown = {
        f"{path.relative_to(ROOT).as_posix()}: {start}"
        for path in sources()
        for start in (
            *put_together(path, TEXT_CALLS),
            *put_together(path, FAULT_CALLS, "fault."),
            *(put_together(path, PAGE_CALLS, "page.") if path in drawing() else ()),
        )
        if start not in FAMILIES and start not in ANY_CODE
    }
    assert unknown == set()


def test_both_catalogues_hold_the_same_ids_in_the_same_order() -> None:
    assert list(messages("th")) == list(messages("en"))


def test_every_fault_has_its_remedy() -> None:
    faults = {id.removeprefix("fault.") for id in ids() if id.startswith("fault.")}
    remedies = {id.removeprefix("remedy.") for id in ids() if id.startswith("remedy.")}
    assert faults == remedies


def test_no_message_is_unread() -> None:
    literals = {
        node.value
        for path in sources()
        for node in nodes_of(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    page = "".join(p.read_text("utf-8") for p in (*PAGE.glob("*.js"), *PAGE.glob("*.html")))
    family = {start + end for start, ends in FAMILIES.items() for end in ends}
    read = set(ids_in_code()) | family
    unread = [
        id
        for id in ids()
        if id not in read
        and not ({id, id.partition(".")[2]} & literals)
        and not (id.startswith("page.") and re.search(rf"[\"'`]{id[5:]}[\"'`]", page))
    ]
    assert unread == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_empty_or_has_loose_ends(language: Language) -> None:
    said = messages(language)
    assert [id for id in said if not said[id].strip()] == []
    assert [id for id in said if said[id] != said[id].rstrip()] == []
    # Answers at the terminal are set in by two spaces; nothing else begins with one.
    assert [id for id in said if said[id][:1] == " " and not id.startswith("cli.")] == []


def test_faults_in_english_are_sentences_a_remedy_can_follow() -> None:
    told = {id: said for id, said in messages("en").items() if id.startswith("fault.")}
    assert [id for id, said in told.items() if said[-1] not in ".!?"] == []


def test_both_languages_name_the_same_values() -> None:
    differ = {
        id: (placeholders(messages("th")[id]), placeholders(messages("en")[id]))
        for id in ids()
        if id in messages("th") and id in messages("en")
        and placeholders(messages("th")[id]) != placeholders(messages("en")[id])
        and id not in ALL_YEARS_IN_ONE
    }  # fmt: skip
    assert differ == {}


ALL_YEARS_IN_ONE = frozenset({"page.year"})
"""Thai readers need no Common Era year beside the Buddhist one."""


def placeholders(said: str) -> set[str]:
    return set(re.findall(r"\{([a-z_]+)\}", said))


def test_braces_hold_nothing_but_names_of_values() -> None:
    odd = [
        (language, id)
        for language in LANGUAGES
        for id, said in messages(language).items()
        if set("{}") & set(re.sub(r"\{[a-z_]+\}", "", said))
    ]
    assert odd == []


def test_thai_messages_are_thai() -> None:
    foreign = [
        id
        for id, said in messages("th").items()
        if not re.search("[\u0e01-\u0e5b]", said) and id not in WITHOUT_THAI
    ]
    assert foreign == []


def test_english_messages_hold_no_thai() -> None:
    foreign = [id for id, said in messages("en").items() if re.search("[\u0e00-\u0e7f]", said)]
    assert foreign == []


@cache
def build_hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_catalogues_are_up_to_date(language: Language, tmp_path: Path) -> None:
    """If this fails, compile them again: `python hatch_build.py`."""
    inside = Path(language, "LC_MESSAGES", "maemoh_gis.po")
    copy = tmp_path / inside
    copy.parent.mkdir(parents=True)
    copy.write_bytes((PACKAGE / "locale" / inside).read_bytes())
    (made,) = build_hook().compile_catalogues(tmp_path)
    present = (PACKAGE / "locale" / inside).with_suffix(".mo")
    assert present.read_bytes() == made.read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_id_has_one_text(language: Language) -> None:
    """A merge of two branches may leave two, of which a reader of the file takes either."""
    path = PACKAGE / "locale" / language / "LC_MESSAGES" / "maemoh_gis.po"
    content = path.read_text(encoding="utf-8")
    assert re.findall(r'^msgstr .*\n(?:".*\n)*msgstr .*', content, re.MULTILINE) == []
