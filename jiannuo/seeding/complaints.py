"""The sample complaints as policies/samples/complaints.yaml tells them, dated back from the day of seeding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import yaml

from cases.deadlines.calendar import Calendar
from cases.deadlines.counting import shift_working_days
from cases.intake import SHANGHAI, Contract, Filing
from cases.vault import Identity
from jiannuo.rehearsal.sample import SampleAct
from jiannuo.seeding.region import SAMPLES, Sample, fictional_uscc

# Offices open at nine (policy `office_hours`); acts of one day follow each other.
FIRST_ACT = time(9, 30)
CLOSING = time(17, 30)
BETWEEN_ACTS = timedelta(minutes=40)
# Marks a sample case and makes seeding twice file it once.
EXTERNAL = "YANSHI-"
SIGNED_BEFORE = timedelta(days=300)


@dataclass(frozen=True)
class Row:
    """One line of the file. ``story`` names its acts, or ``status`` and ``took`` its end if it is archived."""

    key: str
    days_ago: int
    channel: str
    respondent: str
    verifier: str
    subject: str
    amount_cny: int
    story: str | None = None
    status: str | None = None
    took: int = 0


@dataclass(frozen=True)
class SampleComplaint:
    row: Row
    filing: Filing
    acts: tuple[SampleAct, ...]


@cache
def read_file() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((SAMPLES / "complaints.yaml").read_text(encoding="utf-8"))
    return found


def living(count: int) -> list[Row]:
    """The first ``count`` complaints of the file; those in front are the most varied."""
    rows = [Row(key, *values) for key, values in read_file()["complaints"].items()]
    return rows[:count]


def archived() -> list[Row]:
    return [
        replace(Row(key, *facts), status=status, took=took)
        for key, (*facts, status, took) in read_file()["archived"].items()
    ]


def compose(row: Row, sample: Sample, pack: str, calendar: Calendar, now: datetime) -> SampleComplaint:
    received = received_at(row, now)
    filing = filing_of(row, sample, pack, received)
    day = received
    acts = []
    for wait, role, act, form in read_file()["stories"][row.story] if row.story else ():
        day = _next(day, wait, calendar)
        if day >= now:
            break
        facts = {
            "respondent": sample.units[row.respondent].uscc,
            "verifier": sample.units[row.verifier].uscc,
            "amount": row.amount_cny,
            "day": day.date().isoformat(),
        }
        acts.append(SampleAct(day, role, act, _filled(form, facts)))
    return SampleComplaint(row, filing, tuple(acts))


def received_at(row: Row, now: datetime) -> datetime:
    """Between eight and seventeen o'clock, spread by the key; today's came a while ago."""
    day = now.astimezone(SHANGHAI).date() - timedelta(days=row.days_ago)
    minutes = (int(row.key[1:]) * 37) % 540
    at = datetime.combine(day, time(8), SHANGHAI) + timedelta(minutes=minutes)
    return min(at, now - timedelta(minutes=20 + int(row.key[1:])))


def filing_of(row: Row, sample: Sample, pack: str, received: datetime) -> Filing:
    file = read_file()
    number = int((_merged_into(row) or row.key)[1:])
    name, enterprise_type = file["complainants"][number % len(file["complainants"])]
    domain, title, statement, request = file["subjects"][row.subject]
    unit = sample.units[row.respondent]
    signed = received.date() - SIGNED_BEFORE - timedelta(days=number)
    return Filing(
        pack=pack, channel=row.channel, received_at=received, external_ref=EXTERNAL + row.key,
        complainant=Identity(
            name, fictional_uscc("91", "159721", f"MAFAKE{50 + number % 12}"), "法定代表人", "13800000000",
        ),
        enterprise_type=enterprise_type, is_sme=True, respondent_uscc=unit.uscc,
        superior_uscc=sample.units[unit.superior].uscc if unit.superior else None,
        domain=domain, title=f"{unit.name.replace('（虚构）', '')}：{title}", statement=statement, request=request,
        contract=Contract(
            contract_no=f"YL-2025-{number:03d}", project_name=title, signed_on=signed,
            amount_cny=Decimal(row.amount_cny) * 2, disputed_amount_cny=Decimal(row.amount_cny),
            payment_due_on=date.fromordinal(signed.toordinal() + 120), performance_status="已履行未付清",
            disclosure_authorised=True,
        ),
        evidence=("合同扫描件", "验收单", "催款函"),
    )  # fmt: skip


def _merged_into(row: Row) -> str | None:
    """A complaint that is to be merged is the other one told again, by the same firm on the same contract."""
    acts = read_file()["stories"][row.story] if row.story else ()
    return next((str(form["into"]) for _, _, act, form in acts if act == "merge"), None)


def _next(after: datetime, wait: int, calendar: Calendar) -> datetime:
    soon = (after + BETWEEN_ACTS).astimezone(SHANGHAI)
    if wait == 0 and soon.time() < CLOSING and calendar.is_working(soon.date()).working:
        return soon
    day = shift_working_days(calendar, after.astimezone(SHANGHAI).date(), max(wait, 1))
    return datetime.combine(day, FIRST_ACT, SHANGHAI)


def _filled(form: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """``{name}`` as a whole value becomes the fact itself, so that numbers stay numbers."""
    return {key: _fact(value, facts) for key, value in form.items()}


def _fact(value: Any, facts: Mapping[str, Any]) -> Any:
    if isinstance(value, str) and value.startswith("{") and value.endswith("}"):
        return facts[value[1:-1]]
    return value
