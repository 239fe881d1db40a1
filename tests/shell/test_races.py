"""Several acts, or an act and a timer, at the same moment: one wins, and the others are told so."""

import asyncio
from datetime import timedelta

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.update.v1 import UpdateRef
from temporalio.api.workflowservice.v1 import PollWorkflowExecutionUpdateRequest
from temporalio.service import RPCError, RPCStatusCode

from bpmn.events import TaskCompleted
from cases.tables.engine import LoggedStep
from cases.tables.worklist import Task
from tests.shell.shell import Shell
from workflows.client import Accepted, Refused

LATER = timedelta(hours=50)


async def waiting_at_first(shell: Shell) -> tuple[str, TaskCompleted]:
    """A case at its first task, and the completion of that; no worker runs afterwards."""
    case = await shell.begin()
    async with shell.worker():
        await shell.quiet(case)
        event = await shell.completion(case, "first")
    assert isinstance(event, TaskCompleted)
    return case, event


async def until_in_history(shell: Shell, case: str, kind: "EventType.ValueType", count: int = 1) -> None:
    async with asyncio.timeout(20):
        while True:
            history = await shell.handle(case).fetch_history()
            if sum(event.event_type == kind for event in history.events) >= count:
                return
            await asyncio.sleep(0.05)


async def until_admitted(shell: Shell, case: str, update_id: str) -> None:
    """The server has the Update. No history says so before a worker has accepted it."""
    asked = PollWorkflowExecutionUpdateRequest(
        namespace=shell.client.namespace,
        update_ref=UpdateRef(workflow_execution=WorkflowExecution(workflow_id=case), update_id=update_id),
    )
    async with asyncio.timeout(20):
        while True:
            try:
                await shell.client.workflow_service.poll_workflow_execution_update(asked)
                return
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
            await asyncio.sleep(0.05)


async def test_of_three_simultaneous_completions_one_wins_and_two_get_a_sentence(bare_shell: Shell) -> None:
    case, event = await waiting_at_first(bare_shell)
    sending = [asyncio.create_task(bare_shell.send(case, event)) for _ in range(3)]
    async with bare_shell.worker():
        outcomes = await asyncio.gather(*sending)
        await bare_shell.quiet(case)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Accepted", "Refused", "Refused"]
    assert all(outcome.sentence for outcome in outcomes if isinstance(outcome, Refused))
    completions = [name for name, _ in await bare_shell.story(case) if name == "TaskCompleted"]
    assert len(completions) == 1


async def test_a_completion_that_meets_its_timer_in_one_task_wins(bare_shell: Shell) -> None:
    case, event = await waiting_at_first(bare_shell)
    assert bare_shell.environment is not None
    skipping = bare_shell.environment.client.get_workflow_handle(case)
    moving = asyncio.create_task(bare_shell.environment.fast_forward(skipping, LATER))
    await until_in_history(bare_shell, case, EventType.EVENT_TYPE_TIMER_FIRED)
    sending = asyncio.create_task(bare_shell.send(case, event, "meets-the-timer"))
    await until_admitted(bare_shell, case, "meets-the-timer")
    async with bare_shell.worker():
        await moving
        assert isinstance(await sending, Accepted)
        await bare_shell.quiet(case)
    assert "TimerFired" not in [name for name, _ in await bare_shell.story(case)]
    assert await bare_shell.open_tasks(case) == ["second"]


async def test_a_second_completion_gets_a_sentence(bare_shell: Shell) -> None:
    case, event = await waiting_at_first(bare_shell)
    # A second open end, so that the execution lives on after the timer.
    async with bare_shell.worker():
        await bare_shell.complete(case, "first")
        outcome = await bare_shell.send(case, event)
    assert isinstance(outcome, Refused)
    assert outcome.rule == "task-closed"
    (first, *_) = await bare_shell.rows(Task, case)
    assert first.status == "completed"


async def test_one_submission_told_twice_is_one_step(bare_shell: Shell) -> None:
    """An open act stays open after it was done once, so only the submission's id tells a resend from a second act."""
    for each_step in (False, True):
        case = await bare_shell.begin(each_step=each_step)
        async with bare_shell.worker():
            await bare_shell.quiet(case)
            note = await bare_shell.note(case, "n1")
            outcomes = [await bare_shell.send(case, note, f"submission-{case}") for _ in range(3)]
            assert len(set(outcomes)) == 1
            assert isinstance(outcomes[0], Accepted)
            assert await bare_shell.send(case, note, f"another-{case}") != outcomes[0]
        steps = await bare_shell.rows(LoggedStep, case)
        assert [step.submission_id for step in steps if step.submission_id] == [f"submission-{case}", f"another-{case}"]


async def fired(shell: Shell, case: str) -> bool:
    history = await shell.handle(case).fetch_history()
    return any(event.event_type == EventType.EVENT_TYPE_TIMER_FIRED for event in history.events)


async def waiting_for_a_job(shell: Shell) -> str:
    """A case whose job is under way and whose timer has not fired when the worker stops, however slow the machine."""
    for seconds in (3, 6, 12, 24):
        case = await shell.row("contest", patience=f"PT{seconds}S")
        shell.script.work[case] = ["later"]
        async with shell.worker():
            await shell.start(case)
            async with asyncio.timeout(20):
                while case not in shell.script.tokens:  # noqa: ASYNC110  the worker's own thread fills it
                    await asyncio.sleep(0.02)
        if not await fired(shell, case):
            return case
    raise AssertionError("The worker took longer than every timer.")


async def in_one_task(shell: Shell, *order: str) -> list[str]:
    """What is open when a job's answer and its timer lie in one workflow task, in this order."""
    case = await waiting_for_a_job(shell)
    # Seconds of real time: the server skips none while a task waits for a worker.
    for what in order:
        if what == "answer":
            await shell.answer(case)
            # The record's and this one.
            await until_in_history(shell, case, EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED, 2)
        else:
            await until_in_history(shell, case, EventType.EVENT_TYPE_TIMER_FIRED)
    async with shell.worker():
        await shell.quiet(case)
    return await shell.open_tasks(case)


async def test_a_job_that_is_done_before_its_timer_in_one_task_wins(bare_shell: Shell) -> None:
    assert await in_one_task(bare_shell, "answer", "timer") == ["done"]


async def test_a_job_that_is_done_after_its_timer_but_in_one_task_with_it_wins_too(bare_shell: Shell) -> None:
    """Work that was done counts, like an act: nobody had looked at the timer yet. A timer waits for one more turn."""
    assert await in_one_task(bare_shell, "timer", "answer") == ["done"]
