"""An operator sees what stands still and has it tried again; the reason stays in the audit log."""

import pytest
from sqlalchemy import select

from bpmn.events import IncidentRetried, TokenMoved, VariablesEdited
from cases import audit
from cases.errors import Conflict
from cases.reconcile import rebuild
from cases.tables.engine import StageEntry
from cases.tables.ledger import AuditEntry
from jiannuo.incidents import OperationRefused, open_incidents, operate, undo
from tests.shell.shell import Shell


async def test_what_stands_still_is_listed_retried_and_accounted_for(shell: Shell) -> None:
    case = await shell.row()
    shell.script.work[case] = ["fail", "fail"]
    await shell.start(case)
    await shell.quiet(case)
    await shell.complete(case, "first")
    (stuck,) = [s for s in await open_incidents(shell.stores) if s.instance_id == case]
    assert (stuck.element, stuck.rule, stuck.case_no) == ("work", "job-failed", None)

    step = await operate(shell.stores, shell.client, case, IncidentRetried(stuck.key), "operator:li", "平台已恢复")
    await shell.quiet(case)
    assert not [s for s in await open_incidents(shell.stores) if s.instance_id == case]
    async with shell.stores.sessions() as session:
        entry = await session.scalar(select(AuditEntry).where(AuditEntry.act == "operate:IncidentRetried"))
        assert entry is not None
        assert (entry.actor, entry.facts["reason"], entry.facts["step"]) == ("operator:li", "平台已恢复", step)
        assert await audit.broken_at(session) is None


async def test_an_impossible_act_is_refused_with_a_sentence(shell: Shell) -> None:
    case = await shell.begin()
    await shell.quiet(case)
    with pytest.raises(OperationRefused, match="refused"):
        await operate(shell.stores, shell.client, case, IncidentRetried(999), "operator:li", "试")
    with pytest.raises(OperationRefused, match="no running execution"):
        await operate(shell.stores, shell.client, "three:none", VariablesEdited(1, {}), "operator:li", "试")


async def test_an_act_is_undone_until_the_next_step(shell: Shell) -> None:
    case = await shell.row()
    shell.script.work[case] = ["fail", "fail"]
    await shell.start(case)
    await shell.quiet(case)
    await shell.complete(case, "first")
    (stuck,) = [s for s in await open_incidents(shell.stores) if s.instance_id == case]
    await operate(shell.stores, shell.client, case, TokenMoved(stuck.token, "third"), "operator:li", "先办后项")
    assert await shell.open_tasks(case) == ["third"]
    stages = [row.stage for row in await shell.rows(StageEntry, case)]
    assert stages == ["one", "three"]

    await undo(shell.stores, shell.client, case, "operator:li", "点错了")
    assert await shell.open_tasks(case) == []
    (again,) = [s for s in await open_incidents(shell.stores) if s.instance_id == case]
    assert (again.element, again.name, again.rule) == ("work", "系统处理", "job-failed")
    assert [row.stage for row in await shell.rows(StageEntry, case)] == ["one", "three", "one"]
    async with shell.stores.sessions() as session:
        assert (await rebuild(session, shell.stores.definitions, case)).sound
    with pytest.raises(Conflict, match="没有可以撤销"):
        await undo(shell.stores, shell.client, case, "operator:li", "再撤销")

    await operate(shell.stores, shell.client, case, TokenMoved(again.token, "third"), "operator:li", "先办后项")
    await shell.send(case, await shell.note(case, "n1"))
    with pytest.raises(Conflict, match="没有可以撤销"):
        await undo(shell.stores, shell.client, case, "operator:li", "太晚")


async def test_what_reached_the_outside_is_not_undone(shell: Shell) -> None:
    case = await shell.row()
    shell.script.work[case] = ["fail", "fail"]
    await shell.start(case)
    await shell.quiet(case)
    await shell.complete(case, "first")
    (stuck,) = [s for s in await open_incidents(shell.stores) if s.instance_id == case]
    await operate(shell.stores, shell.client, case, VariablesEdited(1, {"corrected": True}), "operator:li", "更正")
    await undo(shell.stores, shell.client, case, "operator:li", "撤回更正")
    assert "corrected" not in (await shell.instance(case)).state  # type: ignore[operator]
    await operate(shell.stores, shell.client, case, TokenMoved(stuck.token, "limited"), "operator:li", "转限期办理")
    with pytest.raises((OperationRefused, Conflict)):
        await undo(shell.stores, shell.client, case, "operator:li", "期限已经起算")
