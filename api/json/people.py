"""Stand-ins, leave, load and acts on many tasks by program."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api import bulk as bulk_acts
from api.json.models import TaskPage
from api.json.people_models import (
    BulkIn,
    BulkItemOut,
    BulkOut,
    DelegationIn,
    DelegationOut,
    LeaveIn,
    LeaveOut,
    LoadOut,
    PairIn,
    StandingInOut,
    WordsIn,
)
from api.json.tasks import task_out
from api.services import Services, Wired
from api.who import ApiStaff, Staff, require
from cases.deadlines.zone import day_of
from cases.errors import Conflict
from cases.orders.states import instance_of
from cases.people import authority, bulk, delegation, leave, leaving
from cases.people.bulk import Wish
from cases.people.delegation import Wanted
from cases.queries.light import lights_for
from cases.queries.load import load
from cases.queries.oversight import OversightFilter, oversight
from cases.queries.standing_in import standing_in
from cases.worklist import Seen

router = APIRouter(tags=["people"])
ONLY = "人员与任务仅供负责人、督办、信用牵头、归集上报、审计和管理员使用。"


@router.get("/standing-in", summary="委托、AB岗")
async def shown(services: Wired, who: ApiStaff, person: int | None = None) -> StandingInOut:
    async with services.transaction() as session:
        account_id = person or who.account.id
        await authority.require_own_or_head(session, who.actor, account_id, "委托和请假")
        found = await standing_in(session, await authority.person(session, account_id))
    today = day_of(services.clock())
    given = [
        DelegationOut(
            id=one.row.id, of=one.of, stand_in=one.to, since=one.row.since, until=one.row.until, scope=one.scope,
            reason=one.row.reason, grave=one.row.grave, granted_by=one.granted_by, granted_at=one.row.granted_at,
            state=one.state(today),
        )
        for one in found.delegations
    ]  # fmt: skip
    return StandingInOut(
        person=found.account.id, name=found.account.display_name,
        stand_in=found.pair.display_name if found.pair else None, delegations=given,
    )  # fmt: skip


@router.put("/standing-in/pair", status_code=204, summary="设定或取消AB岗")
async def pair(services: Wired, who: ApiStaff, given: PairIn) -> Response:
    async with services.transaction() as session:
        await leave.set_pair(session, who.actor, given.person or who.account.id, given.stand_in, services.clock())
    return Response(status_code=204)


@router.post("/leaves", status_code=201, summary="登记请假，AB岗自动代办")
async def take_leave(services: Wired, who: ApiStaff, given: LeaveIn) -> LeaveOut:
    async with services.transaction() as session:
        row, cover = await leave.take_leave(
            session, who.actor, given.person or who.account.id, given.kind, given.since, given.until, given.grave,
            services.clock(),
        )  # fmt: skip
    return LeaveOut(id=row.id, delegation=cover.id if cover else None)


@router.post("/leaves/{leave_id}/end", status_code=204, summary="销假")
async def end_leave(services: Wired, who: ApiStaff, leave_id: str) -> Response:
    async with services.transaction() as session:
        await leave.end_leave(session, who.actor, leave_id, services.clock())
    return Response(status_code=204)


@router.post("/delegations", status_code=201, summary="委托办理")
async def delegate(services: Wired, who: ApiStaff, given: DelegationIn) -> dict[str, str]:
    wanted = Wanted(
        given.person or who.account.id, given.stand_in, given.since, given.until, given.reason, given.units,
        given.roles, given.grave,
    )  # fmt: skip
    async with services.transaction() as session:
        row = await delegation.grant(session, who.actor, wanted, services.clock())
    return {"id": row.id}


@router.post("/delegations/{delegation_id}/revoke", status_code=204, summary="撤销委托")
async def revoke(services: Wired, who: ApiStaff, delegation_id: str, given: WordsIn) -> Response:
    async with services.transaction() as session:
        await delegation.revoke(session, who.actor, delegation_id, given.words, services.clock())
    return Response(status_code=204)


@router.get("/people", summary="人员任务量")
async def people(services: Wired, who: ApiStaff) -> list[LoadOut]:
    require(who.oversees_people, ONLY)
    async with services.transaction() as session:
        rows = await load(session, who.actor, await lights_for(session, services.pack, services.clock()))
    return [
        LoadOut(
            person=row.account_id, name=row.name, units=row.units, unit=row.unit, open=row.counts["all"],
            late=row.counts["late"], due_today=row.counts["today"], due_in_3_working_days=row.counts["soon"],
            away_without_stand_in=row.counts["uncovered"], age_days=row.age, away=row.away is not None,
            stand_ins=row.stand_ins,
        )
        for row in rows
    ]  # fmt: skip


@router.get("/people/tasks", summary="管辖范围内的任务，按到期先后")
async def tasks(
    services: Wired, who: ApiStaff, person: str | None = None, unit: str | None = None, due: str | None = None,
    kind: str | None = None, urgent: bool = False, after: str | None = None,
) -> TaskPage:  # fmt: skip
    require(who.oversees_tasks, ONLY)
    async with services.transaction() as session:
        lights = await lights_for(session, services.pack, services.clock())
        wanted = OversightFilter(person, unit, due, kind, urgent, after)
        page = await oversight(session, who.actor, lights, wanted)
    return TaskPage(items=[task_out(row) for row in page.rows], next=page.next)


@router.post("/bulk/{act}", summary="批量催办、改派、批准延期，逐项给出结果", responses={202: {"model": BulkOut}})
async def many(services: Wired, who: ApiStaff, act: str, given: BulkIn, response: Response) -> BulkOut:
    if act == "handover":
        raise Conflict("移交请使用 /people/{person}/handover。")
    chosen = _chosen(given)
    await bulk_acts.perform(services, who.actor, given.token, Wish(act, given.to, given.words), chosen)
    return await _outcome(services, who, given.token, response)


@router.get("/bulk/{token}", summary="批量办理的结果", responses={202: {"model": BulkOut}})
async def result(services: Wired, who: ApiStaff, token: str, response: Response) -> BulkOut:
    return await _outcome(services, who, token, response)


@router.post("/people/{person}/handover", summary="移交某人名下的任务，逐项给出结果")
async def handover(services: Wired, who: ApiStaff, person: int, given: BulkIn, response: Response) -> BulkOut:
    async with services.transaction() as session:
        await leaving.hand_over(
            session, who.actor, person, given.token, _chosen(given), given.to, given.words, services.clock()
        )
    return await _outcome(services, who, given.token, response)


@router.post("/people/{person}/close", status_code=204, summary="停用账号；名下有任务的先移交")
async def close(services: Wired, who: ApiStaff, person: int, given: WordsIn) -> Response:
    async with services.transaction() as session:
        await leaving.close_account(session, who.actor, person, given.words, services.clock())
    return Response(status_code=204)


@router.post("/people/{person}/reopen", status_code=204, summary="恢复账号")
async def reopen(services: Wired, who: ApiStaff, person: int) -> Response:
    async with services.transaction() as session:
        await leaving.reopen_account(session, who.actor, person, services.clock())
    return Response(status_code=204)


def _chosen(given: BulkIn) -> list[Seen]:
    return [
        Seen(one.case_id, one.key, one.row_version, instance_of(one.order_id) if one.order_id else "")
        for one in given.tasks
    ]


async def _outcome(services: Services, who: Staff, token: str, response: Response) -> BulkOut:
    async with services.transaction() as session:
        run, items = await bulk.outcome(session, who.actor, token)
    response.status_code = 202 if items is None else 200
    found = None if items is None else [BulkItemOut(**vars(one)) for one in items]
    return BulkOut(token=run.token, act=run.act, items=found)
