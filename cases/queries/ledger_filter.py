"""What the ledger can be asked for, and the conditions that this makes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from cases import access
from cases.access import Actor
from cases.deadlines.zone import SHANGHAI, end_of
from cases.people import recusal
from cases.queries.light import Lights
from cases.queries.newest import Asked, Reading, Source, newest
from cases.queries.pages import SIZE, goes_back, values_of
from cases.queries.passing import acted
from cases.queries.standing import stalled
from cases.relations import Part, opened, relations_of
from cases.searching.finding import sought
from cases.tables.complaints import Complaint, Party
from cases.tables.letters import Letter
from cases.tables.organisations import Organisation
from cases.tables.positions import CasePosition, TaskPosition
from cases.tables.searching import CaseText
from cases.uscc import problem as uscc_problem
from cases.vault import Vault

EXPORT = 5_000
NAME_SCAN = 2_000
ALL_OPEN = "all_open"
# As intake numbers cases: a whole number is looked up, a part of one is looked for.
_CASE_NO = re.compile(r"[A-Z]{1,10}-\d{4}-\d{6,}")


@dataclass(frozen=True)
class LedgerFilter:
    """``due``: today or soon (three working days), not late yet. ``region``: exactly this one, as on the board.
    ``element``: an open task waits there. ``act`` with ``act_unit``: what ``passing`` counts.

    ``firm`` is a USCC (found by its digest) or a name, which only those see who may read the identity."""

    text: str | None = None
    unit: str | None = None
    holder: str | None = None
    region: str | None = None
    element: str | None = None
    act: str | None = None
    act_unit: str | None = None
    firm: str | None = None
    contract: str | None = None
    letter: str | None = None
    stage: str | None = None
    status: str | None = None
    channel: str | None = None
    domain: str | None = None
    light: str | None = None
    stalled: bool = False
    blocked: bool = False
    due: str | None = None
    since: date | None = None
    until: date | None = None
    after: str | None = None
    size: int = SIZE
    ids: tuple[str, ...] = ()


async def asked_for(
    session: AsyncSession, vault: Vault, actor: Actor, lights: Lights, wanted: LedgerFilter
) -> Asked:
    """Goes through the narrow rows where only open cases can match, else through all cases."""
    open_only = wanted.status == ALL_OPEN or any(
        (wanted.light, wanted.due, wanted.stalled, wanted.blocked, wanted.element, wanted.holder)
    )
    row: access.Row = CasePosition if open_only else Complaint
    asked = _seen(actor, row)
    asked.conditions = [*_own(wanted, row), *_standing(lights, wanted)]
    wide = [
        column == value
        for column, value in ((Complaint.channel, wanted.channel), (Complaint.domain, wanted.domain))
        if value
    ]
    few = await _few(session, vault, actor, lights, wanted, row)
    if wanted.unit:
        units = await _units(session, wanted.unit.strip())
        columns = (row.respondent_uscc, row.verifying_uscc, row.accepting_uscc, row.referring_uscc)
        taking_part = [column.in_(units) for column in columns]
        asked.parts = asked.near = [(row, and_(part, asked.whole)) for part in taking_part]
        asked.whole = and_(asked.whole, or_(*taking_part))
    if few:
        asked.whole = and_(asked.whole, *few)
        asked.parts = asked.near = [(row, asked.whole)]
    asked.within = lambda source: list(_within(wanted, source))
    asked.conditions += wide
    asked.wide = bool(few or wide)
    asked.words = sought(wanted.text) if wanted.text and not _number(wanted) else ()
    asked.up = goes_back(wanted.after)
    return asked


def _seen(actor: Actor, row: access.Row) -> Asked:
    whole = access.sees(actor, row)
    if row is CasePosition:
        return Asked(row, [(row, whole)], [(row, whole)], whole)
    near: list[Reading] = [(CaseText, part) for part in access.regions(actor, CaseText)]
    near += [(row, part) for part in access.places(actor, row)]
    return Asked(row, [(row, part) for part in access.parts(actor, row)], near, whole)


def _number(wanted: LedgerFilter) -> str | None:
    """A whole case number, if that is what was typed."""
    typed = (wanted.text or "").strip().upper()
    return typed if _CASE_NO.fullmatch(typed) else None


def _within(wanted: LedgerFilter, row: Source) -> Iterator[ColumnElement[bool]]:
    if wanted.region:
        yield row.region_code == wanted.region
    if wanted.since:
        yield row.received_at >= datetime.combine(wanted.since, datetime.min.time(), SHANGHAI)
    if wanted.until:
        yield row.received_at < end_of(wanted.until)
    if wanted.after:
        here, there = tuple_(row.received_at, row.id), tuple_(*values_of(wanted.after, 2))
        yield here > there if goes_back(wanted.after) else here < there


def _own(wanted: LedgerFilter, row: access.Row) -> Iterator[ColumnElement[bool]]:
    if wanted.stage:
        yield row.stage == wanted.stage
    if wanted.holder:
        yield CasePosition.holder == wanted.holder
    if wanted.status and wanted.status != ALL_OPEN:
        yield row.status == wanted.status


async def _few(
    session: AsyncSession, vault: Vault, actor: Actor, lights: Lights, wanted: LedgerFilter, row: access.Row
) -> list[ColumnElement[bool]]:
    """What only few cases fulfil, each by an index of its own."""
    found: list[ColumnElement[bool]] = []
    number = _number(wanted)
    if number:
        found.append(Complaint.case_no == number)
    if wanted.ids:
        found.append(row.id.in_(wanted.ids))
    if wanted.contract:
        found.append(Complaint.contract_no == wanted.contract.strip())
    if wanted.letter:
        found.append(row.id.in_(select(Letter.complaint_id).where(Letter.number == wanted.letter.strip())))
    if wanted.firm:
        found.append(await _firm(session, vault, actor, wanted.firm.strip()))
    if wanted.act and wanted.act_unit:
        found.append(acted(lights, wanted.act, wanted.act_unit))
    return found


async def _units(session: AsyncSession, text: str) -> list[str]:
    """Codes first: conditions on four columns can only use their indexes when the values are known."""
    named = or_(Organisation.uscc == text.upper(), Organisation.name.icontains(text, autoescape=True))
    return list((await session.scalars(select(Organisation.uscc).where(named).order_by(Organisation.uscc))).all())


async def _firm(session: AsyncSession, vault: Vault, actor: Actor, text: str) -> ColumnElement[bool]:
    """By code for everyone (the digest opens nothing). By name only among cases whose identity the actor may read;
    the newest are looked through, since sealed names cannot be indexed.
    """
    if uscc_problem(text) is None:
        return Complaint.complainant_digest == vault.digest(text)
    mine = _seen(actor, Complaint)
    mine.conditions = [Complaint.id.not_in(recusal.left_by(actor))]
    rows = await session.execute(
        select(Complaint, Party.sealed)
        .join(Party, Party.complaint_id == Complaint.id)
        .where(Complaint.id.in_(await newest(session, mine, NAME_SCAN)))
    )
    named = [
        complaint.id
        for complaint, sealed in rows
        if Part.IDENTITY in opened(relations_of(actor, complaint)) and text in vault.open(complaint.id, sealed).name
    ]
    return Complaint.id.in_(named)


def _standing(lights: Lights, wanted: LedgerFilter) -> Iterator[ColumnElement[bool]]:
    """What only open cases have: a light, a due date, somebody they wait for."""
    row = CasePosition
    if wanted.light:
        yield lights.column(row.due_at, row.start_at) == wanted.light
    if wanted.due:
        yield row.due_at > lights.now
        yield row.due_at <= (lights.today_until if wanted.due == "today" else lights.soon_until)
    if wanted.element:
        yield row.id.in_(
            select(TaskPosition.id).where(
                TaskPosition.instance_id.startswith("complaint:"), TaskPosition.element_id == wanted.element
            )
        )
    if wanted.stalled:
        yield stalled(lights)
    if wanted.blocked:
        yield row.blocked.is_(True)
