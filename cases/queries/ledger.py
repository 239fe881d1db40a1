"""台账 and search: the cases that an actor may see, newest first, filtered, paged by key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from cases import access
from cases.access import Actor
from cases.deadlines.zone import SHANGHAI, end_of
from cases.people import recusal
from cases.queries.light import NONE, Lights
from cases.queries.pages import SIZE, Page, cursor, values_of
from cases.queries.passing import acted
from cases.queries.standing import stalled
from cases.relations import Part, opened, relations_of
from cases.tables.complaints import Complaint, Party
from cases.tables.letters import Letter
from cases.tables.organisations import Organisation, Region
from cases.tables.positions import CasePosition
from cases.tables.worklist import Task
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


@dataclass(frozen=True)
class LedgerRow:
    """``waits_unit`` is the name of the unit whose task has waited longest."""

    complaint: Complaint
    respondent: str
    region: str
    verifying: str | None
    light: str
    days_left: int | None
    standing: CasePosition | None
    waits_unit: str | None

    @property
    def due(self) -> date | None:
        return self.standing.due if self.standing else None

    @property
    def provisional(self) -> bool:
        return self.standing is not None and self.standing.provisional


async def ledger(
    session: AsyncSession, vault: Vault, actor: Actor, lights: Lights, wanted: LedgerFilter
) -> Page[LedgerRow]:
    verifying, waited_for = Organisation.__table__.alias("verifying"), Organisation.__table__.alias("waited_for")
    row, cases = _source(actor, wanted)
    query = (
        cases.join(Organisation, Organisation.uscc == Complaint.respondent_uscc)
        .join(Region, Region.code == Complaint.region_code)
        .outerjoin(verifying, verifying.c.uscc == Complaint.verifying_uscc)
        .outerjoin(waited_for, waited_for.c.uscc == CasePosition.waits_unit)
        .where(*await _conditions(session, vault, actor, wanted, row))
        .with_only_columns(
            Complaint,
            Organisation.name,
            Region.name,
            verifying.c.name,
            CasePosition,
            waited_for.c.name,
        )
    )
    query = query.where(*_standing(lights, wanted))
    if wanted.act and wanted.act_unit:
        query = query.where(acted(lights, wanted.act, wanted.act_unit))
    if wanted.after:
        query = query.where(tuple_(row.received_at, row.id) < tuple_(*values_of(wanted.after, 2)))
    query = query.order_by(row.received_at.desc(), row.id.desc()).limit(wanted.size + 1)
    found = (await session.execute(query)).all()
    rows = [_row(lights, *row) for row in found[: wanted.size]]
    last = rows[-1].complaint if len(found) > wanted.size else None
    return Page(rows, cursor(last.received_at, last.id) if last else None)


def _source(actor: Actor, wanted: LedgerFilter) -> tuple[access.Row, Select[Any]]:
    """What the list goes through: the narrow rows where only open cases can match, else all cases."""
    asks = (wanted.light, wanted.due, wanted.stalled, wanted.blocked, wanted.element, wanted.holder)
    if wanted.status == ALL_OPEN or any(asks):
        return CasePosition, access.visible_positions(actor).join(Complaint, Complaint.id == CasePosition.id)
    cases = access.visible(actor).select_from(Complaint)
    return Complaint, cases.outerjoin(CasePosition, CasePosition.id == Complaint.id)


async def _conditions(
    session: AsyncSession, vault: Vault, actor: Actor, wanted: LedgerFilter, row: access.Row
) -> list[ColumnElement[bool]]:
    exact = {
        row.stage: wanted.stage, Complaint.channel: wanted.channel, Complaint.domain: wanted.domain,
        row.region_code: wanted.region, CasePosition.holder: wanted.holder,
        Complaint.contract_no: wanted.contract and wanted.contract.strip(),
    }  # fmt: skip
    found: list[ColumnElement[bool]] = [column == value for column, value in exact.items() if value]
    if wanted.status and wanted.status != ALL_OPEN:
        found.append(row.status == wanted.status)
    if wanted.ids:
        found.append(row.id.in_(wanted.ids))
    if wanted.since:
        found.append(row.received_at >= datetime.combine(wanted.since, datetime.min.time(), SHANGHAI))
    if wanted.until:
        found.append(row.received_at < end_of(wanted.until))
    if wanted.unit:
        found.append(await _unit(session, wanted.unit.strip()))
    if wanted.letter:
        numbered = select(Letter.complaint_id).where(Letter.number == wanted.letter.strip())
        found.append(Complaint.id.in_(numbered))
    if wanted.text:
        found.append(_text(wanted.text.strip()))
    if wanted.firm:
        found.append(await _firm(session, vault, actor, wanted.firm.strip()))
    return found


def _text(text: str) -> ColumnElement[bool]:
    if _CASE_NO.fullmatch(text.upper()):
        return Complaint.case_no == text.upper()
    like = f"%{_escaped(text)}%"
    return or_(Complaint.case_no.ilike(like), Complaint.title.ilike(like), Complaint.project_name.ilike(like))


async def _unit(session: AsyncSession, text: str) -> ColumnElement[bool]:
    """Codes first: conditions on four columns can only use their indexes when the values are known."""
    named = or_(Organisation.uscc == text.upper(), Organisation.name.ilike(f"%{_escaped(text)}%"))
    units = (await session.scalars(select(Organisation.uscc).where(named).order_by(Organisation.uscc))).all()
    columns = (Complaint.respondent_uscc, Complaint.verifying_uscc, Complaint.accepting_uscc, Complaint.referring_uscc)
    return or_(*(column.in_(units) for column in columns))


async def _firm(session: AsyncSession, vault: Vault, actor: Actor, text: str) -> ColumnElement[bool]:
    """By code for everyone (the digest opens nothing). By name only among cases whose identity the actor may read;
    the newest are looked through, since sealed names cannot be indexed.
    """
    if uscc_problem(text) is None:
        return Complaint.complainant_digest == vault.digest(text)
    rows = await session.execute(
        access.visible(actor)
        .join(Party, Party.complaint_id == Complaint.id)
        .where(Complaint.id.not_in(recusal.left_by(actor)))
        .order_by(Complaint.received_at.desc())
        .limit(NAME_SCAN)
        .with_only_columns(Complaint, Party.sealed)
    )
    named = [
        complaint.id
        for complaint, sealed in rows
        if Part.IDENTITY in opened(relations_of(actor, complaint)) and text in vault.open(complaint.id, sealed).name
    ]
    return Complaint.id.in_(named)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _standing(lights: Lights, wanted: LedgerFilter) -> Iterator[ColumnElement[bool]]:
    """What only open cases have: a light, a due date, somebody they wait for."""
    row = CasePosition
    if wanted.light:
        yield lights.column(row.due_at, row.start_at) == wanted.light
    if wanted.due:
        yield row.due_at > lights.now
        yield row.due_at <= (lights.today_until if wanted.due == "today" else lights.soon_until)
    if wanted.element:
        waiting = select(func.substr(Task.instance_id, len("complaint:") + 1))
        yield row.id.in_(waiting.where(Task.status == "open", Task.element_id == wanted.element))
    if wanted.stalled:
        yield stalled(lights)
    if wanted.blocked:
        yield row.blocked.is_(True)


def _row(
    lights: Lights, complaint: Complaint, respondent: str, region: str, verifying: str | None,
    standing: CasePosition | None, waits_unit: str | None,
) -> LedgerRow:  # fmt: skip
    light = lights.of(standing.due_at, standing.start_at) if standing else NONE
    days_left = lights.left(standing.due) if standing else None
    return LedgerRow(complaint, respondent, region, verifying, light, days_left, standing, waits_unit)
