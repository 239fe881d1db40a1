"""Opening the identity vault for a person: only for who handles the case, with a reason, each time logged."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from cases import audit
from cases.access import Actor
from cases.errors import Forbidden, Invalid, NotFound
from cases.relations import Part, opened, relations_of
from cases.tables.complaints import Complaint, Party
from cases.vault import Identity, Vault

READ = "read_identity"


async def read_identity(
    session: AsyncSession, vault: Vault, actor: Actor, complaint: Complaint, reason: str, now: datetime
) -> Identity:
    """Refusals are logged too, so the caller commits in either case. Raises Forbidden, Invalid, NotFound."""
    if not reason.strip():
        raise Invalid({"reason": "请写明查阅投诉人身份信息的事由，查阅将记入日志。"})
    allowed = Part.IDENTITY in opened(relations_of(actor, complaint))
    await audit.append(
        session, at=now, recorded_at=now, actor=f"account:{actor.account_id}",
        act=READ if allowed else f"{READ}_refused",
        complaint_id=complaint.id, facts={"reason_length": len(reason)},
    )  # fmt: skip
    if not allowed:
        raise Forbidden("投诉人身份信息仅限本案受理、转交、核实部门的承办人员查阅，此次请求已记入日志。")
    party = await session.get(Party, complaint.id)
    if party is None:
        raise NotFound("本案没有登记投诉人身份信息。")
    return vault.open(complaint.id, party.sealed)


async def masked(session: AsyncSession, vault: Vault, complaint: Complaint, text: str) -> str:
    """The text with the complainant's name and numbers replaced by the alias, for who may not know them."""
    party = await session.get(Party, complaint.id)
    if party is None:
        return text
    identity = vault.open(complaint.id, party.sealed)
    if identity.consent:
        return text
    bare = identity.name.replace("（虚构）", "").replace("(虚构)", "")
    for secret in (identity.name, bare, identity.uscc, identity.contact_phone, identity.contact_email):
        if len(secret) >= 4:
            text = text.replace(secret, complaint.complainant_alias)
    return text
