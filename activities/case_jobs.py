"""Jobs on the case itself: who refers it, who verifies it, merging, succession, rating."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from activities.jobs import Handler, Job
from activities.letter_notices import has_address
from activities.notify_wording import written
from bpmn.values import Json
from cases import directory
from cases.errors import NotFound
from cases.joint import together
from cases.notices import Reader, put
from cases.policy.loader import load
from cases.retaliation import open_linked
from cases.tables.clocks import Deadline
from cases.tables.complaints import Complaint
from cases.tables.organisations import Organisation
from cases.tables.worklist import Submission
from cases.words import STATUSES
from notifications.letters.wording import date_zh


async def find_referrer(job: Job) -> Mapping[str, Json]:
    """Inputs: unit (a role) and region_code (null: the accepting department itself), as the decision table says."""
    role, region = job.text("unit"), job.text("region_code")
    job.complaint.scope = job.text("scope") or None
    job.complaint.referrer = {"unit": role, **({"region_code": region} if region else {})}
    unit = await _referrer(job, role, region)
    job.complaint.referring_uscc = unit
    return {"unit": unit}


async def _referrer(job: Job, role: str, region: str) -> str | None:
    functions = {"credit_lead_dept": directory.CREDIT_LEAD, "region_drc": directory.REGION_DRC}
    if role not in functions:
        return job.complaint.accepting_uscc
    found = await directory.nearest(job.session, functions[role], region or job.complaint.region_code)
    if found is None:
        raise NotFound(f"组织目录中,地区 {region} 没有{role}。请登记后重试。")
    return found.uscc


async def note(job: Job) -> Mapping[str, Json]:
    """Facts of the case that the ledger shows: the verifying department."""
    verifying = job.variables.get("verifying_unit")
    if verifying is not None:
        job.complaint.verifying_uscc = str(verifying)
    return {}


async def merge(job: Job) -> Mapping[str, Json]:
    """并案: this complaint rests in the other; its channel is told with the other's determination."""
    main = await job.session.scalar(select(Complaint).where(Complaint.case_no == job.text("into")))
    if main is None:
        raise NotFound(f"没有案件 {job.text('into')}。")
    job.complaint.merged_into = main.id
    return {}


async def succeed(job: Job) -> Mapping[str, Json]:
    """承继机关: the organ that continues the function takes the case over; nothing restarts."""
    unit = await job.session.get(Organisation, job.text("unit"))
    if unit is None:
        raise NotFound(f"组织目录中没有代码为{job.text('unit')}的单位。")
    job.complaint.respondent_uscc = unit.uscc
    return {"unit": unit.uscc}


# Who may issue 提醒、警示、约谈 (S0 二(三)2): the discipline inspection; where the directory has none, 督查.
OVERSEERS = ((directory.DISCIPLINE, "discipline"), (directory.SUPERVISOR, "supervisor"))


async def find_overseer(job: Job) -> Mapping[str, Json]:
    """The nearest competent organ that is not the unit at risk itself."""
    for function, role in OVERSEERS:
        for region in await directory.lineage(job.session, job.complaint.region_code):
            found = await directory.at_region(job.session, function, region)
            if found is not None and found.uscc != job.complaint.respondent_uscc:
                return {"unit": found.uscc, "role": role}
    raise NotFound("组织目录中没有纪检监察机关，也没有督查机构。请登记后重试。")


async def rated(job: Job) -> Mapping[str, Json]:
    job.complaint.satisfaction = job.text("satisfaction") or None
    return {}


async def tell(job: Job) -> Mapping[str, Json]:
    """Inputs: notice (a kind for the complainant), clock (the deadline that it names)."""
    rule = load(job.instance.pack).rule(job.text("clock"), job.instance.channel or "OTHER")
    row = await job.session.scalar(
        select(Deadline)
        .where(Deadline.instance_id == job.instance.id, Deadline.name == job.text("clock"), Deadline.due.is_not(None))
        .order_by(Deadline.key.desc())
        .limit(1)
    )
    facts = {
        "case_no": job.complaint.case_no,
        "result": STATUSES.get(job.complaint.status, job.complaint.status),
        "task": rule.title_zh if rule else job.text("clock"),
        "due": date_zh(row.due) if row is not None and row.due is not None else "规定日期",
    }
    reader = Reader(None, await has_address(job))
    await put(job.session, job.id, job.complaint.id, reader, written(job.text("notice"), facts), job.at)
    return {}


async def report_retaliation(job: Job) -> Mapping[str, Json]:
    """Opens the confidential case. The words stay in the store: the routing facts name the submission only."""
    said = await job.session.get(Submission, job.text("submission"))
    words = str((said.form if said is not None else {}).get("words") or "").strip() or "投诉人反映受到打击报复。"
    await open_linked(
        job.session, job.stores.vault, job.complaint, words, job.at, key=job.text("submission"),
        clock_offset_s=job.offset_s,
    )
    return {}


async def tell_jointly(job: Job) -> Mapping[str, Json]:
    """Joint feedback: once the last of the cases filed together has its result, one notice tells them all."""
    cases = await together(job.session, job.complaint)
    if any(case.status == "open" for case in cases):
        return {}
    results = "；".join(f"{case.case_no}：{STATUSES.get(case.status, case.status)}" for case in cases)
    facts = {"case_no": job.complaint.joint_no or job.complaint.case_no, "result": results}
    reader = Reader(None, await has_address(job))
    notice = written("joint_result", facts)
    await put(job.session, f"joint:{facts['case_no']}", job.complaint.id, reader, notice, job.at)
    return {}


HANDLERS: dict[str, Handler] = {
    "case.retaliation": report_retaliation,
    "case.joint": tell_jointly,
    "case.tell": tell,
    "case.referrer": find_referrer,
    "case.note": note,
    "case.overseer": find_overseer,
    "case.merge": merge,
    "case.successor": succeed,
    "case.rated": rated,
}
