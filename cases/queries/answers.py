"""What parties and assisting units wrote when they were asked: the words that who handles the case must weigh."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.tables.engine import Instance
from cases.tables.organisations import Organisation
from cases.tables.worklist import Submission

# Acts that answer a question of the procedure, with the field that holds the words.
ANSWERS: dict[str, str] = {
    "supplement": "supplement",
    "explain": "words",
    "give_opinion": "words",
    "request_extension": "reason",
    "report_rectification": "words",
    "confirm_rectification": "words",
    "dispute_rectification": "words",
    "refuse": "words",
    "state": "words",
    "report_performance": "words",
    "object": "claim",
    "appeal": "reason",
    "request_review": "reason",
    "withdraw": "reason",
}


@dataclass(frozen=True)
class Answer:
    """``words`` is empty where a person answered by the act alone."""

    act: str
    role: str
    unit: str | None
    at: datetime
    words: str


async def answers(session: AsyncSession, instance: Instance) -> list[Answer]:
    """The latest first."""
    rows = await session.execute(
        select(Submission, Organisation.name)
        .outerjoin(Organisation, Organisation.uscc == Submission.unit)
        .where(Submission.instance_id == instance.id, Submission.status == "done", Submission.act.in_(ANSWERS))
        .order_by(Submission.occurred_at.desc(), Submission.id)
    )
    return [
        Answer(row.act, row.role, name, row.occurred_at, str(row.form.get(ANSWERS[row.act]) or "").strip())
        for row, name in rows
    ]
