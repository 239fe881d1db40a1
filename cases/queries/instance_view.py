"""One execution that belongs to no case, as an operator looks at it. Of variables the names only."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from cases.definitions import DefinitionStore
from cases.errors import NotFound
from cases.queries.history import HistoryLine, history, reached
from cases.queries.instances import InstanceRow, of_one, shown
from cases.states import state_of
from cases.tables.engine import Instance

STEPS = 100


@dataclass(frozen=True)
class InstanceView:
    """``variables``: names in all open scopes. ``history``: the newest steps first, at most ``STEPS``; ``led_to``: what
    each of them came to. Both are empty for what belongs to a case.
    """

    row: InstanceRow
    halted: str | None
    variables: tuple[str, ...] = ()
    history: tuple[HistoryLine, ...] = ()
    led_to: dict[int, list[str]] | None = None
    more: bool = False


async def instance_view(session: AsyncSession, store: DefinitionStore, instance_id: str) -> InstanceView:
    """Raises NotFound."""
    found = (await session.execute(of_one(instance_id))).all()
    if not found:
        raise NotFound("没有这个流程实例。")
    (row,) = await shown(session, store, found)
    instance: Instance = found[0][0]
    if row.case_id is not None:
        return InstanceView(row, instance.halted)
    scopes = state_of(instance.state).scopes.values() if instance.state else ()
    names = sorted({name for scope in scopes for name in scope.variables})
    lines = await history(session, instance)
    kept = lines[:STEPS]
    led_to = await reached(session, store, kept)
    return InstanceView(row, instance.halted, tuple(names), tuple(kept), led_to, len(lines) > len(kept))
