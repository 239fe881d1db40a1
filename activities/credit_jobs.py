"""Jobs on what a determination leads to: determination, credit record, measures, escalation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from sqlalchemy import func, select

from activities.jobs import Handler, Job
from activities.share_jobs import enqueue
from bpmn.values import Json
from cases.deadlines.counting import months_before
from cases.deadlines.zone import SHANGHAI, at, day_of
from cases.errors import NotFound
from cases.escalations import CONFIRMED, DECLINED, FINAL_STATES, TYPICAL_CASE_WITHDRAWAL, WITHDRAWN, note_status
from cases.tables.letters import Letter
from cases.tables.records import CreditRecord, Determination, Escalation, Measure
from cases.tables.worklist import Submission

REPEAT_MONTHS = 12


async def determine(job: Job) -> Mapping[str, Json]:
    """Returns how often the unit was determined in the twelve months up to now, this one included."""
    grounds = job.variables.get("grounds")
    if await job.session.get(Determination, job.complaint.id) is None:
        job.session.add(
            Determination(
                complaint_id=job.complaint.id, unit_uscc=job.text("unit"),
                grounds=[str(g) for g in grounds] if isinstance(grounds, list) else [], determined_at=job.at,
            )
        )  # fmt: skip
        await job.session.flush()
    count = await job.session.scalar(
        select(func.count())
        .select_from(Determination)
        .where(
            Determination.unit_uscc == job.text("unit"),
            Determination.revoked_at.is_(None),
            # Twelve months end with the corresponding day (民法典 §202), also after a 29 February.
            Determination.determined_at >= at(months_before(day_of(job.at), REPEAT_MONTHS), time()),
            Determination.determined_at <= job.at,
        )
    )
    return {"determinations_12m": count or 0}


async def enter_record(job: Job) -> Mapping[str, Json]:
    if await job.session.get(CreditRecord, job.complaint.id) is None:
        job.session.add(
            CreditRecord(
                complaint_id=job.complaint.id, unit_uscc=job.text("unit"), source=job.text("source"), status="active",
                entered_at=job.at, history=[{"at": job.at.isoformat(), "status": "active", "unit": job.text("unit")}],
            )
        )  # fmt: skip
    return {}


async def _change_record(job: Job, status: str, unit: str | None = None) -> None:
    record = await job.session.get(CreditRecord, job.complaint.id)
    if record is None:
        raise NotFound("这个案件还没有信用记录。")
    record.unit_uscc = unit or record.unit_uscc
    record.status, record.changed_at = status, job.at
    record.history = [*record.history, {"at": job.at.isoformat(), "status": status, "unit": record.unit_uscc}]


async def mark_record(job: Job) -> Mapping[str, Json]:
    """异议中 or 复核中 meanwhile; back to active when not upheld. Before there is a record, nothing to mark."""
    if await job.session.get(CreditRecord, job.complaint.id) is not None:
        await _change_record(job, job.text("status"))
    return {}


async def correct_record(job: Job) -> Mapping[str, Json]:
    """更正 or 撤销. A correction that names no unit leaves the unit as it is."""
    revoked = job.text("remedy") == "revoke"
    if revoked and await job.session.get(CreditRecord, job.complaint.id) is None:
        await _revoke_determination(job)
        return {"unit": None}
    await _change_record(job, "revoked" if revoked else "corrected", job.text("unit") or None)
    if revoked:
        await _revoke_determination(job)
    record = await job.session.get(CreditRecord, job.complaint.id)
    return {"unit": record.unit_uscc if record else None}


async def _revoke_determination(job: Job) -> None:
    determination = await job.session.get(Determination, job.complaint.id)
    if determination is not None:
        determination.revoked_at = job.at


async def repair_record(job: Job) -> Mapping[str, Json]:
    await _change_record(job, "repaired")
    return {}


async def impose(job: Job) -> Mapping[str, Json]:
    """``measure_id`` is the id of the submission that decided on it."""
    if await job.session.get(Measure, job.text("measure_id")) is None:
        job.session.add(
            Measure(
                id=job.text("measure_id"), complaint_id=job.complaint.id, code=job.text("code"), name=job.text("name"),
                dept=job.text("dept"), target=job.text("target"), basis=job.text("basis"), status="active",
                started_at=job.at,
            )
        )  # fmt: skip
    return {}


async def end_measure(job: Job) -> Mapping[str, Json]:
    measure = await job.session.get(Measure, job.text("measure_id"))
    if measure is None:
        raise NotFound(f"没有惩戒措施 {job.text('measure_id')}。")
    measure.status, measure.ended_at = "ended", job.at
    return {}


async def propose(job: Job) -> Mapping[str, Json]:
    """Adds the triggers to the proposal; a person is asked once, until decided."""
    given = job.variables.get("triggers")
    triggers = [str(t) for t in given] if isinstance(given, list) else []
    row = await job.session.get(Escalation, job.complaint.id, with_for_update=True)
    if row is None:
        job.session.add(Escalation(complaint_id=job.complaint.id, proposed_by=triggers))
        return {"ask": True}
    open_already = row.decision is None
    row.proposed_by = [*row.proposed_by, *(t for t in triggers if t not in row.proposed_by)]
    if open_already or row.decision == CONFIRMED:
        return {"ask": False}
    row.decision = None
    return {"ask": True}


async def _decided(job: Job, row: Escalation, act: str, decision: str) -> None:
    """The decision with its reason and who answers for it: the person and the unit of the submission."""
    said = await job.session.scalar(
        select(Submission)
        .where(Submission.instance_id == job.instance.id, Submission.act == act, Submission.status != "refused")
        .order_by(Submission.recorded_at.desc())
        .limit(1)
    )
    row.decision, row.decided_at = decision, job.at
    if said is not None:
        row.reason = str(said.form.get("reason") or "") or None
        row.decided_by, row.decided_unit = said.account_id, said.unit


async def decline(job: Job) -> Mapping[str, Json]:
    row = await job.session.get(Escalation, job.complaint.id)
    if row is not None:
        await _decided(job, row, "decline_escalation", DECLINED)
    return {}


async def push(job: Job) -> Mapping[str, Json]:
    """The push itself waits in the ``push`` table for the platform's receipt; the day is the one of the decision."""
    row = await job.session.get(Escalation, job.complaint.id)
    if row is not None:
        await _decided(job, row, "confirm_escalation", CONFIRMED)
        row.withdrawn_at = row.platform_state = row.platform_state_at = None
        row.pushed_on = job.at.astimezone(SHANGHAI).date()
        await enqueue(job, "supervision_platform", "typical_case", {"proposed_by": row.proposed_by})
    return {}


async def platform_status(job: Job) -> Mapping[str, Json]:
    """Inputs: state, submission. What the platform said, entered by a person or read from the platform."""
    row = await job.session.get(Escalation, job.complaint.id)
    said = await job.session.get(Submission, job.text("submission"))
    if row is None:
        return {"over": True}
    note_status(row, job.text("state"), str(said.form.get("words") or "") if said else "", job.at)
    return {"over": row.platform_state in FINAL_STATES}


async def withdraw_push(job: Job) -> Mapping[str, Json]:
    """The platform is told by a message of its own, after the numbered notice; what was pushed is never deleted."""
    row = await job.session.get(Escalation, job.complaint.id)
    if row is not None and row.withdrawn_at is None:
        number = await job.session.scalar(
            select(Letter.number)
            .where(Letter.instance_id == job.instance.id, Letter.kind == "文书撤回通知", Letter.number.is_not(None))
            .order_by(Letter.issued_at.desc())
            .limit(1)
        )
        row.decision, row.withdrawn_at, row.withdrawal_letter = WITHDRAWN, job.at, number
        await enqueue(job, "supervision_platform", TYPICAL_CASE_WITHDRAWAL, {"withdrawal_letter": number})
    return {}


HANDLERS: dict[str, Handler] = {
    "determination.enter": determine,
    "record.enter": enter_record,
    "record.mark": mark_record,
    "record.correct": correct_record,
    "record.repair": repair_record,
    "measure.impose": impose,
    "measure.end": end_measure,
    "escalation.propose": propose,
    "escalation.decline": decline,
    "escalation.push": push,
    "escalation.status": platform_status,
    "escalation.withdraw": withdraw_push,
}
