"""Performing an act the way a person would: find the task or open act, submit as a user of the role, see it done.

An act that issues a letter stands for its chain: the draft, review and issue tasks it leads to are done at once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.stores import Stores
from cases import directory
from cases.access import COMPLAINANT, Actor
from cases.errors import Problem
from cases.intake import instance_id_of
from cases.offers import MATCHES, candidates_of, offered, root_variables
from cases.submissions import Act, submit
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance
from cases.tables.records import CreditRecord
from cases.tables.worklist import Submission, Subscription, Task
from jiannuo.rehearsal.population import person, unit_named
from jiannuo.rehearsal.sample import SampleAct
from jiannuo.relay import Relay
from workflows.client import Accepted, Refused

LETTER_STEP = "jiannuo:letterStep"


class ActRefused(Exception):
    """The product has no such task for this role now, or refused it, with its sentence."""


class Rests(Protocol):
    """Waits until an execution has nothing left to do at its instant."""

    async def quiet(self, instance_id: str) -> None: ...


Casting = Callable[[AsyncSession, str, str], Awaitable[Actor]]
Marking = Callable[[Submission], None]


def unmarked(row: Submission) -> None:
    """A rehearsed act is recorded when it happens."""


@dataclass
class Cast:
    """``casting`` finds who acts in a role for a unit; ``marking`` completes a submission before it is committed."""

    stores: Stores
    relay: Relay
    axis: Rests
    numbers: dict[str, str] = field(default_factory=dict)
    casting: Casting = person
    marking: Marking = unmarked

    async def perform(self, complaint_id: str, act: SampleAct) -> None:
        """Raises ActRefused."""
        data = {
            key: self.numbers.get(value, value) if isinstance(value, str) else value for key, value in act.data.items()
        }
        async with self.stores.sessions.begin() as session:
            target, role = await self._target(session, complaint_id, act, data)
            actor = await self._actor(session, complaint_id, target, role, data, act.at)
        await self._submit(complaint_id, actor, target, act.act, data, act.at)
        await self._chain(complaint_id, act.at)

    @staticmethod
    def _family(complaint_id: str) -> Select[str]:
        """The case's own process and those beside it (supervision orders); a person may act on any."""
        return select(Instance.id).where(Instance.business_key == complaint_id)

    async def _target(
        self, session: AsyncSession, complaint_id: str, act: SampleAct, data: Mapping[str, Any]
    ) -> tuple[Task | Subscription, str]:
        """Among tasks and open acts that offer this act to this role, the one whose own facts agree with the data."""
        family = self._family(complaint_id)
        tasks = await session.scalars(
            select(Task)
            .where(Task.instance_id.in_(family), Task.status == "open", Task.acts.contains([act.act]))
            .order_by(Task.instance_id, Task.key)
        )
        catches = await session.scalars(
            select(Subscription)
            .where(Subscription.instance_id.in_(family), Subscription.open, Subscription.acts.contains([act.act]))
            .order_by(Subscription.instance_id, Subscription.key)
        )
        found: list[Task | Subscription] = [*tasks, *catches]
        for target in found:
            instance = await session.get_one(Instance, target.instance_id)
            variables = root_variables(instance)
            roles = {c.partition("@")[0] for c in candidates_of(target, variables, act.at)}
            matches = target.properties.get(MATCHES) or {}
            agrees = all(data.get(key) in (None, value) for key, value in matches.items())
            if act.by in roles and agrees and offered(target.properties, variables, act.at):
                return target, act.by
        raise ActRefused(f"没有由{act.by}作出“{act.act}”的待办或可办事项。")

    async def _actor(
        self, session: AsyncSession, complaint_id: str, target: Task | Subscription, role: str,
        data: Mapping[str, Any], at: datetime,
    ) -> Actor:  # fmt: skip
        complaint = await session.get(Complaint, complaint_id)
        instance = await session.get(Instance, target.instance_id)
        assert complaint is not None
        assert instance is not None
        units = [
            unit
            for wanted, _, unit in (c.partition("@") for c in candidates_of(target, root_variables(instance), at))
            if wanted == role
        ]
        if role == COMPLAINANT:
            return Actor(COMPLAINANT, complaint_id=complaint_id)
        unit = units[0] if units[0] != "*" else await self._open_unit(session, complaint, role, data)
        return await self.casting(session, role, unit)

    async def _open_unit(self, session: AsyncSession, complaint: Complaint, role: str, data: Mapping[str, Any]) -> str:
        """A unit that holds the role where the model leaves the unit open."""
        named = await unit_named(session, str(data["dept"])) if data.get("dept") else None
        if named is not None:
            return named
        if role == "recorded_unit":
            record = await session.get(CreditRecord, complaint.id)
            return record.unit_uscc if record else complaint.respondent_uscc
        functions = {"credit_lead_dept": directory.CREDIT_LEAD, "region_drc": directory.REGION_DRC}
        found = await directory.nearest(session, functions.get(role, "supervisor"), complaint.region_code)
        if found is None:
            raise ActRefused(f"组织目录中没有{role}。")
        return found.uscc

    async def _submit(
        self, complaint_id: str, actor: Actor, target: Task | Subscription, act: str, data: Mapping[str, Any],
        at: datetime,
    ) -> None:  # fmt: skip
        wanted = Act(
            complaint_id, act, data, at,
            task_key=target.key if isinstance(target, Task) else None,
            subscription_key=target.key if isinstance(target, Subscription) else None,
            instance_id=target.instance_id if target.instance_id != instance_id_of(complaint_id) else None,
        )  # fmt: skip
        try:
            async with self.stores.sessions.begin() as session:
                row = await submit(session, self.stores.definitions, actor, wanted, at)
                self.marking(row)
        except Problem as problem:
            raise ActRefused(problem.sentence) from None
        outcome = await self.relay.tell(row)
        if isinstance(outcome, Refused):
            raise ActRefused(outcome.sentence)
        if not isinstance(outcome, Accepted):
            raise ActRefused("案件已经办理终结。")
        await self.axis.quiet(target.instance_id)

    async def _chain(self, complaint_id: str, at: datetime) -> None:
        """Draft, review and issue what the act led to, each as a person of the role."""
        while True:
            async with self.stores.sessions.begin() as session:
                task = await session.scalar(
                    select(Task)
                    .where(
                        Task.instance_id.in_(self._family(complaint_id)),
                        Task.status == "open",
                        Task.properties.has_key(LETTER_STEP),
                    )
                    .order_by(Task.instance_id, Task.key)
                    .limit(1)
                )
                if task is None:
                    return
                role, _, unit = task.candidates[0].partition("@")
                actor = await self.casting(session, role, unit)
            await self._submit(complaint_id, actor, task, task.acts[0], {"letter_id": task.inputs.get("letter_id")}, at)
