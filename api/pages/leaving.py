"""One person's open tasks, and what happens to them when the person leaves."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.guard import checked_form, texts
from api.pages.people import seen_many
from api.rendering import render
from api.services import Services, Wired
from api.who import SignedIn, Staff
from cases.errors import Conflict, Invalid
from cases.people import authority, leaving
from cases.people.bulk import MOST
from cases.queries.standing_in import colleagues_of, posts_of

router = APIRouter(prefix="/people/{key}")


@router.get("")
async def person_page(request: Request, services: Wired, who: SignedIn, key: int, done: str = "") -> Response:
    return await _page(request, services, who, key, done=done)


async def _page(
    request: Request, services: Services, who: Staff, account_id: int, *, status: int = 200, done: str = "",
    problems: Mapping[str, str] | None = None, typed: Mapping[str, Any] | None = None, refused: str = "",
) -> Response:  # fmt: skip
    async with services.transaction() as session:
        person = await authority.person(session, account_id)
        await leaving.require_may(session, who.actor, account_id)
        held = await leaving.held(session, account_id)
        posts = await posts_of(session, account_id)
        people = await colleagues_of(session, [post.unit for post in posts], account_id)
        unmanned = await leaving.unmanned(session, account_id)
        closing = account_id != who.account.id and (
            authority.administers(who.actor) or await authority.heads_person(session, who.actor, account_id)
        )
    return render(
        request, "person.html", status, person=person, held=held[:MOST], many=len(held),
        posts=posts, people=people, unmanned=unmanned,
        closing=closing, administers=authority.administers(who.actor), done=done, refused=refused,
        problems=problems or {}, typed=typed or {}, token=secrets.token_hex(12),
    )  # fmt: skip


@router.post("/{what}")
async def change(request: Request, services: Wired, who: SignedIn, key: int, what: str) -> Response:
    form = await checked_form(request, who.csrf)
    typed = {**texts(form), "task": [str(value) for value in form.getlist("task")]}
    reason = str(typed.get("reason", ""))
    now, token = services.clock(), str(typed.get("token", ""))
    try:
        async with services.transaction() as session:
            match what:
                case "handover":
                    to = str(typed.get("to", ""))
                    chosen = seen_many(typed["task"])
                    await leaving.hand_over(session, who.actor, key, token, chosen, to, reason, now)
                case "close":
                    await leaving.close_account(session, who.actor, key, reason, now)
                case "reopen":
                    await leaving.reopen_account(session, who.actor, key, now)
                case "post":
                    post, unit = str(typed.get("post", "")), str(typed.get("unit", "")).strip().upper()
                    number = int(post) if post.isdigit() and len(post) < 10 else 0
                    await leaving.move_unit(session, who.actor, key, number, unit, now)
                case _:
                    raise Invalid({"what": "没有这种操作。"})
    except Invalid as invalid:
        return await _page(request, services, who, key, status=422, problems=invalid.fields, typed=typed)
    except Conflict as conflict:
        # The list of what must be moved first stands on the same page as the sentence.
        return await _page(request, services, who, key, status=409, typed=typed, refused=conflict.sentence)
    return RedirectResponse(f"/bulk/{token}" if what == "handover" else f"/people/{key}?done={what}", 303)
