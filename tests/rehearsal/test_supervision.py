"""Supervision inside a case: a served letter of supervision is an order; a push is followed and may be taken back."""

import pytest
from sqlalchemy import select

from cases.tables.complaints import Complaint
from cases.tables.orders import SupervisionOrder
from cases.tables.records import Escalation
from cases.tables.sharing import Push
from jiannuo.rehearsal.sample import SampleFile
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
