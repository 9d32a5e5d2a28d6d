"""
Railways that are planned or under construction around Lampang, as figures without a course.

Their alignment is not in any open source at hand, so nothing is drawn; a planner needs the year,
the length and the state of approval to build a scenario.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pack.tables import Cell

RAIL_PROJECTS: tuple[dict[str, Cell], ...] = (
    {
        "name_th": "ทางคู่ช่วงเด่นชัย–เชียงใหม่",
        "name_en": "Den Chai - Chiang Mai double track",
        "kind": "double_track",
        "status": "awaiting_approval",
        "status_as_of_be": 2567,
        "length_km": 189,
        "stations": 18,
        "cost_million_thb": 68220,
        "built_percent": None,
        "open_year_be": None,
        "passes_mae_mo": "yes",
        "source": "Bangkok Post, Dec 2567; MGR Online, May 2559 (beside the present line)",
        "confidence": "H",
    },
    {
        "name_th": "ทางคู่ช่วงปากน้ำโพ–เด่นชัย",
        "name_en": "Pak Nam Pho - Den Chai double track",
        "kind": "double_track",
        "status": "awaiting_approval",
        "status_as_of_be": 2567,
        "length_km": 281,
        "stations": None,
        "cost_million_thb": 81140,
        "built_percent": None,
        "open_year_be": None,
        "passes_mae_mo": "no",
        "source": "Bangkok Post, Dec 2567",
        "confidence": "H",
    },
    {
        "name_th": "ทางรถไฟสายใหม่เด่นชัย–เชียงราย–เชียงของ",
        "name_en": "Den Chai - Chiang Rai - Chiang Khong new line",
        "kind": "new_line",
        "status": "under_construction",
        "status_as_of_be": 2569,
        "length_km": 323.1,
        "stations": 26,
        "cost_million_thb": None,
        "built_percent": 53.4,
        "open_year_be": 2571,
        "passes_mae_mo": "no",
        "source": "MGR Online, Feb 2569; The Nation",
        "confidence": "H",
    },
)
"""Projects as last seen in public pages; amounts in million baht."""
