"""What becomes of a case that was pushed to the supervision platform: its answers, and taking the push back."""

from __future__ import annotations

import httpx
from sqlalchemy import select

from activities import credit_jobs
from activities.platforms.http import HttpPlatform
from activities.platforms.port import Answer, Envelope, PlatformPort, PlatformStatus
from activities.stores import Stores
from cases import sharing
from cases.escalations import CONFIRMED, WITHDRAWN
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance
from cases.tables.organisations import Account, Membership
from cases.tables.records import Escalation
from cases.tables.sharing import Push
from cases.tables.worklist import Submission, Subscription
from jiannuo.platform_watch import PlatformWatch
from jiannuo.receiver.app import make_receiver
from jiannuo.receiver.guard import Guard
from jiannuo.receiver.ledger import Ledger
from jiannuo.receiver.losses import Losses
from notifications.channels.signature import sign
from tests.activities import case_builders as build
from tests.activities.conftest import stores

__all__ = ["stores"]
SECRET = b"a secret that both sides know"
SECONDS = 1_790_000_000


async def pushed(stores: Stores, id_: str) -> None:
    """A case that the accepting department selected; the platform gave a receipt."""
    async with stores.transaction() as session:
        instance, complaint = await build.case(session, stores, id_)
        login = await build.person(session, f"clerk-{id_}", "accepting_dept", "ACC")
        job = build.job(session, stores, instance, complaint, build.at("2026-09-18 10:00"), triggers=["amount_10m"])
        await credit_jobs.propose(job)
        session.add(
            Submission(
                id=f"choice-{id_}", instance_id=instance.id, act="confirm_escalation", role="accepting_dept",
                unit="ACC", account_id=login.id, form={"reason": "涉及金额大"}, event="{}",
                occurred_at=job.at, recorded_at=job.at, status="done",
            )
        )  # fmt: skip
        await session.flush()
        await credit_jobs.push(job)
        row = await session.scalar(select(Push).where(Push.complaint_id == id_))
        assert row is not None
        await sharing.settle(session, row, sharing.RECEIVED, "R-1", job.at)


async def escalation(stores: Stores, id_: str) -> Escalation:
    async with stores.sessions() as session:
        return await session.get_one(Escalation, id_)


class Answering:
    """A platform that answers what the test says."""

    def __init__(self, *answers: PlatformStatus | None) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def send(self, envelope: Envelope) -> Answer:
        raise AssertionError("nothing is sent here")

    async def status(self, key: str) -> PlatformStatus | None:
        self.asked.append(key)
        return self.answers.pop(0) if self.answers else None


async def watch(stores: Stores, port: PlatformPort) -> int:
    return await PlatformWatch(stores, {"supervision": port}).once()


async def test_the_person_and_the_unit_that_selected_the_case_stand_with_the_decision(stores: Stores) -> None:
    await pushed(stores, "e1")
    row = await escalation(stores, "e1")
    assert (row.decision, row.reason, row.decided_unit, row.receipt) == (CONFIRMED, "涉及金额大", "ACC", "R-1")
    async with stores.sessions() as session:
        account = await session.get_one(Account, row.decided_by or 0)
        assert account.login == "clerk-e1"
        assert await session.scalar(select(Membership.uscc).where(Membership.account_id == account.id)) == "ACC"


async def test_what_the_platform_answers_is_entered_once_and_the_end_is_the_end(stores: Stores) -> None:
    async with stores.sessions.begin() as session:
        for row in await session.scalars(select(Escalation)):
            row.platform_state = "concluded"
    await pushed(stores, "e2")
    going = PlatformStatus("supervising", "已转政府督查室")
    port = Answering(going, going, None, PlatformStatus("concluded", "已督促支付"))
    assert [await watch(stores, port) for _ in range(4)] == [1, 0, 0, 1]
    row = await escalation(stores, "e2")
    assert (row.platform_state, row.platform_words) == ("concluded", "已督促支付")
    assert await watch(stores, port) == 0
    assert len(port.asked) == 4, "a case that has ended there is not asked about any more"


async def test_where_the_diagram_waits_the_answer_comes_as_an_act_once(stores: Stores) -> None:
    async with stores.sessions.begin() as session:
        for row in await session.scalars(select(Escalation)):
            row.platform_state = "concluded"
    await pushed(stores, "e3")
    async with stores.sessions.begin() as session:
        session.add(
            Subscription(
                instance_id="complaint:e3", key=40, graph_hash="test", element_id="status_back", name="平台反馈",
                message_name="platform_status", correlation_key="e3", acts=["platform_status"], form_id=None,
                properties={}, opened_at=build.at("2026-09-18 10:00"),
            )
        )  # fmt: skip
    said = PlatformStatus("accepted")
    assert [await watch(stores, Answering(said)) for _ in range(3)] == [1, 0, 0]
    async with stores.sessions() as session:
        rows = list(await session.scalars(select(Submission).where(Submission.act == "platform_status")))
    assert [(row.subscription_key, row.status) for row in rows] == [(40, "pending")]


async def test_a_push_that_was_wrong_is_withdrawn_and_the_platform_is_told_after_it(stores: Stores) -> None:
    await pushed(stores, "e4")
    async with stores.transaction() as session:
        instance = await session.get_one(Instance, "complaint:e4")
        complaint = await session.get_one(Complaint, "e4")
        job = build.job(session, stores, instance, complaint, build.at("2026-09-19 10:00"), 8)
        await credit_jobs.withdraw_push(job)
        await credit_jobs.withdraw_push(job)
    row = await escalation(stores, "e4")
    assert (row.decision, row.withdrawn_at) == (WITHDRAWN, build.at("2026-09-19 10:00"))
    async with stores.sessions() as session:
        rows = list(await session.scalars(select(Push).where(Push.complaint_id == "e4").order_by(Push.created_at)))
    sent = [(push.kind, push.body["sequence"]) for push in rows]
    assert sent == [("typical_case", 1), ("typical_case_withdrawal", 2)]
    assert "投诉人" not in str(rows[1].body)
    async with stores.transaction() as session:
        instance = await session.get_one(Instance, "complaint:e4")
        complaint = await session.get_one(Complaint, "e4")
        again = build.job(
            session, stores, instance, complaint, build.at("2026-09-20 10:00"), 9, triggers=["g2_refusal"]
        )
        assert await credit_jobs.propose(again) == {"ask": True}


async def test_the_reference_receiver_tells_the_state_of_what_it_keeps_to_who_signs() -> None:
    ledger = Ledger()
    app = make_receiver(ledger, Guard(SECRET), Losses(), lambda: float(SECONDS))
    nonces = iter(f"nonce-{number}" for number in range(20))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://receiver") as client:
        port = HttpPlatform(
            "平台", "http://receiver/platforms/supervision", "jiannuo", SECRET, client, lambda: SECONDS,
            lambda: next(nonces),
        )  # fmt: skip
        key = "complaint:x:7:typical_case:supervision_platform"
        await port.send(Envelope(key, "typical_case", "NMG-2026-1", 1, None, "2026-09-18T10:00:00+08:00", {"a": 1}))
        assert await port.status(key) is None
        body = b'{"platform": "supervision", "key": "%s", "state": "assigned", "words": "x"}' % key.encode()
        headers = {
            "x-jiannuo-timestamp": str(SECONDS), "x-jiannuo-nonce": "own",
            "x-jiannuo-signature": sign(SECRET, SECONDS, "own", body),
        }  # fmt: skip
        assert (await client.post("/admin/status", content=body, headers=headers)).status_code == 200
        assert await port.status(key) == PlatformStatus("assigned", "x")
        assert (await client.get(f"/platforms/supervision/status/{key}")).status_code == 401
