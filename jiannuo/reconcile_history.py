"""What Temporal still knows of an execution: its position, and the steps that it once sent to be recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowQueryFailedError, WorkflowQueryRejectedError
from temporalio.service import RPCError, RPCStatusCode

from activities import contracts
from activities.contracts import StepEntry
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


async def steps_after(client: Client, instance_id: str, last_step: int) -> list[StepEntry]:
    """The steps above ``last_step``, from the inputs of the record activity, through all runs that are still kept."""
    found: dict[int, StepEntry] = {}
    run_id: str | None = None
    while True:
        try:
            history = await client.get_workflow_handle(instance_id, run_id=run_id).fetch_history()
        except RPCError as error:
            if error.status == RPCStatusCode.NOT_FOUND:
                break  # past its retention
            raise
        reached = False
        for event in history.events:
            scheduled = event.activity_task_scheduled_event_attributes
            if event.event_type != EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
                continue
            if scheduled.activity_type.name != contracts.RECORD:
                continue
            payloads = list(scheduled.input.payloads)
            (given,) = await client.data_converter.decode(payloads, [contracts.RecordInput])
            found.update({entry.number: entry for entry in given.entries})
            reached = reached or any(entry.number <= last_step + 1 for entry in given.entries)
        previous = history.events[0].workflow_execution_started_event_attributes.continued_execution_run_id
        if reached or not previous:
            break
        run_id = previous
    return [found[number] for number in sorted(found) if number > last_step]
