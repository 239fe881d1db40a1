"""台账 and search: the cases that an actor may see, newest first, filtered, paged by key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from cases import access
from cases.access import Actor
from cases.deadlines.zone import SHANGHAI, end_of
from cases.queries.light import Lights
from cases.queries.pages import SIZE, Page, cursor, values_of
from cases.relations import Part, opened, relations_of
from cases.tables.clocks import Deadline
from cases.tables.complaints import Complaint, Party
from cases.tables.engine import LoggedStep
from cases.tables.letters import Letter
from cases.tables.organisations import Organisation, Region
from cases.uscc import problem as uscc_problem
from cases.vault import Vault

EXPORT = 5_000
NAME_SCAN = 2_000


@dataclass(frozen=True)
class LedgerFilter:
    """``firm`` is a USCC (found by its digest) or a name, which only those see who may read the identity."""

    text: str | None = None
    unit: str | None = None
    holder: str | None = None
    firm: str | None = None
    contract: str | None = None
    letter: str | None = None
    stage: str | None = None
    status: str | None = None
    channel: str | None = None
    domain: str | None = None
    light: str | None = None
    stalled: bool = False
    since: date | None = None
    until: date | None = None
    after: str | None = None
    size: int = SIZE
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class LedgerRow:
    complaint: Complaint
    respondent: str
    region: str
    verifying: str | None
    due: date | None
    light: str
    days_left: int | None
    provisional: bool


def next_due() -> Select[str, datetime | None, datetime | None, date | None, bool]:
    """The running deadline that ends first, one a case."""
    return (
        select(Deadline.instance_id, Deadline.due_at, Deadline.start_at, Deadline.due, Deadline.provisional)
        .where(Deadline.status == "running", Deadline.due_at.is_not(None))
        .ext(distinct_on(Deadline.instance_id))
        .order_by(Deadline.instance_id, Deadline.due_at)
    )


async def ledger(
    session: AsyncSession, vault: Vault, actor: Actor, lights: Lights, wanted: LedgerFilter
) -> Page[LedgerRow]:
    due = next_due().subquery("next_due")
    verifying = Organisation.__table__.alias("verifying")
    conditions = await _conditions(session, vault, actor, wanted)
    query = (
        access.visible(actor)
        .select_from(Complaint)
        .join(Organisation, Organisation.uscc == Complaint.respondent_uscc)
        .join(Region, Region.code == Complaint.region_code)
        .outerjoin(verifying, verifying.c.uscc == Complaint.verifying_uscc)
        .outerjoin(due, due.c.instance_id == func.concat("complaint:", Complaint.id))
        .where(*conditions)
        .with_only_columns(
            Complaint,
            Organisation.name,
            Region.name,
            verifying.c.name,
            due.c.due_at,
            due.c.start_at,
            due.c.due,
            due.c.provisional,
        )
    )
    if wanted.light:
        query = query.where(lights.column(due.c.due_at, due.c.start_at) == wanted.light, Complaint.status.in_(OPEN))
    if wanted.stalled:
        query = query.where(stalled(lights))
    order = (Complaint.received_at, Complaint.id)
    if wanted.after:
        query = query.where(tuple_(*order) < tuple_(*values_of(wanted.after, 2)))
    query = query.order_by(Complaint.received_at.desc(), Complaint.id.desc()).limit(wanted.size + 1)
    found = (await session.execute(query)).all()
    rows = [_row(lights, *row) for row in found[: wanted.size]]
    last = rows[-1].complaint if len(found) > wanted.size else None
    return Page(rows, cursor(last.received_at, last.id) if last else None)


# A determined case goes on until it is repaired.
OPEN = ("open", "determined")
# Who holds a case now: the verifying unit once there is one, else who refers, else who accepts.
held_by = func.coalesce(Complaint.verifying_uscc, Complaint.referring_uscc, Complaint.accepting_uscc)


def stalled(lights: Lights) -> ColumnElement[bool]:
    """Nobody has acted for the policy's number of working days, although the case is open."""
    acted = (
        select(LoggedStep.number)
        .where(
            LoggedStep.instance_id == func.concat("complaint:", Complaint.id),
            LoggedStep.submission_id.is_not(None),
            LoggedStep.at > lights.stalled_since,
        )
        .exists()
    )
    return and_(Complaint.status.in_(OPEN), Complaint.received_at <= lights.stalled_since, ~acted)


async def _conditions(
    session: AsyncSession, vault: Vault, actor: Actor, wanted: LedgerFilter
) -> list[ColumnElement[bool]]:
    exact = {
        Complaint.stage: wanted.stage, Complaint.channel: wanted.channel,
        Complaint.domain: wanted.domain, Complaint.contract_no: wanted.contract and wanted.contract.strip(),
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


def _row(
    lights: Lights, complaint: Complaint, respondent: str, region: str, verifying: str | None,
    due_at: datetime | None, start_at: datetime | None, due: date | None, provisional: bool | None,
) -> LedgerRow:  # fmt: skip
    light = lights.of(due_at, start_at) if complaint.status in OPEN else "none"
    return LedgerRow(complaint, respondent, region, verifying, due, light, lights.left(due), bool(provisional))
