"""Who may see and do what: region tree × unit × role × relation to the case, in one place.

``visible`` yields the query of the cases an actor may see; every list and every single case goes through it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, or_, select, union
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from cases.directory import lineage
from cases.tables.complaints import Complaint
from cases.tables.organisations import Account, Membership, Organisation, Region
from cases.tables.positions import ActPosition, CasePosition, TaskPosition
from cases.tables.records import CreditRecord
from cases.tables.searching import CaseText

COMPLAINANT = "complainant"

# Roles that see every case of their region and below, by their duty.
REGIONAL_ROLES = frozenset({"supervisor", "credit_lead_dept", "region_drc", "auditor", "reviewer"})

IMPOSING = "imposing_dept"

# The posts of a handling unit that a confidential case is entrusted to.
ENTRUSTED = frozenset({"supervisor", "accepting_dept", "head"})

# A respondent learns of a case when the verifying department turns to it, not while the lead is on its way.
BEFORE_RESPONDENT = ("received", "screening", "referral")


# Whoever watches more regions than these watches so many cases that the newest of all are mostly theirs.
FEW_REGIONS = 16


@dataclass(frozen=True)
class Duty:
    """One role for one unit, with the regions that the unit's own region covers.

    ``behalf``: the account whose duty it is when somebody stands in for that person, by ``delegation``; then ``grave``
    says whether grave acts were entrusted too.
    """

    role: str
    uscc: str
    region_code: str
    behalf: int | None = None
    behalf_name: str = ""
    delegation: str | None = None
    grave: bool = True

    @property
    def groups(self) -> list[str]:
        return [f"{self.role}@{self.uscc}", f"{self.role}@*"]


@dataclass(frozen=True)
class Actor:
    """A signed-in person, or a complainant who showed case number and access code.

    ``entrusted``: duties of colleagues for whom this person stands in today (cases.people.entrusting).
    """

    login: str
    account_id: int | None = None
    duties: tuple[Duty, ...] = ()
    entrusted: tuple[Duty, ...] = ()
    complaint_id: str | None = None
    regions: frozenset[str] = field(default_factory=frozenset)
    measure_regions: frozenset[str] = field(default_factory=frozenset)

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(duty.role for duty in self.duties) | ({COMPLAINANT} if self.complaint_id else frozenset())

    @property
    def groups(self) -> list[str]:
        """``role@unit`` for each duty, and ``role@*`` for candidates that leave the unit open."""
        own = [f"{duty.role}@{duty.uscc}" for duty in self.duties]
        open_ = [f"{duty.role}@*" for duty in self.duties]
        mine = [f"{COMPLAINANT}@{self.complaint_id}"] if self.complaint_id else []
        return [*own, *dict.fromkeys(open_), *mine]


async def actor_of(session: AsyncSession, account: Account) -> Actor:
    rows = (
        await session.execute(
            select(Membership.role, Organisation.uscc, Organisation.region_code)
            .join(Organisation, Organisation.uscc == Membership.uscc)
            .where(Membership.account_id == account.id)
            .order_by(Membership.id)
        )
    ).all()
    duties = tuple(Duty(role, uscc, region) for role, uscc, region in rows)
    watched = await covered(session, {d.region_code for d in duties if d.role in REGIONAL_ROLES})
    imposing = await covered(session, {d.region_code for d in duties if d.role == IMPOSING})
    return Actor(
        account.login, account.id, duties, regions=frozenset(watched), measure_regions=frozenset(imposing)
    )  # fmt: skip


async def covered(session: AsyncSession, codes: Iterable[str]) -> list[str]:
    """The regions and everything below them."""
    wanted = sorted(set(codes))
    if not wanted:
        return []
    tree = select(Region.code).where(Region.code.in_(wanted)).cte(recursive=True)
    child = aliased(Region)
    tree = tree.union(select(child.code).where(child.parent_code == tree.c.code))
    return list((await session.scalars(select(tree.c.code))).all())


Row: TypeAlias = type[Complaint] | type[CasePosition]
Deciding: TypeAlias = Row | type[TaskPosition] | type[ActPosition]
"""What a query is about: every complaint, the narrow rows of the open ones, of open tasks or of counted acts. All
carry what decides.
"""


def visible(actor: Actor) -> Select[Complaint]:
    """The cases that this actor may see. Nothing else in the code base decides this."""
    return select(Complaint).where(sees(actor, Complaint))


def visible_positions(actor: Actor) -> Select[CasePosition]:
    """Where the open ones of them stand."""
    return select(CasePosition).where(sees(actor, CasePosition))


def regions(actor: Actor, row: Row | type[CaseText]) -> list[ColumnElement[bool]]:
    """The part of ``parts`` that the regions make."""
    codes = sorted(actor.regions)
    if actor.complaint_id is not None or not codes:
        return []
    return [row.region_code.in_(codes)] if len(codes) > FEW_REGIONS else [row.region_code == code for code in codes]


def places(actor: Actor, row: Row) -> list[ColumnElement[bool]]:
    """The rest of ``parts``: the case itself, units, and last what a case's own columns do not tell."""
    if actor.complaint_id is not None:
        return [row.id == actor.complaint_id]
    handlers = (row.accepting_uscc, row.referring_uscc, row.verifying_uscc)
    units = sorted({duty.uscc for duty in actor.duties})
    handles = [column == unit for column in handlers for unit in units]
    answers = [and_(row.respondent_uscc == unit, row.stage.not_in(BEFORE_RESPONDENT)) for unit in units]
    return [*handles, *answers, row.id.in_(_elsewhere(actor, units))]


def parts(actor: Actor, row: Row) -> list[ColumnElement[bool]]:
    """``visible`` in parts, each a condition that an index answers in the order of receipt: the newest cases of all are
    among the newest of each part.
    """
    found = (*regions(actor, row), *places(actor, row))
    return list(found) if actor.complaint_id is not None else [and_(part, _open_to(actor, row)) for part in found]


def sees(actor: Actor, row: Deciding) -> ColumnElement[bool]:
    """The condition of ``visible``."""
    if actor.complaint_id is not None:
        return row.id == actor.complaint_id
    units = sorted({duty.uscc for duty in actor.duties})
    handles = (column.in_(units) for column in (row.accepting_uscc, row.referring_uscc, row.verifying_uscc))
    answers = and_(row.respondent_uscc.in_(units), row.stage.not_in(BEFORE_RESPONDENT))
    # The region first, which settles most rows of whoever watches one. The last is looked up by its hash.
    watches = [row.region_code.in_(sorted(actor.regions))] if actor.regions else []
    elsewhere = row.id.in_(_elsewhere(actor, units))
    return and_(or_(*watches, *handles, answers, elsewhere), _open_to(actor, row))


def _open_to(actor: Actor, row: Deciding) -> ColumnElement[bool]:
    return or_(row.confidential_of.is_(None), _entrusted(actor, row))


def _entrusted(actor: Actor, row: Deciding) -> ColumnElement[bool]:
    """A confidential case: only for the posts of the unit that handles it, and for nobody of a barred unit."""
    posts = sorted({duty.uscc for duty in actor.duties if duty.role in ENTRUSTED})
    barred: ColumnElement[bool] = row.barred.overlap(sorted({duty.uscc for duty in actor.duties}))
    return and_(row.accepting_uscc.in_(posts), ~barred)


def _elsewhere(actor: Actor, units: list[str]) -> CompoundSelect[str]:
    """Cases in which this actor has a part that the case's own columns do not tell."""
    return union(*_recorded(actor, units), _candidate(actor))


def _recorded(actor: Actor, units: list[str]) -> Iterator[Select[str]]:
    """A recorded unit sees the case of its record; imposing departments see the records of their region (S2§8)."""
    yield select(CreditRecord.complaint_id).where(CreditRecord.unit_uscc.in_(units))
    if actor.measure_regions:
        yield (
            select(CreditRecord.complaint_id)
            .join(Complaint, Complaint.id == CreditRecord.complaint_id)
            .where(Complaint.region_code.in_(sorted(actor.measure_regions)))
        )


def _candidate(actor: Actor) -> Select[str]:
    """Someone with an open task of a case sees the case (imposing departments, reviewers of letters)."""
    groups = [f"{duty.role}@{duty.uscc}" for duty in (*actor.duties, *actor.entrusted)]
    return select(TaskPosition.id).where(
        TaskPosition.instance_id.startswith("complaint:"), TaskPosition.candidates.overlap(groups)
    )


async def matching(session: AsyncSession, actor: Actor, candidates: list[str], region_code: str) -> list[Duty]:
    """The duties by which the actor is among these candidates, own ones first.

    An open unit (``supervisor@*``) means: of this case's region or of one above it. Whether the person may take the
    task is more than that: ``cases.people.entitlement``.
    """
    if actor.complaint_id is not None:
        wanted = f"{COMPLAINANT}@{actor.complaint_id}"
        return [Duty(COMPLAINANT, actor.complaint_id, region_code)] if wanted in candidates else []
    above: list[str] | None = None
    found = []
    for duty in (*actor.duties, *actor.entrusted):
        if f"{duty.role}@{duty.uscc}" in candidates:
            found.append(duty)
        elif f"{duty.role}@*" in candidates:
            above = above if above is not None else await lineage(session, region_code)
            if duty.region_code in above:
                found.append(duty)
    return found
