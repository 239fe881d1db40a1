"""Opening the identity vault for a person: only for who handles the case, with a reason, each time logged."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from cases import audit
from cases.access import Actor
from cases.errors import Forbidden, Invalid, NotFound
from cases.people import recusal
from cases.relations import Part, opened, relations_of
from cases.tables.complaints import Complaint, Party
from cases.vault import Identity, Vault

READ = "read_identity"
NOT_HANDLING = "投诉人身份信息仅限本案受理、转交、核实部门的承办人员查阅，此次请求已记入日志。"
RECUSED = "依照回避规定，已回避本案的人员不得查阅投诉人身份信息，此次请求已记入日志。"


async def read_identity(
    session: AsyncSession, vault: Vault, actor: Actor, complaint: Complaint, reason: str, now: datetime
) -> Identity:
    """Refusals are logged too, so the caller commits in either case. Raises Forbidden, Invalid, NotFound."""
    if not reason.strip():
        raise Invalid({"reason": "请写明查阅投诉人身份信息的事由，查阅将记入日志。"})
    refusal = await refused(session, actor, complaint)
    await audit.append(
        session, at=now, recorded_at=now, actor=f"account:{actor.account_id}",
        act=f"{READ}_refused" if refusal else READ,
        complaint_id=complaint.id, facts={"reason_length": len(reason)},
    )  # fmt: skip
    if refusal:
        raise Forbidden(refusal)
    party = await session.get(Party, complaint.id)
    if party is None:
        raise NotFound("本案没有登记投诉人身份信息。")
    return vault.open(complaint.id, party.sealed)


async def refused(session: AsyncSession, actor: Actor, complaint: Complaint) -> str | None:
    """Why this person may not open the vault, or None. Who has left the case (回避) has no need of a name any more."""
    if Part.IDENTITY not in opened(relations_of(actor, complaint)):
        return NOT_HANDLING
    barred = await recusal.bars_for(session, actor, complaint)
    if actor.account_id in barred:
        return RECUSED
    # A stand-in reads as the one stood in for: what that person may not know, the stand-in may not ask in its name.
    own = replace(actor, entrusted=tuple(duty for duty in actor.entrusted if duty.behalf not in barred))
    return None if Part.IDENTITY in opened(relations_of(own, complaint)) else RECUSED


async def masked(session: AsyncSession, vault: Vault, complaint: Complaint, text: str) -> str:
    """The text with the complainant's name and numbers replaced by the alias, for who may not know them."""
    party = await session.get(Party, complaint.id)
    if party is None:
        return text
    return vault.open(complaint.id, party.sealed).hidden_in(text, complaint.complainant_alias)
