"""Cases by program: list, one case, notes, identity, documents, letters, board, notices."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, UploadFile
from starlette.responses import Response

from api import acts
from api.json.models import (
    CaseOut,
    CasePage,
    CaseRow,
    DeadlineOut,
    DocumentOut,
    IdentityOut,
    LetterOut,
    NoteIn,
    OpenAct,
    ReasonIn,
    TaskOut,
)
from api.pages.case import told
from api.pages.ledger import Wanted
from api.pages.papers import letter_pdf, send_document
from api.services import Wired
from api.who import ApiActor, ApiStaff, require
from cases import documents, notes
from cases.errors import Problem
from cases.identity import read_identity
from cases.policy.loader import load
from cases.queries import inbox
from cases.queries.board import Counts, board
from cases.queries.case_view import CaseView, case_view, find_case
from cases.queries.ledger import ledger
from cases.queries.ledger_filter import LedgerFilter
from cases.queries.light import Lights, lights_for
from cases.words import STAGES

router = APIRouter(tags=["cases"])


@router.get("/cases", summary="台账和查询")
async def cases(
    services: Wired, who: ApiStaff, wanted: Wanted, size: Annotated[int, Query(ge=1, le=200)] = 50
) -> CasePage:
    async with services.transaction() as session:
        lights = await lights_for(session, services.pack, services.clock())
        sized = LedgerFilter(**{**vars(wanted), "size": size})
        page = await ledger(session, services.vault, who.actor, lights, sized)
    rows = [
        CaseRow(
            case_id=r.complaint.id, case_no=r.complaint.case_no, title=r.complaint.title, channel=r.complaint.channel,
            domain=r.complaint.domain, stage=r.complaint.stage, status=r.complaint.status, respondent=r.respondent,
            respondent_uscc=r.complaint.respondent_uscc, region_code=r.complaint.region_code,
            received_at=r.complaint.received_at, due=r.due, light=r.light, provisional=r.provisional,
        )
        for r in page.rows
    ]  # fmt: skip
    return CasePage(items=rows, next=page.next)


@router.get("/cases/{case_id}", summary="一个案件，按查看人可见的范围")
async def case(services: Wired, who: ApiActor, case_id: str) -> CaseOut:
    async with services.transaction() as session:
        now = await acts.case_time(session, services, case_id)
        view = await case_view(session, who, case_id, now)
        lights = await lights_for(session, view.complaint.pack, now)
        words = await told(session, services, view)
    return _case_out(view, lights, words)


@router.post("/cases/{case_id}/notes", status_code=201, summary="登记通话、批示或工作记录")
async def note(services: Wired, who: ApiStaff, case_id: str, given: NoteIn) -> dict[str, str]:
    async with services.transaction() as session:
        now = await acts.case_time(session, services, case_id)
        row = await notes.add_note(session, who.actor, case_id, given.kind, given.body, given.occurred_at or now, now)
    return {"id": row.id}


@router.post("/cases/{case_id}/identity", summary="查阅投诉人身份信息（记入日志）")
async def identity(services: Wired, who: ApiStaff, case_id: str, given: ReasonIn) -> IdentityOut:
    refused: Problem | None = None
    async with services.transaction() as session:
        complaint = await find_case(session, who.actor, case_id)
        try:
            now = services.clock()
            found = await read_identity(session, services.vault, who.actor, complaint, given.reason, now)
        except Problem as problem:
            # The refusal is logged as well, so the transaction is kept.
            refused = problem
    if refused is not None:
        raise refused
    return IdentityOut(**vars(found))


@router.post("/cases/{case_id}/documents", status_code=201, summary="提交材料")
async def add_document(
    services: Wired, who: ApiActor, case_id: str, file: UploadFile, purpose: str = "evidence"
) -> DocumentOut:
    content = await file.read()
    async with services.transaction() as session:
        now = await acts.case_time(session, services, case_id)
        row = await documents.add_document(session, who, case_id, purpose, file.filename or "", content, now)
        return _document_out(row)


@router.get("/cases/{case_id}/documents/{document_id}", summary="下载材料", response_class=Response)
async def document(services: Wired, who: ApiActor, case_id: str, document_id: str) -> Response:
    return await send_document(services, who, case_id, document_id)


@router.get("/cases/{case_id}/letters/{letter_id}.pdf", summary="文书 PDF", response_class=Response)
async def letter(services: Wired, who: ApiActor, case_id: str, letter_id: str) -> Response:
    return await letter_pdf(services, who, case_id, letter_id, None)


@router.get("/board", summary="督办看板", tags=["board"])
async def counts(services: Wired, who: ApiStaff) -> dict[str, Any]:
    require(who.supervises, "督办看板仅供督办、信用牵头、归集上报和审计岗位使用。")
    async with services.transaction() as session:
        lights = await lights_for(session, services.pack, services.clock())
        found = await board(session, who.actor, lights, STAGES)
    return {
        "lights": found.lights.by_light,
        "stages": [_counts(row) for row in found.stages],
        "units": [_counts(row) for row in found.units],
        "regions": [_counts(row) for row in found.regions],
        "due_today": found.today,
        "due_soon": found.soon,
        "stalled": found.stalled,
        "incidents": found.incidents,
    }


@router.get("/notices", summary="站内通知", tags=["notices"])
async def notices(services: Wired, who: ApiStaff, after: str | None = None) -> dict[str, Any]:
    async with services.transaction() as session:
        page = await inbox.inbox(session, who.account.id, after)
    items = [
        {"kind": n.kind, "subject": n.subject, "body": n.body, "created_at": n.created_at, "read_at": n.read_at}
        for n in page.rows
    ]
    return {"items": items, "next": page.next}


def _counts(row: Counts) -> dict[str, Any]:
    return {"code": row.code, "title": row.title, "by_light": row.by_light, "total": row.total}


def _document_out(row: Any) -> DocumentOut:
    return DocumentOut(id=row.id, name=row.name, purpose=row.purpose, sha256=row.sha256, added_at=row.added_at)


def _case_out(view: CaseView, lights: Lights, words: dict[str, str]) -> CaseOut:
    c = view.complaint
    copied = {name: getattr(c, name) for name in CaseOut.model_fields if hasattr(c, name)} | words
    return CaseOut(
        **copied,
        case_id=c.id,
        stages=[{"stage": s.stage, "at": s.at} for s in view.stages],
        deadlines=[_deadline_out(view, row) for row in view.deadlines],
        tasks=[_task_out(view, task, name, lights) for task, name in view.tasks or [(t, None) for t in view.my_tasks]],
        open_acts=[OpenAct(key=a.key, name=a.name, acts=a.acts, form_id=a.form_id) for a in view.open_acts],
        letters=[
            LetterOut(
                id=x.id, kind=x.kind, number=x.number, status=x.status, issued_at=x.issued_at, served_at=x.served_at
            )
            for x in view.letters
        ],
        documents=[_document_out(row) for row in view.documents],
        record={"status": view.record.status, "unit": view.record.unit_uscc, "entered_at": view.record.entered_at}
        if view.record
        else None,
        measures=[
            {"code": m.code, "name": m.name, "dept": m.dept, "target": m.target, "status": m.status}
            for m in view.measures
        ],
    )


def _deadline_out(view: CaseView, row: Any) -> DeadlineOut:
    clock = load(view.complaint.pack).clock(row.name, view.complaint.channel)
    changes = [
        {"old": x.old_due, "new": x.new_due, "reason": x.reason, "at": x.at} for x in view.changes.get(row.key, [])
    ]
    own = {name: getattr(row, name) for name in DeadlineOut.model_fields if hasattr(row, name)}
    if row.status == "paused":
        # A clock that stands still has no due date; the row keeps the last one for the move that resuming makes.
        own |= {"due": None, "due_at": None}
    return DeadlineOut(**own, title=clock.title, changes=changes)


def _task_out(view: CaseView, task: Any, assignee: str | None, lights: Lights) -> TaskOut:
    row = view.deadline(task.deadline_key)
    due_at = row.due_at if row else task.due_at
    return TaskOut(
        case_id=view.complaint.id, case_no=view.complaint.case_no, key=task.key, name=task.name, acts=task.acts,
        form_id=task.form_id, unit=task.unit, stage=view.complaint.stage, light=lights.of(due_at),
        due=row.due if row else None, due_at=due_at, provisional=bool(row and row.provisional),
        working_days_left=lights.left(row.due) if row else None, assignee=assignee,
        priority=task.priority, row_version=task.row_version,
    )  # fmt: skip
