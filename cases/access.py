"""Who may see and do what: region tree × unit × role × relation to the case, in one place.

``visible`` yields the query of the cases an actor may see; every list and every single case goes through it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from sqlalchemy import ColumnElement, Select, Text, and_, any_, func, or_, select, union
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from cases.directory import lineage
from cases.tables.complaints import Complaint
from cases.tables.organisations import Account, Membership, Organisation, Region
from cases.tables.positions import CasePosition
from cases.tables.records import CreditRecord
from cases.tables.worklist import Task

COMPLAINANT = "complainant"

# Roles that see every case of their region and below, by their duty.
REGIONAL_ROLES = frozenset({"supervisor", "credit_lead_dept", "region_drc", "auditor", "reviewer"})

IMPOSING = "imposing_dept"

# The posts of a handling unit that a confidential case is entrusted to.
ENTRUSTED = frozenset({"supervisor", "accepting_dept", "head"})

# A respondent learns of a case when the verifying department turns to it, not while the lead is on its way.
BEFORE_RESPONDENT = ("received", "screening", "referral")


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
"""What a query is about: every complaint, or the narrow rows of the open ones. Both carry what decides."""


def visible(actor: Actor) -> Select[Complaint]:
    """The cases that this actor may see. Nothing else in the code base decides this."""
    return select(Complaint).where(_sees(actor, Complaint))


def visible_positions(actor: Actor) -> Select[CasePosition]:
    """Where the open ones of them stand."""
    return select(CasePosition).where(_sees(actor, CasePosition))


def _sees(actor: Actor, row: Row) -> ColumnElement[bool]:
    if actor.complaint_id is not None:
        return row.id == actor.complaint_id
    units = sorted({duty.uscc for duty in actor.duties})
    handles = (column.in_(units) for column in (row.accepting_uscc, row.referring_uscc, row.verifying_uscc))
    answers = and_(row.respondent_uscc.in_(units), row.stage.not_in(BEFORE_RESPONDENT))
    watches = [row.region_code.in_(sorted(actor.regions))] if actor.regions else []
    # The region first, which settles most rows of whoever watches one. The last as an array, computed once: a
    # subquery there would keep PostgreSQL from combining the columns' indexes.
    plain = or_(*watches, *handles, answers, row.id == any_(_elsewhere(actor, units)))
    return and_(plain, or_(row.confidential_of.is_(None), _entrusted(actor, row)))


def _entrusted(actor: Actor, row: Row) -> ColumnElement[bool]:
    """A confidential case: only for the posts of the unit that handles it, and for nobody of a barred unit."""
    posts = sorted({duty.uscc for duty in actor.duties if duty.role in ENTRUSTED})
    barred: ColumnElement[bool] = row.barred.overlap(sorted({duty.uscc for duty in actor.duties}))
    return and_(row.accepting_uscc.in_(posts), ~barred)


def _elsewhere(actor: Actor, units: list[str]) -> ColumnElement[list[str]]:
    """Cases in which this actor has a part that the case's own columns do not tell: an array of their ids."""
    ids = union(*_recorded(actor, units), _candidate(actor)).scalar_subquery()
    return func.array(ids, type_=ARRAY(Text))


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
    return select(func.substr(Task.instance_id, len("complaint:") + 1)).where(
        Task.instance_id.startswith("complaint:"), Task.status == "open", Task.candidates.overlap(groups)
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
