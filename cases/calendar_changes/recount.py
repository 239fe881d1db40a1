"""Counting open deadlines again with the calendar in force: what preview shows and application keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cases.calendar_changes.calendars import Calendars
from cases.deadlines.compute import Computation
from cases.deadlines.errors import DeadlineError
from cases.deadlines.rule import Rule
from cases.policy.errors import PolicyError
from cases.policy.loader import load
from cases.policy.pack import PolicyPack
from cases.projection.deadlines import computation, instants
from cases.tables.clocks import Deadline, RungClaim
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance


@dataclass
class OpenCase:
    """``deadlines``: the running and paused ones, in the order of their keys. ``fired``: claimed rungs per key."""

    instance: Instance
    complaint: Complaint | None
    deadlines: list[Deadline] = field(default_factory=list)
    fired: dict[int, set[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Recount:
    """One deadline counted anew; ``problem`` instead of ``computed`` where its own facts no longer count."""

    row: Deadline
    rule: Rule | None
    computed: Computation | None
    fired: tuple[str, ...]
    problem: str | None = None

    @property
    def changed(self) -> bool:
        new = self.computed
        if new is None:
            return False
        old = self.row
        return (new.due, instants(new), new.provisional) != (old.due, old.rungs, old.provisional)

    @property
    def moved_rungs(self) -> tuple[str, ...]:
        """Rungs that have not fired and would fall at another instant, appear or go."""
        if self.computed is None:
            return ()
        old, new = self.row.rungs, instants(self.computed)
        return tuple(
            name
            for name in dict.fromkeys((*new, *old))
            if name not in self.fired and name != "due" and old.get(name) != new.get(name)
        )

    @property
    def earlier(self) -> bool:
        """Whether an instant that has not fired comes earlier than the execution knows: it cannot find out by asking.

        A later one it learns when its timer asks; a rung that appears must be told too.
        """
        new = self.computed
        if new is None or not self.changed:
            return False
        if self.row.due_at is None or new.due_at < self.row.due_at:
            return True
        old = {name: datetime.fromisoformat(str(at)) for name, at in self.row.rungs.items()}
        return any(
            name not in self.fired and (name not in old or at < old[name]) for name, at in new.rungs.items()
        )


async def open_cases(session: AsyncSession, instance_ids: Sequence[str], *, lock: bool = False) -> list[OpenCase]:
    """In the order of their ids. With ``lock``, without those that somebody else is recording just now."""
    # NO KEY UPDATE: rows that merely refer to the instance can still be written by others.
    query = select(Instance).where(Instance.id.in_(instance_ids)).order_by(Instance.id)
    if lock:
        query = query.with_for_update(skip_locked=True, key_share=True)
    cases = {row.id: OpenCase(row, None) for row in await session.scalars(query)}
    keys = {case.instance.business_key: case for case in cases.values()}
    for complaint in await session.scalars(select(Complaint).where(Complaint.id.in_(keys))):
        keys[complaint.id].complaint = complaint
    rows = select(Deadline).where(Deadline.instance_id.in_(cases), Deadline.status.in_(("running", "paused")))
    rows = rows.order_by(Deadline.instance_id, Deadline.key)
    for row in await session.scalars(rows.with_for_update() if lock else rows):
        cases[row.instance_id].deadlines.append(row)
    claims = select(RungClaim.instance_id, RungClaim.deadline_key, RungClaim.rung)
    for instance_id, key, rung in await session.execute(claims.where(RungClaim.instance_id.in_(cases))):
        cases[instance_id].fired.setdefault(key, set()).add(rung)
    return list(cases.values())


def recounts(
    case: OpenCase, wanted: set[int], calendars: Calendars, packs: Mapping[str, PolicyPack] | None = None
) -> Iterator[Recount]:
    """Of the wanted keys that run; those capped by another one come after it and see where it has moved.

    ``packs``: by name, instead of those in force.
    """
    pack = (packs or {}).get(case.instance.pack) or load(case.instance.pack)
    region = case.complaint.region_code if case.complaint else None
    calendar = calendars.of(calendars.group(pack.pack, region))
    due: dict[int, date | None] = {row.key: row.due for row in case.deadlines}
    running = [row for row in case.deadlines if row.key in wanted and row.status == "running"]
    ruled: list[tuple[Deadline, Rule | None, str | None]] = []
    for row in running:
        try:
            rule = pack.rule(row.name, case.instance.channel or "OTHER")
            ruled.append((row, rule, None if rule else "政策包中已没有这一期限。"))
        except PolicyError as error:
            ruled.append((row, None, str(error)))
    for row, rule, problem in sorted(ruled, key=lambda item: bool(item[1] and item[1].not_after)):
        fired = tuple(sorted(case.fired.get(row.key, ())))
        if rule is None:
            yield Recount(row, None, None, fired, problem)
            continue
        try:
            computed = computation(row, rule, calendar, _cap(case.deadlines, rule, due))
        except DeadlineError as error:
            yield Recount(row, rule, None, fired, str(error))
            continue
        due[row.key] = computed.due
        yield Recount(row, rule, computed, fired)


def _cap(rows: Sequence[Deadline], rule: Rule, due: Mapping[int, date | None]) -> date | None:
    keys = [row.key for row in rows if row.name == rule.not_after]
    return due[max(keys)] if keys else None
