"""Breach risk: raised by a person or proposed by the rule, reminded, warned and interviewed by the competent organ."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from cases.intake import instance_id_of
from cases.positions import stale
from cases.queries.case_view import case_view
from cases.tables.clocks import Deadline, RungClaim
from cases.tables.complaints import Complaint
from cases.tables.letters import Letter, Notice
from cases.tables.organisations import Account
from cases.tables.positions import CasePosition, TaskPosition
from cases.tables.records import Determination
from cases.tables.worklist import Task
from jiannuo.rehearsal.population import person, populate
from jiannuo.rehearsal.sample import SampleFile
from jiannuo.rehearsal.stage import Rehearsal, Result
from tests.rehearsal.variants import own_units, played, shared_samples

pytestmark = pytest.mark.timeout(300)
SAMPLES = {sample.no[-3:]: sample for sample in shared_samples().samples}
SHANGHAI = ZoneInfo("Asia/Shanghai")
RISK = {"subject": "post", "post": "项目负责岗", "kind": "arrears", "reason": "连续两个项目逾期支付。"}


def at(text: str) -> str:
    return f"{text}:00+08:00"


async def play(
    rehearsal: Rehearsal, number: int, until: str, *rows: tuple[str, str, str, dict[str, Any]]
) -> tuple[Result, Complaint]:
    sample = played(SAMPLES["103"], number, [(at(when), by, act, data) for when, by, act, data in rows], at(until))
    (result,) = await rehearsal.run(SampleFile((sample,), {sample.no: "{}"}))
    async with rehearsal.stores.sessions() as session:
        case = await session.scalar(
            select(Complaint).where(Complaint.external_ref == f"{SAMPLES['103'].no}-{number}")
        )
    assert case is not None
    return result, case


async def test_a_risk_climbs_from_reminder_to_interview_until_a_person_says_that_it_is_gone(
    rehearsal: Rehearsal,
) -> None:
    result, case = await play(
        rehearsal, 880, "2026-04-13T10:00",
        ("2026-03-12T10:00", "credit_lead_dept", "raise_risk", RISK),
        ("2026-03-18T10:00", "discipline", "send_reminder", {"words": "十日内付清；报告结果"}),
        ("2026-03-20T10:00", "discipline", "dismiss_warning", {"reason": "已有付款计划"}),
        ("2026-03-26T09:30", "discipline", "dismiss_interview", {}),
        ("2026-03-26T10:00", "discipline", "interview", {"reason": "计划未落实", "place": "三楼会议室"}),
        ("2026-03-30T10:00", "credit_lead_dept", "end_risk", {"reason": "已付清"}),
        ("2026-03-31T10:00", "discipline", "end_risk", {"reason": "再说一次"}),
    )  # fmt: skip
    # To decline needs a reason, and what is over is over.
    assert [line.partition(": ")[0].split()[-1] for line in result.refused] == ["dismiss_interview", "end_risk"]
    assert result.refused[0].endswith("请填写“不约谈的理由”。")
    assert result.actual["incidents"] == []
    async with rehearsal.stores.sessions() as session:
        letters = list(
            await session.scalars(
                select(Letter)
                .where(Letter.complaint_id == case.id, Letter.kind.in_(["提醒函", "警示函", "约谈通知书"]))
                .order_by(Letter.issued_at)
            )
        )
        claims = select(RungClaim.rung, RungClaim.at).join(
            Deadline, (Deadline.instance_id == RungClaim.instance_id) & (Deadline.key == RungClaim.deadline_key)
        )
        rungs = await session.execute(
            claims.where(Deadline.instance_id == f"complaint:{case.id}", Deadline.name == "risk_watch")
        )
        climbed = {rung: f"{when:%m-%d}" for rung, when in rungs}
        row = await session.scalar(
            select(Deadline).where(Deadline.instance_id == f"complaint:{case.id}", Deadline.name == "risk_watch")
        )
        left = await session.scalars(
            select(Task.element_id).where(Task.status == "open", Task.instance_id == f"complaint:{case.id}")
        )
        open_ = set(left)
    assert [(row.kind, row.issuer_uscc, row.addressee) for row in letters] == [
        ("提醒函", "DIS-159721", "respondent"), ("约谈通知书", "DIS-159721", "respondent"),
    ]  # fmt: skip
    assert "连续两个项目逾期支付" in (letters[0].body or "")
    assert "十日内付清" in (letters[0].body or "")
    assert "计划未落实" in (letters[1].body or "")
    # Raised on Thursday the 12th, five working days: the 19th.
    assert climbed == {"remind": "03-18", "due": "03-19", "overdue_1": "03-20", "overdue_5": "03-26"}
    assert row is not None
    assert row.status in ("met", "cancelled")
    assert not open_ & {"watch_task", "reminder_task", "warning_task", "interview_task"}


async def test_nobody_lets_a_risk_lie_after_the_last_rung(rehearsal: Rehearsal) -> None:
    """Rung of the interview on Thursday 26 March; 4 to 6 April are days off. The watch ends before 17 April."""
    async with rehearsal.stores.sessions.begin() as session:
        await populate(session, [SAMPLES["103"]])
        for role, unit in (("head", "DIS-159721"), ("supervisor", "SUP-159721"), ("supervisor", "SUP-150000")):
            await person(session, role, unit)
    result, case = await play(
        rehearsal, 885, "2026-04-24T10:00",
        ("2026-03-12T10:00", "credit_lead_dept", "raise_risk", RISK),
        ("2026-04-15T10:00", "discipline", "end_risk", {"reason": "已付清"}),
    )  # fmt: skip
    assert result.refused == []
    async with rehearsal.stores.sessions() as session:
        rows = await session.execute(
            select(Account.login, Notice.created_at, Notice.body)
            .join(Account, Account.id == Notice.account_id)
            .where(Notice.complaint_id == case.id, Notice.kind == "risk_outstanding", Notice.channel == "inbox")
            .order_by(Notice.created_at, Account.login)
        )
        told = [(login, f"{when.astimezone(SHANGHAI):%m-%d %H:%M}", body) for login, when, body in rows]
        left = await session.scalars(
            select(Deadline.status).where(
                Deadline.instance_id == f"complaint:{case.id}", Deadline.name == "risk_again"
            )
        )
        assert "running" not in set(left)
    assert [(login, when) for login, when, _ in told] == [
        (login, f"{day} 09:00") for day in ("04-02", "04-10") for login in ("head.dis-159721", "supervisor.sup-159721")
    ]
    assert "159721纪委监委" in told[0][2]


async def asked(rehearsal: Rehearsal, case: Complaint) -> list[tuple[str, str]]:
    """The tasks about the risk: element and status."""
    wanted = ("unrectified_propose", "repeated_propose", "watch_task")
    async with rehearsal.stores.sessions() as session:
        rows = await session.execute(
            select(Task.element_id, Task.status)
            .where(Task.instance_id == f"complaint:{case.id}", Task.element_id.in_(wanted))
            .order_by(Task.key)
        )
        return [(element, status) for element, status in rows]


async def test_the_second_reminder_of_a_late_rectification_proposes_a_risk_that_a_person_takes_up_or_not(
    rehearsal: Rehearsal,
) -> None:
    """Due on 10 April (Friday): the third working day late is the 15th."""
    early = ("2026-03-12T10:00", "verifying_head", "dismiss_risk", {"reason": "尚未提出"})
    result, taken = await play(
        rehearsal, 881, "2026-04-17T10:00", early, ("2026-04-16T10:00", "verifying_head", "raise_risk", RISK)
    )
    assert [line.partition(": ")[0][-12:] for line in result.refused] == ["dismiss_risk"]
    assert await asked(rehearsal, taken) == [("unrectified_propose", "completed"), ("watch_task", "open")]
    async with rehearsal.stores.sessions.begin() as session:
        now = datetime.fromisoformat(at("2026-04-17T10:00"))
        seen = {
            role: await case_view(session, await person(session, role, unit), taken.id, now)
            for role, unit in (("respondent", taken.respondent_uscc), ("discipline", "DIS-159721"))
        }
    # The respondent learns of it by its letters alone; the organ, which has no other part in the case, works on it.
    assert {role: "risk_watch" in {row.name for row in view.deadlines} for role, view in seen.items()} == {
        "respondent": False, "discipline": True,
    }  # fmt: skip
    assert "watch_task" in {task.element_id for task in seen["discipline"].my_tasks}
    assert (seen["respondent"].history, seen["respondent"].tasks, seen["respondent"].risk) == ([], [], [])
    # What the organ is shown to decide upon: what was found about the risk, and nothing else of the record.
    (step,) = seen["discipline"].risk
    assert (step.act, dict(step.said)["理由"]) == ("raise_risk", RISK["reason"])
    assert (seen["discipline"].history, seen["discipline"].answers, seen["discipline"].notes) == ([], [], [])
    result, left = await play(
        rehearsal, 882, "2026-04-17T10:00", early,
        ("2026-04-16T10:00", "verifying_head", "dismiss_risk", {"reason": "正在筹款"}),
    )  # fmt: skip
    assert len(result.refused) == 1
    assert await asked(rehearsal, left) == [("unrectified_propose", "completed")]


async def test_a_second_determination_of_a_unit_within_twelve_months_proposes_a_risk(rehearsal: Rehearsal) -> None:
    """Determined on 14 April 2026; another case of the unit a year before, to the day, and a day earlier."""
    _, other = await play(
        rehearsal, 886, "2026-03-03T10:00", ("2026-03-02T15:30", "complainant", "withdraw", {"reason": "已和解"})
    )
    taken_up = ("2026-04-15T10:00", "verifying_head", "raise_risk", RISK)
    unsaid = ("2026-04-15T10:00", "verifying_head", "dismiss_risk", {})
    rows = ((887, "2025-04-14T10:00", taken_up), (888, "2025-04-14T10:00", unsaid), (889, "2025-04-13T23:00", taken_up))
    found, cases = {}, {}
    for number, before, row in rows:
        unit = own_units(SAMPLES["103"], number, "").respondent["uscc"]
        async with rehearsal.stores.sessions.begin() as session:
            await session.merge(
                Determination(
                    complaint_id=other.id, unit_uscc=unit, grounds=[], determined_at=datetime.fromisoformat(at(before))
                )
            )
        result, cases[number] = await play(rehearsal, number, "2026-04-20T10:00", row)
        found[number] = (await asked(rehearsal, cases[number]), len(result.refused))
    assert found == {
        887: ([("repeated_propose", "completed"), ("watch_task", "open")], 0),
        888: ([("repeated_propose", "open")], 1),
        # Outside the twelve months nothing is proposed; the head raises it by an act of its own.
        889: ([("watch_task", "open")], 0),
    }
    async with rehearsal.stores.sessions() as session:
        # The lists that the parties see name what the case waits for, not the question about them.
        position = await session.get_one(CasePosition, cases[888].id)
    assert position.waits_task not in (None, "是否作为失信风险处置")


async def test_a_late_risk_does_not_colour_the_case_that_its_parties_see(rehearsal: Rehearsal) -> None:
    """The watch ended on the 19th; the rectification itself is due on 10 April."""
    _, case = await play(
        rehearsal, 884, "2026-03-23T10:00", ("2026-03-12T10:00", "credit_lead_dept", "raise_risk", RISK)
    )
    async with rehearsal.stores.sessions() as session:
        row = await session.get_one(CasePosition, case.id)
        watched = await session.scalar(
            select(TaskPosition.due_at).where(
                TaskPosition.instance_id == instance_id_of(case.id), TaskPosition.element_id == "watch_task"
            )
        )
        assert await stale(session) == []
    assert watched is not None
    assert f"{watched:%m-%d}" == "03-19"
    assert f"{row.due:%m-%d}" == "04-10"
    assert row.waits_task == "整改"


async def test_a_proposal_lapses_when_the_case_has_its_conclusion(rehearsal: Rehearsal) -> None:
    _, case = await play(
        rehearsal, 883, "2026-04-17T10:00",
        ("2026-03-12T10:00", "verifying_head", "dismiss_risk", {"reason": "尚未提出"}),
        ("2026-04-16T10:00", "respondent", "report_rectification", {"performed_on": "2026-04-16", "paid_cny": 744000}),
        ("2026-04-16T11:00", "verifying_dept", "accept_rectification", {"opinion": "已付清"}),
        ("2026-04-16T12:00", "complainant", "confirm_rectification", {}),
        ("2026-04-16T13:00", "verifying_dept", "accept_rectification", {"opinion": "已付清"}),
    )  # fmt: skip
    assert case.status == "closed_rectified"
    assert [element for element, status in await asked(rehearsal, case) if status == "open"] == []
