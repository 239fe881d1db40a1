"""回避, priority, urging and notes of a task by program."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.json.people_models import PriorityIn, RecusalIn, RecusalOut, TaskNoteIn, TaskNoteOut, WordsIn
from api.services import Wired
from api.who import ApiStaff, require
from cases import worklist
from cases.people import declaring, priority, task_notes, urging
from cases.queries.case_view import find_case
from cases.queries.standing_in import recusals_of
from cases.relations import Part, opened, relations_of
from cases.worklist import Seen

router = APIRouter(prefix="/cases/{case_id}", tags=["people"])


@router.get("/recusals", summary="本案的回避登记")
async def recusals(services: Wired, who: ApiStaff, case_id: str) -> list[RecusalOut]:
    async with services.transaction() as session:
        complaint = await find_case(session, who.actor, case_id)
        allowed = Part.TASKS in opened(relations_of(who.actor, complaint))
        require(allowed, "回避登记仅供本案的承办人员和督办人员查看。")
        rows = await recusals_of(session, complaint.id)
    return [
        RecusalOut(
            id=row.id, person=name, ground=row.ground, reason=row.reason, declared_by=by,
            declared_at=row.declared_at, lifted_at=row.lifted_at,
        )
        for row, name, by in rows
    ]  # fmt: skip


@router.post("/recusals", status_code=201, summary="登记回避")
async def recuse(services: Wired, who: ApiStaff, case_id: str, given: RecusalIn) -> dict[str, str]:
    async with services.transaction() as session:
        row = await declaring.recuse(
            session, who.actor, case_id, given.person, given.ground, given.reason, services.clock()
        )
    return {"id": row.id}


@router.post("/recusals/{recusal_id}/lift", status_code=204, summary="解除回避")
async def lift(services: Wired, who: ApiStaff, case_id: str, recusal_id: str, given: WordsIn) -> Response:
    async with services.transaction() as session:
        await declaring.lift(session, who.actor, case_id, recusal_id, given.words, services.clock())
    return Response(status_code=204)


@router.post("/tasks/{key}/priority", status_code=204, summary="调整优先级")
async def set_priority(services: Wired, who: ApiStaff, case_id: str, key: int, given: PriorityIn) -> Response:
    async with services.transaction() as session:
        seen = Seen(case_id, key, given.row_version)
        await priority.set_priority(session, who.actor, seen, given.priority, given.reason, services.clock())
    return Response(status_code=204)


@router.post("/tasks/{key}/urge", summary="催办")
async def urge(services: Wired, who: ApiStaff, case_id: str, key: int, given: WordsIn) -> dict[str, str]:
    async with services.transaction() as session:
        sentence = await urging.urge(session, who.actor, Seen(case_id, key, 0), given.words, services.clock())
    return {"sentence": sentence}


@router.get("/tasks/{key}/notes", summary="任务备注，仅供内部")
async def notes(services: Wired, who: ApiStaff, case_id: str, key: int) -> list[TaskNoteOut]:
    async with services.transaction() as session:
        task, complaint = await worklist.find_task(session, who.actor, case_id, key)
        allowed = await task_notes.readable(session, who.actor, task, complaint)
        require(allowed, "任务备注只供承办和督办人员使用。")
        rows = await task_notes.notes_of(session, task, complaint)
    return [TaskNoteOut(kind=row.kind, body=row.body, author=name, at=row.recorded_at) for row, name in rows]


@router.post("/tasks/{key}/notes", status_code=201, summary="添加任务备注")
async def add_note(services: Wired, who: ApiStaff, case_id: str, key: int, given: TaskNoteIn) -> dict[str, str]:
    async with services.transaction() as session:
        task, complaint = await worklist.find_task(session, who.actor, case_id, key)
        row = await task_notes.add(session, who.actor, task, complaint, given.body, services.clock())
    return {"id": row.id}
