"""An administrator's acts on executions that belong to no case. For pages and API."""

from __future__ import annotations

from typing import Any

from api import operations
from api.ports import Sent
from api.services import Services
from api.who import Staff
from bpmn.events import Event, InstanceCancelled
from cases.errors import Conflict, Invalid
from cases.instance_acts import (
    ScopeValues,
    TaskAnswer,
    already,
    open_task,
    read_variables,
    task_event,
    task_form,
    without_case,
)
from cases.operations import required_reason
from cases.tables.engine import Instance
from cases.tables.worklist import Task

MAX_ID = 64


async def look_at_task(services: Services, instance_id: str, key: int) -> tuple[Instance, Task, dict[str, Any]]:
    """With the part of its form that travels. Raises NotFound and Conflict."""
    async with services.transaction() as session:
        instance = await without_case(session, instance_id)
        task = await open_task(session, instance_id, key)
        return instance, task, await task_form(session, services.definitions, instance, task)


async def answer_event(
    services: Services, instance_id: str, key: int, answer: TaskAnswer, submission_id: str
) -> Event:
    """What would be told to the execution. Raises NotFound, Conflict, Invalid."""
    instance, task, form = await look_at_task(services, instance_id, key)
    return task_event(task, form, answer, submission_id, services.case_now(instance))


async def answer_task(
    services: Services, who: Staff, instance_id: str, key: int, answer: TaskAnswer, reason: str, submission_id: str
) -> Sent:
    """Sent again under its id it is one act, and answered. Raises NotFound, Conflict, Invalid with every field."""
    wrong: dict[str, str] = {}
    if not submission_id.isascii() or not submission_id.isalnum() or len(submission_id) > MAX_ID:
        wrong["submission_id"] = f"办理编号只能是字母和数字，不超过{MAX_ID}个。"
    try:
        required_reason(reason)
    except Invalid as invalid:
        wrong |= invalid.fields
    async with services.transaction() as session:
        await without_case(session, instance_id)
        known = await already(session, instance_id, submission_id) if not wrong else None
    if known is not None:
        return Sent(known, pending=False)
    try:
        event = await answer_event(services, instance_id, key, answer, submission_id)
    except Invalid as invalid:
        raise Invalid(wrong | invalid.fields) from None
    if wrong:
        raise Invalid(wrong)
    return await operations.perform(services, who, instance_id, event, reason, submission_id)


async def cancel(services: Services, who: Staff, instance_id: str, reason: str) -> Sent:
    """It cannot be taken back. The reason stands in the audit log alone: of the event it would be a variable."""
    why = required_reason(reason)
    async with services.transaction() as session:
        instance = await without_case(session, instance_id)
        if instance.status not in ("starting", "active"):
            raise Conflict("这个流程已经结束，不需要终止。")
    return await operations.perform(services, who, instance_id, InstanceCancelled("operator"), why)


async def variables(services: Services, who: Staff, instance_id: str, reason: str) -> list[ScopeValues]:
    actor = f"account:{who.account.id}"
    async with services.transaction() as session:
        return await read_variables(
            session, services.definitions, instance_id, actor, reason, services.clock()
        )
