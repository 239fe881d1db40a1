"""Acts that a stand-in does only when the delegation says so (REQUIREMENTS 1E.32: verification, extension,
determination, measure, correction, and whatever is signed for the unit).
"""

from __future__ import annotations

GRAVE_ACTS: frozenset[str] = frozenset(
    {
        "verify", "approve_extension", "decline_extension", "determine", "not_determine", "impose_measure",
        "end_measure", "decide_objection", "decide_appeal", "decide_review", "issue", "designate", "record", "repair",
        "refuse_repair", "circulate", "confirm_escalation", "suspend",
    }
)  # fmt: skip
