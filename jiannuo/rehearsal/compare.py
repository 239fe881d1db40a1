"""Expected against actual, key by key, as the head of a rehearsal file says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Difference:
    key: str
    expected: Any
    actual: Any


def compare(expected: Mapping[str, Any], actual: Mapping[str, Any]) -> list[Difference]:
    """Keys that ``expected`` does not list are not judged; an open incident is always a difference."""
    found = [
        difference
        for key, value in expected.items()
        for difference in _differences(key, value, actual.get(key), expected)
    ]
    if actual.get("incidents"):
        found.append(Difference("incidents", [], actual["incidents"]))
    return found


def _differences(key: str, expected: Any, actual: Any, whole: Mapping[str, Any]) -> list[Difference]:
    if key in ("due", "due_before"):
        given = actual or {}
        return [
            Difference(f"{key}.{name}", value, given.get(name))
            for name, value in expected.items()
            if given.get(name) != value
        ]
    if key == "overdue":
        listed = set(whole.get("due", {}))
        late = sorted(set(actual or ()) & listed)
        return [] if late == sorted(expected) else [Difference(key, sorted(expected), late)]
    if key == "letters":
        same = Counter(expected) == Counter(actual or ())
        return [] if same else [Difference(key, expected, actual)]
    if key == "measures":
        same = sorted(map(_row, expected)) == sorted(map(_row, actual or ()))
        return [] if same else [Difference(key, expected, actual)]
    if key == "escalation":
        return [] if _named(expected) == _named(actual) else [Difference(key, expected, actual)]
    return [] if expected == actual else [Difference(key, expected, actual)]


# Other spellings of the rules that propose a push (1E.22); a file may use its own.
TRIGGERS = {
    "amount": "amount_10m", "amount_10000000": "amount_10m", "amount_ge_10m": "amount_10m",
    "large_amount": "amount_10m",
    "repeat": "repeat_12m", "two_in_12m": "repeat_12m", "repeat_determination": "repeat_12m",
    "repeat_determinations_12m": "repeat_12m",
    "g2": "g2_refusal", "G2": "g2_refusal", "G2_REFUSAL_TO_RECTIFY": "g2_refusal", "refusal": "g2_refusal",
    "not_performed_30d": "unperformed_30d", "unperformed": "unperformed_30d", "no_performance_30d": "unperformed_30d",
    "reprisal": "retaliation",
}  # fmt: skip


def _named(escalation: Any) -> Any:
    if not isinstance(escalation, Mapping) or not isinstance(escalation.get("proposed_by"), list):
        return escalation
    return {**escalation, "proposed_by": sorted(TRIGGERS.get(str(t), str(t)) for t in escalation["proposed_by"])}


def _row(measure: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(f"{key}={measure[key]}" for key in sorted(measure))
