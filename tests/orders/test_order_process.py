"""A supervision order from its letter to its closing, on the real servers, with the policy's ladder and calendar."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select

from cases.errors import Invalid
from cases.orders.lifecycle import recomputed
from cases.orders.states import AWAITING, CHECKING, CLOSED, DISCARDED, DRAFTING, RETURNED, TO_CLOSE, WITHDRAWN
from cases.tables.clocks import Deadline
from cases.tables.orders import OrderCase, SupervisionOrder
from cases.tables.organisations import Account
from tests.api import region_builder as region
from tests.orders.orders_world import Orders

pytestmark = pytest.mark.timeout(120)


async def issued(orders: Orders, **changes: object) -> SupervisionOrder:
    """An order of one case whose letter has been served on Monday 21 September."""
    result = await orders.issue([await orders.case()], **changes)
    (order,) = result.orders
    await orders.begin(order)
    await orders.letters(order)
    return order


async def reply_clock(orders: Orders, order: SupervisionOrder) -> Deadline:
    async with orders.stores.sessions() as session:
        row = await session.scalar(
            select(Deadline)
            .where(Deadline.instance_id == order.instance_id, Deadline.name == "supervision_reply")
            .order_by(Deadline.key.desc())
            .limit(1)
        )
    assert row is not None
    return row


async def test_an_order_is_answered_sent_back_answered_again_and_closed_with_a_numbered_notice(orders: Orders) -> None:
    (order,) = (await orders.issue([await orders.case()])).orders
    assert order.state == DRAFTING
    await orders.begin(order)
    await orders.letters(order)
    assert (await orders.row(order)).state == AWAITING
    clock = await reply_clock(orders, order)
    # Five working days from Monday 21 September: Friday 25 September is the Mid-Autumn holiday.
    assert clock.due == date(2026, 9, 29)
    assert "督办文书送达" in clock.derivation[0]["zh"]
    await orders.act(order, "verify", "reply_order", words="已作出核实结论并函告。")
    assert (await orders.row(order)).state == CHECKING
    await orders.act(order, "inspector", "return_reply", reason="未说明逾期原因。")
    back = await orders.row(order)
    assert (back.state, back.returns, back.replied_at) == (RETURNED, 1, None)
    assert (await reply_clock(orders, order)).key != clock.key
    await orders.act(order, "verify", "reply_order", words="逾期原因另附。")
    await orders.act(order, "inspector", "accept_reply")
    assert (await orders.row(order)).state == TO_CLOSE
    await orders.act(order, "inspector", "close_order", conclusion="答复属实，要求已落实")
    await orders.letters(order)
    row = await orders.row(order)
    assert row.state == CLOSED
    assert row.ended_at is not None
    letters = await orders.issued_letters(order)
    assert [letter.kind for letter in letters] == ["督办函", "销号通知"]
    assert order.number in (letters[0].body or "")
    assert "五日内作出核实结论" in (letters[0].body or "")
    assert letters[0].number in (letters[1].body or "")
    assert "答复属实，要求已落实" in (letters[1].body or "")
    assert all((letter.pdf or b"").startswith(b"%PDF") for letter in letters)
    assert [kind for _, kind in await orders.notices(order)] == [
        "order_received", "order_received", "order_replied", "order_returned", "order_returned", "order_replied",
        "order_closed", "order_closed",
    ]  # fmt: skip
    async with orders.stores.sessions() as session:
        fresh = await recomputed(session, row, lambda hash_: orders.stores.definitions.graph(session, hash_))
    columns = ("state", "state_at", "served_at", "replied_at", "ended_at", "returns")
    assert {name: getattr(fresh, name) for name in columns} == {name: getattr(row, name) for name in columns}


async def test_an_unanswered_order_climbs_to_the_superior_and_a_person_signs_each_letter(orders: Orders) -> None:
    order = await issued(orders)
    await orders.forward(order, "2026-09-29T08:00")
    assert ("verify", "order_reminder") in await orders.notices(order)
    # Due on 29 September; 1 to 7 October are days off, so the first rung after it falls on 30 September.
    await orders.forward(order, "2026-09-30T12:00")
    assert await orders.open_tasks(order) == ["reply_task", "urge_task"]
    await orders.act(order, "inspector", "urge", words="")
    await orders.letters(order)
    await orders.forward(order, "2026-10-05T12:00")
    assert await orders.open_tasks(order) == ["reply_task"]
    await orders.forward(order, "2026-10-09T12:00")
    assert "interview_task" in await orders.open_tasks(order)
    with pytest.raises(Invalid) as refused:
        await orders.act(order, "inspector", "dismiss_interview", reason=" ")
    assert refused.value.fields == {"reason": "请填写“不约谈的理由”。"}
    await orders.act(order, "inspector", "interview", reason="")
    await orders.letters(order)
    await orders.forward(order, "2026-10-13T12:00")
    await orders.act(order, "inspector", "raise_order", reason="")
    await orders.letters(order)
    letters = await orders.issued_letters(order)
    assert [letter.kind for letter in letters] == ["督办函", "催办函", "约谈通知书", "提级督办函"]
    raised = letters[-1].body or ""
    assert "请你单位督促青原旗人民政府" in raised
    assert "2026年9月29日24时" in raised
    told = await orders.notices(order)
    # Three rungs for the unit's head and the issuer; the credit lead, here also the superior, hears of the last, once.
    late = Counter(login for login, kind in told if kind == "order_overdue")
    assert late == {"verify": 1, "head": 3, "inspector": 3, "lead": 1}
    await orders.act(order, "verify", "reply_order", words="现予答复。")
    assert (await orders.row(order)).state == CHECKING


async def test_only_the_person_who_issued_it_closes_an_order_until_that_person_leaves(orders: Orders) -> None:
    order = await issued(orders)
    with pytest.raises(Invalid, match="督查 白音"):
        await orders.act(order, "inspector2", "close_order", conclusion="已落实")
    async with orders.stores.sessions.begin() as session:
        (await session.scalar(select(Account).where(Account.login == "inspector"))).active = False  # type: ignore[union-attr]
    try:
        await orders.act(order, "inspector2", "close_order", conclusion="已落实")
    finally:
        async with orders.stores.sessions.begin() as session:
            (await session.scalar(select(Account).where(Account.login == "inspector"))).active = True  # type: ignore[union-attr]
    await orders.letters(order)
    assert (await orders.row(order)).state == CLOSED


async def test_an_issued_order_is_withdrawn_by_a_numbered_notice_and_a_draft_just_ends(orders: Orders) -> None:
    order = await issued(orders)
    await orders.act(order, "inspector", "withdraw_order", reason="督办对象有误")
    await orders.letters(order)
    assert (await orders.row(order)).state == WITHDRAWN
    letter = (await orders.issued_letters(order))[-1]
    assert letter.kind == "文书撤回通知"
    assert "因督办对象有误，现予撤回" in (letter.body or "")
    assert (await orders.issued_letters(order))[0].number in (letter.body or "")
    (draft,) = (await orders.issue([await orders.case()])).orders
    await orders.begin(draft)
    await orders.act(draft, "inspector", "withdraw_order", reason="不再需要")
    assert (await orders.row(draft)).state == DISCARDED
    assert await orders.issued_letters(draft) == []


async def test_cases_of_one_unit_share_an_order_and_each_case_that_cannot_is_told_why(orders: Orders) -> None:
    first, second = await orders.case(), await orders.case()
    early = await orders.case(region.REFERRAL)
    far = await orders.case(region.Where(**{**vars(region.VERIFICATION), "unit": region.OTHER_GOV,
                                             "verifying": region.OTHER_GOV}))  # fmt: skip
    result = await orders.issue([first, second, early, far])
    counts = [len(await cases_of(orders, order)) for order in result.orders]
    assert sorted(counts) == [1, 1, 2]
    again = await orders.issue([first, second])
    assert again.orders == []
    assert all("已有未销号的督办件" in sentence for sentence in again.refused.values())
    respondent = await orders.issue([first, early], addressee="respondent")
    assert [order.addressee_uscc for order in respondent.orders] == [region.BUREAU]
    assert "被投诉主体还不知情" in next(iter(respondent.refused.values()))


async def test_a_limit_that_the_issuer_sets_is_the_one_in_the_letter_and_on_the_clock(orders: Orders) -> None:
    order = await issued(orders, reply_days="3")
    assert (await reply_clock(orders, order)).due == date(2026, 9, 24)
    assert "3个工作日内（即2026年9月24日24时前）" in ((await orders.issued_letters(order))[0].body or "")
    with pytest.raises(Invalid, match="1个工作日至30个工作日"):
        await orders.issue([await orders.case()], reply_days="90")
    with pytest.raises(Invalid, match="半日"):
        await orders.issue([await orders.case()], reply_days="0.5")


async def cases_of(orders: Orders, order: SupervisionOrder) -> list[str]:
    async with orders.stores.sessions() as session:
        rows = await session.scalars(select(OrderCase.complaint_id).where(OrderCase.order_id == order.id))
        return list(rows)
