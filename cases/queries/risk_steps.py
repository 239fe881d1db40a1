"""What was found, proposed and decided about the breach risks of a case, and no more of its record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.access import Actor
from cases.deadlines.internal import INTERNAL_ACTS
from cases.tables.engine import Instance
from cases.tables.organisations import Account, Organisation
from cases.tables.worklist import Submission, Task
from cases.words import RISK_KINDS, RISK_SUBJECTS

INTERVIEW = "interview"
# Proposed by a rung of the ladder, for a person to decide.
PROPOSED = frozenset({"send_reminder", "send_warning", INTERVIEW})
OPEN = "open"
# What the acts say, in this order.
FIELDS: Mapping[str, str] = {
    "subject": "风险所在", "post": "岗位", "kind": "风险种类", "finding": "查明的情况", "reason": "理由",
    "words": "要求", "topic": "约谈事项", "meeting_at": "约谈时间", "place": "约谈地点", "persons": "参加人员",
}  # fmt: skip
_CHOICES: Mapping[str, Mapping[str, str]] = {"subject": RISK_SUBJECTS, "kind": RISK_KINDS}


@dataclass(frozen=True)
class RiskStep:
    """``act`` is what a person did; without one, ``name`` is what the ladder proposed. ``said``: label to words."""

    at: datetime
    act: str | None = None
    name: str = ""
    unit: str | None = None
    person: str | None = None
    said: tuple[tuple[str, str], ...] = ()
    undecided: bool = False


def concerns(actor: Actor, tasks: Iterable[Task]) -> bool:
    """Whether a risk of the case lies with a unit of this actor: ``tasks`` are the open ones."""
    units = {duty.uscc for duty in (*actor.duties, *actor.entrusted)}
    groups = (group for task in tasks if INTERNAL_ACTS & set(task.acts) for group in task.candidates)
    return any(group.partition("@")[2] in units for group in groups)


async def risk_steps(session: AsyncSession, instance: Instance) -> list[RiskStep]:
    """The latest first."""
    acts = await session.execute(
        select(Submission, Organisation.name, Account.display_name)
        .outerjoin(Organisation, Organisation.uscc == Submission.unit)
        .outerjoin(Account, Account.id == Submission.account_id)
        .where(Submission.instance_id == instance.id, Submission.status == "done")
        # An interview beside the ladder is an open act of the case and none of its tasks.
        .where(
            or_(
                Submission.act.in_(INTERNAL_ACTS),
                and_(Submission.act == INTERVIEW, Submission.task_key.is_not(None)),
            )
        )
    )
    found = [
        RiskStep(row.occurred_at, act=row.act, unit=unit, person=person, said=tuple(_said(row.form)))
        for row, unit, person in acts
    ]
    proposed = await session.scalars(
        select(Task).where(Task.instance_id == instance.id, Task.acts.overlap(sorted(PROPOSED)))
    )
    found += [RiskStep(task.created_at, name=task.name, undecided=task.status == OPEN) for task in proposed]
    return sorted(found, key=lambda step: (step.at, step.act is not None), reverse=True)


def _said(form: Mapping[str, object]) -> Iterable[tuple[str, str]]:
    for key, label in FIELDS.items():
        text = str(form.get(key) or "").strip()
        if text:
            yield label, text.replace("T", " ") if key == "meeting_at" else _CHOICES.get(key, {}).get(text, text)
