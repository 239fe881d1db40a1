"""What the first case shows of a reported retaliation, and to whom not: the respondent and its superior."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.access import Actor
from cases.tables.complaints import Complaint
from cases.tables.worklist import Task

TRIGGER = "retaliation"
ACT = "report_retaliation"
# The form that goes with a push; what it gives as its reason may not be shown.
FORM = "典型案例推送单"
STARTS = "retaliation_start"
# Elements of complaint.bpmn that only a report of retaliation enters.
ELEMENTS = frozenset(
    {"retaliation", "retaliation_start", "open_retaliation", "retaliation_escalate", "retaliation_end"}
)


def shut_out(actor: Actor, complaint: Complaint) -> bool:
    """Whether the actor sits in a unit that must not learn of it, whatever else it may see of the case."""
    units = {duty.uscc for duty in actor.duties}
    return bool(units & {complaint.respondent_uscc, complaint.superior_uscc, complaint.verifying_uscc})


def hides_task(task: Task, hidden: AbstractSet[int]) -> bool:
    return task.inputs.get("triggers") == [TRIGGER] or not hidden.isdisjoint(task.scope_path)


def hides_line(act: str | None, scopes: Mapping[str, int], hidden: AbstractSet[int]) -> bool:
    """``scopes``: of the elements that the line entered."""
    return act == ACT or not ELEMENTS.isdisjoint(scopes) or not hidden.isdisjoint(scopes.values())


async def hidden_scopes(session: AsyncSession, instance_id: str, lines: Iterable[Mapping[str, int]]) -> set[int]:
    """The scopes of the execution that a report of retaliation opened, called processes included: their steps would
    stand in the history without the cause that may not be shown.
    """
    own = {scopes[STARTS] for scopes in lines if STARTS in scopes}
    if not own:
        return set()
    paths = await session.scalars(
        select(Task.scope_path).where(Task.instance_id == instance_id, Task.scope_path.overlap(sorted(own)))
    )
    return own | {scope for path in paths for scope in path if scope >= min(own & set(path))}


def shown_triggers(triggers: Iterable[str]) -> list[str]:
    return [trigger for trigger in triggers if trigger != TRIGGER]
