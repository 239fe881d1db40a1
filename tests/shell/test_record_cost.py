"""What a record costs PostgreSQL, and that a worker which remembers states is not misled by another one."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event, text

from bpmn import codec
from bpmn.events import Event, GraphRef, InstanceStarted
from cases.reconcile import rebuild
from cases.recorder import Applied
from cases.steps import StateCache, record
from cases.tables.engine import LoggedStep
from cases.tables.worklist import Submission
from tests.shell.shell import Shell

KIND = re.compile(r"(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\b(?: (\w+))?")


@contextmanager
def statements(shell: Shell) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        verb, table = KIND.match(statement).groups()  # type: ignore[union-attr]
        seen.append(f"{verb} {table}" if verb not in ("SELECT", "WITH") else verb)

    engine = shell.stores.sessions.kw["bind"].sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def log(shell: Shell, cache: StateCache, case: str, *events: Event) -> None:
    row = await shell.instance(case)
    steps = [
        Applied(row.last_step + number, codec.dump_event(one), datetime.now(UTC).isoformat(), None)
        for number, one in enumerate(events, 1)
    ]
    async with shell.stores.transaction() as session:
        await record(session, shell.stores.definitions, cache, case, steps, steps[-1].number)


async def begun(shell: Shell, cache: StateCache) -> str:
    case = await shell.row()
    row = await shell.instance(case)
    start = InstanceStarted(
        GraphRef(row.graph_hash, row.process_id), row.business_key, codec.load_variables(row.variables)
    )
    await log(shell, cache, case, start)
    return case


async def test_an_act_writes_each_row_once(bare_shell: Shell) -> None:
    cache = StateCache()
    case = await begun(bare_shell, cache)
    done = await bare_shell.completion(case, "first")
    row = await bare_shell.instance(case)
    steps = [Applied(row.last_step + 1, codec.dump_event(done), datetime.now(UTC).isoformat(), None)]
    async with bare_shell.stores.transaction() as session:
        with statements(bare_shell) as seen:
            await record(session, bare_shell.stores.definitions, cache, case, steps, steps[-1].number)
    # The locked row, the task, the step, the row's new state, the position of its case.
    assert sorted(seen) == ["INSERT INTO step", "SELECT", "UPDATE instance", "UPDATE task", "WITH"]


async def test_what_names_the_execution_is_written_while_its_step_is_recorded(bare_shell: Shell) -> None:
    """Else who has the turn at the audit log waits for this row, and the record waits for the turn: a deadlock."""
    cache = StateCache()
    case = await begun(bare_shell, cache)
    now = datetime.now(UTC)
    steps = [Applied(2, codec.dump_event(await bare_shell.note(case, "a")), now.isoformat(), None)]
    sessions = bare_shell.stores.sessions
    async with sessions.begin() as recording, sessions.begin() as beside:
        await record(recording, bare_shell.stores.definitions, cache, case, steps, 2)
        await beside.execute(text("SET LOCAL lock_timeout = '2s'"))
        beside.add(
            Submission(
                id="beside", instance_id=case, act="note", role="verifying_dept", form={}, event="{}", occurred_at=now,
                recorded_at=now, status="pending",
            )
        )  # fmt: skip
        await beside.flush()


async def test_two_workers_that_record_by_turns_each_go_on_from_what_the_other_wrote(bare_shell: Shell) -> None:
    mine, theirs = StateCache(), StateCache()
    case = await begun(bare_shell, mine)
    for cache, message_id in ((theirs, "a"), (mine, "b"), (mine, "c"), (theirs, "d"), (mine, "e")):
        await log(bare_shell, cache, case, await bare_shell.note(case, message_id))
    await log(bare_shell, theirs, case, await bare_shell.completion(case, "first"))
    async with bare_shell.stores.sessions() as session:
        rebuilt = await rebuild(session, bare_shell.stores.definitions, case)
    assert rebuilt.sound
    assert rebuilt.last_step == len(await bare_shell.rows(LoggedStep, case)) == 7


async def test_a_state_of_a_record_that_was_undone_is_not_gone_on_from(bare_shell: Shell) -> None:
    cache = StateCache()
    case = await begun(bare_shell, cache)
    done = await bare_shell.completion(case, "first")
    steps = [Applied(2, codec.dump_event(done), datetime.now(UTC).isoformat(), None)]
    async with bare_shell.stores.sessions() as session:
        await record(session, bare_shell.stores.definitions, cache, case, steps, 2)
        await session.rollback()
    assert await bare_shell.open_tasks(case) == ["first"]
    await log(bare_shell, cache, case, done)
    async with bare_shell.stores.sessions() as session:
        assert (await rebuild(session, bare_shell.stores.definitions, case)).sound
