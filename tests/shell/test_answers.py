"""What only the stores can tell comes with the answer of the record, already stored."""

import pytest

from bpmn import codec
from bpmn.events import DeadlineSet, DefinitionResolved
from cases import steps
from cases.reconcile import rebuild
from cases.tables.engine import LoggedStep
from jiannuo.reconcile_verdict import Verdict, verdict
from tests.shell.shell import Shell
from workflows.messages import Position


async def play(shell: Shell) -> str:
    case = await shell.begin()
    await shell.quiet(case)
    for element in ("first", "second", "third"):
        await shell.complete(case, element)
    assert (await shell.instance(case)).status == "completed"
    return case


async def test_a_callee_and_a_deadline_cost_no_activity_of_their_own(shell: Shell) -> None:
    case = await play(shell)
    events = [codec.load_event(row.event) for row in await shell.rows(LoggedStep, case)]
    answered = [event for event in events if isinstance(event, DeadlineSet | DefinitionResolved)]
    history = await shell.handle(case).fetch_history()
    names = [
        event.activity_task_scheduled_event_attributes.activity_type.name
        for event in history.events
        if event.HasField("activity_task_scheduled_event_attributes")
    ]
    assert set(names) == {"record", "test.work", "test.letter"}
    assert names.count("record") == len(events) - len(answered)


async def test_a_log_that_stops_before_all_is_answered_is_asked_again(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = await shell.story(await play(shell))
    answering = steps.Recorder.answer
    asked: list[str] = []

    async def every_other(self: steps.Recorder, at: str) -> steps.Applied | None:
        asked.append(at)
        return await answering(self, at) if len(asked) % 2 == 0 else None

    monkeypatch.setattr(steps.Recorder, "answer", every_other)
    case = await play(shell)
    assert [step[0] for step in await shell.story(case)] == [step[0] for step in usual]
    async with shell.stores.sessions() as session:
        assert (await rebuild(session, shell.stores.definitions, case)).sound


def test_an_execution_that_waits_for_its_records_answer_is_not_behind() -> None:
    position = Position(2, 1, "b", "", None, False, ["a", "b"])
    assert verdict({0: "", 1: "a", 2: "b", 3: "c"}, position, {3}) is Verdict.SAME
    assert verdict({0: "", 1: "a", 2: "b", 3: "c"}, position) is Verdict.TEMPORAL_BEHIND
    assert verdict({0: "", 1: "a", 2: "b", 3: "c", 4: "d"}, position, {4}) is Verdict.TEMPORAL_BEHIND
