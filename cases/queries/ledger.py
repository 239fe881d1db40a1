"""台账 and search: the cases that an actor may see, newest first, filtered, paged by key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from cases import access
from cases.access import Actor
from cases.deadlines.zone import SHANGHAI, end_of
from cases.positions import OPEN, held_by
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
    conditions = await _conditions(session, vault, actor, wanted)
    query = (
        access.visible(actor)
        .select_from(Complaint)
        .join(Organisation, Organisation.uscc == Complaint.respondent_uscc)
        .join(Region, Region.code == Complaint.region_code)
        .outerjoin(verifying, verifying.c.uscc == Complaint.verifying_uscc)
        .outerjoin(CasePosition, CasePosition.id == Complaint.id)
        .outerjoin(waited_for, waited_for.c.uscc == CasePosition.waits_unit)
        .where(*conditions)
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
    order = (Complaint.received_at, Complaint.id)
    if wanted.after:
        query = query.where(tuple_(*order) < tuple_(*values_of(wanted.after, 2)))
    query = query.order_by(Complaint.received_at.desc(), Complaint.id.desc()).limit(wanted.size + 1)
    found = (await session.execute(query)).all()
    rows = [_row(lights, *row) for row in found[: wanted.size]]
    last = rows[-1].complaint if len(found) > wanted.size else None
    return Page(rows, cursor(last.received_at, last.id) if last else None)


async def _conditions(
    session: AsyncSession, vault: Vault, actor: Actor, wanted: LedgerFilter
) -> list[ColumnElement[bool]]:
    exact = {
        Complaint.stage: wanted.stage, Complaint.channel: wanted.channel,
        Complaint.domain: wanted.domain, Complaint.region_code: wanted.region,
        Complaint.contract_no: wanted.contract and wanted.contract.strip(),
    }  # fmt: skip
    found: list[ColumnElement[bool]] = [column == value for column, value in exact.items() if value]
    if wanted.status == "all_open":
        found.append(Complaint.status.in_(OPEN))
    elif wanted.status:
        found.append(Complaint.status == wanted.status)
    if wanted.ids:
        found.append(Complaint.id.in_(wanted.ids))
    if wanted.since:
        found.append(Complaint.received_at >= datetime.combine(wanted.since, datetime.min.time(), SHANGHAI))
    if wanted.until:
        found.append(Complaint.received_at < end_of(wanted.until))
    if wanted.holder:
        found.append(held_by == wanted.holder)
    if wanted.unit:
        found.append(_unit(wanted.unit.strip()))
    if wanted.letter:
        numbered = select(Letter.complaint_id).where(Letter.number == wanted.letter.strip())
        found.append(Complaint.id.in_(numbered))
    if wanted.text:
        like = f"%{_escaped(wanted.text.strip())}%"
        found.append(
            or_(Complaint.case_no.ilike(like), Complaint.title.ilike(like), Complaint.project_name.ilike(like))
        )
    if wanted.firm:
        found.append(await _firm(session, vault, actor, wanted.firm.strip()))
    return found


def _unit(text: str) -> ColumnElement[bool]:
    units = select(Organisation.uscc).where(
        or_(Organisation.uscc == text.upper(), Organisation.name.ilike(f"%{_escaped(text)}%"))
    )
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
        # Named, so that PostgreSQL starts from the open cases.
        yield row.id.is_not(None)
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
