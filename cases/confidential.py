"""What the first case shows of a reported retaliation, and to whom not: the respondent and its superior."""

from __future__ import annotations

from collections.abc import Iterable

from cases.access import Actor
from cases.tables.complaints import Complaint
from cases.tables.worklist import Task

TRIGGER = "retaliation"
ACT = "report_retaliation"
# Elements of complaint.bpmn that only a report of retaliation enters.
ELEMENTS = frozenset(
    {"retaliation", "retaliation_start", "open_retaliation", "retaliation_escalate", "retaliation_end"}
)


def shut_out(actor: Actor, complaint: Complaint) -> bool:
    """Whether the actor sits in a unit that must not learn of it, whatever else it may see of the case."""
    units = {duty.uscc for duty in actor.duties}
    return bool(units & {complaint.respondent_uscc, complaint.superior_uscc, complaint.verifying_uscc})


def hides_task(task: Task) -> bool:
    return task.inputs.get("triggers") == [TRIGGER]


def hides_line(act: str | None, entered: Iterable[tuple[str, str]]) -> bool:
    return act == ACT or any(element in ELEMENTS for element, _ in entered)


def shown_triggers(triggers: Iterable[str]) -> list[str]:
    return [trigger for trigger in triggers if trigger != TRIGGER]
