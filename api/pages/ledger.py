"""台账: search, list, workbook, print."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.form_fields import day
from api.pages.papers import download
from api.pages.saved import PAGE
from api.rendering import moment, render
from api.services import Wired
from api.who import SignedIn
from cases import audit, saved_queries
from cases.orders.access import may_issue
from cases.policy.loader import load
from cases.queries.ledger import ledger
from cases.queries.ledger_filter import EXPORT, LedgerFilter
from cases.queries.light import lights_for
from cases.words import STAGES, STATUSES
from cases.workbook_xlsx import workbook

router = APIRouter()
Text = Annotated[str | None, Query(max_length=400)]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def wanted_of(
    text: Text = None, unit: Text = None, holder: Text = None, region: Text = None, element: Text = None,
    act: Text = None, act_unit: Text = None, firm: Text = None,
    contract: Text = None, letter: Text = None, stage: Text = None, status: Text = None, channel: Text = None,
    domain: Text = None, light: Text = None, due: Text = None, stalled: Text = None, blocked: Text = None,
    since: Text = None, until: Text = None, after: Text = None,
) -> LedgerFilter:  # fmt: skip
    """Empty fields of the search form mean any. Raises Invalid for what is no date."""
    return LedgerFilter(
        text=text or None, unit=unit or None, holder=holder or None, region=region or None,
        element=element or None, act=act or None, act_unit=act_unit or None, firm=firm or None,
        contract=contract or None, letter=letter or None, stage=stage or None, status=status or None,
        channel=channel or None, domain=domain or None, light=light or None, due=due or None, stalled=bool(stalled),
        blocked=bool(blocked), since=_day(since, "since"), until=_day(until, "until"), after=after or None,
    )  # fmt: skip


def _day(text: str | None, name: str) -> date | None:
    return day({name: text}, name)


Wanted = Annotated[LedgerFilter, Depends(wanted_of)]


@router.get("/cases")
async def list_page(request: Request, services: Wired, who: SignedIn, wanted: Wanted) -> Response:
    async with services.transaction() as session:
        lights = await lights_for(session, services.pack, services.clock())
        page = await ledger(session, services.vault, who.actor, lights, wanted)
        saved = await saved_queries.saved(session, who.actor, PAGE)
    return render(
        request, "ledger.html", page=page, saved=saved, wanted=wanted, stages=STAGES, statuses=STATUSES,
        pack=load(services.pack), may_issue=may_issue(who.actor),
    )  # fmt: skip


@router.get("/cases/print")
async def print_page(request: Request, services: Wired, who: SignedIn, wanted: Wanted) -> Response:
    async with services.transaction() as session:
        lights = await lights_for(session, services.pack, services.clock())
        page = await ledger(session, services.vault, who.actor, lights, _whole(wanted))
    return render(request, "ledger_print.html", page=page, pack=load(services.pack))


@router.get("/cases.xlsx")
async def workbook_file(services: Wired, who: SignedIn, wanted: Wanted) -> Response:
    now = services.clock()
    async with services.transaction() as session:
        lights = await lights_for(session, services.pack, now)
        page = await ledger(session, services.vault, who.actor, lights, _whole(wanted))
        await audit.append(
            session, at=now, recorded_at=now, actor=f"account:{who.account.id}", act="export_ledger",
            facts={"rows": len(page.rows)},
        )  # fmt: skip
    printed = f"{moment(now)}  {who.account.display_name}  共{len(page.rows)}件"
    return download(workbook(page.rows, printed), XLSX, f"台账-{now:%Y%m%d}.xlsx")


def _whole(wanted: LedgerFilter) -> LedgerFilter:
    return LedgerFilter(**{**vars(wanted), "after": None, "size": EXPORT})
