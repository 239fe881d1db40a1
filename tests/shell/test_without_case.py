"""Real executions without a case: begun by a message or by hand, their tasks answered by an operator until they end."""

import asyncio
import itertools
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from cases.begin_by_hand import begin_by_hand
from cases.definitions import deploy
from cases.errors import Conflict, Invalid, NotFound
from cases.instance_acts import TaskAnswer, open_task
from cases.message_sending import Outside, say
from cases.policy.files import find_files
from cases.policy.loader import load
from cases.queries.instances import InstanceFilter, InstanceRow, instances
from cases.reconcile import rebuild
from cases.tables.ledger import AuditEntry
from jiannuo.bpmn_cli import app
from jiannuo.bpmn_instances_cli import answer_task
from jiannuo.errors import JiannuoError
from jiannuo.incidents import OperationRefused
from jiannuo.relay import Relay
from tests.shell.commands import commands
from tests.shell.shell import PACK, Shell

_numbers = itertools.count(1)


async def begun_by_message(shell: Shell) -> str:
    number = next(_numbers)
    async with shell.stores.sessions.begin() as session:
        given = Outside(PACK, "order", f"order-{number}", message_id=f"m-{number}", variables={"n": 1})
        said = await say(session, shell.stores.definitions, "system:portal", given, datetime.now(UTC))
    return await running(shell, said.instances[0])


async def running(shell: Shell, id_: str) -> str:
    while await Relay(shell.stores, shell.client, shell.queue).once():
        pass
    await shell.quiet(id_)
    return id_


async def row_of(shell: Shell, id_: str) -> InstanceRow:
    async with shell.stores.sessions() as session:
        page = await instances(session, shell.stores.definitions, InstanceFilter("any"))
    return next(row for row in page.rows if row.id == id_)


async def answered(shell: Shell, id_: str, task: str) -> int:
    return await answer_task(shell.stores, shell.client, id_, task, TaskAnswer(variables='{"ok": true}'), "补办")


async def test_what_a_message_began_is_seen_its_task_is_done_once_and_it_ends(shell: Shell) -> None:
    id_ = await begun_by_message(shell)
    row = await row_of(shell, id_)
    assert (row.begun_by, row.process, row.status) == ("message", "由消息启动", "active")
    (wait,) = row.waits
    assert (wait.kind, wait.element, wait.since is not None) == ("task", "ordered_task", True)
    both = await asyncio.gather(
        answered(shell, id_, "ordered_task"), answered(shell, id_, str(wait.key)), return_exceptions=True
    )
    assert [one for one in both if isinstance(one, int)] == [2]
    assert next(type(one) for one in both if not isinstance(one, int)) in (OperationRefused, Conflict, NotFound)
    await shell.quiet(id_)
    assert (await row_of(shell, id_)).status == "completed"
    async with shell.stores.sessions() as session:
        assert (await rebuild(session, shell.stores.definitions, id_)).sound
        acts = select(AuditEntry.act).where(AuditEntry.facts["instance"].astext == id_)
        assert list(await session.scalars(acts)) == ["operate:TaskCompleted"]
        with pytest.raises(Conflict, match="已经结束"):
            await open_task(session, id_, wait.key)


async def begun(shell: Shell, process: str, token: str, key: str = "", variables: str = "{}") -> str:
    async with shell.stores.sessions.begin() as session:
        row = await begin_by_hand(
            session, shell.stores.definitions, PACK, process, key, variables, token, "operator:li", "补做",
            datetime.now(UTC),
        )  # fmt: skip
        return row.id


async def test_one_wish_begins_one_that_runs_to_its_end(shell: Shell) -> None:
    ids = [await begun(shell, "sender", "one", variables='{"subject": "x", "to": "y", "text": "z"}') for _ in range(2)]
    assert ids == ["sender:hand-one"] * 2
    await running(shell, ids[0])
    row = await row_of(shell, ids[0])
    assert (row.begun_by, [one.element for one in row.waits]) == ("hand", ["sender_task"])
    await answered(shell, ids[0], "sender_task")
    await shell.quiet(ids[0])
    assert (await row_of(shell, ids[0])).status == "completed"
    async with shell.stores.sessions() as session:
        kept = select(AuditEntry.act).where(AuditEntry.facts["instance"].astext == ids[0]).order_by(AuditEntry.number)
        assert list(await session.scalars(kept)) == ["operate:InstanceBegun", "operate:TaskCompleted"]


async def test_what_may_not_be_begun_by_hand_is_said(shell: Shell) -> None:
    async with shell.stores.sessions.begin() as session:
        await deploy(session, PACK, [find_files(load(PACK), "*.bpmn")["risk.bpmn"]], datetime.now(UTC))
    with pytest.raises(Conflict, match="只随案件启动"):
        await begun(shell, "risk", "a")
    with pytest.raises(NotFound, match="没有部署流程 nothing"):
        await begun(shell, "nothing", "a")
    with pytest.raises(Conflict, match="没有空启动事件"):
        await begun(shell, "ordered", "a")
    with pytest.raises(Invalid, match="JSON 对象"):
        await begun(shell, "listener", "a", variables="[]")
    await begun(shell, "listener", "a", key="one-key", variables='{"topic": "q"}')
    with pytest.raises(Conflict, match="正在运行"):
        await begun(shell, "listener", "b", key="one-key", variables='{"topic": "q"}')


async def test_the_command_begins_lists_and_completes(
    shell: Shell, postgres_dsn: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ask = commands(app, shell, postgres_dsn, monkeypatch, tmp_path)
    given = '{"subject": "x", "to": "y", "text": "z"}'
    begun = json.loads(await ask("start", "sender", "--key", "by-command", "--vars", given, "--reason", "补", "--json"))
    id_ = await running(shell, begun["id"])
    listed = await ask("instances", "--process", "sender")
    assert f"{id_}  发出消息  [by-command]  active" in listed
    assert "sender_task 已发出  since" in listed
    with pytest.raises(JiannuoError, match="没有进行中的任务“other”"):
        await ask("complete", id_, "other", "--reason", "补办")
    with pytest.raises(JiannuoError, match="JSON 对象"):
        await ask("complete", id_, "sender_task", "--vars", "ok", "--reason", "补办")
    with pytest.raises(JiannuoError, match="请写明理由"):
        await ask("complete", id_, "sender_task", "--reason", " ")
    assert "done, in step" in await ask("complete", id_, "sender_task", "--vars", '{"ok": true}', "--reason", "补办")
    await shell.quiet(id_)
    assert (await row_of(shell, id_)).status == "completed"
