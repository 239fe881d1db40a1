"""From a letter row to its words: addressee, draft, number, and the sheet as PDF."""

from __future__ import annotations

from activities.jobs import Job
from cases.tables.letters import Letter
from cases.tables.organisations import Organisation
from notifications.letters.kinds import letter_kind


def addressee_of(kind: str) -> str:
    """The kind of reader: complainant, respondent, verifying_dept …"""
    return letter_kind(kind).addressee.value


async def prefix_of(job: Job, letter: Letter) -> str:
    """What a document number (发文字号) of this issuer begins with."""
    issuer = await job.session.get(Organisation, letter.issuer_uscc)
    return issuer.name.replace("(虚构)", "").replace("（虚构）", "") if issuer else "践诺"


async def draft(job: Job, letter: Letter) -> str:
    return f"{letter.kind}:{job.complaint.case_no}"


async def typeset(job: Job, letter: Letter) -> bytes | None:
    return None
