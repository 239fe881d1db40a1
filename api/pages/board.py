"""The supervisor's board."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from api.guard import DIAGRAM_POLICY
from api.rendering import render
from api.services import Wired
from api.who import SignedIn, require
from cases.definitions import latest
from cases.intake import PROCESS
from cases.orders.access import may_issue
from cases.queries.board import board
from cases.queries.heat import heat
from cases.queries.light import lights_for
from cases.queries.orders import order_counts
from cases.queries.passing import ACTS, passing
from cases.tables.engine import DefinitionFile
from cases.words import STAGES

router = APIRouter()
WHO = "督办看板仅供督办、信用牵头、归集上报和审计岗位使用。"


@router.get("/board")
async def page(request: Request, services: Wired, who: SignedIn) -> Response:
    require(who.supervises, WHO)
    async with services.transaction() as session:
        lights = await lights_for(session, services.pack, services.clock())
        found = await board(session, who.actor, lights, STAGES)
        orders = await order_counts(session, who.actor, lights)
        passed = await passing(session, who.actor, lights)
    return render(
        request, "board.html", board=found, counts=orders, may_issue=may_issue(who.actor), passed=passed, passing=ACTS
    )


@router.get("/board/diagram")
async def diagram(request: Request, services: Wired, who: SignedIn) -> Response:
    """The heat map, and the same figures as a table for whoever does not see it."""
    require(who.supervises, WHO)
    async with services.transaction() as session:
        found = await heat(session, who.actor, await lights_for(session, services.pack, services.clock()))
    response = render(request, "heat.html", found=found)
    response.headers["content-security-policy"] = DIAGRAM_POLICY
    return response


@router.get("/board/diagram.json")
async def diagram_data(services: Wired, who: SignedIn) -> Response:
    """The newest model of the policy, with the figures of its elements."""
    require(who.supervises, WHO)
    async with services.transaction() as session:
        found = await heat(session, who.actor, await lights_for(session, services.pack, services.clock()))
        version = await latest(session, services.pack, "bpmn", PROCESS)
        file = await session.get(DefinitionFile, version.hash) if version else None
    return JSONResponse({"xml": file.source.decode() if file else "", "heat": [asdict(one) for one in found]})
