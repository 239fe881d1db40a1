"""Calling executions: start and Updates, with every failure told apart. Used by the API, the relay and rehearsals."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from temporalio.client import Client, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from bpmn.graphset import GraphSet
from workflows import messages
from workflows.limits import ACT_TOO_LARGE, EVENT_CHARACTERS

# What Temporal answers when an execution was ended under an accepted Update: reconcile replaced it.
REPLACED = "AcceptedUpdateCompletedWorkflow"
# Nothing was applied and nothing is wrong with the act: it stays pending and is told again.
LATER = frozenset({messages.BUSY, messages.HALTED, REPLACED})

# rpc_timeout bounds one attempt only; the SDK retries, so the whole call is bounded here.
PATIENCE = timedelta(seconds=10)


@dataclass(frozen=True)
class Accepted:
    """``step`` is None when the answer did not come in time: the act is stored and will be told again."""

    step: int | None


@dataclass(frozen=True)
class Refused:
    rule: str
    sentence: str


@dataclass(frozen=True)
class Gone:
    """The execution has ended or was never started."""


Outcome = Accepted | Refused | Gone


async def start(
    client: Client,
    task_queue: str,
    given: messages.ProcessStart,
    graphs: GraphSet,
    *,
    summary: str = "",
    replace: bool = False,
) -> bool:
    """Idempotent: False when the execution runs already. The case row under lock is the first guard, this the second.

    ``replace`` ends an execution of the same id, open or closed, and begins anew: for reconcile only.
    """
    reuse = WorkflowIDReusePolicy.ALLOW_DUPLICATE if replace else WorkflowIDReusePolicy.REJECT_DUPLICATE
    conflict = WorkflowIDConflictPolicy.TERMINATE_EXISTING if replace else WorkflowIDConflictPolicy.FAIL
    attributes = attributes_of(given.business_key)
    try:
        await client.start_workflow(
            messages.WORKFLOW,
            args=[given, graphs],
            id=given.instance_id,
            task_queue=task_queue,
            id_reuse_policy=reuse,
            id_conflict_policy=conflict,
            search_attributes=attributes if given.search_attributes else None,
            static_summary=summary or None,
        )
    except WorkflowAlreadyStartedError:
        return False
    return True


def attributes_of(business_key: str) -> TypedSearchAttributes:
    return TypedSearchAttributes([SearchAttributePair(messages.CASE, business_key)])


async def submit(client: Client, instance_id: str, message: messages.Submit, patience: timedelta = PATIENCE) -> Outcome:
    return await _update(client, instance_id, messages.UPDATE_SUBMIT, message, message.submission_id, patience)


async def operate(
    client: Client, instance_id: str, message: messages.Operate, patience: timedelta = PATIENCE
) -> Outcome:
    return await _update(client, instance_id, messages.UPDATE_OPERATE, message, message.operation_id, patience)


async def migrate(
    client: Client, instance_id: str, message: messages.Operate, graphs: GraphSet, patience: timedelta = PATIENCE
) -> Outcome:
    """``graphs`` holds the new model, by reference."""
    name, update_id = messages.UPDATE_MIGRATE, message.operation_id
    return await _update(client, instance_id, name, message, update_id, patience, graphs)


async def _update(
    client: Client,
    instance_id: str,
    name: str,
    message: messages.Submit | messages.Operate,
    update_id: str,
    patience: timedelta,
    *more: GraphSet,
) -> Outcome:
    if len(message.event) > EVENT_CHARACTERS:
        # Not left to the validator: its refusal goes back with the whole message, which the server does not take.
        return Refused(messages.TOO_LARGE, ACT_TOO_LARGE)
    handle = client.get_workflow_handle(instance_id)
    try:
        async with asyncio.timeout(patience.total_seconds()):
            answer = await handle.execute_update(
                name, args=[message, *more], id=update_id, result_type=messages.Answer
            )
    except WorkflowUpdateFailedError as error:
        cause = error.cause
        if isinstance(cause, ApplicationError) and cause.type in LATER:
            return Accepted(None)
        if isinstance(cause, ApplicationError):
            return Refused(cause.type or "refused", cause.message)
        return Gone()
    except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError):
        return Accepted(None)
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            return Gone()
        return Accepted(None)
    return Accepted(answer.step)
