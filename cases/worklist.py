"""Who works on a task: claim, release, transfer. One transaction each, guarded by the row's version.

A stand-in claims in the name of the person stood in for, so that the task is that person's when the days are over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from cases import access, audit, task_positions
from cases.access import Actor, Duty
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.intake import instance_id_of
from cases.people import authority, recusal, task_notes
from cases.people.entitlement import duty_for, taking
from cases.people.telling import tell
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance
from cases.tables.organisations import Account, Membership
from cases.tables.worklist import Task

GONE = {"completed": "已由他人完成", "cancelled": "已因期限届满或案件进展而取消"}


@dataclass(frozen=True)
class Seen:
    """A task as the person saw it; ``row_version`` tells whether it changed since.

    ``instance_id``: empty for the complaint's own process.
    """

    complaint_id: str
    key: int
    row_version: int
    instance_id: str = ""


@dataclass(frozen=True)
class Held:
    """An open task, its case, and the duty by which the actor may take it (None for who only oversees it)."""

    task: Task
    complaint: Complaint
    duty: Duty | None

    @property
    def of_colleague(self) -> int | None:
        return self.duty.behalf if self.duty else None


async def find_task(
    session: AsyncSession, actor: Actor, complaint_id: str, key: int, instance_id: str = ""
) -> tuple[Task, Complaint]:
    """A task of a case that the actor may see. Raises NotFound."""
    complaint = await session.scalar(access.visible(actor).where(Complaint.id == complaint_id))
    instance = await session.get(Instance, instance_id or instance_id_of(complaint_id)) if complaint else None
    owned = instance is not None and instance.business_key == complaint_id
    task = await session.get(Task, (instance.id, key)) if instance is not None and owned else None
    if complaint is None or task is None:
        raise NotFound("没有找到这项任务，或者您无权查看。")
    return task, complaint


async def find_open(session: AsyncSession, actor: Actor, seen: Seen) -> tuple[Task, Complaint]:
    """Raises NotFound, or Conflict with how it ended."""
    task, complaint = await find_task(session, actor, seen.complaint_id, seen.key, seen.instance_id)
    if task.status != "open":
        raise Conflict(f"“{task.name}”{GONE.get(task.status, '已经结束')}。")
    return task, complaint


async def claim(session: AsyncSession, actor: Actor, seen: Seen, now: datetime) -> None:
    held = await _open(session, actor, seen)
    task, holder = held.task, held.of_colleague or actor.account_id
    if task.assignee_id in (actor.account_id, holder):
        return
    if task.assignee_id is not None:
        raise Conflict(
            f"“{task.name}”已由{await _name(session, task.assignee_id)}认领，需要由您办理的，请对方退还或转办。"
        )
    await change(session, task, seen.row_version, assignee_id=holder, claimed_at=now)
    await _note_stand_in(session, actor, held, "claim", now)


async def release(session: AsyncSession, actor: Actor, seen: Seen, now: datetime) -> None:
    held = await _open(session, actor, seen)
    if held.task.assignee_id is None or held.task.assignee_id not in (actor.account_id, *_colleagues(actor)):
        raise Conflict(f"“{held.task.name}”不在您名下，没有退还。")
    await change(session, held.task, seen.row_version, assignee_id=None, claimed_at=None)
    await _note_stand_in(session, actor, held, "release", now)


async def transfer(session: AsyncSession, actor: Actor, seen: Seen, to_login: str, reason: str, now: datetime) -> None:
    """To a colleague who may take it. Raises Invalid when there is no such colleague or no reason is given."""
    task, complaint = await find_open(session, actor, seen)
    own = task.assignee_id in (None, actor.account_id, *_colleagues(actor))
    if not await authority.oversees(session, actor, task, complaint):
        await duty_for(session, actor, complaint, taking(task))
        if not own:
            holder = await _name(session, task.assignee_id)
            raise Conflict(f"“{task.name}”已由{holder}认领，只有本人、单位负责人或督办人员可以转办。")
    await hand(session, actor, task, complaint, seen.row_version, to_login, reason, now, "transfer")


async def hand(
    session: AsyncSession, actor: Actor, task: Task, complaint: Complaint, version: int, to_login: str, reason: str,
    now: datetime, act: str,
) -> None:  # fmt: skip
    """Puts the task into somebody's name, whoever asks; an empty login puts it back to the unit.

    Raises Invalid: the person may not take it (and why), or no reason is given.
    """
    problems = {} if reason.strip() else {"reason": "请写明转办理由。"}
    colleague = await session.scalar(select(Account).where(Account.login == to_login.strip(), Account.active))
    if to_login.strip():
        problems |= await _taker_problem(session, colleague, task, complaint)
    if problems:
        raise Invalid(problems)
    to = colleague.id if colleague else None
    before = task.assignee_id
    if to == before:
        raise Conflict(f"“{task.name}”已经在{colleague.display_name if colleague else '单位待办'}名下。")
    await change(session, task, version, assignee_id=to, claimed_at=now if to else None)
    note = await task_notes.keep(session, actor, complaint, task, "transfer", reason, now)
    await audit.append(
        session, at=now, recorded_at=now, actor=f"account:{actor.account_id}", act=act,
        complaint_id=complaint.id, facts={"task": task.key, "from": before, "to": to, "note": note.id},
    )  # fmt: skip
    if colleague is not None and colleague.id != actor.account_id:
        await tell(
            session, f"given:{task.instance_id}:{task.key}:{version}", colleague, "task_given", now, complaint.id,
            case_no=complaint.case_no, task=task.name, reason=reason.strip(),
        )  # fmt: skip


async def _taker_problem(
    session: AsyncSession, colleague: Account | None, task: Task, complaint: Complaint
) -> dict[str, str]:
    if colleague is None:
        return {"to": "请选择有权办理这项任务的同事。"}
    try:
        await duty_for(session, await access.actor_of(session, colleague), complaint, taking(task))
    except Forbidden as refused:
        return {"to": f"不能转给{colleague.display_name}：{refused.sentence}请选择有权办理这项任务的同事。"}
    return {}


async def colleagues(session: AsyncSession, task: Task, complaint: Complaint) -> list[Account]:
    """Those named by the task's candidates who need not keep out of the case, for the transfer list."""
    named = [group.partition("@") for group in task.candidates]
    pairs = [(role, unit) for role, _, unit in named if unit not in ("", "*")]
    if not pairs:
        return []
    members = select(Membership.account_id).where(tuple_(Membership.role, Membership.uscc).in_(pairs))
    found = (
        await session.scalars(select(Account).where(Account.active, Account.id.in_(members)).order_by(Account.login))
    ).all()
    party = any(role in recusal.PARTY_ROLES for role, _ in pairs)
    barred = {} if party else await recusal.bars(session, complaint, [account.id for account in found])
    return [account for account in found if account.id not in barred]


async def change(session: AsyncSession, task: Task, version: int, **values: object) -> None:
    """The version in the WHERE, not in a read before: of two people who press at once one wins."""
    changed = await session.execute(
        update(Task)
        .where(
            Task.instance_id == task.instance_id,
            Task.key == task.key,
            Task.row_version == version,
            Task.status == "open",
        )
        .values(row_version=version + 1, **values)
        .returning(Task.key)
    )
    if changed.first() is None:
        raise Conflict(f"“{task.name}”刚刚有了变动，请刷新后再试。")
    await task_positions.refresh_task(session, task.instance_id, task.key)


async def _open(session: AsyncSession, actor: Actor, seen: Seen) -> Held:
    task, complaint = await find_open(session, actor, seen)
    return Held(task, complaint, await duty_for(session, actor, complaint, taking(task)))


async def _note_stand_in(session: AsyncSession, actor: Actor, held: Held, act: str, now: datetime) -> None:
    """Claims of one's own leave no entry; in another's name both names are kept."""
    duty = held.duty
    if duty is None or duty.behalf is None:
        return
    await audit.append(
        session, at=now, recorded_at=now, actor=f"account:{actor.account_id}", act=act,
        complaint_id=held.complaint.id,
        facts={"task": held.task.key, "on_behalf_of": duty.behalf, "delegation": duty.delegation},
    )  # fmt: skip


def _colleagues(actor: Actor) -> set[int]:
    return {duty.behalf for duty in actor.entrusted if duty.behalf is not None}


async def _name(session: AsyncSession, account_id: int | None) -> str:
    account = await session.get(Account, account_id) if account_id else None
    return account.display_name if account else "他人"
