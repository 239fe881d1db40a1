"""A push to the supervision platform after it was decided: what the platform answers, and taking it back."""

from __future__ import annotations

from datetime import datetime

from cases.tables.records import Escalation

CONFIRMED, DECLINED, WITHDRAWN = "confirmed", "declined", "withdrawn"
TYPICAL_CASE_WITHDRAWAL = "typical_case_withdrawal"

# What a platform may say of a case that it was given, in the order in which it goes on there.
STATES: dict[str, str] = {
    "accepted": "已接收",
    "assigned": "已转有关部门",
    "supervising": "督办中",
    "concluded": "已办结",
    "returned": "已退回",
}
FINAL_STATES = frozenset({"concluded", "returned"})


def note_status(row: Escalation, state: str, words: str, at: datetime) -> bool:
    """True when this is news. A platform that has ended the matter is not contradicted by a late answer."""
    if row.platform_state in FINAL_STATES or (row.platform_state == state and (row.platform_words or "") == words):
        return False
    row.platform_state, row.platform_words, row.platform_state_at = state, words or None, at
    return True
