"""A person issues orders from one case or a list of cases: one order an addressee, and an answer for each case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases import access
from cases.access import BEFORE_RESPONDENT, Actor, Duty
from cases.deadlines.errors import DeadlineError
from cases.deadlines.limit import Limit
from cases.errors import Forbidden, Invalid
from cases.orders.access import may_issue
from cases.orders.open import Issuer, NewOrder, id_of, open_order
from cases.orders.states import ENDED, ISSUERS, KINDS
from cases.people.entitlement import Work, may
from cases.policy.loader import load
from cases.positions import OPEN
from cases.tables.complaints import Complaint
from cases.tables.orders import OrderCase, SupervisionOrder

HOLDER, RESPONDENT = "holder", "respondent"
ADDRESSEES: dict[str, str] = {HOLDER: "现办单位", RESPONDENT: "被投诉主体"}
MAX_CASES = 100
MAX_TEXT = 5_000


@dataclass(frozen=True)
class Wish:
    """What the person entered. ``key`` is the page's own: sent twice, it is the same orders. Days are working days."""

    key: str
    kind: str
    case_ids: Sequence[str]
    addressee: str
    reason: str
    demand: str
    reply_days: str = ""


@dataclass
class Issued:
    """``refused`` maps case numbers to a sentence each."""

    orders: list[SupervisionOrder] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


async def issue(session: AsyncSession, actor: Actor, wish: Wish, now: datetime) -> Issued:
    """Raises Forbidden, Invalid. Cases that cannot be part of it are told one by one; the others go ahead."""
    if not may_issue(actor):
        raise Forbidden("发出督办件仅限督办、信用牵头和归集上报岗位。")
    found = await session.scalars(
        access.visible(actor).where(Complaint.id.in_(list(wish.case_ids)[:MAX_CASES])).order_by(Complaint.case_no)
    )
    cases = list(found)
    limit = _checked(wish, cases)
    result, groups = Issued(), dict[tuple[str, Duty], list[Complaint]]()
    for case in cases:
        duty = await may(session, actor, case, Work("督办", [f"{role}@*" for role in ISSUERS], ["issue_order"]))
        to, problem = _addressee(wish, case, duty)
        if to is None or duty is None:
            result.refused[case.case_no] = problem
            continue
        key = f"{wish.key}:{to}:{duty.uscc}"
        twin = await _twin(session, case, duty, to, key)
        if twin is not None:
            result.refused[case.case_no] = f"已有未销号的督办件{twin}发给同一单位，请在该督办件中催办。"
            continue
        groups.setdefault((to, duty), []).append(case)
    for (to, duty), members in groups.items():
        wanted = NewOrder(
            key=f"{wish.key}:{to}:{duty.uscc}", kind=wish.kind, cases=members,
            issuer=Issuer(duty.uscc, duty.role, actor.account_id), addressee_uscc=to,
            reason=wish.reason.strip(), demand=wish.demand.strip(), reply_limit=limit,
        )  # fmt: skip
        result.orders.append(await open_order(session, wanted, now))
    return result


def _checked(wish: Wish, cases: Sequence[Complaint]) -> str | None:
    """The reply limit, None for the policy's. Raises Invalid with every field at fault."""
    problems: dict[str, str] = {}
    if not cases:
        problems["case"] = "请选择要督办的案件。"
    if len(wish.case_ids) > MAX_CASES:
        problems["case"] = f"一次最多督办{MAX_CASES}件，现选择了{len(wish.case_ids)}件，请分批发出。"
    if wish.kind not in KINDS:
        problems["kind"] = "请选择督办方式。"
    if wish.addressee not in ADDRESSEES:
        problems["addressee"] = "请选择发给哪个单位。"
    for name, text, label in (("reason", wish.reason, "督办事由"), ("demand", wish.demand, "督办要求")):
        if not text.strip():
            problems[name] = f"请填写{label}。"
        elif len(text) > MAX_TEXT:
            problems[name] = f"{label}不得超过{MAX_TEXT}字，现为{len(text)}字。"
    limit = wish.reply_days.strip()
    if limit and cases:
        problems |= _limit_problem(cases[0], limit)
    if problems:
        raise Invalid(problems)
    return f"{int(limit)}wd" if limit else None


def _limit_problem(case: Complaint, days: str) -> dict[str, str]:
    rule = load(case.pack).rule("supervision_reply", case.channel)
    if not days.isdigit():
        return {"reply_days": "答复期限请填写工作日数，例如5；半日和小时不能计算。"}
    if rule is None:
        return {"reply_days": "这个政策没有规定督办答复期限，不能另定。"}
    try:
        rule.limit_for(Limit.parse(f"{int(days)}wd"))
    except DeadlineError:
        low, high = rule.settable or (rule.limit, rule.limit)
        return {"reply_days": f"答复期限应在{low.zh}至{high.zh}之间。"}
    return {}


def _addressee(wish: Wish, case: Complaint, duty: Duty | None) -> tuple[str | None, str]:
    """The unit, or why there is none."""
    if duty is None:
        return None, "这个案件不在您督办的地区。"
    if case.confidential_of is not None:
        return None, "保密办理的案件不发督办件。"
    if case.status not in OPEN:
        return None, "案件已经办结，不能再督办。"
    if wish.addressee == RESPONDENT and case.stage in BEFORE_RESPONDENT:
        return None, "案件尚未转交核实，被投诉主体还不知情，请发给现办单位。"
    to = (
        case.respondent_uscc
        if wish.addressee == RESPONDENT
        else case.verifying_uscc or case.referring_uscc or case.accepting_uscc
    )
    if to is None:
        return None, "案件还没有现办单位。"
    if to == duty.uscc:
        return None, "现办单位就是您所在的单位，不能向本单位发出督办件。"
    return to, ""


async def _twin(session: AsyncSession, case: Complaint, duty: Duty, to: str, key: str) -> str | None:
    """The number of another order of this issuer to this addressee for this case that is not over."""
    number: str | None = await session.scalar(
        select(SupervisionOrder.number)
        .join(OrderCase, OrderCase.order_id == SupervisionOrder.id)
        .where(
            OrderCase.complaint_id == case.id, SupervisionOrder.issuer_uscc == duty.uscc,
            SupervisionOrder.addressee_uscc == to, SupervisionOrder.state.not_in(ENDED),
            SupervisionOrder.id != id_of(key),
        )
        .limit(1)
    )  # fmt: skip
    return number
