"""Tokens: of staff by password, of complainants by case number and access code."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.json.models import DutyOut, FollowIn, Me, SignIn, Token
from api.pages.entry import WRONG, address_of
from api.pages.follow import WRONG as WRONG_CODE
from api.services import Wired
from api.who import ApiStaff
from cases import accounts, visits
from cases.errors import Forbidden

router = APIRouter(tags=["session"])


@router.post("/session", status_code=201, summary="以登录名和密码取得令牌")
async def sign_in(request: Request, services: Wired, given: SignIn) -> Token:
    async with services.transaction() as session:
        token = await accounts.sign_in(session, given.login, given.password, address_of(request), services.clock())
    if token is None:
        raise Forbidden(WRONG)
    return Token(token=token)


@router.delete("/session", status_code=204, summary="退出登录")
async def sign_out(request: Request, services: Wired, who: ApiStaff) -> Response:
    async with services.transaction() as session:
        await accounts.sign_out(session, request.headers["authorization"].partition(" ")[2])
    return Response(status_code=204)


@router.post("/visit", status_code=201, summary="投诉人以投诉编号和查询码取得令牌")
async def visit(request: Request, services: Wired, given: FollowIn) -> Token:
    async with services.transaction() as session:
        token = await visits.begin(session, given.case_no, given.access_code, address_of(request), services.clock())
    if token is None:
        raise Forbidden(WRONG_CODE)
    return Token(token=token)


@router.get("/me", summary="当前登录人")
async def me(who: ApiStaff) -> Me:
    duties = [DutyOut(role=d.role, uscc=d.uscc, region_code=d.region_code) for d in who.actor.duties]
    return Me(login=who.account.login, name=who.account.display_name, duties=duties, unread=who.unread)
