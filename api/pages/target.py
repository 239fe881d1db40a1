"""What a page of a task or open act shows: the row, its case or order, its form, letter and deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api import acts
from api.services import Services
from cases import worklist
from cases.access import Actor
from cases.errors import Conflict, NotFound
from cases.intake import instance_id_of
from cases.people.entitlement import may, taking
from cases.queries.case_view import CaseView, case_view
from cases.queries.instance_rows import open_acts
from cases.queries.letters import letter_of
from cases.tables.clocks import Deadline, DeadlineChange
from cases.tables.engine import Instance
from cases.tables.letters import Letter
from cases.tables.orders import SupervisionOrder
from cases.tables.worklist import Subscription, Task


@dataclass
class Target:
    """What is acted on, and what its page needs. ``behalf``: whom the actor stands in for."""

    row: Task | Subscription
    view: CaseView
    form: Mapping[str, Any] | None
    defaults: dict[str, Any]
    letter: Letter | None = None
    mine: bool = True
    order: SupervisionOrder | None = None
    deadline: Deadline | None = None
    changes: Sequence[DeadlineChange] = ()
    behalf: str = ""

    @property
    def is_task(self) -> bool:
        return isinstance(self.row, Task)

    @property
    def address(self) -> str:
        kind = "tasks" if self.is_task else "acts"
        return f"{self.home}/{kind}/{self.row.key}"

    @property
    def home(self) -> str:
        """The page of what is acted on: the case, or an order of it."""
        return home_of(self.view.complaint.id, self.order.id if self.order else None)


@dataclass(frozen=True)
class Place:
    """Where a task or act belongs: to a case, or to an order that has its lead case."""

    case_id: str
    order: SupervisionOrder | None = None

    @property
    def home(self) -> str:
        return home_of(self.case_id, self.order.id if self.order else None)

    @property
    def instance_id(self) -> str:
        return self.order.instance_id if self.order else instance_id_of(self.case_id)


def home_of(case_id: str, order_id: str | None) -> str:
    return f"/orders/{order_id}" if order_id else f"/cases/{case_id}"


async def find(session: AsyncSession, services: Services, actor: Actor, place: Place, kind: str, key: int) -> Target:
    """Raises NotFound, Conflict (closed meanwhile)."""
    now = await acts.case_time(session, services, place.case_id)
    view = await case_view(session, actor, place.case_id, now)
    row: Task | Subscription
    mine, behalf = True, ""
    if kind == "tasks":
        row, complaint = await worklist.find_task(session, actor, place.case_id, key, place.instance_id)
        duty = await may(session, actor, complaint, taking(row))
        mine, behalf = duty is not None, duty.behalf_name if duty else ""
        if not mine and place.order is None and row not in [task for task, _ in view.tasks]:
            raise NotFound("没有找到这项任务，或者您无权查看。")
    else:
        offers = view.open_acts
        if place.order is not None:
            instance = await session.get_one(Instance, place.instance_id)
            offers, _ = await open_acts(session, actor, instance, view.complaint, now)
        found = next((act for act in offers if act.key == key), None)
        if found is None:
            raise Conflict("按案件目前的进展，已经不能作出这一办理动作。")
        row = found
    form = await services.definitions.form(session, view.complaint.pack, row.form_id) if row.form_id else None
    letter = None
    defaults: dict[str, Any] = dict(row.properties.get("jiannuo:matches") or {}) if not isinstance(row, Task) else {}
    if isinstance(row, Task) and row.inputs.get("letter_id"):
        wanted = str(row.inputs["letter_id"])
        letter = (
            await session.get(Letter, wanted) if place.order and mine else await letter_of(session, view, wanted)
        )
        if letter is None:
            raise NotFound("没有找到这份文书，或者您无权查看。")
        defaults["body"] = letter.body
    if "refer" in row.acts or "designate" in row.acts:
        defaults["to"] = view.complaint.superior_uscc
    due, changes = await _clock(session, row)
    return Target(row, view, form, defaults, letter, mine, place.order, due, changes, behalf)


async def _clock(
    session: AsyncSession, row: Task | Subscription
) -> tuple[Deadline | None, Sequence[DeadlineChange]]:
    if not isinstance(row, Task) or row.deadline_key is None:
        return None, ()
    due = await session.get(Deadline, (row.instance_id, row.deadline_key))
    moved = await session.scalars(
        select(DeadlineChange)
        .where(DeadlineChange.instance_id == row.instance_id, DeadlineChange.deadline_key == row.deadline_key)
        .order_by(DeadlineChange.revision)
    )
    return due, list(moved)
