"""Jobs that tell other platforms: rows of the ``push`` table, sent by the sharing workflows until received."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from activities.jobs import Handler, Job
from bpmn.values import Json
from cases.policy.loader import load
from cases.tables.records import CreditRecord, Determination
from cases.tables.sharing import Push

DETERMINATION = "determination"
RECORD = "record"


async def enqueue(job: Job, platform: str, kind: str, body: Mapping[str, Any]) -> None:
    """One row per (job, platform): the idempotency key that the platform sees."""
    key = f"{job.id}:{kind}:{platform}"
    if await job.session.get(Push, key) is None:
        whole = {"case_no": job.complaint.case_no, "domain": job.complaint.domain, **body}
        job.session.add(
            Push(
                idempotency_key=key, platform=platform, kind=kind, complaint_id=job.complaint.id, body=whole,
                created_at=job.at,
            )
        )  # fmt: skip
        await job.session.flush()


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
            await enqueue(job, target, DETERMINATION, body)
    return {}


async def share_record(job: Job) -> Mapping[str, Json]:
    record = await job.session.get(CreditRecord, job.complaint.id)
    if record is not None:
        body = {"unit": record.unit_uscc, "source": record.source, "status": record.status}
        for target in load(job.instance.pack).sharing.shared_to.value:
            await enqueue(job, target, RECORD, body)
    return {}


HANDLERS: dict[str, Handler] = {"share.determination": share_determination, "share.record": share_record}
