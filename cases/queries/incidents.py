"""What stands still, why and since when; and what an operator could do about one of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from bpmn.elements.node import Node
from bpmn.state import State
from cases.definitions import DefinitionStore
from cases.errors import NotFound
from cases.plain import plain
from cases.states import state_of
from cases.tables.complaints import Complaint
from cases.tables.engine import Incident, Instance

NO_TARGET = ("boundaryEvent", "startEvent", "eventSubProcess")


@dataclass(frozen=True)
class Stuck:
    """``key`` names the incident in its instance; ``token`` what an operator would skip or move."""

    instance_id: str
    complaint_id: str
    case_no: str | None
    key: int
    token: int
    element: str
    name: str
    rule: str
    reason: str
    since: datetime


@dataclass(frozen=True)
class Variables:
    """Of one scope that the token sees, the innermost first. Routing facts only: a case's content is not among them."""

    scope: int
    element: str
    name: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Target:
    element: str
    name: str
    kind: str


@dataclass(frozen=True)
class IncidentView:
    """``acts``: what the engine takes of retry, edit, skip and move. ``halted``: why the execution records nothing."""

    stuck: Stuck
    variables: tuple[Variables, ...] = ()
    targets: tuple[Target, ...] = ()
    acts: frozenset[str] = frozenset()
    halted: str | None = None


def _open() -> Select[Incident, Instance, str | None]:
    return (
        select(Incident, Instance, Complaint.case_no)
        .join(Instance, Instance.id == Incident.instance_id)
        .outerjoin(Complaint, Complaint.id == Instance.business_key)
        .where(Incident.resolved_at.is_(None))
        .order_by(Incident.raised_at, Incident.instance_id, Incident.key)
    )


async def open_incidents(
    session: AsyncSession, store: DefinitionStore, limit: int | None = None, instance_id: str | None = None
) -> list[Stuck]:
    """The oldest first; of one instance, or of all."""
    wanted = _open().limit(limit)
    if instance_id is not None:
        wanted = wanted.where(Incident.instance_id == instance_id)
    rows = (await session.execute(wanted)).all()
    return [await _stuck(session, store, incident, instance, no) for incident, instance, no in rows]


async def incident(session: AsyncSession, store: DefinitionStore, instance_id: str, key: int) -> IncidentView:
    """Raises NotFound when it has been resolved."""
    found = (
        await session.execute(_open().where(Incident.instance_id == instance_id, Incident.key == key))
    ).one_or_none()
    if found is None:
        raise NotFound("这一异常已经处理，或者不存在。请返回异常列表查看现在的情况。")
    row, instance, no = found
    stuck = await _stuck(session, store, row, instance, no)
    state = state_of(instance.state) if instance.state else None
    if state is None or row.token_key not in state.tokens or row.key not in state.incidents:
        return IncidentView(stuck, halted=instance.halted)
    token = state.tokens[row.token_key]
    scope = state.scopes[token.scope]
    graph = await store.graph(session, scope.graph)
    parent = graph.nodes[token.node].parent
    movable = scope.kind not in ("loop", "compensation")
    targets = [_target(node) for node in graph.nodes.values() if movable and _enterable(node, parent)]
    acts = {"retry", "edit", "skip"} | ({"move"} if targets else set())
    variables = [one async for one in _visible(session, store, state, row.token_key)]
    return IncidentView(stuck, tuple(variables), tuple(targets), frozenset(acts), instance.halted)


async def _stuck(
    session: AsyncSession, store: DefinitionStore, row: Incident, instance: Instance, case_no: str | None
) -> Stuck:
    name = await _name(session, store, row, instance)
    return Stuck(
        row.instance_id, instance.business_key, case_no, row.key, row.token_key, row.element_id, name, row.rule,
        row.reason, row.raised_at,
    )  # fmt: skip


async def _name(session: AsyncSession, store: DefinitionStore, row: Incident, instance: Instance) -> str:
    state = state_of(instance.state) if instance.state else None
    token = state.tokens.get(row.token_key) if state else None
    if state is None or token is None:
        return ""
    node = (await store.graph(session, state.scopes[token.scope].graph)).node(token.node)
    return node.name if node is not None else ""


def _enterable(node: Node, parent: str) -> bool:
    return node.parent == parent and node.kind not in NO_TARGET and not node.for_compensation


def _target(node: Node) -> Target:
    return Target(node.id, node.name, node.kind)


async def _visible(session: AsyncSession, store: DefinitionStore, state: State, token_key: int) -> Any:
    for scope_key in _scopes(state, token_key):
        scope = state.scopes[scope_key]
        graph = await store.graph(session, scope.graph)
        node, process = graph.node(scope.element), graph.processes.get(scope.element)
        name = node.name if node is not None else process.name if process is not None else ""
        yield Variables(scope_key, scope.element, name, {key: plain(value) for key, value in scope.variables.items()})


def _scopes(state: State, token_key: int) -> Iterator[int]:
    """From the token outwards; an activity's own variables lie in the token and end with it, so they are not shown."""
    key = state.tokens[token_key].scope
    while key:
        yield key
        key = state.scopes[key].parent
