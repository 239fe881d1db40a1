"""What a letter says of the supervision order that it belongs to; in a case without one, of the case itself."""

from __future__ import annotations

import re

from sqlalchemy import select

from activities import letter_facts_orders as orders
from activities.letter_facts_file import CaseFile
from cases.tables.complaints import Complaint
from cases.tables.orders import OrderCase
from cases.tables.organisations import Organisation


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
