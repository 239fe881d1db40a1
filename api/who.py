"""Who asks: a signed-in person, a complainant following a case, or nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.ext.asyncio import AsyncSession

from api.services import Services, Wired
from cases import access, accounts, visits
from cases.access import Actor
from cases.errors import Forbidden
from cases.people.authority import administers, headed
from cases.people.entrusting import with_entrusted
from cases.queries import inbox
from cases.tables.organisations import Account
from cases.unit_contacts import editable

STAFF_COOKIE = "jn_session"
VISIT_COOKIE = "jn_visit"
SUPERVISING = frozenset({"supervisor", "credit_lead_dept", "region_drc", "auditor", "reviewer", "head"})
OPERATING = "administrator"
REGISTERING = frozenset({"accepting_dept", "region_drc"})


class SignInNeeded(Exception):
    """``to``: where a browser is sent."""

    def __init__(self, to: str = "/login") -> None:
        self.to = to


@dataclass(frozen=True)
class Staff:
    account: Account
    actor: Actor
    csrf: str
    unread: int = 0

    @property
    def supervises(self) -> bool:
        return bool(self.actor.roles & SUPERVISING)

    @property
    def keeps_contacts(self) -> bool:
        return editable(self.actor)

    @property
    def operates(self) -> bool:
        return OPERATING in self.actor.roles

    @property
    def oversees_tasks(self) -> bool:
        """An administrator alone sees how much lies with whom, not which cases."""
        return self.supervises or bool(headed(self.actor))

    @property
    def oversees_people(self) -> bool:
        return self.oversees_tasks or administers(self.actor)

    @property
    def registers(self) -> bool:
        return bool(self.actor.roles & REGISTERING)


@dataclass(frozen=True)
class Visitor:
    actor: Actor
    csrf: str


async def staff_of(session: AsyncSession, services: Services, token: str) -> Staff | None:
    found = await accounts.signed_in(session, token, services.clock())
    if found is None:
        return None
    actor = await with_entrusted(session, await access.actor_of(session, found.account), services.clock())
    return Staff(found.account, actor, found.csrf, await inbox.unread(session, found.account.id))


async def visitor_of(session: AsyncSession, services: Services, token: str) -> Visitor | None:
    found = await visits.visiting(session, token, services.clock())
    return Visitor(found.actor, found.csrf) if found else None


async def maybe_staff(request: Request, services: Wired) -> Staff | None:
    token = request.cookies.get(STAFF_COOKIE)
    if not token:
        return None
    async with services.transaction() as session:
        return await staff_of(session, services, token)


async def signed_in(request: Request, found: Annotated[Staff | None, Depends(maybe_staff)]) -> Staff:
    if found is None:
        raise SignInNeeded("/login")
    request.state.who = found
    return found


async def following(request: Request, services: Wired) -> Visitor:
    token = request.cookies.get(VISIT_COOKIE)
    if not token:
        raise SignInNeeded("/follow")
    async with services.transaction() as session:
        found = await visitor_of(session, services, token)
    if found is None:
        raise SignInNeeded("/follow")
    request.state.who = found
    return found


_bearer = HTTPBearer(auto_error=False, description="POST /api/v1/session 或 /api/v1/visit 取得的令牌")


class Unauthenticated(Exception):
    """The JSON API was asked without a token that holds."""


async def api_staff(services: Wired, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Staff:
    """Tokens only, never the pages' cookies: so no page of another site can call the API in a person's name."""
    if given is None:
        raise Unauthenticated
    async with services.transaction() as session:
        found = await staff_of(session, services, given.credentials)
    if found is None:
        raise Unauthenticated
    return found


async def api_actor(services: Wired, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Actor:
    """A person or a complainant."""
    if given is None:
        raise Unauthenticated
    async with services.transaction() as session:
        staff = await staff_of(session, services, given.credentials)
        visitor = None if staff else await visitor_of(session, services, given.credentials)
    if staff is None and visitor is None:
        raise Unauthenticated
    return staff.actor if staff else visitor.actor  # type: ignore[union-attr]


SignedIn = Annotated[Staff, Depends(signed_in)]
MaybeStaff = Annotated[Staff | None, Depends(maybe_staff)]
Following = Annotated[Visitor, Depends(following)]
ApiStaff = Annotated[Staff, Depends(api_staff)]
ApiActor = Annotated[Actor, Depends(api_actor)]


def require(allowed: bool, sentence: str) -> None:
    if not allowed:
        raise Forbidden(sentence)
