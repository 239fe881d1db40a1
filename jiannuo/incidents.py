"""Stuck cases: what stands still and why, and an operator's acts on it. The record writes each into the audit log."""

from __future__ import annotations

import secrets

from temporalio.client import Client

from activities.stores import Stores
from bpmn import codec
from bpmn.events import Event
from cases.operations import undoing
from cases.queries import incidents
from cases.queries.incidents import Stuck
from jiannuo.errors import JiannuoError
from workflows import client as calls
from workflows import messages


class OperationRefused(JiannuoError):
    """The execution refused the operator's act, or could not be reached."""


async def open_incidents(stores: Stores) -> list[Stuck]:
    async with stores.sessions() as session:
        return await incidents.open_incidents(session, stores.definitions)


async def operate(
    stores: Stores, client: Client, instance_id: str, event: Event, operator: str, reason: str,
    operation_id: str | None = None,
) -> int:  # fmt: skip
    """Performs one operator event; returns the step that recorded it. Raises OperationRefused."""
    message = messages.Operate(operation_id or secrets.token_hex(12), codec.dump_event(event), operator, reason)
    outcome = await calls.operate(client, instance_id, message)
    match outcome:
        case calls.Accepted(step=step) if step is not None:
            return step
        case calls.Refused(sentence=sentence):
            raise OperationRefused(f"{instance_id} refused: {sentence}")
        case calls.Gone():
            raise OperationRefused(f"{instance_id} has no running execution; jiannuo reconcile says more.")
    raise OperationRefused(f"{instance_id} did not answer in time; ask again with jiannuo incidents list.")


async def undo(stores: Stores, client: Client, instance_id: str, operator: str, reason: str) -> int:
    """Takes the last act back; raises Problem when the last step was none, OperationRefused when it is too late."""
    async with stores.sessions() as session:
        event = await undoing(session, stores.definitions, instance_id)
    return await operate(stores, client, instance_id, event, operator, reason)
