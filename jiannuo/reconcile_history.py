"""What Temporal still knows of an execution: its position, and the steps that it once sent to be recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHistory,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
)
from temporalio.service import RPCError, RPCStatusCode

from activities import contracts
from bpmn.answers import Answers
from cases.recorder import Applied
from workflows import messages

QUERY_PATIENCE = timedelta(seconds=10)


@dataclass(frozen=True)
class Seen:
    """``open`` None: Temporal knows no such execution. ``silent``: it runs, and no worker answered for it."""

    open: bool | None
    position: messages.Position | None = None
    silent: str | None = None


async def look(client: Client, instance_id: str) -> Seen:
    handle = client.get_workflow_handle(instance_id)
    try:
        description = await handle.describe()
        if description.status != WorkflowExecutionStatus.RUNNING:
            return Seen(False)
        position = await handle.query(messages.QUERY_STATE, result_type=messages.Position, rpc_timeout=QUERY_PATIENCE)
    except (WorkflowQueryFailedError, WorkflowQueryRejectedError) as error:
        return Seen(True, silent=type(error).__name__)
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            return Seen(None)
        if error.status in (RPCStatusCode.UNAVAILABLE, RPCStatusCode.PERMISSION_DENIED):
            raise
        return Seen(True, silent=error.status.name)
    return Seen(True, position)


async def steps_after(client: Client, instance_id: str, last_step: int) -> list[Applied]:
    """The steps above ``last_step``, as the record was given and answered them, through all runs still kept."""
    found: dict[int, Applied] = {}
    run_id: str | None = None
    while True:
        try:
            history = await client.get_workflow_handle(instance_id, run_id=run_id).fetch_history()
        except RPCError as error:
            if error.status == RPCStatusCode.NOT_FOUND:
                break  # past its retention
            raise
        told = await _told(client, history)
        found.update({entry.number: entry for entry in told})
        previous = history.events[0].workflow_execution_started_event_attributes.continued_execution_run_id
        if any(entry.number <= last_step + 1 for entry in told) or not previous:
            break
        run_id = previous
    return [found[number] for number in sorted(found) if number > last_step]


async def _told(client: Client, history: WorkflowHistory) -> list[Applied]:
    found: list[Applied] = []
    asked: dict[int, contracts.RecordInput] = {}
    for event in history.events:
        scheduled, completed = (
            event.activity_task_scheduled_event_attributes, event.activity_task_completed_event_attributes
        )  # fmt: skip
        if scheduled.activity_type.name == contracts.RECORD:
            given = await client.data_converter.decode(list(scheduled.input.payloads), [contracts.RecordInput])
            asked[event.event_id] = given[0]
            found += [
                Applied(e.number, e.event, e.at, e.digest, e.submission_id, e.actor, e.reason)
                for e in given[0].entries
            ]
        elif completed.scheduled_event_id in asked:
            (answers,) = await client.data_converter.decode(list(completed.result.payloads), [Answers])
            found += _answered(asked[completed.scheduled_event_id], answers)
    return found


def _answered(given: contracts.RecordInput, answers: Answers) -> list[Applied]:
    """What the log applied itself. It told the digest of the last step only, which covers those before."""
    numbered = enumerate(answers.events, start=given.last_step + 1)
    return [
        Applied(number, event, answers.at, answers.digest if number == answers.last_step else None)
        for number, event in numbered
    ]
