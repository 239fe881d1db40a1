"""Executions that belong to no case, by program: what they wait for, and an administrator's acts on them."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api import instances, operations
from api.services import Wired
from api.who import ApiStaff
from cases.instance_acts import TaskAnswer
from cases.queries.instance_view import InstanceView, instance_view
from cases.queries.instances import InstanceFilter, InstanceRow
from cases.queries.instances import instances as listed

router = APIRouter(tags=["operator"], prefix="/instances")
Text = Annotated[str | None, Query(max_length=400)]
Show = Literal["running", "stuck", "completed", "cancelled", "any"]


class WaitingOut(BaseModel):
    """``kind``: task, job, timer, message, signal, conditional, definition or decision; ``until``: of a timer."""

    key: int
    kind: str
    element: str
    name: str
    since: datetime | None
    until: datetime | None


class InstanceOut(BaseModel):
    """``waits`` is empty for what belongs to a case; ``begun_by``: message, signal, timer, hand or case."""

    id: str
    process_id: str
    process: str
    key: str
    case_id: str | None
    case_no: str | None
    begun_at: datetime
    begun_by: str
    status: str
    last_step: int
    last_at: datetime | None
    incidents: int
    waits: list[WaitingOut]


class InstancesOut(BaseModel):
    items: list[InstanceOut]
    next: str | None


class InstanceStepOut(BaseModel):
    number: int
    at: datetime
    event: str
    led_to: list[str]


class InstanceDetail(InstanceOut):
    """``variables``: names only; their values by ``POST …/variables`` with a reason."""

    halted: str | None
    variables: list[str]
    history: list[InstanceStepOut]


class AnswerIn(BaseModel):
    """``outcome`` error and escalate need the ``code`` of the model; ``act`` is for a task that has acts. Sent again
    under the same ``submission_id`` it is one act.
    """

    reason: str = Field(max_length=1_000)
    outcome: Literal["complete", "error", "escalate"] = "complete"
    act: str = Field(default="", max_length=200)
    variables: dict[str, Any] = Field(default_factory=dict)
    code: str = Field(default="", max_length=200)
    submission_id: str | None = Field(default=None, max_length=64)


class WhyIn(BaseModel):
    reason: str = Field(max_length=1_000)


class RecordedOut(BaseModel):
    """The step of the execution that recorded the act."""

    step: int | None


class ScopeValuesOut(BaseModel):
    scope: int
    element: str
    name: str
    variables: dict[str, Any]


@router.get("", summary="不属于案件的流程实例，whole=true 时为全部")
async def page(
    services: Wired, who: ApiStaff, show: Show = "running", process: Text = None, whole: bool = False,
    after: Text = None, limit: Annotated[int, Query(ge=1, le=1_000)] = 200,
) -> InstancesOut:  # fmt: skip
    operations.require_operator(who)
    async with services.transaction() as session:
        found = await listed(session, services.definitions, InstanceFilter(show, process, whole, after, limit))
    return InstancesOut(items=[InstanceOut(**_plain(row)) for row in found.rows], next=found.next)


@router.get("/{instance_id}", summary="一个流程实例：等待什么，经过了什么")
async def one(services: Wired, who: ApiStaff, instance_id: str) -> InstanceDetail:
    operations.require_operator(who)
    async with services.transaction() as session:
        view = await instance_view(session, services.definitions, instance_id)
    return InstanceDetail(
        **_plain(view.row), halted=view.halted, variables=list(view.variables), history=_history(view)
    )


@router.post("/{instance_id}/tasks/{key}", summary="办理不属于案件的任务：完成、以错误结束、升级")
async def answer(services: Wired, who: ApiStaff, instance_id: str, key: int, given: AnswerIn) -> RecordedOut:
    operations.require_operator(who)
    wanted = TaskAnswer(given.outcome, given.act, given.variables, given.code)
    id_ = secrets.token_hex(12) if given.submission_id is None else given.submission_id
    sent = await instances.answer_task(services, who, instance_id, key, wanted, given.reason, id_)
    return RecordedOut(step=sent.step)


@router.post("/{instance_id}/cancel", summary="终止不属于案件的流程（不可撤销）")
async def cancel(services: Wired, who: ApiStaff, instance_id: str, given: WhyIn) -> RecordedOut:
    operations.require_operator(who)
    sent = await instances.cancel(services, who, instance_id, given.reason)
    return RecordedOut(step=sent.step)


@router.post("/{instance_id}/variables", summary="查看变量的内容（记入日志）")
async def variables(services: Wired, who: ApiStaff, instance_id: str, given: WhyIn) -> list[ScopeValuesOut]:
    operations.require_operator(who)
    found = await instances.variables(services, who, instance_id, given.reason)
    return [ScopeValuesOut(scope=v.scope, element=v.element, name=v.name, variables=v.values) for v in found]


def _plain(row: InstanceRow) -> dict[str, Any]:
    return asdict(row)


def _history(view: InstanceView) -> list[InstanceStepOut]:
    led_to = view.led_to or {}
    return [
        InstanceStepOut(number=line.number, at=line.at, event=line.event, led_to=led_to.get(line.number, []))
        for line in view.history
    ]
