"""User tasks and open acts become rows of the work list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, any_, bindparam, insert, update
from sqlalchemy.dialects.postgresql import ARRAY

from bpmn.commands import CloseSubscription, CloseTask, CreateTask, OpenSubscription
from bpmn.values import Json
from cases.plain import plain
from cases.projection.context import Projecting
from cases.statements import run, table_of
from cases.tables.worklist import Subscription, Task

ACTS = "jiannuo:acts"
FORM = "jiannuo:form"

_TASK, _SUBSCRIPTION = table_of(Task), table_of(Subscription)
_KEYS = bindparam("keys", type_=ARRAY(Integer))
_CREATE, _OPEN = insert(_TASK), insert(_SUBSCRIPTION)
_CLOSE = (
    update(_TASK)
    .where(_TASK.c.instance_id == bindparam("of"), _TASK.c.key == any_(_KEYS))
    .values(status=bindparam("outcome"), closed_at=bindparam("when"), closed_reason=bindparam("why"))
)
_SHUT = (
    update(_SUBSCRIPTION)
    .where(_SUBSCRIPTION.c.instance_id == bindparam("of"), _SUBSCRIPTION.c.key == any_(_KEYS))
    .values(open=False, closed_at=bindparam("when"))
)


def words(value: Json) -> list[str]:
    return str(value).split() if value else []


def unit_of(candidates: list[str]) -> str | None:
    """The unit that a row is listed under: of the first candidate that names one."""
    return next((unit for _, _, unit in (c.partition("@") for c in candidates) if unit and unit != "*"), None)


async def create_tasks(ctx: Projecting, commands: Sequence[CreateTask]) -> None:
    await run(ctx.session, _CREATE, [_task(ctx, command) for command in commands])


def _task(ctx: Projecting, command: CreateTask) -> dict[str, Any]:
    candidates = [*command.candidate_groups, *(f"user:{login}" for login in command.candidate_users)]
    return {
        "instance_id": ctx.instance.id,
        "key": command.task_key,
        "graph_hash": command.ref.hash,
        "element_id": command.element_id,
        "name": command.name,
        "acts": words(command.properties.get(ACTS)),
        "candidates": candidates,
        "unit": unit_of(candidates),
        "form_id": command.form_id,
        "priority": command.priority,
        "inputs": _plain(command.inputs),
        "properties": _plain(command.properties),
        "deadline_key": command.due_deadline,
        "due_at": datetime.fromisoformat(command.due_at) if command.due_at else None,
        "follow_up_at": datetime.fromisoformat(command.follow_up_at) if command.follow_up_at else None,
        "scope_path": list(command.scope_path),
        "created_at": ctx.at,
    }


async def close_tasks(ctx: Projecting, commands: Sequence[CloseTask]) -> None:
    alike: dict[tuple[str, str], list[int]] = {}
    for command in commands:
        alike.setdefault((command.outcome, command.reason), []).append(command.task_key)
    for (outcome, reason), keys in alike.items():
        values = {"of": ctx.instance.id, "keys": keys, "outcome": outcome, "when": ctx.at, "why": reason or None}
        await run(ctx.session, _CLOSE, values)


async def open_subscriptions(ctx: Projecting, commands: Sequence[OpenSubscription]) -> None:
    await run(ctx.session, _OPEN, [_subscription(ctx, command) for command in commands])


def _subscription(ctx: Projecting, command: OpenSubscription) -> dict[str, Any]:
    node = ctx.node(command.ref.hash, command.element_id)
    acts = words(command.properties.get(ACTS))
    return {
        "instance_id": ctx.instance.id,
        "key": command.subscription_key,
        "graph_hash": command.ref.hash,
        "element_id": command.element_id,
        "name": node.name if node else command.element_id,
        "message_name": command.message_name,
        "correlation_key": command.correlation_key,
        "acts": acts,
        "form_id": str(command.properties.get(FORM) or (acts[0] if acts else "")) or None,
        "properties": _plain(command.properties),
        "opened_at": ctx.at,
    }


async def close_subscriptions(ctx: Projecting, commands: Sequence[CloseSubscription]) -> None:
    keys = [command.subscription_key for command in commands]
    await run(ctx.session, _SHUT, {"of": ctx.instance.id, "keys": keys, "when": ctx.at})


def _plain(values: Mapping[str, Json]) -> dict[str, Any]:
    return {key: plain(value) for key, value in values.items()}
