"""Which open deadlines would move if a limit or a ladder were another. Nothing is written.

A calendar has its own preview (cases/calendar_changes/preview.py), a model its own dry run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.calendar_changes.calendars import calendars
from cases.calendar_changes.preview import Preview, previewed
from cases.calendar_changes.touched import capped_names
from cases.policy.loader import load
from cases.policy.pack import PolicyPack
from cases.policy.proposed import proposed
from cases.tables.clocks import Deadline
from cases.tables.engine import Instance


async def what_if(session: AsyncSession, pack: str, changes: Mapping[str, str], now: datetime) -> Preview:
    """As if every running deadline were counted by the changed pack, and by those that inherit from it.

    Raises Invalid. A deadline for which an official set its own limit keeps that limit.
    """
    packs = proposed(pack, changes)
    keys: set[tuple[str, int]] = set()
    for name, altered in packs.items():
        names = _differing(load(name), altered)
        if not names:
            continue
        rows = await session.execute(
            select(Deadline.instance_id, Deadline.key)
            .join(Instance, Instance.id == Deadline.instance_id)
            .where(Deadline.status == "running", Instance.pack == name, Deadline.name.in_(names))
        )
        keys |= {(id_, key) for id_, key in rows}
    return await previewed(session, keys, await calendars(session), (), now, packs)


def _differing(before: PolicyPack, after: PolicyPack) -> tuple[str, ...]:
    """Names of deadlines with another rule in any channel, and those that one of them caps."""
    channels: Iterable[str] = (*before.channels, "OTHER")
    names = {
        name
        for name in after.deadlines
        for channel in channels
        if before.rule(name, channel) != after.rule(name, channel)
    }
    return tuple(sorted(names | set(capped_names(after)))) if names else ()
