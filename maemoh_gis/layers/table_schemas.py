"""What each kind of table must hold, as data: columns, types, keys, what goes in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Type = Literal["text", "number", "whole", "flag"]
GRADES = ("H", "M", "L", "ASSUMPTION")


@dataclass(frozen=True)
class Cells:
    """What the cells of a column may hold."""

    type: Type = "text"
    empty: bool = False
    """Whether a cell may be empty."""
    least: float | None = None
    most: float | None = None
    """Range of a number, both ends included."""
    one_of: tuple[str, ...] = ()
    """All that a text may be; any text if there is none."""
    may_lack: bool = False
    """Whether the table may be without the column."""


@dataclass(frozen=True)
class Schema:
    """What a kind of table must hold."""

    columns: Mapping[str, Cells]
    """By name; columns of other names are left alone."""
    unique: tuple[str, ...] = ()
    """Columns that together tell one row from another."""
    rising: tuple[str, ...] = ()
    """Columns whose numbers may not fall, where they are not empty."""
    together: tuple[str, ...] = ()
    """Columns that are all empty or all filled."""
    layers: frozenset[str] = field(default_factory=frozenset)
    """Layers that are such a table whatever columns they have."""

    @property
    def needs(self) -> tuple[str, ...]:
        """Name the columns such a table cannot lack; a table that has them all is one."""
        return tuple(name for name, cells in self.columns.items() if not cells.may_lack)


_TEXT, _TEXT_OR_NONE = Cells(), Cells(empty=True)
_YEAR = Cells("whole", empty=True)
_GRADE = Cells(one_of=GRADES)
_AMOUNT = Cells("number", empty=True, least=0, most=1e12)
_KM = Cells("number", least=0, most=30_000)
_KM_OR_NONE = Cells("number", empty=True, least=0, most=30_000)
# Mainland South-East Asia, so that longitude and latitude cannot be taken for one another.
_LON, _LAT = Cells("number", least=92, most=115), Cells("number", least=0, most=30)

POPULATION = Schema(
    {
        "code": Cells("whole", least=1),
        "population": Cells("whole", least=0, most=100_000_000),
        "year_be": Cells("whole"),
        "confidence": _GRADE,
        "villages": Cells("whole", empty=True, least=0, most=100_000, may_lack=True),
    },
    unique=("code",),
)
"""People counted by subdistrict."""

UNITS = Schema(
    {
        "id": _TEXT,
        "name_th": _TEXT_OR_NONE,
        "name_en": _TEXT_OR_NONE,
        "gross_mw": Cells("number", empty=True, least=0.001, most=20_000),
        "technology": _TEXT_OR_NONE,
        "start_year_be": _YEAR,
        "status": _TEXT_OR_NONE,
        "net_mw": Cells("number", empty=True, least=0.001, most=20_000, may_lack=True),
    },
    unique=("id",),
)
"""Generating units."""

DISTANCES = Schema(
    {
        "from_place": _TEXT,
        "to_place": _TEXT,
        "mode": _TEXT,
        "km_low": _KM_OR_NONE,
        "km_central": _KM,
        "km_high": _KM_OR_NONE,
        "open_year_be": _YEAR,
        "confidence": _GRADE,
        "route": Cells(empty=True, may_lack=True),
        "source": Cells(empty=True, may_lack=True),
    },
    unique=("from_place", "to_place", "mode", "route"),
    rising=("km_low", "km_central", "km_high"),
)
"""Stated distances of long hauls."""

HEIGHTS = Schema(
    {
        "lon": _LON,
        "lat": _LAT,
        # From below the sea to above the highest mountain of the region.
        "height_m": Cells("number", least=-100, most=6000),
    },
    unique=("lon", "lat"),
)
"""Heights along a railway."""

VILLAGES = Schema(
    {
        "name_th": _TEXT_OR_NONE,
        "name_en": _TEXT_OR_NONE,
        "households_of_all": Cells("whole", empty=True, least=0, most=10_000_000),
        "moved": Cells("flag"),
        "lon": Cells("number", empty=True, least=92, most=115),
        "lat": Cells("number", empty=True, least=0, most=30),
        "moo": Cells("whole", empty=True, least=0, most=1000, may_lack=True),
    },
    together=("lon", "lat"),
)
"""Villages that a question or a ruling is about."""

DEMAND = Schema(
    {
        "origin": _TEXT,
        "commodity": _TEXT,
        "box_class": _TEXT,
        "direction": Cells(one_of=("out", "in")),
        "teu_low": _AMOUNT,
        "teu_central": _AMOUNT,
        "teu_high": _AMOUNT,
        "confidence": _GRADE,
        "tonnes": Cells("number", empty=True, least=0, most=1e12, may_lack=True),
    },
    unique=("origin", "commodity", "box_class", "direction"),
    rising=("teu_low", "teu_central", "teu_high"),
)
"""Boxes a year that places send and receive."""

TARIFFS = Schema(
    {
        "item": _TEXT,
        "unit": _TEXT,
        "low": _AMOUNT,
        "central": Cells("number", least=0, most=1e12),
        "high": _AMOUNT,
        "confidence": _GRADE,
        "source": _TEXT,
    },
    unique=("item",),
    rising=("low", "central", "high"),
)
"""Rates, costs and factors of freight."""

OUTPUT = Schema(
    {
        "mineral": _TEXT,
        "fiscal_year_be": Cells("whole"),
        "months": Cells("whole", least=1, most=12),
        "output_tonnes": Cells("number", least=0, most=1e12),
        "confidence": _GRADE,
    },
    unique=("mineral", "fiscal_year_be"),
)
"""Minerals by year."""

PERMITS = Schema(
    {
        "id": _TEXT,
        "limits": _TEXT_OR_NONE,
        "uses": _TEXT_OR_NONE,
        "agency_th": _TEXT,
        "agency_en": _TEXT,
        "title_th": _TEXT,
        "title_en": _TEXT,
        "basis_th": _TEXT_OR_NONE,
        "basis_en": _TEXT_OR_NONE,
        "status": _TEXT_OR_NONE,
        "held_from_be": _YEAR,
        "held_until_be": _YEAR,
        "confidence": _GRADE,
    },
    unique=("id",),
    rising=("held_from_be", "held_until_be"),
    layers=frozenset({"permits"}),
)
"""Permits a use may need."""

ASPECTS = Schema(
    {
        "number": Cells("whole", least=1, most=1000),
        "dimension": _TEXT,
        "dimension_th": _TEXT,
        "dimension_en": _TEXT,
        "title_th": _TEXT,
        "title_en": _TEXT,
        "figure": _TEXT_OR_NONE,
        "confidence": _GRADE,
        "source": _TEXT_OR_NONE,
    },
    unique=("number",),
    layers=frozenset({"eco_town_aspects", "smart_city_aspects"}),
)
"""Aspects of a programme of towns."""

STATISTICS = Schema(
    {
        "topic": _TEXT,
        "item": _TEXT,
        "year_be": _YEAR,
        "period": _TEXT_OR_NONE,
        "value": Cells("number", empty=True),
        "unit": _TEXT_OR_NONE,
        "confidence": _GRADE,
    },
    unique=("topic", "item", "year_be", "period"),
    layers=frozenset({"province_statistics"}),
)
"""Figures of the province."""

PEOPLE_OF_SHEETS = Schema(
    {
        "code": Cells("whole", least=1),
        "name_th": _TEXT,
        "name_en": _TEXT,
        "population": Cells("whole", least=0, most=100_000_000),
        "villages": Cells("whole", empty=True, least=0, most=100_000),
        "year_be": Cells("whole"),
        "confidence": _GRADE,
    },
    layers=frozenset({"subdistrict_population"}),
)
"""Subdistricts that have a sheet."""

VILLAGES_OF_SHEETS = Schema(
    {
        "moo": Cells("whole", empty=True, least=0, most=1000),
        "subdistrict_name_th": _TEXT,
        "name_th": _TEXT_OR_NONE,
        "name_en": _TEXT_OR_NONE,
    },
    layers=frozenset({"resettlement_villages"}),
)
"""Villages that are told on the sheet of their subdistrict."""

ACTS = Schema(
    {
        "act": _TEXT,
        "kind": _TEXT,
        "action": Cells(one_of=("declared", "extended", "revoked", "revoked_in_part")),
        "published_be": _TEXT_OR_NONE,
        "volume": _TEXT_OR_NONE,
        "issue": _TEXT_OR_NONE,
        "page": _TEXT_OR_NONE,
        "forest_th": _TEXT,
        "forest_en": _TEXT,
        "area_rai": _AMOUNT,
        "code": Cells("whole", empty=True, least=1),
        "office_th": _TEXT,
        "office_en": _TEXT,
        "title_th": _TEXT,
    },
    unique=("act", "code"),
)
"""Acts of law by the subdistricts they name; an act that names none has a row without a code."""

AFTER_USE = Schema(
    {
        "class": _TEXT,
        "title_th": _TEXT,
        "title_en": _TEXT,
        "use": _TEXT,
        "years_low": Cells("whole", empty=True, least=0, most=200),
        "years_central": Cells("whole", empty=True, least=0, most=200),
        "years_high": Cells("whole", empty=True, least=0, most=200),
        "papers": _TEXT_OR_NONE,
        "only_if_named": Cells("flag", empty=True),
        "confidence": _GRADE,
        "basis_th": _TEXT,
        "basis_en": _TEXT,
    },
    unique=("class", "use"),
    rising=("years_low", "years_central", "years_high"),
    together=("years_low", "years_central", "years_high"),
)
"""Which use may come on which class of land, how many years after its use has ended."""

ALL = (PEOPLE_OF_SHEETS, VILLAGES_OF_SHEETS, POPULATION, UNITS, DISTANCES, HEIGHTS, VILLAGES,
       DEMAND, TARIFFS, OUTPUT, PERMITS, ASPECTS, STATISTICS, ACTS, AFTER_USE)  # fmt: skip
