"""Supervision inside a case: a served letter of supervision is an order; a push is followed and may be taken back."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from cases.tables.clocks import RungClaim
from cases.tables.complaints import Complaint
from cases.tables.orders import SupervisionOrder
from cases.tables.records import Escalation
from cases.tables.sharing import Push
from cases.tables.worklist import Task
from jiannuo.rehearsal.sample import Sample, SampleFile
from jiannuo.rehearsal.stage import Rehearsal
from tests.rehearsal.variants import played, shared_samples

pytestmark = pytest.mark.timeout(300)
SAMPLES = {sample.no[-3:]: sample for sample in shared_samples().samples}


async def test_letters_of_supervision_open_orders_and_a_push_is_followed_and_withdrawn(rehearsal: Rehearsal) -> None:
    rows = [
        ("2026-04-20T10:00:00+08:00", "supervisor", "list_supervision", {"reason": "逾期不履行"}),
        ("2026-05-15T10:00:00+08:00", "accepting_dept", "confirm_escalation", {"reason": "久拖不决"}),
        ("2026-05-20T10:00:00+08:00", "supervisor", "platform_status", {"state": "supervising", "words": "已交办"}),
        ("2026-05-25T10:00:00+08:00", "accepting_dept", "withdraw_escalation", {"reason": "推送的主体有误"}),
    ]
    sample = played(SAMPLES["103"], 870, rows, "2026-05-26T10:00:00+08:00")
    (result,) = await rehearsal.run(SampleFile((sample,), {sample.no: "{}"}))
    assert result.refused == []
    assert result.actual["incidents"] == []
    letters = ["挂牌督办通知书", "典型案例推送单", "督办函", "文书撤回通知"]
    assert [letter for letter in result.actual["letters"] if letter in letters] == letters
    async with rehearsal._stores.sessions() as session:
        case = await session.scalar(select(Complaint).where(Complaint.external_ref == f"{SAMPLES['103'].no}-870"))
        assert case is not None
        orders = await session.scalars(
            select(SupervisionOrder)
            .where(SupervisionOrder.complaint_id == case.id)
            .order_by(SupervisionOrder.opened_at)
        )
        found = [(order.kind, order.reason, order.letter_id is not None) for order in orders]
        escalation = await session.get_one(Escalation, case.id)
        pushes = await session.scalars(select(Push.kind).where(Push.complaint_id == case.id).order_by(Push.created_at))
        sent = [kind for kind in pushes if kind.startswith("typical_case")]
    assert found == [("listed", "逾期不履行", True), ("supervision", "久拖不决", True)]
    assert sent == ["typical_case", "typical_case_withdrawal"]
    assert (escalation.decision, escalation.platform_state, escalation.platform_words) == (
        "withdrawn", "supervising", "已交办",
    )  # fmt: skip
    assert escalation.withdrawal_letter is not None
    assert escalation.decided_by is not None


# Delivered on 4 March and due on the 11th: five working days late on the 18th, when the machine proposes a 督办函.
PUSHED: list[tuple[str, str, str, dict[str, Any]]] = [
    ("2026-03-18T10:00:00+08:00", "supervisor", "issue_order", {"reason": "核实逾期", "words": "五日内作出核实结论"}),
    ("2026-03-18T11:00:00+08:00", "supervisor", "propose_platform", {"reason": "久拖不决"}),
    ("2026-03-18T14:00:00+08:00", "accepting_dept", "confirm_escalation", {"reason": "久拖不决"}),
]
TAKEN_BACK = ("2026-04-03T10:00:00+08:00", "accepting_dept", "withdraw_escalation", {"reason": "推送的主体有误"})


def late(number: int, *rows: tuple[str, str, str, dict[str, Any]]) -> Sample:
    unverified = replace(SAMPLES["103"], acts=SAMPLES["103"].acts[:3])
    return played(unverified, number, [*PUSHED, *rows, TAKEN_BACK], "2026-04-07T10:00:00+08:00")


async def test_a_push_can_be_withdrawn_after_the_stage_that_proposed_it_and_its_order_climbs_the_ladder(
    rehearsal: Rehearsal,
) -> None:
    verified = (
        ("2026-03-19T10:00:00+08:00", "verifying_dept", "verify", {"result": "substantiated"}),
        ("2026-03-30T10:00:00+08:00", "supervisor", "platform_status", {"state": "supervising", "words": "已交办"}),
    )
    (result,) = await rehearsal.run(SampleFile((late(871, *verified),), {f"{SAMPLES['103'].no}-871": "{}"}))
    assert result.refused == []
    assert result.actual["incidents"] == []
    async with rehearsal.stores.sessions() as session:
        case = await session.scalar(select(Complaint).where(Complaint.external_ref == f"{SAMPLES['103'].no}-871"))
        assert case is not None
        escalation = await session.get_one(Escalation, case.id)
        # Two letters of supervision: the one of the late verification, and the one that goes with the push.
        order, pushed = await session.scalars(
            select(SupervisionOrder)
            .where(SupervisionOrder.complaint_id == case.id)
            .order_by(SupervisionOrder.opened_at)
        )
        claims = select(RungClaim.rung, RungClaim.at).where(RungClaim.instance_id == order.instance_id)
        climbed = {rung: f"{at:%m-%d}" for rung, at in await session.execute(claims)}
    assert case.stage == "rectification"
    assert (escalation.decision, escalation.platform_state) == ("withdrawn", "supervising")
    assert escalation.withdrawal_letter is not None
    assert order.state == pushed.state == "awaiting_reply"
    # Served on the 18th, five working days: the 25th; the due rung is its midnight, in UTC the 25th.
    assert climbed == {
        "remind": "03-24", "due": "03-25", "overdue_1": "03-26", "overdue_3": "03-30", "overdue_5": "04-01",
    }  # fmt: skip


async def test_a_push_can_be_withdrawn_after_the_complaint_was(rehearsal: Rehearsal) -> None:
    given_up = (
        ("2026-03-20T10:00:00+08:00", "complainant", "withdraw", {"reason": "已和解"}),
        ("2026-03-23T10:00:00+08:00", "accepting_dept", "confirm_withdrawal", {"call": "电话核实,未受压力"}),
    )
    (result,) = await rehearsal.run(SampleFile((late(872, *given_up),), {f"{SAMPLES['103'].no}-872": "{}"}))
    assert result.refused == []
    assert result.actual["final_status"] == "closed_withdrawn"
    assert result.actual["letters"][-2:] == ["终止办理告知书", "文书撤回通知"]


async def test_a_rectification_five_working_days_late_is_proposed_as_a_typical_case_until_it_has_its_conclusion(
    rehearsal: Rehearsal,
) -> None:
    """Due on 10 April 2026 (Friday): the fifth working day late is the 17th."""
    unanswered = replace(SAMPLES["103"], acts=SAMPLES["103"].acts[:4])
    asked = [
        ("2026-04-17T08:00:00+08:00", "supervisor", "propose_platform", {"reason": "尚未提出"}),
        ("2026-04-17T10:00:00+08:00", "supervisor", "propose_platform", {"reason": "逾期不整改"}),
        ("2026-04-17T11:00:00+08:00", "accepting_dept", "decline_escalation", {"reason": "正在筹款"}),
    ]
    rectified: list[tuple[str, str, str, dict[str, Any]]] = [
        ("2026-04-17T10:00:00+08:00", "respondent", "report_rectification", {"paid_cny": 744000}),
        ("2026-04-17T11:00:00+08:00", "verifying_dept", "accept_rectification", {"opinion": "已付清"}),
    ]
    until = "2026-04-20T10:00:00+08:00"
    samples = (played(unanswered, 873, asked, until), played(unanswered, 874, rectified, until))
    proposed, lapsed = await rehearsal.run(SampleFile(samples, {sample.no: "{}" for sample in samples}))
    assert [line.partition(": ")[0].split()[-1] for line in proposed.refused] == ["propose_platform"]
    async with rehearsal.stores.sessions() as session:
        found = {}
        for sample in samples:
            case = await session.scalar(select(Complaint).where(Complaint.external_ref == sample.raw["external_ref"]))
            assert case is not None
            tasks = await session.scalars(
                select(Task.status).where(
                    Task.instance_id == f"complaint:{case.id}", Task.element_id == "platform_task"
                )
            )
            escalation = await session.get(Escalation, case.id)
            pushed = escalation and (escalation.proposed_by, escalation.decision)
            found[sample.no[-3:]] = (case.status, list(tasks), pushed)
    assert lapsed.refused == []
    assert found == {
        "873": ("open", ["completed"], (["unrectified"], "declined")),
        "874": ("closed_rectified", ["cancelled"], None),
    }
