"""What one execution says to another: messages by name and key, signals to all, and what both begin."""

import asyncio
import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from activities.stores import Stores
from bpmn import codec
from bpmn.commands import PublishMessage
from cases import correlation
from cases import message_deliveries as deliveries
from cases.projection import said
from cases.projection.context import Projecting
from cases.reconcile import rebuild
from cases.tables.engine import Instance, LoggedStep
from cases.tables.ledger import Outbox
from cases.tables.messages import Delivery, Published
from jiannuo.correlator import Correlator
from jiannuo.reconcile import Reconciler
from jiannuo.relay import Relay
from tests.shell.shell import Shell
from workflows import client as calls
from workflows import messages

_keys = itertools.count(1)


def new_key() -> str:
    return f"key-{next(_keys)}"


async def settled(shell: Shell, now: datetime | None = None) -> None:
    """Rounds of both jobs until there is nothing left to do."""
    correlator, relay = Correlator(shell.stores, shell.client), Relay(shell.stores, shell.client, shell.queue)
    while await correlator.once(now or datetime.now(UTC)) or await relay.once():
        pass


async def begun(shell: Shell, process: str, *, each_step: bool = False, **variables: Any) -> str:
    case = await shell.begin(process, each_step=each_step, **variables)
    await shell.quiet(case)
    return case


async def throw(
    shell: Shell, key: str, text: str = "hello", subject: str = "news", life: str | None = None
) -> str:
    return await begun(shell, "sender", subject=subject, to=key, text=text, life=life)


async def listener(shell: Shell, key: str, *, each_step: bool = False) -> str:
    return await begun(shell, "listener", each_step=each_step, topic=key)


async def heard(shell: Shell, case: str) -> str | None:
    """What reached the case; None while it waits."""
    await shell.quiet(case)
    variables = next(iter(codec.load_state(str((await shell.instance(case)).state)).scopes.values())).variables
    return str(variables["text"]) if any(task.endswith("_task") for task in await shell.open_tasks(case)) else None


async def statuses(shell: Shell, thrower: str) -> list[str]:
    return [row.status for row in await shell.rows(Published, thrower)]


async def instances(shell: Shell, process: str, key: str) -> list[str]:
    async with shell.stores.sessions() as session:
        wanted = select(Instance.id).where(Instance.process_id == process, Instance.business_key == key)
        return list(await session.scalars(wanted))


async def sound(shell: Shell, case: str) -> None:
    async with shell.stores.sessions() as session:
        rebuilt = await rebuild(session, shell.stores.definitions, case)
    assert rebuilt.sound, (rebuilt.broken_at, rebuilt.differences)


async def test_a_message_thrown_before_anybody_waits_is_kept_and_then_delivered(shell: Shell) -> None:
    key = new_key()
    thrower = await throw(shell, key)
    await settled(shell)
    assert await statuses(shell, thrower) == ["buffered"]
    case = await listener(shell, key)
    await settled(shell)
    assert await heard(shell, case) == "hello"
    assert await statuses(shell, thrower) == ["delivered"]
    await sound(shell, case)
    await sound(shell, thrower)


async def test_a_waiting_catch_gets_the_message_that_is_thrown_later(shell: Shell) -> None:
    for each_step in (False, True):
        key = new_key()
        case = await listener(shell, key, each_step=each_step)
        await settled(shell)
        assert await heard(shell, case) is None
        await throw(shell, key)
        await settled(shell)
        assert await heard(shell, case) == "hello"


async def test_of_two_catches_the_older_gets_the_message(shell: Shell) -> None:
    key = new_key()
    first, second = await listener(shell, key), await listener(shell, key)
    await throw(shell, key, "one")
    await settled(shell)
    assert (await heard(shell, first), await heard(shell, second)) == ("one", None)
    await throw(shell, key, "two")
    await settled(shell)
    assert await heard(shell, second) == "two"


async def test_two_messages_for_one_catch_keep_their_order_and_the_second_waits(shell: Shell) -> None:
    key = new_key()
    throwers = [await throw(shell, key, "one"), await throw(shell, key, "two")]
    case = await listener(shell, key)
    await settled(shell)
    assert await heard(shell, case) == "one"
    assert [await statuses(shell, thrower) for thrower in throwers] == [["delivered"], ["buffered"]]


async def test_another_key_another_name_and_an_act_of_a_person_are_never_met(shell: Shell) -> None:
    key = new_key()
    case, person = await listener(shell, key), await begun(shell, "three")
    other_key, other_name = await throw(shell, new_key()), await throw(shell, key, subject="olds")
    act = await throw(shell, (await shell.instance(person)).business_key, subject="note")
    await settled(shell)
    assert await heard(shell, case) is None
    for thrower in (other_key, other_name, act):
        assert await statuses(shell, thrower) == ["buffered"]
        assert not await told_of(shell.stores, thrower)


async def told_of(stores: Stores, thrower: str) -> list[str]:
    async with stores.sessions() as session:
        wanted = select(Delivery.instance_id).join(Published).where(Published.instance_id == thrower)
        return sorted(await session.scalars(wanted))


async def test_a_message_that_nobody_wants_expires_after_the_buffer_time(shell: Shell) -> None:
    key = new_key()
    thrower = await throw(shell, key)
    await settled(shell, datetime.now(UTC) + said.BUFFER - timedelta(minutes=5))
    assert await statuses(shell, thrower) == ["buffered"]
    await settled(shell, datetime.now(UTC) + said.BUFFER + timedelta(minutes=5))
    assert await statuses(shell, thrower) == ["expired"]
    case = await listener(shell, key)
    await settled(shell)
    assert await heard(shell, case) is None


async def test_a_message_waits_as_long_as_its_throw_says(shell: Shell) -> None:
    short, long = await throw(shell, new_key(), life="PT2H"), await throw(shell, new_key(), life="P3D")
    for hours, expected in ((1, ("buffered", "buffered")), (3, ("expired", "buffered")), (73, ("expired", "expired"))):
        await settled(shell, datetime.now(UTC) + timedelta(hours=hours))
        assert (*await statuses(shell, short), *await statuses(shell, long)) == expected
    await sound(shell, short)


async def test_days_without_the_job_take_nothing_from_a_catch_that_waited(shell: Shell) -> None:
    key = new_key()
    case = await listener(shell, key)
    await throw(shell, key)
    await settled(shell, datetime.now(UTC) + timedelta(days=9))
    assert await heard(shell, case) == "hello"


async def told_and_killed(shell: Shell) -> deliveries.UnderWay:
    """A round that dies after the execution was told and before that is noted."""
    async with shell.stores.sessions.begin() as session:
        await correlation.correlate(session, shell.stores.definitions, datetime.now(UTC))
        (row,) = await deliveries.under_way(session, 10)
    told = await calls.submit(shell.client, row.instance_id, messages.Submit(row.id, row.event, "process"))
    assert isinstance(told, calls.Accepted)
    return row


async def test_a_job_killed_before_it_notes_a_delivery_delivers_once(shell: Shell) -> None:
    for ended in (False, True):
        key = new_key()
        case, other = await listener(shell, key), await listener(shell, key)
        thrower = await throw(shell, key)
        row = await told_and_killed(shell)
        assert await heard(shell, case) == "hello"
        if ended:
            await shell.complete(case, "listener_task")
        await settled(shell)
        assert await statuses(shell, thrower) == ["delivered"]
        assert await heard(shell, other) is None
        told = [step.submission_id for step in await shell.rows(LoggedStep, case)]
        assert told.count(row.id) == 1


async def test_two_jobs_at_once_deliver_and_start_once(shell: Shell) -> None:
    key, started = new_key(), new_key()
    case, other = await listener(shell, key), await listener(shell, key)
    throwers = [await throw(shell, key), await throw(shell, started, subject="order")]
    now = datetime.now(UTC)
    await asyncio.gather(*(Correlator(shell.stores, shell.client).once(now) for _ in range(4)))
    await settled(shell)
    assert (await heard(shell, case), await heard(shell, other)) == ("hello", None)
    assert [await statuses(shell, thrower) for thrower in throwers] == [["delivered"], ["started"]]
    assert len(await instances(shell, "ordered", started)) == 1


async def test_an_execution_that_is_lost_is_asked_again_and_holds_up_nobody(shell: Shell) -> None:
    key, next_key = new_key(), new_key()
    lost, case = await listener(shell, key), await listener(shell, next_key)
    await shell.handle(lost).terminate("lost")
    throwers = [await throw(shell, key), await throw(shell, next_key)]
    await settled(shell)
    assert await heard(shell, case) == "hello"
    assert await statuses(shell, throwers[0]) == ["sent"]
    found = await Reconciler(shell.stores, shell.client, shell.queue).one(lost)
    assert found is not None
    await shell.quiet(lost)
    await settled(shell)
    assert await heard(shell, lost) == "hello"
    assert await statuses(shell, throwers[0]) == ["delivered"]


async def test_a_catch_that_closed_meanwhile_gives_the_message_to_the_next(shell: Shell) -> None:
    key = new_key()
    first, second = await listener(shell, key), await listener(shell, key)
    thrower = await throw(shell, key)
    async with shell.stores.sessions.begin() as session:
        await correlation.correlate(session, shell.stores.definitions, datetime.now(UTC))
        (row,) = await deliveries.under_way(session, 10)
    assert row.instance_id == first
    closing = codec.load_event(row.event)
    await shell.send(first, closing)
    await settled(shell)
    assert await heard(shell, second) == "hello"
    assert await statuses(shell, thrower) == ["delivered"]


async def test_a_message_starts_a_process_once_however_often_it_is_recorded(shell: Shell) -> None:
    key = new_key()
    thrower = await throw(shell, key, subject="order")
    await settled(shell)
    (case,) = await instances(shell, "ordered", key)
    assert await heard(shell, case) == "hello"
    await sound(shell, case)
    assert await statuses(shell, thrower) == ["started"]
    (row,) = await shell.rows(Published, thrower)
    async with shell.stores.sessions.begin() as session:
        # As after a restore: the database has forgotten, the execution's history brings the step again.
        await session.execute(delete(Published).where(Published.id == row.id))
        for _ in range(2):
            instance = await session.get_one(Instance, thrower)
            again = Projecting(session, instance, {}, row.step, row.thrown_at)
            await said.publish(again, PublishMessage(row.name, row.correlation_key, {"text": "hello"}))
    await settled(shell)
    assert await instances(shell, "ordered", key) == [case]
    async with shell.stores.sessions() as session:
        assert len(list(await session.scalars(select(Outbox).where(Outbox.ref == case)))) == 1


async def test_while_a_process_of_that_key_runs_another_start_waits(shell: Shell) -> None:
    key = new_key()
    await throw(shell, key, subject="order")
    await settled(shell)
    (first,) = await instances(shell, "ordered", key)
    second = await throw(shell, key, subject="order")
    await settled(shell)
    assert await statuses(shell, second) == ["buffered"]
    await shell.quiet(first)
    await shell.complete(first, "ordered_task")
    await settled(shell)
    assert await statuses(shell, second) == ["started"]
    assert len(await instances(shell, "ordered", key)) == 2


async def test_a_signal_reaches_all_that_waited_as_it_was_thrown_and_starts_a_process(shell: Shell) -> None:
    plain, renewed = await begun(shell, "hearer"), await begun(shell, "hearer", each_step=True)
    await sound(shell, plain)
    thrower = await begun(shell, "ringer", text="ding")
    late = await begun(shell, "hearer")
    await settled(shell)
    assert [await heard(shell, case) for case in (plain, renewed, late)] == ["ding", "ding", None]
    assert await told_of(shell.stores, thrower) == sorted((plain, renewed))
    (row,) = await shell.rows(Published, thrower)
    (case,) = await instances(shell, "rung", row.id)
    assert await heard(shell, case) == "ding"
    for one in (plain, late, thrower, case):
        await sound(shell, one)
