"""From a letter row to its words: addressee, draft, number, and the sheet as PDF."""

from __future__ import annotations

from activities.jobs import Job
from cases.tables.letters import Letter
from cases.tables.organisations import Organisation
from notifications.letters.kinds import letter_kind
from notifications.letters.wording import document_number


def addressee_of(kind: str) -> str:
    """The kind of reader: complainant, respondent, verifying_dept …"""
    return letter_kind(kind).addressee.value


async def number_of(job: Job, letter: Letter, year: int, number: int) -> str:
    """发文字号: the issuer's prefix, the year and the running number of that issuer and year."""
    issuer = await job.session.get(Organisation, letter.issuer_uscc)
    prefix = issuer.name.replace("(虚构)", "").replace("（虚构）", "") if issuer else "践诺"
    return document_number(prefix, year, number)


async def draft(job: Job, letter: Letter) -> str:
    return f"{letter.kind}:{job.complaint.case_no}"


async def typeset(job: Job, letter: Letter) -> bytes | None:
    return None
