"""Checks of an act against the case that a form alone cannot make. A table from act to guard.

They guard facts (a unit exists, nobody judges in their own cause, an extension comes in time), never the order of
stages: that is the model's.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bpmn.values import Json
from cases.deadlines.errors import DeadlineError
from cases.deadlines.extension import Extension, check_extensions
from cases.deadlines.limit import Limit
from cases.letter_gaps import no_gap_left
from cases.orders.people import issuer_who_stays
from cases.policy.loader import load
from cases.tables.clocks import Deadline
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance
from cases.tables.organisations import Organisation
from cases.tables.records import CreditRecord, Determination

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Attempt:
    """An act about to be submitted: ``routing`` are its facts, ``variables`` those of the execution."""

    instance: Instance
    complaint: Complaint
    act: str
    routing: Mapping[str, Json]
    content: Mapping[str, object]
    variables: Mapping[str, Json]
    occurred_at: datetime
    account_id: int | None = None


Problems = dict[str, str]
Guard = Callable[[AsyncSession, Attempt], Awaitable[Problems]]


async def other_unit(session: AsyncSession, attempt: Attempt) -> Problems:
    """The verifying unit exists and is not the respondent itself (回避)."""
    to = attempt.routing.get("to")
    if await session.get(Organisation, str(to)) is None:
        return {"to": f"组织目录中没有代码为{to}的单位,请核对或先登记。"}
    if to == attempt.variables.get("respondent_unit"):
        return {"to": "不能转交给被投诉主体自己核实,请选择其上级部门或主管部门。"}
    return {}


async def assisting_unit(session: AsyncSession, attempt: Attempt) -> Problems:
    """协办: another unit than the lead, which stays responsible; never the respondent (回避)."""
    to = attempt.routing.get("to")
    if to == attempt.variables.get("verifying_unit"):
        return {"to": "主办单位自己不能作为协办单位,请填写其他单位。"}
    if to == attempt.variables.get("respondent_unit"):
        return {"to": "被投诉主体不能协办对自己的核实,请填写其他单位。"}
    return await known_unit(session, attempt, "to")


async def complainant_heard(session: AsyncSession, attempt: Attempt) -> Problems:
    """验收 asks the complainant; who accepts against its objection says why."""
    opinion = str(attempt.content.get("opinion") or "").strip()
    if attempt.variables.get("complainant_says") == "dispute_rectification" and not opinion:
        return {"opinion": "投诉人对整改有异议,验收通过的,请写明验收意见并回应其异议。"}
    return {}


async def known_unit(session: AsyncSession, attempt: Attempt, key: str = "unit_uscc") -> Problems:
    code = attempt.routing.get(key)
    if code is None or await session.get(Organisation, str(code)) is not None:
        return {}
    return {key: f"组织目录中没有代码为{code}的单位,请核对或先登记。"}


async def recorded_unit(session: AsyncSession, attempt: Attempt) -> Problems:
    problems = await known_unit(session, attempt)
    reason = str(attempt.content.get("override_reason") or "").strip()
    if not problems and attempt.routing.get("unit_uscc") != attempt.variables.get("respondent_unit") and not reason:
        return {"override_reason": "记录的单位不是被投诉主体,请写明理由。"}
    return problems


async def corrected_unit(session: AsyncSession, attempt: Attempt) -> Problems:
    """An objection that is upheld says what is put right: another unit, or the record is revoked. Otherwise why not."""
    upheld = attempt.routing.get("result") == "upheld"
    if not upheld and not str(attempt.content.get("reason") or "").strip():
        return {"reason": "异议不成立的,请写明理由。"}
    if upheld and attempt.routing.get("remedy") != "revoke" and not attempt.routing.get("unit_uscc"):
        return {"unit_uscc": "异议成立的,请填写更正后的单位,或选择撤销记录。"}
    return await known_unit(session, attempt)


async def other_case(session: AsyncSession, attempt: Attempt) -> Problems:
    found = await session.scalar(select(Complaint).where(Complaint.case_no == str(attempt.routing.get("into"))))
    if found is None or found.id == attempt.complaint.id:
        return {"into": "没有这个案件编号,请核对要并入的案件。"}
    return {}


async def extension_in_time(session: AsyncSession, attempt: Attempt) -> Problems:
    """An extension must be approved, not only asked, before the limit ends, and within what the rule allows."""
    clock = str(attempt.routing.get("clock") or "rectification")
    row = await session.scalar(
        select(Deadline)
        .where(Deadline.instance_id == attempt.instance.id, Deadline.name == clock)
        .order_by(Deadline.key.desc())
        .limit(1)
    )
    if row is None or row.due_at is None or row.status not in ("running", "paused"):
        return {"clock": "这个期限现在没有在计算,不能延长。"}
    if attempt.occurred_at >= row.due_at:
        return {"days": f"期限已于{row.due}届满,延长须在届满前批准。"}
    rule = load(attempt.instance.pack).rule(clock, attempt.instance.channel or "OTHER")
    if rule is None:
        return {"clock": "该渠道没有这个期限。"}
    asked = [Limit.parse(item["by"]) for item in row.extensions] + [Limit.parse(f"{attempt.routing.get('days')}d")]
    try:
        check_extensions(rule, Limit.parse(row.limit or str(rule.limit)), [Extension(limit) for limit in asked])
    except DeadlineError:
        terms = rule.extension
        allowed = f"至多{terms.times}次,每次不超过{terms.each.amount}日" if terms else "不得延长"
        return {"days": f"超出可以延长的范围:{rule.title_zh}{allowed}。"}
    return {}


async def performed_before_now(session: AsyncSession, attempt: Attempt) -> Problems:
    day = attempt.content.get("performed_on")
    if day and date.fromisoformat(str(day)[:10]) > attempt.occurred_at.astimezone(SHANGHAI).date():
        return {"performed_on": "履行日期不能晚于报告之日。"}
    return {}


async def scope_explained(session: AsyncSession, attempt: Attempt) -> Problems:
    """Out of scope or undecided: a person may still accept, and says why."""
    reason = str(attempt.content.get("scope_reason") or "").strip()
    if attempt.variables.get("scope") != "in" and not reason:
        return {"scope_reason": "该投诉是否属于受理范围须由人决定,请写明受理理由。"}
    return {}


async def not_own_record(session: AsyncSession, attempt: Attempt) -> Problems:
    record = await session.get(CreditRecord, attempt.complaint.id)
    return {} if record is not None else {"act": "尚未记入信用记录,不能采取这一办理动作。"}


async def by_its_issuer(session: AsyncSession, attempt: Attempt) -> Problems:
    """An order is closed and withdrawn by the person who issued it; by the unit once that person has left it."""
    name = await issuer_who_stays(session, attempt.instance.id)
    if name is None or name[0] == attempt.account_id:
        return {}
    return {"act": f"这个督办件由{name[1]}发出，只能由其本人销号或者撤回。"}


async def circulated_cases(session: AsyncSession, attempt: Attempt) -> Problems:
    """A circular names only cases in which a breach was determined and not revoked (R27)."""
    numbers = str(attempt.content.get("cases") or "").split()
    if not numbers:
        return {}
    determined = await session.scalars(
        select(Complaint.case_no)
        .join(Determination, Determination.complaint_id == Complaint.id)
        .where(
            Complaint.case_no.in_(numbers), Determination.revoked_at.is_(None), Complaint.confidential_of.is_(None)
        )
    )
    wrong = sorted(set(numbers) - set(determined))
    return {"cases": f"{'、'.join(wrong)}不是已认定违约失信的投诉，不能通报，请核对编号。"} if wrong else {}


GUARDS: dict[str, tuple[Guard, ...]] = {
    "accept": (scope_explained,),
    "refer": (other_unit,),
    "designate": (other_unit,),
    "merge": (other_case,),
    "record": (recorded_unit,),
    "succeed": (known_unit,),
    "decide_objection": (corrected_unit,),
    "invite_assist": (assisting_unit,),
    "accept_rectification": (complainant_heard,),
    "approve_extension": (extension_in_time,),
    "report_rectification": (performed_before_now,),
    "report_performance": (performed_before_now,),
    "object": (not_own_record,),
    "issue": (no_gap_left,),
    "impose_measure": (not_own_record,),
    "circulate": (circulated_cases,),
    "close_order": (by_its_issuer,),
    "withdraw_order": (by_its_issuer,),
}


async def problems_of(session: AsyncSession, attempt: Attempt) -> Problems:
    problems: Problems = {}
    for guard in GUARDS.get(attempt.act, ()):
        problems |= await guard(session, attempt)
    return problems
