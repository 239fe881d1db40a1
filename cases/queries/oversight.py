"""Other people's open tasks, for the head of their unit and the supervisor of their region: the list and its filters.

Counts (cases.queries.load) and lists use the same conditions, so that each number opens what it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from cases.access import Actor
from cases.deadlines.counting import working_days_between
from cases.deadlines.zone import day_of, end_of
from cases.people.authority import headed
from cases.people.entrusting import in_force
from cases.queries.light import Lights
from cases.queries.pages import SIZE, Page
from cases.queries.tasks import DUE, NORMAL, Open, Row, TaskRow, open_tasks, paged
from cases.tables.organisations import Account
from cases.tables.people import Delegation, Leave

SOON_WORKING_DAYS = 3
NOBODY = "none"
EXTENSION = "approve_extension"


@dataclass(frozen=True)
class OversightFilter:
    """``person``: an account, or ``none`` for tasks in nobody's name. ``unit``: a USCC, ``complainant`` for tasks that
    wait for a complainant, or ``none`` for those that any unit with the role may take. ``due``: a key of DUES.
    ``kind``: an act that the task offers.
    """

    person: str | None = None
    unit: str | None = None
    due: str | None = None
    kind: str | None = None
    urgent: bool = False
    after: str | None = None
    size: int = SIZE


def _late(lights: Lights) -> ColumnElement[bool]:
    return lights.now >= DUE


def _today(lights: Lights) -> ColumnElement[bool]:
    return and_(lights.now < DUE, end_of(day_of(lights.now)) >= DUE)


def _soon(lights: Lights) -> ColumnElement[bool]:
    return and_(lights.now < DUE, soon_until(lights) >= DUE)


def _uncovered(lights: Lights) -> ColumnElement[bool]:
    return Row.assignee_id.in_(away_uncovered(lights))


DUES: Mapping[str, Callable[[Lights], ColumnElement[bool]]] = {
    "late": _late, "today": _today, "soon": _soon, "uncovered": _uncovered,
}  # fmt: skip


def soon_until(lights: Lights) -> datetime:
    """The end of the third working day after today, days off behind it included."""
    today = last = day_of(lights.now)
    while working_days_between(lights.calendar, today, last + timedelta(days=1)) <= SOON_WORKING_DAYS:
        last += timedelta(days=1)
    return end_of(last)


def away_uncovered(lights: Lights) -> Select[int]:
    """Accounts on leave today for whom nobody who is there stands in."""
    day = day_of(lights.now)
    also_away = aliased(Leave)
    stands_in = exists().where(
        Delegation.account_id == Leave.account_id,
        in_force(day),
        Account.id == Delegation.stand_in_id,
        Account.active,
        ~exists().where(
            also_away.account_id == Delegation.stand_in_id,
            also_away.revoked_at.is_(None), also_away.since <= day, also_away.until >= day,
        ),
    )  # fmt: skip
    return select(Leave.account_id).where(
        Leave.revoked_at.is_(None), Leave.since <= day, Leave.until >= day, ~stands_in
    )


def overseen(actor: Actor) -> Open:
    """Open tasks of the units that the actor heads and of the regions that it watches."""
    units, regions = sorted(headed(actor)), sorted(actor.regions)
    return open_tasks(actor).where(
        or_(
            Row.unit.in_(units) if units else false(),
            Row.region_code.in_(regions) if regions else false(),
        )
    )  # fmt: skip


async def oversight(
    session: AsyncSession, actor: Actor, lights: Lights, wanted: OversightFilter
) -> Page[TaskRow]:
    return await paged(
        session, actor, lights, overseen(actor).where(_matches(lights, wanted)), wanted.after, wanted.size
    )


def _matches(lights: Lights, wanted: OversightFilter) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [true()]
    if wanted.person == NOBODY:
        conditions.append(Row.assignee_id.is_(None))
    elif wanted.person:
        conditions.append(Row.assignee_id == (int(wanted.person) if wanted.person.isdigit() else -1))
    if wanted.unit:
        conditions.append(Row.pool.is_(None) if wanted.unit == NOBODY else Row.pool == wanted.unit)
    if wanted.due and wanted.due in DUES:
        conditions.append(DUES[wanted.due](lights))
    if wanted.kind:
        conditions.append(Row.acts.contains([wanted.kind]))
    if wanted.urgent:
        conditions.append(Row.priority > NORMAL)
    return and_(*conditions)
