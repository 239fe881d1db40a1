"""The work list by program."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api import acts
from api.json.models import ActIn, ActOut, TaskOut, TaskPage, TransferIn, VersionIn
from api.services import Services, Wired
from api.who import ApiActor, ApiStaff
from cases import worklist
from cases.access import Actor
from cases.orders.states import instance_of
from cases.queries.light import lights_for
from cases.queries.tasks import TaskFilter, TaskRow, task_list
from cases.submissions import Act
from cases.worklist import Seen

router = APIRouter(tags=["tasks"])
# A task of a supervision order is numbered within the order, not within the case.
InOrder = Annotated[str | None, Query(max_length=40, description="任务属于督办件时，督办件的标识（order_id）")]


def _instance(order: str | None) -> str:
    return instance_of(order) if order else ""


@router.get("/tasks", summary="待办列表，按到期先后")
async def tasks(
    services: Wired, who: ApiStaff, unit: str | None = None, stage: str | None = None, light: str | None = None,
    whose: str = "all", urgent: bool = False, text: str | None = None, newest: bool = False,
    after: str | None = None, size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> TaskPage:  # fmt: skip
    async with services.transaction() as session:
        lights = await lights_for(session, services.pack, services.clock())
        wanted = TaskFilter(unit, stage, light, whose, after, size, urgent, text, newest)
        page = await task_list(session, who.actor, lights, wanted)
    return TaskPage(items=[task_out(row) for row in page.rows], next=page.next)


@router.post("/cases/{case_id}/tasks/{key}/claim", status_code=204, summary="认领")
async def claim(
    services: Wired, who: ApiStaff, case_id: str, key: int, given: VersionIn, order: InOrder = None
) -> Response:
    async with services.transaction() as session:
        await worklist.claim(
            session, who.actor, Seen(case_id, key, given.row_version, _instance(order)), services.clock()
        )
    return Response(status_code=204)


@router.post("/cases/{case_id}/tasks/{key}/release", status_code=204, summary="退还")
async def release(
    services: Wired, who: ApiStaff, case_id: str, key: int, given: VersionIn, order: InOrder = None
) -> Response:
    async with services.transaction() as session:
        seen = Seen(case_id, key, given.row_version, _instance(order))
        await worklist.release(session, who.actor, seen, services.clock())
    return Response(status_code=204)


@router.post("/cases/{case_id}/tasks/{key}/transfer", status_code=204, summary="转办")
async def transfer(
    services: Wired, who: ApiStaff, case_id: str, key: int, given: TransferIn, order: InOrder = None
) -> Response:
    async with services.transaction() as session:
        seen = Seen(case_id, key, given.row_version, _instance(order))
        await worklist.transfer(session, who.actor, seen, given.to, given.reason, services.clock())
    return Response(status_code=204)


@router.post("/cases/{case_id}/tasks/{key}", summary="办理任务", responses={202: {"model": ActOut}})
async def complete(
    services: Wired, who: ApiActor, case_id: str, key: int, given: ActIn, response: Response, order: InOrder = None
) -> ActOut:
    return await _perform(services, who, case_id, given, response, task=key, order=order)


@router.post("/cases/{case_id}/acts/{key}", summary="作出可随时作出的办理动作", responses={202: {"model": ActOut}})
async def act(
    services: Wired, who: ApiActor, case_id: str, key: int, given: ActIn, response: Response, order: InOrder = None
) -> ActOut:
    return await _perform(services, who, case_id, given, response, subscription=key, order=order)


@router.get("/submissions/{submission_id}", summary="一次提交的结果", responses={202: {"model": ActOut}})
async def submission(services: Wired, who: ApiActor, submission_id: str, response: Response) -> ActOut:
    async with services.transaction() as session:
        outcome = await acts.follow(session, who, submission_id)
    return _out(outcome, response)


async def _perform(
    services: Services, actor: Actor, case_id: str, given: ActIn, response: Response,
    task: int | None = None, subscription: int | None = None, order: str | None = None,
) -> ActOut:  # fmt: skip
    async with services.transaction() as session:
        now = await acts.case_time(session, services, case_id)
    wanted = Act(
        case_id, given.act, given.form, given.occurred_at or now, task, subscription, given.late_reason,
        given.submission_id, _instance(order) or None,
    )  # fmt: skip
    return _out(await acts.perform(services, actor, wanted), response)


def _out(outcome: acts.Outcome, response: Response) -> ActOut:
    response.status_code = 202 if outcome.status == "pending" else 200
    return ActOut(
        submission_id=outcome.submission_id,
        case_id=outcome.complaint_id,
        status=outcome.status,
        sentence=outcome.sentence,
    )


def task_out(row: TaskRow) -> TaskOut:
    return TaskOut(
        case_id=row.complaint.id, case_no=row.complaint.case_no, order_id=row.order_id, key=row.task.key,
        name=row.task.name,
        acts=row.task.acts,
        form_id=row.task.form_id, unit=row.task.unit, stage=row.complaint.stage, light=row.light,
        due=row.deadline.due if row.deadline and row.deadline.status != "paused" else None, due_at=row.due_at,
        provisional=bool(row.deadline and row.deadline.provisional), working_days_left=row.days_left,
        assignee=row.assignee, on_behalf_of=row.behalf, priority=row.task.priority,
        row_version=row.task.row_version,
    )  # fmt: skip
