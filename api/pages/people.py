"""人员与任务: load per person, the list behind each number with its bulk acts, and someone who leaves."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from api import bulk as bulk_acts
from api.guard import checked_form, texts
from api.pages.ledger import XLSX
from api.pages.papers import download
from api.pages.tasks import seen_of
from api.rendering import moment, render
from api.services import Services, Wired
from api.who import SignedIn, Staff, require
from cases import audit
from cases.errors import Invalid
from cases.people import authority, bulk
from cases.people.authority import SUPERVISORS, URGERS, headed
from cases.people.bulk import Wish
from cases.people.urging import urgings
from cases.people_xlsx import people_workbook
from cases.queries.light import lights_for
from cases.queries.load import load
from cases.queries.oversight import EXTENSION, NOBODY, OversightFilter, oversight
from cases.queries.standing_in import colleagues_of
from cases.queries.units import names_of
from cases.task_positions import COMPLAINANT
from cases.worklist import Seen

router = APIRouter()
Text = Annotated[str | None, Query(max_length=400)]
ONLY = "人员与任务仅供负责人、督办、信用牵头、归集上报、审计和管理员使用。"


def wanted_of(
    person: Text = None, unit: Text = None, due: Text = None, kind: Text = None, urgent: Text = None,
    after: Text = None,
) -> OversightFilter:  # fmt: skip
    return OversightFilter(person or None, unit or None, due or None, kind or None, bool(urgent), after or None)


# People of one page; a league has a thousand.
LISTED = 100
Wanted = Annotated[OversightFilter, Depends(wanted_of)]


@router.get("/people")
async def load_page(
    request: Request, services: Wired, who: SignedIn, text: Text = None,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:  # fmt: skip
    require(who.oversees_people, ONLY)
    async with services.transaction() as session:
        rows = await load(session, who.actor, await lights_for(session, services.pack, services.clock()))
    wanted = (text or "").strip()
    found = [row for row in rows if wanted in row.name or any(wanted in unit for unit in row.units)]
    shown = found[(page - 1) * LISTED : page * LISTED]
    return render(
        request, "people.html", rows=shown, total=len(found), every=len(rows), text=wanted, page=page,
        pages=-(-len(found) // LISTED), opens=who.oversees_tasks, manages=_manages(who),
    )  # fmt: skip


@router.get("/people.xlsx")
async def load_file(services: Wired, who: SignedIn) -> Response:
    require(who.oversees_people, ONLY)
    now = services.clock()
    async with services.transaction() as session:
        rows = await load(session, who.actor, await lights_for(session, services.pack, now))
        await audit.append(
            session, at=now, recorded_at=now, actor=f"account:{who.account.id}", act="export_load",
            facts={"rows": len(rows)},
        )  # fmt: skip
    printed = f"{moment(now)}  {who.account.display_name}  共{len(rows)}行"
    return download(people_workbook(rows, printed), XLSX, f"人员任务量-{now:%Y%m%d}.xlsx")


@router.get("/people/tasks")
async def list_page(request: Request, services: Wired, who: SignedIn, wanted: Wanted) -> Response:
    return await _list(request, services, who, wanted)


async def _list(
    request: Request, services: Services, who: Staff, wanted: OversightFilter, *, status: int = 200,
    problems: Mapping[str, str] | None = None, typed: Mapping[str, Any] | None = None,
) -> Response:  # fmt: skip
    require(who.oversees_tasks, ONLY)
    async with services.transaction() as session:
        lights = await lights_for(session, services.pack, services.clock())
        page = await oversight(session, who.actor, lights, wanted)
        urged = await urgings(session, [(row.task.instance_id, row.task.key) for row in page.rows])
        units = await names_of(session, headed(who.actor) | {row.task.unit for row in page.rows if row.task.unit})
        people = await colleagues_of(session, sorted(units))
        asked = wanted.person or ""
        person = await authority.person(session, int(asked)) if asked.isdigit() and len(asked) < 10 else None
    typed = typed or {}
    return render(
        request, "people_tasks.html", status, page=page, wanted=wanted, urged=urged, units=units, people=people,
        person=person, acts=_acts(who), nobody=NOBODY, complainant=COMPLAINANT, extension=EXTENSION,
        problems=problems or {}, typed=typed, chosen=typed.get("task") or (),
        token=typed.get("token") or secrets.token_hex(12),
    )  # fmt: skip


@router.post("/people/tasks")
async def many(request: Request, services: Wired, who: SignedIn, wanted: Wanted) -> Response:
    form = await checked_form(request, who.csrf)
    typed = {**texts(form), "task": [str(value) for value in form.getlist("task")]}
    token = str(typed.get("token", ""))
    wish = Wish(str(typed.get("bulk", "")), str(typed.get("to", "")), str(typed.get("words", "")))
    try:
        if wish.act not in _acts(who):
            raise Invalid({"bulk": "请选择办理方式。"})
        await bulk_acts.perform(services, who.actor, token, wish, seen_many(typed["task"]))
    except Invalid as invalid:
        return await _list(request, services, who, wanted, status=422, problems=invalid.fields, typed=typed)
    return RedirectResponse(f"/bulk/{token}", 303)


@router.get("/bulk/{token}")
async def result(request: Request, services: Wired, who: SignedIn, token: str) -> Response:
    async with services.transaction() as session:
        run, items = await bulk.outcome(session, who.actor, token)
    return render(request, "bulk.html", run=run, items=items, opens=who.oversees_tasks)


def seen_many(values: Sequence[str]) -> list[Seen]:
    return [seen_of(value) for value in values]


def _acts(who: Staff) -> tuple[str, ...]:
    """What the person's duties let it do with many tasks; each task is asked for by itself again."""
    roles = who.actor.roles
    found = []
    if roles & URGERS or headed(who.actor):
        found.append("urge")
    if roles & SUPERVISORS or headed(who.actor):
        found.append("reassign")
    if headed(who.actor):
        found.append("approve_extension")
    return tuple(found)


def _manages(who: Staff) -> bool:
    return bool(headed(who.actor)) or authority.administers(who.actor) or "supervisor" in who.actor.roles
