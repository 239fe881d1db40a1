"""A rung's ``notice`` of the policy, per addressee of that rung, as a kind of notice. Held to every pack by a test."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from activities.jobs import Job
from cases.deadlines.rule import Rule, Rung
from cases.mail_queue import OWN
from cases.notices import Written
from cases.policy.loader import load
from cases.tables.clocks import Deadline
from cases.tables.organisations import Organisation
from notifications.letters.wording import date_zh
from notifications.notice import write_notice

ANYONE = "*"
_LATE = {
    ANYONE: "overdue_assignee", "supervisor": "overdue_supervisor", "dept_head": "overdue_head",
    "verifying_head": "overdue_head", "credit_lead_dept": "overdue_credit_lead",
}  # fmt: skip
KINDS: dict[str, dict[str, str]] = {
    "task_reminder": {ANYONE: "reminder"},
    "urge": _LATE,
    "urge_head": _LATE,
    "supervision_letter": _LATE,
    "rectification_reminder": {ANYONE: "reminder", "respondent": "rectification_due"},
    "rectification_overdue": {
        ANYONE: "rectification_late", "respondent": "rectification_missed", "supervisor": "overdue_supervisor",
        "credit_lead_dept": "overdue_credit_lead",
    },
    "performance_reminder": {ANYONE: "reminder"},
    "escalation_proposed": {ANYONE: "escalation_proposed"},
    "party_reminder": {ANYONE: "reminder"},
    "risk_reminder": {ANYONE: "risk_step"},
    "risk_warning": {ANYONE: "risk_step"},
    "risk_interview": {ANYONE: "risk_step"},
    "risk_outstanding": {ANYONE: "risk_outstanding"},
    "order_reminder": {ANYONE: "order_reminder"},
    "order_overdue": {ANYONE: "order_overdue"},
    "order_check_reminder": {ANYONE: "order_check_reminder"},
    "order_check_overdue": {ANYONE: "order_check_overdue"},
}


def kind_of(notice: str, place: str) -> str:
    """The kind of notice that ``notice`` is for the addressee ``place``."""
    kinds = KINDS[notice]
    return kinds.get(place, kinds[ANYONE])


async def rung_facts(job: Job, rule: Rule, rung: Rung, waits_for: str) -> Mapping[str, str]:
    """What any of these kinds may say of the clock; days late are those of the rung, working or calendar."""
    row = await job.session.scalar(
        select(Deadline)
        .where(Deadline.instance_id == job.instance.id, Deadline.name == rule.name, Deadline.due.is_not(None))
        .order_by(Deadline.key.desc())
        .limit(1)
    )
    unit = await job.session.get(Organisation, waits_for.rpartition("@")[2])
    return {
        "case_no": job.complaint.case_no,
        "task": rule.title_zh,
        "due": date_zh(row.due) if row is not None and row.due is not None else "规定日期",
        "unit": unit.name if unit is not None else "承办单位",
        "late": str(abs(rung.offset.amount)),
        "reason": _reason(job, rule),
        "clock": rule.name,
        "rung": rung.name,
    }


def _reason(job: Job, rule: Rule) -> str:
    trigger = load(job.instance.pack).triggers.get("unperformed_30d")
    return trigger.title if rule.name == "performance" and trigger is not None else f"“{rule.title_zh}”期限届满仍未办结"


def of_rung(kind: str, facts: Mapping[str, str], rung: Rung) -> Written:
    """A rung says whether it goes out by itself or with the day's digest, whatever its kind of notice would do."""
    return written(kind, {**facts, OWN: "yes" if rung.own_message else "no"})


def written(kind: str, facts: Mapping[str, str]) -> Written:
    notice = write_notice(kind, facts)
    return Written(kind, notice.subject, notice.body, facts)
