"""What need not go at once: one mail per person and day, from nine o'clock in Asia/Shanghai."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import array, insert
from sqlalchemy.ext.asyncio import AsyncSession

from activities.stores import Stores
from cases import mail_queue
from cases.notices import MAIL
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance
from cases.tables.letters import Notice
from cases.tables.organisations import Account, Membership
from cases.tables.worklist import Task
from notifications.digest import Planned, Waiting, daily_digests
from notifications.kinds import NOTICE_KINDS
from notifications.letters.wording import date_zh
from notifications.notice import Notice as Text
from notifications.notice import write_notice

SHANGHAI = ZoneInfo("Asia/Shanghai")
OPENS = 9
DIGEST_KINDS = frozenset(kind.id for kind in NOTICE_KINDS if not kind.own)
TASK = "task_assigned"
# Part of a digest that is a row of its own.
COVERED = "digested"


class Digests:
    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._tasks_told: date | None = None

    async def gather(self, now: datetime) -> None:
        """Turns what waits into digests. Before opening time, and for who had today's digest, it waits on."""
        local = now.astimezone(SHANGHAI)
        if local.hour < OPENS:
            return
        async with self._stores.sessions.begin() as session:
            if self._tasks_told != local.date():
                await _tell_of_tasks(session, now)
            rows = await mail_queue.for_digest(session, DIGEST_KINDS)
            sent = await _sent_of(session, local.date()) if rows else frozenset()
            waiting = [
                Waiting(row.idempotency_key, _person(row), Text(row.kind, row.subject, row.body), own=False)
                for row in rows
            ]
            by_person = {_person(row): row for row in rows}
            for planned in daily_digests(waiting, local.date(), sent):
                await _promise(session, planned, by_person[planned.recipient], now)
        self._tasks_told = local.date()


def _person(row: Notice) -> str:
    return str(row.account_id) if row.account_id is not None else f"party-{row.complaint_id}"


async def _sent_of(session: AsyncSession, day: date) -> frozenset[str]:
    keys = await session.scalars(
        select(Notice.idempotency_key).where(
            Notice.kind == "digest", Notice.idempotency_key.like(f"digest:%:{day.isoformat()}")
        )
    )
    return frozenset(keys)


async def _promise(session: AsyncSession, planned: Planned, like: Notice, now: datetime) -> None:
    """The digest becomes a row of its own in the same transaction that takes its parts off the queue."""
    row = insert(Notice).values(
        idempotency_key=planned.key, kind="digest", complaint_id=None if like.account_id else like.complaint_id,
        channel=MAIL, account_id=like.account_id, to_party=like.to_party, facts={"count": len(planned.covers)},
        subject=planned.notice.subject, body=planned.notice.body, status="pending", attempts=0, created_at=now,
    )  # fmt: skip
    if (await session.execute(row.on_conflict_do_nothing().returning(Notice.idempotency_key))).first() is not None:
        await session.execute(
            update(Notice).where(Notice.idempotency_key.in_(planned.covers)).values(status=COVERED, sent_at=None)
        )


async def _tell_of_tasks(session: AsyncSession, now: datetime) -> None:
    """Open tasks that nobody else has claimed, once to each who may do them and has an address."""
    group = Membership.role + "@" + Membership.uscc
    found = await session.execute(
        select(Task, Account.id, Complaint.case_no, Complaint.id)
        .join(Instance, Instance.id == Task.instance_id)
        .join(Complaint, Complaint.id == Instance.business_key)
        .join(Membership, Task.candidates.contains(array([group])))
        .join(Account, Account.id == Membership.account_id)
        .where(
            Task.status == "open",
            or_(Task.assignee_id.is_(None), Task.assignee_id == Account.id),
            Account.active,
            func.coalesce(Account.email, "") != "",
        )
        .order_by(Task.created_at, Task.instance_id, Task.key)
    )
    for task, account_id, case_no, complaint_id in found:
        due = date_zh(task.due_at.astimezone(SHANGHAI).date()) if task.due_at else "规定期限"
        text = write_notice(TASK, {"case_no": case_no, "task": task.name, "due": due})
        row = insert(Notice).values(
            idempotency_key=f"task:{task.instance_id}:{task.key}:{account_id}:{MAIL}", kind=TASK,
            complaint_id=complaint_id, channel=MAIL, account_id=account_id, to_party=False, facts={"case_no": case_no},
            subject=text.subject, body=text.body, status="pending", attempts=0, created_at=now,
        )  # fmt: skip
        await session.execute(row.on_conflict_do_nothing())
