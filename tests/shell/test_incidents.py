"""An operator sees what stands still and has it tried again; the reason stays in the audit log."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bpmn.events import IncidentRetried, VariablesEdited
from cases import audit
from cases.tables.ledger import AuditEntry
from jiannuo.incidents import OperationRefused, open_incidents, operate
from tests.shell.shell import Shell

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


async def test_what_stands_still_is_listed_retried_and_accounted_for(shell: Shell) -> None:
    case = await shell.row()
    shell.script.work[case] = ["fail", "fail"]
    await shell.start(case)
    await shell.quiet(case)
    await shell.complete(case, "first")
    (stuck,) = [s for s in await open_incidents(shell.stores) if s.instance_id == case]
    assert (stuck.element, stuck.rule, stuck.case_no) == ("work", "job-failed", None)

    step = await operate(shell.stores, shell.client, case, IncidentRetried(stuck.key), "operator:li", "平台已恢复", NOW)
    await shell.quiet(case)
    assert not [s for s in await open_incidents(shell.stores) if s.instance_id == case]
    async with shell.stores.sessions() as session:
        entry = await session.scalar(select(AuditEntry).where(AuditEntry.act == "operate:IncidentRetried"))
        assert entry is not None
        assert (entry.actor, entry.facts) == ("operator:li", {"reason": "平台已恢复", "step": step})
        assert await audit.broken_at(session) is None


async def test_an_impossible_act_is_refused_with_a_sentence(shell: Shell) -> None:
    case = await shell.begin()
    await shell.quiet(case)
    with pytest.raises(OperationRefused, match="refused"):
        await operate(shell.stores, shell.client, case, IncidentRetried(999), "operator:li", "试", NOW)
    with pytest.raises(OperationRefused, match="no running execution"):
        await operate(shell.stores, shell.client, "three:none", VariablesEdited(1, {}), "operator:li", "试", NOW)
