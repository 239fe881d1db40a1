"""What was never taken is seen as expired; what is settled goes after its time, what is open never."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from cases.message_retention import sweep
from cases.projection import said
from cases.queries.message_figures import figures
from cases.tables.engine import Instance
from cases.tables.letters import Notice
from cases.tables.messages import Delivery, Published
from cases.tables.organisations import Account, Membership, Organisation, Region
from jiannuo.message_upkeep import MessageUpkeep
from tests.shell.shell import Shell
from tests.shell.test_messages import begun, heard, listener, new_key, settled, statuses, throw

KEPT = timedelta(days=90)


async def swept(shell: Shell, later: timedelta) -> int:
    return await MessageUpkeep(shell.stores, KEPT, timedelta(hours=1)).once(datetime.now(UTC) + later)


async def test_settled_messages_go_after_their_time_with_their_deliveries(shell: Shell) -> None:
    key = new_key()
    case, thrower = await listener(shell, key), await throw(shell, key)
    starter, unwanted = await throw(shell, new_key(), subject="order"), await throw(shell, new_key())
    await settled(shell)
    await settled(shell, datetime.now(UTC) + said.BUFFER + timedelta(hours=1))
    throwers = (thrower, starter, unwanted)
    assert [await statuses(shell, one) for one in throwers] == [["delivered"], ["started"], ["expired"]]
    assert await heard(shell, case) == "hello"
    await swept(shell, KEPT - timedelta(days=1))
    assert [len(await statuses(shell, one)) for one in throwers] == [1, 1, 1]
    assert await swept(shell, KEPT + timedelta(days=2)) >= 3
    assert [await statuses(shell, one) for one in throwers] == [[], [], []]
    assert await shell.rows(Delivery, case) == []
    assert await swept(shell, KEPT + timedelta(days=2)) == 0


async def test_what_waits_or_is_still_on_its_way_is_kept_however_old(shell: Shell) -> None:
    key = new_key()
    lost, waiting = await listener(shell, key), await throw(shell, new_key())
    deaf = await begun(shell, "hearer")
    for one in (lost, deaf):
        await shell.handle(one).terminate("lost")
    thrower, ringer = await throw(shell, key), await begun(shell, "ringer", text="ding")
    await settled(shell)
    assert await statuses(shell, ringer) == ["started"]
    await swept(shell, KEPT * 4)
    assert await statuses(shell, waiting) == ["buffered"]
    assert await statuses(shell, thrower) == ["sent"]
    # The signal itself is settled; an execution that was lost may still owe its answer to it.
    assert await statuses(shell, ringer) == ["started"]
    assert [row.status for row in await shell.rows(Delivery, deaf)] == ["open"]
    async with shell.stores.sessions.begin() as session:
        await session.execute(update(Instance).where(Instance.id.in_((lost, deaf))).values(status="cancelled"))
    await settled(shell)
    assert [row.status for row in await shell.rows(Delivery, deaf)] == ["refused"]


async def test_a_batch_removes_the_oldest_and_no_more_than_asked_for(shell: Shell) -> None:
    throwers = [await throw(shell, new_key()) for _ in range(3)]
    now = datetime.now(UTC)
    async with shell.stores.sessions.begin() as session:
        for days, thrower in enumerate(throwers, start=400):
            gone = {"status": "expired", "settled_at": now - timedelta(days=days)}
            await session.execute(update(Published).where(Published.instance_id == thrower).values(gone))
        assert await sweep(session, now - KEPT, 2) == 2
    assert [await statuses(shell, one) for one in throwers] == [["expired"], [], []]


async def test_the_figures_tell_what_waits_what_is_on_its_way_and_what_expired(shell: Shell) -> None:
    async with shell.stores.sessions() as session:
        before = await figures(session, datetime.now(UTC))
    key = new_key()
    lost = await listener(shell, key)
    await shell.handle(lost).terminate("lost")
    await throw(shell, key)
    await throw(shell, new_key())
    gone = await throw(shell, new_key())
    await settled(shell)
    now = datetime.now(UTC)
    async with shell.stores.sessions.begin() as session:
        await session.execute(
            update(Published).where(Published.instance_id == gone).values(expires_at=now - timedelta(hours=1))
        )
    await settled(shell)
    async with shell.stores.sessions() as session:
        after = await figures(session, now + timedelta(hours=2))
    rise = (after.buffered - before.buffered, after.under_way - before.under_way, after.expired - before.expired)
    assert rise == (1, 1, 1)
    assert after.overdue(timedelta(hours=1))
    assert not after.overdue(timedelta(days=900))
    (delivery,) = await shell.rows(Delivery, lost)
    assert delivery.tries >= 1


async def test_administrators_are_told_once_a_day_of_what_is_not_delivered(shell: Shell) -> None:
    async with shell.stores.sessions.begin() as session:
        session.add(Region(code="150000", name="自治区", level="REGION"))
        await session.flush()
        unit = Organisation(
            uscc="11159721FAKE00048X", name="某旗", org_type="机关", region_code="150000", functions=[]
        )
        accounts = [
            Account(login=name, display_name=name, password_hash="", email=f"{name}@example.cn")
            for name in ("admin", "other")
        ]
        session.add_all([unit, *accounts])
        await session.flush()
        for account, role in zip(accounts, ("administrator", "supervisor"), strict=True):
            session.add(Membership(account_id=account.id, uscc=unit.uscc, role=role))
        fresh = update(Published).where(Published.status == "buffered").values(thrown_at=datetime.now(UTC))
        await session.execute(fresh)
    upkeep = MessageUpkeep(shell.stores, KEPT, timedelta(days=30))
    await throw(shell, new_key())
    now = datetime.now(UTC)
    assert await upkeep.remind(now) == 0
    for _ in range(2):
        assert await upkeep.remind(now + timedelta(days=31)) == 1
    assert await upkeep.remind(now + timedelta(days=32)) == 1
    async with shell.stores.sessions() as session:
        rows = (await session.scalars(select(Notice).where(Notice.kind == "messages_overdue"))).all()
    assert {row.account_id for row in rows} == {accounts[0].id}
    assert sorted(row.channel for row in rows) == ["inbox", "inbox", "mail", "mail"]
    assert "最久的已等待" in rows[0].body
