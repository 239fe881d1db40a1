"""Tables of holidays and the trial of limits, by program."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api import calendar_acts
from api.calendar_acts import Draft
from api.pages.what_if import require_planner
from api.services import Wired
from api.who import ApiStaff
from cases.calendar_changes.files import MAX_CHARACTERS
from cases.calendar_changes.missing import missing_now
from cases.calendar_changes.pending import pending, tables
from cases.calendar_changes.preview import Preview
from cases.calendar_changes.table import FIRST_YEAR, LAST_YEAR
from cases.errors import Conflict
from cases.queries.calendars import year_of
from cases.what_if import what_if

router = APIRouter(tags=["calendars"])


class TableOut(BaseModel):
    version: str
    layer: str
    document: str
    years: list[int]
    added_at: datetime
    withdrawn_at: datetime | None
    withdrawn_reason: str | None


class ChangeOut(BaseModel):
    """``jobs``: deadlines per state (waiting, moved, same, left, failed, superseded)."""

    change_id: int
    kind: str
    version: str
    reason: str
    at: datetime
    state: str
    jobs: dict[str, int]


class CalendarsOut(BaseModel):
    tables: list[TableOut]
    changes: list[ChangeOut]
    missing_years: list[int]


class DayOut(BaseModel):
    """``mark``: work, off, holiday, makeup (调休上班) or unknown."""

    day: date
    mark: str
    name: str | None
    provisional: bool
    source: str | None


class TableIn(BaseModel):
    """``text`` is the file as `jiannuo calendar` takes it; ``content`` repeats what the preview answered."""

    text: str = Field(max_length=MAX_CHARACTERS)
    csv: bool = False
    content: str | None = None


class MoveOut(BaseModel):
    case_no: str | None
    name: str
    title: str
    old_due: date | None
    new_due: date | None
    old_provisional: bool
    new_provisional: bool
    fired: list[str]
    rungs: list[str]
    late_at_once: bool
    problem: str | None


class PreviewOut(BaseModel):
    """``computed``: deadlines that were counted anew. ``content``: to be given back at publication."""

    computed: int
    moves: list[MoveOut]
    doubts: list[str]
    content: str | None = None


class ReasonIn(BaseModel):
    reason: str = Field(max_length=calendar_acts.MAX_REASON)


class ChangeNumber(BaseModel):
    change_id: int


class WhatIfIn(BaseModel):
    """``changes``: dotted path of a parameter to its new value, as in the policy file."""

    pack: str | None = None
    changes: dict[str, str]


@router.get("/calendars", summary="放假安排和期限重算的进度")
async def listed(services: Wired, who: ApiStaff) -> CalendarsOut:
    async with services.transaction() as session:
        found = await tables(session)
        changes = await pending(session, everything=True)
        missing = await missing_now(session, services.clock())
    return CalendarsOut(
        tables=[TableOut.model_validate(row, from_attributes=True) for row in found],
        changes=[ChangeOut.model_validate(asdict(change)) for change in changes],
        missing_years=list(missing),
    )


@router.get("/calendars/days", summary="某年每一日是否工作日，及其依据")
async def days(
    services: Wired, who: ApiStaff, year: Annotated[int, Query(ge=FIRST_YEAR, le=LAST_YEAR)], region: str | None = None
) -> list[DayOut]:
    async with services.transaction() as session:
        months = await year_of(session, services.pack, region, year)
    cells = (cell for month in months for week in month.weeks for cell in week if cell)
    return [DayOut.model_validate(asdict(cell)) for cell in cells]


@router.post("/calendars/preview", summary="预览一份放假安排，不改变任何期限")
async def previewed(services: Wired, who: ApiStaff, given: TableIn) -> PreviewOut:
    calendar_acts.require_keeper(who)
    draft = Draft(given.text, given.csv)
    return _out(await calendar_acts.look(services, draft), draft.table.content)


@router.post("/calendars", status_code=201, summary="公布一份预览过的放假安排")
async def published(services: Wired, who: ApiStaff, given: TableIn) -> ChangeNumber:
    calendar_acts.require_keeper(who)
    if given.content is None:
        raise Conflict("请先预览，并将预览返回的 content 一并提交。")
    draft = Draft(given.text, given.csv)
    return ChangeNumber(change_id=await calendar_acts.put_in_force(services, who, draft, given.content))


@router.post("/calendars/{version}/withdrawal", status_code=201, summary="撤回一份放假安排")
async def withdrawn(services: Wired, who: ApiStaff, version: str, given: ReasonIn) -> ChangeNumber:
    calendar_acts.require_keeper(who)
    return ChangeNumber(change_id=await calendar_acts.take_back(services, who, version, given.reason))


@router.post("/what-if", summary="期限试算，不改变任何期限")
async def tried(services: Wired, who: ApiStaff, given: WhatIfIn) -> PreviewOut:
    require_planner(who)
    async with services.transaction() as session:
        found = await what_if(session, given.pack or services.pack, given.changes, services.clock())
    return _out(found, None)


def _out(found: Preview, content: str | None) -> PreviewOut:
    told: dict[str, Any] = asdict(found)
    return PreviewOut(
        computed=found.computed, doubts=list(found.doubts), content=content,
        moves=[MoveOut.model_validate(move) for move in told["moves"]],
    )  # fmt: skip
