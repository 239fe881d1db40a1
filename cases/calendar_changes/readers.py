"""Who hears that a date has moved: the people whose task it is, and the complainant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from cases.access import COMPLAINANT
from cases.notices import Reader, Written
from cases.tables.complaints import Party
from cases.tables.organisations import Account, Membership
from cases.tables.worklist import Task
from cases.vault import Vault

KIND = "deadline_moved"
Writer: TypeAlias = Callable[[str, Mapping[str, str]], Written]
"""A kind of notice and its facts, in words."""


class Readers:
    """The readers of a batch of cases, found with four queries whatever its size."""

    def __init__(self, tasks: Sequence[Task], people: Mapping[str, list[int]], parties: Mapping[str, bool]) -> None:
        self._people = people
        self._parties = parties
        self._tasks: dict[str, list[Task]] = {}
        for task in tasks:
            self._tasks.setdefault(task.instance_id, []).append(task)

    def of(self, instance_id: str, deadline_key: int, complaint_id: str) -> list[Reader]:
        """Of the tasks due by this deadline, or of all open ones where it is nobody's due date."""
        tasks = self._tasks.get(instance_id, [])
        due = [task for task in tasks if task.deadline_key == deadline_key] or tasks
        accounts: set[int] = set()
        for task in due:
            own = [task.assignee_id] if task.assignee_id is not None else None
            accounts.update(own or (id_ for each in task.candidates for id_ in self._people.get(each, ())))
        # In the inbox each; by mail one summary a person when the change is through, instead of a mail a deadline.
        staff = [Reader(id_, mail=False) for id_ in sorted(accounts)]
        known = complaint_id in self._parties
        return [*staff, *([Reader(None, self._parties[complaint_id])] if known else [])]


async def readers_of(
    session: AsyncSession, vault: Vault, instance_ids: Sequence[str], complaint_ids: Sequence[str]
) -> Readers:
    tasks = (
        await session.scalars(select(Task).where(Task.instance_id.in_(instance_ids), Task.status == "open"))
    ).all()
    parties = await session.execute(
        select(Party.complaint_id, Party.sealed).where(Party.complaint_id.in_(complaint_ids))
    )
    reachable = {id_: bool(vault.open(id_, sealed).contact_email) for id_, sealed in parties}
    return Readers(tasks, await _people(session, {each for task in tasks for each in task.candidates}), reachable)


async def _people(session: AsyncSession, candidates: Iterable[str]) -> dict[str, list[int]]:
    pairs = [(role, unit) for role, _, unit in (each.partition("@") for each in candidates) if unit]
    logins = [each.removeprefix("user:") for each in candidates if each.startswith("user:")]
    found: dict[str, list[int]] = {}
    members = await session.execute(
        select(Membership.role, Membership.uscc, Membership.account_id)
        .join(Account, Account.id == Membership.account_id)
        .where(tuple_(Membership.role, Membership.uscc).in_(pairs), Membership.role != COMPLAINANT, Account.active)
    )
    for role, unit, account in members:
        found.setdefault(f"{role}@{unit}", []).append(account)
    if logins:
        for login, account in await session.execute(
            select(Account.login, Account.id).where(Account.login.in_(logins), Account.active)
        ):
            found.setdefault(f"user:{login}", []).append(account)
    return found
