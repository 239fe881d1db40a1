"""Signing in and out, and changing one's password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.guard import checked_form, cookie
from api.kept import kept_of
from api.local_paths import local
from api.rendering import render
from api.services import Services, Wired
from api.who import STAFF_COOKIE, SignedIn, Staff, staff_of
from cases import accounts
from cases.errors import Forbidden, Problem, TooMany
from cases.queries.units import names_of

router = APIRouter()
MIN_PASSWORD = 10
WRONG = "登录名或密码不正确。"


def address_of(request: Request) -> str:
    return request.client.host if request.client else "unknown"


@router.get("/login")
async def ask(request: Request, back: Annotated[str, Query(alias="next")] = "/tasks") -> Response:
    return render(request, "login.html", login="", back=local(back, "/tasks"), problem=None, kept=None)


@router.post("/login")
async def sign_in(request: Request, services: Wired) -> Response:
    form = await checked_form(request, request.state.form_token)
    login, back = str(form.get("login", ""))[:200], local(str(form.get("next", "")), "/tasks")
    status, problem, kept = 422, WRONG, kept_of(form)
    token = who = before = None
    try:
        async with services.transaction() as session:
            password = str(form.get("password", ""))
            token = await accounts.sign_in(session, login, password, address_of(request), services.clock())
            who = await staff_of(session, services, token) if token and kept else None
            before = await accounts.lapsed(session, request.cookies.get(STAFF_COOKIE, ""))
    except TooMany as many:
        status, problem = 429, many.sentence
    if token is None:
        return render(request, "login.html", status, login=login, back=back, problem=problem, kept=kept)
    # What was typed goes back to whoever typed it, not to the next person at the desk.
    if kept and who and before and before.account.id == who.account.id:
        response: Response = render(request, "resume.html", who=who, kept=kept, back=back)
    else:
        response = RedirectResponse(back, 303)
    response.headers.append("set-cookie", cookie(request.scope, STAFF_COOKIE, token))
    return response


@router.post("/logout")
async def sign_out(request: Request, services: Wired, who: SignedIn) -> Response:
    await checked_form(request, who.csrf)
    async with services.transaction() as session:
        await accounts.sign_out(session, request.cookies[STAFF_COOKIE])
    response = RedirectResponse("/", 303)
    response.headers.append("set-cookie", cookie(request.scope, STAFF_COOKIE, "", 0))
    return response


@router.get("/account")
async def account(request: Request, services: Wired, who: SignedIn) -> Response:
    return await _account(request, services, who)


async def _account(
    request: Request, services: Services, who: Staff, status: int = 200, problem: str | None = None
) -> Response:
    async with services.transaction() as session:
        units = await names_of(session, {duty.uscc for duty in who.actor.duties})
    return render(request, "account.html", status, problem=problem, units=units)


@router.post("/account")
async def change_password(request: Request, services: Wired, who: SignedIn) -> Response:
    form = await checked_form(request, who.csrf)
    old, new, again = (str(form.get(name, "")) for name in ("old", "new", "again"))
    try:
        if len(new) < MIN_PASSWORD or len(new) > accounts.MAX_PASSWORD or new != again:
            raise Forbidden(f"新密码应为{MIN_PASSWORD}位以上，两次输入应一致。")
        async with services.transaction() as session:
            await accounts.change_password(session, who.account, old, new, services.clock())
    except Problem as problem:
        return await _account(request, services, who, 422, problem.sentence)
    return RedirectResponse("/login", 303)
