"""Complaints about several respondents, filed together: one case per respondent, each with its own clocks and record.

They share a number, an access code and the complainant; each respondent sees only its own case (REQUIREMENTS 1E.10).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases import access_codes
from cases.errors import Invalid
from cases.intake import SHANGHAI, Contract, Filing, Joint, Receipt, check, file_complaint
from cases.numbering import next_case_no
from cases.policy.loader import load
from cases.tables.complaints import Complaint
from cases.vault import Vault


@dataclass(frozen=True)
class Part:
    """What a further respondent, or a further contract of the same one, adds to a filing."""

    respondent_uscc: str
    superior_uscc: str | None
    contract: Contract
    statement: str = ""


async def file_jointly(
    session: AsyncSession, vault: Vault, filing: Filing, parts: Sequence[Part], now: datetime,
    *, recorded_by: int | None = None,
) -> list[Receipt]:  # fmt: skip
    """One receipt per case, all with the common number. Commits nothing itself; raises Invalid."""
    filings = split(filing, parts)
    if len(filings) == 1:
        return [await file_complaint(session, vault, filings[0], now, recorded_by=recorded_by)]
    known = await _known(session, filing)
    if known:
        return [Receipt(row.id, row.joint_no or row.case_no, None, known=True) for row in known]
    problems = {
        f"{key}_{number}" if number > 1 else key: sentence
        for number, one in enumerate(filings, 1)
        for key, sentence in check(one, load(one.pack), now).items()
    }
    if problems:
        raise Invalid(problems)
    number = await next_case_no(session, filing.pack, filing.received_at.astimezone(SHANGHAI).year)
    code = access_codes.new_code()
    receipts = []
    for part, one in enumerate(filings, 1):
        receipt = await file_complaint(
            session, vault, one, now, recorded_by=recorded_by, joint=Joint(number, part, code)
        )
        receipts.append(replace(receipt, case_no=number))
    return receipts


def split(filing: Filing, parts: Sequence[Part]) -> list[Filing]:
    """One filing per respondent, in the order in which they were named; the contracts of one stay together."""
    filings = {filing.respondent_uscc: filing}
    for part in parts:
        held = filings.get(part.respondent_uscc)
        if held is not None:
            filings[part.respondent_uscc] = replace(held, further=(*held.further, part.contract))
            continue
        reference = f"{filing.external_ref}/{len(filings) + 1}" if filing.external_ref else None
        filings[part.respondent_uscc] = replace(
            filing, respondent_uscc=part.respondent_uscc, superior_uscc=part.superior_uscc, contract=part.contract,
            further=(), statement=part.statement or filing.statement, external_ref=reference,
        )  # fmt: skip
    return list(filings.values())


async def _known(session: AsyncSession, filing: Filing) -> list[Complaint]:
    if filing.external_ref is None:
        return []
    first = await session.scalar(
        select(Complaint).where(Complaint.channel == filing.channel, Complaint.external_ref == filing.external_ref)
    )
    return await together(session, first) if first is not None else []


async def together(session: AsyncSession, complaint: Complaint) -> list[Complaint]:
    """The cases that were filed together with this one, itself among them, in their order."""
    if complaint.joint_no is None:
        return [complaint]
    rows = await session.scalars(
        select(Complaint).where(Complaint.joint_no == complaint.joint_no).order_by(Complaint.case_no)
    )
    return list(rows)
