"""Messages of other systems and by hand, on real servers: early, late, twice, in bursts, and several that start one."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.messages import receive
from api.services import Services
from bpmn import codec
from cases import message_acts
from cases.errors import Conflict
from cases.message_sending import Outside, Said, outcome, say
from cases.tables.messages import Published
from cases.tables.worklist import Subscription
from jiannuo.errors import JiannuoError
from jiannuo.messages_cli import app
from jiannuo.web import TemporalCases
from tests.shell.commands import commands
from tests.shell.shell import PACK, Shell
from tests.shell.test_messages import begun, heard, instances, listener, new_key, settled, sound, statuses, throw

# A burst takes long only because each message is a step of its own that is recorded before the next is sent.
LONG = [pytest.mark.nightly, pytest.mark.timeout(600)]
BURSTS = [pytest.param(5, 20, id="100"), pytest.param(20, 50, id="1000", marks=LONG)]


async def said(shell: Shell, key: str, text: str = "hello", message_id: str = "", **more: str) -> Said:
    async with shell.stores.sessions.begin() as session:
        given = Outside(PACK, more.pop("name", "news"), key, message_id=message_id or key, variables={"text": text})
        return await say(session, shell.stores.definitions, "system:portal", given, datetime.now(UTC))


async def now_of(shell: Shell, message: str) -> Said:
    async with shell.stores.sessions() as session:
        return await outcome(session, message)


async def catch_of(shell: Shell, case: str) -> int:
    (catch,) = await shell.rows(Subscription, case)
    return catch.key


async def got(shell: Shell, case: str) -> list[str]:
    state = codec.load_state(str((await shell.instance(case)).state))
    return list(next(iter(state.scopes.values())).variables["got"])  # type: ignore[arg-type]


async def test_early_late_and_twice_it_arrives_once(shell: Shell) -> None:
    early, late = new_key(), new_key()
    first = await said(shell, early)
    assert (first.outcome, first.new) == ("buffered", True)
    waits = await listener(shell, late)
    second = await said(shell, late)
    assert (second.outcome, second.instances) == ("under_way", (waits,))
    comes = await listener(shell, early)
    await settled(shell)
    for key, case, message in ((early, comes, first), (late, waits, second)):
        assert await heard(shell, case) == "hello"
        again = await said(shell, key)
        assert (again.id, again.outcome, again.instances, again.new) == (message.id, "taken", (case,), False)
        await sound(shell, case)
    other = await listener(shell, early)
    await settled(shell)
    assert await heard(shell, other) is None
    with pytest.raises(Conflict):
        await said(shell, early, "another")


async def test_a_message_from_outside_starts_a_process_once(shell: Shell) -> None:
    key = new_key()
    for _ in range(2):
        told = await said(shell, key, name="order")
        await settled(shell)
    (case,) = await instances(shell, "ordered", key)
    assert (told.outcome, told.instances) == ("started", (case,))
    assert await heard(shell, case) == "hello"
    await sound(shell, case)


class NoSheets:
    async def pdf(self, session: object, letter: object, body: object) -> None:
        return None


async def test_one_message_sent_several_times_at_once_is_taken_once_and_said_to_be(shell: Shell) -> None:
    key = new_key()
    waits, other = await listener(shell, key), await listener(shell, key)
    services = Services(
        shell.stores.sessions, shell.stores.vault, shell.stores.definitions, TemporalCases(shell.client, shell.stores),
        NoSheets(), lambda: datetime.now(UTC), PACK,
    )  # fmt: skip
    given = Outside(PACK, "news", key, message_id=key, variables={"text": "hello"})
    told = await asyncio.gather(*(receive(services, "system:portal", given) for _ in range(4)))
    assert {(one.id, one.instances) for one in told} == {(told[0].id, (waits,))}
    # Whoever asks while the execution is still being told learns that the message is on its way.
    assert {one.outcome for one in told} <= {"taken", "under_way"}
    await settled(shell)
    assert await heard(shell, waits) == "hello"
    assert await heard(shell, other) is None
    await sound(shell, waits)
    asked = await receive(services, "system:portal", given)
    assert (asked.outcome, asked.instances, asked.new) == ("taken", (waits,), False)


async def test_several_messages_start_one_process_together_in_either_order(shell: Shell) -> None:
    halves = ("half", "other half")
    for order in (halves, halves[::-1]):
        for at_once in (False, True):
            key = new_key()
            for name in order:
                await throw(shell, key, name, subject=name)
                if not at_once:
                    await settled(shell)
            await settled(shell)
            (case,) = await instances(shell, "gathered", key)
            await shell.quiet(case)
            await settled(shell)
            await shell.quiet(case)
            assert await shell.open_tasks(case) == ["gathered_task"], (order, at_once)
            await sound(shell, case)
    key = new_key()
    await throw(shell, key, subject="half")
    await settled(shell)
    (case,) = await instances(shell, "gathered", key)
    await shell.quiet(case)
    assert await shell.open_tasks(case) == []


@pytest.mark.parametrize(("cases", "each"), BURSTS)
async def test_a_burst_said_twice_arrives_in_order_and_once(shell: Shell, cases: int, each: int) -> None:
    keys = [new_key() for _ in range(cases)]
    waits = [await begun(shell, "collector", topic=key, got=[], wanted=each) for key in keys]
    now = datetime.now(UTC)
    async with shell.stores.sessions.begin() as session:
        for number in range(each * cases):
            index, turn = divmod(number, each)
            given = Outside(PACK, "news", keys[index], message_id=f"{number}", variables={"text": str(turn)})
            at = now + timedelta(microseconds=number)
            for _ in range(2):
                await say(session, shell.stores.definitions, f"system:{keys[0]}", given, at)
    async with asyncio.timeout(60 + each * cases / 2):
        await settled(shell)
    for case in waits:
        await shell.quiet(case)
        assert await got(shell, case) == [str(turn) for turn in range(each)]
        assert await shell.open_tasks(case) == ["collector_task"]
    await sound(shell, waits[0])


async def test_a_message_of_another_key_is_handed_over_and_a_dropped_one_reaches_nobody(shell: Shell) -> None:
    key, now = new_key(), datetime.now(UTC)
    case, thrower = await listener(shell, key), await throw(shell, new_key())
    (row,) = await shell.rows(Published, thrower)
    async with shell.stores.sessions.begin() as session:
        await message_acts.drop(session, row.id, "operator:test", "wrong key", now)
    await settled(shell)
    assert await statuses(shell, thrower) == ["dropped"]
    async with shell.stores.sessions.begin() as session:
        await message_acts.restore(session, row.id, "operator:test", "right after all", now)
        await message_acts.deliver(session, row.id, case, await catch_of(shell, case), "operator:test", "its key", now)
    await settled(shell)
    assert await heard(shell, case) == "hello"
    assert (await now_of(shell, row.id)).instances == (case,)
    await sound(shell, case)


async def test_the_command_sends_lists_and_drops(
    shell: Shell, postgres_dsn: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ask = commands(app, shell, postgres_dsn, monkeypatch, tmp_path)
    key = new_key()
    case = await listener(shell, key)
    waiting = json.loads(await ask("list", "--show", "waiting", "--key", key, "--json"))
    assert [row["instance_id"] for row in waiting] == [case]
    sent = ["send", "news", "--key", key, "--vars", '{"text": "by hand"}', "--reason", "the other side is down"]
    told = json.loads(await ask(*sent, "--json"))
    assert (told["outcome"], told["instances"]) == ("taken", [case])
    assert await heard(shell, case) == "by hand"
    kept = json.loads(await ask("send", "news", "--key", f"{key}-x", "--reason", "too early", "--json"))
    assert kept["outcome"] == "buffered"
    assert f"news [{key}-x] from operator:" in await ask("list", "--key", f"{key}-x")
    with pytest.raises(JiannuoError, match="请写明理由"):
        await ask("drop", kept["id"], "--reason", " ")
    assert await ask("drop", kept["id"], "--reason", "sent by mistake") == f"{kept['id']}: dropped\n"
    assert "Nothing of this kind." in await ask("list", "--key", f"{key}-x")
    assert "buffered" in await ask("restore", kept["id"], "--reason", "not by mistake")
