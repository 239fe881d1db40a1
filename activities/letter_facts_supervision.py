"""What a letter says of the supervision order that it belongs to; in a case without one, of the case itself."""

from __future__ import annotations

import re

from sqlalchemy import select

from activities import letter_facts_orders as orders
from activities.letter_facts_file import CaseFile
from cases.tables.complaints import Complaint
from cases.tables.orders import OrderCase
from cases.tables.organisations import Organisation
from cases.tables.records import Determination
from notifications.letters.wording import date_zh, money_zh


def reason(file: CaseFile) -> str | None:
    return file.order.reason if file.order is not None else orders.unfinished(file)


def supervised(file: CaseFile) -> str | None:
    return file.order.reason if file.order is not None else orders.supervised(file)


def requirements(file: CaseFile) -> tuple[str, ...]:
    if file.order is None:
        return orders.SUPERVISED
    lines = (orders.unnumbered(line) for line in re.split(r"[\n；;]", file.order.demand))
    return tuple(line for line in lines if line) or orders.SUPERVISED


def unanswered(file: CaseFile) -> str:
    if file.order is None:
        return orders.unfinished(file)
    return f"督办件（编号：{file.order.number}）逾期未答复"


def addressee(file: CaseFile) -> str | None:
    return file.name(file.order.addressee_uscc) if file.order is not None else None


async def other_cases(file: CaseFile) -> tuple[str, ...]:
    """The cases of the order beside the one that the letter tells of: number and respondent, never who complained."""
    if file.order is None:
        return ()
    rows = await file.session.execute(
        select(Complaint.case_no, Organisation.name)
        .join(OrderCase, OrderCase.complaint_id == Complaint.id)
        .join(Organisation, Organisation.uscc == Complaint.respondent_uscc)
        .where(OrderCase.order_id == file.order.id, Complaint.id != file.complaint.id)
        .order_by(OrderCase.position)
    )
    return tuple(f"投诉编号{case_no}（被投诉主体：{respondent}）" for case_no, respondent in rows)


async def circulated_with(file: CaseFile) -> tuple[str, ...]:
    """The other cases of a circular, each in one line without complainant, title or contract (S2 保障措施四)."""
    numbers = (file.words("circulate", "cases") or "").split() if file.letter.kind == "通报" else []
    rows = await file.session.execute(
        select(Complaint, Organisation.name, Determination)
        .join(Organisation, Organisation.uscc == Complaint.respondent_uscc)
        .join(Determination, Determination.complaint_id == Complaint.id)
        .where(Complaint.case_no.in_(numbers), Complaint.id != file.complaint.id, Determination.revoked_at.is_(None))
        .order_by(Complaint.case_no)
    )
    return tuple(_anonymous(file, *row) for row in rows)


def _anonymous(file: CaseFile, complaint: Complaint, respondent: str, determination: Determination) -> str:
    day = date_zh(determination.determined_at.astimezone(file.at.tzinfo).date())
    domain = file.pack.domains.get(complaint.domain)
    field = f"在{domain.value}领域" if domain is not None else ""
    grounds = "、".join(
        file.pack.grounds[code].title.value for code in determination.grounds if code in file.pack.grounds
    )
    amount = complaint.disputed_amount_cny
    sum_word = f"，涉及金额{money_zh(amount)}" if amount is not None else ""
    return f"{respondent}{field}未履约{sum_word}，{day}被确认为违约失信（{grounds}）"
