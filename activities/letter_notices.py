"""Who hears that a letter was served: the complainant on its case page and by mail, a respondent in its inbox."""

from __future__ import annotations

from sqlalchemy import select

from activities.jobs import Job
from activities.notify_wording import written
from cases.notices import Reader, put
from cases.tables.complaints import Party
from cases.tables.letters import Letter
from cases.tables.organisations import Account, Membership
from notifications.letters.facts import LetterFacts
from notifications.letters.kinds import Reader as Addressee

KIND = "letter_served"


async def served(job: Job, letter: Letter, facts: LetterFacts) -> None:
    """Once per letter and reader. Departments are not told: what they must do stands in their task list."""
    about = {
        "unit": facts.issuer, "letter": letter.kind, "doc_no": letter.number or "", "case_no": job.complaint.case_no,
        "letter_id": letter.id,
    }  # fmt: skip
    notice = written(KIND, about)
    for reader in await _readers(job, letter):
        await put(job.session, f"letter:{letter.id}", job.complaint.id, reader, notice, job.at)


async def _readers(job: Job, letter: Letter) -> list[Reader]:
    if letter.addressee == Addressee.COMPLAINANT:
        return [Reader(None, await has_address(job))]
    if letter.addressee in (Addressee.RESPONDENT, Addressee.RECORDED_UNIT):
        accounts = await job.session.scalars(
            select(Account)
            .join(Membership, Membership.account_id == Account.id)
            .where(Membership.uscc == job.complaint.respondent_uscc, Membership.role == "respondent", Account.active)
            .order_by(Account.id)
        )
        return [Reader(account.id, bool(account.email)) for account in accounts.unique()]
    return []


async def has_address(job: Job) -> bool:
    party = await job.session.get(Party, job.complaint.id)
    return party is not None and bool(job.stores.vault.open(job.complaint.id, party.sealed).contact_email)
