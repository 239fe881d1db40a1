"""Opening a supervision order: the row, its cases and the start of its process in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bpmn import codec
from bpmn.values import Json
from cases import audit
from cases.definitions import latest
from cases.errors import NotFound
from cases.numbering import next_order_no
from cases.orders.states import ANSWERING, DRAFTING, LETTERS, PROCESS, instance_of
from cases.tables.complaints import Complaint
from cases.tables.engine import Instance
from cases.tables.ledger import Outbox
from cases.tables.orders import OrderCase, SupervisionOrder
from cases.tables.organisations import Organisation

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Issuer:
    """The person who decides, the unit that speaks, and the role in which the person speaks for it."""

    uscc: str
    role: str
    account_id: int | None


@dataclass(frozen=True)
class NewOrder:
    """``key`` makes the same wish the same order. ``cases``: the first is the lead case.

    ``letter_id`` and ``served_at`` when a letter that was issued in the case carries the order already.
    """

    key: str
    kind: str
    cases: Sequence[Complaint]
    issuer: Issuer
    addressee_uscc: str
    reason: str
    demand: str
    reply_limit: str | None = None
    letter_id: str | None = None
    served_at: datetime | None = None
    clock_offset_s: float = 0.0


def id_of(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:20]


async def open_order(session: AsyncSession, wanted: NewOrder, now: datetime) -> SupervisionOrder:
    """The same key again is the same order. Raises NotFound when the pack's model is not deployed."""
    known = await session.get(SupervisionOrder, id_of(wanted.key))
    if known is not None:
        return known
    lead = wanted.cases[0]
    definition = await latest(session, lead.pack, "bpmn", PROCESS)
    if definition is None:
        raise NotFound(f"政策 {lead.pack} 尚未部署督办件流程，请管理员运行 jiannuo deploy。")
    addressee = await session.get(Organisation, wanted.addressee_uscc)
    if addressee is None:
        raise NotFound(f"组织目录中没有代码为{wanted.addressee_uscc}的单位，请核对或先登记。")
    order_id = id_of(wanted.key)
    instance = Instance(
        id=instance_of(order_id), process_id=PROCESS, graph_hash=definition.hash, pack=lead.pack,
        business_key=lead.id, channel=lead.channel, clock_offset_s=wanted.clock_offset_s, created_at=now,
        variables=codec.dump_variables(_variables(order_id, wanted, addressee)),
    )  # fmt: skip
    session.add(instance)
    await session.flush()
    order = SupervisionOrder(
        id=order_id, number=await next_order_no(session, now.astimezone(SHANGHAI).year), kind=wanted.kind,
        instance_id=instance.id, complaint_id=lead.id, issuer_uscc=wanted.issuer.uscc, issuer_role=wanted.issuer.role,
        issuer_account_id=wanted.issuer.account_id, addressee_uscc=addressee.uscc, reason=wanted.reason,
        demand=wanted.demand, reply_limit=wanted.reply_limit, letter_id=wanted.letter_id, opened_at=now,
        state=DRAFTING, state_at=now,
    )  # fmt: skip
    session.add(order)
    await session.flush()
    for position, case in enumerate(wanted.cases):
        session.add(OrderCase(order_id=order_id, complaint_id=case.id, position=position))
        await audit.append(
            session, at=now, recorded_at=now, actor=_actor(wanted.issuer), act="open_order", complaint_id=case.id,
            facts={"order": order.number, "addressee": addressee.uscc, "unit": wanted.issuer.uscc},
        )  # fmt: skip
    session.add(Outbox(kind="start", ref=instance.id, payload={}, created_at=now))
    await session.flush()
    return order


def _variables(order_id: str, wanted: NewOrder, addressee: Organisation) -> dict[str, Json]:
    """Routing facts only; what is demanded stands in the row."""
    issuer = wanted.issuer
    return {
        "order_id": order_id,
        "case_id": wanted.cases[0].id,
        "issuer_unit": issuer.uscc,
        "issuer_role": issuer.role,
        "issuer_groups": [f"{issuer.role}@{issuer.uscc}"],
        "addressee_unit": addressee.uscc,
        "addressee_groups": [f"{role}@{addressee.uscc}" for role in ANSWERING],
        "superior_unit": addressee.superior_uscc,
        "order_letter": LETTERS[wanted.kind],
        "reply_limit": wanted.reply_limit,
        "served_at": wanted.served_at.isoformat() if wanted.served_at else None,
    }


def _actor(issuer: Issuer) -> str:
    return f"account:{issuer.account_id}" if issuer.account_id else issuer.role
