"""Jobs on the case itself: who refers it, who verifies it, merging, succession, rating."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from activities.jobs import Handler, Job
from bpmn.values import Json
from cases import directory
from cases.errors import NotFound
from cases.tables.complaints import Complaint
from cases.tables.organisations import Organisation


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


async def rated(job: Job) -> Mapping[str, Json]:
    job.complaint.satisfaction = job.text("satisfaction") or None
    return {}


HANDLERS: dict[str, Handler] = {
    "case.referrer": find_referrer,
    "case.note": note,
    "case.merge": merge,
    "case.successor": succeed,
    "case.rated": rated,
}
