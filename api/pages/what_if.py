"""试算: which open deadlines would move if a limit or a ladder were another. Nothing is changed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.pages.calendars import SHOWN
from api.rendering import render
from api.services import Wired
from api.who import SignedIn, Staff, require
from cases.calendar_changes.missing import ROLES
from cases.errors import Invalid
from cases.policy.clock import Clock
from cases.policy.loader import available, load
from cases.policy.proposed import known, parsed
from cases.what_if import what_if

router = APIRouter()
FIELDS = frozenset({"limit", "amount", "changes", "pack"})
UNITS = (("wd", "个工作日"), ("d", "个自然日"))
WHO = "期限试算供督办、信用牵头、归集上报和管理员岗位使用。"


def plans(who: Staff) -> bool:
    return who.supervises or bool(who.actor.roles & set(ROLES))


def require_planner(who: Staff) -> None:
    require(plans(who), WHO)


@router.get("/policy/what-if")
async def page(
    request: Request, services: Wired, who: SignedIn, changes: Annotated[str, Query(max_length=4000)] = "",
    pack: Annotated[str, Query(max_length=60)] = "", limit: Annotated[str, Query(max_length=200)] = "",
    amount: Annotated[str, Query(max_length=20)] = "", unit: Annotated[str, Query(max_length=2)] = "wd",
) -> Response:  # fmt: skip
    require_planner(who)
    name = pack or services.pack
    found, problems = None, {}
    if limit or amount.strip() or changes.strip():
        try:
            asked = chosen(limit, amount.strip(), unit) | parsed(changes)
            async with services.transaction() as session:
                found = await what_if(session, name, asked, services.clock())
        except Invalid as invalid:
            problems = at_fields(invalid, limit)
    return render(
        request, "what_if.html", 422 if problems else 200, found=found, problems=problems, pack=name, shown=SHOWN,
        typed={"changes": changes, "pack": name, "limit": limit, "amount": amount, "unit": unit}, units=UNITS,
        limits=limits_of(name) if name in available() else [], packs=[(one, load(one).title) for one in available()],
        paths=known(name) if name in available() else [],
    )  # fmt: skip


def at_fields(invalid: Invalid, limit: str) -> dict[str, str]:
    """What is wrong with the limit that was chosen stands beside its amount, the rest beside the lines of keys."""
    problems: dict[str, str] = {}
    for key, sentence in invalid.fields.items():
        field = key if key in FIELDS else "amount" if limit and key == limit else "changes"
        problems[field] = f"{problems[field]} {sentence}" if field in problems else sentence
    return problems


def chosen(limit: str, amount: str, unit: str) -> dict[str, str]:
    """One limit that was chosen by its name, as the line that somebody who knows the keys would write."""
    if not limit and not amount:
        return {}
    problems = {} if limit else {"limit": "请选择期限。"}
    if not (amount.isdecimal() and amount.isascii() and 0 < int(amount) < 1000):
        problems["amount"] = "请填写1至999的整数。"
    if problems:
        raise Invalid(problems)
    return {limit: f"{int(amount)}{unit if unit in dict(UNITS) else UNITS[0][0]}"}


def limits_of(name: str) -> list[tuple[str, Clock, str | None]]:
    """Path, clock and channel of every limit that exists in the pack."""
    pack, paths = load(name), set(known(name))
    found = [(f"deadlines.{key}.limit", clock, None) for key, clock in pack.deadlines.items()]
    own = [
        (f"channels.{code}.deadlines.{key}.limit", clock, channel.title)
        for code, channel in pack.channels.items()
        for key, clock in channel.deadlines.items()
    ]
    every: list[tuple[str, Clock, str | None]] = [*found, *own]
    return [row for row in every if row[0] in paths and row[1].limit.value is not None]
