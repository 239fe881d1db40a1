"""Who asked is told when it was declined: by whom, why, and that the date stands, with its derivation."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from activities.jobs import Handler, Job
from activities.letter_notices import has_address
from bpmn.values import Json
from cases.deadlines.zone import SHANGHAI
from cases.notices import Reader, Written, put
from cases.reminders import members
from cases.tables.clocks import Deadline
from cases.tables.organisations import Organisation
from cases.tables.worklist import Submission
from cases.words import ACTS
from notifications.notice import write_notice

KIND = "request_declined"
COMPLAINANT = "complainant"
END = "。；"
GOES_ON = "后续办理情况见案件页面"
UNSAID = "见案件页面"


async def answer(job: Job) -> Mapping[str, Json]:
    """Inputs: asked (what was asked for, in words), act (that declined it), to (role@unit, or several), clock (the
    deadline that stands, or nothing). The reason is read from the act; it never travels.
    """
    said = await job.session.scalar(
        select(Submission)
        .where(Submission.instance_id == job.instance.id, Submission.act == job.text("act"))
        .where(Submission.status != "refused")
        .order_by(Submission.recorded_at.desc())
        .limit(1)
    )
    unit = await job.session.get(Organisation, said.unit) if said is not None and said.unit else None
    facts = {
        "case_no": job.complaint.case_no,
        "asked": job.text("asked"),
        "answer": ACTS.get(job.text("act"), job.text("act")),
        "unit": unit.name if unit is not None else "承办单位",
        "reason": str((said.form if said is not None else {}).get("reason") or "").strip().rstrip(END) or UNSAID,
        "date": await _date(job),
    }
    text = write_notice(KIND, facts)
    # The reason stands in the body, which no log repeats, not among the facts.
    notice = Written(KIND, text.subject, text.body, {"case_no": job.complaint.case_no, "act": job.text("act")})
    for reader in await _readers(job):
        await put(job.session, job.id, job.complaint.id, reader, notice, job.at)
    return {}


async def _date(job: Job) -> str:
    row = await job.session.scalar(
        select(Deadline)
        .where(Deadline.instance_id == job.instance.id, Deadline.name == job.text("clock"), Deadline.due.is_not(None))
        .order_by(Deadline.key.desc())
        .limit(1)
    )
    if row is None or row.due_at is None:
        return GOES_ON
    derivation = "；".join(str(line["zh"]) for line in row.derivation)
    over = "已经届满" if row.due_at <= job.at.astimezone(SHANGHAI) else "不变"
    return f"期限{over}：{derivation}"


async def _readers(job: Job) -> list[Reader]:
    to = job.variables.get("to")
    found: dict[str, Reader] = {}
    for one in to if isinstance(to, list) else [to]:
        role, _, unit = str(one or "").partition("@")
        if role == COMPLAINANT:
            found["party"] = Reader(None, await has_address(job))
        else:
            for account in await members(job.session, role, unit):
                found[str(account.id)] = Reader(account.id, bool(account.email))
    return list(found.values())


HANDLERS: dict[str, Handler] = {"case.answer": answer}
