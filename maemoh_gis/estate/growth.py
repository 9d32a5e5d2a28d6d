"""
How an estate fills, and what its occupied land needs and sends.

Land is taken up at a steady pace from the first year on until all that can be sold is occupied;
tenants that have bound themselves come beside that, in their own year. Everything follows from the
occupied rai by rates of each industry. Low and high take every number at its low, or at its high,
together: the widest range there is, for nobody has measured how they go together.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from maemoh_gis.phase_out.path import Amount, least

if TYPE_CHECKING:
    from maemoh_gis.scenario.settings.estate import Commitment, Estate, Industry
    from maemoh_gis.scenario.settings.phase_out import Coefficient

Level = Literal["low", "central", "high"]
Need = Literal["factories", "jobs", "water_mm3", "mw", "teu"]
"""What occupied land needs or sends, factories and jobs apart by the year: million m3, TEU."""
LEVELS: tuple[Level, ...] = get_args(Level)
NEEDS: tuple[Need, ...] = get_args(Need)
_PER_100, _MILLION = 100.0, 1e6


@dataclass(frozen=True)
class EstateYear:
    """An estate in one year."""

    year: int
    """B.E."""
    occupied_rai: Amount
    """Land on which tenants work."""
    needs: Mapping[Need, Amount]


@dataclass(frozen=True)
class Boxes:
    """Loaded boxes of one class between tenants of one kind and the gateways."""

    industry: str
    box: str
    direction: Literal["out", "in"]
    teu: Amount
    """TEU a year."""


def growth(estate: Estate, years: Iterable[int]) -> list[EstateYear]:
    """Follow an estate through the years."""
    return [in_year(estate, year) for year in years]


def in_year(estate: Estate, year: int) -> EstateYear:
    """Say what of an estate is occupied in a year, and what that needs and sends."""
    rates = [estate.take_up_rai, estate.sold_share]
    land = _amount({level: occupied_rai(estate, year, level) for level in LEVELS}, rates)
    needs = {
        need: _amount({level: _needed(estate, year, need, level) for level in LEVELS},
                      [*rates, *(_rate(one, need) for one in estate.industries.values())])
        for need in NEEDS
    }  # fmt: skip
    return EstateYear(year, land, needs)


def occupied_rai(estate: Estate, year: int, level: Level) -> float:
    """Give the land on which tenants work: what is committed, however little else is sold, and
    what is taken up beside.
    """
    bound = math.fsum(one.rai for one in _bound(estate, year))
    passed = max(0, year - estate.first_year + 1)
    taken = bound + _at(estate.take_up_rai, level) * passed
    return max(bound, min(estate.rai * _at(estate.sold_share, level), taken))


def full_year(estate: Estate, level: Level) -> int:
    """Give the first year in which nothing more is taken up."""
    bound = math.fsum(one.rai for one in estate.commitments.values())
    left = max(0.0, estate.rai * _at(estate.sold_share, level) - bound)
    pace = _at(estate.take_up_rai, level)
    last = max((one.from_year for one in estate.commitments.values()), default=estate.first_year)
    if not left:
        return last
    # Never within any life of a plan where nobody comes.
    return max(last, estate.first_year - 1 + math.ceil(left / pace)) if pace else _NEVER


_NEVER = 2700


def water_open(estate: Estate, freed: Amount | None) -> Amount | None:
    """Give what of the freed water an estate may have, million m3; None where nobody says."""
    share = estate.freed_water_share
    if share is None or freed is None:
        return None
    low, central, high = (_at(share, level) * float(getattr(freed, level)) for level in LEVELS)
    return Amount(low, central, high, least([share.confidence, freed.confidence]))


def boxes_of(estate: Estate, year: int) -> list[Boxes]:
    """List the loaded boxes of a year by kind of tenant, class and direction."""
    found = []
    for id, industry in estate.industries.items():
        whole = {level: _teu(estate, year, id, level) for level in LEVELS}
        for box, share in industry.boxes.items():
            for direction, part in (("out", 1 - industry.share_in), ("in", industry.share_in)):
                teu = {level: all_of * share * part for level, all_of in whole.items()}
                if teu["high"] > 0:
                    amount = _amount(teu, [industry.teu_per_rai])
                    found.append(Boxes(id, box, direction, amount))  # type: ignore[arg-type]
    return found


def when_full(estate: Estate) -> int:
    """Give a year in which the estate is full at every pace that ever fills it."""
    return max(full_year(estate, level) for level in LEVELS)


def changes(estate: Estate) -> Iterator[int]:
    """Give every year in which an estate sends other boxes than the year before."""
    yield from (one.from_year for one in estate.commitments.values())
    for level in LEVELS:
        yield from range(estate.first_year, full_year(estate, level) + 1)


def _bound(estate: Estate, year: int) -> list[Commitment]:
    return [one for one in estate.commitments.values() if one.from_year <= year]


def _needed(estate: Estate, year: int, need: Need, level: Level) -> float:
    if need == "teu":
        return math.fsum(_teu(estate, year, id, level) for id in estate.industries)
    found = math.fsum(
        _rai(estate, year, id, level) * _at(_rate(one, need), level)
        for id, one in estate.industries.items()
    )
    if need == "water_mm3":
        return found * estate.water_days / _MILLION
    if need == "factories":
        return found / _PER_100
    if need == "mw":
        return found + math.fsum(
            one.mw - one.rai * _at(estate.industries[one.industry].mw_per_rai, level)
            for one in _bound(estate, year) if one.mw is not None
        )  # fmt: skip
    return found


def _teu(estate: Estate, year: int, industry: str, level: Level) -> float:
    """Give TEU a year of one kind of tenant; what is committed to stands for its own land."""
    per_rai = _at(estate.industries[industry].teu_per_rai, level)
    mine = [one for one in _bound(estate, year) if one.industry == industry]
    stated = [one for one in mine if one.teu is not None]
    by_rate = _rai(estate, year, industry, level) - math.fsum(one.rai for one in stated)
    return max(0.0, by_rate) * per_rai + math.fsum(one.teu or 0.0 for one in stated)


def _rai(estate: Estate, year: int, industry: str, level: Level) -> float:
    """Give the land of one kind of tenant: its commitments, and its share of the rest."""
    bound = _bound(estate, year)
    mine = math.fsum(one.rai for one in bound if one.industry == industry)
    rest = occupied_rai(estate, year, level) - math.fsum(one.rai for one in bound)
    return mine + max(0.0, rest) * estate.industries[industry].share


def _rate(industry: Industry, need: Need) -> Coefficient:
    return {
        "factories": industry.factories_per_100_rai,
        "jobs": industry.jobs_per_rai,
        "water_mm3": industry.water_m3_per_rai_day,
        "mw": industry.mw_per_rai,
        "teu": industry.teu_per_rai,
    }[need]


def _at(number: Coefficient, level: Level) -> float:
    return float(getattr(number, level))


def _amount(values: Mapping[Level, float], rests_on: Iterable[Coefficient]) -> Amount:
    trust = least([one.confidence for one in rests_on])
    return Amount(values["low"], values["central"], values["high"], trust)
