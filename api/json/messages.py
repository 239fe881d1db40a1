"""Messages and signals between processes, and an operator's acts on them, by program."""

from __future__ import annotations

import secrets
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from api import messages
from api.json.message_models import (
    CatchesOut,
    DeliverIn,
    DeliveryOut,
    FiguresOut,
    MessageDetail,
    MessagesOut,
    ReasonIn,
    SaidOut,
    SendIn,
    catch_out,
    message_fields,
    message_out,
    said_out,
)
from api.operations import require_operator
from api.services import Wired
from api.who import ApiStaff
from cases.message_sending import Outside
from cases.queries import messages as queries
from cases.queries.messages import MessageFilter

router = APIRouter(tags=["operator"])
Text = Annotated[str | None, Query(max_length=200)]
Size = Annotated[int, Query(ge=1, le=1_000)]
Show = Literal["buffered", "under_way", "expired", "dropped", "done"]


@router.get("/messages", summary="流程间的消息：等待中、送达中、已过期、已丢弃、已了结")
async def listed(
    services: Wired, who: ApiStaff, show: Show = "buffered", name: Text = None, key: Text = None, case: Text = None,
    after: Text = None, limit: Size = 200,
) -> MessagesOut:  # fmt: skip
    require_operator(who)
    async with services.transaction() as session:
        page = await queries.messages(session, MessageFilter(show, name, key, case, after, limit))
    return MessagesOut(items=[message_out(row) for row in page.rows], next=page.next)


@router.get("/messages/catches", summary="等待消息或信号的流程")
async def waiting(
    services: Wired, who: ApiStaff, name: Text = None, key: Text = None, case: Text = None, after: Text = None,
    limit: Size = 200,
) -> CatchesOut:  # fmt: skip
    require_operator(who)
    wanted = MessageFilter("waiting", name, key, case, after, limit)
    async with services.transaction() as session:
        page = await queries.catches(session, services.definitions, wanted)
    return CatchesOut(items=[catch_out(row) for row in page.rows], next=page.next)


@router.get("/messages/figures", summary="消息的数目和最久的等待")
async def figures(services: Wired, who: ApiStaff) -> FiguresOut:
    require_operator(who)
    found = await messages.figures_now(services)
    return FiguresOut(**vars(found), overdue=found.overdue(services.message_overdue))


@router.get("/messages/{id_}", summary="一条消息，送往何处，还可以交给谁")
async def one(services: Wired, who: ApiStaff, id_: str) -> MessageDetail:
    require_operator(who)
    async with services.transaction() as session:
        view = await queries.message(session, id_)
    return MessageDetail(
        **message_fields(view.row),
        deliveries=[
            DeliveryOut(
                instance_id=d.instance_id, status=d.status, since=d.created_at, tried_at=d.tried_at, tries=d.tries,
                settled_at=d.settled_at,
            )
            for d in view.deliveries
        ],
        catches=[catch_out(row) for row in view.catches],
    )  # fmt: skip


@router.post("/messages", summary="手工发出消息或信号")
async def send(services: Wired, who: ApiStaff, given: SendIn) -> SaidOut:
    require_operator(who)
    id_ = secrets.token_hex(12) if given.message_id is None else given.message_id
    outside = Outside(services.pack, given.name, given.key, given.kind, id_, given.time_to_live, given.variables)
    return said_out(await messages.send(services, who, outside, given.reason))


@router.post("/messages/{id_}/drop", summary="丢弃等待中的消息（可恢复）")
async def drop(services: Wired, who: ApiStaff, id_: str, given: ReasonIn) -> SaidOut:
    require_operator(who)
    return said_out(await messages.drop(services, who, id_, given.reason))


@router.post("/messages/{id_}/restore", summary="恢复过期或被丢弃的消息")
async def restore(services: Wired, who: ApiStaff, id_: str, given: ReasonIn) -> SaidOut:
    require_operator(who)
    return said_out(await messages.restore(services, who, id_, given.reason))


@router.post("/messages/{id_}/deliver", summary="把等待中的消息交给指定的流程（不可撤销）")
async def deliver(services: Wired, who: ApiStaff, id_: str, given: DeliverIn) -> SaidOut:
    require_operator(who)
    said = await messages.deliver(services, who, id_, given.instance_id, given.catch, given.reason)
    return said_out(said)
