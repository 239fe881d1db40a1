"""Who asks and is declined hears it: by whom, why, and that the date stands, with its derivation."""

import pytest
from sqlalchemy import select

from cases.positions import stale
from cases.tables.complaints import Complaint
from cases.tables.letters import Notice
from cases.tables.organisations import Account
from cases.tables.positions import ActPosition
from jiannuo.rehearsal.sample import SampleFile
from jiannuo.rehearsal.stage import Rehearsal
from tests.rehearsal.variants import played, shared_samples

pytestmark = pytest.mark.timeout(300)
SAMPLES = {sample.no[-3:]: sample for sample in shared_samples().samples}
ASKED = [
    ("03-20T10:00", "respondent", "request_extension", {"clock": "rectification", "days": 20, "reason": "资金未到"}),
    ("03-23T10:00", "verifying_head", "decline_extension", {"reason": "内部付款流程不是延期的理由。"}),
    ("03-24T10:00", "respondent", "report_rectification", {"paid_cny": 1000, "words": "已付一部分"}),
    ("03-25T10:00", "verifying_dept", "reject_rectification", {"reason": "仍欠大部分款项"}),
    ("03-26T10:00", "complainant", "withdraw", {"reason": "不想再等"}),
    ("03-27T10:00", "verifying_dept", "continue_case", {"reason": "电话核实，撤回并非自愿"}),
]


async def test_an_extension_a_report_and_a_withdrawal_that_are_declined_are_answered_with_the_reason(
    rehearsal: Rehearsal,
) -> None:
    rows = [(f"2026-{at}:00+08:00", by, act, data) for at, by, act, data in ASKED]
    sample = played(SAMPLES["103"], 910, rows, "2026-03-29T10:00:00+08:00")
    (result,) = await rehearsal.run(SampleFile((sample,), {sample.no: "{}"}))
    assert result.refused == []
    assert result.actual["incidents"] == []
    async with rehearsal.stores.sessions() as session:
        case = await session.scalar(select(Complaint).where(Complaint.external_ref == sample.raw["external_ref"]))
        assert case is not None
        notices = await session.execute(
            select(Notice, Account.login)
            .outerjoin(Account, Account.id == Notice.account_id)
            .where(Notice.complaint_id == case.id, Notice.kind == "request_declined", Notice.channel == "inbox")
            .order_by(Notice.created_at)
        )
        # The request counts for its unit on the board, from the step that took it on.
        counted = (await session.execute(select(ActPosition.act, ActPosition.unit, ActPosition.id))).all()
        assert ("request_extension", case.respondent_uscc, case.id) in counted
        assert await stale(session) == []
        told = [(login, notice.to_party, notice.body, notice.facts) for notice, login in notices]
    liaison = f"respondent.{case.respondent_uscc}".lower()
    assert [(login, party) for login, party, _, _ in told] == [(liaison, False), (liaison, False), (None, True)]
    extension, report, withdrawal = (body for _, _, body, _ in told)
    # Served on 11 March, thirty days: the 10th of April.
    assert "“申请延期整改”未获同意：不予延期（" in extension
    assert "理由：内部付款流程不是延期的理由。期限不变：3月11日限期整改通知书送达" in extension
    assert extension.endswith("4月10日24:00届满。")
    assert "“报告整改完成”未获同意：验收不通过" in report
    assert "理由：仍欠大部分款项。期限不变：" in report
    assert "“撤回投诉”未获同意：继续办理" in withdrawal
    assert "理由：电话核实，撤回并非自愿。后续办理情况见案件页面。" in withdrawal
    # What a person wrote stands in the body alone.
    assert all(set(facts) == {"case_no", "act"} for _, _, _, facts in told)
