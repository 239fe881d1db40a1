"""Review, appeal, petition, assisting units, and the complainant heard before acceptance: played through the system."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cases.confidential import hidden_scopes, hides_line, hides_task
from cases.intake import instance_id_of
from cases.queries.history import history
from cases.tables.clocks import Deadline
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance
from cases.tables.records import Escalation
from cases.tables.worklist import Task
from jiannuo.rehearsal.sample import Sample, SampleAct, SampleFile
from jiannuo.rehearsal.stage import Rehearsal, Result
from tests.rehearsal.variants import played, shared_samples

pytestmark = pytest.mark.timeout(300)

SAMPLES = {sample.no[-3:]: sample for sample in shared_samples().samples}
DUE = "+08:00"


def at(text: str) -> str:
    return f"{text}:00{DUE}"


def acts(*rows: tuple[str, str, str, dict[str, Any]]) -> list[tuple[str, str, str, dict[str, Any]]]:
    return [(at(when), by, act, data) for when, by, act, data in rows]


async def play(rehearsal: Rehearsal, *samples: Sample) -> list[Result]:
    return await rehearsal.run(SampleFile(samples, {sample.no: "{}" for sample in samples}))


async def test_a_review_is_asked_once_and_within_its_limit(rehearsal: Rehearsal) -> None:
    once = acts(
        ("2026-07-20T10:00", "complainant", "request_review", {"reason": "现有材料足以证明"}),
        ("2026-07-22T10:00", "reviewer", "decide_review", {"result": "upheld", "reason": "原结论有据"}),
        ("2026-07-23T10:00", "complainant", "request_review", {"reason": "仍不服"}),
    )
    late = acts(("2026-08-03T10:00", "complainant", "request_review", {"reason": "迟了"}))
    in_time, too_late = await play(
        rehearsal,
        played(SAMPLES["102"], 800, once, at("2026-07-24T10:00")),
        played(SAMPLES["102"], 801, late, at("2026-08-04T10:00")),
    )
    assert in_time.actual["due"] | {"review_request": "2026-07-28", "review": "2026-08-03"} == in_time.actual["due"]
    assert in_time.actual["letters"][-1] == "复核决定书"
    assert [line.split(" ")[3] for line in in_time.refused] == ["request_review:"]
    assert len(too_late.refused) == 1
    assert "review" not in too_late.actual["due"]


async def test_a_review_that_changes_the_result_leads_back_to_verification(rehearsal: Rehearsal) -> None:
    again = acts(
        ("2026-07-16T10:00", "complainant", "rate", {"satisfaction": "satisfied"}),
        ("2026-07-20T10:00", "complainant", "request_review", {"reason": "现有材料足以证明"}),
        ("2026-07-22T10:00", "reviewer", "decide_review", {"result": "changed", "reason": "事实不清"}),
        ("2026-07-24T10:00", "verifying_dept", "verify", {"result": "substantiated"}),
    )
    (result,) = await play(rehearsal, played(SAMPLES["102"], 802, again, at("2026-07-25T10:00")))
    assert result.refused == []
    assert result.actual["stages"][-3:] == ["closed", "verification", "rectification"]
    assert result.actual["letters"][-2:] == ["复核决定书", "限期整改通知书"]


async def test_an_appeal_after_its_window_is_refused_with_date_and_derivation(rehearsal: Rehearsal) -> None:
    on_the_day = acts(("2026-07-21T17:00", "respondent", "appeal", {"reason": "已经付清"}))
    day_after = acts(("2026-07-22T09:00", "respondent", "appeal", {"reason": "已经付清"}))
    heard, refused = await play(
        rehearsal,
        played(SAMPLES["106"], 803, on_the_day, at("2026-07-23T10:00")),
        played(SAMPLES["106"], 804, day_after, at("2026-07-23T10:00")),
    )
    assert heard.refused == []
    assert heard.actual["due"]["appeal"] == "2026-08-20"
    async with rehearsal.stores.sessions() as session:
        windows = await session.scalars(select(Deadline).where(Deadline.name == "appeal_request"))
        # Used or lapsed, a window is over with its last day: nobody is late with it.
        assert {row.status for row in windows} == {"met", "cancelled"}
    (sentence,) = refused.refused
    assert "“对认定申请复核”的期限已于2026年7月21日24时届满" in sentence
    assert "6月30日认定书送达，不计入" in sentence


async def test_assisting_units_answer_and_the_complainant_is_heard_before_acceptance(rehearsal: Rehearsal) -> None:
    sample = SAMPLES["101"]
    unit = sample.raw["superior_or_competent_dept"]["uscc"]
    helper = "11159700FAKE00299X"
    voices = acts(
        ("2026-09-21T16:00", "verifying_dept", "invite_assist", {"to": unit, "questions": "自己"}),
        ("2026-09-21T16:00", "verifying_dept", "invite_assist", {"to": helper, "questions": "资金是否到位；支付凭证"}),
        ("2026-09-22T10:00", "verifying_dept", "invite_assist", {"to": helper, "questions": "工程量"}),
        ("2026-09-23T10:00", "verifying_dept", "give_opinion", {"words": "资金已到位"}),
        ("2026-09-24T15:00", "verifying_dept", "verify", {"result": "substantiated"}),
        ("2026-10-16T15:00", "respondent", "report_rectification", {"performed_on": "2026-10-16", "paid_cny": 1}),
        ("2026-10-19T09:00", "complainant", "dispute_rectification", {"words": "只付了一元"}),
        ("2026-10-19T10:00", "verifying_dept", "accept_rectification", {}),
        ("2026-10-19T11:00", "verifying_dept", "reject_rectification", {"reason": "尚未付清"}),
        ("2026-10-20T09:00", "respondent", "report_rectification", {"performed_on": "2026-10-20", "paid_cny": 744000}),
        ("2026-10-20T10:00", "verifying_dept", "accept_rectification", {}),
    )
    silent = acts(
        ("2026-10-15T15:00", "respondent", "report_rectification", {"performed_on": "2026-10-15", "paid_cny": 744000}),
        ("2026-10-23T09:00", "verifying_dept", "accept_rectification", {}),
    )
    spoke, kept_silent = await play(
        rehearsal,
        played(sample, 805, voices, at("2026-10-21T10:00")),
        played(sample, 806, silent, at("2026-10-27T10:00")),
    )
    assert [line.partition(": ")[0].rpartition(" ")[2] for line in spoke.refused] == [
        "invite_assist", "accept_rectification",
    ]  # fmt: skip
    assert spoke.actual["letters"].count("协办函") == 2
    assert spoke.actual["due"]["assist"] == "2026-09-24"
    assert spoke.actual["due"]["complainant_confirmation"] == "2026-10-27"
    assert spoke.actual["final_status"] == "closed_rectified"
    assert kept_silent.refused == []
    assert kept_silent.actual["final_status"] == "closed_rectified"


async def test_a_petition_ends_with_its_opinion_and_is_reviewed_twice(rehearsal: Rehearsal) -> None:
    sample = SAMPLES["102"]
    verifier = sample.raw["superior_or_competent_dept"]["uscc"]
    steps = acts(
        ("2026-07-06T09:30", "accepting_dept", "accept", {"scope_reason": "中标后未签约"}),
        ("2026-07-07T10:00", "referring_dept", "refer", {"to": verifier}),
        ("2026-07-08T10:00", "verifying_dept", "accept_handling", {}),
        ("2026-07-20T10:00", "verifying_dept", "verify", {"result": "not_substantiated", "reason": "无合同"}),
        ("2026-07-21T10:00", "verifying_dept", "feedback", {}),
        ("2026-07-22T10:00", "verifying_dept", "conclude_petition", {"opinion": "不予支持"}),
        ("2026-08-20T10:00", "complainant", "request_review", {"reason": "不服"}),
        ("2026-09-01T10:00", "reviewer", "decide_review", {"result": "upheld", "reason": "有据"}),
        ("2026-09-10T10:00", "complainant", "request_review", {"reason": "仍不服"}),
        ("2026-09-25T10:00", "reviewer", "decide_review", {"result": "upheld", "reason": "有据"}),
        ("2026-09-28T10:00", "complainant", "request_review", {"reason": "仍不服"}),
    )
    own = played(sample, 807, steps, at("2026-09-30T10:00"), channel_code="XF", channel_name="信访")
    (result,) = await play(rehearsal, own)
    assert [line.partition(": ")[0][-14:] for line in result.refused] == ["request_review"]
    assert result.actual["letters"][-3:] == ["信访处理意见书", "复核决定书", "复核决定书"]
    assert result.actual["due"]["review_request"] == "2026-10-08"
    assert result.actual["due"]["review"] == "2026-10-10"
    assert result.actual["stages"][-1] == "closed"


async def test_a_reported_retaliation_runs_as_a_confidential_case_and_proposes_escalation(rehearsal: Rehearsal) -> None:
    report = acts(("2026-09-25T10:00", "complainant", "report_retaliation", {"words": "被取消投标资格"}))
    sample = played(SAMPLES["101"], 808, report, at("2026-09-28T10:00"))
    (result,) = await play(rehearsal, sample)
    assert result.refused == []
    assert result.actual["escalation"] == {"proposed_by": ["retaliation"], "pushed_on": None}
    async with rehearsal.stores.sessions() as session:
        linked = (await session.scalars(select(Complaint).where(Complaint.statement == "被取消投标资格"))).one()
        assert linked.barred
        assert linked.confidential_of != linked.id
        # Nor do the respondent and its superior see, without its cause, what the report set off in the first case.
        main = instance_id_of(str(linked.confidential_of))
        lines = await history(session, await session.get_one(Instance, main))
        hidden = await hidden_scopes(session, main, [line.scopes for line in lines])
        told = [line for line in lines if not hides_line(line.act, line.scopes, hidden)]
        asked = await session.scalars(select(Task).where(Task.instance_id == main, Task.element_id == "choice"))
        assert all(hides_task(task, hidden) for task in asked)
    assert not {"propose", "asked", "choice"} & {element for line in told for element, _ in line.entered}
    assert {"propose", "asked", "choice"} <= {element for line in lines for element, _ in line.entered}
    assert "accepted" in {element for line in told for element, _ in line.entered}
    when = linked.received_at + timedelta(minutes=1)
    for act, data in (("find_retaliation", {"reason": "属实"}), ("confirm_escalation", {"reason": "典型"})):
        await rehearsal.act(linked.id, SampleAct(when, "supervisor", act, data))
    async with rehearsal.stores.sessions() as session:
        row = await session.get_one(Complaint, linked.id)
        assert (row.status, row.stage) == ("retaliation_found", "closed")
        pushed = await session.get_one(Escalation, linked.id)
        assert (pushed.proposed_by, pushed.decision) == (["retaliation"], "confirmed")
    # Closed as a case, and yet a push to the wrong place can be taken back.
    taken_back = SampleAct(when, "supervisor", "withdraw_escalation", {"reason": "推送的主体有误"})
    await rehearsal.act(linked.id, taken_back)
    async with rehearsal.stores.sessions() as session:
        assert (await session.get_one(Escalation, linked.id)).decision == "withdrawn"
