"""The supervisor's board."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rendering import render
from api.services import Wired
from api.who import SignedIn, require
from cases.orders.access import may_issue
from cases.queries.board import board
from cases.queries.light import lights_for
from cases.queries.orders import order_counts
from cases.words import STAGES

router = APIRouter()


@router.get("/board")
async def page(request: Request, services: Wired, who: SignedIn) -> Response:
    require(who.supervises, "督办看板仅供督办、信用牵头、归集上报和审计岗位使用。")
    async with services.transaction() as session:
        lights = await lights_for(session, services.pack, services.clock())
        found = await board(session, who.actor, lights, STAGES)
        orders = await order_counts(session, who.actor, lights)
    return render(request, "board.html", board=found, counts=orders, may_issue=may_issue(who.actor))
