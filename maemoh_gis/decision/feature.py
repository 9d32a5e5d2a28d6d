"""The steps from lorries to a yard and the gates before each use, of a run."""

from __future__ import annotations

from maemoh_gis.decision import other_uses, report
from maemoh_gis.decision.outputs import decision_on_record, write_decision
from maemoh_gis.presentation.feature import Feature

FEATURE = Feature(
    write=write_decision,
    record={45: decision_on_record},
    sections={15: report.estate, 16: report.gates, 216: other_uses.other_uses},
)
