"""Jobs that tell other platforms: rows of the ``push`` table, delivered by the ``Delivery`` workflow until received."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from activities.jobs import Handler, Job
from bpmn.values import Json
from cases import directory
from cases.policy.loader import load
from cases.sharing import Promise, promise
from cases.tables.complaints import Complaint
from cases.tables.organisations import Organisation
from cases.tables.records import CreditRecord, Determination

DETERMINATION = "determination"
RECORD = "record"


async def enqueue(job: Job, platform: str, kind: str, body: Mapping[str, Any], to: str | None = None) -> None:
    """One row per (job, kind, platform, addressee): the idempotency key that the platform sees."""
    minutes = load(job.instance.pack).sharing.push_within_minutes.value
    await promise(
        job.session,
        Promise(
            key=":".join((job.id, kind, platform, *((to,) if to else ()))),
            pack=job.instance.pack,
            target=platform,
            kind=kind,
            subject=job.complaint.case_no,
            content={"case_no": job.complaint.case_no, "domain": job.complaint.domain, **body},
            created_at=job.at,
            within_s=minutes * 60,
            to=to,
            complaint_id=job.complaint.id,
            clock_offset_s=job.offset_s,
        ),
    )


async def share_determination(job: Job) -> Mapping[str, Json]:
    """R12 and R17: respondent and breach, never the complainant."""
    determination = await job.session.get(Determination, job.complaint.id)
    if determination is not None:
        body = {
            "respondent": determination.unit_uscc,
            "grounds": determination.grounds,
            "determined_at": determination.determined_at.isoformat(),
        }
        for target in load(job.instance.pack).sharing.push_to.value:
            for unit in await _units(job, target):
                await enqueue(job, target, DETERMINATION, body, unit)
    return {}


async def _units(job: Job, target: str) -> list[str]:
    """Who stands behind a target of the policy; nobody where the directory and the case know no such unit."""
    if target == "accepting_dept":
        merged = await job.session.scalars(
            select(Complaint.accepting_uscc).where(Complaint.merged_into == job.complaint.id).order_by(Complaint.id)
        )
        return _distinct([job.complaint.accepting_uscc, *merged])
    if target == "verifying_dept":
        return _distinct([job.complaint.verifying_uscc])
    if target == "industry_dept":
        regions = await directory.lineage(job.session, job.complaint.region_code)
        rows = await job.session.scalars(
            select(Organisation.uscc)
            .where(
                Organisation.region_code.in_(regions),
                Organisation.functions.contains([f"industry:{job.complaint.domain}"]),
            )
            .order_by(Organisation.uscc)
        )
        # Without a directory of industry departments the respondent's own superior is the one we know.
        return _distinct(rows) or _distinct([job.complaint.superior_uscc])
    return [target]


def _distinct(units: Any) -> list[str]:
    return list(dict.fromkeys(unit for unit in units if unit))


async def share_record(job: Job) -> Mapping[str, Json]:
    record = await job.session.get(CreditRecord, job.complaint.id)
    if record is not None:
        body = {"unit": record.unit_uscc, "source": record.source, "status": record.status}
        for target in load(job.instance.pack).sharing.shared_to.value:
            await enqueue(job, target, RECORD, body)
    return {}


HANDLERS: dict[str, Handler] = {"share.determination": share_determination, "share.record": share_record}
